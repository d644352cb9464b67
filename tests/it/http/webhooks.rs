//! Subscriptions to what happens: every entry arrives, signed, in order and none skipped; secrets are replaced with an overlap;
//! what was missed comes again; nothing is posted where nothing may be posted.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use countersign_tests::{Product, Site};
use serde_json::{Value as Json, json};
use standardwebhooks::Webhook;

use super::contract::Contract;

const ALL: &str = "/v1/webhooks";

/// Somebody who is subscribed.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    down: Arc<AtomicBool>,
}

impl Receiver {
    async fn listen(&self) -> SocketAddr {
        let router = Router::new()
            .route("/told", post(take))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// What it got, each verified with this secret.
    fn told(&self, secret: &str) -> Vec<Json> {
        let key = Webhook::new(secret).expect("a secret");
        let got = self.got.lock().unwrap_or_else(PoisonError::into_inner);
        got.iter()
            .map(|(headers, body)| {
                assert!(is_signed(&key, headers, body), "{headers:?}");
                serde_json::from_slice(body).expect("JSON")
            })
            .collect()
    }

    fn forget(&self) {
        self.got
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// Whether one of the signatures is of this secret. The product's clock is not the machine's, so that its age is not looked at.
fn is_signed(key: &Webhook, headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers[name].to_str().expect("text");
    let timestamp = header("webhook-timestamp").parse().expect("a number");
    let expected = key
        .sign(header("webhook-id"), timestamp, body)
        .expect("a signature");
    header("webhook-signature")
        .split(' ')
        .any(|signature| signature == expected)
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if receiver.down.load(Ordering::Relaxed) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let mut got = receiver.got.lock().unwrap_or_else(PoisonError::into_inner);
    got.push((headers, body));
    StatusCode::OK
}

fn kinds(told: &[Json]) -> Vec<&str> {
    told.iter()
        .filter_map(|call| call["type"].as_str())
        .collect()
}

fn id_and_secret(made: &Json) -> (String, String) {
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

/// Waits until a call has failed as often as it is tried.
async fn give_up(product: &Product) {
    for longer_than_the_pause in [
        "1 seconds",
        "1 minutes",
        "1 minutes",
        "3 minutes",
        "13 minutes",
        "40 minutes",
        "80 minutes",
        "4 hours",
        "8 hours",
        "15 hours",
    ] {
        product.wait(longer_than_the_pause).await;
    }
}

async fn deal(product: &Product) -> String {
    let pat = product.as_("pat");
    let deal =
        json!({ "deal": { "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    pat.act(&case, "submit", json!({})).await.ok();
    case
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entry_is_posted_and_what_was_missed_comes_later() {
    let product = Product::start().await;
    let (ada, contract) = (product.as_("ada"), Contract::load());
    let receiver = Receiver::default();
    let url = format!("http://{}/told", receiver.listen().await);
    deal(&product).await;
    let made = ada.post(ALL, json!({ "url": url })).await;
    contract.hold("post", ALL, &made);
    let (id, secret) = id_and_secret(&made.created());
    let path = format!("{ALL}/{id}");

    let case = deal(&product).await;
    product.wait("1 seconds").await;
    let told = receiver.told(&secret);
    assert_eq!(kinds(&told), ["case.opened", "case.action"], "from now on");
    assert_eq!(told[0]["data"]["case"]["number"], json!(case));
    assert_eq!(told[1]["data"]["entry"]["entry"], 2);
    // While it is down nothing is lost: each call is tried again.
    receiver.forget();
    receiver.down.store(true, Ordering::Relaxed);
    product
        .as_("rita")
        .act(&case, "reject", json!({ "comment": "No." }))
        .await
        .ok();
    product.wait("1 seconds").await;
    let failing = ada.get(&path).await;
    contract.hold("get", "/v1/webhooks/{id}", &failing);
    assert_ne!(failing.ok()["failing_since"], json!(null));
    receiver.down.store(false, Ordering::Relaxed);
    product.wait("2 minutes").await;
    assert!(kinds(&receiver.told(&secret)).contains(&"case.decision"));
    assert_eq!(ada.get(&path).await.ok()["failing_since"], json!(null));
    // From the beginning, with what happened before it was made.
    receiver.forget();
    let replayed = ada
        .post(&format!("{path}/replay"), json!({ "after": "0" }))
        .await;
    contract.hold("post", "/v1/webhooks/{id}/replay", &replayed);
    product.wait("1 seconds").await;
    let again = receiver.told(&secret);
    let opened = kinds(&again)
        .into_iter()
        .filter(|kind| *kind == "case.opened");
    assert_eq!(opened.count(), 2);
    let foreign = ada
        .post(&format!("{path}/replay"), json!({ "after": "x" }))
        .await;
    assert_eq!(foreign.status, 400, "{}", foreign.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_shown_once_and_replaced_with_an_overlap() {
    let product = Product::start().await;
    let (ada, contract) = (product.as_("ada"), Contract::load());
    let receiver = Receiver::default();
    let url = format!("http://{}/told", receiver.listen().await);
    let made = ada
        .post(ALL, json!({ "url": url, "events": ["case.decision"] }))
        .await;
    let (id, first) = id_and_secret(&made.created());
    let path = format!("{ALL}/{id}");
    let list = ada.get(ALL).await;
    contract.hold("get", ALL, &list);
    assert_eq!(list.ok()["items"][0]["secret"], json!(null));
    let rotated = ada
        .post(&format!("{path}/rotate"), json!({ "overlap_hours": 1 }))
        .await;
    contract.hold("post", "/v1/webhooks/{id}/rotate", &rotated);
    let (_, second) = id_and_secret(&rotated.ok());
    assert_ne!(first, second);
    let tested = ada.post(&format!("{path}/test"), json!({})).await;
    assert_eq!(tested.status, 200, "{}", tested.text());
    deal(&product).await;
    product.wait("1 seconds").await;
    for secret in [&first, &second] {
        assert_eq!(
            kinds(&receiver.told(secret)),
            ["webhook.test"],
            "only what it wants"
        );
    }
    product.wait("2 hours").await;
    receiver.forget();
    ada.post(&format!("{path}/test"), json!({})).await.ok();
    product.wait("1 seconds").await;
    assert_eq!(receiver.told(&second).len(), 1);
    let (headers, body) = receiver.got.lock().unwrap_or_else(PoisonError::into_inner)[0].clone();
    let old = Webhook::new(&first).expect("a secret");
    assert!(!is_signed(&old, &headers, &body), "the overlap is over");

    product.as_("rita").get(ALL).await.refused(403, "who");
    let off = ada
        .put(&path, json!({ "url": url, "disabled": true }))
        .await;
    contract.hold("put", "/v1/webhooks/{id}", &off);
    assert_ne!(off.ok()["disabled"], json!(null));
    ada.delete(&path).await.ok();
    ada.get(&path).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn failing_is_one_matter_of_the_subscription_and_is_settled_with_it() {
    let product = Product::start().await;
    let (ada, otto) = (product.as_("ada"), product.as_("otto"));
    let receiver = Receiver::default();
    receiver.down.store(true, Ordering::Relaxed);
    let url = format!("http://{}/told", receiver.listen().await);
    let asked = json!({ "url": format!("{url}?token=secret") });
    let made = ada.post(ALL, asked.clone()).await;
    let (id, secret) = id_and_secret(&made.created());
    let path = format!("{ALL}/{id}");
    for _ in 0..2 {
        deal(&product).await;
    }
    give_up(&product).await;
    let incidents = async || otto.get("/v1/incidents").await.ok()["items"].clone();
    // What was given up, and then that it is disabled, is told once, without a case and without what may be a secret.
    for word in ["were given up", "nothing more"] {
        let open = incidents().await;
        assert_eq!(open.as_array().map(Vec::len), Some(1), "{open:#}");
        let (incident, message) = (&open[0], open[0]["message"].as_str().expect("a text"));
        assert_eq!(incident["code"], "webhook_failing");
        assert!(incident["case"].is_null() && incident["delivery"].is_null());
        let is_told = message.contains(word) && message.contains(&url);
        assert!(is_told && !message.contains("secret"), "{message}");
        product.wait("5 days").await;
        deal(&product).await;
        for _ in 0..2 {
            product.wait("1 minutes").await;
        }
    }
    assert_ne!(ada.get(&path).await.ok()["disabled"], json!(null));
    let listed = otto.get("/v1/deliveries?kind=hook&status=dead").await.ok();
    let dead = listed["items"].as_array().map_or(0, Vec::len);
    assert!(dead >= 4, "{listed:#}");
    assert_eq!(listed["items"][0]["to"], json!(url));
    // Enabled: nothing is left to tell, and all that was given up arrives.
    receiver.down.store(false, Ordering::Relaxed);
    ada.put(&path, asked.clone()).await.ok();
    assert_eq!(incidents().await, json!([]));
    product.wait("1 seconds").await;
    let told = receiver.told(&secret);
    let opened = kinds(&told)
        .into_iter()
        .filter(|kind| *kind == "case.opened");
    assert!(opened.count() >= 3, "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_of_a_subscription_is_tried_again_and_goes_with_it() {
    let product = Product::start().await;
    let (ada, otto) = (product.as_("ada"), product.as_("otto"));
    let receiver = Receiver::default();
    receiver.down.store(true, Ordering::Relaxed);
    let url = format!("http://{}/told", receiver.listen().await);
    let made = ada.post(ALL, json!({ "url": url })).await;
    let path = format!("{ALL}/{}", id_and_secret(&made.created()).0);
    deal(&product).await;
    give_up(&product).await;
    let incidents = async || otto.get("/v1/incidents").await.ok()["items"].clone();
    let open = incidents().await;
    let id = open[0]["id"].as_str().expect("an id");
    let retry = format!("/v1/incidents/{id}/retry");
    otto.post(&retry, json!({})).await.ok();
    assert_eq!(incidents().await, json!([]), "it is tried again");
    give_up(&product).await;
    assert_eq!(incidents().await.as_array().map(Vec::len), Some(1));
    // Removing it leaves nothing that could not be settled.
    ada.delete(&path).await.ok();
    product.wait("1 days").await;
    let left = otto.get("/v1/deliveries?kind=hook&status=dead").await.ok();
    assert_eq!((incidents().await, &left["items"]), (json!([]), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_posted_can_be_subscribed_to() {
    let product = Product::start().await;
    let ada = product.as_("ada");
    for unknown in ["decision", "case.nothing"] {
        let unknown = json!({ "url": "https://example.com/told", "events": [unknown] });
        ada.post(ALL, unknown).await.refused(422, "invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_posted_into_ones_own_network() {
    let site = Site::shipped();
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    for url in [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/",
        "https://[::ffff:10.0.0.1]/",
        "https://0x7f000001/",
        "https://example.com:22/",
        "https://user:pw@example.com/",
        "ftp://example.com/",
        "nothing",
    ] {
        ada.post(ALL, json!({ "url": url }))
            .await
            .refused(422, "invalid");
    }
    let fine = ada
        .post(ALL, json!({ "url": "https://example.com/hook" }))
        .await;
    assert_eq!(fine.status, 201, "{}", fine.text());
}
