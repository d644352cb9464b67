//! Lengths of time as people say them: `3 business days`, `6 days 23 hours`. Adding them is `time::add`.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::Language;

/// A length of time as spoken; several parts add up, and a minus in front turns all of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Length {
    negative: bool,
    parts: Vec<(u32, Unit)>,
}

/// What a length of time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Exactly a second.
    Second,
    /// Exactly 60 seconds.
    Minute,
    /// Exactly 60 minutes.
    Hour,
    /// Exactly 24 hours.
    Day,
    /// Exactly 7 days.
    Week,
    /// A month of the calendar.
    Month,
    /// Twelve months of the calendar.
    Year,
    /// A working day, at the same time of the clock.
    BusinessDay,
    /// An hour within opening hours.
    BusinessHour,
}

impl Unit {
    const ALL: [Self; 9] = [
        Self::Second,
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Year,
        Self::BusinessDay,
        Self::BusinessHour,
    ];

    /// The word for one of it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::BusinessDay => "business day",
            Self::BusinessHour => "business hour",
        }
    }

    /// The word for it behind a number, in Chinese.
    const fn chinese(self) -> &'static str {
        match self {
            Self::Second => "秒",
            Self::Minute => "分钟",
            Self::Hour => "小时",
            Self::Day => "天",
            Self::Week => "周",
            Self::Month => "个月",
            Self::Year => "年",
            Self::BusinessDay => "个工作日",
            Self::BusinessHour => "个工作小时",
        }
    }

    /// The most of it that may be written in one length: a millennium, or 40 years where every day is looked at.
    const fn most(self) -> u32 {
        match self {
            Self::Second | Self::Minute | Self::Hour => 100_000_000,
            Self::Day | Self::Week => 365_000,
            Self::Month => 12_000,
            Self::Year => 1_000,
            Self::BusinessDay => 10_000,
            Self::BusinessHour => 100_000,
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        let singular = word.strip_suffix('s').unwrap_or(word);
        Self::ALL.into_iter().find(|unit| unit.word() == singular)
    }
}

/// Why a text is no length of time (E205 in the checker).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotALength {
    /// There is nothing.
    #[error(
        "a length of time is missing: write a number and a unit, such as `7 days` or `3 business days`"
    )]
    Empty,
    /// No whole number where one must be.
    #[error("`{0}` is not a whole number: write a number and a unit, such as `7 days`")]
    NotANumber(String),
    /// A number without a word behind it.
    #[error("say what `{0}` counts: `{0} days`, `{0} business days`, `{0} hours`")]
    NoUnit(String),
    /// A word that counts no time.
    #[error("{}", unknown_unit(.0))]
    NotAUnit(String),
    /// More than anybody waits.
    #[error("`{0}` is too long")]
    TooLong(String),
}

fn unknown_unit(word: &str) -> String {
    match word {
        "working" | "work" | "workday" | "workdays" => {
            "write `business days`: they go by the working calendar".to_owned()
        }
        _ => format!(
            "`{word}` is not a unit of time: there are seconds, minutes, hours, days, weeks, months, years, \
             business days and business hours"
        ),
    }
}

/// A length sorted by how its parts are reckoned; every part has the sign of the whole.
pub(super) struct Sum {
    pub months: i32,
    pub fixed: TimeDelta,
    pub business_days: i32,
    pub business_hours: i32,
}

impl Length {
    /// A length of so many of one unit; more than is allowed in a file is cut to that.
    pub fn of(count: u32, unit: Unit) -> Self {
        Self {
            negative: false,
            parts: vec![(count.min(unit.most()), unit)],
        }
    }

    /// The length for a reader of this language: `3 business days`, `3 个工作日`.
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::En => self.to_string(),
            Language::Zh => {
                let parts = self.parts.iter();
                let words = parts.map(|(count, unit)| format!("{count} {}", unit.chinese()));
                let sign = if self.negative { "-" } else { "" };
                format!("{sign}{}", words.collect::<Vec<_>>().join(" "))
            }
        }
    }

    /// Whether it reaches back.
    pub fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    /// Whether it is no time at all.
    pub fn is_zero(&self) -> bool {
        self.parts.iter().all(|&(count, _)| count == 0)
    }

    /// The same length in the other direction.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self {
            negative: !self.negative,
            parts: self.parts.clone(),
        }
    }

    /// So many of this length, one after the other; more than is allowed in a file is cut to that.
    #[must_use]
    pub fn times(&self, number: u32) -> Self {
        let parts = self.parts.iter();
        Self {
            negative: self.negative,
            parts: parts
                .map(|&(count, unit)| (count.saturating_mul(number).min(unit.most()), unit))
                .collect(),
        }
    }

    /// Whether it has business days or hours, and so needs a calendar.
    pub fn needs_calendar(&self) -> bool {
        self.has(|unit| matches!(unit, Unit::BusinessDay | Unit::BusinessHour))
    }

    /// Whether it has hours, minutes or seconds, which no date has.
    pub fn is_finer_than_days(&self) -> bool {
        self.has(|unit| match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::BusinessHour => true,
            Unit::Day | Unit::Week | Unit::Month | Unit::Year | Unit::BusinessDay => false,
        })
    }

    /// The exact duration, if it is the same whenever it starts: no months, years or business time in it.
    pub fn fixed(&self) -> Option<TimeDelta> {
        let sum = self.sum();
        (sum.months == 0 && sum.business_days == 0 && sum.business_hours == 0).then_some(sum.fixed)
    }

    /// Roughly how many days or hours a calendar has to look at.
    pub(crate) fn work(&self) -> u64 {
        let sum = self.sum();
        u64::from(sum.business_days.unsigned_abs()) + u64::from(sum.business_hours.unsigned_abs())
    }

    fn has(&self, which: impl Fn(Unit) -> bool) -> bool {
        self.parts
            .iter()
            .any(|&(count, unit)| count > 0 && which(unit))
    }

    pub(super) fn sum(&self) -> Sum {
        let sign = if self.negative { -1 } else { 1 };
        let mut sum = Sum {
            months: 0,
            fixed: TimeDelta::zero(),
            business_days: 0,
            business_hours: 0,
        };
        for &(count, unit) in &self.parts {
            // At most 16 parts of at most 10⁸ each (see `Unit::most`), so nothing here overflows.
            let signed = i64::from(count) * sign;
            let small = i32::try_from(signed).unwrap_or(i32::MAX);
            match unit {
                Unit::Second => sum.fixed += TimeDelta::seconds(signed),
                Unit::Minute => sum.fixed += TimeDelta::minutes(signed),
                Unit::Hour => sum.fixed += TimeDelta::hours(signed),
                Unit::Day => sum.fixed += TimeDelta::days(signed),
                Unit::Week => sum.fixed += TimeDelta::weeks(signed),
                Unit::Month => sum.months += small,
                Unit::Year => sum.months += 12 * small,
                Unit::BusinessDay => sum.business_days += small,
                Unit::BusinessHour => sum.business_hours += small,
            }
        }
        sum
    }
}

impl FromStr for Length {
    type Err = NotALength;

    fn from_str(text: &str) -> Result<Self, NotALength> {
        let trimmed = text.trim();
        let (negative, unsigned) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed),
        };
        let mut words = unsigned.split_whitespace().peekable();
        let mut parts = Vec::new();
        while let Some(number) = words.next() {
            if !number.bytes().all(|b| b.is_ascii_digit()) {
                return Err(NotALength::NotANumber(number.to_owned()));
            }
            let mut word = words
                .next()
                .ok_or_else(|| NotALength::NoUnit(number.to_owned()))?
                .to_owned();
            if word == "business"
                && let Some(kind) = words.next()
            {
                word = format!("business {kind}");
            }
            let unit = Unit::from_word(&word).ok_or(NotALength::NotAUnit(word))?;
            let count = number
                .parse()
                .ok()
                .filter(|&count| count <= unit.most() && parts.len() < 16)
                .ok_or_else(|| NotALength::TooLong(trimmed.to_owned()))?;
            parts.push((count, unit));
        }
        if parts.is_empty() {
            return Err(NotALength::Empty);
        }
        Ok(Self { negative, parts })
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        for (position, &(count, unit)) in self.parts.iter().enumerate() {
            let space = if position == 0 { "" } else { " " };
            let plural = if count == 1 { "" } else { "s" };
            write!(f, "{space}{count} {}{plural}", unit.word())?;
        }
        Ok(())
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_reads_as_words_in_both_languages() {
        for (text, zh) in [
            ("3 business days", "3 个工作日"),
            ("6 days 23 hours", "6 天 23 小时"),
            ("-1 month", "-1 个月"),
        ] {
            let length: Length = text.parse().expect("a length");
            assert_eq!(length.words(Language::En), text);
            assert_eq!(length.words(Language::Zh), zh);
        }
    }
}
