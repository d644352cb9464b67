//! States: the places where a case can be, in a tree of at most 256 and at most 8 deep.

use std::{collections::HashMap, fmt, sync::Arc};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{
    machine::{Slot, Tree},
    name::Name,
    text::Text,
    time::Length,
};

use super::{Action, Effect, Review, Thing, Timer};

/// A state's place among all states of its workflow version. Never stored: stored is the path.
pub type StateId = Slot;

/// A state's full path, for example `approved.result_ready`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StatePath(Arc<str>);

impl StatePath {
    /// The path that reads so.
    pub fn new(path: &str) -> Self {
        Self(path.into())
    }

    /// As written: names joined by dots.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `outer` or lies in it.
    pub fn is_in(&self, outer: &str) -> bool {
        self.0
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

impl std::borrow::Borrow<str> for StatePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StatePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A state.
#[derive(Debug, Clone)]
pub struct State {
    /// Its place among all states.
    pub id: StateId,
    /// Its own name.
    pub name: Name,
    /// Its full path.
    pub path: StatePath,
    /// The state that it lies in.
    pub parent: Option<StateId>,
    /// On the badge and the drawing.
    pub title: Text,
    /// Who may change what here; holds in all inner states too.
    pub edit: Vec<Grant>,
    /// What a role sees from here on.
    pub show: Vec<Grant>,
    /// What a role no longer sees from here on.
    pub hide: Vec<Grant>,
    /// Effects on entry.
    pub enter: Vec<Effect>,
    /// Effects on exit.
    pub exit: Vec<Effect>,
    /// How long it may take; orders the inbox.
    pub due: Option<Length>,
    /// While the case is in one of these, that time stands still.
    pub pauses_in: Vec<StateId>,
    /// How long a turn here can be claimed; `None`: it cannot.
    pub claim: Option<Length>,
    /// The review.
    pub review: Option<Review>,
    /// Actions in document order.
    pub actions: IndexMap<Name, Action>,
    /// Timers in document order.
    pub timers: IndexMap<Name, Timer>,
    /// A leaf, an outer state, or an end.
    pub kind: StateKind,
    /// The line of the file.
    pub line: u32,
}

/// What a role may edit, or sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role; `None` in `show` and `hide` means the starter's side.
    pub role: Option<Name>,
    /// `system` instead of a role.
    pub system: bool,
    /// The things, with `materials` spelt out.
    pub things: Vec<Thing>,
}

/// What kind of state it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateKind {
    /// A case can rest here.
    Leaf,
    /// It has inner states, and begins in this one.
    Outer {
        /// Where it begins.
        start: StateId,
    },
    /// Its inner states are tracks, and run all at once.
    Tracks,
    /// The case is over.
    End(End),
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// As hoped.
    Success,
    /// Refused or failed.
    Failure,
    /// Neither.
    Neutral,
}

impl End {
    /// The word in files, answers and expressions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Neutral => "neutral",
        }
    }
}

/// All states of a workflow, in document order, with their tree.
#[derive(Debug, Clone)]
pub struct States {
    all: Vec<State>,
    by_path: HashMap<StatePath, StateId>,
    tree: Tree,
}

impl States {
    /// The states in slot order, and the tree that was built from them.
    pub fn new(all: Vec<State>, tree: Tree) -> Self {
        let by_path = all
            .iter()
            .map(|state| (state.path.clone(), state.id))
            .collect();
        Self { all, by_path, tree }
    }

    /// The tree that the machine walks.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The state of this id.
    pub fn get(&self, id: StateId) -> &State {
        &self.all[id.index()]
    }

    /// The state of this path.
    pub fn find(&self, path: &str) -> Option<&State> {
        self.by_path.get(path).map(|id| self.get(*id))
    }

    /// In document order, outer before inner.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &State> {
        self.all.iter()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// The state itself and all that it lies in, inner first.
    pub fn outward(&self, from: StateId) -> impl Iterator<Item = &State> {
        std::iter::successors(Some(self.get(from)), |state| {
            state.parent.map(|id| self.get(id))
        })
    }
}
