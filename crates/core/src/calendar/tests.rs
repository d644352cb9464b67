//! Working days and hours against the calendar of an office, rule by rule (SEMANTICS 39).
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use super::*;
use chrono::NaiveDateTime;

const SHANGHAI: Zone = chrono_tz::Asia::Shanghai;
const BERLIN: Zone = chrono_tz::Europe::Berlin;

fn date(text: &str) -> Date {
    time::date_from_text(text).unwrap()
}

fn at(local: &str, zone: Zone) -> Time {
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
    at_local(local, zone)
}

/// New Year's Day 2027 is a Friday and free; the Sunday after it is worked on.
fn office() -> Calendar {
    Calendar::new(
        "mon-fri",
        "09:00-18:00",
        [date("2027-01-01")],
        [date("2027-01-03")],
    )
    .unwrap()
}

fn check(calendar: &Calendar, zone: Zone, cases: &[(&str, &str, &str)]) {
    for (start, length, expected) in cases {
        let length: Length = length.parse().unwrap();
        let got = calendar.add(at(start, zone), &length, zone);
        let got = got
            .with_timezone(&zone)
            .format("%Y-%m-%d %H:%M")
            .to_string();
        assert_eq!(got, *expected, "{start} + {length}");
    }
}

#[test]
fn rule_39_business_days_keep_the_clock_time() {
    check(
        &office(),
        SHANGHAI,
        &[
            ("2026-11-23 09:00", "3 business days", "2026-11-26 09:00"),
            ("2026-11-26 17:45", "3 business days", "2026-12-01 17:45"),
            ("2026-11-23 20:30", "1 business day", "2026-11-24 20:30"),
            ("2026-11-27 08:00", "1 business day", "2026-11-30 08:00"),
            ("2026-11-26 09:00", "-3 business days", "2026-11-23 09:00"),
        ],
    );
}

#[test]
fn a_start_on_a_free_day_counts_from_the_next_opening() {
    check(
        &office(),
        SHANGHAI,
        &[
            ("2026-11-28 11:11", "1 business day", "2026-12-01 09:00"),
            ("2026-11-29 23:00", "3 business days", "2026-12-03 09:00"),
            ("2027-01-01 12:00", "1 business day", "2027-01-04 09:00"),
            ("2026-11-28 11:11", "-1 business day", "2026-11-26 18:00"),
        ],
    );
}

#[test]
fn holidays_are_left_out_and_make_up_days_are_worked_on() {
    check(
        &office(),
        SHANGHAI,
        &[
            ("2026-12-31 10:00", "1 business day", "2027-01-03 10:00"),
            ("2026-12-31 10:00", "2 business days", "2027-01-04 10:00"),
            ("2026-12-31 17:00", "2 business hours", "2027-01-03 10:00"),
        ],
    );
    let calendar = office();
    assert!(!calendar.is_working_day(date("2027-01-01")));
    assert!(calendar.is_working_day(date("2027-01-03")));
    assert!(!calendar.is_working_day(date("2027-01-02")));
}

#[test]
fn business_hours_run_only_inside_hours() {
    check(
        &office(),
        SHANGHAI,
        &[
            ("2026-11-23 10:00", "2 business hours", "2026-11-23 12:00"),
            ("2026-11-27 17:00", "2 business hours", "2026-11-30 10:00"),
            ("2026-11-27 16:00", "2 business hours", "2026-11-27 18:00"),
            ("2026-11-23 06:00", "1 business hour", "2026-11-23 10:00"),
            ("2026-11-23 22:00", "1 business hour", "2026-11-24 10:00"),
            ("2026-11-28 12:00", "1 business hour", "2026-11-30 10:00"),
            ("2026-11-23 09:00", "16 business hours", "2026-11-24 16:00"),
            ("2026-11-30 10:00", "-2 business hours", "2026-11-27 17:00"),
            ("2026-11-28 12:00", "-1 business hour", "2026-11-27 17:00"),
        ],
    );
}

#[test]
fn opening_hours_follow_the_local_clock_when_it_changes() {
    let always = Calendar::new("mon-sun", "00:00-24:00", [], []).unwrap();
    check(
        &always,
        BERLIN,
        &[
            // The night of 29 March 2026 has 23 hours, that of 25 October 25.
            ("2026-03-28 12:00", "24 business hours", "2026-03-29 13:00"),
            ("2026-10-24 12:00", "24 business hours", "2026-10-25 11:00"),
            ("2026-03-28 02:30", "1 business day", "2026-03-29 03:00"),
        ],
    );
}

#[test]
fn business_days_between_are_as_many_as_must_be_added() {
    let calendar = office();
    let cases = [
        ("2026-11-23", "2026-11-26", 3),
        ("2026-11-23", "2026-11-23", 0),
        ("2026-11-27", "2026-11-30", 1),
        ("2026-11-28", "2026-11-30", 0),
        ("2026-11-28", "2026-12-01", 1),
        ("2026-12-31", "2027-01-04", 2),
        ("2026-11-26", "2026-11-23", -3),
        ("2026-11-23", "2027-11-23", 261),
    ];
    for (from, to, expected) in cases {
        let (from, to) = (date(from), date(to));
        assert_eq!(calendar.business_days_between(from, to), expected);
        if (0..100).contains(&expected) {
            let days = i32::try_from(expected).unwrap();
            assert_eq!(calendar.date_plus_business_days(from, days), to);
        }
    }
}

#[test]
fn a_calendar_needs_a_week_and_hours_in_order() {
    let make = |week, hours| Calendar::new(week, hours, [], []).map(|_| ());
    assert_eq!(make("sun-thu", "08:30-24:00"), Ok(()));
    assert_eq!(make("mon,wed,fri", "09:00-12:00"), Ok(()));
    assert_eq!(make("work", "09:00-18:00"), Err(NotACalendar::Week));
    assert_eq!(make("", "09:00-18:00"), Err(NotACalendar::Week));
    for hours in [
        "18:00-09:00",
        "9-18",
        "09:00-24:01",
        "99999999999:00-1:00",
        "09:00",
    ] {
        assert_eq!(make("mon-fri", hours), Err(NotACalendar::Hours), "{hours}");
    }
    let sunday_to_thursday = Calendar::new("sun-thu", "09:00-18:00", [], []).unwrap();
    assert!(sunday_to_thursday.is_working_day(date("2026-11-22")));
    assert!(!sunday_to_thursday.is_working_day(date("2026-11-27")));
}

#[test]
fn nobody_waits_for_a_working_day_that_never_comes() {
    let days = date("2026-01-01").iter_days().take(20_000);
    let never = Calendar::new("mon-fri", "09:00-18:00", days, []).unwrap();
    let start = at("2026-11-23 09:00", SHANGHAI);
    for length in ["1 business day", "1 business hour"] {
        let after = never.add(start, &length.parse().unwrap(), SHANGHAI);
        assert!(after >= start, "{length}");
    }
}
