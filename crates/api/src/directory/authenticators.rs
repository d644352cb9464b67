//! `DELETE /v1/people/{id}/authenticator`: whoever has lost the app that shows their confirmation codes is mailed them again.

use axum::{extract::State, response::Response};
use countersign_core::case::PersonId;
use countersign_engine::ports::directory::DirectoryChange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change;
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Nothing, Path, Write},
};

/// How somebody gets confirmation codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Authenticator)]
pub struct AuthenticatorDocument {
    /// The person.
    pub person: String,
    /// Whether an app shows them; else they are mailed.
    pub app: bool,
}

/// Take away the app that shows somebody's confirmation codes: they are mailed again, and the person can set up another app.
/// Administrators only; make sure first who asks for it.
#[utoipa::path(delete, path = "/v1/people/{id}/authenticator", tag = "people", operation_id = "remove_authenticator",
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = AuthenticatorDocument, description = "They have no app"), Problems))]
pub async fn remove(
    State(state): State<ApiState>,
    Path(id): Path<String>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let head = write.head;
    let person = PersonId::new(&*id);
    // Not found, if there is no such person.
    state
        .engine
        .person_record(&head.asker.caller, &person)
        .await?;
    let removal = DirectoryChange::RemoveAuthenticator(person);
    let document = AuthenticatorDocument {
        person: id,
        app: false,
    };
    change(&state, head, removal, &document).await
}
