//! `POST /v1/people/{id}/erase` and `GET /v1/people/{id}/erasures`: what is personal about somebody goes, and that it
//! went is recorded.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use countersign_core::case::{Channel, PersonId};
use countersign_engine::ports::directory::ErasureRecord;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    answer::Plain,
    documents::Problems,
    request::{Asker, Path, StrictBody, Write},
};

/// Why somebody's data are erased.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseBody {
    /// Why; it stays on record.
    reason: String,
}

impl StrictBody for EraseBody {}

/// Whose data were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Erased)]
pub struct ErasedDocument {
    /// The person.
    pub person: String,
}

/// That somebody's data were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Erasure)]
pub struct ErasureDocument {
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<ErasureRecord> for ErasureDocument {
    fn from(erasure: ErasureRecord) -> Self {
        Self {
            by: erasure.by.to_string(),
            reason: erasure.reason,
            at: erasure.at,
        }
    }
}

/// The erasures of somebody's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Erasures)]
pub struct ErasuresDocument {
    /// The oldest first.
    pub items: Vec<ErasureDocument>,
}

/// Erase what is personal about somebody, for good: name, address, attributes, groups and tokens; of the history what
/// they did, the part beside the chain, which still proves that nothing was changed; and what mails to them say. They can
/// no longer sign in. Cases keep their contents, and the id. Administrators only.
#[utoipa::path(post, path = "/v1/people/{id}/erase", tag = "people", operation_id = "erase_person", request_body = EraseBody,
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = ErasedDocument, description = "They are erased"), Problems))]
pub async fn erase(
    State(state): State<ApiState>,
    Path(id): Path<String>,
    write: Write<EraseBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let answer = Plain {
        status: StatusCode::OK,
        body: json!(ErasedDocument { person: id.clone() }),
    };
    let manner = head.manner(Channel::Api, answer.kept());
    // In a task of its own: it takes several transactions.
    let erased = tokio::spawn(async move {
        let (caller, id) = (head.asker.caller, PersonId::new(id));
        let erased = state
            .engine
            .erase_person(&caller, manner, &id, &body.reason);
        erased.await
    });
    answer.respond(erased.await.map_err(|_| Problem::internal())??)
}

/// When somebody's data were erased, by whom and why. Administrators only.
#[utoipa::path(get, path = "/v1/people/{id}/erasures", tag = "people", operation_id = "list_erasures",
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = ErasuresDocument, description = "The erasures; none for most"), Problems))]
pub async fn list(
    State(state): State<ApiState>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Json<ErasuresDocument>, Problem> {
    let id = PersonId::new(id);
    let erasures = state.engine.erasures(&asker.caller, &id).await?;
    Ok(Json(ErasuresDocument {
        items: erasures.into_iter().map(Into::into).collect(),
    }))
}
