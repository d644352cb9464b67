//! Turns that changed hands within a visit of a state: handed over to somebody else, or claimed for oneself. Who
//! may do what by it is `policy`'s.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{name::Name, time::Time, workflow::StatePath};

use super::PersonId;

/// A turn that was handed over: delegated by its owner, or reassigned by an operator. It dies with the visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// The state whose turn it is.
    pub state: StatePath,
    /// Whose turn it was.
    pub from: PersonId,
    /// Whose it is now.
    pub to: PersonId,
    /// Who handed it over.
    pub by: PersonId,
    /// When.
    pub at: Time,
}

/// A turn that somebody took for himself alone, until it lapses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The state that lets turns be claimed.
    pub state: StatePath,
    /// Who took it.
    pub by: PersonId,
    /// In which role.
    pub role: Name,
    /// Since when.
    pub at: Time,
    /// Until when, exclusive.
    pub until: Time,
    /// Those who were asked too, and told that there is nothing to do for them while it is taken.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub told: BTreeSet<PersonId>,
}

impl Claim {
    /// Whether it takes the turn of a state from everybody else in a role.
    pub fn holds(&self, at: &StatePath, role: &Name) -> bool {
        let concerns = at.is_in(self.state.as_str()) || self.state.is_in(at.as_str());
        concerns && self.role == *role
    }
}
