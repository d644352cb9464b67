//! `/metrics`: what is counted, behind which door, and that the page and the dashboard tell of nothing else.

use std::{collections::BTreeSet, path::Path};

use countersign_tests::{Client, Product};
use serde_json::{Value as Json, json};

/// What the product shows at its own door.
async fn shown(product: &Product) -> String {
    let address = product.service().metrics_address();
    let address = address.expect("the door is open");
    let answer = Client::new(&format!("http://{address}"), None)
        .get("/metrics")
        .await;
    assert_eq!(answer.status.as_u16(), 200);
    let kind = answer.headers["content-type"].to_str().expect("a text");
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    answer.text()
}

/// The value of a series, by its name and labels as they are written.
fn value(text: &str, series: &str) -> f64 {
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    let line = line.unwrap_or_else(|| panic!("{series} is not there:\n{text}"));
    line.parse().expect("a number")
}

/// The names of metrics in a text, without what a kind adds to them.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words
        .filter(|word| word.starts_with("countersign_"))
        .map(|word| {
            let kinds = ["_total", "_bucket", "_sum", "_count"];
            let bare = kinds.iter().find_map(|kind| word.strip_suffix(kind));
            bare.unwrap_or(word).to_owned()
        })
        .collect()
}

/// A file of the operators' documents.
fn document(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operating");
    std::fs::read_to_string(folder.join(name)).expect("it is there")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_do_is_counted_and_read_without_a_token() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let deal =
        json!({ "deal": { "customer": "Contoso", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let evaluation = json!({ "data": { "evaluation": { "grade": "A", "summary": "Agreed" } } });
    product
        .as_("rita")
        .act(&case, "approve", evaluation)
        .await
        .ok();
    let service = product.service();
    service.notifier().drain().await.expect("mails are sent");
    let text = shown(&product).await;
    let count = |series: &str| value(&text, series);
    assert!((count("countersign_decisions_total") - 1.0).abs() < 0.5);
    assert!(count("countersign_entries_total{what=\"vote\"}") > 0.5);
    assert!(count("countersign_commit_seconds_count") > 2.5);
    assert!(count("countersign_batch_cases_count") > 2.5);
    assert!(count("countersign_deliveries_total{outcome=\"sent\"}") > 0.5);
    assert!(count("countersign_queued_requests") < 0.5);
    assert!(text.ends_with("# EOF\n"));

    let public = product.nobody().get("/metrics").await;
    assert_eq!(public.status.as_u16(), 404, "not at the public door");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_is_as_late_as_it_took_effect() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    pat.open("deal_registration", json!({})).await;
    product.wait("91 days").await;
    let text = shown(&product).await;
    assert!(value(&text, "countersign_entries_total{what=\"timer\"}") > 0.5);
    assert!(
        value(&text, "countersign_timer_lateness_seconds_sum") > 80_000.0,
        "a day late"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_the_dashboard_name_metrics_that_there_are() {
    let product = Product::start().await;
    let there = shown(&product).await;
    let there: String = there
        .lines()
        .filter(|line| line.starts_with("# TYPE"))
        .collect();
    let there = names(&there);
    assert!(there.len() > 12, "{there:?}");
    let page = document("metrics.md");
    assert_eq!(names(&page), there, "docs/operating/metrics.md");
    let board = document("grafana.json");
    let board: Json = serde_json::from_str(&board).expect("JSON");
    let panels = board["panels"].as_array().expect("panels").iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().expect("targets"));
    let expressions: Vec<&str> = targets
        .filter_map(|target| target["expr"].as_str())
        .collect();
    assert!(expressions.len() > 12);
    for expression in expressions {
        let named = names(expression);
        assert!(
            !named.is_empty() && named.is_subset(&there),
            "{expression}: {named:?}"
        );
    }
}
