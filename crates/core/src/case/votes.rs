//! Ballots and votes, and actions that were taken: the record that separation of duties rests on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{name::Name, time::Time, workflow::StatePath};

use super::{Doer, PersonId};

/// The votes of one visit of a state with a review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ballot {
    /// The state.
    pub state: StatePath,
    /// The visit of that state, from 1.
    pub visit: u32,
    /// When it was opened.
    pub opened_at: Time,
    /// Who was picked (`assign`); `None`: any member may vote.
    pub assigned: Option<Vec<PersonId>>,
    /// Whom it asks since it was opened (`members: snapshot`); `None`: whoever is a member now.
    #[serde(default)]
    pub snapshot: Option<Vec<PersonId>>,
    /// The panels that are open, in the order written; empty where the review has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panels: Vec<OpenPanel>,
    /// Who became a reviewer during this visit (`add_reviewers`).
    #[serde(default)]
    pub added: Vec<PersonId>,
    /// Whether others are asked too, since those who were preferred have all voted and nothing was decided.
    #[serde(default)]
    pub widened: bool,
    /// Votes, oldest first, those that no longer stand among them.
    pub votes: Vec<Vote>,
    /// The last message that went to its reviewers: whoever joins later gets it too.
    #[serde(default)]
    pub told: Option<Name>,
    /// Who has got it, could vote already when it went out, or had voted; without those whose vote fell since.
    #[serde(default)]
    pub asked: BTreeSet<PersonId>,
    /// What happened, once something did.
    pub decided: Option<Outcome>,
}

/// A panel that is asked in a ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPanel {
    /// Its name.
    pub panel: Name,
    /// Whom it asks since it was opened (`members: snapshot`); `None`: whoever is a member now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Vec<PersonId>>,
}

/// How a ballot ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// This decision.
    Decision(Name),
    /// Everybody voted and nothing was decided.
    Otherwise,
    /// Its state was left by an action or a timer.
    Left,
}

/// One person's vote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    /// Who voted.
    pub by: PersonId,
    /// In whose place, first the one whose turn it was; empty: in their own.
    #[serde(default)]
    pub instead_of: Vec<PersonId>,
    /// In which panel, where the review has panels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<Name>,
    /// For what.
    pub decision: Name,
    /// When.
    pub at: Time,
    /// In which round.
    pub round: u32,
    /// Why it no longer stands; `None`: it stands.
    pub fallen: Option<Fallen>,
    /// Whether it stood when its ballot was decided; what happens to it later does not change that.
    #[serde(default)]
    pub counted: bool,
}

impl Ballot {
    /// Everybody whom it asks by name: assigned, of a snapshot, or added. One person may come several times.
    pub fn named(&self) -> impl Iterator<Item = &PersonId> {
        let snapshots = self.panels.iter().filter_map(|open| open.snapshot.as_ref());
        let fixed = self.assigned.iter().chain(&self.snapshot).chain(snapshots);
        fixed.flatten().chain(&self.added)
    }

    /// Whether a vote of it counts: while it runs those that stand, once it is decided those that stood then.
    pub fn counts(&self, vote: &Vote) -> bool {
        if self.decided.is_some() {
            vote.counted
        } else {
            vote.stands()
        }
    }
}

impl Vote {
    /// Whether this person gave it, or it was given in their place.
    pub fn is_of(&self, person: &PersonId) -> bool {
        self.by == *person || self.instead_of.contains(person)
    }

    /// Whether it counts.
    pub fn stands(&self) -> bool {
        self.fallen.is_none()
    }
}

/// Why a vote or a taken action no longer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallen {
    /// Its person voted otherwise.
    Replaced,
    /// Its person took it back.
    TakenBack,
    /// What it covers has changed.
    Changed,
    /// An effect took it back.
    Voided,
    /// Its person came under `except`.
    Excepted,
}

/// An action that was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// The action or decision.
    pub action: Name,
    /// The state that declares it.
    pub state: StatePath,
    /// Who took it; for a decision the last voter.
    pub by: Doer,
    /// In whose place.
    #[serde(default)]
    pub instead_of: Vec<PersonId>,
    /// When.
    pub at: Time,
    /// Why it no longer stands; `None`: it stands.
    pub fallen: Option<Fallen>,
}
