//! `DELETE /v1/cases/{case}/actions/{action}`: take one's own vote back, before it decides.

use axum::{extract::State, response::Response};
use countersign_core::{command::Command, name::Name, outcome::Refusal};
use countersign_engine::{Error, ports::store::CaseAddress};

use super::carry_out::carry_out_plainly;
use crate::{
    ApiState, Problem,
    documents::{Problems, Written},
    request::{Nothing, Path, Write},
};

/// Take one's own vote back, before it decides.
#[utoipa::path(delete, path = "/v1/cases/{case}/actions/{action}", tag = "cases", operation_id = "take_vote_back",
    params(("case" = String, Path, description = "Id or number"), ("action" = String, Path, description = "Decision")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn take_back(
    State(state): State<ApiState>,
    Path((case, action)): Path<(String, String)>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let head = write.head;
    let address = CaseAddress::parse(&case);
    let Ok(decision) = Name::parse(&action) else {
        // That a case is there is told only to those who see it.
        state.engine.look(&head.asker.actor, &address).await?;
        return Err(Error::refused(Refusal::UnknownAction { nearest: None }).into());
    };
    let command = Command::TakeBack { decision };
    carry_out_plainly(&state, head, &case, command).await
}
