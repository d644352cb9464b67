//! What is not somebody's to see is not there, and what somebody has written runs nowhere.

use countersign_tests::{Browser, Product};
use serde_json::json;

use super::{Visit, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn another_partners_case_is_the_page_of_what_is_not_there() {
    let product = Product::start().await;
    let deal = json!({ "deal": { "customer": "Secret customer" } });
    let case = product.as_("pat").open("deal_registration", deal).await;
    let nina = Visit::of(&product, "nina").await;
    for path in [
        "",
        "/everything",
        "/changes",
        "/history",
        "/diagram",
        "/diagram.svg",
        "/why",
        "/why?action=submit",
        "/files",
        "/files/acceptance_report/00000000-0000-0000-0000-000000000001",
    ] {
        let hidden = nina.get(&format!("/cases/{case}{path}")).await;
        let nothing = nina.get(&format!("/cases/DR-2026-99999{path}")).await;
        assert_eq!(hidden.status.as_u16(), 404, "{path}");
        let without = |text: String, number: &str| text.replace(number, "");
        assert_eq!(
            without(hidden.text(), &case),
            without(nothing.text(), "DR-2026-99999"),
            "{path}"
        );
    }
    let form = format!("seal={}&send=1&do=submit&seen=1/1/draft", nina.seal);
    let sent = nina.send(&format!("/cases/{case}"), &form).await;
    assert_eq!(sent.status.as_u16(), 404);
    let pat = product.as_("pat").case(&case).await;
    assert_eq!(pat["state"], "draft");
}

/// Texts that run where they are not escaped, each with a mark of its own.
const CORPUS: [&str; 9] = [
    "<script>window.ran=1</script>",
    "\"><img src=x onerror=window.ran=1>",
    "'><svg onload=window.ran=1>",
    "</textarea><script>window.ran=1</script>",
    "</title><script>window.ran=1</script>",
    "javascript:window.ran=1",
    "<iframe srcdoc=\"<script>parent.ran=1</script>\">",
    "{{constructor.constructor('window.ran=1')()}}",
    "<a href=\"javascript:window.ran=1\" autofocus onfocus=window.ran=1>x</a>",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_has_written_runs_nowhere() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let mut cases = Vec::new();
    for text in CORPUS {
        let deal = json!({ "customer": text, "amount": "330000.00", "close_date": "2026-12-20", "note": text });
        let case = pat.open("deal_registration", json!({ "deal": deal })).await;
        pat.act(&case, "submit", json!({ "comment": text }))
            .await
            .ok();
        let comments = json!([{ "at": "deal.customer", "text": text }]);
        let back = json!({ "comment": text, "comments": comments });
        rita.act(&case, "request_changes", back).await.ok();
        cases.push(case);
    }
    for who in ["pat", "rita"] {
        sign_in(&browser, &product, who).await;
        for page in ["/", "/?section=waiting", "/cases"] {
            runs_nothing(&browser, &product, page).await;
        }
        for case in &cases {
            for tab in ["", "/everything", "/history", "/diagram"] {
                runs_nothing(&browser, &product, &format!("/cases/{case}{tab}")).await;
            }
        }
        browser.press("Sign out").await;
    }
    runs_nothing(&browser, &product, "/mailbox").await;
    let complaints = browser.complaints().await;
    assert!(
        complaints
            .iter()
            .all(|line| !line.contains("Content Security Policy")),
        "{complaints:?}"
    );
}

async fn runs_nothing(browser: &Browser, product: &Product, page: &str) {
    browser
        .open(&format!("{}{page}", product.service().url()))
        .await;
    let ran = browser
        .run("return [window.ran, document.querySelectorAll('script:not([src^=\"/assets/\"])').length]")
        .await;
    assert_eq!(ran, json!([null, 0]), "{page}");
}
