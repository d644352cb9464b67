//! `GET /l/{token}`: what a mail link leads to, and one button. Looking changes nothing, whoever looks:
//! mail scanners fetch every link, and press nothing.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use countersign_core::{case::Receiver, outcome::Refusal, text::Language, workflow::Workflow};
use countersign_engine::{Error, LinkScene};
use maud::{Markup, html};

use crate::{
    WebState,
    page::bare,
    texts::{Texts, texts},
};

/// What the link leads to.
pub async fn show(State(state): State<WebState>, Path(token): Path<String>) -> Response {
    match state.engine.open_link(&token).await {
        Ok(shown) => form(StatusCode::OK, &shown, &token, false, &html! {}),
        Err(error) => not_open(&error),
    }
}

/// The page with its one button.
pub fn form(
    status: StatusCode,
    shown: &LinkScene,
    token: &str,
    needs_code: bool,
    problem: &Markup,
) -> Response {
    let language = shown.link.language;
    let texts = texts(language);
    let (Some(case), Some(workflow)) = (&shown.scene.case, &shown.scene.workflow) else {
        return not_open(&Error::NotFound);
    };
    let action = workflow
        .action_title(shown.link.state.as_str(), &shown.link.action, language)
        .unwrap_or_else(|| shown.link.action.to_string());
    let holder = match &shown.link.receiver {
        Receiver::Person(id) => id.to_string(),
        Receiver::Address(email) => email.clone(),
    };
    let zone = workflow.surroundings.zone;
    let until = shown.expires_at().map(|due| {
        due.with_timezone(&zone)
            .format("%Y-%m-%d %H:%M")
            .to_string()
    });
    let body = html! {
        (problem)
        dl {
            dt { (texts.case) } dd { (case.number) }
            dt { (texts.about) } dd { (workflow.title.get(language)) " – " (case.title) }
            dt { (texts.you) } dd { (holder) }
            @if let Some(until) = until { dt { (texts.until) } dd { (until) " " (zone.name()) } }
        }
        form method="post" action={ "/l/" (token) } {
            @if let Some(text) = confirmation(workflow, &shown.link.action, language) {
                label { input type="checkbox" name="confirm" value="yes"; (text) }
            }
            @if needs_code {
                label {
                    (texts.code)
                    input type="text" name="code" inputmode="numeric" autocomplete="one-time-code" required;
                }
            }
            button type="submit" { (action) }
        }
    };
    bare(status, language, &action, &body)
}

/// The text that an action asks to confirm, as far as it stands without a case.
fn confirmation(workflow: &Workflow, action: &str, language: Language) -> Option<String> {
    let action = workflow
        .states
        .iter()
        .find_map(|state| state.actions.get(action))?;
    let text = action.confirm.as_ref()?.text.get(language);
    Some(text.source().to_owned())
}

/// The page for whoever asks too often: what to do, and when it may be tried again, in seconds.
pub fn too_many(retry_after: u64) -> Response {
    let mut response = for_anybody(StatusCode::TOO_MANY_REQUESTS, |texts| {
        (texts.busy, texts.busy_why)
    });
    let wait = HeaderValue::from(retry_after);
    response.headers_mut().insert(header::RETRY_AFTER, wait);
    response
}

/// A page for nobody knows whom: in both languages.
fn for_anybody(status: StatusCode, pick: fn(&Texts) -> (&'static str, &'static str)) -> Response {
    let (title, why) = pick(texts(Language::En));
    let (chinese, chinese_why) = pick(texts(Language::Zh));
    let body = html! { p { (why) } h2 lang="zh" { (chinese) } p lang="zh" { (chinese_why) } };
    bare(status, Language::En, title, &body)
}

/// A link that does not open, or a fault of ours.
pub fn not_open(error: &Error) -> Response {
    match error {
        Error::NotFound => for_anybody(StatusCode::NOT_FOUND, |texts| (texts.none, texts.none_why)),
        Error::Refused(refused) if matches!(refused.refusal, Refusal::DeadLink) => {
            for_anybody(StatusCode::GONE, |texts| (texts.dead, texts.dead_why))
        }
        _ => {
            tracing::error!(%error, "a mail link could not be shown");
            for_anybody(StatusCode::SERVICE_UNAVAILABLE, |texts| {
                (texts.fault, texts.fault_why)
            })
        }
    }
}
