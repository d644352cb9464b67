//! `POST /v1/workflows/{workflow}/migrate`: operators move all cases of a version to a newer one, page by page: dry with a
//! verdict for each, for good with an outcome for each, or back again where nothing has followed.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use countersign_core::{case::Channel, command::Patch, migration::Verdict, outcome::Receipt};
use countersign_engine::{
    Answered, Error, HowMoved, Manner, Move, Moved, Render, ports::reader::CaseRow,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    answer::json_answer,
    cases::{VerdictDocument, verdict},
    documents::{Items, ProblemDocument, Problems, ReceiptDocument},
    request::{Asker, Path, StrictBody, Write, Written, page_limit},
};

/// Which cases go where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrateManyBody {
    /// Why: goes into each history.
    pub reason: String,
    /// The cases of this version.
    pub from_version: u32,
    /// Go to this one; the newest if left out.
    #[serde(default)]
    pub to_version: Option<u32>,
    /// Values that the newer version asks for, by form, the same for each case.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Patch>,
    /// Only say what it would come to.
    #[serde(default)]
    pub dry_run: bool,
    /// Leave those alone for which something is decided by a default.
    #[serde(default)]
    pub only_safe: bool,
    /// Take it back instead, where nothing has followed.
    #[serde(default)]
    pub undo: bool,
    /// Where to go on: `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
    /// How many cases are looked at (1 to 200); 50 if left out.
    #[serde(default)]
    pub limit: Option<u32>,
}

impl StrictBody for MigrateManyBody {}

/// What became of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MigrationOutcome)]
pub struct MigrationDocument {
    /// Its id.
    pub case: String,
    /// Its number.
    pub number: String,
    /// Whether it was moved.
    pub moved: bool,
    /// What moving it would come to; absent where it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub verdict: Option<VerdictDocument>,
    /// What was committed; absent if nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub receipt: Option<ReceiptDocument>,
    /// Why it was refused; absent if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<ProblemDocument>,
}

/// A page of outcomes.
pub type MigrationPage = Items<MigrationDocument>;

/// Move the cases of a version to a newer one, a page of them, the oldest first. Each has an outcome of its own: one refusal
/// does not stop the rest, and a case whose verdict is `needs_input` or `impossible` is left where it is. Repeated, it goes on
/// with those that are left.
#[utoipa::path(post, path = "/v1/workflows/{workflow}/migrate", tag = "operators", operation_id = "migrate_cases",
    request_body = MigrateManyBody, params(("workflow" = String, Path, description = "The workflow")),
    responses((status = 200, body = Items<MigrationDocument>, description = "What became, or would become, of each"), Problems))]
pub async fn migrate(
    State(state): State<ApiState>,
    Path(workflow): Path<String>,
    write: Write<MigrateManyBody>,
) -> Result<Json<MigrationPage>, Problem> {
    let Write { head, body } = write;
    state.engine.must_operate(&head.asker.caller)?;
    let version = |version| {
        let found = state.engine.workflow_version(&workflow, version);
        found.map_err(|_| Problem::not_found())
    };
    let (from, to) = (version(Some(body.from_version))?, version(body.to_version)?);
    if from.version >= to.version {
        return Err(Problem::malformed(
            format!(
                "Cases go from an older version to a newer one, not from {} to {}.",
                from.version, to.version
            ),
            format!(
                "只能从旧版本迁移到新版本，不能从 {} 到 {}。",
                from.version, to.version
            ),
        ));
    }
    let wanted = Move {
        from,
        to,
        data: body.data.unwrap_or_default(),
        reason: body.reason,
        how: match (body.undo, body.dry_run, body.only_safe) {
            (true, _, _) => HowMoved::Back,
            (false, true, _) => HowMoved::Dry,
            (false, false, true) => HowMoved::UpTo(Verdict::Safe),
            (false, false, false) => HowMoved::UpTo(Verdict::SafeWithDefault),
        },
        cursor: body.cursor,
        limit: page_limit(body.limit)?,
    };
    // In a task of its own: a batch must not stop half way because the client has gone.
    let moved = tokio::spawn(moved(state, wanted, head));
    let page = moved.await.map_err(|_| Problem::internal())??;
    Ok(Json(page))
}

async fn moved(state: ApiState, wanted: Move, head: Written) -> Result<MigrationPage, Error> {
    let head = Arc::new(head);
    let manner = |case: &CaseRow| manner(&head, case);
    let (caller, actor) = (&head.asker.caller, &head.asker.actor);
    let moved = state.engine.move_cases(caller, actor, &wanted, &manner);
    let (moved, next_cursor) = moved.await?;
    let items = moved.into_iter();
    let items = items
        .map(|moved| outcome(&wanted, moved, &head.asker))
        .collect();
    Ok(MigrationPage { items, next_cursor })
}

fn outcome(wanted: &Move, moved: Moved, asker: &Asker) -> MigrationDocument {
    let Moved {
        case,
        assessment,
        outcome,
    } = moved;
    let problem = |error: Error| {
        let json = Problem::from(error).json(asker.language);
        serde_json::from_value(json).ok()
    };
    let mut document = MigrationDocument {
        case: case.id.to_string(),
        number: case.number,
        moved: false,
        verdict: None,
        receipt: None,
        problem: None,
    };
    match assessment {
        Some(Ok(assessment)) => document.verdict = Some(verdict(&wanted.to, &assessment, asker)),
        Some(Err(error)) => document.problem = problem(error),
        None => {}
    }
    match outcome {
        Some(Ok(answered)) => {
            document.moved = true;
            document.receipt = receipt(answered);
        }
        Some(Err(error)) => document.problem = problem(error),
        None => {}
    }
    document
}

fn receipt(answered: Answered) -> Option<ReceiptDocument> {
    let json = match answered {
        Answered::Fresh(scene) => json!(scene.receipt),
        Answered::Replayed(answer) => serde_json::from_slice(&answer.body).ok()?,
    };
    serde_json::from_value(json).ok()
}

/// Each has a key of its own, made from that of the request and the case: what is committed is kept with it.
fn manner(head: &Written, case: &CaseRow) -> Manner {
    let kept = Render(Arc::new(|scene| {
        let receipt: Option<&Receipt> = scene.receipt.as_ref();
        Ok(json_answer(StatusCode::OK, &json!(receipt)))
    }));
    let mut manner = head.manner(Channel::Api, kept);
    if let Some((key, _)) = &mut manner.key {
        // Callers' keys are printable: no key of theirs looks like this.
        key.key = format!("{}\n{}", key.key, case.id);
    }
    manner
}
