//! The router: all routes, and what every request passes through. Which endpoint does what is theirs.

use std::any::Any;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, header},
    middleware,
    response::{IntoResponse, Response},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};
use tracing::{Span, error, info_span};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    ApiState, Problem, away, cases, clock, csv, deliveries, directory, docs, error_pages, events,
    health, inbox, incidents, limits, link_files, links, mailbox, me, my_mail, openapi as document,
    problem, receipts, webhooks, workflows,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The HTTP API. No layer here may cut a handler short: what it waits for is in the database.
pub fn router(state: ApiState) -> Router {
    let (routes, _) = all().split_for_parts();
    let set =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, NewRequestId))
        // What makes a 5xx logs why; that it was one need not be said again.
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_failure(()),
        )
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::CACHE_CONTROL, "no-store"))
        .layer(set(header::REFERRER_POLICY, "no-referrer"))
        .layer(middleware::from_fn(problem::localise))
        .layer(middleware::from_fn(csv::offer))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(middleware::from_fn_with_state(
            state.limits.clone(),
            limits::guard,
        ))
        .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| {
            panicked(&*panic)
        }));
    // The fallback is set before the layers, so that it passes through them too.
    routes.fallback(nowhere).with_state(state).layer(layers)
}

async fn nowhere() -> Problem {
    Problem::not_found()
}

/// The OpenAPI document, generated from the handlers.
pub fn openapi() -> OpenApi {
    document::finished(all().into_openapi())
}

fn all() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(document::head())
        .merge(cases::routes())
        .merge(events::routes())
        .routes(routes!(inbox::inbox))
        .merge(workflows::routes())
        .routes(routes!(me::me))
        .routes(routes!(my_mail::read, my_mail::put))
        .routes(routes!(away::be_away, away::be_back))
        .merge(directory::routes())
        .merge(webhooks::routes())
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::retry))
        .routes(routes!(incidents::list))
        .routes(routes!(incidents::retry))
        .routes(routes!(receipts::check))
        .routes(routes!(links::read, links::answer))
        .routes(routes!(link_files::attach))
        .routes(routes!(mailbox::mailbox))
        .routes(routes!(clock::advance))
        .routes(routes!(error_pages::page))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(document::openapi_json))
        .routes(routes!(docs::page))
        .routes(routes!(docs::style))
}

/// Names requests in logs and answers. What a client sends as a name is not taken.
#[derive(Clone, Copy)]
struct NewRequestId;

impl MakeRequestId for NewRequestId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = HeaderValue::try_from(Uuid::now_v7().to_string()).ok()?;
        Some(RequestId::new(id))
    }
}

/// The route as it is declared, never the address: that may hold the token of a mail link.
fn span(request: &Request) -> Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str);
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    info_span!("request", method = %request.method(), route, id)
}

fn panicked(panic: &(dyn Any + Send)) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    error!(what, "a handler panicked");
    Problem::internal().into_response()
}
