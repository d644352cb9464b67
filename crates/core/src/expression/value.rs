//! Values that expressions read and give, and their form in JSON.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::types::{Members, Type};
use crate::money::Money;
use crate::text::Text;
use crate::time::{self, Date, Time};

/// A value. Cloning is cheap.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing; JSON's null.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction; always finite.
    Double(f64),
    /// Text that reads the same for everybody.
    String(Arc<str>),
    /// Text with a version for each language.
    Text(Arc<Text>),
    /// A day.
    Date(Date),
    /// A moment.
    Time(Time),
    /// An amount of money.
    Money(Money),
    /// A list.
    List(Arc<[Value]>),
    /// A record or a map.
    Map(Map),
    /// Somebody. Two are equal when their `id` is, and they are shown by name.
    Person(Map),
}

/// The members of a record, or the entries of a map; what is absent is not in it.
pub type Map = Arc<IndexMap<Arc<str>, Value>>;

/// A JSON value is not of the kind that it must have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is not {expected}", if path.is_empty() { "the value" } else { path })]
pub struct NotOfType {
    /// Where in the value, such as `services.3.name`; empty for the value itself.
    pub path: String,
    /// What it must be, with an article.
    pub expected: String,
}

impl Value {
    /// A text.
    pub fn string(text: &str) -> Self {
        Self::String(text.into())
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// A record or map.
    pub fn map<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(Self::members_of(members))
    }

    /// Somebody, with the members that are known of them; at least `id`.
    pub fn person<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Person(Self::members_of(members))
    }

    fn members_of<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Value)>) -> Map {
        Arc::new(members.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }

    /// A member of a record, map or person.
    pub fn member(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Map(members) | Self::Person(members) => members.get(name),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Double(_)
            | Self::String(_)
            | Self::Text(_)
            | Self::Date(_)
            | Self::Time(_)
            | Self::Money(_)
            | Self::List(_) => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if it reads the same for everybody.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The entries, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// Takes a JSON value as what the schema says it is: `"330000.00"` as money, `"2026-12-20"` as a date, 5 as a
    /// number with a fraction. Members that are null or unknown to the type are left out.
    pub fn from_json(json: &Json, ty: &Type) -> Result<Self, NotOfType> {
        let value = match ty {
            _ if json.is_null() => Some(Self::Null),
            Type::Any => Some(Self::untyped(json)),
            Type::Bool => json.as_bool().map(Self::Bool),
            Type::Int => whole(json).map(Self::Int),
            Type::Double => json.as_f64().filter(|n| n.is_finite()).map(Self::Double),
            Type::String => json.as_str().map(Self::string),
            Type::Text => text(json),
            Type::Date => json.as_str().and_then(time::date_from_text).map(Self::Date),
            Type::Time => json.as_str().and_then(time::from_text).map(Self::Time),
            Type::Money => Money::from_json(json).ok().map(Self::Money),
            Type::Person => person(json),
            Type::List { item, .. } => match json.as_array() {
                Some(items) => Some(list(items, item)?),
                None => None,
            },
            Type::Record(members) => match json.as_object() {
                Some(object) => Some(record(object, members)?),
                None => None,
            },
            Type::MapOf(entry) => match json.as_object() {
                Some(object) => Some(entries(object, entry)?),
                None => None,
            },
        };
        value.ok_or_else(|| NotOfType {
            path: String::new(),
            expected: ty.to_string(),
        })
    }

    /// Takes a JSON value as it looks; only where no type is known.
    fn untyped(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(truth) => Self::Bool(*truth),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Self::Int(whole),
                None => number.as_f64().map_or(Self::Null, Self::Double),
            },
            Json::String(text) => Self::string(text),
            Json::Array(items) => Self::list(items.iter().map(Self::untyped)),
            Json::Object(members) => Self::map(
                members
                    .iter()
                    .map(|(name, json)| (name.as_str(), Self::untyped(json))),
            ),
        }
    }

    /// The value in JSON: money and dates as text, a person as an object with what is known of them.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(truth) => Json::Bool(*truth),
            Self::Int(number) => Json::from(*number),
            Self::Double(number) => Json::from(*number),
            Self::String(text) => Json::from(&**text),
            Self::Text(text) if text.is_same() => Json::from(text.en.as_str()),
            Self::Text(text) => serde_json::json!({ "en": text.en, "zh": text.zh }),
            Self::Date(date) => Json::from(date.to_string()),
            Self::Time(time) => Json::from(time::to_text(*time)),
            Self::Money(money) => Json::from(money.to_string()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(members) | Self::Person(members) => Json::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_json()))
                    .collect(),
            ),
        }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(Arc::new(text))
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Self::Time(time)
    }
}

/// A whole number. JSON Schema calls 5.0 an integer too.
fn whole(json: &Json) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    json.as_i64().or_else(|| {
        let number = json.as_f64()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a whole number below 2^53 is exact in both"
        )]
        (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
    })
}

fn text(json: &Json) -> Option<Value> {
    if let Json::String(text) = json {
        return Some(Value::String(text.as_str().into()));
    }
    let text: Text = serde::Deserialize::deserialize(json).ok()?;
    Some(Value::Text(Arc::new(text)))
}

/// A person, given whole or by id.
fn person(json: &Json) -> Option<Value> {
    if let Json::String(id) = json {
        return Some(Value::person([("id", Value::string(id))]));
    }
    let object = json.as_object().filter(|o| o.contains_key("id"))?;
    let Value::Map(members) = record(object, &super::types::person_members()).ok()? else {
        return None;
    };
    Some(Value::Person(members))
}

fn list(items: &[Json], item: &Type) -> Result<Value, NotOfType> {
    let items = items.iter().enumerate().map(|(position, json)| {
        Value::from_json(json, item).map_err(|error| inside(&position.to_string(), error))
    });
    Ok(Value::List(items.collect::<Result<_, _>>()?))
}

fn record(object: &serde_json::Map<String, Json>, members: &Members) -> Result<Value, NotOfType> {
    let mut out = IndexMap::with_capacity(members.len());
    for (name, member) in members {
        if let Some(json) = object.get(name).filter(|json| !json.is_null()) {
            let value = Value::from_json(json, &member.ty).map_err(|error| inside(name, error))?;
            out.insert(Arc::from(name.as_str()), value);
        }
    }
    Ok(Value::Map(Arc::new(out)))
}

fn entries(object: &serde_json::Map<String, Json>, entry: &Type) -> Result<Value, NotOfType> {
    let entries = object.iter().filter(|(_, json)| !json.is_null());
    let entries = entries.map(|(key, json)| {
        let value = Value::from_json(json, entry).map_err(|error| inside(key, error))?;
        Ok((Arc::from(key.as_str()), value))
    });
    Ok(Value::Map(Arc::new(entries.collect::<Result<_, _>>()?)))
}

fn inside(name: &str, error: NotOfType) -> NotOfType {
    let dot = if error.path.is_empty() { "" } else { "." };
    NotOfType {
        path: format!("{name}{dot}{}", error.path),
        expected: error.expected,
    }
}
