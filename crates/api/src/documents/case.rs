//! A case, as reads and writes answer it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A case as the caller sees it. Fields private to others are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Case)]
pub struct CaseDocument {
    /// Its id, for ever.
    pub id: Uuid,
    /// Its number, unique for ever.
    #[schema(example = "DR-2026-00042")]
    pub number: String,
    /// Its workflow.
    #[schema(example = "deal_registration")]
    pub workflow: String,
    /// The version of it that the case began with.
    pub version: u32,
    /// What it is called in lists.
    pub title: String,
    /// Where it is: the full path of the state.
    #[schema(example = "approved.result_ready")]
    pub state: String,
    /// What that state is called.
    pub state_title: String,
    /// Where each of several tracks is that run at once, in the order written; absent if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<TrackDocument>,
    /// `running`, `on_hold` or `ended`.
    pub lifecycle: String,
    /// How it ended: `success`, `failure` or `neutral`; null while it runs.
    pub end: Option<String>,
    /// The round, from 1.
    pub round: u32,
    /// How many contents have been saved.
    pub revision: u32,
    /// Since when it is in that state.
    pub since: DateTime<Utc>,
    /// Counts its changes: for `If-Match`.
    pub etag: u64,
    /// Whose it is.
    pub partner: Option<String>,
    /// Who opened it.
    pub opened_by: Option<String>,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Until when somebody should act.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether that moment has come.
    pub overdue: bool,
    /// Forms by name, fields by name. Money is a string, a pick the copied entry.
    #[schema(value_type = Object)]
    pub data: Map<String, Json>,
    /// What the caller may write here and now: fields (`deal.amount`), materials and links, in document order.
    pub edit: Vec<String>,
    /// Related cases by link; absent if there are none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, Uuid>,
    /// Files by material.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<FileDocument>>)]
    pub materials: IndexMap<String, Vec<FileDocument>>,
    /// Comments, oldest first.
    pub comments: Vec<CommentDocument>,
    /// Whose turn it is.
    pub waiting_for: Vec<WaitingForDocument>,
    /// The running review; null if none runs.
    pub review: Option<ReviewDocument>,
    /// All running reviews where tracks have several, that of the caller first; absent otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub reviews: Vec<ReviewDocument>,
    /// What the caller may do, in document order; what `when` or `who` hides is absent.
    pub actions: Vec<ActionDocument>,
    /// What will fire, earliest first.
    pub timers: Vec<TimerDocument>,
}

/// One of several tracks that run at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Track)]
pub struct TrackDocument {
    /// The track: its full path.
    #[schema(example = "trial.board")]
    pub track: String,
    /// What it is called.
    pub title: String,
    /// Where it is: the full path of the state.
    #[schema(example = "trial.board.approved")]
    pub state: String,
    /// What that state is called.
    pub state_title: String,
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = File)]
pub struct FileDocument {
    /// The file.
    pub id: Uuid,
    /// The name that it was uploaded under.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its media type, by content.
    #[serde(rename = "type")]
    pub media_type: String,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Who uploaded it; absent if the caller may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub uploaded_by: Option<String>,
    /// When.
    pub uploaded_at: DateTime<Utc>,
}

/// A comment on the case, a form, a field or a material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Comment)]
pub struct CommentDocument {
    /// The comment.
    pub id: Uuid,
    /// What it is on, for example `deal.amount`; null: the whole case.
    pub at: Option<String>,
    /// What it says.
    pub text: String,
    /// Who made it; absent if the caller may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by: Option<String>,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Whether it is kept from the partner's side.
    pub internal: bool,
    /// In which round.
    pub round: u32,
    /// Answers, oldest first.
    pub replies: Vec<ReplyDocument>,
    /// Whether it waits for an answer, or its answer for the next submission.
    pub open: bool,
    /// Whether it was answered: by a reply, or by a change of what it is on.
    pub answered: bool,
}

/// An answer to a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Reply)]
pub struct ReplyDocument {
    /// What it says.
    pub text: String,
    /// Who gave it; absent if the caller may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by: Option<String>,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// A role whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WaitingFor)]
pub struct WaitingForDocument {
    /// The role.
    pub role: String,
    /// Who of it; absent if the caller may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub people: Option<Vec<String>>,
}

/// The running review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Review)]
pub struct ReviewDocument {
    /// The state that it is the review of.
    pub state: String,
    /// The count of each decision.
    #[schema(value_type = std::collections::BTreeMap<String, VotesDocument>)]
    pub votes: IndexMap<String, VotesDocument>,
    /// What the caller voted for; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mine: Option<String>,
    /// Who may vote and has not; absent on the partner's side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub may_vote: Option<Vec<String>>,
    /// Each open panel, in the order written; absent if it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub panels: Vec<PanelDocument>,
}

/// A panel of the running review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Panel)]
pub struct PanelDocument {
    /// The panel.
    pub panel: String,
    /// What it is called.
    pub title: String,
    /// The count of each decision in it.
    #[schema(value_type = std::collections::BTreeMap<String, VotesDocument>)]
    pub votes: IndexMap<String, VotesDocument>,
    /// What the caller voted for in it; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mine: Option<String>,
    /// Who may vote in it and has not; absent on the partner's side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub may_vote: Option<Vec<String>>,
}

/// The count of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Votes)]
pub struct VotesDocument {
    /// Standing votes.
    pub have: u32,
    /// Votes that make it happen; null if that is no number.
    pub need: Option<u32>,
}

/// An action or decision that the caller has a button for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Action)]
pub struct ActionDocument {
    /// Its name.
    pub id: String,
    /// On the button.
    pub title: String,
    /// `action` or `decision`.
    pub kind: String,
    /// Whether it would succeed now, but for what is asked with it.
    pub allowed: bool,
    /// Why not.
    pub missing: Vec<MissingDocument>,
    /// A text to tick; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub confirm: Option<String>,
    /// Forms that are filled in with it; absent if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<String>,
    /// Other things asked with it: `comment`, `code`; absent if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
}

/// One thing that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Missing)]
pub struct MissingDocument {
    /// The word of `require`, or the form or member.
    #[schema(example = "deal")]
    pub name: String,
    /// What to tell the person.
    pub message: String,
    /// The place to point to.
    #[schema(example = "deal.close_date")]
    pub at: Option<String>,
}

/// A timer that will fire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Timer)]
pub struct TimerDocument {
    /// The timer.
    pub timer: String,
    /// The state that declares it.
    pub state: String,
    /// When.
    pub due: DateTime<Utc>,
    /// When it fires after that, the next few times; absent if it does not repeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<DateTime<Utc>>,
}

/// The receipt of a committed write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Receipt)]
pub struct ReceiptDocument {
    /// The case.
    pub case: Uuid,
    /// Its etag then.
    pub etag: u64,
    /// Its last history entry then.
    pub entry: u64,
    /// The hash of that entry.
    pub hash: String,
}

/// The answer to a write on a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The case as it is then.
    pub case: CaseDocument,
    /// What was committed.
    pub receipt: ReceiptDocument,
}

/// The answer to an upload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenFile {
    /// The case as it is then.
    pub case: CaseDocument,
    /// What was committed.
    pub receipt: ReceiptDocument,
    /// The file.
    pub file: FileDocument,
}

/// The answer to a comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenComment {
    /// The case as it is then.
    pub case: CaseDocument,
    /// What was committed.
    pub receipt: ReceiptDocument,
    /// The comment.
    pub comment: CommentDocument,
}
