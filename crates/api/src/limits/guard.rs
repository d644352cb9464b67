//! The guard at the door: counts each request for its address before anything else looks at it. Tokens are counted
//! where they are looked up, by the extractor of who asks.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::Method,
    middleware::{self, Next},
    response::Response,
};

use super::{Limiter, TooMany, address};
use crate::Problem;

/// Where a request comes from, for whoever handles it.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

/// Counts a request to the API.
pub async fn guard(
    State(limits): State<Arc<Limiter>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    admit(&limits, &mut request)?;
    Ok(next.run(request).await)
}

/// Counts requests to pages too, and answers those that are too many by a page: it is told the request and the
/// seconds to wait.
pub fn guard_pages(
    pages: Router,
    limits: &Arc<Limiter>,
    too_many: impl Fn(&Request, u64) -> Response + Clone + Send + Sync + 'static,
) -> Router {
    let limits = limits.clone();
    pages.layer(middleware::from_fn(
        move |mut request: Request, next: Next| {
            let admitted = admit(&limits, &mut request);
            let too_many = too_many.clone();
            async move {
                match admitted {
                    Ok(()) => next.run(request).await,
                    Err(refused) => too_many(&request, refused.retry_after),
                }
            }
        },
    ))
}

fn admit(limits: &Limiter, request: &mut Request) -> Result<(), TooMany> {
    let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else {
        return Ok(());
    };
    let from = address::client(peer.ip(), request.headers(), &limits.trusted_proxies);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    // Whoever watches over the server asks often, and asks all the more when it is busy.
    if !matches!(route, "/healthz" | "/readyz") {
        // Guessing passwords is held up as guessing links is.
        let for_a_password = route == "/sign-in" && request.method() == Method::POST;
        let for_a_link = route.starts_with("/l/")
            || route.starts_with("/stop-mails/")
            || route.starts_with("/v1/links/")
            || for_a_password;
        limits.admit(from, for_a_link)?;
    }
    request.extensions_mut().insert(ClientAddress(from));
    Ok(())
}
