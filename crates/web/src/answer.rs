//! `POST /l/{token}`: the answer of somebody who came by a mail link.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use countersign_core::{case::Channel, command::Act, outcome::Refusal, text::Language, view};
use countersign_engine::{Answered, Error, LinkScene, Manner, Scene};
use maud::html;
use serde::Deserialize;

use crate::{
    WebState,
    link::{form, not_open},
    page::bare,
    texts::texts,
};

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
pub struct Answer {
    /// The code that was mailed.
    #[serde(default)]
    code: String,
    /// Whether the text to confirm is ticked.
    #[serde(default)]
    confirm: Option<String>,
}

/// Takes the link's action.
pub async fn answer(
    State(state): State<WebState>,
    Path(token): Path<String>,
    Form(answer): Form<Answer>,
) -> Response {
    let shown = match state.engine.open_link(&token).await {
        Ok(shown) => shown,
        Err(error) => return not_open(&error),
    };
    let language = shown.link.language;
    let code = Some(answer.code.trim().to_owned()).filter(|code| !code.is_empty());
    let act = Act {
        confirm: answer.confirm.is_some(),
        ..Act::new("")
    };
    match state
        .engine
        .answer_link(&token, Manner::plain(Channel::Link), act, code)
        .await
    {
        Ok(Answered::Fresh(scene)) => done(&scene, language),
        Ok(Answered::Replayed(_)) => not_open(&Error::NotFound),
        Err(Error::Refused(refused)) => refused_page(&shown, &token, &refused.refusal),
        Err(error) => not_open(&error),
    }
}

fn done(scene: &Scene, language: Language) -> Response {
    let texts = texts(language);
    let state = match (&scene.workflow, &scene.case) {
        (Some(workflow), Some(case)) => workflow
            .states
            .find(case.state.as_str())
            .map(|state| state.title.get(language).to_owned()),
        _ => None,
    };
    bare(
        StatusCode::OK,
        language,
        texts.done,
        &html! { p { (texts.now) " " strong { (state.unwrap_or_default()) } } },
    )
}

/// The form again, with what was missing; a code that is needed is asked for.
fn refused_page(shown: &LinkScene, token: &str, refusal: &Refusal) -> Response {
    let language = shown.link.language;
    let needs_code = match refusal {
        Refusal::CodeNeeded => true,
        Refusal::Missing(missing) => missing.iter().any(|missing| missing.name == "code"),
        Refusal::DeadLink | Refusal::NotHere { .. } => {
            return not_open(&Error::refused(Refusal::DeadLink));
        }
        _ => false,
    };
    let problem = html! {
        div.problem role="alert" {
            @match refusal {
                Refusal::CodeNeeded => p { (texts(language).code_mailed) },
                Refusal::Missing(missing) | Refusal::Invalid(missing) => ul {
                    @for one in missing { li { (one.message.get(language)) } }
                },
                other => p { (view::refusal_text(other, shown.scene.workflow.as_deref()).1.get(language)) },
            }
        }
    };
    form(
        StatusCode::UNPROCESSABLE_ENTITY,
        shown,
        token,
        needs_code,
        &problem,
    )
}
