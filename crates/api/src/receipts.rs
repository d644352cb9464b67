//! `GET /v1/receipts/{hash}`: whether what a write was answered with is still so.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use countersign_core::history::{Hash, SealedEntry};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    documents::{Problems, ReceiptDocument},
    request::{Asker, Path},
};

/// A receipt that is still good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CheckedReceipt)]
pub struct CheckedReceiptDocument {
    /// The receipt as it was given.
    pub receipt: ReceiptDocument,
    /// The number of the case.
    pub number: String,
    /// When it was committed.
    pub recorded_at: DateTime<Utc>,
    /// What it was, as in the history.
    pub what: String,
    /// The action, decision or timer.
    pub action: Option<String>,
    /// How many entries the history has by now: those after this one are chained to it.
    pub entries: u64,
    /// Whether the entry is as it was written: its hash is reckoned anew.
    pub intact: bool,
}

/// Check a receipt: what it is of, and that it is as it was written.
///
/// For ever, and for whoever may see the case; a hash that nobody was given is not found.
#[utoipa::path(get, path = "/v1/receipts/{hash}", tag = "cases", operation_id = "check_receipt",
    params(("hash" = String, Path, description = "`hash` of the receipt: 64 hex digits")),
    responses((status = 200, body = CheckedReceiptDocument, description = "It is good"), Problems))]
pub async fn check(
    State(state): State<ApiState>,
    asker: Asker,
    Path(hash): Path<String>,
) -> Result<Json<CheckedReceiptDocument>, Problem> {
    let hash = Hash::parse(&hash).ok_or_else(Problem::not_found)?;
    let (case, sealed) = state.engine.check_receipt(&asker.caller, &hash).await?;
    let SealedEntry { entry, .. } = &sealed;
    Ok(Json(CheckedReceiptDocument {
        receipt: ReceiptDocument {
            case: case.id.0,
            etag: entry.etag,
            entry: entry.entry,
            hash: sealed.hash.to_string(),
        },
        number: case.number.clone(),
        recorded_at: entry.recorded_at,
        what: serde_json::to_value(entry.what)
            .ok()
            .and_then(|what| what.as_str().map(str::to_owned))
            .unwrap_or_default(),
        action: entry.action.as_ref().map(ToString::to_string),
        entries: case.entries,
        intact: SealedEntry::chain(entry, sealed.previous) == sealed.hash,
    }))
}
