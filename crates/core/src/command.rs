//! Commands: what somebody asks of a case. Judged and carried out by `step`.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    case::{CaseId, CommentId, DeliveryId, File, FileId, LinkId, Parent, PersonId},
    name::Name,
    outcome::Incident,
    text::Text,
    workflow::Workflow,
};

/// New values, as a JSON Merge Patch whose members are forms. Untrusted.
pub type Patch = Map<String, Json>;

/// What opens a case.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// First values of forms.
    pub data: Patch,
    /// Related cases by link.
    pub links: BTreeMap<Name, CaseId>,
    /// Whose case it is, when a service opens it.
    pub on_behalf_of: Option<PersonId>,
    /// An action to take at once, all or nothing.
    pub then: Option<Act>,
    /// The case that it is a child of. Only what carries a parent's step out opens children: nobody asks for them.
    pub parent: Option<Parent>,
}

/// What is asked of a case.
#[derive(Debug, Clone)]
pub enum Command {
    /// Take an action, or vote.
    Act(Act),
    /// Take one's own vote back, before it decides.
    TakeBack {
        /// The decision that was voted for.
        decision: Name,
    },
    /// Save a draft.
    Edit {
        /// New values.
        data: Patch,
    },
    /// Comment.
    Comment(NewComment),
    /// Reply to a comment.
    Reply(NewReply),
    /// Attach an uploaded file to a material.
    Attach {
        /// The material.
        material: Name,
        /// The file, its bytes stored already.
        file: File,
    },
    /// Remove a file.
    Detach {
        /// The material.
        material: Name,
        /// The file.
        file: FileId,
    },
    /// Take one's turn for oneself alone, for as long as the state says.
    Claim,
    /// Give a claimed turn back (whoever claimed it; operators).
    Release {
        /// Why.
        reason: String,
    },
    /// Hand one's own turn to somebody else.
    Delegate {
        /// To whom.
        to: PersonId,
        /// Why.
        reason: String,
    },
    /// Hand somebody's turn to somebody else (operators).
    Reassign {
        /// Whose turn it is; may be left out where it is one person's.
        from: Option<PersonId>,
        /// To whom.
        to: PersonId,
        /// Why; compulsory.
        reason: String,
    },
    /// Fire every timer that is due by now, in order, and look again whether something has become true that is waited
    /// for. Never refused; nothing due changes nothing.
    FireTimers,
    /// Look again whether a ballot is decided, or something has become true that is waited for, after people, facts or
    /// cases have changed. Never refused.
    Recount,
    /// A child case could not be opened (the machine tells its parent). Never refused.
    NotOpened {
        /// The child.
        child: CaseId,
        /// Why, in both languages.
        why: Text,
    },
    /// Look into what an incident tells of (operators): once its cause is gone, it is settled.
    LookInto {
        /// The incident.
        incident: Incident,
    },
    /// Freeze the case (operators).
    Hold {
        /// Why.
        reason: String,
    },
    /// Let it go on (operators).
    Resume {
        /// Why.
        reason: String,
    },
    /// Put it into another state without exits and entries (operators).
    Move {
        /// The state's path.
        to: String,
        /// Why.
        reason: String,
    },
    /// Move it to another version of its workflow (operators).
    Migrate {
        /// The version that it goes to.
        to: Arc<Workflow>,
        /// Values that the newer version asks for.
        data: Patch,
        /// Why.
        reason: String,
    },
    /// Take the migration back while nothing has followed (operators).
    UndoMigration {
        /// The version that it goes back to.
        to: Arc<Workflow>,
        /// Why.
        reason: String,
    },
}

/// An action or a vote, with everything supplied with it: all of it happens or none.
#[derive(Debug, Clone)]
pub struct Act {
    /// The action or decision. A name that the workflow lacks is refused as `unknown_action`.
    pub action: String,
    /// New values: an edit first.
    pub data: Patch,
    /// New comments.
    pub comments: Vec<NewComment>,
    /// Replies to comments.
    pub replies: Vec<NewReply>,
    /// Whether the text of `confirm` is ticked.
    pub confirm: bool,
    /// The mail link by which the actor came.
    pub link: Option<LinkId>,
    /// For a vote: the panel in which it is cast; `None`: in every one that asks the actor.
    pub panel: Option<String>,
    /// For a service: the hook call that this answers.
    pub delivery: Option<DeliveryId>,
}

impl Act {
    /// Just this action.
    pub fn new(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            data: Patch::new(),
            comments: Vec::new(),
            replies: Vec::new(),
            confirm: false,
            link: None,
            panel: None,
            delivery: None,
        }
    }
}

/// A comment to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewComment {
    /// What it is on, for example `deal.amount`; `None`: the whole case.
    pub at: Option<String>,
    /// What it says.
    pub text: String,
    /// Never shown to the starter's side; does not satisfy `require: [comment]`.
    pub internal: bool,
}

/// A reply to give.
#[derive(Debug, Clone)]
pub struct NewReply {
    /// To which comment.
    pub comment: CommentId,
    /// What it says.
    pub text: String,
}

/// What the engine knows of the code that came with an action. The step never sees the code itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Code {
    /// None was given.
    #[default]
    Absent,
    /// It is right for this person, action, case and content.
    Good,
    /// It is not, or no longer.
    Bad,
}
