//! `GET /v1/mailbox`: the mails that were kept instead of sent; in `demo` and tests only.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    ApiState, KeptMail, Problem,
    documents::{Items, Problems},
    request::Params,
};

/// Whose mails.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MailboxParams {
    /// Only those to this address.
    to: Option<String>,
}

/// Kept mails.
pub type MailPage = Items<KeptMail>;

/// The mails that were kept instead of sent, the newest first. In `demo` and tests only; elsewhere not found.
#[utoipa::path(get, path = "/v1/mailbox", tag = "demo", operation_id = "read_mailbox", security(()), params(MailboxParams),
    responses((status = 200, body = Items<KeptMail>, description = "Mails, all on one page"), Problems))]
pub async fn mailbox(
    State(state): State<ApiState>,
    Params(params): Params<MailboxParams>,
) -> Result<Json<MailPage>, Problem> {
    let mailbox = state.mailbox.as_ref().ok_or_else(Problem::not_found)?;
    Ok(Json(MailPage::all(mailbox.mails(params.to.as_deref()))))
}
