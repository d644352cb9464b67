//! Between moments and local times: midnights, months, and the two nights a year when clocks change.

use chrono::{
    Datelike, MappedLocalTime, Months, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone,
};
use chrono_tz::GapInfo;

use super::{Date, LAST_YEAR, Time, Zone};

/// The moment at which local clocks show this time. A time that does not exist moves forward to the end of the gap;
/// of one that occurs twice it is the first.
pub fn at_local(local: NaiveDateTime, zone: Zone) -> Time {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(time) => time.to_utc(),
        MappedLocalTime::Ambiguous(one, other) => one.min(other).to_utc(),
        MappedLocalTime::None => GapInfo::new(&local, &zone)
            .and_then(|gap| gap.end)
            .map_or_else(|| local.and_utc(), |end| end.to_utc()),
    }
}

/// The moment at which this day begins in the zone.
pub fn local_midnight(date: Date, zone: Zone) -> Time {
    at_local(date.and_time(NaiveTime::MIN), zone)
}

/// The moment a deadline on this day is over: when the next day begins. The interval is half-open.
pub fn end_of_day(date: Date, zone: Zone) -> Time {
    local_midnight(date.succ_opt().unwrap_or(date), zone)
}

/// The day that it is in the zone.
pub fn date_in(time: Time, zone: Zone) -> Date {
    time.with_timezone(&zone).date_naive()
}

/// How far the zone's clocks are from UTC at this moment: `UTC`, `UTC+8`, `UTC−3:30`.
pub fn offset_text(time: Time, zone: Zone) -> String {
    let offset = time.with_timezone(&zone).offset().fix();
    let seconds = offset.local_minus_utc();
    let (sign, minutes) = (if seconds < 0 { '−' } else { '+' }, seconds.abs() / 60);
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// Keeps the local clock time and the day of the month, or takes the month's last day.
pub(super) fn add_months(time: Time, months: i32, zone: Zone) -> Time {
    let local = time.with_timezone(&zone).naive_local();
    at_local(
        date_plus_months(local.date(), months).and_time(local.time()),
        zone,
    )
}

pub(super) fn date_plus_months(date: Date, months: i32) -> Date {
    let step = Months::new(months.unsigned_abs());
    let moved = if months < 0 {
        date.checked_sub_months(step)
    } else {
        date.checked_add_months(step)
    };
    date_within_years(moved, TimeDelta::days(i64::from(months)))
}

/// The date, kept within the years that have four digits; `direction` says at which end a lost one lies.
pub(super) fn date_within_years(date: Option<Date>, direction: TimeDelta) -> Date {
    let (first, last) = limits();
    match date {
        Some(date) => date.clamp(first, last),
        None if direction < TimeDelta::zero() => first,
        None => last,
    }
}

/// The moment, kept within the years that have four digits, like [`date_within_years`].
pub(super) fn within_years(time: Option<Time>, direction: TimeDelta) -> Time {
    let (first, last) = limits();
    match time {
        Some(time) if (1..=LAST_YEAR).contains(&time.year()) => time,
        Some(time) if time.year() < 1 => first.and_time(NaiveTime::MIN).and_utc(),
        None if direction < TimeDelta::zero() => first.and_time(NaiveTime::MIN).and_utc(),
        Some(_) | None => last.and_time(NaiveTime::MIN).and_utc(),
    }
}

fn limits() -> (Date, Date) {
    (
        Date::from_ymd_opt(1, 1, 1).unwrap_or(Date::MIN),
        Date::from_ymd_opt(LAST_YEAR, 12, 31).unwrap_or(Date::MAX),
    )
}
