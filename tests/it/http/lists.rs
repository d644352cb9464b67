//! Lists: pages that neither skip nor repeat, filters, CSV, and only what the caller may see.

use std::collections::BTreeSet;

use countersign_tests::{Answer, Client, Product};
use reqwest::Method;
use serde_json::{Value as Json, json};

fn numbers(page: &Json) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| item["number"].as_str().expect("a number").to_owned())
        .collect()
}

async fn all_pages(client: &Client, query: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client
            .get(&format!("/v1/cases?limit=2{query}{cursor}"))
            .await
            .ok();
        let items = numbers(&page);
        assert!(items.len() <= 2);
        found.extend(items);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_neither_skip_nor_repeat() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let mut opened = Vec::new();
    for customer in ["Alpha", "=Beta", "Gamma", "Delta", "Epsilon"] {
        opened.push(
            pat.open(
                "deal_registration",
                json!({ "deal": { "customer": customer } }),
            )
            .await,
        );
    }
    let nordwind = product
        .as_("nina")
        .open("deal_registration", json!({}))
        .await;
    assert_eq!(all_pages(&pat, "&sort=oldest").await, opened);
    let newest: Vec<String> = opened.iter().rev().cloned().collect();
    assert_eq!(all_pages(&pat, "").await, newest);
    let every = all_pages(&product.as_("otto"), "").await;
    assert_eq!(every.len(), 6, "operators see every case: {every:?}");
    assert_eq!(all_pages(&product.as_("nina"), "").await, [nordwind]);
    assert_eq!(
        all_pages(&product.as_("rita"), "").await,
        Vec::<String>::new(),
        "her role takes no part yet"
    );

    for (query, count) in [
        ("&q=gamma", 1),
        ("&state=draft", 5),
        ("&state=review", 0),
        ("&workflow=invitation", 0),
        ("&workflow=No Such", 0),
        ("&lifecycle=running&mine=true", 5),
        ("&lifecycle=ended", 0),
        ("&partner=nordwind", 0),
        ("&overdue=false", 5),
    ] {
        let found: BTreeSet<String> = all_pages(&pat, query).await.into_iter().collect();
        assert_eq!(found.len(), count, "{query}");
    }
    for (query, code) in [
        ("cursor=x", "malformed"),
        ("limit=0", "malformed"),
        ("limit=201", "malformed"),
        ("sort=x", "malformed"),
        ("lmit=2", "unknown_member"),
    ] {
        pat.get(&format!("/v1/cases?{query}"))
            .await
            .refused(400, code);
    }
    let csv = pat
        .request(Method::GET, "/v1/cases?limit=4&sort=oldest")
        .header("accept", "text/csv");
    let csv = Answer::of(csv).await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let text = csv.text();
    assert_eq!(text.lines().count(), 5);
    assert!(text.contains("\"'=Beta\""), "no cell is a formula: {text}");
    assert!(csv.headers.contains_key("next-cursor"));
}
