//! `POST /v1/cases/{case}/signals/{action}`: a `system` action by a service.

use axum::{extract::State, response::Response};
use countersign_core::{
    case::{Channel, DeliveryId},
    command::{Act, Command},
};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::ActBody;
use super::carry_out::{Asked, carry_out};
use crate::{
    ApiState, Problem,
    documents::{Problems, Written},
    request::{Path, StrictBody, Write},
};

/// What has happened outside: an action body, and the hook call that it answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignalBody {
    /// The hook call that it answers (its `webhook-id`): ties it to the visit that called.
    delivery: Option<Uuid>,
    /// See the action's own route.
    #[serde(flatten)]
    act: ActBody,
}

impl StrictBody for SignalBody {
    const EMPTY: Option<&'static str> = Some("{}");
}

/// By hand, because strictness and flattening exclude each other when derived.
impl<'de> Deserialize<'de> for SignalBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Map::<String, Json>::deserialize(deserializer)?;
        let delivery = members.remove("delivery").filter(|given| !given.is_null());
        Ok(Self {
            delivery: delivery
                .map(serde_json::from_value)
                .transpose()
                .map_err(D::Error::custom)?,
            act: serde_json::from_value(members.into()).map_err(D::Error::custom)?,
        })
    }
}

/// Report what has happened outside, as a `system` action.
#[utoipa::path(post, path = "/v1/cases/{case}/signals/{action}", tag = "cases", request_body = SignalBody,
    params(("case" = String, Path, description = "Id or number"), ("action" = String, Path, description = "A `system` action")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn signal(
    State(state): State<ApiState>,
    Path((case, action)): Path<(String, String)>,
    write: Write<SignalBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    state.engine.must_signal(&head.asker.caller)?;
    let (act, code) = body.act.into_act(action);
    let command = Command::Act(Act {
        delivery: body.delivery.map(DeliveryId),
        ..act
    });
    let asked = Asked {
        channel: Channel::Signal,
        code,
        ..Asked::new(command, head.asker.language)
    };
    carry_out(&state, head, &case, asked).await
}
