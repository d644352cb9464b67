//! `POST` and `DELETE /v1/me/away`: when the caller is away, and who acts for them meanwhile.

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use countersign_core::{
    case::{Absence, Person, PersonId},
    text::Text,
};
use countersign_engine::ports::{directory::DirectoryChange, store::Caller};
use serde::{Deserialize, Serialize};
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

impl StrictBody for AwayDocument {}

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
#[utoipa::path(post, path = "/v1/me/away", tag = "people", operation_id = "be_away", request_body = AwayDocument,
    responses((status = 200, body = MyAbsenceDocument, description = "The absence"), Problems))]
pub async fn be_away(
    State(state): State<ApiState>,
    write: Write<AwayDocument>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let person = myself(&head)?.clone();
    if body.from >= body.until || body.until <= state.engine.now() {
        let why = Text::new(
            "An absence ends after it has begun, and not in the past.",
            "结束时间须晚于开始时间，且不得早于当前时间。",
        );
        return Err(Problem::invalid("until", why));
    }
    let substitute = match &body.substitute {
        Some(id) => Some(substitute(&state, &person, id).await?),
        None => None,
    };
    let absence = Absence {
        from: body.from,
        until: body.until,
        substitute,
    };
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

/// Somebody else of the same organisation who has not left: whether they may decide is judged case by case.
async fn substitute(state: &ApiState, of: &Person, id: &str) -> Result<PersonId, Problem> {
    let id = PersonId::new(id);
    let known = state.engine.reader().person(&id).await?;
    let fits = known.is_some_and(|(person, _)| {
        !person.disabled && person.partner == of.partner && person.id != of.id
    });
    if fits {
        return Ok(id);
    }
    let why = Text::new(
        "Name a colleague of your own organisation.",
        "请指定本组织的其他同事。",
    );
    Err(Problem::invalid("substitute", why))
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
