//! `DELETE /v1/cases/{case}/materials/{material}/{file}`: remove a file.

use axum::{extract::State, response::Response};
use countersign_core::{case::FileId, command::Command, name::Name};

use super::carry_out::carry_out_plainly;
use crate::{
    ApiState, Problem,
    documents::{Problems, Written},
    request::{Id, Nothing, Path, Write},
};

/// Remove a file from a case. What was decided on it stays in the history.
#[utoipa::path(delete, path = "/v1/cases/{case}/materials/{material}/{file}", tag = "materials", operation_id = "detach_file",
    params(("case" = String, Path, description = "Id or number"), ("material" = String, Path, description = "The material"),
        ("file" = Uuid, Path, description = "The file")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn detach(
    State(state): State<ApiState>,
    Path((case, material, file)): Path<(String, String, Id)>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let head = write.head;
    let material = Name::parse(&material).map_err(|_| Problem::not_found())?;
    let command = Command::Detach {
        material,
        file: FileId(file.known()?),
    };
    carry_out_plainly(&state, head, &case, command).await
}
