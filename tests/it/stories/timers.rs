//! Time: reminders, and timers that survive a stop and fire once.

use countersign_tests::Product;
use serde_json::{Value as Json, json};

fn deal() -> Json {
    json!({ "deal": { "customer": "Fabrikam", "amount": "5", "close_date": "2026-12-20" } })
}

async fn reminders(product: &Product, to: &str) -> usize {
    let mails = product.mails(&format!("{to}@example.com")).await;
    mails
        .iter()
        .filter(|mail| mail["message"] == "review_wanted")
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn reviewers_are_reminded_five_times_and_no_sixth() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat.open("deal_registration", deal()).await;
    pat.act(&case, "submit", json!({})).await.ok();
    assert_eq!(reminders(&product, "rita").await, 1);
    product.wait("3 business days").await;
    assert_eq!(
        reminders(&product, "rita").await,
        2,
        "the first reminder comes when it is due"
    );
    assert_eq!(product.as_("rita").case(&case).await["overdue"], true);
    product.wait("30 days").await;
    assert_eq!(reminders(&product, "rita").await, 6);
    product.wait("30 days").await;
    assert_eq!(reminders(&product, "rita").await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_survive_a_stop_and_fire_once() {
    let mut product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let case = pat.open("deal_registration", deal()).await;
    pat.act(&case, "submit", json!({})).await.ok();
    rita.act(&case, "request_changes", json!({ "comment": "Why?" }))
        .await
        .ok();
    let before = pat.case(&case).await["etag"].as_u64().expect("an etag");
    product.stop().await;
    product.clock().advance(chrono::TimeDelta::days(31));
    product.start_again().await;
    product.wait("1 second").await;

    let case_now = product.as_("pat").case(&case).await;
    assert_eq!(
        (&case_now["state"], &case_now["end"]),
        (&json!("withdrawn"), &json!("neutral"))
    );
    let history = product
        .as_("pat")
        .get(&format!("/v1/cases/{case}/history"))
        .await
        .ok();
    let entries = history["items"].as_array().expect("items");
    let fired: Vec<_> = entries
        .iter()
        .filter(|entry| entry["what"] == "timer")
        .map(|entry| &entry["action"])
        .collect();
    assert_eq!(
        fired,
        ["remind", "remind", "remind", "remind", "lapse"],
        "in order, each once"
    );
    product.stop().await;
    product.start_again().await;
    product.wait("1 day").await;
    let after = product.as_("pat").case(&case).await["etag"]
        .as_u64()
        .expect("an etag");
    assert!(after > before);
    assert_eq!(case_now["etag"], after, "nothing fires again");
}
