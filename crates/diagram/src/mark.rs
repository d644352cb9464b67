//! How far a case has come: where it is and the way it took. Read from its history; it draws nothing.

use countersign_core::{
    case::Case,
    history::{Entry, What},
    name::Name,
    workflow::StatePath,
};

/// Where a case is, and how it came there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseMark {
    /// The leaf that it is in, or the state with tracks.
    pub current: StatePath,
    /// The leaf of each running track.
    pub tracks: Vec<StatePath>,
    /// Its moves, the first first.
    pub way: Vec<Moved>,
}

/// One move of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What moved it.
    pub by: Mover,
    /// The leaf it left; none when the case was opened.
    pub from: Option<StatePath>,
    /// The leaf it came to.
    pub to: StatePath,
}

/// What moved a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mover {
    /// It was opened.
    Opening,
    /// An action, decision or timer.
    Named(Name),
    /// Everybody had voted and nothing was decided.
    NoDecision,
    /// An operator; this way stands in no workflow.
    Operator,
}

impl CaseMark {
    /// Of a case and its history entries, the first first.
    pub fn of<'e>(case: &Case, history: impl IntoIterator<Item = &'e Entry>) -> Self {
        let way = history.into_iter().filter_map(moved).collect();
        Self {
            current: case.state.clone(),
            tracks: case.tracks.values().cloned().collect(),
            way,
        }
    }
}

fn moved(entry: &Entry) -> Option<Moved> {
    let by = match entry.what {
        What::Opened => Mover::Opening,
        What::Move | What::Migrate | What::MigrationUndone => Mover::Operator,
        What::Otherwise => Mover::NoDecision,
        What::Action | What::Decision | What::Timer => Mover::Named(entry.action.clone()?),
        // A vote moves nothing by itself: the decision that it brings about has an entry of its own.
        What::Vote
        | What::VoteTakenBack
        | What::Assigned
        | What::Claimed
        | What::Released
        | What::Delegated
        | What::Reassigned
        | What::Voided
        | What::Edit
        | What::Comment
        | What::Reply
        | What::Attached
        | What::Detached
        | What::Child
        | What::Hold
        | What::Resume
        | What::Kept
        | What::Incident
        | What::Settled => return None,
    };
    Some(Moved {
        by,
        from: entry.from.clone(),
        to: entry.to.clone()?,
    })
}
