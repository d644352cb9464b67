//! `POST` and `DELETE /v1/me/away`: when the caller is away, and who acts for them meanwhile.

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use countersign_core::case::{Absence, Person, PersonId};
use countersign_engine::ports::{directory::DirectoryChange, store::Caller};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    directory::change,
    documents::Problems,
    request::{Nothing, StrictBody, Write, Written},
};

/// A time in which somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Away)]
pub struct AwayDocument {
    /// From this moment.
    pub from: DateTime<Utc>,
    /// Until just before this one.
    pub until: DateTime<Utc>,
    /// Who acts for them meanwhile; nobody if missing.
    #[serde(default)]
    pub substitute: Option<String>,
}

/// When somebody will be away: days (`2026-12-01`), which count whole, or moments (`2026-12-01T09:00:00+08:00`). A day begins
/// and ends on the caller's own clock (`timezone`); for who has none on that of the workflows where all have the same, else by
/// UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BeAway)]
pub struct BeAwayDocument {
    /// From the beginning of this day, or this moment.
    #[schema(value_type = String, example = "2026-12-01")]
    pub from: Json,
    /// Until the end of this day, or just before this moment.
    #[schema(value_type = String, example = "2026-12-07")]
    pub until: Json,
    /// Who acts for them meanwhile, a colleague of their own organisation; nobody if missing.
    #[serde(default)]
    pub substitute: Option<String>,
}

impl StrictBody for BeAwayDocument {}

impl From<&Absence> for AwayDocument {
    fn from(absence: &Absence) -> Self {
        Self {
            from: absence.from,
            until: absence.until,
            substitute: absence.substitute.as_ref().map(ToString::to_string),
        }
    }
}

/// Whether the caller is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MyAbsence)]
pub struct MyAbsenceDocument {
    /// When they are away; null if they are not.
    pub away: Option<AwayDocument>,
}

/// Be away for a time, in which a substitute acts for the caller, in both their names. One absence is kept: it takes the
/// place of the one before.
#[utoipa::path(post, path = "/v1/me/away", tag = "people", operation_id = "be_away", request_body = BeAwayDocument,
    responses((status = 200, body = MyAbsenceDocument, description = "The absence, in moments"), Problems))]
pub async fn be_away(
    State(state): State<ApiState>,
    write: Write<BeAwayDocument>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let person = myself(&head)?.clone();
    // What is no text is no day either, and is told with its member like a wrong one.
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let (from, until) = (text(&body.from), text(&body.until));
    let substitute = body.substitute.as_deref();
    let absence = state.engine.absence(&person, &from, &until, substitute);
    let absence = absence.await?;
    keep(&state, head, person.id, Some(absence)).await
}

/// Be back.
#[utoipa::path(delete, path = "/v1/me/away", tag = "people", operation_id = "be_back",
    responses((status = 200, body = MyAbsenceDocument, description = "No absence any more"), Problems))]
pub async fn be_back(
    State(state): State<ApiState>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let person = myself(&write.head)?.id.clone();
    keep(&state, write.head, person, None).await
}

fn myself(head: &Written) -> Result<&Person, Problem> {
    match &head.asker.caller {
        Caller::Person(person) => Ok(person),
        Caller::Service { .. } => Err(Problem::not_allowed()),
    }
}

async fn keep(
    state: &ApiState,
    head: Written,
    person: PersonId,
    away: Option<Absence>,
) -> Result<Response, Problem> {
    let shown = MyAbsenceDocument {
        away: away.as_ref().map(AwayDocument::from),
    };
    change(state, head, DirectoryChange::PutAway(person, away), &shown).await
}
