//! Panels: several groups that review at once, each with its own people and numbers.

use indexmap::IndexMap;

use crate::{expression::Expression, name::Name, text::Text};

use super::Votes;

/// One group of a review that has several.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Its name.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// The roles that vote in it.
    pub by: Vec<Name>,
    /// Opens it only where this is true; one that fails leaves it open.
    pub when: Option<Expression>,
    /// How many of its votes reach a decision, where that is not the decision's own number.
    pub votes: IndexMap<Name, Votes>,
}

/// How many open panels must have reached a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Agreement {
    /// Every one.
    #[default]
    All,
    /// One is enough.
    Any,
}
