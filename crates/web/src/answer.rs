//! `POST /l/{token}`: the answer of somebody who came by a mail link. What was typed stands on the page again where
//! something is still missing.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use countersign_core::{
    case::{Case, Channel, MailLink, Receiver},
    outcome::Refusal,
};
use countersign_engine::{Answered, Error, Manner, Scene};
use maud::html;
use tokio::sync::Mutex;

use crate::{
    WebState,
    case::{
        Typed, act_by_link,
        incoming::{self, Uploaded},
    },
    door::{Fields, Wanted},
    link::{Opened, about, form, not_open, open},
    page::bare,
    texts::texts,
};

/// Takes the link's action.
pub async fn answer(
    State(state): State<WebState>,
    Path(token): Path<String>,
    wanted: Wanted,
    request: Request,
) -> Response {
    let mut opened = match open(&state, &token, wanted).await {
        Ok(opened) => opened,
        Err(error) => return not_open(&error, wanted.language),
    };
    let language = opened.shown.language();
    let uploaded = Mutex::new(Uploaded::default());
    let read = incoming::read(request, |_, input, file, bytes| {
        let (state, token, uploaded) = (&state, &token, &uploaded);
        async move {
            let material = incoming::material(&input);
            let manner = Manner::plain(Channel::Link);
            let attached = state
                .engine
                .attach_by_link(token, manner, material, file, bytes);
            let told = incoming::told(attached.await, material, language);
            uploaded.lock().await.take(told)
        }
    });
    let fields = match read.await {
        Ok(Ok(fields)) => fields,
        Ok(Err(error)) => return not_open(&error, language),
        Err(incoming::Garbled) => return not_open(&Error::NotFound, language),
    };
    let uploaded = uploaded.into_inner();
    if uploaded.any {
        opened = match open(&state, &token, wanted).await {
            Ok(opened) => opened,
            Err(error) => return not_open(&error, language),
        };
    }
    if !uploaded.faults.is_empty() {
        let typed = Typed {
            fields: Some(fields),
            faults: uploaded.faults,
            chosen: Some(opened.link.action.to_string()),
            ..Typed::default()
        };
        return form(StatusCode::UNPROCESSABLE_ENTITY, &opened, &typed);
    }
    let act = act_by_link(&opened.shown, &fields, &opened.link.action);
    let code = fields.text("code").map(ToOwned::to_owned);
    let manner = Manner::plain(Channel::Link);
    match state.engine.answer_link(&token, manner, act, code).await {
        Ok(Answered::Fresh(scene)) => done(&opened, &scene),
        Ok(Answered::Replayed(_)) => not_open(&Error::NotFound, language),
        Err(Error::Refused(refused)) => refused_page(&opened, fields, &refused.refusal),
        Err(error) => not_open(&error, language),
    }
}

/// What comes after an answer, as far as it concerns whoever gave it. An answer opens nothing more of the case than its
/// link did: whose turn it is now is told to those who may see the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Closed,
    /// A mail with a link of its own is on its way.
    Mailed,
    Others,
}

fn next(link: &MailLink, before: &[MailLink], after: &Case) -> Next {
    let known = |id| before.iter().any(|old| old.id == id);
    let mut links = after.mail_links.iter();
    if after.end().is_some() {
        Next::Closed
    } else if links.any(|new| new.receiver == link.receiver && !known(new.id)) {
        Next::Mailed
    } else {
        Next::Others
    }
}

/// Which case it was, what was answered, where that led, and what happens next.
fn done(opened: &Opened, scene: &Scene) -> Response {
    let Opened { shown, link, .. } = opened;
    let (language, view) = (shown.language(), &shown.view);
    let texts = texts(language);
    let workflow = &shown.workflow;
    let title = workflow.action_title(link.state.as_str(), &link.action, language);
    let case = scene.case.as_ref();
    let state = case.and_then(|case| workflow.states.find(case.state.as_str()));
    let before = shown.scene.case.as_ref();
    let before = before.map_or(&[][..], |case| &case.mail_links);
    let told = match case.map(|case| next(link, before, case)) {
        Some(Next::Closed) => texts.next_closed,
        Some(Next::Mailed) => texts.next_mailed,
        Some(Next::Others) | None => texts.next_others,
    };
    let body = html! {
        p { (texts.recorded) strong { (title.unwrap_or_else(|| link.action.to_string())) } }
        dl {
            dt { (texts.case) } dd { (view.number) }
            dt { (texts.about) } dd { (about(shown)) }
            @if let Some(state) = state { dt { (texts.now) } dd { strong { (state.title.get(language)) } } }
        }
        h2 { (texts.next) }
        p { (told) }
        @if let Receiver::Person(_) = link.receiver {
            p { a href={ "/cases/" (view.number) } { (texts.follow) } }
        }
    };
    bare(StatusCode::OK, language, texts.done, &body)
}

/// The form again, with what was missing; a code that is needed is asked for.
fn refused_page(opened: &Opened, fields: Fields, refusal: &Refusal) -> Response {
    let language = opened.shown.language();
    if matches!(refusal, Refusal::DeadLink | Refusal::NotHere { .. }) {
        return not_open(&Error::refused(Refusal::DeadLink), language);
    }
    let workflow = Some(&*opened.shown.workflow);
    let mut typed = Typed::refused(fields, refusal, workflow, language);
    if matches!(refusal, Refusal::CodeNeeded) {
        typed.notice = Some(texts(language).code_mailed.to_owned());
    }
    // What belongs to the link's action is looked for where the page has it.
    typed.chosen = Some(opened.link.action.to_string());
    form(StatusCode::UNPROCESSABLE_ENTITY, opened, &typed)
}
