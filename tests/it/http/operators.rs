//! `POST /v1/cases/{case}/hold`, `/resume`, `/move` over HTTP: operators only, with a reason, and what comes of it.

use countersign_tests::{Client, Product};
use serde_json::{Value as Json, json};

async fn submitted(pat: &Client) -> String {
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    case
}

fn approval() -> Json {
    json!({ "data": { "evaluation": { "grade": "A", "summary": "Sound" } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_on_hold_waits_and_goes_on_where_it_was() {
    let product = Product::start().await;
    let (pat, rita, otto) = (product.as_("pat"), product.as_("rita"), product.as_("otto"));
    let case = submitted(&pat).await;
    let (hold, resume) = (
        format!("/v1/cases/{case}/hold"),
        format!("/v1/cases/{case}/resume"),
    );
    let why = json!({ "reason": "Legal looks at it." });
    rita.post(&hold, why.clone()).await.refused(403, "who");
    pat.post(&hold, why.clone()).await.refused(403, "who");
    let silent = json!({ "reason": "" });
    otto.post(&hold, silent).await.refused(422, "invalid");
    let held = otto.post(&hold, why.clone()).await.ok();
    assert_eq!(held["case"]["lifecycle"], "on_hold");
    assert_eq!(held["case"]["state"], "review");
    rita.act(&case, "approve", approval())
        .await
        .refused(409, "on_hold");
    let resumed = otto.post(&resume, why).await.ok();
    assert_eq!(resumed["case"]["lifecycle"], "running");
    let approved = rita.act(&case, "approve", approval()).await.ok();
    assert_eq!(approved["case"]["state"], "approved.result_ready");
    let history = otto.get(&format!("/v1/cases/{case}/history")).await.ok();
    let told = history["items"].as_array().expect("items").iter();
    let reasons: Vec<_> = told
        .filter(|entry| entry["what"] == "hold" || entry["what"] == "resume")
        .map(|entry| (entry["actor"].clone(), entry["text"].clone()))
        .collect();
    let each = (json!("otto"), json!("Legal looks at it."));
    assert_eq!(reasons, [each.clone(), each]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_moved_and_cancelled_by_operators_only() {
    let product = Product::start().await;
    let (pat, rita, otto) = (product.as_("pat"), product.as_("rita"), product.as_("otto"));
    let case = submitted(&pat).await;
    let path = format!("/v1/cases/{case}/move");
    let to = |state: &str| json!({ "to": state, "reason": "Entered by mistake." });
    rita.post(&path, to("draft")).await.refused(403, "who");
    otto.post(&path, to("nowhere"))
        .await
        .refused(422, "invalid");
    let moved = otto.post(&path, to("draft")).await.ok();
    assert_eq!(moved["case"]["state"], "draft");
    rita.act(&case, "approve", approval())
        .await
        .refused(409, "not_here");
    let ended = otto.post(&path, to("withdrawn")).await.ok();
    assert_eq!(ended["case"]["lifecycle"], "ended");
    pat.act(&case, "submit", json!({}))
        .await
        .refused(409, "not_here");
}
