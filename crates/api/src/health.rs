//! `GET /healthz` and `/readyz`: whether the process runs, and whether it can serve.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ApiState, Problem, documents::Problems};

/// How the service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Health)]
pub struct HealthDocument {
    /// `ok`.
    pub status: String,
}

fn ok() -> Json<HealthDocument> {
    Json(HealthDocument {
        status: "ok".to_owned(),
    })
}

/// Whether the process runs.
#[utoipa::path(get, path = "/healthz", tag = "service", operation_id = "healthz", security(()),
    responses((status = 200, body = HealthDocument, description = "It runs")))]
pub async fn healthz() -> Json<HealthDocument> {
    ok()
}

/// Whether it can serve: the store answers, and takes writes.
#[utoipa::path(get, path = "/readyz", tag = "service", operation_id = "readyz", security(()),
    responses((status = 200, body = HealthDocument, description = "It can serve"), Problems))]
pub async fn readyz(State(state): State<ApiState>) -> Result<Json<HealthDocument>, Problem> {
    state.engine.ready().await?;
    Ok(ok())
}
