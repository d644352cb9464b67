//! `POST /v1/cases/{case}/signals/{action}`: a `system` action by a service.

use axum::{extract::State, response::Response};
use countersign_core::{
    case::{Channel, DeliveryId},
    command::{Act, Command},
};
use uuid::Uuid;

use super::act::act_body;
use super::carry_out::{Asked, carry_out};
use crate::{
    ApiState, Problem,
    documents::{Problems, Written},
    request::{Path, StrictBody, Write},
};

act_body! {
    /// What has happened outside: an action body, and the hook call that it answers.
    SignalBody {
        /// The hook call that it answers (its `webhook-id`): ties it to the visit that called.
        #[serde(default)]
        delivery: Option<Uuid>,
    }
}

impl StrictBody for SignalBody {
    const EMPTY: Option<&'static str> = Some("{}");
}

/// Report what has happened outside, as a `system` action.
#[utoipa::path(post, path = "/v1/cases/{case}/signals/{action}", tag = "cases", operation_id = "signal", request_body = SignalBody,
    params(("case" = String, Path, description = "Id or number"), ("action" = String, Path, description = "A `system` action")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn signal(
    State(state): State<ApiState>,
    Path((case, action)): Path<(String, String)>,
    write: Write<SignalBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    state.engine.must_signal(&head.asker.caller)?;
    let delivery = body.delivery.map(DeliveryId);
    let (act, code) = body.into_act(action);
    let command = Command::Act(Act { delivery, ..act });
    let asked = Asked {
        channel: Channel::Signal,
        code,
        ..Asked::new(command, head.asker.language)
    };
    carry_out(&state, head, &case, asked).await
}
