//! Moments, local times, lengths of time, periods and recurring times. No clock: now is always handed in.

pub mod cron;
mod length;
mod local;
mod period;

use chrono::{DateTime, Utc};

use crate::calendar::Calendar;

pub use length::{Length, NotALength, Unit};
pub use local::{at_local, date_in, end_of_day, local_midnight, offset_text};
pub use period::{NotAPeriod, Period, PeriodKind};

/// A moment in whole milliseconds.
pub type Time = DateTime<Utc>;

/// A time zone with its history of offsets, such as `Asia/Shanghai`.
pub type Zone = chrono_tz::Tz;

/// A day of the calendar, in no particular zone.
pub type Date = chrono::NaiveDate;

/// The last year that a moment or date may lie in; reckoning stops there instead of failing.
pub const LAST_YEAR: i32 = 9999;

/// The moment without what is finer than a millisecond.
pub fn whole_milliseconds(time: Time) -> Time {
    DateTime::from_timestamp_millis(time.timestamp_millis()).unwrap_or(time)
}

/// The moment written as `2026-11-22T01:00:00.000Z`: always 24 characters, so that text sorts like time.
pub fn to_text(time: Time) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// Reads a moment in the notation of RFC 3339, with any offset, and drops what is finer than a millisecond.
pub fn from_text(text: &str) -> Option<Time> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    Some(whole_milliseconds(time.to_utc()))
}

/// Reads a date written `2026-12-20`, exactly so.
pub fn date_from_text(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if !shaped {
        return None;
    }
    text.parse().ok()
}

/// The moment a length of time after `start`, or before it if the length is negative (SEMANTICS 39).
///
/// Months and years are added first, from the start and never step by step; then what has a fixed length; then
/// business days, then business hours.
pub fn add(start: Time, length: &Length, calendar: &Calendar, zone: Zone) -> Time {
    let sum = length.sum();
    let mut time = start;
    if sum.months != 0 {
        time = local::add_months(time, sum.months, zone);
    }
    time = local::within_years(time.checked_add_signed(sum.fixed), sum.fixed);
    if sum.business_days != 0 {
        time = calendar.add_business_days(time, sum.business_days, zone);
    }
    if sum.business_hours != 0 {
        time = calendar.add_business_hours(time, sum.business_hours, zone);
    }
    time
}

/// The date a length of time after `start`. `None` if the length has hours, minutes or seconds: a date has none.
pub fn add_to_date(start: Date, length: &Length, calendar: &Calendar) -> Option<Date> {
    let sum = length.sum();
    if length.is_finer_than_days() {
        return None;
    }
    let date = local::date_plus_months(start, sum.months);
    let date = local::date_within_years(date.checked_add_signed(sum.fixed), sum.fixed);
    Some(match sum.business_days {
        0 => date,
        days => calendar.date_plus_business_days(date, days),
    })
}

#[cfg(test)]
mod tests;
