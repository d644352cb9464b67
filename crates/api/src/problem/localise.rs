//! The outermost layer: writes the body of a problem in the reader's language, and gives one to every
//! answer that says no without having one. It decides nothing.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Problem;
use crate::request::language_of;

/// The header that a request is named by, in answers and logs.
const REQUEST_ID: &str = "x-request-id";

/// Writes the body of a problem in the reader's language.
pub async fn localise(request: Request, next: Next) -> Response {
    let language = language_of(request.headers());
    let mut response = next.run(request).await;
    let problem = response.extensions_mut().remove::<Problem>();
    let Some(problem) = problem.or_else(|| bare(&response)) else {
        return response;
    };
    let mut headers: HeaderMap = response.headers().clone();
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let body = problem.body(language, id).to_string();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(language.tag()),
    );
    headers.remove(header::CONTENT_LENGTH);
    (problem.status(), headers, Body::from(body)).into_response()
}

/// What a framework's own answer without words stands for.
fn bare(response: &Response) -> Option<Problem> {
    let is_worded = response.headers().contains_key(header::CONTENT_TYPE)
        && response.headers()[header::CONTENT_TYPE] != "text/plain; charset=utf-8";
    match response.status() {
        _ if is_worded => None,
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::method_not_allowed()),
        StatusCode::NOT_FOUND => Some(Problem::not_found()),
        StatusCode::INTERNAL_SERVER_ERROR => Some(Problem::internal()),
        _ => None,
    }
}
