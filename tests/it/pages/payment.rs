//! A payment by clicking: tied to its application, confirmed with a code from a mail, decided by two of finance.

use std::fs;

use countersign_tests::{Browser, Product, files};
use serde_json::json;

use super::{has_no_faults, sign_in, sign_out, ways::fits};

in_every_way!(a_payment_is_confirmed_with_a_code_and_decided_by_two);

async fn a_payment_is_confirmed_with_a_code_and_decided_by_two(browser: &Browser) {
    let product = Product::start().await;
    let application = approved(&product).await;
    let case = request(browser, &product, &application).await;
    confirm(browser, &product).await;
    sign_out(browser).await;

    vote(browser, &product, "fin", "This is vote 1 of 2.").await;
    let last = "This is vote 2 of 2: the case will be Payment in progress.";
    vote(browser, &product, "fay", last).await;
    product.wait("1 minute").await;
    let paid = product.as_("pat").case(&case).await;
    assert_eq!(paid["review"], json!(null), "{paid}");
}

async fn approved(product: &Product) -> String {
    let application = json!({ "application": { "programme": "Growth", "ceiling": "50000" } });
    let pat = product.as_("pat");
    let case = pat.open("incentive_application", application).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let ivy = product.as_("ivy");
    ivy.act(&case, "approve", json!({})).await.ok();
    case
}

async fn request(browser: &Browser, product: &Product, application: &str) -> String {
    let unfinished = json!({ "application": { "programme": "Growth" } });
    let pat = product.as_("pat");
    let draft = &pat.open("incentive_application", unfinished).await;
    sign_in(browser, product, "pat").await;
    browser.press("New").await;
    browser.click("a[href='/new/incentive_payment']").await;
    // Only what is approved is offered, and by what it is called: nobody has to remember a number.
    let offered = browser.text("[name='link.incentive']").await;
    assert!(
        offered.contains(application) && offered.contains("Growth"),
        "{offered}"
    );
    assert!(!offered.contains(draft), "{offered}");
    let option = format!("[name='link.incentive'] option[value='{application}']");
    browser.click(&option).await;
    browser.click("main form button").await;
    let case = browser.text(".above .number").await;
    assert!(browser.text(".kin").await.contains(application));
    browser.click("#do-next").await;
    browser.press("Send").await;
    let told = browser.text(".problem").await;
    assert!(told.contains("Fill in: Quarter."), "{told}");
    assert!(!told.contains("quarter that has ended"), "{told}");
    assert!(!told.contains("is over"), "{told}");
    browser.click("option[value='2026q3']").await;
    browser.fill("[name='payment.amount']", "60,000").await;
    let account = "[name='payment.account']";
    browser.fill(account, "6222 0000 1111").await;
    browser.click("#do-next").await;
    browser.press("Send").await;
    let told = browser.text(".problem").await;
    assert!(told.contains("above what is left"), "{told}");
    browser.fill("[name='payment.amount']", "40,000").await;
    let invoice = product.folder().join("invoice.pdf");
    fs::write(&invoice, files::pdf()).expect("a file");
    browser.choose_file("[name='file.invoice']", &invoice).await;
    browser.press("Send").await;
    assert_eq!(browser.text(".standing .badge").await, "Confirm");
    case
}

async fn confirm(browser: &Browser, product: &Product) {
    browser.click("#do-submit").await;
    browser.press("Send").await;
    assert!(
        browser
            .text(".problem")
            .await
            .contains("I confirm that the amount")
    );
    browser.click("#confirm-submit input").await;
    browser.press("Send").await;
    fits(browser).await;
    has_no_faults(browser).await;
    let code = product.code("pat@example.com").await;
    browser.fill("#code", &code).await;
    browser.press("Send").await;
    assert_eq!(browser.text(".standing .badge").await, "Finance review");
}

async fn vote(browser: &Browser, product: &Product, who: &str, told: &str) {
    sign_in(browser, product, who).await;
    browser.press("Take next").await;
    assert_eq!(browser.text("#do-approve-why p").await, told);
    browser.click("#do-approve").await;
    browser.press("Send").await;
    assert!(browser.text(".done").await.contains("Approve"));
    sign_out(browser).await;
}
