//! `/v1/tokens`: API tokens of people and services. A token is shown once; stored is its hash.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use countersign_core::{
    case::{PersonId, ServiceId},
    text::Text,
};
use countersign_engine::{
    Answered, NewToken,
    ports::{
        directory::{DirectoryChange, TokenHolder, TokenRecord},
        store::Right,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{change, must_be_id, submit};
use crate::{
    ApiState, Problem,
    answer::Plain,
    documents::{Items, Problems},
    request::{Asker, Id, Nothing, Path, StrictBody, Write},
};

/// A token to make: of a person, or of a service with rights.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// The person that it names.
    #[serde(default)]
    person: Option<String>,
    /// The service that it names.
    #[serde(default)]
    service: Option<String>,
    /// What the service may do.
    #[serde(default)]
    rights: Vec<RightName>,
    /// Until when it opens; until it is removed, if missing.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

impl StrictBody for TokenBody {}

/// What a service may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Right)]
pub enum RightName {
    /// Supply facts.
    Facts,
    /// Send signals.
    Signals,
    /// Keep people, groups and partners.
    Directory,
}

impl From<Right> for RightName {
    fn from(right: Right) -> Self {
        match right {
            Right::Facts => Self::Facts,
            Right::Signals => Self::Signals,
            Right::Directory => Self::Directory,
        }
    }
}

impl From<RightName> for Right {
    fn from(right: RightName) -> Self {
        match right {
            RightName::Facts => Self::Facts,
            RightName::Signals => Self::Signals,
            RightName::Directory => Self::Directory,
        }
    }
}

/// A token right after it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MadeToken)]
pub struct MadeTokenDocument {
    /// Names it.
    pub id: Uuid,
    /// The token, shown this once; null when the answer is repeated under its `Idempotency-Key`.
    pub token: Option<String>,
}

/// A token without what opens anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Token)]
pub struct TokenDocument {
    /// Names it.
    pub id: Uuid,
    /// The person that it names; null: a service.
    pub person: Option<String>,
    /// The service that it names; null: a person.
    pub service: Option<String>,
    /// What the service may do.
    pub rights: Vec<RightName>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it opens; null: until it is removed.
    pub expires_at: Option<DateTime<Utc>>,
}

/// All tokens.
pub type TokenPage = Items<TokenDocument>;

impl From<TokenRecord> for TokenDocument {
    fn from(record: TokenRecord) -> Self {
        let (person, service, rights) = match record.holder {
            TokenHolder::Person(id) => (Some(id.to_string()), None, Vec::new()),
            TokenHolder::Service { id, rights } => {
                let rights = rights.into_iter().map(RightName::from).collect();
                (None, Some(id.to_string()), rights)
            }
        };
        Self {
            id: record.id,
            person,
            service,
            rights,
            created_at: record.created_at,
            expires_at: record.expires_at,
        }
    }
}

/// All tokens, without what opens anything.
#[utoipa::path(get, path = "/v1/tokens", tag = "tokens", operation_id = "list_tokens",
    responses((status = 200, body = Items<TokenDocument>, description = "Tokens, all on one page"), Problems))]
pub async fn list(State(state): State<ApiState>, asker: Asker) -> Result<Json<TokenPage>, Problem> {
    let tokens = state.engine.tokens(&asker.caller).await?.into_iter();
    Ok(Json(TokenPage::all(
        tokens.map(TokenDocument::from).collect(),
    )))
}

/// Make a token. It is shown in this answer and never again.
#[utoipa::path(post, path = "/v1/tokens", tag = "tokens", operation_id = "make_token", request_body = TokenBody,
    responses((status = 201, body = MadeTokenDocument, description = "The token"), Problems))]
pub async fn make(
    State(state): State<ApiState>,
    write: Write<TokenBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    state.engine.must_administer(&head.asker.caller)?;
    let now = state.engine.now();
    if body.expires_at.is_some_and(|until| until <= now) {
        let why = Text::new("That moment is over.", "该时刻已过。");
        return Err(Problem::invalid("expires_at", why));
    }
    let expires_at = body.expires_at;
    let holder = holder(&state, &head.asker, body).await?;
    let made = NewToken::make(holder, now, expires_at);
    let id = made.record.id;
    // What is kept under the key has no token in it: nothing stored can open anything.
    let answer = Plain {
        status: StatusCode::CREATED,
        body: json!({ "id": id, "token": null }),
    };
    match submit(
        &state,
        head,
        DirectoryChange::PutToken(made.record),
        &answer,
    )
    .await?
    {
        replayed @ Answered::Replayed(_) => answer.respond(replayed),
        Answered::Fresh(_) => {
            let token = Some(made.token);
            Ok((StatusCode::CREATED, Json(MadeTokenDocument { id, token })).into_response())
        }
    }
}

/// Whom the token names.
async fn holder(state: &ApiState, asker: &Asker, body: TokenBody) -> Result<TokenHolder, Problem> {
    match (body.person, body.service) {
        (Some(person), None) if body.rights.is_empty() => {
            let id = PersonId::new(person);
            let known = state.engine.person_record(&asker.caller, &id).await;
            known.map_err(|error| match error {
                countersign_engine::Error::NotFound => Problem::invalid(
                    "person",
                    Text::new("There is no such person.", "没有该人员。"),
                ),
                error => error.into(),
            })?;
            Ok(TokenHolder::Person(id))
        }
        (Some(_), None) => {
            let why = Text::new(
                "Only services have rights: people have groups.",
                "只有服务可设权限，人员使用组。",
            );
            Err(Problem::invalid("rights", why))
        }
        (None, Some(service)) => {
            must_be_id("service", &service)?;
            let id = ServiceId::new(service);
            let rights = body.rights.into_iter().map(Right::from).collect();
            Ok(TokenHolder::Service { id, rights })
        }
        (Some(_), Some(_)) | (None, None) => {
            let why = Text::new(
                "Name either a `person` or a `service`.",
                "请在 person 与 service 中择一填写。",
            );
            Err(Problem::invalid("person", why))
        }
    }
}

/// Take a token back: it opens nothing from now on.
#[utoipa::path(delete, path = "/v1/tokens/{id}", tag = "tokens", operation_id = "remove_token",
    params(("id" = Uuid, Path, description = "The token's id")),
    responses((status = 200, body = TokenDocument, description = "The token that was"), Problems))]
pub async fn remove(
    State(state): State<ApiState>,
    Path(id): Path<Id>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let (head, id) = (write.head, id.known()?);
    let tokens = state.engine.tokens(&head.asker.caller).await?;
    let known = tokens.into_iter().find(|token| token.id == id);
    let Some(known) = known else {
        // A repeated request gets its first answer again; only a new one finds nothing.
        return repeated(&state, head, id).await;
    };
    let document = TokenDocument::from(known);
    change(&state, head, DirectoryChange::RemoveToken(id), &document).await
}

async fn repeated(
    state: &ApiState,
    mut head: crate::request::Written,
    id: Uuid,
) -> Result<Response, Problem> {
    let answer = Plain {
        status: StatusCode::OK,
        body: json!({}),
    };
    if head.key.is_none() {
        return Err(Problem::not_found());
    }
    head.keeps_answer = false;
    match submit(state, head, DirectoryChange::RemoveToken(id), &answer).await? {
        replayed @ Answered::Replayed(_) => answer.respond(replayed),
        Answered::Fresh(_) => Err(Problem::not_found()),
    }
}
