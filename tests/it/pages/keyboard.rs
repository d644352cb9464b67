//! A decision by keyboard alone.

use countersign_tests::{Browser, Product};
use serde_json::json;

/// As `WebDriver` names the keys.
const ENTER: &str = "\u{E007}";
const CONTROL: &str = "\u{E009}";
const ESCAPE: &str = "\u{E00C}";

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_sent_back_without_a_mouse() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let deal =
        json!({ "customer": "Northwind", "amount": "330000.00", "close_date": "2026-12-20" });
    let pat = product.as_("pat");
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();

    browser
        .open(&format!("{}/sign-in", product.service().url()))
        .await;
    browser.keys("button[value=rita]", ENTER).await;
    browser.keys("body", "?").await;
    assert!(browser.text("dialog").await.contains("Ctrl Enter"));
    browser.keys("dialog", ESCAPE).await;
    browser.keys("body", "j").await;
    browser.keys("a:focus", ENTER).await;
    assert!(browser.text(".above").await.contains(&case));
    browser.keys("body", "q").await;
    browser.keys("#do-request_changes:focus", "c").await;
    let typed = format!("Please add the tax: a, x and q choose nothing here.{CONTROL}{ENTER}");
    browser.keys("#comment:focus", &typed).await;
    assert_eq!(browser.text(".standing .badge").await, "Changes requested");
    assert_eq!(pat.case(&case).await["state"], "changes_requested");
}
