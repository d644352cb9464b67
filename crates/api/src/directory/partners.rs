//! `GET` and `PUT /v1/partners/{id}`: organisations, as the host system supplies them.

use axum::{Json, extract::State, response::Response};
use countersign_core::case::{Partner, PartnerId};
use countersign_engine::ports::directory::DirectoryChange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{change, must_be_kept};
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path, StrictBody, Write},
};

/// A partner, as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerBody {
    /// What people call it.
    name: String,
}

impl StrictBody for PartnerBody {}

/// An organisation. Partners never see each other's cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Partner)]
pub struct PartnerDocument {
    /// The id that the host system gives.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// A partner. Its own people may read it.
#[utoipa::path(get, path = "/v1/partners/{id}", tag = "people", operation_id = "read_partner",
    params(("id" = String, Path, description = "The partner")),
    responses((status = 200, body = PartnerDocument, description = "The partner"), Problems))]
pub async fn read(
    State(state): State<ApiState>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Json<PartnerDocument>, Problem> {
    let partner = state
        .engine
        .partner(&asker.caller, &PartnerId::new(id))
        .await?;
    let (id, name) = (partner.id.to_string(), partner.name);
    Ok(Json(PartnerDocument { id, name }))
}

/// Make a partner as the body says.
#[utoipa::path(put, path = "/v1/partners/{id}", tag = "people", operation_id = "put_partner", request_body = PartnerBody,
    params(("id" = String, Path, description = "The partner")),
    responses((status = 200, body = PartnerDocument, description = "The partner"), Problems))]
pub async fn put(
    State(state): State<ApiState>,
    Path(id): Path<String>,
    write: Write<PartnerBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    must_be_kept(&state, &head, &id, &body.name)?;
    let partner = Partner {
        id: PartnerId::new(&*id),
        name: body.name.clone(),
    };
    let document = PartnerDocument {
        id,
        name: body.name,
    };
    change(
        &state,
        head,
        DirectoryChange::PutPartner(partner),
        &document,
    )
    .await
}
