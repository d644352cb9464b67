//! The revisions of a case.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::FileDocument;

/// A revision: a saved content of the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Revision)]
pub struct RevisionDocument {
    /// Which, from 1.
    pub revision: u32,
    /// The round that it belongs to.
    pub round: u32,
    /// The entry of the history that made it.
    pub entry: u64,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Who made it; null if the caller may not know.
    pub actor: Option<String>,
    /// What made it, as in the history.
    pub what: String,
    /// The action, decision or timer; for a file the material.
    pub action: Option<String>,
}

/// What a revision held, or what has changed between two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = RevisionOrDiff)]
pub enum RevisionOrDiffDocument {
    /// For `{n}`.
    Content(RevisionContentDocument),
    /// For `{a}..{b}`.
    Diff(RevisionDiffDocument),
}

/// What a revision held, as far as the caller may see it today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RevisionContent)]
pub struct RevisionContentDocument {
    /// Which.
    pub revision: u32,
    /// Forms and their values, as in the case.
    pub data: serde_json::Map<String, Json>,
    /// Files by material.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<FileDocument>>)]
    pub materials: IndexMap<String, Vec<FileDocument>>,
}

/// What has changed between two revisions, as far as the caller may see it today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RevisionDiff)]
pub struct RevisionDiffDocument {
    /// The one asked for first.
    pub from: u32,
    /// The other.
    pub to: u32,
    /// Fields that differ, in the order of the workflow.
    pub changes: Vec<FieldChangeDocument>,
    /// Materials whose files differ.
    pub materials: Vec<FilesChangeDocument>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldChange)]
pub struct FieldChangeDocument {
    /// For example `deal.amount`; for a form that each reviewer fills the form.
    pub at: String,
    /// What people call it, in the caller's language.
    pub title: String,
    /// The value before; null for none.
    pub was: Json,
    /// The value after; null for none.
    pub now: Json,
}

/// One material whose files differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FilesChange)]
pub struct FilesChangeDocument {
    /// The material.
    pub at: String,
    /// What people call it, in the caller's language.
    pub title: String,
    /// Files that are there only afterwards.
    pub added: Vec<FileDocument>,
    /// Files that were there only before.
    pub removed: Vec<FileDocument>,
}
