//! A statement of work by clicking: every reason why it cannot be handed in, with what there is and what is needed, put
//! right one after the other.

use std::fs;

use countersign_tests::{Browser, Product, files};

use super::{has_no_faults, sign_in, sign_out, ways::fits};

in_every_way!(what_is_missing_is_told_with_have_and_need_until_nothing_is);

async fn what_is_missing_is_told_with_have_and_need_until_nothing_is(browser: &Browser) {
    let product = Product::start().await;
    let case = draft(browser, &product).await;
    refused(browser).await;
    agree(browser, &product, &case).await;
    put_right(browser, &product, &case).await;
}

async fn draft(browser: &Browser, product: &Product) -> String {
    sign_in(browser, product, "pat").await;
    browser.press("New").await;
    browser.click("a[href='/new/sow_evaluation']").await;
    browser.click("main button").await;
    browser.fill("[name='sow.project']", "Smart port").await;
    for service in ["gaussdb", "cce"] {
        browser
            .click(&format!("[name='sow.services'][value='{service}']"))
            .await;
    }
    browser.press("Save draft").await;
    fits(browser).await;
    browser.text(".above .number").await
}

/// All that is missing is told at once; why the button is grey, condition by condition.
async fn refused(browser: &Browser) {
    browser.click("#do-submit").await;
    browser.press("Send").await;
    let told = browser.text(".problem").await;
    for reason in [
        "you have 2",
        "Agree the workload",
        "Solution plan",
        "Self-check checklist",
        "Expert feedback template",
    ] {
        assert!(told.contains(reason), "{reason}: {told}");
    }
    fits(browser).await;
    has_no_faults(browser).await;
    browser.click("#do-submit-why a").await;
    let why = browser.text(".explained").await;
    assert!(
        why.contains("not now") && why.contains("you have 2"),
        "{why}"
    );
    fits(browser).await;
    sign_out(browser).await;
}

async fn agree(browser: &Browser, product: &Product, case: &str) {
    sign_in(browser, product, "wei").await;
    let url = product.service().url();
    browser.open(&format!("{url}/cases/{case}?lang=en")).await;
    browser.fill("[name='workload.person_days']", "40").await;
    browser.press("Agree the workload").await;
    sign_out(browser).await;
}

async fn put_right(browser: &Browser, product: &Product, case: &str) {
    sign_in(browser, product, "pat").await;
    let url = product.service().url();
    browser.open(&format!("{url}/cases/{case}")).await;
    browser.click("[name='sow.services'][value='dli']").await;
    for (material, name, bytes) in [
        ("solution_plan", "plan.pdf", files::pdf()),
        ("self_check", "check.xlsx", files::xlsx()),
        ("expert_feedback", "feedback.docx", files::docx()),
    ] {
        let file = product.folder().join(name);
        fs::write(&file, bytes).expect("a file");
        let input = format!("[name='file.{material}']");
        browser.choose_file(&input, &file).await;
    }
    browser.click("#do-submit").await;
    browser.press("Send").await;
    assert_eq!(browser.text(".standing .badge").await, "Expert review");
    browser.press("Files").await;
    assert_eq!(browser.count("ul.files li").await, 3);
    fits(browser).await;
}
