//! Drawings in narrow windows: they are wider, and begin where something is to be seen.

use countersign_tests::{Browser, Product, eventually};
use serde_json::json;

use super::sign_in;

/// How far a drawing is moved in its window, how wide that is, and how wide the drawing.
const MOVED: &str = "const box = document.querySelector('figure.diagram .scroll'); return [box.scrollLeft, box.clientWidth, box.scrollWidth]";

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_a_drawing_begins_where_the_case_is() {
    let Some(browser) = Browser::start(320).await else {
        return;
    };
    let product = Product::start().await;
    let deal = json!({ "customer": "Northwind", "amount": "330000", "close_date": "2026-12-20" });
    let pat = product.as_("pat");
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    sign_in(&browser, &product, "rita").await;
    for path in [
        format!("/cases/{case}/diagram"),
        "/workflows/deal_registration".to_owned(),
    ] {
        browser
            .open(&format!("{}{path}", product.service().url()))
            .await;
        let wide = browser.run(MOVED).await;
        assert!(wide[2].as_f64() > wide[1].as_f64(), "{path}: {wide}");
        eventually("it is moved", async || {
            let left = browser.run(MOVED).await[0].as_f64();
            left.filter(|left| *left > 0.0)
        })
        .await;
    }
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:#?}");
}
