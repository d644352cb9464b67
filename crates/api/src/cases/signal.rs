//! `POST /v1/cases/{case}/signals/{action}`: a `system` action by a service.

use axum::{
    extract::{Path, State},
    response::Response,
};
use countersign_core::{case::Channel, command::Command};
use countersign_engine::ports::store::{CaseAddress, Caller, Right};

use super::act::ActBody;
use crate::{
    ApiState, Problem,
    answer::Answer,
    request::Write,
};

/// Report what has happened outside, as a `system` action; `delivery` ties it to the visit that called.
#[utoipa::path(post, path = "/v1/cases/{case}/signals/{action}", tag = "cases", request_body = ActBody,
    params(("case" = String, Path, description = "Id or number"), ("action" = String, Path, description = "A `system` action")),
    responses((status = 200, description = "The case and the receipt"), (status = "4XX", description = "A problem")))]
pub async fn signal(
    State(state): State<ApiState>,
    Path((case, action)): Path<(String, String)>,
    write: Write<ActBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    match &head.asker.caller {
        Caller::Service { rights, .. } if rights.contains(&Right::Signals) => {}
        Caller::Service { .. } | Caller::Person(_) => return Err(Problem::not_allowed()),
    }
    let answer = Answer::ok(head.asker.language);
    let manner = head.manner(Channel::Signal, answer.kept());
    let (act, code) = body.into_act(action);
    let address = CaseAddress::parse(&case);
    let answered =
        state.engine.command(head.asker.actor, manner, address, Command::Act(act), head.if_match, code).await?;
    answer.respond(&state.engine, answered).await
}
