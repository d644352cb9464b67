//! `DELETE /v1/cases/{case}/materials/{material}/{file}`: remove a file.

use axum::{extract::State, response::Response};
use countersign_core::{case::FileId, command::Command, name::Name};
use countersign_engine::ports::store::CaseAddress;
use uuid::Uuid;

use crate::{
    ApiState, Problem,
    answer::{CaseAnswer, manner},
    documents::{Problems, Written},
    request::{Nothing, Path, Write},
};

/// Remove a file from a case. What was decided on it stays in the history.
#[utoipa::path(delete, path = "/v1/cases/{case}/materials/{material}/{file}", tag = "materials",
    params(("case" = String, Path, description = "Id or number"), ("material" = String, Path, description = "The material"),
        ("file" = Uuid, Path, description = "The file")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn detach(
    State(state): State<ApiState>,
    Path((case, material, file)): Path<(String, String, Uuid)>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let head = write.head;
    let material = Name::parse(&material).map_err(|_| Problem::not_found())?;
    let answer = CaseAnswer::ok(head.asker.language);
    let manner = manner(&head, &answer);
    let command = Command::Detach {
        material,
        file: FileId(file),
    };
    let address = CaseAddress::parse(&case);
    let answered = state
        .engine
        .command(
            head.asker.actor,
            manner,
            address,
            command,
            head.if_match,
            None,
        )
        .await?;
    answer.respond(&state.engine, answered).await
}
