//! `/v1/deliveries`: mails and hook calls with what became of them, for operators.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use countersign_core::case::{Channel, DeliveryId};
use countersign_engine::{
    Manner,
    ports::{
        deliveries::{CaseRef, DeliveryContent},
        reader::{DeliveryKind, DeliveryQuery, DeliveryRow, DeliveryStatus},
        store::CaseAddress,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    ApiState, Problem,
    answer::Plain,
    documents::{Items, Problems},
    request::{Asker, Id, Nothing, Params, Path, Write, page_limit},
};

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryParams {
    /// Only mails, or only hook calls.
    #[param(inline)]
    kind: Option<KindName>,
    /// Only those that wait, were sent, or are given up.
    #[param(inline)]
    status: Option<StatusName>,
    /// Only of this case: id or number.
    case: Option<String>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many deliveries at most, 1 to 200; 50 if missing.
    limit: Option<u32>,
}

/// Mails or hook calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryKind)]
pub enum KindName {
    /// Mails.
    Mail,
    /// Hook calls.
    Hook,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryStatus)]
pub enum StatusName {
    /// It waits for its first or next attempt.
    Waiting,
    /// It has arrived.
    Sent,
    /// It is not tried again until an operator asks for it.
    Dead,
}

/// How others name a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseRef)]
pub struct CaseRefDocument {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its workflow.
    pub workflow: String,
}

impl From<CaseRef> for CaseRefDocument {
    fn from(case: CaseRef) -> Self {
        Self {
            id: case.id,
            number: case.number,
            workflow: case.workflow,
        }
    }
}

/// A delivery: what it is, but not what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Delivery)]
pub struct DeliveryDocument {
    /// Its id: the Message-ID or `webhook-id`.
    pub id: Uuid,
    /// Mail or hook call.
    pub kind: KindName,
    /// How far it is.
    pub status: StatusName,
    /// The case that caused it.
    pub case: Option<CaseRefDocument>,
    /// The address, the hook, or the URL of a subscription; null once wiped.
    pub to: Option<String>,
    /// The message that it was made from; null for hook calls.
    pub message: Option<String>,
    /// How many attempts there were.
    pub attempts: u32,
    /// When the next attempt is due.
    pub next_at: Option<DateTime<Utc>>,
    /// What went wrong at the last attempt.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it arrived.
    pub sent_at: Option<DateTime<Utc>>,
}

/// A page of deliveries.
pub type DeliveryPage = Items<DeliveryDocument>;

impl From<DeliveryRow> for DeliveryDocument {
    fn from(row: DeliveryRow) -> Self {
        let (to, message) = match row.content {
            Some(DeliveryContent::Mail(mail)) => (Some(mail.to.email), Some(mail.message)),
            Some(DeliveryContent::Hook(hook)) => (Some(hook.hook), None),
            None => (None, None),
        };
        Self {
            id: row.id.0,
            kind: match row.kind {
                DeliveryKind::Mail => KindName::Mail,
                DeliveryKind::Hook => KindName::Hook,
            },
            status: match row.status {
                DeliveryStatus::Waiting => StatusName::Waiting,
                DeliveryStatus::Sent => StatusName::Sent,
                DeliveryStatus::Dead => StatusName::Dead,
            },
            case: row.case.map(CaseRefDocument::from),
            to,
            message,
            attempts: row.attempts,
            next_at: row.next_at,
            error: row.error,
            created_at: row.created_at,
            sent_at: row.sent_at,
        }
    }
}

/// Something that is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Retried)]
pub struct RetriedDocument {
    /// The delivery or incident.
    pub id: Uuid,
}

/// Mails and hook calls, the newest first. Operators only.
#[utoipa::path(get, path = "/v1/deliveries", tag = "operators", operation_id = "list_deliveries", params(DeliveryParams),
    responses((status = 200, body = Items<DeliveryDocument>, description = "A page of deliveries"), Problems))]
pub async fn list(
    State(state): State<ApiState>,
    asker: Asker,
    Params(params): Params<DeliveryParams>,
) -> Result<Json<DeliveryPage>, Problem> {
    let limit = page_limit(params.limit)?;
    let query = DeliveryQuery {
        kind: params.kind.map(|kind| match kind {
            KindName::Mail => DeliveryKind::Mail,
            KindName::Hook => DeliveryKind::Hook,
        }),
        status: params.status.map(|status| match status {
            StatusName::Waiting => DeliveryStatus::Waiting,
            StatusName::Sent => DeliveryStatus::Sent,
            StatusName::Dead => DeliveryStatus::Dead,
        }),
        case: params.case.as_deref().map(CaseAddress::parse),
        cursor: params.cursor,
        limit,
    };
    let page = state.engine.deliveries(&asker.caller, &query).await?;
    let told: Vec<Uuid> = page.items.iter().filter_map(DeliveryRow::webhook).collect();
    let known = state.engine.webhooks_of(&asker.caller, &told).await?;
    let items = page.items.into_iter().map(|row| {
        let webhook = row.webhook();
        let mut document = DeliveryDocument::from(row);
        if let Some(record) = known.iter().find(|record| Some(record.id) == webhook) {
            document.to = Some(record.shown_url().to_owned());
        }
        document
    });
    Ok(Json(DeliveryPage {
        items: items.collect(),
        next_cursor: page.next_cursor,
    }))
}

/// Make a delivery due now that was given up, or waits. Operators only.
#[utoipa::path(post, path = "/v1/deliveries/{id}/retry", tag = "operators", operation_id = "retry_delivery",
    params(("id" = Uuid, Path, description = "The delivery")),
    responses((status = 200, body = RetriedDocument, description = "It is due now"), Problems))]
pub async fn retry(
    State(state): State<ApiState>,
    Path(id): Path<Id>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let (id, manner, answer) = trying_again(id, &write)?;
    let caller = &write.head.asker.caller;
    let retry = state.engine.retry_delivery(caller, manner, DeliveryId(id));
    answer.respond(retry.await?)
}

/// What is to be tried again, in which manner that is carried out, and what is answered once it is.
pub fn trying_again(id: Id, write: &Write<Nothing>) -> Result<(Uuid, Manner, Plain), Problem> {
    let id = id.known()?;
    let answer = Plain {
        status: StatusCode::OK,
        body: serde_json::json!(RetriedDocument { id }),
    };
    let manner = write.head.manner(Channel::Api, answer.kept());
    Ok((id, manner, answer))
}
