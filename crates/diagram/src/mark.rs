//! How far a case has come: where it is and the way it took. Read from its history; it draws nothing.

use countersign_core::{case::Case, history::Entry, name::Name, workflow::StatePath};

/// Where a case is, and how it came there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseMark {
    /// The leaf that it is in.
    pub current: StatePath,
    /// Its moves, the first first.
    pub way: Vec<Moved>,
}

/// One move of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The action, decision or timer; none when voters ran out, or an operator moved it.
    pub by: Option<Name>,
    /// The leaf it left; none when the case was opened.
    pub from: Option<StatePath>,
    /// The leaf it came to.
    pub to: StatePath,
}

impl CaseMark {
    /// Of a case and its history entries, the first first.
    pub fn of<'e>(case: &Case, history: impl IntoIterator<Item = &'e Entry>) -> Self {
        let moved = |entry: &Entry| {
            let to = entry.to.clone()?;
            Some(Moved {
                by: entry.action.clone(),
                from: entry.from.clone(),
                to,
            })
        };
        Self {
            current: case.state.clone(),
            way: history.into_iter().filter_map(moved).collect(),
        }
    }
}
