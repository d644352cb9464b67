//! Erasing a person: what is personal goes, what happened stays proven, and that it went is recorded.

use countersign_core::{
    case::{CaseId, PersonId},
    history::SealedEntry,
};
use countersign_tests::{Answer, Client, Product};
use reqwest::Method;
use serde_json::{Value as Json, json};

async fn erase(client: &Client, who: &str, key: &str) -> Answer {
    let request = client.request(Method::POST, &format!("/v1/people/{who}/erase"));
    let body = json!({ "reason": "She asked for it." });
    Answer::of(request.header("idempotency-key", key).json(&body)).await
}

/// A case to which rita has asked for changes, and which pat has answered.
async fn answered(product: &Product) -> String {
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let comment = json!({ "comment": "Call me at home: 555 0199." });
    rita.act(&case, "request_changes", comment).await.ok();
    let first = &pat.case(&case).await["comments"][0]["id"];
    let replied = json!({ "replies": [{ "comment": first, "text": "I did." }] });
    pat.act(&case, "resubmit", replied).await.ok();
    case
}

async fn history(product: &Product, case: &str) -> Vec<SealedEntry> {
    let id = product.as_("pat").case(case).await["id"].clone();
    let id = CaseId(id.as_str().and_then(|id| id.parse().ok()).expect("an id"));
    let reader = product.service().engine().reader();
    reader.history(id, 0, 1_000).await.expect("it reads")
}

/// Every entry holds the hash of the one before, whatever was erased beside it.
fn assert_chained(history: &[SealedEntry]) {
    let mut head = None;
    for (place, sealed) in history.iter().enumerate() {
        assert_eq!(sealed.entry.entry, place as u64 + 1);
        assert_eq!(sealed.previous, head);
        assert_eq!(sealed.hash, SealedEntry::chain(&sealed.entry, head));
        head = Some(sealed.hash);
    }
}

fn is_whole(sealed: &SealedEntry) -> bool {
    sealed.personal.digest(&sealed.salt) == sealed.entry.digest
}

/// The history still tells that she did something, and no more.
async fn assert_told_without_what_is_hers(otto: &Client, case: &str) {
    let told = otto.get(&format!("/v1/cases/{case}/history")).await.ok();
    let told = told["items"].as_array().expect("items").iter();
    let hers: Vec<&Json> = told.filter(|entry| entry["actor"] == "rita").collect();
    assert!(!hers.is_empty());
    for entry in hers {
        assert_eq!(entry["changes"], Json::Null, "{entry}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_personal_goes_and_the_chain_still_verifies() {
    let mut product = Product::start().await;
    let case = answered(&product).await;
    assert!(!product.mails("rita@example.com").await.is_empty());
    let before = history(&product, &case).await;
    assert_chained(&before);
    assert!(before.iter().all(is_whole));

    let (ada, otto) = (product.as_("ada"), product.as_("otto"));
    let first = erase(&ada, "rita", "once").await.ok();
    assert_eq!(first, json!({ "person": "rita" }));

    let after = history(&product, &case).await;
    assert_chained(&after);
    let rita = PersonId::new("rita");
    for (was, is) in before.iter().zip(&after) {
        assert_eq!((&was.entry, was.hash), (&is.entry, is.hash));
        let is_hers = is.entry.actor.person() == Some(&rita);
        assert_eq!(is_whole(is), !is_hers, "{is:?}");
        assert!(!format!("{:?}", is.personal).contains("555") || !is_hers);
    }
    assert!(
        after.iter().any(|entry| !is_whole(entry)),
        "she did something"
    );
    assert_told_without_what_is_hers(&otto, &case).await;

    product
        .as_("rita")
        .get("/v1/me")
        .await
        .refused(401, "unauthenticated");
    let person = ada.get("/v1/people/rita").await.ok();
    assert_eq!(
        (&person["name"], &person["email"]),
        (&json!("rita"), &json!(""))
    );
    assert_eq!(
        (&person["groups"], &person["disabled"]),
        (&json!([]), &json!(true))
    );
    let deliveries = otto.get("/v1/deliveries?limit=200").await.ok();
    assert!(
        !deliveries.to_string().contains("rita@example.com"),
        "{deliveries}"
    );
    let erasures = ada.get("/v1/people/rita/erasures").await.ok();
    assert_eq!(erasures["items"].as_array().map(Vec::len), Some(1));
    let erasure = &erasures["items"][0];
    assert_eq!(
        (&erasure["by"], &erasure["reason"]),
        (&json!("ada"), &json!("She asked for it."))
    );

    let again = erase(&ada, "rita", "once").await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.ok(), first);
    assert_eq!(ada.get("/v1/people/rita/erasures").await.ok(), erasures);
    let decided = json!({ "comment": "No." });
    product.as_("lena").act(&case, "reject", decided).await.ok();

    product.stop().await;
    product.start_again().await;
    assert_chained(&history(&product, &case).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_erase_and_nobody_themselves() {
    let product = Product::start().await;
    let ada = product.as_("ada");
    for who in ["pat", "otto", "erp"] {
        erase(&product.as_(who), "rita", "k")
            .await
            .refused(403, "who");
        let listed = product.as_(who).get("/v1/people/rita/erasures").await;
        listed.refused(403, "who");
    }
    erase(&ada, "ada", "k").await.refused(422, "invalid");
    erase(&ada, "nobody", "k").await.refused(404, "not_found");
    let why = ada
        .post("/v1/people/rita/erase", json!({ "reason": " " }))
        .await;
    why.refused(422, "invalid");
    product.as_("rita").get("/v1/me").await.ok();
    let none = ada.get("/v1/people/rita/erasures").await.ok();
    assert_eq!(none, json!({ "items": [] }));
}
