//! Hook calls over real HTTP, verified by the Standard Webhooks library as a receiver would.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{any, post},
};
use countersign_engine::ports::{Clock as _, SystemClock, deliveries::HookContent};
use countersign_notifier::{Endpoint, HookCall, HookTransport as _, HttpHooks, SendError, Sent};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use uuid::Uuid;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OLD_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A call as the receiver got it.
type Got = (HeaderMap, Bytes);

#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    fn got(&self) -> Vec<Got> {
        self.got
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> &'static str {
    receiver
        .got
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push((headers, body));
    "thanks"
}

/// Says more than anybody wants to read.
async fn endless() -> Response {
    let chunks = futures::stream::repeat_with(|| {
        Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 4_096]))
    });
    Response::new(Body::from_stream(chunks))
}

async fn listening() -> (Receiver, SocketAddr) {
    let receiver = Receiver::default();
    let router = Router::new()
        .route("/pay", post(take))
        .route(
            "/moved",
            any(|| async { (StatusCode::FOUND, [(header::LOCATION, "/pay")]) }),
        )
        .route("/gone", any(|| async { StatusCode::GONE }))
        .route(
            "/busy",
            any(|| async {
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    [(header::RETRY_AFTER, "77")],
                    "later",
                )
            }),
        )
        .route(
            "/broken",
            any(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "stack\ntrace").into_response() }),
        )
        .route("/endless", any(endless))
        .with_state(receiver.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (receiver, address)
}

fn call(hook: &str) -> HookCall {
    let at = SystemClock.now();
    let data = json!({ "case": { "number": "IP-2026-00001" }, "forms": { "payee": "北风" } });
    let body = HookContent::new(hook, at, &data).body;
    HookCall {
        delivery: Uuid::now_v7(),
        hook: hook.to_owned(),
        case: None,
        body,
        at,
    }
}

fn hooks(address: SocketAddr, paths: &[&str], secret: &str) -> HttpHooks {
    let endpoint = |path: &&str| {
        let url = format!("http://{address}/{path}");
        (
            (*path).to_owned(),
            Endpoint::new(path, &url, secret, true).expect("the endpoint is fine"),
        )
    };
    HttpHooks::new(paths.iter().map(endpoint).collect(), true).expect("the hooks are fine")
}

#[tokio::test]
async fn a_call_is_signed_so_that_its_receiver_can_verify_it() {
    let (receiver, address) = listening().await;
    let hooks = hooks(address, &["pay"], &format!("{SECRET} {OLD_SECRET}"));
    let call = call("pay");
    for _ in 0..2 {
        let sent = hooks.call(&call).await.expect("it is taken");
        assert_eq!(
            sent,
            Sent {
                answer: "200 OK thanks".to_owned()
            }
        );
    }
    let got = receiver.got();
    assert_eq!(got.len(), 2);
    for (headers, body) in &got {
        for secret in [SECRET, OLD_SECRET] {
            let webhook = Webhook::new(secret).expect("the secret is fine");
            webhook
                .verify(body, headers)
                .expect("the signature is right");
        }
        let stranger = Webhook::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").expect("a secret");
        assert!(stranger.verify(body, headers).is_err());
        assert!(
            Webhook::new(SECRET)
                .expect("a secret")
                .verify(b"{}", headers)
                .is_err()
        );
        assert_eq!(headers["webhook-id"], call.delivery.to_string());
        assert_eq!(headers[header::CONTENT_TYPE], "application/json");
        let body: Value = serde_json::from_slice(body).expect("it is JSON");
        assert_eq!(body["type"], "pay");
        assert_eq!(body["data"]["forms"]["payee"], "北风");
        assert!(body["timestamp"].is_string());
    }
    assert_eq!(got[0].1, got[1].1, "the body is the same at each attempt");
}

#[tokio::test]
async fn a_call_goes_to_its_partners_own_address_signed_with_its_own_secret() {
    let (common, address) = listening().await;
    let (acme, acmes) = listening().await;
    let at = format!("http://{acmes}/pay");
    let at = Endpoint::new("pay", &at, OLD_SECRET, true).expect("the endpoint is fine");
    let of_partners = [(("pay".to_owned(), "acme".to_owned()), at)].into();
    let hooks = hooks(address, &["pay"], SECRET).for_partners(of_partners);
    for partner in [json!("acme"), json!("nordwind"), Value::Null] {
        let mut call = call("pay");
        call.body["data"]["case"]["partner"] = partner;
        hooks.call(&call).await.expect("it is taken");
    }
    let verified = |got: &[Got], secret: &str| {
        let webhook = Webhook::new(secret).expect("the secret is fine");
        let mut got = got.iter();
        got.all(|(headers, body)| webhook.verify(body, headers).is_ok())
    };
    assert_eq!((acme.got().len(), common.got().len()), (1, 2));
    assert!(verified(&acme.got(), OLD_SECRET) && !verified(&acme.got(), SECRET));
    assert!(verified(&common.got(), SECRET));
}

#[tokio::test]
async fn every_answer_but_success_is_a_failure() {
    let (receiver, address) = listening().await;
    let hooks = hooks(
        address,
        &["moved", "gone", "busy", "broken", "nowhere"],
        SECRET,
    );
    let failed = async |hook: &str| hooks.call(&call(hook)).await.expect_err(hook);
    let passes = |error: &SendError| matches!(error, SendError::Temporary { .. });

    let moved = failed("moved").await;
    assert!(
        passes(&moved) && moved.to_string().contains("302"),
        "{moved}"
    );
    assert!(receiver.got().is_empty(), "no detour is taken");
    assert!(matches!(failed("gone").await, SendError::Permanent { .. }));
    assert!(matches!(
        failed("unheard_of").await,
        SendError::Permanent { .. }
    ));
    assert!(passes(&failed("nowhere").await));
    let SendError::Temporary {
        retry_after,
        transcript,
        ..
    } = failed("busy").await
    else {
        panic!("it passes")
    };
    assert_eq!(
        (retry_after, transcript.as_str()),
        (Some(Duration::from_secs(77)), "later")
    );
    let SendError::Temporary {
        retry_after,
        transcript,
        ..
    } = failed("broken").await
    else {
        panic!("it passes")
    };
    assert_eq!((retry_after, transcript.as_str()), (None, "stack trace"));
}

#[tokio::test]
async fn an_endless_answer_is_read_to_its_limit_only() {
    let (_, address) = listening().await;
    let hooks = hooks(address, &["endless"], SECRET);
    let sent = tokio::time::timeout(Duration::from_secs(10), hooks.call(&call("endless"))).await;
    let answer = sent.expect("it ends").expect("it is a success").answer;
    assert!(answer.chars().count() < 600, "{}", answer.len());
}

#[tokio::test]
async fn nobody_there_is_a_reason_to_try_again() {
    let vacant =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let hooks = hooks(vacant.expect("a free port"), &["pay"], SECRET);
    let error = hooks.call(&call("pay")).await.expect_err("nobody is there");
    assert!(matches!(error, SendError::Temporary { .. }), "{error}");
    assert!(!error.to_string().contains("/pay"), "{error}");
}

/// `localhost` looks like any name until it is looked up; the guard sees where it leads.
#[tokio::test]
async fn a_name_that_leads_inside_is_never_connected_to() {
    let endpoint = Endpoint::new("pay", "https://localhost/pay", SECRET, false)
        .expect("a name is fine so far");
    let hooks = HttpHooks::new(BTreeMap::from([("pay".to_owned(), endpoint)]), false)
        .expect("the hooks are fine");
    let error = hooks.call(&call("pay")).await.expect_err("it leads inside");
    assert!(
        error.to_string().contains("not a public address"),
        "{error}"
    );
}
