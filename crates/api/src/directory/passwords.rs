//! `POST /v1/people/{id}/password-link`: a link by which somebody sets the password of their local account.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use countersign_core::case::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Nothing, Path, Write},
};

/// A link by which a password is set, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordLink)]
pub struct PasswordLinkDocument {
    /// The path of the page, under the address by which people reach the service. It is a secret of that person.
    #[schema(example = "/password/AAAB…")]
    pub path: String,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// Make a link by which a person sets their password. It works once, and until it expires; nothing is mailed.
/// Administrators only.
#[utoipa::path(post, path = "/v1/people/{id}/password-link", tag = "people", operation_id = "make_password_link",
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = PasswordLinkDocument, description = "The link"), Problems))]
pub async fn make(
    State(state): State<ApiState>,
    Path(id): Path<String>,
    write: Write<Nothing>,
) -> Result<Json<PasswordLinkDocument>, Problem> {
    let caller = &write.head.asker.caller;
    let id = PersonId::new(id);
    let link = state.engine.password_link(caller, &id).await?;
    Ok(Json(PasswordLinkDocument {
        path: format!("/password/{}", link.token),
        expires_at: link.expires_at,
    }))
}
