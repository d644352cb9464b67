//! How values look to a reader. Escaping is up to whoever puts them into a page or mail.

use chrono::Datelike as _;

use crate::expression::{Map, Value};
use crate::text::Language;
use crate::time::{self, Time, Zone};

/// What stands where there is no value.
pub const NOTHING: &str = "–";

/// A value as a reader sees it: money with its thousands set apart, moments on their own clock, persons by name.
pub fn shown(value: &Value, language: Language, zone: Zone) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::Bool(truth) => match (truth, language) {
            (true, Language::En) => "yes",
            (false, Language::En) => "no",
            (true, Language::Zh) => "是",
            (false, Language::Zh) => "否",
        }
        .to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::String(text) => text.to_string(),
        Value::Text(text) => text.get(language).to_owned(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => moment(*time, language, zone),
        Value::Money(money) => money.grouped(language),
        Value::List(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| shown(item, language, zone))
                .collect();
            items.join(match language {
                Language::En => ", ",
                Language::Zh => "、",
            })
        }
        Value::Map(members) | Value::Person(members) => named(members, language, zone),
    }
}

/// A person or an entry by its name, or else by its id.
fn named(members: &Map, language: Language, zone: Zone) -> String {
    match members.get("name").or_else(|| members.get("id")) {
        Some(name) => shown(name, language, zone),
        None => NOTHING.to_owned(),
    }
}

/// A moment by a reader's clock, and how far that clock is from UTC: a mail is read and handed on anywhere.
fn moment(at: Time, language: Language, zone: Zone) -> String {
    const WEEK_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let local = at.with_timezone(&zone);
    let offset = time::offset_text(at, zone);
    match language {
        Language::En => format!("{} {offset}", local.format("%a %-d %b %Y %H:%M")),
        Language::Zh => {
            let day = WEEK_ZH[local.weekday().num_days_from_monday() as usize];
            let (date, clock) = (local.format("%Y-%m-%d"), local.format("%H:%M"));
            format!("{date}（{day}）{clock} {offset}")
        }
    }
}
