//! `POST /v1/workflows/reload`: publish the workflows' folder again, without a restart.

use axum::{Json, extract::State};
use serde_json::Value;

use crate::{
    ApiState, Problem,
    documents::Problems,
    problem::Code,
    request::{Nothing, Write},
};

/// Publish what is new in the workflows' folder: all of it, or nothing with the findings of the checker.
#[utoipa::path(post, path = "/v1/workflows/reload", tag = "workflows", operation_id = "reload_workflows",
    responses((status = 200, body = Value, description = "What was new: `{ workflows: [{ id, version }], lists }`"), Problems))]
pub async fn reload(
    State(state): State<ApiState>,
    write: Write<Nothing>,
) -> Result<Json<Value>, Problem> {
    state.engine.must_administer(&write.head.asker.caller)?;
    // In a task of its own: publishing must not end half way because the client has gone.
    let published = tokio::spawn(async move { state.reload.reload().await });
    match published.await.map_err(|_| Problem::internal())? {
        Ok(news) => Ok(Json(news)),
        Err(findings) => Err(Problem::new(Code::Invalid)
            .detail(
                "The workflows' folder does not pass; nothing was published.",
                "流程目录未通过检查，未发布任何内容。",
            )
            .member("findings", findings)),
    }
}
