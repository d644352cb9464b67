//! `POST /v1/cases/{case}/migrate`: an operator moves a case to a newer version of its workflow, sees beforehand what that
//! would come to, or takes it back. The reason is compulsory.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::{command::Patch, migration::Assessment, workflow::Workflow};
use countersign_engine::ports::store::CaseAddress;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::carry_out::{Asked, carry_out};
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path, StrictBody, Write},
};

/// Where to, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrateBody {
    /// Why: goes into the history.
    pub reason: String,
    /// The version to go to; the newest if left out.
    #[serde(default)]
    pub to_version: Option<u32>,
    /// Values that the newer version asks for, by form.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Patch>,
    /// Only say what it would come to.
    #[serde(default)]
    pub dry_run: bool,
    /// Take the migration back instead; possible while nothing has followed.
    #[serde(default)]
    pub undo: bool,
}

impl StrictBody for MigrateBody {}

/// What a migration would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MigrationVerdict)]
pub struct VerdictDocument {
    /// `safe`, `safe_with_default`, `needs_input` or `impossible`: the worst of the reasons.
    pub verdict: String,
    /// The version that it would have.
    pub to_version: u32,
    /// Where it is.
    pub from: String,
    /// Where it would be; absent if it cannot be moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Every reason.
    pub reasons: Vec<VerdictReason>,
}

/// One reason of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictReason {
    /// How much weight it has.
    pub verdict: String,
    /// What it is about: a state, timer, form or limit.
    pub name: String,
    /// What it says, in the language of the request.
    pub message: String,
    /// The place that it points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Move a case to a newer version of its workflow, or with `dry_run` say what that would come to.
#[utoipa::path(post, path = "/v1/cases/{case}/migrate", tag = "operators", operation_id = "migrate_case", request_body = MigrateBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = Value, description = "The case and the receipt; with `dry_run` a `MigrationVerdict`"), Problems))]
pub async fn migrate(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<MigrateBody>,
) -> Result<Response, Problem> {
    let (head, body) = (write.head, write.body);
    state.engine.must_operate(&head.asker.caller)?;
    let (address, actor) = (CaseAddress::parse(&case), head.asker.actor.clone());
    let data = body.data.unwrap_or_default();
    let engine = &state.engine;
    let command = if body.undo {
        engine
            .undoing_migration(&actor, &address, body.reason)
            .await?
    } else if body.dry_run {
        let assessed = engine.assess_migration(&actor, &address, body.to_version, &data);
        let (to, assessment) = assessed.await?;
        return Ok(Json(verdict(&to, &assessment, &head.asker)).into_response());
    } else {
        let reason = body.reason;
        engine
            .migration(&actor, &address, body.to_version, data, reason)
            .await?
    };
    let asked = Asked::new(command, head.asker.language);
    carry_out(&state, head, &case, asked).await
}

/// What a migration would come to, as it is answered.
pub fn verdict(to: &Workflow, assessment: &Assessment, asker: &Asker) -> VerdictDocument {
    let remarks = assessment.remarks.iter();
    let reasons = remarks.map(|remark| VerdictReason {
        verdict: remark.verdict.as_str().to_owned(),
        name: remark.name.clone(),
        message: remark.message.get(asker.language).to_owned(),
        at: remark.at.as_ref().map(ToString::to_string),
    });
    VerdictDocument {
        verdict: assessment.verdict().as_str().to_owned(),
        to_version: to.version,
        from: assessment.from.to_string(),
        to: assessment.to.as_ref().map(ToString::to_string),
        reasons: reasons.collect(),
    }
}
