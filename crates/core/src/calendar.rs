//! Working days and opening hours. Which calendar holds where is the workflow's business.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveTime, TimeDelta, Weekday};

use crate::time::{self, Date, Length, Time, Zone, at_local, date_in};

/// The days on which people work, and from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    week: Week,
    /// Minutes after local midnight.
    opens: u32,
    /// Minutes after local midnight; 1440 is the midnight at the end of the day.
    closes: u32,
    holidays: BTreeSet<Date>,
    workdays: BTreeSet<Date>,
}

/// On which days of the week people work; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week([bool; 7]);

/// Why something is no calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACalendar {
    /// Not a list of week days.
    #[error("write the working week as `mon-fri`, or as `mon,tue,thu`")]
    Week,
    /// Not two clock times in order.
    #[error("write opening hours as `09:00-18:00`; they must begin before they end")]
    Hours,
}

/// Days that are looked through for a working day: whoever declares ten years of holidays gets an answer all the same.
const LONGEST_HOLIDAY: u32 = 3660;

impl Calendar {
    /// A calendar of a week (`mon-fri`), opening hours (`09:00-18:00`), days off, and free days that are worked on.
    /// A day that is in both lists is worked on.
    pub fn new(
        week: &str,
        hours: &str,
        holidays: impl IntoIterator<Item = Date>,
        workdays: impl IntoIterator<Item = Date>,
    ) -> Result<Self, NotACalendar> {
        let hours = Hours::parse(hours)?;
        Ok(Self {
            week: Week::parse(week)?,
            opens: *hours.0.start(),
            closes: *hours.0.end(),
            holidays: holidays.into_iter().collect(),
            workdays: workdays.into_iter().collect(),
        })
    }

    /// Whether people work on this day.
    pub fn is_working_day(&self, date: Date) -> bool {
        self.workdays.contains(&date)
            || (self.week.has(date.weekday()) && !self.holidays.contains(&date))
    }

    /// The moment a length of time after `start`: [`time::add`] with this calendar.
    pub fn add(&self, start: Time, length: &Length, zone: Zone) -> Time {
        time::add(start, length, self, zone)
    }

    /// How many working days lie after the day of `from`, up to and including the day of `to`: as many as must be
    /// added to come from the one to the other. It is negative when `to` comes first.
    pub fn business_days_between(&self, from: Date, to: Date) -> i64 {
        if to < from {
            return -self.business_days_between(to, from);
        }
        let from = self.working_day_from(from, 1);
        if to <= from {
            return 0;
        }
        let after = neighbour(from, 1);
        let in_week = |day: &&Date| self.week.has(day.weekday());
        let off = self.holidays.range(after..=to).filter(in_week);
        let off = off.filter(|day| !self.workdays.contains(day)).count();
        let on = self.workdays.range(after..=to);
        let on = on.filter(|day| !in_week(day)).count();
        let days = (to - from).num_days();
        let rest = after
            .iter_days()
            .take(usize::try_from(days % 7).unwrap_or(0));
        let rest = rest.filter(|day| self.week.has(day.weekday())).count();
        let whole = days / 7 * i64::from(self.week.length());
        let signed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        whole + signed(rest) + signed(on) - signed(off)
    }

    /// The date so many working days later, or earlier if `days` is negative.
    pub fn date_plus_business_days(&self, date: Date, days: i32) -> Date {
        let step = if days < 0 { -1 } else { 1 };
        let mut at = self.working_day_from(date, step);
        for _ in 0..days.unsigned_abs() {
            at = self.working_day_from(neighbour(at, step), step);
        }
        at
    }

    /// Keeps the clock time. A start on a free day counts from the next working day's opening, or, backwards, from the
    /// last working day's closing.
    pub(crate) fn add_business_days(&self, start: Time, days: i32, zone: Zone) -> Time {
        let local = start.with_timezone(&zone).naive_local();
        let target = self.date_plus_business_days(local.date(), days);
        if self.is_working_day(local.date()) {
            return at_local(target.and_time(local.time()), zone);
        }
        let minutes = if days < 0 { self.closes } else { self.opens };
        at_minute(target, minutes, zone)
    }

    /// Counts only what lies within opening hours. Where hours end exactly at closing time, that is the result.
    pub(crate) fn add_business_hours(&self, start: Time, hours: i32, zone: Zone) -> Time {
        let left = TimeDelta::hours(i64::from(hours.unsigned_abs()));
        self.walk_open_time(start, left, if hours < 0 { -1 } else { 1 }, zone)
    }

    /// The moment by which so much opening time has passed.
    pub(crate) fn add_open_time(&self, start: Time, open: TimeDelta, zone: Zone) -> Time {
        self.walk_open_time(start, open, 1, zone)
    }

    /// How much of the time between two moments lies within opening hours.
    pub(crate) fn open_time_between(&self, from: Time, to: Time, zone: Zone) -> TimeDelta {
        let last = date_in(to, zone);
        let days = date_in(from, zone).iter_days();
        let days = days.take_while(|day| *day <= last);
        days.filter(|day| self.is_working_day(*day))
            .map(|day| {
                let opens = at_minute(day, self.opens, zone).max(from);
                let closes = at_minute(day, self.closes, zone).min(to);
                (closes - opens).max(TimeDelta::zero())
            })
            .sum()
    }

    fn walk_open_time(&self, start: Time, left: TimeDelta, step: i32, zone: Zone) -> Time {
        let mut left = left;
        let mut time = start;
        let mut day = self.working_day_from(date_in(start, zone), step);
        loop {
            let opens = at_minute(day, self.opens, zone);
            let closes = at_minute(day, self.closes, zone);
            let (begin, end) = if step < 0 {
                (time.min(closes), opens)
            } else {
                (time.max(opens), closes)
            };
            let open = ((end - begin) * step).max(TimeDelta::zero());
            if left <= open {
                return begin + left * step;
            }
            left -= open;
            time = if open > TimeDelta::zero() { end } else { time };
            let next = self.working_day_from(neighbour(day, step), step);
            if next == day {
                return time;
            }
            day = next;
        }
    }

    /// The first working day at or after `date`, or at or before it.
    fn working_day_from(&self, date: Date, step: i32) -> Date {
        let mut day = date;
        for _ in 0..LONGEST_HOLIDAY {
            if self.is_working_day(day) {
                return day;
            }
            day = neighbour(day, step);
        }
        date
    }
}

impl Default for Calendar {
    /// Monday to Friday, from nine to six, without holidays.
    fn default() -> Self {
        Self {
            week: Week([true, true, true, true, true, false, false]),
            opens: 9 * 60,
            closes: 18 * 60,
            holidays: BTreeSet::new(),
            workdays: BTreeSet::new(),
        }
    }
}

impl Week {
    fn has(self, day: Weekday) -> bool {
        self.0[day.num_days_from_monday() as usize]
    }

    fn length(self) -> u8 {
        self.0.into_iter().map(u8::from).sum()
    }

    fn parse(text: &str) -> Result<Self, NotACalendar> {
        let mut days = [false; 7];
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let day = |name: &str| {
                let day: Weekday = name.trim().parse().map_err(|_| NotACalendar::Week)?;
                Ok(day.num_days_from_monday() as usize)
            };
            let (first, last) = (day(first)?, day(last)?);
            let length = (last + 7 - first) % 7;
            for offset in 0..=length {
                days[(first + offset) % 7] = true;
            }
        }
        Ok(Self(days))
    }
}

struct Hours(RangeInclusive<u32>);

impl Hours {
    fn parse(text: &str) -> Result<Self, NotACalendar> {
        let minute = |clock: &str| {
            let (hour, minute) = clock.trim().split_once(':').ok_or(NotACalendar::Hours)?;
            let number = |digits: &str| digits.parse::<u32>().map_err(|_| NotACalendar::Hours);
            match (number(hour)?, number(minute)?) {
                (24, 0) => Ok(24 * 60),
                (hour @ 0..24, minute @ 0..60) => Ok(hour * 60 + minute),
                _ => Err(NotACalendar::Hours),
            }
        };
        let (opens, closes) = text.split_once('-').ok_or(NotACalendar::Hours)?;
        let (opens, closes) = (minute(opens)?, minute(closes)?);
        if opens >= closes {
            return Err(NotACalendar::Hours);
        }
        Ok(Self(opens..=closes))
    }
}

fn neighbour(date: Date, step: i32) -> Date {
    let next = if step < 0 {
        date.pred_opt()
    } else {
        date.succ_opt()
    };
    next.unwrap_or(date)
}

fn at_minute(date: Date, minute: u32, zone: Zone) -> Time {
    let midnight = date.and_time(NaiveTime::MIN);
    at_local(midnight + TimeDelta::minutes(i64::from(minute)), zone)
}

#[cfg(test)]
mod tests;
