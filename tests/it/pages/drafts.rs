//! What was typed and not sent is there again after the page was loaded anew, and gone after signing out.

use countersign_tests::{Browser, Product};
use serde_json::json;

use super::{has_no_faults, sign_in, sign_out};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_comes_back_until_it_is_sent() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let deal =
        json!({ "customer": "Northwind", "amount": "330000.00", "close_date": "2026-12-20" });
    let pat = product.as_("pat");
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let url = format!("{}/cases/{case}", product.service().url());

    sign_in(&browser, &product, "rita").await;
    browser.open(&url).await;
    browser.click("#do-reject").await;
    browser.fill("#comment", "Half a thought").await;
    browser.open(&url).await;
    assert!(browser.text(".restored").await.contains("here again"));
    let typed = "return document.querySelector('#comment').value + document.querySelector('#do-reject').checked";
    assert_eq!(browser.run(typed).await, "Half a thoughttrue");

    has_no_faults(&browser).await;

    // Somebody else decides: the text is still told.
    let back = json!({ "comment": "Which year?" });
    let omar = product.as_("omar");
    omar.act(&case, "request_changes", back).await.ok();
    browser.open(&url).await;
    assert_eq!(
        browser
            .run("return document.querySelector('#comment').value")
            .await,
        "Half a thought"
    );
    browser.press("Send comment").await;
    assert_eq!(browser.text(".done").await, "✓ Your comment is sent.");
    browser.open(&url).await;
    assert_eq!(
        browser
            .run("return document.querySelectorAll('.restored').length")
            .await,
        0
    );

    browser.click("details.say summary").await;
    browser.fill("#comment", "Not for others").await;
    sign_out(&browser).await;
    let kept = "return Object.keys(localStorage).filter((key) => key.startsWith('countersign-draft')).length";
    assert_eq!(browser.run(kept).await, 0);
}
