//! Problems (RFC 9457), and where operations answer with them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
};
use uuid::Uuid;

use super::MissingDocument;

/// What an answer says instead of what was asked for. `type` is the address of the code's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// `/errors/{code}`.
    #[serde(rename = "type")]
    #[schema(example = "/errors/refused")]
    pub type_uri: String,
    /// What heads it.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// More words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// The word that programs go by.
    #[schema(example = "refused")]
    pub code: String,
    /// `refused`, `invalid`: one entry for each thing that is missing or wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingDocument>,
    /// `who`: the place that the caller may not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at: Option<String>,
    /// `not_here`: where the case is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state: Option<String>,
    /// `not_here`: what happened last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<LastDocument>,
    /// `stale`: the case's etag now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub etag: Option<u64>,
    /// `stale`: what was changed meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub diff: Option<Json>,
    /// `unknown_action`, `unknown_member`, `unknown_workflow`: the nearest name that there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub nearest: Option<String>,
    /// `unknown_member`: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub member: Option<String>,
    /// `too_large`: how much is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max_bytes: Option<u64>,
    /// `invalid`, where workflow files do not pass: what the checker found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub findings: Option<Json>,
    /// `internal`: the number of the request, under which it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub request: Option<Uuid>,
}

/// What happened last to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Last)]
pub struct LastDocument {
    /// The action, decision or timer.
    pub what: String,
    /// Who; null if the caller may not know.
    pub by: Option<String>,
    /// When.
    pub when: DateTime<Utc>,
}

/// The problems that any operation may answer.
#[derive(Debug, Clone, Copy)]
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let problem = |description: &str| {
            let content = Content::new(Some(Ref::from_schema_name("Problem")));
            ResponseBuilder::new()
                .description(description)
                .content("application/problem+json", content)
                .build()
                .into()
        };
        BTreeMap::from([
            (
                "4XX".to_owned(),
                problem("What was wrong with the request, or is refused."),
            ),
            (
                "5XX".to_owned(),
                problem("The service's own trouble; it may be tried again after `Retry-After`."),
            ),
        ])
    }
}
