//! Links: other cases that a case reads, picked by a person or found by what they hold. Finding is `crate::found`'s.

use crate::{expression::Expression, name::Name, template::Template, text::Text};

use super::{Localized, StatePath};

/// A related case, or several.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its name in the file.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// The workflow of the related case.
    pub workflow: Name,
    /// Whether it must be of the same partner.
    pub same_partner: bool,
    /// What its fields must hold, all of it.
    pub matches: Vec<Match>,
    /// The states that it must be in (an outer one means any inner one); empty: any.
    pub states: Vec<StatePath>,
    /// `None`: a person picks one. Else all that match, the newest first and at most so many; nobody picks.
    pub many: Option<u32>,
    /// Whether it may be missing.
    pub optional: bool,
    /// What to tell the person.
    pub otherwise: Option<Localized<Template>>,
    /// The line of the file.
    pub line: u32,
}

/// A field of the related case, and what it must hold.
#[derive(Debug, Clone)]
pub struct Match {
    /// The form and the field, and `id` where the field holds an entry of a list.
    pub field: Vec<Name>,
    /// Whether the field holds several values, of which one is enough.
    pub several: bool,
    /// The value, reckoned from this case.
    pub value: Expression,
}
