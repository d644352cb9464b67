//! The door of `/metrics`: a listener of its own, which no proxy of the product leads to. Not for people.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use countersign_engine::Engine;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Metrics;
use crate::service::connections::{self, Patience};

/// As the format's own page names it.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answers `GET /metrics` until it is told to stop.
pub async fn serve(
    listener: TcpListener,
    metrics: Metrics,
    engine: Arc<Engine>,
    stop: CancellationToken,
) {
    let router = Router::new()
        .route("/metrics", get(show))
        .with_state((metrics, engine));
    connections::serve(listener, router, Patience::default(), stop).await;
}

async fn show(State((metrics, engine)): State<(Metrics, Arc<Engine>)>) -> Response {
    match metrics.text(&engine).await {
        Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::warn!(%error, "metrics could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
