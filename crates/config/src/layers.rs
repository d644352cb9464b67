//! Lays the layers of settings over one another and keeps where each came from. Not for what a text means: that is
//! `reader`'s and `settings`'.

use crate::{
    error::{Fault, Origin},
    keys::{self, Kind},
};
use std::{collections::BTreeMap, path::Path};
use toml::de::{DeTable, DeValue};

/// The variables that are settings begin with this.
const PREFIX: &str = "COUNTERSIGN__";

/// A setting as the uppermost layer has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub value: Value,
    pub origin: Origin,
}

/// A value, not yet understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Flag(bool),
    Number(u32),
    List(Vec<String>),
}

/// The settings by their names, and what was wrong on the way.
#[derive(Debug, Default)]
pub struct Layers {
    pub settings: BTreeMap<String, Setting>,
    pub faults: Vec<Fault>,
}

impl Layers {
    /// Adds a TOML text; `path` is none for the defaults.
    pub fn add_text(&mut self, text: &str, path: Option<&Path>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let place = |at: usize| match path {
            None => Origin::Default,
            Some(path) => {
                let (line, column) = position(text, at);
                Origin::File {
                    path: path.to_owned(),
                    line,
                    column,
                }
            }
        };
        if errors.is_empty() {
            self.add_table("", table.get_ref(), &place);
        }
        self.faults.extend(errors.iter().map(|error| Fault {
            origin: place(error.span().map_or(0, |span| span.start)),
            message: format!("not TOML: {}", error.message()),
        }));
    }

    /// Adds the variables of the environment that begin with `COUNTERSIGN__`; others are none of ours.
    pub fn add_variables(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (name, text) in variables {
            let Some(rest) = name.strip_prefix(PREFIX) else {
                continue;
            };
            let key = rest.to_ascii_lowercase().replace("__", ".");
            let origin = Origin::Variable(name);
            match keys::kind(&key) {
                None => self.unknown(&key, origin),
                Some(kind) => match value_of_variable(kind, text) {
                    Some(value) => drop(self.settings.insert(key, Setting { value, origin })),
                    None => self.wrong_kind(&key, kind, origin),
                },
            }
        }
    }

    fn add_table(&mut self, prefix: &str, table: &DeTable<'_>, place: &impl Fn(usize) -> Origin) {
        for (name, value) in table {
            let key = if prefix.is_empty() {
                name.get_ref().to_string()
            } else {
                format!("{prefix}.{}", name.get_ref())
            };
            let origin = place(value.span().start);
            match (keys::kind(&key), value.get_ref()) {
                (Some(kind), value) => match value_of_toml(kind, value) {
                    Some(value) => drop(self.settings.insert(key, Setting { value, origin })),
                    None => self.wrong_kind(&key, kind, origin),
                },
                (None, DeValue::Table(inner)) if keys::is_section(&key) => {
                    self.add_table(&key, inner, place);
                }
                (None, _) if keys::is_section(&key) => self.faults.push(Fault {
                    origin,
                    message: format!(
                        "`{key}` is a section of settings, not a setting: write `[{key}]`"
                    ),
                }),
                (None, _) => self.unknown(&key, place(name.span().start)),
            }
        }
    }

    fn unknown(&mut self, key: &str, origin: Origin) {
        let hint = keys::nearest(key)
            .map(|known| format!("; did you mean `{known}`?"))
            .unwrap_or_default();
        self.faults.push(Fault {
            origin,
            message: format!("`{key}` is not a setting{hint}"),
        });
    }

    fn wrong_kind(&mut self, key: &str, kind: Kind, origin: Origin) {
        let right = match kind {
            Kind::Text { .. } => "a text in quotes",
            Kind::Flag => "`true` or `false`",
            Kind::Number => "a whole number, such as 100",
            Kind::List => "a list of texts, such as [\"payment\"]",
        };
        self.faults.push(Fault {
            origin,
            message: format!("`{key}` must be {right}"),
        });
    }
}

fn value_of_toml(kind: Kind, value: &DeValue<'_>) -> Option<Value> {
    match (kind, value) {
        (Kind::Text { .. }, DeValue::String(text)) => Some(Value::Text(text.to_string())),
        (Kind::Flag, DeValue::Boolean(flag)) => Some(Value::Flag(*flag)),
        (Kind::Number, DeValue::Integer(number)) => {
            u32::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(Value::Number)
        }
        (Kind::List, DeValue::Array(items)) => {
            let texts = items.iter().map(|item| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            });
            texts.collect::<Option<Vec<_>>>().map(Value::List)
        }
        _ => None,
    }
}

fn value_of_variable(kind: Kind, text: String) -> Option<Value> {
    match kind {
        Kind::Text { .. } => Some(Value::Text(text)),
        Kind::Flag => text.parse().ok().map(Value::Flag),
        Kind::Number => text.parse().ok().map(Value::Number),
        Kind::List => {
            let items = text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty());
            Some(Value::List(items.map(str::to_owned).collect()))
        }
    }
}

/// Line and column, from 1, of the byte `at`.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}
