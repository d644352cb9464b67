//! The explanation of an action.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// Why an action can or cannot be taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Why)]
pub struct WhyDocument {
    /// The action or decision.
    pub action: String,
    /// On the button, in the caller's language.
    pub title: String,
    /// `action` or `decision`.
    pub kind: String,
    /// The state that offers it.
    pub state: String,
    /// What that is called.
    pub state_title: String,
    /// Whether nothing stands in the way.
    pub allowed: bool,
    /// Every condition, in the order of judging.
    pub conditions: Vec<ConditionDocument>,
    /// Who could do it now, as far as roles and separation of duties say; absent if the caller may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub who_can: Option<Vec<String>>,
    /// When the next timer may change that; null if none runs.
    pub changes_at: Option<DateTime<Utc>>,
}

/// One condition of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Condition)]
pub struct ConditionDocument {
    /// `state`, `who`, `turn`, `when`, `except`, `vote`, or the word of `require`, `confirm`, `code`.
    pub word: String,
    /// `met`, `unmet`, or `asked`: given with the click.
    pub status: String,
    /// In words.
    pub message: String,
    /// What was evaluated, as the workflow says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expression: Option<String>,
    /// What it read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub values: Vec<ReadValueDocument>,
    /// The line of the workflow's file that says so.
    pub line: u32,
    /// The place to point to.
    pub at: Option<String>,
}

/// A value that a condition read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReadValue)]
pub struct ReadValueDocument {
    /// For example `deal.amount`.
    pub at: String,
    /// Its value, null for none; absent for a field that the caller may not see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub value: Option<Json>,
}
