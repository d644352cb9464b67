//! The pages for what does not work. A case that is not there and one that is not the reader's are the same page.

use axum::{
    extract::{FromRequestParts as _, MatchedPath, Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use countersign_core::view::refusal_text;
use countersign_engine::{Error, ports::StoreErrorKind};
use maud::html;

use super::{narrow, say};
use crate::{WebState, door::Visitor};

/// What is told of an error. What is ours to mend is logged, and told without a word of what is inside.
pub fn trouble(visitor: &Visitor, error: &Error) -> Response {
    let language = visitor.language;
    let (status, title, why) = match error {
        Error::NotFound | Error::UnknownWorkflow { .. } => not_found(visitor),
        Error::NotAllowed => (
            StatusCode::FORBIDDEN,
            say(language, "Not for you", "无权访问").to_owned(),
            say(
                language,
                "Your groups do not let you do this.",
                "您所在的用户组无权进行此操作。",
            )
            .to_owned(),
        ),
        Error::Refused(refused)
            if matches!(
                refused.refusal,
                countersign_core::outcome::Refusal::NotFound
            ) =>
        {
            not_found(visitor)
        }
        Error::Refused(refused) => {
            let (title, why) = refusal_text(&refused.refusal, refused.workflow.as_deref());
            (
                StatusCode::CONFLICT,
                title.get(language).to_owned(),
                why.get(language).to_owned(),
            )
        }
        Error::Unavailable(source) if source.kind == StoreErrorKind::Cursor => not_found(visitor),
        Error::Invalid { .. }
        | Error::KeyReused
        | Error::WrongKind(_)
        | Error::TooLarge { .. }
        | Error::LatelyFailed
        | Error::ProviderSilent
        | Error::Overloaded
        | Error::Unavailable(_)
        | Error::OutcomeUnknown(_)
        | Error::Defect(_) => {
            tracing::error!(%error, "a page could not be shown");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                say(language, "That did not work", "操作未成功").to_owned(),
                say(
                    language,
                    "The mistake is on our side. Please try again in a moment.",
                    "服务出现问题，请稍后重试。",
                )
                .to_owned(),
            )
        }
    };
    narrow(
        visitor,
        status,
        &title,
        &html! {
            p { (why) }
            p { a href="/" { (say(language, "To the inbox", "返回待办")) } }
        },
    )
}

/// The page for an address that is none, for whoever asks for a page there; programs get the answer that there was.
pub async fn nowhere(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT);
    let wants_page = accepts.is_some_and(|kinds| {
        let kinds = kinds.to_str().unwrap_or_default();
        kinds.contains("text/html")
    });
    let is_ours = request.extensions().get::<MatchedPath>().is_some()
        || request.uri().path().starts_with("/v1/");
    if is_ours || !wants_page || request.method() != Method::GET {
        return next.run(request).await;
    }
    let (mut parts, _) = request.into_parts();
    match Visitor::from_request_parts(&mut parts, &state).await {
        Ok(visitor) => not_there(&visitor),
        Err(response) => response,
    }
}

/// The page for what is not there.
pub fn not_there(visitor: &Visitor) -> Response {
    trouble(visitor, &Error::NotFound)
}

fn not_found(visitor: &Visitor) -> (StatusCode, String, String) {
    let language = visitor.language;
    (
        StatusCode::NOT_FOUND,
        say(language, "Not found", "未找到").to_owned(),
        say(
            language,
            "There is nothing here, or nothing that you may see.",
            "此处没有内容，或您无权查看。",
        )
        .to_owned(),
    )
}
