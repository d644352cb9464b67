//! `POST /v1/workflows/reload`: publish the workflows' folder again, without a restart.

use axum::{extract::State, http::StatusCode, response::Response};
use countersign_core::case::Channel;
use countersign_engine::Answered;
use serde_json::Value;

use crate::{
    ApiState, NotReloaded, Problem,
    answer::Plain,
    documents::Problems,
    problem::Code,
    request::{Nothing, Write, Written},
};

/// Publish what is new in the workflows' folder: all of it, or nothing with the findings of the checker.
#[utoipa::path(post, path = "/v1/workflows/reload", tag = "workflows", operation_id = "reload_workflows",
    responses((status = 200, body = Value, description = "What was new: `{ workflows: [{ id, version }], lists }`"), Problems))]
pub async fn reload(
    State(state): State<ApiState>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    state.engine.must_administer(&write.head.asker.caller)?;
    // In a task of its own: publishing must not end half way because the client has gone.
    let published = tokio::spawn(published(state, write.head));
    let (answer, answered) = published.await.map_err(|_| Problem::internal())??;
    answer.respond(answered)
}

async fn published(state: ApiState, head: Written) -> Result<(Plain, Answered), Problem> {
    let answer = |news: &Value| Plain {
        status: StatusCode::OK,
        body: news.clone(),
    };
    let how = move |news: &Value| head.manner(Channel::Api, answer(news).kept());
    // The folder may have changed since: a repeated request is not to be judged by it.
    let before = state.engine.answered_before(how(&Value::Null)).await?;
    if let Some(answered) = before {
        return Ok((answer(&Value::Null), answered));
    }
    match state.reload.reload(&how).await {
        Ok((news, answered)) => Ok((answer(&news), answered)),
        Err(NotReloaded::Engine(error)) => Err(error.into()),
        Err(NotReloaded::Findings(findings)) => Err(Problem::new(Code::Invalid)
            .detail(
                "The workflows' folder does not pass; nothing was published. `findings` tells where and why.",
                "流程目录未通过检查，未发布任何内容。`findings` 说明位置和原因。",
            )
            .member("findings", findings)),
        Err(NotReloaded::Files(why)) => Err(Problem::new(Code::Invalid).detail(
            format!("Nothing was published: {why}"),
            format!("未发布任何内容：{why}"),
        )),
    }
}
