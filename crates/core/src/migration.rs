//! What a migration of a case would come to: the verdict, and each reason for it. Data only; judging is `step`'s.

use serde::{Deserialize, Serialize};

use crate::{
    outcome::Missing,
    text::Text,
    workflow::{Place, StatePath},
};

/// Whether a case can be moved to another version of its workflow; the worst of its remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing but the version changes.
    Safe,
    /// It can; something is decided by a default that the remarks name.
    SafeWithDefault,
    /// Somebody must supply what the newer version asks for.
    NeedsInput,
    /// The file gives it no way; it stays with its version.
    Impossible,
}

impl Verdict {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::SafeWithDefault => "safe_with_default",
            Self::NeedsInput => "needs_input",
            Self::Impossible => "impossible",
        }
    }
}

/// One reason of a verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark {
    /// How much weight it has.
    pub verdict: Verdict,
    /// What it is about: a state, timer, form or limit.
    pub name: String,
    /// What to tell the operator.
    pub message: Text,
    /// The place that it points to.
    pub at: Option<Place>,
}

/// What a migration comes to, or would.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Where the case is.
    pub from: StatePath,
    /// Where it would be; `None` if it cannot be moved.
    pub to: Option<StatePath>,
    /// Every reason, in the order found.
    pub remarks: Vec<Remark>,
}

impl Assessment {
    /// The worst of the remarks.
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.remarks.iter().map(|remark| remark.verdict);
        verdicts.max().unwrap_or(Verdict::Safe)
    }
}

impl Remark {
    /// The same, as a reason of a refusal.
    pub fn into_missing(self) -> Missing {
        Missing {
            name: self.name,
            message: self.message,
            at: self.at,
        }
    }
}
