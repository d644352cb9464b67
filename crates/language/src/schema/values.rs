//! Values that occur in many places of the language, as JSON Schema.

use std::{borrow::Cow, collections::BTreeMap, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

/// A text for people: a string, or a version for each language. Some may contain `{{ expression }}`.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Texts {
    /// The same in all languages.
    Same(String),
    /// A version for each language.
    Each(EachLanguage),
}

/// The words that a field may hold.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Words {
    /// Called as they are written.
    Plain(Vec<Value>),
    /// Each with its title.
    Titled(BTreeMap<String, Option<Texts>>),
}

/// A version for each language.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct EachLanguage {
    /// In English.
    pub en: Option<String>,
    /// In Chinese.
    pub zh: Option<String>,
}

/// One value, or a list of them.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum OneOrMany<T> {
    /// One.
    One(T),
    /// Several.
    Many(Vec<T>),
}

/// An expression (CEL).
pub struct Cel(pub String);

impl JsonSchema for Cel {
    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An expression (CEL), for example `deal.amount > 1000000`. Quote one that begins with `!`, `[` or `{`.",
            "type": ["string", "number", "boolean"],
            "maxLength": 1000,
        })
    }
}

/// A length of time.
pub struct Duration(pub String);

impl JsonSchema for Duration {
    fn schema_name() -> Cow<'static, str> {
        "Length".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A length of time: `7 days`, `3 business days`, `16 business hours`, `1 month`. Several add up.",
            "type": "string",
            "pattern": "^[0-9]+ (second|minute|hour|day|week|month|year|business day|business hour)s?( [0-9]+ (second|minute|hour|day|week|month|year|business day|business hour)s?)*$",
        })
    }
}

/// Things by name.
pub struct Named<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("NamedOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let values = generator.subschema_for::<T>();
        json_schema!({
            "type": "object",
            "propertyNames": { "pattern": "^[a-z][a-z0-9_]{0,63}$" },
            "additionalProperties": values,
        })
    }
}
