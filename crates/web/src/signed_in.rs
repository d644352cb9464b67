//! `GET /sign-in/{token}` (demo only): who the token names, and how to use it. Reviewers' and partners'
//! pages are not there yet; it signs nobody in and sets no cookie.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use countersign_core::text::Language;
use countersign_engine::{Error, ports::store::Caller};
use maud::html;

use crate::{
    link::{WebState, not_open},
    page::page,
};

/// Who the token names.
pub async fn signed_in(State(state): State<WebState>, Path(token): Path<String>) -> Response {
    if state.mailbox.is_none() {
        return not_open(&Error::NotFound);
    }
    let person = match state.engine.authenticate(&token).await {
        Ok(Some(Caller::Person(person))) => person,
        Ok(Some(Caller::Service { .. }) | None) => return not_open(&Error::NotFound),
        Err(error) => return not_open(&error),
    };
    let groups: Vec<&str> = person
        .groups
        .iter()
        .map(countersign_core::case::GroupId::as_str)
        .collect();
    let body = html! {
        dl {
            dt { "Groups" } dd { (groups.join(", ")) }
            dt { "Mail" } dd { a href={ "/mailbox?to=" (person.email) } { (person.email) } }
        }
        p { "The pages for partners and reviewers are not built yet. Use the API as " (person.name) ":" }
        p lang="zh" { "伙伴与评审人页面尚未提供，请使用 API：" }
        pre { "curl -H 'Authorization: Bearer " (token) "' \\\n  \"$URL/v1/inbox\"" }
        p { a href="/openapi.json" { "openapi.json" } }
    };
    page(StatusCode::OK, Language::En, &person.name, &body)
}
