//! Names that a workflow file gives to its parts. Not for ids of cases or people.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A `snake_case` identifier of at most 64 characters; cloning it is cheap.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

/// Words that CEL keeps for itself, so that nothing readable in an expression may be called so.
pub const RESERVED_BY_CEL: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// There is nothing.
    #[error("a name is missing")]
    Empty,
    /// More than 64 characters.
    #[error("a name has at most {} characters", Name::LONGEST)]
    TooLong,
    /// Something else than small letters, digits and `_`, or no letter at the beginning.
    #[error("a name begins with a small letter and has only small letters, digits and `_`")]
    NotSnakeCase,
}

impl Name {
    /// The name among these that was probably meant, for "did you mean".
    pub fn nearest<'n>(names: impl IntoIterator<Item = &'n Self>, meant: &str) -> Option<Self> {
        let near = names
            .into_iter()
            .map(|name| (strsim::damerau_levenshtein(name, meant), name));
        near.filter(|(distance, name)| *distance <= 2.max(name.len() / 3))
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, name)| name.clone())
    }

    /// Characters that a name may have at most.
    pub const LONGEST: usize = 64;

    /// Checks and takes a name.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        if text.is_empty() {
            return Err(NotAName::Empty);
        }
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !text.as_bytes()[0].is_ascii_lowercase() || !text.bytes().all(plain) {
            return Err(NotAName::NotSnakeCase);
        }
        if text.len() > Self::LONGEST {
            return Err(NotAName::TooLong);
        }
        Ok(Self(text.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether CEL keeps this word for itself (E108 in the checker).
    pub fn is_reserved_by_cel(&self) -> bool {
        RESERVED_BY_CEL.contains(&self.as_str())
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl std::str::FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        Self::parse(text)
    }
}

impl From<Name> for Arc<str> {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn names_are_snake_case() {
        for good in ["a", "deal", "request_changes", "q3_2026", "a_"] {
            assert_eq!(Name::parse(good).unwrap(), good);
        }
        let long = "a".repeat(65);
        let cases = [
            ("", NotAName::Empty),
            ("Deal", NotAName::NotSnakeCase),
            ("a-b", NotAName::NotSnakeCase),
            ("3d", NotAName::NotSnakeCase),
            ("_a", NotAName::NotSnakeCase),
            ("a.b", NotAName::NotSnakeCase),
            ("名", NotAName::NotSnakeCase),
            (long.as_str(), NotAName::TooLong),
        ];
        for (bad, why) in cases {
            assert_eq!(Name::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn cel_keeps_some_words() {
        assert!(Name::parse("in").unwrap().is_reserved_by_cel());
        assert!(Name::parse("void").unwrap().is_reserved_by_cel());
        assert!(!Name::parse("inbox").unwrap().is_reserved_by_cel());
    }

    #[test]
    fn a_name_reads_and_writes_as_text() {
        let name: Name = serde_json::from_str("\"deal\"").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"deal\"");
        assert!(serde_json::from_str::<Name>("\"Deal\"").is_err());
        let by_name = std::collections::BTreeMap::from([(name, 1)]);
        assert_eq!(by_name.get("deal"), Some(&1));
    }
}
