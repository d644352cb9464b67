//! Trying again, as operators do: an incident is settled once its cause is gone and stays open otherwise; and a
//! repeated request gets its first answer, like every other write.

use countersign_tests::{Answer, Client, Product};
use reqwest::Method;
use serde_json::{Value as Json, json};

async fn with_key(client: &Client, path: &str, key: &str) -> Answer {
    let request = client.request(Method::POST, path);
    Answer::of(request.header("idempotency-key", key).json(&json!({}))).await
}

#[track_caller]
fn replayed(answer: &Answer) -> bool {
    answer.headers.contains_key("idempotency-replayed")
}

/// A case of a large deal that only rita may decide, who is one of two.
async fn stuck(product: &Product) -> String {
    let ada = product.as_("ada");
    for gone in ["lena", "omar"] {
        let member = format!("/v1/groups/deal_reviewers/members/{gone}");
        ada.delete(&member).await.ok();
    }
    let pat = product.as_("pat");
    let deal = json!({ "customer": "Northwind", "amount": "2000000", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let approval = json!({ "data": { "evaluation": { "grade": "A", "summary": "Strong case" } } });
    product
        .as_("rita")
        .act(&case, "approve", approval)
        .await
        .ok();
    case
}

async fn incidents(otto: &Client) -> Vec<Json> {
    let listed = otto.get("/v1/incidents").await.ok();
    listed["items"].as_array().expect("items").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_stays_open_until_its_cause_is_gone() {
    let mut product = Product::start().await;
    let case = stuck(&product).await;
    let otto = product.as_("otto");
    let open = incidents(&otto).await;
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(open[0]["code"], "no_decision");
    let retry = format!(
        "/v1/incidents/{}/retry",
        open[0]["id"].as_str().expect("an id")
    );

    let first = with_key(&otto, &retry, "still").await;
    assert!(!replayed(&first));
    first.ok();
    assert_eq!(incidents(&otto).await, open, "nobody else may vote");
    let again = with_key(&otto, &retry, "still").await;
    assert!(!replayed(&again), "nothing was committed: the key is free");
    again.ok();
    product
        .as_("ada")
        .post(&retry, json!({}))
        .await
        .refused(403, "who");

    let lena = "/v1/groups/deal_reviewers/members/lena";
    product.as_("ada").put(lena, json!({})).await.ok();
    let second = with_key(&otto, &retry, "gone").await;
    let body = second.clone().ok();
    assert_eq!(body["id"], open[0]["id"]);
    assert_eq!(incidents(&otto).await, Vec::<Json>::new());
    let path = format!("/v1/cases/{case}/history");
    let history = otto.get(&path).await.ok();
    let last = history["items"].as_array().and_then(|items| items.last());
    let last = last.expect("entries").clone();
    assert_eq!(
        (&last["what"], &last["actor"]),
        (&json!("settled"), &json!("otto")),
        "{last}"
    );

    product.stop().await;
    product.start_again().await;
    let otto = product.as_("otto");
    assert_eq!(incidents(&otto).await, Vec::<Json>::new());
    let again = with_key(&otto, &retry, "gone").await;
    assert!(replayed(&again));
    assert_eq!(again.ok(), body);
    let count = |history: &Json| history["items"].as_array().map(Vec::len);
    assert_eq!(count(&otto.get(&path).await.ok()), count(&history));
}
