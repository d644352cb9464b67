//! What is wrong with an expression, and what is expected of one.

use super::types::Type;

/// Something wrong with an expression, found when a workflow is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `E300` … `E307`.
    pub code: &'static str,
    /// Where it begins, in bytes of the source.
    pub start: usize,
    /// Where it ends, in bytes of the source.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Of what kind the result of an expression must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// Anything.
    Any,
    /// A condition.
    Bool,
    /// A number of votes, or the truth that there are enough.
    Votes,
    /// A whole number or money: what a limit counts.
    Amount,
    /// A date or a moment.
    Moment,
    /// Something that can be shown in a text.
    Shown,
    /// A person.
    Person,
    /// Persons: one or a list.
    People,
    /// A text, or a list of texts: names of groups, mail addresses.
    Names,
    /// Something that tells things apart: a text, number, date, person, or a list of them.
    Key,
    /// A list.
    List,
    /// A value for something of exactly this kind.
    Exactly(Type),
}
