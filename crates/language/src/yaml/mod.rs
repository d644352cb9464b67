//! YAML as a small tree with places, and the refusals that the language adds to YAML: no tags, no
//! anchors, no duplicate keys, no tabs, no bombs. What keywords mean is not known here.

mod failure;
mod offset;
mod parse;

pub use parse::parse;

use crate::source::Span;

/// A part of a YAML document.
#[derive(Debug, Clone)]
pub struct Yaml {
    /// Where it stands, quotation marks included.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a part of a YAML document is.
#[derive(Debug, Clone)]
pub enum Data {
    /// A text, number, truth or nothing.
    Scalar(Scalar),
    /// A list.
    List(Vec<Yaml>),
    /// A mapping, in document order, each key once.
    Map(Vec<Entry>),
}

/// A text, number, truth or nothing.
#[derive(Debug, Clone)]
pub struct Scalar {
    /// As written, quotation marks and escapes resolved.
    pub text: String,
    /// How it is written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotation marks.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// What a scalar stands for by the core schema of YAML 1.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a point or an exponent.
    Float(f64),
    /// Anything else.
    Text,
}

/// A key of a mapping with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Yaml,
}

/// A key of a mapping.
#[derive(Debug, Clone)]
pub struct Key {
    /// As written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Yaml {
    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            Data::Scalar(_) | Data::List(_) => &[],
        }
    }

    /// The entry of a mapping under this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.text == key)
    }

    /// The value of a mapping under this key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry at the end of this path of keys.
    pub fn find<'a>(&'a self, path: &[&str]) -> Option<&'a Entry> {
        let (last, before) = path.split_last()?;
        before
            .iter()
            .try_fold(self, |at, key| at.get(key))?
            .entry(last)
    }

    /// The items of a list. Anything else stands for a list of one, nothing for an empty one.
    pub fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            Data::Scalar(_) | Data::Map(_) if self.is_null() => &[],
            Data::Scalar(_) | Data::Map(_) => std::slice::from_ref(self),
        }
    }

    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.data {
            Data::Scalar(scalar) => Some(scalar),
            Data::List(_) | Data::Map(_) => None,
        }
    }

    /// Whether nothing is written here.
    pub fn is_null(&self) -> bool {
        self.scalar()
            .is_some_and(|scalar| scalar.kind() == Kind::Null)
    }

    /// Whether it is a mapping.
    pub fn is_map(&self) -> bool {
        matches!(self.data, Data::Map(_))
    }

    /// What it is, in a word for people.
    pub fn what(&self) -> &'static str {
        match &self.data {
            Data::Scalar(scalar) => match scalar.kind() {
                Kind::Null => "nothing",
                Kind::Bool(_) => "true or false",
                Kind::Int(_) | Kind::Float(_) => "a number",
                Kind::Text => "a text",
            },
            Data::List(_) => "a list",
            Data::Map(_) => "a mapping",
        }
    }

    /// The same as JSON: numbers and truths as such unless they are quoted.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.data {
            Data::Scalar(scalar) => match scalar.kind() {
                Kind::Null => Value::Null,
                Kind::Bool(truth) => Value::Bool(truth),
                Kind::Int(number) => number.into(),
                Kind::Float(number) => number.into(),
                Kind::Text => Value::String(scalar.text.clone()),
            },
            Data::List(items) => items.iter().map(Self::to_json).collect(),
            Data::Map(entries) => entries
                .iter()
                .map(|entry| (entry.key.text.clone(), entry.value.to_json()))
                .collect(),
        }
    }
}

impl Scalar {
    /// What it stands for.
    pub fn kind(&self) -> Kind {
        if self.style != Style::Plain {
            return Kind::Text;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
            "true" | "True" | "TRUE" => return Kind::Bool(true),
            "false" | "False" | "FALSE" => return Kind::Bool(false),
            _ => {}
        }
        if let Ok(number) = self.text.parse() {
            return Kind::Int(number);
        }
        let numeric = self
            .text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            && self.text.bytes().any(|byte| byte.is_ascii_digit());
        match self.text.parse::<f64>() {
            Ok(number) if numeric && number.is_finite() => Kind::Float(number),
            _ => Kind::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let kind = |text: &str| {
            Scalar {
                text: text.to_owned(),
                style: Style::Plain,
            }
            .kind()
        };
        for (text, expected) in [
            ("", Kind::Null),
            ("~", Kind::Null),
            ("true", Kind::Bool(true)),
            ("yes", Kind::Text),
            ("on", Kind::Text),
            ("20", Kind::Int(20)),
            ("-3", Kind::Int(-3)),
            ("0.01", Kind::Float(0.01)),
            ("1e3", Kind::Float(1000.0)),
            ("2026q3", Kind::Text),
            ("2026-11-23", Kind::Text),
            ("1..5", Kind::Text),
            (".inf", Kind::Text),
            ("nan", Kind::Text),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
        let quoted = Scalar {
            text: "20".to_owned(),
            style: Style::Double,
        };
        assert_eq!(quoted.kind(), Kind::Text);
    }
}
