//! What a case waits for outside of itself: whose change wakes it (rule 49). Waking is the store's and the world's.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{context::FactKey, found::Whose, name::Name};

use super::{Case, CaseId, GroupId, PartnerId, PersonId};

/// Something outside of a case that its running ballots, `at` timers or `as_soon_as` have read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Watch(String);

impl Watch {
    /// The facts of one kind about one subject.
    pub fn fact(key: &FactKey) -> Self {
        Self(format!("fact {} {}", key.kind, key.subject))
    }

    /// A person: whether they are there, in which groups, and what is known of them.
    pub fn person(id: &PersonId) -> Self {
        Self(format!("person {id}"))
    }

    /// Who is in a group.
    pub fn group(id: &GroupId) -> Self {
        Self(format!("group {id}"))
    }

    /// Who belongs to a partner.
    pub fn people_of(id: &PartnerId) -> Self {
        Self(format!("people of {id}"))
    }

    /// Another case.
    pub fn case(id: CaseId) -> Self {
        Self(format!("case {id}"))
    }

    /// Any case of a workflow: of all partners, or of one (or of none).
    pub fn cases_of(workflow: &Name, whose: &Whose) -> Self {
        match whose {
            Whose::Anybody => Self(format!("cases {workflow}")),
            Whose::Of(None) => Self(format!("cases {workflow} of nobody")),
            Whose::Of(Some(partner)) => Self(format!("cases {workflow} of {partner}")),
        }
    }

    /// What a change of this case is a change of.
    pub fn changed(case: &Case) -> Vec<Self> {
        let of = |whose| Self::cases_of(&case.workflow, &whose);
        vec![
            Self::case(case.id),
            of(Whose::Anybody),
            of(Whose::Of(case.partner.clone())),
        ]
    }

    /// As stores keep it: the same for the same thing.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
