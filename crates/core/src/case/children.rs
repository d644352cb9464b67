//! Child cases of a case, and the case that it is a child of.

use serde::{Deserialize, Serialize};

use crate::name::Name;

use super::{CaseId, PartnerId, PersonId};

/// A child case that was opened, or is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// Which of the workflow's `children`.
    pub of: Name,
    /// What tells it apart from the others of them.
    pub key: String,
    /// The case. It is there soon after the commit that names it.
    pub case: CaseId,
    /// It could not be opened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
}

/// The case that a case is a child of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The parent.
    pub case: CaseId,
    /// Its workflow.
    pub workflow: Name,
    /// Whose cases both are.
    pub partner: Option<PartnerId>,
    /// Who opened the parent.
    pub starter: Option<PersonId>,
    /// Whether the child goes on when the parent has ended.
    pub keep: bool,
    /// How many parents there are above the child.
    pub generation: u32,
}
