//! `GET /v1/cases/{case}/revisions`: what a case held when, what has changed between two of them, and what of it is
//! nobody else's business.

use countersign_tests::{Client, Product};
use serde_json::json;

use super::contract::Contract;

#[tokio::test(flavor = "multi_thread")]
async fn each_saved_content_can_be_read_and_compared() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let contract = Contract::load();
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    let path = format!("/v1/cases/{case}");
    pat.patch(&path, json!({ "deal": { "amount": "7" } }))
        .await
        .ok();
    pat.patch(
        &path,
        json!({ "deal": { "amount": "9", "note": "Urgent" } }),
    )
    .await
    .ok();

    let list = pat.get(&format!("{path}/revisions")).await;
    contract.hold("get", "/v1/cases/{case}/revisions", &list);
    let list = list.ok();
    let made: Vec<_> = list["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|row| (row["revision"].clone(), row["what"].clone()))
        .collect();
    assert_eq!(
        made,
        [
            (json!(1), json!("opened")),
            (json!(2), json!("edit")),
            (json!(3), json!("edit"))
        ]
    );
    let page = pat.get(&format!("{path}/revisions?limit=2")).await.ok();
    assert_eq!(page["next_cursor"], "2");
    let rest = pat.get(&format!("{path}/revisions?cursor=2")).await.ok();
    assert_eq!(rest["items"][0]["revision"], 3);
    assert_eq!(rest["next_cursor"], json!(null));

    the_contents_and_their_difference(&pat, &path).await;
    for nowhere in ["0", "4", "1..4", "x", "1..", "1..2..3"] {
        pat.get(&format!("{path}/revisions/{nowhere}"))
            .await
            .refused(404, "not_found");
    }
    rita.get(&format!("{path}/revisions/1"))
        .await
        .refused(404, "not_found");
}

async fn the_contents_and_their_difference(pat: &Client, path: &str) {
    let contract = Contract::load();
    let one = "/v1/cases/{case}/revisions/{which}";
    let first = pat.get(&format!("{path}/revisions/1")).await;
    contract.hold("get", one, &first);
    assert_eq!(first.ok()["data"]["deal"]["amount"], "5.00");
    let last = pat.get(&format!("{path}/revisions/3")).await.ok();
    assert_eq!(last["data"]["deal"]["amount"], "9.00");
    let diff = pat.clone().in_chinese();
    let diff = diff.get(&format!("{path}/revisions/1..3")).await;
    contract.hold("get", one, &diff);
    let diff = diff.ok();
    let changes = diff["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 2, "{diff}");
    assert_eq!(changes[0]["at"], "deal.amount");
    assert_eq!(changes[0]["title"], "预计金额（元）");
    assert_eq!(
        (&changes[0]["was"], &changes[0]["now"]),
        (&json!("5.00"), &json!("9.00"))
    );
    assert_eq!(
        (&changes[1]["was"], &changes[1]["now"]),
        (&json!(null), &json!("Urgent"))
    );
}
