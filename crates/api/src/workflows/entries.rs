//! `GET /v1/workflows/{workflow}/lists/{list}`: what fields of a workflow can pick from a reference list.

use axum::{Json, extract::State};
use countersign_core::{name::Name, view::entry_in_language};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::named;
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path},
};

/// The entries of a reference list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListEntries {
    /// All of them, in the order of the list, each with its `id` and the list's own fields in the caller's language.
    #[schema(value_type = Vec<Object>)]
    pub items: Vec<Value>,
}

/// The entries that fields of this workflow can pick from one of its lists, as they are now. A list is named by `x-list` in
/// the JSON Schema of a form.
#[utoipa::path(get, path = "/v1/workflows/{workflow}/lists/{list}", tag = "workflows", operation_id = "list_entries",
    params(("workflow" = String, Path, description = "The workflow"), ("list" = String, Path, description = "The list")),
    responses((status = 200, body = ListEntries, description = "The entries"), Problems))]
pub async fn entries(
    State(state): State<ApiState>,
    asker: Asker,
    Path((workflow, list)): Path<(String, String)>,
) -> Result<Json<ListEntries>, Problem> {
    let workflow = named(&state, &workflow)?;
    let known = Name::parse(&list).ok();
    let name = known.filter(|name| workflow.picks_from(name));
    let name = name.ok_or_else(Problem::not_found)?;
    let list = state.engine.list(&name).await?;
    let entries = list.iter().flat_map(|list| list.entries.values());
    let items = entries
        .map(|entry| entry_in_language(entry, asker.language))
        .collect();
    Ok(Json(ListEntries { items }))
}
