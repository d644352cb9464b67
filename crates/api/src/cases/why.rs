//! `GET /v1/cases/{case}/why`: each condition of an action, how it stands, and who can.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::{case::PersonId, name::Name, outcome::Refusal};
use countersign_engine::{Error, explained, ports::store::CaseAddress};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    ApiState, Problem,
    documents::{Problems, WhyDocument},
    request::{Asker, Params, Path},
};

/// What is to be explained.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhyParams {
    /// The action or decision.
    action: String,
    /// For this person; the caller if missing. For others only operators ask.
    #[serde(rename = "as")]
    for_: Option<String>,
}

/// Why an action can or cannot be taken: every condition, and not only the first that fails.
///
/// The conditions come in the order in which a command is judged. Each says how it stands, what was evaluated and
/// read, and where the workflow says so.
#[utoipa::path(get, path = "/v1/cases/{case}/why", tag = "cases", operation_id = "explain_action",
    params(("case" = String, Path, description = "Id or number"), WhyParams),
    responses((status = 200, body = WhyDocument, description = "The explanation"), Problems))]
pub async fn why(
    State(state): State<ApiState>,
    asker: Asker,
    Path(case): Path<String>,
    Params(params): Params<WhyParams>,
) -> Result<Response, Problem> {
    let address = CaseAddress::parse(&case);
    let scene = state.engine.look(&asker.actor, &address).await?;
    let workflow = scene.workflow.clone().ok_or_else(Problem::not_found)?;
    let action = Name::parse(&params.action).ok();
    let action = action.filter(|action| workflow.knows_action(action));
    let action = action.ok_or_else(|| {
        Error::refused(Refusal::UnknownAction {
            nearest: Name::nearest(workflow.action_names(), &params.action),
        })
    })?;
    let scene = match params.for_ {
        None => scene,
        Some(id) => {
            let actor = state
                .engine
                .actor_for(&asker.caller, &PersonId::new(id))
                .await?;
            // Who may not see the case is told so as if he had asked himself.
            state.engine.look(&actor, &address).await?
        }
    };
    // What operators ask about others is told as they may read it themselves.
    let explained = |scene: &_| explained(scene, &asker.actor, asker.language, &action);
    let explained = state.engine.fill(scene, explained).await?;
    let explained = explained.ok_or_else(Problem::not_found)?;
    Ok(Json(explained).into_response())
}
