//! Whether a case of the world and one of the engine are the same. Ids and numbers differ: each is named by the order in
//! which it is met. Hashes follow from them, so what is hashed is compared instead. Where all are picked there is nothing to
//! draw but their order, which is left out.

use std::fmt::Write as _;

use countersign_core::{
    case::{Case, Person},
    history::SealedEntry,
    outcome::{Subject, Waiting},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// How long an id is when it is written.
const ID: usize = 36;

/// Everything that is told of a case, without what differs between any two stores.
pub(super) struct Told(Json);

impl Told {
    /// Of a case, its history, and those whose turn it is.
    pub(super) fn of<'e>(
        case: &Case,
        history: impl IntoIterator<Item = &'e SealedEntry>,
        waiting: &[String],
    ) -> Self {
        let history = history.into_iter().map(|sealed| {
            let mut entry = json!(sealed.entry);
            entry.as_object_mut().expect("an object").remove("digest");
            json!({ "entry": entry, "personal": sealed.personal })
        });
        let history: Vec<Json> = history.collect();
        let mut stands = json!(case);
        stands.as_object_mut().expect("an object").remove("head");
        let told = json!({
            "case": stands,
            "content": case.content,
            "next_due": case.next_due(),
            "waiting": waiting,
            "history": history,
        });
        let mut names = Names {
            number: &case.number,
            ids: Vec::new(),
        };
        Self(names.renamed(told))
    }
}

/// Who of these people may act, by what the world says.
pub(super) fn awaited(people: &[&Person], waiting: &[Waiting]) -> Vec<String> {
    let is_awaited = |person: &Person| {
        waiting.iter().any(|row| {
            let named = match &row.who {
                Subject::Person(id) => *id == person.id,
                Subject::Group(group) => person.is_in(group.as_str()),
                Subject::Partner(partner) => person.partner.as_ref() == Some(partner),
            };
            named && !row.but.contains(&person.id)
        })
    };
    let awaited = people.iter().filter(|person| is_awaited(person));
    awaited.map(|person| person.id.to_string()).collect()
}

/// `Err`: where the two differ, place by place.
pub(super) fn differences(model: &Told, real: &Told) -> Result<(), String> {
    let mut found = String::new();
    compare("", &model.0, &real.0, &mut found);
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn compare(at: &str, model: &Json, real: &Json, found: &mut String) {
    let none = &Json::Null;
    match (model, real) {
        (Json::Object(one), Json::Object(other)) => {
            let only_there = other.keys().filter(|key| !one.contains_key(*key));
            for key in one.keys().chain(only_there) {
                let (one, other) = (one.get(key), other.get(key));
                let at = format!("{at}/{key}");
                compare(&at, one.unwrap_or(none), other.unwrap_or(none), found);
            }
        }
        (Json::Array(one), Json::Array(other)) => {
            for place in 0..one.len().max(other.len()) {
                let (one, other) = (one.get(place), other.get(place));
                let at = format!("{at}/{place}");
                compare(&at, one.unwrap_or(none), other.unwrap_or(none), found);
            }
        }
        _ if model == real => {}
        _ => {
            let _ = writeln!(found, "{at}: the world {model}, the engine {real}");
        }
    }
}

/// People who were picked, in order of id.
fn in_order(key: &str, value: Json) -> Json {
    match value {
        Json::Array(mut people) if ["assigned", "people"].contains(&key) => {
            people.sort_by_key(ToString::to_string);
            Json::Array(people)
        }
        other => other,
    }
}

/// What ids and the number are called instead.
struct Names<'a> {
    number: &'a str,
    ids: Vec<String>,
}

impl Names<'_> {
    fn renamed(&mut self, value: Json) -> Json {
        match value {
            Json::String(text) => Json::String(self.renamed_in(&text)),
            Json::Array(values) => values
                .into_iter()
                .map(|value| self.renamed(value))
                .collect(),
            Json::Object(values) => {
                let members = values.into_iter().filter(|(key, _)| key != "draw");
                let renamed: Map<String, Json> = members
                    .map(|(key, value)| {
                        (self.renamed_in(&key), self.renamed(in_order(&key, value)))
                    })
                    .collect();
                Json::Object(renamed)
            }
            other => other,
        }
    }

    fn renamed_in(&mut self, text: &str) -> String {
        let mut rest = text;
        let mut renamed = String::new();
        while let Some(first) = rest.chars().next() {
            let id = rest.get(..ID).filter(|id| Uuid::try_parse(id).is_ok());
            if let Some(id) = id {
                let known = self.ids.iter().position(|known| known == id);
                let place = known.unwrap_or_else(|| {
                    self.ids.push(id.to_owned());
                    self.ids.len() - 1
                });
                let _ = write!(renamed, "#{place}");
                rest = &rest[ID..];
            } else {
                renamed.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        renamed.replace(self.number, "#number")
    }
}
