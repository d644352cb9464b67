//! Reviews: who votes, what can be decided, and how many votes decide.

use indexmap::IndexMap;

use crate::{expression::Expression, name::Name};

use super::{Action, Agreement, Choice, Effect, Except, Panel, StateId, Thing};

/// The review of a state.
#[derive(Debug, Clone)]
pub struct Review {
    /// The roles that vote; where there are panels, those of all panels.
    pub by: Vec<Name>,
    /// The groups that vote each for itself, in the order written; empty: all vote together.
    pub panels: IndexMap<Name, Panel>,
    /// Pick this many people; `None`: any member may vote.
    pub assign: Option<u32>,
    /// Separation of duties.
    pub except: Option<Except>,
    /// Whether people may decide on their own or their partner's case.
    pub self_review: SelfReview,
    /// Decisions in the order written; the first that is satisfied happens.
    pub decisions: IndexMap<Name, Decision>,
    /// Where to go when everybody has voted and nothing happened.
    pub otherwise: Option<Otherwise>,
    /// Whom it asks.
    pub members: Members,
    /// The same people as last time, where they still may.
    pub prefer: Option<Prefer>,
    /// What votes are about and that they outlive a visit; `None`: the default, and they do not.
    pub covers: Option<Vec<Thing>>,
    /// The line of the file.
    pub line: u32,
}

/// Whether group changes count after entry (rule 30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Members {
    /// They do.
    #[default]
    Live,
    /// Who is asked is fixed on entry.
    Snapshot,
}

/// The same people as last time (rule 31).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prefer {
    /// Whoever voted in one of these states last time (an outer one means any inner one).
    pub voted_in: Vec<StateId>,
    /// Whoever took one of these actions last.
    pub took: Vec<Name>,
}

/// Who is excluded from deciding for reasons of nearness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SelfReview {
    /// Neither the starter nor his partner's people.
    #[default]
    Never,
    /// The starter's partner may, the starter not.
    Colleagues,
    /// Everybody may.
    Allowed,
}

/// An action that happens by votes.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What it is and does.
    pub action: Action,
    /// How many votes make it happen; where there are panels, in each.
    pub votes: Votes,
    /// How many panels must have reached it.
    pub panels: Agreement,
}

impl Decision {
    /// An action that happens by so many votes; of several panels, in each.
    pub fn new(action: Action, votes: Votes) -> Self {
        Self {
            action,
            votes,
            panels: Agreement::All,
        }
    }
}

/// How many votes make a decision happen.
#[derive(Debug, Clone)]
pub enum Votes {
    /// This many.
    Number(u32),
    /// All members.
    All,
    /// More than half of the members.
    Majority,
    /// Never by itself.
    Recorded,
    /// Reckoned: a number, or a truth.
    Reckoned(Expression),
}

/// What happens when everybody has voted and nothing was decided.
#[derive(Debug, Clone)]
pub struct Otherwise {
    /// Effects, in the order written.
    pub effects: Vec<Effect>,
    /// Where to go.
    pub to: Choice,
}
