//! How moments are told: the day and the clock of the workflow's zone, how long ago, and how soon.

use chrono::{Datelike as _, TimeDelta};
use countersign_core::{
    text::Language,
    time::{self, Time, Zone},
};
use maud::{Markup, html};

use super::say;

/// Tells moments to one reader.
#[derive(Debug, Clone, Copy)]
pub struct Clockwork {
    /// The reader's language.
    pub language: Language,
    /// The zone that days are reckoned in.
    pub zone: Zone,
    /// The moment of the page.
    pub now: Time,
}

impl Clockwork {
    /// A moment on the clock of the zone, and how far that is from UTC: pages of several zones lie beside each other.
    pub fn moment(&self, time: Time) -> Markup {
        let local = time.with_timezone(&self.zone);
        let whole = format!("{} {}", local.format("%Y-%m-%d %H:%M:%S"), self.zone.name());
        html! { time datetime=(time::to_text(time)) title=(whole) { (self.local_text(time)) " " span.zone { (self.offset(time)) } } }
    }

    /// A moment, as text, with how far its clock is from UTC.
    pub fn moment_text(&self, time: Time) -> String {
        format!("{} {}", self.local_text(time), self.offset(time))
    }

    fn offset(&self, time: Time) -> String {
        time::offset_text(time, self.zone)
    }

    fn local_text(&self, time: Time) -> String {
        let local = time.with_timezone(&self.zone);
        let this_year = local.year() == self.now.with_timezone(&self.zone).year();
        let shown = match (self.language, this_year) {
            (Language::En, true) => local.format("%-d %b, %H:%M"),
            (Language::En, false) => local.format("%-d %b %Y, %H:%M"),
            (Language::Zh, true) => local.format("%-m月%-d日 %H:%M"),
            (Language::Zh, false) => local.format("%Y年%-m月%-d日 %H:%M"),
        };
        shown.to_string()
    }

    /// How long ago.
    pub fn ago(&self, time: Time) -> Markup {
        let passed = self.now - time;
        let shown = if passed < TimeDelta::minutes(1) {
            say(self.language, "just now", "刚刚").to_owned()
        } else {
            match self.language {
                Language::En => format!("{} ago", length_of(passed, self.language)),
                Language::Zh => format!("{}前", length_of(passed, self.language)),
            }
        };
        let local = time.with_timezone(&self.zone);
        let whole = format!("{} {}", local.format("%Y-%m-%d %H:%M:%S"), self.zone.name());
        html! { time datetime=(time::to_text(time)) title=(whole) { (shown) } }
    }

    /// How long ago a day was, on which something began.
    pub fn day_of(&self, time: Time) -> Markup {
        let days = (self.now - time).num_days();
        let local = time
            .with_timezone(&self.zone)
            .format("%Y-%m-%d")
            .to_string();
        let shown = match (days, self.language) {
            (..=0, _) => say(self.language, "today", "今天").to_owned(),
            (1, Language::En) => "1 day".to_owned(),
            (days, Language::En) => format!("{days} days"),
            (days, Language::Zh) => format!("{days} 天"),
        };
        html! { time datetime=(local) title=(local) { (shown) } }
    }

    /// How soon something happens.
    pub fn in_future(&self, time: Time) -> Markup {
        let left = time - self.now;
        let shown = match (left < TimeDelta::minutes(1), self.language) {
            (true, _) => say(self.language, "now", "即将").to_owned(),
            (false, Language::En) => format!("in {}", length_of(left, self.language)),
            (false, Language::Zh) => format!("{}后", length_of(left, self.language)),
        };
        html! { span.quiet { (shown) } }
    }

    /// When something is due, on whose clock, and how soon, or how late it is.
    pub fn due_at(&self, due: Time) -> Markup {
        let left = due - self.now;
        let length = length_of(left.abs(), self.language);
        let local = due.with_timezone(&self.zone);
        let day = match self.language {
            Language::En => local.format("%a").to_string(),
            Language::Zh => WEEKDAYS[local.weekday().num_days_from_monday() as usize].to_owned(),
        };
        let (at, zone) = (self.local_text(due), format!(" ({})", self.zone.name()));
        let is_late = left <= TimeDelta::zero();
        let (class, told, how) = match (is_late, self.language) {
            (true, Language::En) => (
                "due late",
                format!("was due {day} {at}{zone}"),
                format!("{length} late"),
            ),
            (true, Language::Zh) => (
                "due late",
                format!("截止时间 {day} {at}{zone}"),
                format!("逾期 {length}"),
            ),
            (false, Language::En) => (
                soon(left < TimeDelta::hours(24)),
                format!("due {day} {at}{zone}"),
                format!("in {length}"),
            ),
            (false, Language::Zh) => (
                soon(left < TimeDelta::hours(24)),
                format!("截止时间 {day} {at}{zone}"),
                format!("剩余 {length}"),
            ),
        };
        html! {
            span class=(class) {
                @if is_late { span.sign aria-hidden="true" { "!" } }
                time datetime=(time::to_text(due)) { (told) }
                " · " (how)
            }
        }
    }

    /// How soon something is due, or how late it is: told by a word and a sign, not by colour alone.
    pub fn due(&self, due: Time) -> Markup {
        let left = due - self.now;
        let is_late = left <= TimeDelta::zero();
        let is_soon = left < TimeDelta::hours(24);
        let length = length_of(left.abs(), self.language);
        let (class, sign, shown) = match (is_late, self.language) {
            (true, Language::En) => ("due late", "!", format!("{length} late")),
            (true, Language::Zh) => ("due late", "!", format!("逾期 {length}")),
            (false, Language::En) => (soon(is_soon), "", format!("due in {length}")),
            (false, Language::Zh) => (soon(is_soon), "", format!("剩余 {length}")),
        };
        let local = due.with_timezone(&self.zone);
        let whole = format!("{} {}", local.format("%Y-%m-%d %H:%M"), self.zone.name());
        html! {
            span class=(class) {
                @if !sign.is_empty() { span.sign aria-hidden="true" { (sign) } }
                time datetime=(time::to_text(due)) title=(whole) { (shown) }
            }
        }
    }
}

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

fn soon(is_soon: bool) -> &'static str {
    if is_soon { "due soon" } else { "due" }
}

/// A length of time in its largest unit, to the nearest.
fn length_of(length: TimeDelta, language: Language) -> String {
    let (count, en, zh) = if length >= TimeDelta::days(2) {
        ((length + TimeDelta::hours(12)).num_days(), "days", " 天")
    } else if length >= TimeDelta::hours(2) {
        ((length + TimeDelta::minutes(30)).num_hours(), "h", " 小时")
    } else {
        (length.num_minutes().max(1), "min", " 分钟")
    };
    match language {
        Language::En => format!("{count} {en}"),
        Language::Zh => format!("{count}{zh}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_on_the_clock_of_the_zone() {
        let now: Time = "2026-11-23T01:00:00Z".parse().expect("a moment");
        let told = |language, time: Time| {
            let clock = Clockwork {
                language,
                zone: chrono_tz::Asia::Shanghai,
                now,
            };
            (clock.ago(time).into_string(), clock.due(time).into_string())
        };
        let (ago, late) = told(Language::En, now - TimeDelta::hours(49));
        assert!(ago.contains("2 days ago") && ago.contains("2026-11-21 08:00:00 Asia/Shanghai"));
        assert!(late.contains("2 days late") && late.contains("due late"));
        let clock = |language| Clockwork {
            language,
            zone: chrono_tz::Asia::Shanghai,
            now,
        };
        let due = now + TimeDelta::days(3) - TimeDelta::minutes(1);
        let told_whole = clock(Language::En).due_at(due).into_string();
        assert!(
            told_whole.contains("due Thu 26 Nov, 08:59 (Asia/Shanghai)")
                && told_whole.contains("in 3 days"),
            "{told_whole}"
        );
        let told_whole = clock(Language::Zh)
            .due_at(now - TimeDelta::hours(3))
            .into_string();
        assert!(
            told_whole.contains("周一 11月23日 06:00") && told_whole.contains("逾期 3 小时"),
            "{told_whole}"
        );
        let in_utc = Clockwork {
            zone: Zone::UTC,
            ..clock(Language::En)
        };
        assert_eq!(in_utc.moment_text(now), "23 Nov, 01:00 UTC");
        let here = clock(Language::Zh).moment(now).into_string();
        assert!(
            here.contains("11月23日 09:00 <span class=\"zone\">UTC+8</span>"),
            "{here}"
        );
        let new_york = Clockwork {
            zone: chrono_tz::America::New_York,
            ..clock(Language::En)
        };
        assert_eq!(new_york.moment_text(now), "22 Nov, 20:00 UTC−5");
        let kolkata = Clockwork {
            zone: chrono_tz::Asia::Kolkata,
            ..clock(Language::En)
        };
        assert_eq!(kolkata.moment_text(now), "23 Nov, 06:30 UTC+5:30");
        let (now_, soon) = told(Language::Zh, now + TimeDelta::minutes(90));
        assert!(
            now_.contains("刚刚") && soon.contains("剩余 90 分钟") && soon.contains("due soon")
        );
    }
}
