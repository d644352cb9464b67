//! Texts for people in both languages of the product. Not for parsing or showing values: `template` does that.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A language in which people are addressed.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, the language of whoever has stated none.
    #[default]
    En,
    /// Chinese (simplified).
    Zh,
}

impl Language {
    /// Every language, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The tag used in files, addresses and HTML: `en` or `zh`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The text is no language tag that the product knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a language: write `en` or `zh`")]
pub struct NotALanguage;

impl FromStr for Language {
    type Err = NotALanguage;

    /// Takes `en` and `zh`, also with a region (`zh-CN`, `en_GB`), in any case.
    fn from_str(tag: &str) -> Result<Self, NotALanguage> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.tag()))
            .ok_or(NotALanguage)
    }
}

/// A piece of a text of our own, in which what somebody would type stands between backticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// What is typed.
    Code(&'a str),
}

/// The pieces of such a text, in order.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let pieces = text.split('`').enumerate();
    pieces.map(|(place, piece)| match place % 2 {
        0 => Piece::Words(piece),
        _ => Piece::Code(piece),
    })
}

/// A text in both languages. One that was written once reads the same in both.
///
/// In JSON and YAML it is a string or `{ en: …, zh: … }`; a language left out reads as the other one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text {
    /// The English text.
    pub en: String,
    /// The Chinese text.
    pub zh: String,
}

impl Text {
    /// A text with a version for each language.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }

    /// One text for both languages.
    pub fn same(text: &str) -> Self {
        Self::new(text, text)
    }

    /// The version for a reader of this language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }

    /// Whether both languages read the same.
    pub fn is_same(&self) -> bool {
        self.en == self.zh
    }

    /// Whether there is nothing to read in either language.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }

    /// The text with each version changed by `change`.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str, Language) -> String) -> Self {
        Self::new(
            change(&self.en, Language::En),
            change(&self.zh, Language::Zh),
        )
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::same(text)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_same() {
            return serializer.serialize_str(&self.en);
        }
        let mut map = serializer.serialize_map(Some(2))?;
        for language in Language::ALL {
            map.serialize_entry(language.tag(), self.get(language))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or { en: …, zh: … }")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text::same(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let (mut en, mut zh) = (None, None);
        while let Some(language) = map.next_key::<Language>()? {
            let version = Some(map.next_value::<String>()?);
            match language {
                Language::En => en = version,
                Language::Zh => zh = version,
            }
        }
        match (en, zh) {
            (Some(en), Some(zh)) => Ok(Text { en, zh }),
            (Some(text), None) | (None, Some(text)) => Ok(Text::same(&text)),
            (None, None) => Err(de::Error::custom("a text needs `en`, `zh` or both")),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_string_or_a_version_for_each_language() {
        let cases = [
            (r#""Deal""#, Text::same("Deal"), r#""Deal""#),
            (
                r#"{"en":"Deal","zh":"项目"}"#,
                Text::new("Deal", "项目"),
                r#"{"en":"Deal","zh":"项目"}"#,
            ),
            (r#"{"zh":"项目"}"#, Text::same("项目"), r#""项目""#),
        ];
        for (json, text, back) in cases {
            assert_eq!(serde_json::from_str::<Text>(json).unwrap(), text);
            assert_eq!(serde_json::to_string(&text).unwrap(), back);
        }
        for refused in ["{}", "3", r#"{"fr":"Affaire"}"#, r#"{"en":1}"#] {
            assert!(serde_json::from_str::<Text>(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_reader_gets_their_language() {
        let text = Text::new("Approved", "已批准");
        assert_eq!(text.get(Language::En), "Approved");
        assert_eq!(text.get("zh-CN".parse().unwrap()), "已批准");
        assert_eq!("fr".parse::<Language>(), Err(NotALanguage));
    }
}
