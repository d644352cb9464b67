//! `POST /sign-out`.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{Posted, sign_in::within, visitor::sign_in_for};
use crate::{WebState, page::trouble};

/// Ends the session, in the store and in the browser.
pub async fn sign_out(State(state): State<WebState>, posted: Posted) -> Response {
    if let Some(cookie) = &posted.visitor.cookie
        && let Err(error) = state.engine.sign_out(cookie).await
    {
        return trouble(&posted.visitor, &error);
    }
    let to = match posted.fields.first("to") {
        Some(to) => sign_in_for(within(Some(to))),
        None => "/sign-in".to_owned(),
    };
    let mut response = Redirect::to(&to).into_response();
    let gone = state.cookies.remove(state.cookies.session());
    response.headers_mut().append(header::SET_COOKIE, gone);
    response
}
