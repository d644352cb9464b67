//! `GET /workflows/{id}`: what a workflow is for, drawn and in words.

use axum::{
    extract::{Path, State},
    response::Response,
};
use countersign_diagram::{in_words, svg};
use countersign_engine::may_open;
use maud::html;

use crate::{
    WebState,
    case::picture_answer,
    door::SignedIn,
    page::{Nav, Page, say, trouble},
};

/// The page.
pub async fn workflow(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(id): Path<String>,
) -> Response {
    let workflow = match state.engine.workflow(&id) {
        Ok(workflow) => workflow,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let language = reader.language();
    let title = workflow.title.get(language);
    let may = may_open(&workflow, &reader.caller());
    Page::ok(&reader.visitor, Nav::Elsewhere, title).around(&html! {
        div.heading {
            h1 { (title) }
            @if may { a.button href={ "/new/" (workflow.id) } { (say(language, "Start", "开始")) } }
        }
        p.quiet { (workflow.id) " · " (say(language, "version ", "版本 ")) (workflow.version) " · "
            a href={ "/cases?workflow=" (workflow.id) } { (say(language, "Its cases", "该流程的申请")) } }
        @if let Some(about) = &workflow.about { p.lead { (about.get(language)) } }
        figure.diagram {
            div.scroll tabindex="0" {
                img src={ "/workflows/" (workflow.id) "/diagram.svg?lang=" (language.tag()) } alt=(say(language, "The workflow. The same is told in words below.", "流程图，文字说明见下方。"));
            }
            figcaption { h2 { (say(language, "In words", "文字说明")) } p.prose { (in_words(&workflow, language, None)) } }
        }
    })
}

/// `GET /workflows/{id}/diagram.svg`.
pub async fn picture(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(id): Path<String>,
) -> Response {
    match state.engine.workflow(&id) {
        Ok(workflow) => picture_answer(svg(&workflow, reader.language(), None)),
        Err(error) => trouble(&reader.visitor, &error),
    }
}
