//! What a case waits for outside of itself: whose change wakes it (rule 49). Waking is the store's and the world's.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::context::FactKey;

use super::CaseId;

/// Something outside of a case that its running ballots, `at` timers or `as_soon_as` have read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Watch(String);

impl Watch {
    /// The facts of one kind about one subject.
    pub fn fact(key: &FactKey) -> Self {
        Self(format!("fact {} {}", key.kind, key.subject))
    }

    /// Another case.
    pub fn case(id: CaseId) -> Self {
        Self(format!("case {id}"))
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
