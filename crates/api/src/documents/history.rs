//! The history of a case.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a stream of events says of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Event)]
pub struct EventDocument {
    /// The case.
    pub case: Uuid,
    /// Its number.
    pub number: String,
    /// Its workflow.
    pub workflow: String,
    /// What happened, as far as the caller may read it.
    pub entry: EntryDocument,
}

/// An entry of the history: never changed, hash-chained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Entry)]
pub struct EntryDocument {
    /// Its place in the case's history, from 1.
    pub entry: u64,
    /// When it took effect.
    pub recorded_at: DateTime<Utc>,
    /// Who did it; null if the caller may not know.
    pub actor: Option<String>,
    /// The role that let them.
    pub role: Option<String>,
    /// By which way it came: `api`, `page`, `link`, `timer`, `signal`, `scenario`.
    pub channel: String,
    /// What happened, for example `action`, `vote`, `edit`, `timer`.
    pub what: String,
    /// The action, decision or timer; for a file the material.
    pub action: Option<String>,
    /// The state before.
    pub from: Option<String>,
    /// The state after, if it moved.
    pub to: Option<String>,
    /// The round after.
    pub round: u32,
    /// The revision after.
    pub revision: u32,
    /// Changed places that the caller sees; null if they were erased.
    pub changes: Option<Vec<ChangeDocument>>,
    /// The text of a comment, reply, reason or incident; null if it was erased, absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// In whose place it was done, first the one whose turn it was; absent if in nobody's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub instead_of: Vec<String>,
    /// For turns that were handed over: from whom, and to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub handed: Option<HandedDocument>,
    /// For comments: the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at: Option<String>,
    /// For files: the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub file: Option<String>,
    /// The SHA-256 of the entry and the hash before.
    pub hash: String,
    /// The hash of the entry before; null for the first.
    pub previous: Option<String>,
}

/// A turn that changed hands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Handed)]
pub struct HandedDocument {
    /// Whose it was.
    pub from: String,
    /// Whose it is.
    pub to: String,
}

/// One changed place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Change)]
pub struct ChangeDocument {
    /// For example `deal.amount`.
    pub at: String,
    /// The value before; null for none.
    pub was: Json,
    /// The value after; null for none.
    pub now: Json,
}
