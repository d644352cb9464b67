//! Engine errors and refusals as problems. A defect or a failing store is logged here, and told without a
//! word of what is inside.

use countersign_core::{
    outcome::{Last, Refusal},
    text::Text,
    view,
    workflow::Workflow,
};
use countersign_engine::{
    Error,
    ports::{StoreError, StoreErrorKind},
};
use serde_json::{Value as Json, json};
use tracing::{error, warn};

use super::{Code, Problem};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refused) => refusal(&refused.refusal, refused.workflow.as_deref()),
            Error::NotAllowed => Self::not_allowed(),
            Error::NotFound => Self::not_found(),
            Error::UnknownWorkflow { name, nearest } => unknown_workflow(&name, nearest.as_deref()),
            Error::Invalid { member, why } => Self::invalid(&member, why),
            Error::WrongKind(missing) => {
                let Text { en, zh } = missing.message.clone();
                Self::new(Code::UnsupportedMediaType)
                    .detail(en, zh)
                    .missing(vec![missing])
            }
            Error::TooLarge { max_bytes } => Self::too_large(max_bytes),
            Error::KeyReused => Self::new(Code::IdempotencyKeyReused).detail(
                "This Idempotency-Key belongs to another request of yours. Use a new one.",
                "该 Idempotency-Key 已用于您的另一请求，请更换。",
            ),
            Error::LatelyFailed => Self::unavailable(Code::Overloaded).detail(
                "A commit failed a few seconds ago. Ask again soon: it is ready once the store takes writes again.",
                "几秒前有一次提交失败。存储恢复写入后即就绪，请稍后再查询。",
            ),
            Error::ProviderSilent => Self::unavailable(Code::Overloaded).detail(
                "The provider of this token cannot be reached, so that it cannot be checked. Try again soon.",
                "暂时无法连接该令牌的签发方，无法核验令牌。请稍后重试。",
            ),
            Error::Overloaded => Self::unavailable(Code::Overloaded).detail(
                "Too many requests are waiting. Nothing was done; try again soon.",
                "等待的请求过多。未做任何更改，请稍后重试。",
            ),
            Error::Unavailable(source) => unavailable(&source),
            Error::OutcomeUnknown(source) => outcome_unknown(&source),
            Error::Defect(what) => {
                error!(what, "a defect");
                Self::internal()
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}

fn unavailable(source: &StoreError) -> Problem {
    match source.kind {
        StoreErrorKind::Cursor => Problem::malformed(
            "The cursor is not one that this list gave.",
            "该游标不是此列表给出的。",
        ),
        StoreErrorKind::OutcomeUnknown => outcome_unknown(source),
        StoreErrorKind::Full
        | StoreErrorKind::Busy
        | StoreErrorKind::Contended
        | StoreErrorKind::Conflict
        | StoreErrorKind::Other => {
            warn!(error = %source, cause = %source.source, "the store could not be used");
            Problem::unavailable(Code::Overloaded).detail(
                "The store cannot be used now. Nothing was done; try again soon.",
                "暂时无法使用存储。未做任何更改，请稍后重试。",
            )
        }
    }
}

fn outcome_unknown(source: &StoreError) -> Problem {
    error!(error = %source, cause = %source.source, "the outcome of a commit is unknown");
    Problem::unavailable(Code::OutcomeUnknown).detail(
        "It may or may not have been done. Repeat the request with the same Idempotency-Key; if it had none, look first \
            whether it was done.",
        "操作可能已完成，也可能未完成。请使用相同的 Idempotency-Key 重试；若请求未带该键，请先查看操作是否已完成。",
    )
}

fn unknown_workflow(name: &str, nearest: Option<&str>) -> Problem {
    let problem = Problem::new(Code::UnknownWorkflow).detail(
        format!("There is no workflow `{name}`."),
        format!("没有名为 {name} 的流程。"),
    );
    match nearest {
        Some(nearest) => problem.member("nearest", nearest),
        None => problem,
    }
}

/// The answer of a refusal.
fn refusal(refusal: &Refusal, workflow: Option<&Workflow>) -> Problem {
    let (_, Text { en, zh }) = view::refusal_text(refusal, workflow);
    let problem = Problem::new(Code::from(refusal)).detail(en, zh);
    match refusal {
        // The same bytes wherever it comes from.
        Refusal::NotFound => Problem::not_found(),
        Refusal::UnknownAction {
            nearest: Some(nearest),
        } => problem.member("nearest", nearest.to_string()),
        Refusal::Stale { etag } => problem.member("etag", *etag),
        Refusal::Who { at: Some(at) } => problem.member("at", at.to_string()),
        Refusal::NotHere { state, last } => problem
            .member("state", state.as_str())
            .member("last", last.as_ref().map_or(Json::Null, last_json)),
        Refusal::Invalid(missing) | Refusal::Missing(missing) => problem.missing(missing.clone()),
        Refusal::UnknownAction { nearest: None }
        | Refusal::Who { at: None }
        | Refusal::DeadLink
        | Refusal::NotUndone
        | Refusal::When
        | Refusal::Except
        | Refusal::Voted
        | Refusal::CodeNeeded
        | Refusal::OnHold => problem,
    }
}

fn last_json(last: &Last) -> Json {
    json!({ "what": last.what, "by": last.by.as_ref().map(view::doer_id), "when": last.when })
}
