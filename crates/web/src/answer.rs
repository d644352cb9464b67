//! `POST /l/{token}`: the answer of somebody who came by a mail link. What was typed stands on the page again where
//! something is still missing.

use axum::{
    body::to_bytes,
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use countersign_core::{case::Channel, outcome::Refusal, text::Language};
use countersign_engine::{Answered, Error, Manner, Scene};
use maud::html;

use crate::{
    WebState,
    case::{Typed, act_by_link},
    door::Fields,
    link::{Opened, form, not_open, open},
    page::bare,
    texts::texts,
};

/// The largest answer, in bytes.
const MOST: usize = 1024 * 1024;

/// Takes the link's action.
pub async fn answer(
    State(state): State<WebState>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let opened = match open(&state, &token, &parts.uri).await {
        Ok(opened) => opened,
        Err(error) => return not_open(&error),
    };
    let Ok(bytes) = to_bytes(body, MOST).await else {
        return not_open(&Error::NotFound);
    };
    let fields = Fields::read(&bytes);
    let language = opened.shown.language();
    let act = act_by_link(&opened.shown, &fields, &opened.link.action);
    let code = fields.text("code").map(ToOwned::to_owned);
    let manner = Manner::plain(Channel::Link);
    match state.engine.answer_link(&token, manner, act, code).await {
        Ok(Answered::Fresh(scene)) => done(&scene, language),
        Ok(Answered::Replayed(_)) => not_open(&Error::NotFound),
        Err(Error::Refused(refused)) => refused_page(&opened, fields, &refused.refusal),
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
fn refused_page(opened: &Opened, fields: Fields, refusal: &Refusal) -> Response {
    if matches!(refusal, Refusal::DeadLink | Refusal::NotHere { .. }) {
        return not_open(&Error::refused(Refusal::DeadLink));
    }
    let language = opened.shown.language();
    let workflow = Some(&*opened.shown.workflow);
    let mut typed = Typed::refused(fields, refusal, workflow, language);
    if matches!(refusal, Refusal::CodeNeeded) {
        typed.notice = Some(texts(language).code_mailed.to_owned());
    }
    // What belongs to the link's action is looked for where the page has it.
    typed.chosen = Some(opened.link.action.to_string());
    form(StatusCode::UNPROCESSABLE_ENTITY, opened, &typed)
}
