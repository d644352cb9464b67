//! Dates, moments and what is reckoned with them (SEMANTICS 9, 39).

use serde_json::json;

use super::{compiled, fails, gives, holds, refused};
use crate::expression::Type;

#[test]
fn rule_9_a_date_and_a_moment_compare_by_local_midnight() {
    // It is 22 November 09:30 in Shanghai.
    holds(&[
        "now > today",
        "now < add(today, '1 day')",
        "today == '2026-11-22'",
        "now == timestamp('2026-11-22T09:30:00+08:00')",
        "today < deal.close_date",
        "deal.close_date == '2026-12-20'",
        "deal.close_date > now",
        "deal.close_date in ['2026-12-20', '2026-12-21']",
        "now >= '2026-11-22'",
        "payment.quarter.ends < today && today <= payment.quarter.claim_until",
        "date(now) == today",
        "date('2026-12-20') == deal.close_date",
    ]);
}

#[test]
fn adding_keeps_the_kind() {
    gives(&[
        ("add(deal.close_date, '-60 days')", json!("2026-10-21")),
        ("add(deal.close_date, '12 months')", json!("2027-12-20")),
        (
            "add(deal.close_date, '2 business days')",
            json!("2026-12-23"),
        ),
        (
            "add(now, '2 business days')",
            json!("2026-11-25T01:00:00.000Z"),
        ),
        (
            "add(now, '8 business hours')",
            json!("2026-11-23T09:00:00.000Z"),
        ),
        ("add(now, '1 second')", json!("2026-11-22T01:30:01.000Z")),
        (
            "add(now, string(deal.seats) + ' hours')",
            json!("2026-11-22T13:30:00.000Z"),
        ),
        ("add('2028-02-29', '12 months')", json!("2029-02-28")),
    ]);
    assert_eq!(compiled("add(deal.close_date, '1 day')").ty(), &Type::Date);
    assert_eq!(compiled("add(now, '1 day')").ty(), &Type::Time);
    refused(&[
        ("add(deal.close_date, '3 hours')", "E307", "'3 hours'"),
        ("add(now, '3 dogs')", "E205", "'3 dogs'"),
        ("add(deal.seats, '1 day')", "E308", "deal.seats"),
        ("deal.close_date + 1", "E307", "+"),
        ("now - today", "E307", "-"),
    ]);
    fails(&[("add(now, deal.customer)", "a text is not a length of time")]);
    let eight_times = (0..8).fold("now".to_owned(), |t, _| format!("add({t}, '1000 years')"));
    fails(&[(&eight_times, "a date lies too far away")]);
}

#[test]
fn the_earliest_and_the_latest_are_found() {
    gives(&[
        ("earliest(milestones.dates)", json!("2026-11-01")),
        ("latest(milestones.dates)", json!("2026-12-20")),
        ("milestones.dates.latest()", json!("2026-12-20")),
        (
            "latest([now, add(now, '1 hour')])",
            json!("2026-11-22T02:30:00.000Z"),
        ),
    ]);
    fails(&[(
        "earliest(milestones.dates.filter(d, d > now && d < today))",
        "a list without entries has neither an earliest nor a latest",
    )]);
    refused(&[("earliest(deal.tags)", "E308", "deal.tags")]);
}

#[test]
fn periods_have_a_name_and_days() {
    gives(&[
        ("period('quarter', deal.close_date).id", json!("2026-Q4")),
        ("period('month', now).starts", json!("2026-11-01")),
        ("period('month', now).ends", json!("2026-11-30")),
        ("period('week', today).id", json!("2026-W47")),
    ]);
    holds(&[
        "period('month', today) == period('month', now)",
        "period('year', now).ends >= today",
    ]);
    refused(&[
        ("period('decade', now)", "E300", "'decade'"),
        ("period(deal.customer, now)", "E300", "deal.customer"),
    ]);
}

#[test]
fn the_next_time_is_strictly_after() {
    gives(&[
        (
            "next('0 0 10 * * TUE', now)",
            json!("2026-11-24T02:00:00.000Z"),
        ),
        (
            "next('0 30 9 * * *', now)",
            json!("2026-11-23T01:30:00.000Z"),
        ),
        (
            "next('0 0 0 * * *', today)",
            json!("2026-11-22T16:00:00.000Z"),
        ),
    ]);
    refused(&[
        ("next('0 0 10 * * 2', now)", "E300", "'0 0 10 * * 2'"),
        ("next(deal.customer, now)", "E308", "deal.customer"),
    ]);
    fails(&[(
        "next('0 0 9 1 1 * 2020', now)",
        "a recurring time does not come again",
    )]);
}

#[test]
fn business_days_between_two_days_are_counted() {
    gives(&[
        ("business_days_between(today, '2026-11-26')", json!(3)),
        (
            "business_days_between('2026-11-23', '2026-11-26')",
            json!(3),
        ),
        ("business_days_between(now, today)", json!(0)),
        (
            "business_days_between('2026-12-31', '2027-01-04')",
            json!(1),
        ),
    ]);
}

#[test]
fn parts_of_a_moment_are_local() {
    gives(&[
        ("now.getHours()", json!(9)),
        ("now.getFullYear()", json!(2026)),
        ("today.getMonth()", json!(10)),
        ("today.getDate()", json!(22)),
        ("today.getDayOfWeek()", json!(0)),
    ]);
}
