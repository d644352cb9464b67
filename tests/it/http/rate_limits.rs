//! Rate limits of `serve`: for each token and each address, for mail links, and for tokens that open nothing. What
//! ordinary use needs is far below them, as the other suites show.

use countersign_tests::{Answer, Client, Server, Site};
use reqwest::Method;
use serde_json::{Value as Json, json};

/// A served site with these limits, and an administrator's token.
fn served(limits: &[(&str, &str)]) -> (Site, Server, String) {
    let site = limits.iter().fold(Site::new(), |site, (name, value)| {
        site.with(&format!("server.{name}"), value)
    });
    let token = site.add_administrator("ada");
    let server = site.serve();
    (site, server, token)
}

/// The problem of an answer that came too often.
#[track_caller]
fn too_many(answer: Answer) -> Json {
    let wait = answer.headers.get("retry-after").cloned();
    let wait = wait.expect("it says when to come back");
    let wait: u64 = wait.to_str().expect("text").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(answer.headers.contains_key("x-request-id"));
    answer.refused(429, "rate_limited")
}

async fn forwarded(client: &Client, by: &str) -> Answer {
    let request = client.request(Method::GET, "/v1/me");
    Answer::of(request.header("x-forwarded-for", by)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_token_has_a_limit_of_its_own() {
    let (_site, server, token) = served(&[("rate_limits.token", "4")]);
    let ada = server.with(&token);
    let made = ada.post("/v1/tokens", json!({ "person": "ada" })).await;
    let made = made.created();
    let other = server.with(made["token"].as_str().expect("a token"));
    for _ in 0..3 {
        ada.get("/v1/me").await.ok();
    }
    let problem = too_many(ada.get("/v1/me").await);
    assert_eq!(problem["title"], "Too many requests");
    let problem = too_many(ada.clone().in_chinese().get("/v1/me").await);
    assert_eq!(problem["title"], "请求过多");
    other.get("/v1/me").await.ok();
    server.nobody().get("/readyz").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_has_a_limit_and_only_trusted_proxies_tell_of_others() {
    let (_site, server, token) = served(&[("rate_limits.address", "3")]);
    let ada = server.with(&token);
    for last in 1..=3 {
        forwarded(&ada, &format!("192.0.2.{last}")).await.ok();
    }
    too_many(forwarded(&ada, "192.0.2.4").await);
    too_many(server.nobody().get("/openapi.json").await);
    server.nobody().get("/healthz").await.ok();

    let behind = [
        ("rate_limits.address", "3"),
        ("trusted_proxies", "127.0.0.0/8"),
    ];
    let (_site, server, token) = served(&behind);
    let ada = server.with(&token);
    for _ in 0..3 {
        forwarded(&ada, "192.0.2.1").await.ok();
    }
    too_many(forwarded(&ada, "192.0.2.1").await);
    too_many(forwarded(&ada, "198.51.100.9, 192.0.2.1").await);
    forwarded(&ada, "192.0.2.2").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_links_are_looked_at_twenty_times_a_minute() {
    let (_site, server, _) = served(&[]);
    let nobody = server.nobody();
    for i in 0..10 {
        nobody
            .get(&format!("/v1/links/forged{i}"))
            .await
            .refused(404, "not_found");
        assert_eq!(nobody.get(&format!("/l/forged{i}")).await.status, 404);
    }
    too_many(nobody.get("/v1/links/forged").await);
    too_many(nobody.post("/v1/links/forged", json!({})).await);
    let page = nobody.get("/l/forged").await;
    assert_eq!(page.status, 429);
    assert!(page.headers.contains_key("retry-after"));
    assert!(page.text().contains("请求过多"), "{}", page.text());
    nobody.get("/openapi.json").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_tries_too_many_tokens_tries_no_more_of_them() {
    let (_site, server, token) = served(&[("rate_limits.failures", "3")]);
    let ada = server.with(&token);
    let made = ada.post("/v1/tokens", json!({ "person": "ada" })).await;
    let made = made.created();
    for i in 0..3 {
        let guessed = server.with(&format!("csgn_{i}"));
        guessed.get("/v1/me").await.refused(401, "unauthenticated");
    }
    too_many(server.with("csgn_3").get("/v1/me").await);
    let unheard_of = server.with(made["token"].as_str().expect("a token"));
    too_many(unheard_of.get("/v1/me").await);
    ada.get("/v1/me").await.ok();
    server
        .nobody()
        .get("/v1/me")
        .await
        .refused(401, "unauthenticated");
}
