//! `GET /healthz` and `/readyz`: whether the process runs, and whether it can serve.

use axum::{Json, extract::State};
use countersign_engine::ports::reader::Durability;
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
    /// Of `/readyz`: where a commit is before it is answered. `disk`: on that of the one database server; `standby`: on
    /// that of a standby too; `standby_behind`: a standby is named, and commits do not wait for its disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub durability: Option<String>,
}

fn ok(durability: Option<Durability>) -> Json<HealthDocument> {
    Json(HealthDocument {
        status: "ok".to_owned(),
        durability: durability.map(|durability| durability.as_str().to_owned()),
    })
}

/// Whether the process runs.
#[utoipa::path(get, path = "/healthz", tag = "service", operation_id = "healthz", security(()),
    responses((status = 200, body = HealthDocument, description = "It runs")))]
pub async fn healthz() -> Json<HealthDocument> {
    ok(None)
}

/// Whether it can serve: the store answers, and takes writes.
#[utoipa::path(get, path = "/readyz", tag = "service", operation_id = "readyz", security(()),
    responses((status = 200, body = HealthDocument, description = "It can serve"), Problems))]
pub async fn readyz(State(state): State<ApiState>) -> Result<Json<HealthDocument>, Problem> {
    let durability = state.engine.ready().await?;
    Ok(ok(Some(durability)))
}
