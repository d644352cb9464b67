//! `/v1/groups/{id}/members`: who is in a group. A group is there when somebody is in it.

use axum::{Json, extract::State, response::Response};
use countersign_core::case::{GroupId, PersonId};
use countersign_engine::ports::{directory::DirectoryChange, store::Right};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{change, must_be_id};
use crate::{
    ApiState, Problem,
    documents::{Items, Problems},
    request::{Asker, Nothing, Path, Write},
};

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Member)]
pub struct MemberDocument {
    /// The group.
    pub group: String,
    /// The person.
    pub person: String,
    /// Whether they are in it.
    pub member: bool,
}

/// The members of a group.
pub type MemberPage = Items<String>;

/// The members of a group, in order of id.
#[utoipa::path(get, path = "/v1/groups/{id}/members", tag = "people", operation_id = "list_members",
    params(("id" = String, Path, description = "The group")),
    responses((status = 200, body = Items<String>, description = "Ids of people, all on one page"), Problems))]
pub async fn list(
    State(state): State<ApiState>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Json<MemberPage>, Problem> {
    let members = state
        .engine
        .members(&asker.caller, &GroupId::new(id))
        .await?;
    Ok(Json(MemberPage::all(
        members.iter().map(ToString::to_string).collect(),
    )))
}

/// Whether a person is in a group; not found if not.
#[utoipa::path(get, path = "/v1/groups/{id}/members/{person}", tag = "people", operation_id = "read_member",
    params(("id" = String, Path, description = "The group"), ("person" = String, Path, description = "The person")),
    responses((status = 200, body = MemberDocument, description = "They are"), Problems))]
pub async fn read(
    State(state): State<ApiState>,
    asker: Asker,
    Path((group, person)): Path<(String, String)>,
) -> Result<Json<MemberDocument>, Problem> {
    let members = state
        .engine
        .members(&asker.caller, &GroupId::new(&*group))
        .await?;
    if !members.contains(&PersonId::new(&*person)) {
        return Err(Problem::not_found());
    }
    let member = true;
    Ok(Json(MemberDocument {
        group,
        person,
        member,
    }))
}

/// Put a person into a group. Ballots that look at the group are counted again.
#[utoipa::path(put, path = "/v1/groups/{id}/members/{person}", tag = "people", operation_id = "put_member",
    params(("id" = String, Path, description = "The group"), ("person" = String, Path, description = "The person")),
    responses((status = 200, body = MemberDocument, description = "They are in it"), Problems))]
pub async fn put(
    State(state): State<ApiState>,
    Path((group, person)): Path<(String, String)>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let head = write.head;
    state
        .engine
        .must_keep(&head.asker.caller, Right::Directory)?;
    must_be_id("id", &group)?;
    let id = PersonId::new(&*person);
    // Not found, if there is no such person.
    state.engine.person_record(&head.asker.caller, &id).await?;
    let put = DirectoryChange::PutMember(GroupId::new(&*group), id);
    let member = true;
    change(
        &state,
        head,
        put,
        &MemberDocument {
            group,
            person,
            member,
        },
    )
    .await
}

/// Take a person out of a group. Ballots that look at the group are counted again.
#[utoipa::path(delete, path = "/v1/groups/{id}/members/{person}", tag = "people", operation_id = "remove_member",
    params(("id" = String, Path, description = "The group"), ("person" = String, Path, description = "The person")),
    responses((status = 200, body = MemberDocument, description = "They are not in it"), Problems))]
pub async fn remove(
    State(state): State<ApiState>,
    Path((group, person)): Path<(String, String)>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let removal = DirectoryChange::RemoveMember(GroupId::new(&*group), PersonId::new(&*person));
    let member = false;
    change(
        &state,
        write.head,
        removal,
        &MemberDocument {
            group,
            person,
            member,
        },
    )
    .await
}
