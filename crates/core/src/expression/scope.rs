//! Which names an expression may use, and of what kind they are.

use indexmap::IndexMap;

use super::types::{Member, Type};

/// The names that an expression may use. What is added later shadows what was there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    names: IndexMap<String, Member>,
}

impl Scope {
    /// No names at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// What every expression may use (SEMANTICS 4, 5, 8): `case`, `now`, `today`, `comment`, `starter`, `partner`
    /// with its id and name. The rest depends on the workflow and on the place.
    pub fn standard() -> Self {
        let partner = Type::record([("id", Type::String), ("name", Type::String)]);
        Self::new()
            .with("case", case())
            .with("now", Type::Time)
            .with("today", Type::Date)
            .with("comment", Type::String)
            .with_optional("starter", Type::Person)
            .with_optional("partner", partner)
    }

    /// The scope with one more name.
    #[must_use]
    pub fn with(mut self, name: &str, ty: Type) -> Self {
        self.insert(name, ty);
        self
    }

    /// The scope with one more name that may stand for nothing; `has(name.member)` asks.
    #[must_use]
    pub fn with_optional(mut self, name: &str, ty: Type) -> Self {
        self.names.insert(name.to_owned(), Member::optional(ty));
        self
    }

    /// Adds a name.
    pub fn insert(&mut self, name: &str, ty: Type) {
        self.names.insert(name.to_owned(), Member::required(ty));
    }

    /// Takes a name away.
    pub fn remove(&mut self, name: &str) {
        self.names.shift_remove(name);
    }

    /// The kind of a name.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.names.get(name).map(|member| &member.ty)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// What an expression sees of the case itself (SEMANTICS 4), besides `is_in`, `took`, `times` and `last`.
fn case() -> Type {
    Type::record([
        ("id", Type::String),
        ("number", Type::String),
        ("title", Type::Text),
        ("state", Type::String),
        ("round", Type::Int),
        ("visits", Type::map_of(Type::Int)),
        ("entered", Type::map_of(Type::Time)),
        ("submitted_at?", Type::Time),
        ("opened_at", Type::Time),
        ("end", Type::String),
    ])
}
