//! Days, weeks, months, quarters and years as periods of the calendar.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, TimeDelta, Weekday};

use super::{Date, Time, Zone, date_in, end_of_day, local_midnight};

/// Which periods of the calendar time is cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// From midnight to midnight; id `2026-11-22`.
    Day,
    /// From Monday to Sunday, numbered as in ISO 8601; id `2026-W47`.
    Week,
    /// Id `2026-11`.
    Month,
    /// Id `2026-Q4`.
    Quarter,
    /// Id `2026`.
    Year,
}

/// The text names no kind of period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a period: write `day`, `week`, `month`, `quarter` or `year`")]
pub struct NotAPeriod;

/// One period of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Period {
    /// What it is called: equal for two moments exactly when they lie in the same period.
    pub id: String,
    /// Its first day.
    pub starts: Date,
    /// Its last day, which still belongs to it (a date as a deadline means the end of that day).
    pub ends: Date,
}

impl PeriodKind {
    const ALL: [Self; 5] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

impl Period {
    /// The period in which a moment lies, as clocks in the zone have it.
    pub fn at(kind: PeriodKind, time: Time, zone: Zone) -> Self {
        Self::of(kind, date_in(time, zone))
    }

    /// The period in which a date lies.
    pub fn of(kind: PeriodKind, date: Date) -> Self {
        let months = |first: u32, count: u32| {
            let starts = Date::from_ymd_opt(date.year(), first, 1).unwrap_or(date);
            let ends = starts
                .checked_add_months(chrono::Months::new(count))
                .and_then(|next| next.pred_opt())
                .unwrap_or(date);
            (starts, ends)
        };
        let year = date.year();
        let (id, (starts, ends)) = match kind {
            PeriodKind::Day => (date.to_string(), (date, date)),
            PeriodKind::Week => {
                let week = date.week(Weekday::Mon);
                let starts = week.checked_first_day().unwrap_or(date);
                let ends = starts
                    .checked_add_signed(TimeDelta::days(6))
                    .unwrap_or(date);
                let iso = date.iso_week();
                (
                    format!("{:04}-W{:02}", iso.year(), iso.week()),
                    (starts, ends),
                )
            }
            PeriodKind::Month => (
                format!("{year:04}-{:02}", date.month()),
                months(date.month(), 1),
            ),
            PeriodKind::Quarter => {
                let quarter = date.month0() / 3;
                (
                    format!("{year:04}-Q{}", quarter + 1),
                    months(quarter * 3 + 1, 3),
                )
            }
            PeriodKind::Year => (format!("{year:04}"), months(1, 12)),
        };
        Self { id, starts, ends }
    }

    /// From when to when it lasts in the zone; the second moment no longer belongs to it.
    pub fn bounds(&self, zone: Zone) -> (Time, Time) {
        (
            local_midnight(self.starts, zone),
            end_of_day(self.ends, zone),
        )
    }
}

impl FromStr for PeriodKind {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word() == text)
            .ok_or(NotAPeriod)
    }
}

impl fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
