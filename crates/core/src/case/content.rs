//! What people put into a case: forms, reviewers' copies, materials, comments.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{command::NewComment, name::Name, time::Time, workflow::StatePath};

use super::{CaseId, CommentId, Doer, FileId};

/// One form's values in canonical form: money as `"330000.00"`, dates as `"2026-12-20"`, picks as the
/// copied entry, moments in UTC. A missing member means not filled in; `null` never occurs.
pub type Values = Map<String, Json>;

/// The content of a case. A saved content is a revision.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Content {
    /// Forms by name; a form nobody has filled is missing.
    pub forms: BTreeMap<Name, Values>,
    /// Reviewers' copies of `each: reviewer` forms, by form.
    pub copies: BTreeMap<Name, Vec<Copy>>,
    /// Materials by name, oldest file first.
    pub materials: BTreeMap<Name, Vec<File>>,
    /// Related cases by link.
    pub links: BTreeMap<Name, CaseId>,
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
    /// Signals that came before their state, of each action the newest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub early: Vec<EarlySignal>,
}

/// A service's signal that came before the state that offers its action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlySignal {
    /// The action.
    pub action: Name,
    /// What it brings.
    pub data: Values,
    /// What it says.
    pub comments: Vec<NewComment>,
    /// Who sent it.
    pub by: Doer,
    /// When it came.
    pub came_at: Time,
}

/// One reviewer's copy of an `each: reviewer` form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Copy {
    /// Who filled it in.
    pub by: Doer,
    /// The state of the review.
    pub state: StatePath,
    /// The visit of that state, from 1.
    pub visit: u32,
    /// What they wrote.
    pub values: Values,
}

/// An uploaded file. Its bytes lie at their content address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The file.
    pub id: FileId,
    /// The name that it was uploaded under.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its media type, by content.
    #[serde(rename = "type")]
    pub media_type: String,
    /// The SHA-256 of its bytes, in hex: its content address.
    pub sha256: String,
    /// Who uploaded it.
    pub uploaded_by: Doer,
    /// When.
    pub uploaded_at: Time,
}

/// A comment on the case, a form, a field or a material.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that is stored"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    /// The comment.
    pub id: CommentId,
    /// What it is on, for example `deal.amount`; `None`: the whole case.
    pub at: Option<String>,
    /// What it says.
    pub text: String,
    /// Who made it.
    pub by: Doer,
    /// When.
    pub recorded_at: Time,
    /// Never shown to the starter's side.
    pub internal: bool,
    /// The round in which it was made.
    pub round: u32,
    /// Made by the starter's side.
    pub by_starter_side: bool,
    /// Replies, oldest first.
    pub replies: Vec<Reply>,
    /// Whether it waits for an answer, or its answer for the next submission.
    pub open: bool,
    /// Whether its field or file has changed since (a change answers it as a reply does).
    pub changed_since: bool,
}

/// An answer to a comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// What it says.
    pub text: String,
    /// Who gave it.
    pub by: Doer,
    /// When.
    pub recorded_at: Time,
    /// Given by the starter's side.
    pub by_starter_side: bool,
}

impl Comment {
    /// Whether the starter's side has answered it: by a reply, or by a change of its place.
    pub fn is_answered(&self) -> bool {
        self.changed_since || self.replies.iter().any(|reply| reply.by_starter_side)
    }
}
