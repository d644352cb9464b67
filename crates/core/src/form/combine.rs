//! The combining keywords of JSON Schema (`allOf`, `if`, `dependentRequired`, …): what they say of a value, in the shape
//! in which values are judged. Only the full check asks for them; a draft may be anything that its kind allows.

use serde_json::{Map, Value as Json};

use crate::workflow::{FieldKind, Form};

use super::schema::hundredths;

/// Keywords whose meaning does not depend on the kind of the field that they stand at.
pub(super) const COMBINING: [&str; 13] = [
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "prefixItems",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "dependentRequired",
];

/// Keywords that only tell whoever fills the form in.
pub(super) const TELLING: [&str; 2] = ["default", "examples"];

/// What a schema speaks of.
#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    Form(&'a Form),
    Kind(&'a FieldKind),
    /// Nothing that the workflow declares.
    Other,
}

impl Of<'_> {
    fn member(self, name: &str) -> Self {
        match self {
            Self::Form(form) => form
                .fields
                .get(name)
                .map_or(Self::Other, |field| Self::Kind(&field.kind)),
            Self::Kind(FieldKind::Object(fields)) => {
                fields.get(name).map_or(Self::Other, Self::Kind)
            }
            Self::Kind(_) | Self::Other => Self::Other,
        }
    }

    fn item(self) -> Self {
        match self {
            Self::Kind(FieldKind::List { items, .. }) => Self::Kind(items),
            Self::Form(_) | Self::Kind(_) | Self::Other => Self::Other,
        }
    }

    fn is_money(self) -> bool {
        matches!(self, Self::Kind(FieldKind::Money))
    }
}

/// The combining keywords among these, for values as they are judged.
pub(super) fn combining(of: Of<'_>, keywords: &Json) -> Map<String, Json> {
    let words = COMBINING.iter();
    words
        .filter_map(|word| Some(((*word).to_owned(), turned(of, word, keywords.get(word)?))))
        .collect()
}

/// A schema for values as they are judged: bounds of money in hundredths.
fn judging(of: Of<'_>, schema: &Json) -> Json {
    match schema {
        Json::Object(words) => Json::Object(
            words
                .iter()
                // Money is judged as a whole number, whatever its kind is called.
                .filter(|(word, _)| !(of.is_money() && *word == "type"))
                .map(|(word, value)| (word.clone(), turned(of, word, value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// The value of one keyword.
fn turned(of: Of<'_>, word: &str, value: &Json) -> Json {
    let each = |of: Of<'_>| match value {
        Json::Array(schemas) => schemas.iter().map(|schema| judging(of, schema)).collect(),
        other => other.clone(),
    };
    match word {
        "allOf" | "anyOf" | "oneOf" => each(of),
        "prefixItems" => each(of.item()),
        "not" | "if" | "then" | "else" => judging(of, value),
        "items" | "contains" => judging(of.item(), value),
        "properties" => match value {
            Json::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|(name, schema)| (name.clone(), judging(of.member(name), schema)))
                    .collect(),
            ),
            other => other.clone(),
        },
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
        | "const"
            if of.is_money() =>
        {
            in_hundredths(value)
        }
        "enum" if of.is_money() => match value {
            Json::Array(values) => values.iter().map(in_hundredths).collect(),
            other => other.clone(),
        },
        _ => value.clone(),
    }
}

fn in_hundredths(bound: &Json) -> Json {
    hundredths(bound).map_or_else(|| bound.clone(), Json::from)
}
