//! A receiver of hook calls that remembers each before it answers; now and then it says that it cannot take one
//! although it has.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper::{
    Request, Response, StatusCode, body::Incoming, server::conn::http1, service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value as Json;
use tokio::net::TcpListener;

use crate::error::Error;

/// One call in so many is answered badly.
const BAD: usize = 20;

/// A call that came.
#[derive(Debug, Clone)]
pub struct Call {
    /// The id of its delivery.
    pub id: String,
    /// The id of its case.
    pub case: String,
    /// Where the case was when it was made.
    pub state: String,
    /// When it came, in milliseconds.
    pub at: i64,
}

/// The receiver.
#[derive(Debug, Clone)]
pub struct Sink {
    /// Where it listens.
    pub address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Sink {
    /// Starts it.
    pub async fn start() -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.map_err(Error::io("the receiver of hook calls"))?;
        let address = listener.local_addr().map_err(Error::io("its address"))?;
        let sink = Self {
            address,
            calls: Arc::default(),
        };
        let calls = sink.calls.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let calls = calls.clone();
                let service = service_fn(move |request| take(calls.clone(), request));
                // A caller that is killed cuts its connection: that is what this is for.
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(sink)
    }

    /// What has come so far.
    pub fn calls(&self) -> Vec<Call> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.clone()
    }
}

async fn take(
    calls: Arc<Mutex<Vec<Call>>>,
    request: Request<Incoming>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let id = request.headers().get("webhook-id").cloned();
    let id = id.and_then(|id| id.to_str().ok().map(str::to_owned));
    let body = request.into_body().collect().await;
    let body = body.map(http_body_util::Collected::to_bytes);
    let told: Option<Json> = body
        .ok()
        .and_then(|body| serde_json::from_slice(&body).ok());
    let mut status = StatusCode::BAD_REQUEST;
    if let (Some(id), Some(told)) = (id, told) {
        let case = &told["data"]["case"];
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let call = Call {
            id,
            case: text(&case["id"]),
            state: text(&case["state"]),
            at: now(),
        };
        let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(call);
        status = if calls.len().is_multiple_of(BAD) {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::NO_CONTENT
        };
    }
    let mut answer = Response::new(Empty::new());
    *answer.status_mut() = status;
    Ok(answer)
}

/// Milliseconds since 1970, by this machine's clock.
pub fn now() -> i64 {
    let now = UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}
