//! `migrate`: how the cases of an older version may be moved to this one. Moving them is `step`'s.

use indexmap::IndexMap;

use crate::{name::Name, text::Text};

use super::{Place, SetValue, StateId, StatePath};

/// What `migrate: { 1: … }` says about the cases of version 1.
#[derive(Debug, Clone, Default)]
pub struct Migration {
    /// States of the older version that are called otherwise now, or whose cases go elsewhere.
    pub states: IndexMap<StatePath, StateId>,
    /// States of the older version whose cases stay with it.
    pub stay: Vec<StatePath>,
    /// Forms, fields, materials and links that are called otherwise now: older name to newer.
    pub data: IndexMap<Place, Place>,
    /// Values that are written, in the order given, after `data`.
    pub set: Vec<SetValue>,
    /// What becomes of timers, by name. One that is not named is kept, restarted if it is new, dropped if it has gone.
    pub timers: IndexMap<Name, TimerFate>,
    /// For the operator who reads the dry run.
    pub note: Option<Text>,
    /// The line of the file.
    pub line: u32,
}

/// What becomes of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerFate {
    /// It fires when it would have fired.
    Keep,
    /// It starts anew at the moment of the migration.
    Restart,
    /// It does not fire any more in this visit.
    Drop,
}

impl Migration {
    /// The full path in the newer version that a state of the older one is mapped to, by its own entry or by that of
    /// the nearest state around it; `None`: no entry speaks of it.
    pub fn mapped(&self, path: &str) -> Option<(StateId, String)> {
        let mut prefix = path;
        loop {
            if let Some(state) = self.states.get(prefix) {
                return Some((*state, path[prefix.len()..].to_owned()));
            }
            prefix = prefix.rsplit_once('.')?.0;
        }
    }

    /// Whether cases in this state stay with their version.
    pub fn stays(&self, path: &StatePath) -> bool {
        self.stay.iter().any(|outer| path.is_in(outer.as_str()))
    }
}
