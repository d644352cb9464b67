//! How somebody wants their mail: at once or once a day, and when no reminder may come. What a mail says is `step`'s.

use chrono::{NaiveTime, Timelike as _};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Calendar,
    time::{Date, Time, Zone, at_local},
};

/// How somebody wants their mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailHabits {
    /// One mail a working day instead of one for each need.
    pub daily: bool,
    /// When that comes, in minutes after midnight.
    pub daily_at: u16,
    /// From when on no reminder comes, in minutes after midnight.
    pub quiet_from: u16,
    /// Until when; the same as `quiet_from`: reminders may come at any hour of a working day.
    pub quiet_until: u16,
    /// Whether reminders come at all.
    pub reminders: bool,
    /// Whether it is told that something is settled.
    pub settled: bool,
}

impl Default for MailHabits {
    fn default() -> Self {
        Self {
            daily: false,
            daily_at: 8 * 60,
            quiet_from: 20 * 60,
            quiet_until: 8 * 60,
            reminders: true,
            settled: true,
        }
    }
}

/// What a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// It is the receiver's turn.
    Ask,
    /// The same again, because nothing has happened.
    Remind,
    /// Something happened.
    #[default]
    Tell,
    /// What the receiver was asked is settled.
    Settled,
    /// Several of these in one mail.
    Daily,
}

/// When a mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sending {
    /// At once.
    #[default]
    Now,
    /// Not before this.
    At(Time),
    /// With others, in the mail of that moment.
    Together(Time),
    /// Not at all: the receiver does not want it.
    Never,
}

impl MailHabits {
    /// When a mail goes that was written now. What must be answered before the daily mail comes does not wait for it.
    pub fn sending(
        &self,
        purpose: Purpose,
        now: Time,
        answer_by: Option<Time>,
        calendar: &Calendar,
        zone: Zone,
    ) -> Sending {
        match purpose {
            Purpose::Remind if !self.reminders => return Sending::Never,
            Purpose::Settled if !self.settled => return Sending::Never,
            Purpose::Ask | Purpose::Remind | Purpose::Tell | Purpose::Settled | Purpose::Daily => {}
        }
        if self.daily {
            let next = self.next_daily(now, calendar, zone);
            let urgent = answer_by.is_some_and(|by| now < by && by < next);
            if !urgent {
                return Sending::Together(next);
            }
        }
        if purpose != Purpose::Remind {
            return Sending::Now;
        }
        match self.awake(now, calendar, zone) {
            at if at > now => Sending::At(at),
            _ => Sending::Now,
        }
    }

    /// The first moment from then on that is neither in quiet hours nor on a free day.
    fn awake(&self, now: Time, calendar: &Calendar, zone: Zone) -> Time {
        let local = now.with_timezone(&zone).naive_local();
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or_default();
        let (from, until) = (self.quiet_from, self.quiet_until);
        let is_quiet = if from <= until {
            (from..until).contains(&minute)
        } else {
            minute >= from || minute < until
        };
        let begins = if from == until { 0 } else { until };
        if calendar.is_working_day(local.date()) {
            if !is_quiet {
                return now;
            }
            if minute < until {
                return at_minute(local.date(), until, zone);
            }
        }
        at_minute(next_working_day(local.date(), calendar), begins, zone)
    }

    fn next_daily(&self, now: Time, calendar: &Calendar, zone: Zone) -> Time {
        let today = now.with_timezone(&zone).date_naive();
        let at = at_minute(today, self.daily_at, zone);
        if at > now && calendar.is_working_day(today) {
            return at;
        }
        at_minute(next_working_day(today, calendar), self.daily_at, zone)
    }
}

/// Minutes after midnight as people write them: `08:00`.
pub fn clock_of(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `08:00` as minutes after midnight; `None`: it is no time of a day.
pub fn minutes_of(clock: &str) -> Option<u16> {
    let (hour, minute) = clock.trim().split_once(':')?;
    let plain = |digits: &str| digits.len() == 2 && digits.bytes().all(|c| c.is_ascii_digit());
    if !plain(hour) || !plain(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// The longest that is looked ahead for a working day.
const LONGEST: usize = 400;

fn next_working_day(date: Date, calendar: &Calendar) -> Date {
    let mut days = date.iter_days().skip(1).take(LONGEST);
    days.find(|day| calendar.is_working_day(*day))
        .unwrap_or(date)
}

fn at_minute(date: Date, minute: u16, zone: Zone) -> Time {
    let (hour, minute) = (u32::from(minute / 60), u32::from(minute % 60));
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    at_local(date.and_time(time), zone)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    const SHANGHAI: Zone = chrono_tz::Asia::Shanghai;

    fn at(text: &str) -> Time {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        at_local(local, SHANGHAI)
    }

    fn sending(habits: &MailHabits, purpose: Purpose, now: &str, by: Option<&str>) -> Sending {
        let holidays = ["2026-12-01".parse().unwrap()];
        let saturdays = ["2026-12-05".parse().unwrap()];
        let calendar = Calendar::new("mon-fri", "09:00-18:00", holidays, saturdays).unwrap();
        habits.sending(purpose, at(now), by.map(at), &calendar, SHANGHAI)
    }

    #[test]
    fn reminders_come_neither_at_night_nor_on_free_days() {
        let habits = MailHabits::default();
        for (now, goes) in [
            ("2026-11-23 09:00", None),
            ("2026-11-23 19:59", None),
            ("2026-11-23 20:00", Some("2026-11-24 08:00")),
            ("2026-11-24 03:00", Some("2026-11-24 08:00")),
            // Friday night waits for Monday, a Saturday and a Sunday too.
            ("2026-11-27 21:00", Some("2026-11-30 08:00")),
            ("2026-11-28 12:00", Some("2026-11-30 08:00")),
            // A holiday, and a Saturday that is worked on.
            ("2026-12-01 12:00", Some("2026-12-02 08:00")),
            ("2026-12-05 12:00", None),
        ] {
            let expected = goes.map_or(Sending::Now, |goes| Sending::At(at(goes)));
            assert_eq!(
                sending(&habits, Purpose::Remind, now, None),
                expected,
                "{now}"
            );
            assert_eq!(sending(&habits, Purpose::Ask, now, None), Sending::Now);
        }
        let always = MailHabits {
            quiet_from: 0,
            quiet_until: 0,
            ..habits.clone()
        };
        let night = sending(&always, Purpose::Remind, "2026-11-24 03:00", None);
        assert_eq!(night, Sending::Now);
        let sunday = sending(&always, Purpose::Remind, "2026-11-29 03:00", None);
        assert_eq!(sunday, Sending::At(at("2026-11-30 00:00")));
        let lunch = MailHabits {
            quiet_from: 12 * 60,
            quiet_until: 14 * 60,
            ..habits
        };
        let noon = sending(&lunch, Purpose::Remind, "2026-11-23 12:30", None);
        assert_eq!(noon, Sending::At(at("2026-11-23 14:00")));
    }

    #[test]
    fn the_daily_mail_comes_on_working_days_and_what_is_urgent_does_not_wait() {
        let daily = MailHabits {
            daily: true,
            ..MailHabits::default()
        };
        let together = |at_: &str| Sending::Together(at(at_));
        for (now, by, goes) in [
            ("2026-11-23 07:00", None, together("2026-11-23 08:00")),
            ("2026-11-23 08:00", None, together("2026-11-24 08:00")),
            ("2026-11-27 09:00", None, together("2026-11-30 08:00")),
            ("2026-11-23 09:00", Some("2026-11-23 18:00"), Sending::Now),
            (
                "2026-11-23 09:00",
                Some("2026-11-25 18:00"),
                together("2026-11-24 08:00"),
            ),
            // What is late already is no more urgent than yesterday.
            (
                "2026-11-23 09:00",
                Some("2026-11-22 18:00"),
                together("2026-11-24 08:00"),
            ),
        ] {
            assert_eq!(sending(&daily, Purpose::Ask, now, by), goes, "{now}");
        }
    }

    #[test]
    fn what_somebody_has_turned_off_does_not_come() {
        let none = MailHabits {
            reminders: false,
            settled: false,
            ..MailHabits::default()
        };
        for purpose in [Purpose::Remind, Purpose::Settled] {
            assert_eq!(
                sending(&none, purpose, "2026-11-23 09:00", None),
                Sending::Never
            );
        }
        assert_eq!(
            sending(&none, Purpose::Ask, "2026-11-23 09:00", None),
            Sending::Now
        );
    }
}
