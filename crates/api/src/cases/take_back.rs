//! `DELETE /v1/cases/{case}/actions/{action}`: take one's own vote back, before it decides.

use axum::{
    extract::{Path, State},
    response::Response,
};
use countersign_core::{command::Command, name::Name, outcome::Refusal};
use countersign_engine::{Error, ports::store::CaseAddress};

use crate::{
    ApiState, Problem,
    answer::{Answer, manner},
    request::{Nothing, Write},
};

/// Take one's own vote back, before it decides.
#[utoipa::path(delete, path = "/v1/cases/{case}/actions/{action}", tag = "cases",
    params(("case" = String, Path, description = "Id or number"), ("action" = String, Path, description = "Decision")),
    responses((status = 200, description = "The case and the receipt"), (status = "4XX", description = "A problem")))]
pub async fn take_back(
    State(state): State<ApiState>,
    Path((case, action)): Path<(String, String)>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let head = write.head;
    let decision =
        Name::parse(&action).map_err(|_| Error::refused(Refusal::UnknownAction { nearest: None }))?;
    let answer = Answer::ok(head.asker.language);
    let manner = manner(&head, &answer);
    let command = Command::TakeBack { decision };
    let address = CaseAddress::parse(&case);
    let answered = state.engine.command(head.asker.actor, manner, address, command, head.if_match, None).await?;
    answer.respond(&state.engine, answered).await
}
