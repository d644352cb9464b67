//! Recurring times in the notation of cron, seconds first, made safe: see [`Schedule`]. Nothing waits here.

use std::fmt;
use std::str::FromStr;

use super::{Date, LAST_YEAR, Time, Zone, at_local};

/// A recurring local time such as `0 0 9 * * MON-FRI`.
///
/// Week days are written by name only (numbers begin with Sunday in some crons and with Monday in others), and only
/// one of the two day fields may say something. A time that the clocks skip happens when they have been put forward;
/// one that they show twice happens the first time.
#[derive(Debug, Clone)]
pub struct Schedule {
    source: String,
    inner: cron::Schedule,
}

/// Why a text is no recurring time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASchedule {
    /// Neither six nor seven fields.
    #[error("write six fields, seconds first: `0 0 9 * * MON-FRI` is nine o'clock on working days")]
    Fields,
    /// A week day as a number.
    #[error(
        "write week days by name, such as `MON-FRI`: their numbers mean different days to different people"
    )]
    NumberedWeekday,
    /// Day of the month and day of the week at once.
    #[error("say either the day of the month or the day of the week; leave the other one `*`")]
    BothDays,
    /// A field that the notation does not allow.
    #[error("not a recurring time: {0}")]
    Malformed(String),
    /// A time that never comes.
    #[error("this time never comes")]
    Never,
}

impl Schedule {
    /// Checks and takes a recurring time.
    pub fn parse(text: &str) -> Result<Self, NotASchedule> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let ([_, _, _, month_day, _, weekday] | [_, _, _, month_day, _, weekday, _]) =
            fields.as_slice()
        else {
            return Err(NotASchedule::Fields);
        };
        if weekday.bytes().any(|b| b.is_ascii_digit()) {
            return Err(NotASchedule::NumberedWeekday);
        }
        let open = |field: &str| matches!(field, "*" | "?");
        if !open(month_day) && !open(weekday) {
            return Err(NotASchedule::BothDays);
        }
        let source = fields.join(" ");
        let inner = cron::Schedule::from_str(&source)
            .map_err(|error| NotASchedule::Malformed(error.to_string()))?;
        let year_one = Date::from_ymd_opt(1970, 1, 1)
            .unwrap_or_default()
            .and_hms_opt(0, 0, 0)
            .unwrap_or_default();
        if inner.after(&year_one.and_utc()).next().is_none() {
            return Err(NotASchedule::Never);
        }
        Ok(Self { source, inner })
    }

    /// The first time strictly after `after`, or `None` when there is none any more.
    pub fn next_after(&self, after: Time, zone: Zone) -> Option<Time> {
        // The crate reckons in whatever zone it is given, and stumbles over changes of the clocks. Local clock times
        // dressed up as UTC know no such changes.
        let local = after.with_timezone(&zone).naive_local().and_utc();
        self.inner
            .after(&local)
            .take_while(|candidate| chrono::Datelike::year(candidate) <= LAST_YEAR)
            .map(|candidate| at_local(candidate.naive_utc(), zone))
            .find(|&time| time > after)
    }
}

impl PartialEq for Schedule {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Schedule {}

impl FromStr for Schedule {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        Self::parse(text)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}
