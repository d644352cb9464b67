//! `/v1/webhooks`: subscriptions to what happens. Each entry of every history is posted, signed, in the order of commits, none
//! skipped. For administrators.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use countersign_core::{
    case::Channel,
    history::What,
    text::{Language, Text},
};
use countersign_engine::{
    Answered, Disabled, Webhook, WebhookRecord, ports::directory::DirectoryChange,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    ApiState, Problem,
    answer::Plain,
    directory::change,
    documents::{Items, Problems},
    request::{Asker, Id, Nothing, Path, StrictBody, Write, Written},
};

/// How long the secret before signs too, if nobody says otherwise, in hours.
const OVERLAP: u32 = 24;
/// The longest overlap, in hours.
const OVERLAP_MOST: u32 = 24 * 30;
/// The longest address, in bytes.
const URL_MOST: usize = 2_000;

/// The routes of subscriptions.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, make))
        .routes(routes!(read, put, remove))
        .routes(routes!(rotate))
        .routes(routes!(test))
        .routes(routes!(replay))
}

/// A subscription to make, or what becomes of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookBody {
    /// Where it posts to: `https`, on the public Internet unless the operators allow their own network.
    #[schema(example = "https://erp.example.com/countersign")]
    url: String,
    /// What it is told of, by the `type` of its calls: `case.` and a `what` of the history; empty or missing: everything.
    #[serde(default)]
    #[schema(example = json!(["case.decision", "case.opened"]))]
    events: Vec<String>,
    /// Whether it is told nothing at present. What happens meanwhile comes when it is enabled again.
    #[serde(default)]
    disabled: bool,
}

impl StrictBody for WebhookBody {}

/// How a secret is replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateBody {
    /// For how many hours the secret before signs too, 0 to 720; 24 if missing.
    #[serde(default)]
    overlap_hours: Option<u32>,
}

impl StrictBody for RotateBody {}

/// From where a subscription is told again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayBody {
    /// A cursor: `data.cursor` of a call, or an `id` of `/v1/events`; `0`: everything that ever happened.
    after: String,
}

impl StrictBody for ReplayBody {}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Webhook)]
pub struct WebhookDocument {
    /// Names it.
    pub id: Uuid,
    /// Where it posts to.
    pub url: String,
    /// What it is told of, by the `type` of its calls; empty: everything.
    pub events: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when the secret before the last signs too; null: it does not.
    pub overlap_until: Option<DateTime<Utc>>,
    /// Since when nothing arrives; null: the last call did.
    pub failing_since: Option<DateTime<Utc>>,
    /// Why it is told nothing at present, in words; null: it is.
    pub disabled: Option<String>,
    /// The cursor behind everything that was handed over.
    pub cursor: String,
    /// The secret that signs, shown when it is made and when it is rotated; null otherwise.
    pub secret: Option<String>,
}

/// A test call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookTest)]
pub struct TestDocument {
    /// The delivery, as `/v1/deliveries` lists it.
    pub delivery: Uuid,
}

impl WebhookDocument {
    fn new(webhook: &Webhook, language: Language) -> Self {
        let record = webhook.record.clone();
        Self {
            id: record.id,
            url: record.url,
            events: record.events.into_iter().map(WebhookRecord::kind).collect(),
            created_at: record.created_at,
            overlap_until: record.overlap_until,
            failing_since: record.failing_since,
            disabled: record
                .disabled
                .map(|why| why.text().get(language).to_owned()),
            cursor: webhook.cursor.clone(),
            secret: None,
        }
    }
}

/// All subscriptions.
#[utoipa::path(get, path = "/v1/webhooks", tag = "operators", operation_id = "list_webhooks",
    responses((status = 200, body = Items<WebhookDocument>, description = "Subscriptions, all on one page"), Problems))]
pub async fn list(
    State(state): State<ApiState>,
    asker: Asker,
) -> Result<Json<Items<WebhookDocument>>, Problem> {
    let webhooks = state.engine.webhooks(&asker.caller).await?;
    let items = webhooks
        .iter()
        .map(|webhook| WebhookDocument::new(webhook, asker.language))
        .collect();
    Ok(Json(Items::all(items)))
}

/// One subscription.
#[utoipa::path(get, path = "/v1/webhooks/{id}", tag = "operators", operation_id = "read_webhook",
    params(("id" = Uuid, Path, description = "The subscription")),
    responses((status = 200, body = WebhookDocument, description = "The subscription"), Problems))]
pub async fn read(
    State(state): State<ApiState>,
    asker: Asker,
    Path(id): Path<Id>,
) -> Result<Json<WebhookDocument>, Problem> {
    let webhook = state.engine.webhook(&asker.caller, id.known()?).await?;
    Ok(Json(WebhookDocument::new(&webhook, asker.language)))
}

/// Subscribe: every entry from now on is posted, signed as Standard Webhooks say. The secret is in this answer and never again.
#[utoipa::path(post, path = "/v1/webhooks", tag = "operators", operation_id = "make_webhook", request_body = WebhookBody,
    responses((status = 201, body = WebhookDocument, description = "The subscription"), Problems))]
pub async fn make(
    State(state): State<ApiState>,
    write: Write<WebhookBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    state.engine.must_administer(&head.asker.caller)?;
    must_be_url(&state, &body.url)?;
    let record = WebhookRecord {
        id: Uuid::now_v7(),
        url: body.url,
        events: events(&body.events)?,
        generation: 1,
        overlap_until: None,
        created_at: state.engine.now(),
        failing_since: None,
        disabled: body.disabled.then_some(Disabled::ByHand),
    };
    kept(&state, head, record, StatusCode::CREATED).await
}

/// Change a subscription, disable it, or enable it again: what was given up is tried again then. How far it has come stays.
#[utoipa::path(put, path = "/v1/webhooks/{id}", tag = "operators", operation_id = "put_webhook", request_body = WebhookBody,
    params(("id" = Uuid, Path, description = "The subscription")),
    responses((status = 200, body = WebhookDocument, description = "As it is now"), Problems))]
pub async fn put(
    State(state): State<ApiState>,
    Path(id): Path<Id>,
    write: Write<WebhookBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let mut known = state
        .engine
        .webhook(&head.asker.caller, id.known()?)
        .await?;
    must_be_url(&state, &body.url)?;
    known.record.url = body.url;
    known.record.events = events(&body.events)?;
    known.record.failing_since = None;
    known.record.disabled = body.disabled.then_some(Disabled::ByHand);
    let document = WebhookDocument::new(&known, head.asker.language);
    let put = DirectoryChange::PutWebhook(known.record, known.cursor);
    change(&state, head, put, &document).await
}

/// Unsubscribe. What was handed over and has not arrived is forgotten.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "operators", operation_id = "remove_webhook",
    params(("id" = Uuid, Path, description = "The subscription")),
    responses((status = 200, body = WebhookDocument, description = "The subscription that was"), Problems))]
pub async fn remove(
    State(state): State<ApiState>,
    Path(id): Path<Id>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let (head, id) = (write.head, id.known()?);
    let known = state.engine.webhook(&head.asker.caller, id).await?;
    let document = WebhookDocument::new(&known, head.asker.language);
    change(&state, head, DirectoryChange::RemoveWebhook(id), &document).await
}

/// Replace the secret. The one before signs too for a while, so that receivers can change over; the new one is in this answer
/// and never again.
#[utoipa::path(post, path = "/v1/webhooks/{id}/rotate", tag = "operators", operation_id = "rotate_webhook", request_body = RotateBody,
    params(("id" = Uuid, Path, description = "The subscription")),
    responses((status = 200, body = WebhookDocument, description = "With the new secret"), Problems))]
pub async fn rotate(
    State(state): State<ApiState>,
    Path(id): Path<Id>,
    write: Write<RotateBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let known = state
        .engine
        .webhook(&head.asker.caller, id.known()?)
        .await?;
    let hours = body.overlap_hours.unwrap_or(OVERLAP);
    if hours > OVERLAP_MOST {
        let why = Text::new(
            "An overlap has 0 to 720 hours.",
            "重叠时间为 0 到 720 小时。",
        );
        return Err(Problem::invalid("overlap_hours", why));
    }
    let until = state.engine.now() + TimeDelta::hours(hours.into());
    let record = WebhookRecord {
        generation: known.record.generation + 1,
        overlap_until: (hours > 0).then_some(until),
        ..known.record
    };
    kept(&state, head, record, StatusCode::OK).await
}

/// Post a call that says nothing, to see whether it arrives.
#[utoipa::path(post, path = "/v1/webhooks/{id}/test", tag = "operators", operation_id = "test_webhook",
    params(("id" = Uuid, Path, description = "The subscription")),
    responses((status = 200, body = TestDocument, description = "The delivery"), Problems))]
pub async fn test(
    State(state): State<ApiState>,
    asker: Asker,
    Path(id): Path<Id>,
) -> Result<Json<TestDocument>, Problem> {
    let delivery = state
        .engine
        .test_webhook(&asker.caller, id.known()?)
        .await?;
    Ok(Json(TestDocument {
        delivery: delivery.0,
    }))
}

/// Tell it again of everything after a cursor. Calls have new ids; receivers know entries by case and number.
#[utoipa::path(post, path = "/v1/webhooks/{id}/replay", tag = "operators", operation_id = "replay_webhook", request_body = ReplayBody,
    params(("id" = Uuid, Path, description = "The subscription")),
    responses((status = 200, body = WebhookDocument, description = "With the cursor from which it goes on"), Problems))]
pub async fn replay(
    State(state): State<ApiState>,
    Path(id): Path<Id>,
    write: Write<ReplayBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let id = id.known()?;
    let mut known = state.engine.webhook(&head.asker.caller, id).await?;
    known.cursor.clone_from(&body.after);
    let answer = Plain {
        status: StatusCode::OK,
        body: json!(WebhookDocument::new(&known, head.asker.language)),
    };
    let caller = head.asker.caller.clone();
    let manner = head.manner(Channel::Api, answer.kept());
    let engine = state.engine.clone();
    let moved = tokio::spawn(async move {
        engine
            .replay_webhook(&caller, manner, id, &body.after)
            .await
    });
    answer.respond(moved.await.map_err(|_| Problem::internal())??)
}

/// Keeps it, and shows its secret in this answer only.
async fn kept(
    state: &ApiState,
    head: Written,
    record: WebhookRecord,
    status: StatusCode,
) -> Result<Response, Problem> {
    let secret = state.engine.webhook_secret(&record);
    let cursor = state.engine.last_event().await?;
    let webhook = Webhook {
        record: record.clone(),
        cursor,
    };
    let document = WebhookDocument::new(&webhook, head.asker.language);
    let answer = Plain {
        status,
        body: json!(document),
    };
    let caller = head.asker.caller.clone();
    let manner = head.manner(Channel::Api, answer.kept());
    let engine = state.engine.clone();
    let put = tokio::spawn(async move { engine.put_webhook(&caller, manner, record).await });
    match put.await.map_err(|_| Problem::internal())?? {
        replayed @ Answered::Replayed(_) => answer.respond(replayed),
        Answered::Fresh(_) => {
            let shown = WebhookDocument {
                secret: Some(secret),
                ..document
            };
            Ok((status, Json(shown)).into_response())
        }
    }
}

/// What these names stand for.
fn events(names: &[String]) -> Result<Vec<What>, Problem> {
    let named = names.iter().map(|name| {
        WebhookRecord::of_kind(name).ok_or_else(|| {
            let why = Text::new(
                format!("`{name}` is no event: they are called as the calls are, such as `case.decision`."),
                format!("没有名为“{name}”的事件：事件与推送的类型同名，例如 case.decision。"),
            );
            Problem::invalid("events", why)
        })
    });
    named.collect()
}

/// One that calls may go to; it is judged anew at each of them.
fn must_be_url(state: &ApiState, url: &str) -> Result<(), Problem> {
    let judged = if url.len() > URL_MOST {
        Err("it is too long".to_owned())
    } else {
        (state.judge_url)(url)
    };
    judged.map_err(|why| {
        Problem::invalid(
            "url",
            Text::new(
                format!("No call may go there: {why}."),
                format!("不能向该地址发送：{why}。"),
            ),
        )
    })
}
