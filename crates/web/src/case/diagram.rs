//! `GET /cases/{number}/diagram`: the workflow with the way that the case has taken, and the same in words.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use countersign_diagram::{CaseMark, in_words, svg};
use countersign_engine::Error;
use maud::html;

use super::{
    Shown,
    header::{Tab, header},
    load::show,
};
use crate::{
    WebState,
    door::SignedIn,
    page::{Nav, Page, say, trouble},
};

/// The page.
pub async fn diagram(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
) -> Response {
    let (shown, mark) = match read(&state, &reader, &number).await {
        Ok(read) => read,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let language = shown.language();
    let title = format!(
        "{} {}",
        shown.view.number,
        say(language, "Diagram", "流程图")
    );
    let words = in_words(&shown.workflow, language, Some(&mark));
    Page::ok(&reader.visitor, Nav::Elsewhere, &title).around(&html! {
        (header(&shown, Tab::Diagram))
        figure.diagram {
            div.scroll tabindex="0" {
                img src={ "/cases/" (shown.view.number) "/diagram.svg?lang=" (language.tag()) } alt=(say(language, "The workflow, with the place where the case is. The same is told in words below.", "流程图及申请当前所处位置，文字说明见下方。"));
            }
            figcaption { h2 { (say(language, "In words", "文字说明")) } p.prose { (words) } }
        }
        script src="/assets/picture.js" defer {}
    })
}

/// `GET /cases/{number}/diagram.svg`: the picture itself.
pub async fn picture(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
) -> Response {
    match read(&state, &reader, &number).await {
        Ok((shown, mark)) => picture_answer(svg(&shown.workflow, shown.language(), Some(&mark))),
        Err(error) => trouble(&reader.visitor, &error),
    }
}

/// A picture as an answer: its style is its own, scripts and anything from elsewhere are out.
pub fn picture_answer(svg: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("image/svg+xml"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, svg).into_response()
}

async fn read(
    state: &WebState,
    reader: &SignedIn,
    number: &str,
) -> Result<(Shown, CaseMark), Error> {
    let shown = show(state, reader, number).await?;
    let case = shown.scene.case.clone().ok_or(Error::NotFound)?;
    let way = state.engine.way(&shown.scene).await?;
    let mark = CaseMark::of(&case, &way);
    Ok((shown, mark))
}
