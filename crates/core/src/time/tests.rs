//! Lengths, periods, local times and recurring times, rule by rule (SEMANTICS 39 and 40).
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use super::cron::{NotASchedule, Schedule};
use super::*;

const BERLIN: Zone = chrono_tz::Europe::Berlin;
const SHANGHAI: Zone = chrono_tz::Asia::Shanghai;

fn utc(text: &str) -> Time {
    from_text(text).unwrap()
}

fn local(text: &str, zone: Zone) -> Time {
    at_local(
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap(),
        zone,
    )
}

fn added(start: &str, length: &str, zone: Zone) -> String {
    let calendar = Calendar::default();
    let time = add(
        local(start, zone),
        &length.parse().unwrap(),
        &calendar,
        zone,
    );
    time.with_timezone(&zone)
        .format("%Y-%m-%d %H:%M:%S")
        .to_string()
}

#[test]
fn lengths_are_written_as_spoken() {
    let cases = [
        ("7 days", "7 days"),
        ("1 day", "1 day"),
        ("1 days", "1 day"),
        ("3 business days", "3 business days"),
        ("16 business hours", "16 business hours"),
        ("1 month", "1 month"),
        ("2 weeks", "2 weeks"),
        ("1 year", "1 year"),
        ("90 minutes", "90 minutes"),
        (
            "6 days 23 hours 59 minutes 59 seconds",
            "6 days 23 hours 59 minutes 59 seconds",
        ),
        (" -60  days ", "-60 days"),
    ];
    for (text, shown) in cases {
        let length: Length = text.parse().unwrap();
        assert_eq!(length.to_string(), shown);
        assert_eq!(length, shown.parse().unwrap());
    }
}

#[test]
fn what_is_no_length_is_explained() {
    let cases = [
        ("", NotALength::Empty),
        ("-", NotALength::Empty),
        ("7", NotALength::NoUnit("7".into())),
        ("days", NotALength::NotANumber("days".into())),
        ("7 dogs", NotALength::NotAUnit("dogs".into())),
        (
            "7 business weeks",
            NotALength::NotAUnit("business weeks".into()),
        ),
        ("7 business", NotALength::NotAUnit("business".into())),
        ("1.5 days", NotALength::NotANumber("1.5".into())),
        ("7 days -1 hour", NotALength::NotANumber("-1".into())),
        ("2000 years", NotALength::TooLong("2000 years".into())),
        (
            "99999999999 days",
            NotALength::TooLong("99999999999 days".into()),
        ),
    ];
    for (text, why) in cases {
        assert_eq!(text.parse::<Length>(), Err(why), "{text}");
    }
}

#[test]
fn seven_days_are_exactly_7_times_24_hours() {
    // The clocks are put forward in between.
    assert_eq!(
        added("2026-03-26 12:00:00", "7 days", BERLIN),
        "2026-04-02 13:00:00"
    );
    assert_eq!(
        added(
            "2026-11-23 09:00:00",
            "6 days 23 hours 59 minutes 59 seconds",
            SHANGHAI
        ),
        "2026-11-30 08:59:59"
    );
    assert_eq!(
        "1 week".parse::<Length>().unwrap().fixed(),
        Some(chrono::TimeDelta::days(7))
    );
    assert_eq!("1 month".parse::<Length>().unwrap().fixed(), None);
}

#[test]
fn months_keep_the_day_or_take_the_months_last() {
    let cases = [
        ("2027-01-31 10:00:00", "1 month", "2027-02-28 10:00:00"),
        ("2028-01-31 10:00:00", "1 month", "2028-02-29 10:00:00"),
        ("2028-02-29 10:00:00", "12 months", "2029-02-28 10:00:00"),
        ("2028-02-29 10:00:00", "1 year", "2029-02-28 10:00:00"),
        ("2027-03-31 10:00:00", "-1 month", "2027-02-28 10:00:00"),
        ("2026-11-23 09:00:00", "-3 months", "2026-08-23 09:00:00"),
        // From the start, never step by step: two steps would lose the 31st.
        ("2027-01-31 10:00:00", "2 months", "2027-03-31 10:00:00"),
        (
            "2027-01-31 10:00:00",
            "1 month 1 month",
            "2027-03-31 10:00:00",
        ),
        ("2026-03-26 12:00:00", "1 month", "2026-04-26 12:00:00"),
    ];
    for (start, length, expected) in cases {
        assert_eq!(added(start, length, BERLIN), expected, "{start} + {length}");
    }
}

#[test]
fn a_local_time_that_does_not_exist_moves_forward() {
    assert_eq!(
        local("2026-03-29 02:30:00", BERLIN),
        utc("2026-03-29T01:00:00Z")
    );
    assert_eq!(
        added("2026-01-29 02:30:00", "2 months", BERLIN),
        "2026-03-29 03:00:00"
    );
    // In Santiago the day begins at one o'clock.
    let santiago = chrono_tz::America::Santiago;
    let midnight = local_midnight(date_from_text("2026-09-06").unwrap(), santiago);
    assert_eq!(midnight, utc("2026-09-06T04:00:00Z"));
}

#[test]
fn a_local_time_that_occurs_twice_is_the_first() {
    assert_eq!(
        local("2026-10-25 02:30:00", BERLIN),
        utc("2026-10-25T00:30:00Z")
    );
}

#[test]
fn a_date_as_a_deadline_is_the_end_of_that_day() {
    let date = date_from_text("2026-12-31").unwrap();
    assert_eq!(end_of_day(date, SHANGHAI), utc("2026-12-31T16:00:00Z"));
    assert_eq!(local_midnight(date, SHANGHAI), utc("2026-12-30T16:00:00Z"));
}

#[test]
fn moments_have_whole_milliseconds() {
    let fine = utc("2026-11-22T01:02:03.456Z") + chrono::TimeDelta::nanoseconds(789_000);
    assert_eq!(
        to_text(whole_milliseconds(fine)),
        "2026-11-22T01:02:03.456Z"
    );
    assert_eq!(
        to_text(utc("2026-11-22T09:02:03.4567+08:00")),
        "2026-11-22T01:02:03.456Z"
    );
    for text in [
        "2026-1-2",
        "2026-02-30",
        "20260102",
        "2026-01-02 ",
        "+2026-01-02",
    ] {
        assert_eq!(date_from_text(text), None, "{text}");
    }
}

#[test]
fn reckoning_stops_where_years_have_four_digits() {
    let calendar = Calendar::default();
    let far = utc("9999-06-01T00:00:00Z");
    let near = utc("0001-06-01T00:00:00Z");
    for length in [
        "1000 years",
        "100000 business hours",
        "10000 business days",
        "365000 weeks",
    ] {
        let length: Length = length.parse().unwrap();
        let after = add(far, &length, &calendar, SHANGHAI);
        let before = add(near, &length.negated(), &calendar, SHANGHAI);
        assert!(after >= far, "{length}");
        assert!(before <= near, "{length}");
    }
}

#[test]
fn dates_take_days_and_longer() {
    let calendar = Calendar::default();
    let friday = date_from_text("2026-11-27").unwrap();
    let cases = [
        ("1 business day", Some("2026-11-30")),
        ("7 days", Some("2026-12-04")),
        ("3 months", Some("2027-02-27")),
        ("-60 days", Some("2026-09-28")),
        ("8 business hours", None),
        ("1 hour", None),
    ];
    for (length, expected) in cases {
        let date = add_to_date(friday, &length.parse().unwrap(), &calendar);
        assert_eq!(date.map(|d| d.to_string()).as_deref(), expected, "{length}");
    }
}

#[test]
fn periods_are_named_and_bounded() {
    let cases = [
        (
            "day",
            "2026-11-22",
            "2026-11-22",
            "2026-11-22",
            "2026-11-22",
        ),
        ("week", "2026-11-22", "2026-W47", "2026-11-16", "2026-11-22"),
        ("week", "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03"),
        ("month", "2028-02-11", "2028-02", "2028-02-01", "2028-02-29"),
        (
            "quarter",
            "2026-11-22",
            "2026-Q4",
            "2026-10-01",
            "2026-12-31",
        ),
        ("year", "2026-11-22", "2026", "2026-01-01", "2026-12-31"),
    ];
    for (kind, date, id, starts, ends) in cases {
        let period = Period::of(kind.parse().unwrap(), date_from_text(date).unwrap());
        assert_eq!(period.id, id);
        assert_eq!(period.starts.to_string(), starts);
        assert_eq!(period.ends.to_string(), ends);
    }
    assert!("fortnight".parse::<PeriodKind>().is_err());
    // In Shanghai it is already December.
    let period = Period::at(PeriodKind::Month, utc("2026-11-30T16:00:00Z"), SHANGHAI);
    assert_eq!(period.id, "2026-12");
    assert_eq!(period.bounds(SHANGHAI).1, utc("2026-12-31T16:00:00Z"));
}

fn fires(cron: &str, after: &str, zone: Zone, count: usize) -> Vec<String> {
    let schedule = Schedule::parse(cron).unwrap();
    let mut at = local(after, zone);
    let mut out = Vec::new();
    for _ in 0..count {
        at = schedule.next_after(at, zone).unwrap();
        out.push(at.with_timezone(&zone).format("%m-%d %H:%M").to_string());
    }
    out
}

#[test]
fn recurring_times_are_local_and_strictly_after() {
    let weekdays = "0 0 9 * * MON-FRI";
    assert_eq!(
        fires(weekdays, "2026-11-26 09:00:00", SHANGHAI, 3),
        ["11-27 09:00", "11-30 09:00", "12-01 09:00"]
    );
    assert_eq!(
        fires(weekdays, "2026-11-26 08:59:59", SHANGHAI, 1),
        ["11-26 09:00"]
    );
    assert_eq!(
        fires("0 0 10 * * TUE", "2026-11-22 00:00:00", BERLIN, 2),
        ["11-24 10:00", "12-01 10:00"]
    );
}

#[test]
fn a_recurring_time_in_the_spring_gap_happens_at_its_end() {
    assert_eq!(
        fires("0 30 2 * * *", "2026-03-28 00:00:00", BERLIN, 3),
        ["03-28 02:30", "03-29 03:00", "03-30 02:30"]
    );
}

#[test]
fn a_recurring_time_in_the_autumn_fold_happens_once() {
    assert_eq!(
        fires("0 30 2 * * *", "2026-10-24 12:00:00", BERLIN, 2),
        ["10-25 02:30", "10-26 02:30"]
    );
    let schedule = Schedule::parse("0 30 2 * * *").unwrap();
    let second_pass = utc("2026-10-25T01:10:00Z");
    assert_eq!(
        schedule.next_after(second_pass, BERLIN),
        Some(utc("2026-10-26T01:30:00Z"))
    );
}

#[test]
fn recurring_times_that_mislead_are_refused() {
    let cases = [
        ("0 9 * * MON", NotASchedule::Fields),
        ("", NotASchedule::Fields),
        ("0 0 9 * * 1-5", NotASchedule::NumberedWeekday),
        ("0 0 9 1 * MON", NotASchedule::BothDays),
        ("0 0 9 31 2 *", NotASchedule::Never),
    ];
    for (text, why) in cases {
        assert_eq!(Schedule::parse(text), Err(why), "{text}");
    }
    for text in ["0 0 25 * * *", "0 0 9 * * MOON", "a b c * e *"] {
        let refused = Schedule::parse(text);
        assert!(matches!(refused, Err(NotASchedule::Malformed(_))), "{text}");
    }
    assert!(Schedule::parse("0 0 9 1 * ?").is_ok());
}

#[test]
fn how_far_clocks_are_from_utc_is_told_in_hours_and_by_the_season() {
    let table = [
        ("2026-11-26T01:00:00Z", SHANGHAI, "UTC+8"),
        ("2026-11-26T01:00:00Z", BERLIN, "UTC+1"),
        ("2026-07-26T01:00:00Z", BERLIN, "UTC+2"),
        (
            "2026-11-26T01:00:00Z",
            chrono_tz::America::St_Johns,
            "UTC−3:30",
        ),
        (
            "2026-11-26T01:00:00Z",
            chrono_tz::Asia::Kathmandu,
            "UTC+5:45",
        ),
        ("2026-11-26T01:00:00Z", chrono_tz::UTC, "UTC"),
    ];
    for (at, zone, told) in table {
        assert_eq!(offset_text(utc(at), zone), told, "{zone}");
    }
}
