//! Child cases: what a case opens besides itself, and waits for. Opening them is `step`'s.

use crate::{expression::Expression, name::Name, text::Text};

/// Child cases that an effect opens.
#[derive(Debug, Clone)]
pub struct Children {
    /// Their name in the file.
    pub name: Name,
    /// What people call them.
    pub title: Text,
    /// Their workflow.
    pub workflow: Name,
    /// One for each of these; `None`: one whenever the effect happens.
    pub each: Option<Each>,
    /// What they begin with.
    pub with: Vec<With>,
    /// Whether they go on when the parent has ended.
    pub keep: bool,
    /// The line of the file.
    pub line: u32,
}

/// For what children are opened.
#[derive(Debug, Clone)]
pub struct Each {
    /// The list.
    pub list: Expression,
    /// What tells its entries apart, reckoned over `item`.
    pub key: Expression,
}

/// A field of the child, and what it begins with.
#[derive(Debug, Clone)]
pub struct With {
    /// The form.
    pub form: Name,
    /// Its field.
    pub field: Name,
    /// The value, reckoned from the parent and, with `each`, over `item`.
    pub value: Expression,
}
