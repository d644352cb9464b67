//! People, groups, partners, facts and tokens over HTTP: who may keep them, and what they open.

use countersign_tests::{Answer, Client, Product, eventually};
use reqwest::Method;
use serde_json::{Value as Json, json};

/// Every change of the directory is refused to them.
async fn keeps_nothing(stranger: &Client) {
    for (method, path, body) in [
        (
            Method::PUT,
            "/v1/people/zoe",
            json!({ "name": "Zoe", "email": "zoe@example.com", "language": "en" }),
        ),
        (Method::PUT, "/v1/groups/finance/members/pat", json!({})),
        (Method::DELETE, "/v1/groups/finance/members/fin", json!({})),
        (Method::PUT, "/v1/partners/acme", json!({ "name": "X" })),
        (Method::PUT, "/v1/facts/partner/acme", json!({})),
        (Method::POST, "/v1/tokens", json!({ "person": "ada" })),
        (Method::POST, "/v1/workflows/reload", json!({})),
    ] {
        Answer::of(stranger.request(method, path).json(&body))
            .await
            .refused(403, "who");
    }
    stranger.get("/v1/tokens").await.refused(403, "who");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_and_services_with_the_right_keep_the_directory() {
    let product = Product::start().await;
    let ada = product.as_("ada");
    let zoe =
        json!({ "name": "Zoe", "email": "zoe@example.com", "language": "en", "partner": "acme" });
    let limited = ada
        .post(
            "/v1/tokens",
            json!({ "service": "crm", "rights": ["facts"] }),
        )
        .await
        .created();
    let token = limited["token"].as_str().expect("a token").to_owned();
    let crm = |method: Method, path: &str| {
        let request = product.nobody().request(method, path);
        request.bearer_auth(&token)
    };
    for stranger in ["pat", "rita", "otto"] {
        keeps_nothing(&product.as_(stranger)).await;
    }
    Answer::of(crm(Method::PUT, "/v1/people/zoe").json(&zoe))
        .await
        .refused(403, "who");
    Answer::of(crm(Method::GET, "/v1/tokens"))
        .await
        .refused(403, "who");
    Answer::of(crm(Method::GET, "/v1/cases"))
        .await
        .refused(403, "who");
    Answer::of(crm(Method::PUT, "/v1/facts/partner/acme").json(&json!({})))
        .await
        .ok();
    product.as_("erp").put("/v1/people/zoe", zoe).await.ok();
    assert_eq!(
        product.as_("pat").get("/v1/people/pat").await.ok()["groups"],
        json!(["partner_users"])
    );
    product
        .as_("pat")
        .get("/v1/people/zoe")
        .await
        .refused(403, "who");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_and_opens_until_it_is_removed_or_expires() {
    let product = Product::start().await;
    let ada = product.as_("ada");
    let make = |body| {
        ada.request(Method::POST, "/v1/tokens")
            .header("idempotency-key", "make")
            .json(&body)
    };
    let body = json!({ "person": "pat", "expires_at": "2026-11-30T00:00:00Z" });
    let made = Answer::of(make(body.clone())).await.created();
    let token = made["token"].as_str().expect("a token").to_owned();
    let again = Answer::of(make(body)).await.created();
    assert_eq!(
        again,
        json!({ "id": made["id"], "token": null }),
        "nothing that is stored opens anything"
    );
    let listed = ada.get("/v1/tokens").await;
    assert!(!listed.text().contains(&token));

    let me = || {
        Answer::of(
            product
                .nobody()
                .request(Method::GET, "/v1/me")
                .bearer_auth(&token),
        )
    };
    assert_eq!(me().await.ok()["id"], "pat");
    product.wait("7 days").await;
    me().await.refused(401, "unauthenticated");

    let lasting = ada
        .post("/v1/tokens", json!({ "person": "pat" }))
        .await
        .created();
    let path = format!("/v1/tokens/{}", lasting["id"].as_str().expect("an id"));
    let remove = || {
        Answer::of(
            ada.request(Method::DELETE, &path)
                .header("idempotency-key", "remove"),
        )
    };
    remove().await.ok();
    assert_eq!(remove().await.headers["idempotency-replayed"], "true");
    ada.delete(&path).await.refused(404, "not_found");
    let dead = product
        .nobody()
        .request(Method::GET, "/v1/me")
        .bearer_auth(lasting["token"].as_str().expect("a token"));
    Answer::of(dead).await.refused(401, "unauthenticated");
    for (body, at) in [
        (json!({}), "person"),
        (json!({ "person": "nobody" }), "person"),
        (json!({ "person": "pat", "service": "x" }), "person"),
        (json!({ "person": "pat", "rights": ["facts"] }), "rights"),
        (json!({ "service": "a b" }), "service"),
        (
            json!({ "person": "pat", "expires_at": "2026-01-01T00:00:00Z" }),
            "expires_at",
        ),
    ] {
        let problem = ada.post("/v1/tokens", body).await.refused(422, "invalid");
        assert_eq!(problem["missing"][0]["at"], at);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_leaves_can_no_longer_sign_in_nor_act() {
    let product = Product::start().await;
    let (ada, rita) = (product.as_("ada"), product.as_("rita"));
    let gone =
        json!({ "name": "Rita", "email": "rita@example.com", "language": "en", "disabled": true });
    rita.get("/v1/me").await.ok();
    ada.put("/v1/people/rita", gone).await.ok();
    rita.get("/v1/me").await.refused(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn members_come_and_go_with_what_they_may_see() {
    let product = Product::start().await;
    let (ada, pat, fin) = (product.as_("ada"), product.as_("pat"), product.as_("fin"));
    let deal =
        json!({ "deal": { "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    pat.act(&case, "submit", json!({})).await.ok();
    fin.get(&format!("/v1/cases/{case}"))
        .await
        .refused(404, "not_found");
    ada.put("/v1/groups/deal_reviewers/members/fin", json!({}))
        .await
        .ok();
    assert_eq!(
        fin.get("/v1/inbox").await.ok()["items"][0]["number"],
        json!(case)
    );
    ada.delete("/v1/groups/deal_reviewers/members/fin")
        .await
        .ok();
    assert_eq!(fin.get("/v1/inbox").await.ok()["items"], json!([]));
    fin.get(&format!("/v1/cases/{case}"))
        .await
        .refused(404, "not_found");
    ada.put("/v1/groups/deal_reviewers/members/nobody", json!({}))
        .await
        .refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_whose_reviewers_have_all_left_is_an_incident_and_goes_on_with_the_next() {
    let product = Product::start().await;
    let (ada, pat, otto) = (product.as_("ada"), product.as_("pat"), product.as_("otto"));
    let deal =
        json!({ "deal": { "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let codes = async || {
        let incidents = otto.get("/v1/incidents").await.ok();
        let items = incidents["items"].as_array().expect("items").clone();
        let codes = items.iter().map(|incident| incident["code"].clone());
        codes.collect::<Vec<Json>>()
    };
    assert!(codes().await.is_empty());
    for (id, name) in [("rita", "Rita"), ("lena", "Lena"), ("omar", "Omar")] {
        let email = format!("{id}@example.com");
        let gone = json!({ "name": name, "email": email, "language": "en", "disabled": true });
        ada.put(&format!("/v1/people/{id}"), gone).await.ok();
    }
    eventually("nobody can decide", async || {
        (codes().await == [json!("no_reviewer")]).then_some(())
    })
    .await;
    ada.put("/v1/groups/deal_reviewers/members/fin", json!({}))
        .await
        .ok();
    let rejection = json!({ "comment": "Not this year." });
    let decided = product
        .as_("fin")
        .act(&case, "reject", rejection)
        .await
        .ok();
    assert_eq!(decided["case"]["state"], "rejected");
}
