//! Actions: who may, when, what is required, what it does, where it leads.

use indexmap::IndexMap;

use crate::{expression::Expression, name::Name, text::Text};

use super::{Localized, Place, Thing, state::StateId};

/// What a person (or a service) can do in a state.
#[derive(Debug, Clone)]
pub struct Action {
    /// Its name in the file.
    pub name: Name,
    /// On the button.
    pub title: Text,
    /// Who may take it. Empty for decisions: there the review's `by` rules.
    pub who: Who,
    /// Offered only while this is true.
    pub when: Option<Expression>,
    /// Separation of duties.
    pub except: Option<Except>,
    /// What must be supplied or true, in the order written; `rules` and `materials` are spelt out.
    pub require: Vec<Requirement>,
    /// A text to tick.
    pub confirm: Option<Confirm>,
    /// Effects, in the order written.
    pub effects: Vec<Effect>,
    /// Where it leads.
    pub target: Target,
    /// What it is about; `None`: the forms and materials of its `require` (for a decision: everything
    /// but forms that are filled in with votes).
    pub covers: Option<Vec<Thing>>,
    /// A service's signal that comes before the state is kept until it is entered.
    pub keep: bool,
    /// The line of the file.
    pub line: u32,
}

/// Who may take an action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Who {
    /// People in one of these roles.
    pub roles: Vec<Name>,
    /// Services too.
    pub system: bool,
}

/// Separation of duties: who may not, although a role would let them.
#[derive(Debug, Clone, Default)]
pub struct Except {
    /// Whoever voted in one of these states (an outer one means any inner one).
    pub voted_in: Vec<StateId>,
    /// Whoever took one of these actions.
    pub took: Vec<Name>,
    /// Whoever has one of these roles.
    pub roles: Vec<Name>,
    /// These people: a person, or a list of persons.
    pub people: Option<Expression>,
}

/// A word of `require`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// A form, complete and valid.
    Form(Name),
    /// Enough files of a material.
    Material(Name),
    /// A rule that is met.
    Rule(Name),
    /// A limit with room.
    Limit(Name),
    /// A link that is picked and in its state.
    Link(Name),
    /// An action that was taken, and stands.
    Action(Name),
    /// At least one comment that the applicant may see, with this step.
    Comment,
    /// Every open comment answered.
    Replies,
    /// A one-time code.
    Code,
    /// A one-time code, of those who have switched verification on.
    CodeIfEnabled,
}

impl Requirement {
    /// The word as written (`rules` and `materials` under the name of each).
    pub fn name(&self) -> &str {
        match self {
            Self::Form(name)
            | Self::Material(name)
            | Self::Rule(name)
            | Self::Limit(name)
            | Self::Link(name)
            | Self::Action(name) => name,
            Self::Comment => "comment",
            Self::Replies => "replies",
            Self::Code => "code",
            Self::CodeIfEnabled => "code_if_enabled",
        }
    }
}

/// A text to tick before an action.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// Asked only while this is true; `None`: always.
    pub when: Option<Expression>,
    /// What is confirmed.
    pub text: Localized<crate::template::Template>,
}

/// Something that a step does besides moving.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Mail a message.
    Notify(Name),
    /// Call a hook.
    Call(Name),
    /// Open child cases.
    Open(Name),
    /// Write values, in the order given.
    Set(Vec<SetValue>),
    /// Take actions or votes back.
    Void {
        /// The actions or decisions.
        of: Vec<Name>,
        /// Only this person's; `None`: everybody's.
        by: Option<Expression>,
    },
    /// Add the people of this role to the running ballot.
    AddReviewers(Name),
    /// Kill the mail links of this visit.
    CancelLinks,
}

/// One entry of `set`.
#[derive(Debug, Clone)]
pub struct SetValue {
    /// A form or a field of it.
    pub place: Place,
    /// The new value.
    pub value: Expression,
}

/// Where an action leads.
#[derive(Debug, Clone)]
pub enum Target {
    /// Nowhere: timers, links and ballot are left alone.
    Stay,
    /// Into a state.
    To(Choice),
    /// Back into the inner state that was last active.
    Resume(StateId),
}

/// The first state whose condition is true, else the last.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Tried in the order written.
    pub conditional: IndexMap<StateId, Expression>,
    /// Where to go otherwise.
    pub otherwise: StateId,
}

impl Choice {
    /// Always this state.
    pub fn only(state: StateId) -> Self {
        Self {
            conditional: IndexMap::new(),
            otherwise: state,
        }
    }

    /// Every state that it may choose.
    pub fn states(&self) -> impl Iterator<Item = StateId> {
        self.conditional.keys().copied().chain([self.otherwise])
    }
}
