//! The whole story of a deal, by clicking: drafted, sent back, answered, approved, delivered and accepted.

use std::fs;

use countersign_tests::{Browser, Product};

use super::{sign_in, sign_out, ways::fits};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

in_every_way!(a_deal_from_draft_to_acceptance);

async fn a_deal_from_draft_to_acceptance(browser: &Browser) {
    let product = Product::start().await;
    let case = draft(browser, &product).await;
    send_back(browser, &product, &case).await;
    resubmit(browser, &product).await;
    approve(browser, &product, &case).await;
    deliver(browser, &product, &case).await;
    accept(browser, &product, &case).await;
}

/// Pat fills in half of it, is told what is missing, and hands it in.
async fn draft(browser: &Browser, product: &Product) -> String {
    sign_in(browser, product, "pat").await;
    fits(browser).await;
    browser.press("New").await;
    fits(browser).await;
    browser.click("a[href='/new/deal_registration']").await;
    browser.click("main button").await;
    let url = browser.url().await;
    let case = url.rsplit('/').next().expect("a number").to_owned();
    browser.fill("[name='deal.customer']", "Northwind").await;
    browser.fill("[name='deal.amount']", "330,000").await;
    browser.press("Save draft").await;
    assert_eq!(browser.text(".done").await, "✓ Your draft is saved.");
    fits(browser).await;
    browser.click("#do-submit").await;
    browser.press("Send").await;
    assert!(
        browser.text(".problem").await.contains("closing date"),
        "{}",
        browser.text(".problem").await
    );
    browser.click(".problem a").await;
    browser
        .pick_date("[name='deal.close_date']", "2026-12-20")
        .await;
    browser.press("Send").await;
    assert_eq!(browser.text(".standing .badge").await, "Under review");
    sign_out(browser).await;
    case
}

async fn send_back(browser: &Browser, product: &Product, case: &str) {
    sign_in(browser, product, "rita").await;
    assert_eq!(browser.text("td.case a").await, "Northwind");
    browser.press("Take next").await;
    assert!(browser.url().await.ends_with(case));
    assert!(browser.text(".turn").await.contains("you"));
    fits(browser).await;
    browser.click("#do-request_changes").await;
    browser.press("Send").await;
    assert_eq!(
        browser.count(".problem a[href='#comment']").await,
        1,
        "a comment is needed"
    );
    browser.fill("#comment", "Please add the tax.").await;
    browser.press("Send").await;
    assert_eq!(browser.text(".standing .badge").await, "Changes requested");
    sign_out(browser).await;
}

async fn resubmit(browser: &Browser, product: &Product) {
    sign_in(browser, product, "pat").await;
    browser.press("Northwind").await;
    assert!(
        browser
            .text(".checklist")
            .await
            .contains("Please add the tax.")
    );
    browser.fill("[name='deal.amount']", "372900.00").await;
    browser.fill(".checklist textarea", "With tax now.").await;
    browser.click("#do-resubmit").await;
    fits(browser).await;
    browser.press("Send").await;
    assert!(browser.text(".standing").await.contains("Round 2"));
    sign_out(browser).await;
}

/// On round 2 Rita sees what changed, and gives her evaluation with her vote.
async fn approve(browser: &Browser, product: &Product, case: &str) {
    sign_in(browser, product, "rita").await;
    browser.press("Northwind").await;
    assert_eq!(browser.text(".tabs [aria-current]").await, "What changed");
    let changed = browser.text(".change").await;
    assert!(
        changed.contains("330,000.00") && changed.contains("372,900.00"),
        "{changed}"
    );
    fits(browser).await;
    browser.click("#do-approve").await;
    browser.press("A").await;
    browser
        .fill("[name='with.approve/evaluation.summary']", "Sound.")
        .await;
    browser.press("Send").await;
    assert!(
        browser
            .text(".standing .badge")
            .await
            .starts_with("Approved")
    );
    browser.press("History").await;
    assert!(
        browser
            .text(".history")
            .await
            .contains("Please add the tax.")
    );
    fits(browser).await;
    browser.press("Diagram").await;
    let drawn = browser
        .run("return document.querySelector('figure img').naturalWidth")
        .await;
    assert!(
        drawn.as_u64().is_some_and(|width| width > 100),
        "{case}: {drawn}"
    );
    sign_out(browser).await;
}

async fn deliver(browser: &Browser, product: &Product, case: &str) {
    let report = product.folder().join("report.pdf");
    fs::write(&report, PDF).expect("a file");
    let wrong = product.folder().join("wrong.pdf");
    fs::write(&wrong, b"no pdf").expect("a file");
    sign_in(browser, product, "pat").await;
    browser
        .open(&format!("{}/cases/{case}", product.service().url()))
        .await;
    assert!(browser.text("#evaluation").await.contains("Sound."));
    browser
        .pick_date("[name='delivery.delivered_on']", "2026-11-20")
        .await;
    browser
        .fill("[name='delivery.statement']", "All of it.")
        .await;
    browser
        .choose_file("[name='file.acceptance_report']", &wrong)
        .await;
    browser.press("Apply for acceptance").await;
    assert_eq!(
        browser
            .count(".problem a[href='#file.acceptance_report']")
            .await,
        1
    );
    assert_eq!(
        browser
            .run("return document.querySelector('[name=\"delivery.statement\"]').value")
            .await,
        "All of it.",
        "what was typed is kept"
    );
    browser
        .choose_file("[name='file.acceptance_report']", &report)
        .await;
    browser.press("Apply for acceptance").await;
    assert_eq!(browser.text(".standing .badge").await, "Acceptance review");
    assert_eq!(browser.text("ul.files a").await, "report.pdf");
    sign_out(browser).await;
}

async fn accept(browser: &Browser, product: &Product, case: &str) {
    sign_in(browser, product, "amy").await;
    browser.press("Northwind").await;
    browser.click("#do-accept").await;
    browser.press("Send").await;
    assert!(browser.text(".standing .badge").await.contains("Accepted"));
    assert!(browser.url().await.contains(case));
}
