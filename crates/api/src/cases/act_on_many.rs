//! `POST /v1/actions`: many actions at once, each with an outcome of its own.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use countersign_core::{case::Channel, command::Command, outcome::Receipt};
use countersign_engine::{Answered, Error, Manner, Render, ports::store::CaseAddress};
use futures::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json_, json};
use utoipa::ToSchema;

use super::act::act_body;
use crate::{
    ApiState, Problem,
    answer::{json_answer, mark_replayed},
    documents::{ProblemDocument, Problems, ReceiptDocument},
    request::{StrictBody, Write, Written},
};

/// How many actions are taken at once.
const MOST: usize = 100;

act_body! {
    /// An action on one of many cases.
    ActOnOneBody {
        /// The case: id or number.
        case: String,
        /// The action or decision.
        action: String,
    }
}

/// Up to 100 actions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct ActOnManyBody(Vec<ActOnOneBody>);

impl StrictBody for ActOnManyBody {}

/// What became of one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Outcome)]
pub struct OutcomeDocument {
    /// The case as it was named.
    pub case: String,
    /// The status that it would have been answered with alone.
    pub status: u16,
    /// What was committed; absent if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub receipt: Option<ReceiptDocument>,
    /// Why it was not; absent if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<ProblemDocument>,
}

/// What became of each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Outcomes)]
pub struct OutcomesDocument {
    /// In the order of the request.
    pub items: Vec<OutcomeDocument>,
}

/// Take up to 100 actions, in order. Each is carried out or refused by itself: one refusal does not stop the rest. A
/// repeated request under its `Idempotency-Key` takes none twice, and tries those again that were refused.
#[utoipa::path(post, path = "/v1/actions", tag = "cases", operation_id = "act_on_many", request_body = ActOnManyBody,
    responses((status = 200, body = OutcomesDocument, description = "What became of each"), Problems))]
pub async fn act_on_many(
    State(state): State<ApiState>,
    write: Write<ActOnManyBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let ActOnManyBody(wanted) = body;
    if wanted.len() > MOST {
        return Err(Problem::malformed(
            format!("At most {MOST} actions are taken at once."),
            format!("一次最多提交 {MOST} 个操作。"),
        ));
    }
    // Another request under the key is refused as a whole, before any of it is carried out.
    let known = (0..wanted.len()).map(|place| state.engine.answered_before(manner(&head, place)));
    for known in join_all(known).await {
        known?;
    }
    let asked = wanted.into_iter().enumerate();
    let asked = asked.map(|(place, wanted)| one(&state, &head, place, wanted));
    let outcomes = join_all(asked).await;
    let replayed = !outcomes.is_empty() && outcomes.iter().all(|outcome| outcome.is_replayed);
    let items: Vec<Json_> = outcomes.into_iter().map(|outcome| outcome.item).collect();
    let mut response = Json(json!({ "items": items })).into_response();
    if replayed {
        mark_replayed(&mut response);
    }
    Ok(response)
}

struct Came {
    item: Json_,
    is_replayed: bool,
}

async fn one(state: &ApiState, head: &Written, place: usize, wanted: ActOnOneBody) -> Came {
    let (case, action) = (wanted.case.clone(), wanted.action.clone());
    let (act, code) = wanted.into_act(action);
    let (actor, address) = (head.asker.actor.clone(), CaseAddress::parse(&case));
    let command = Command::Act(act);
    let answered = state
        .engine
        .command(actor, manner(head, place), address, command, None, code)
        .await;
    let is_replayed = matches!(answered, Ok(Answered::Replayed(_)));
    let item = match receipt(answered) {
        Ok(receipt) => json!({ "case": case, "status": 200, "receipt": receipt }),
        Err(error) => {
            let problem = Problem::from(error);
            let status = problem.status().as_u16();
            json!({ "case": case, "status": status, "problem": problem.json(head.asker.language) })
        }
    };
    Came { item, is_replayed }
}

fn receipt(answered: Result<Answered, Error>) -> Result<Json_, Error> {
    match answered? {
        Answered::Fresh(scene) => Ok(json!(scene.receipt)),
        Answered::Replayed(answer) => serde_json::from_slice(&answer.body)
            .map_err(|error| Error::Defect(format!("a kept receipt does not read: {error}"))),
    }
}

/// Each has a key of its own, made from that of the request and its place: what is committed is kept with it.
fn manner(head: &Written, place: usize) -> Manner {
    let kept: Render = Render(Arc::new(|scene| {
        let receipt: Option<&Receipt> = scene.receipt.as_ref();
        Ok(json_answer(axum::http::StatusCode::OK, &json!(receipt)))
    }));
    let mut manner = head.manner(Channel::Api, kept);
    if let Some((key, _)) = &mut manner.key {
        // Callers' keys are printable: no key of theirs looks like this.
        key.key = format!("{}\n{place}", key.key);
    }
    manner
}
