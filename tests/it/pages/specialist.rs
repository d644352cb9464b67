//! Somebody without an account answers by the link of a mail: its page has the forms and the text to tick that the action
//! asks for, keeps what was typed, and opens nothing else.

use countersign_tests::{Browser, Product};
use serde_json::json;

const MEI: &str = "mei@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_asks_for_what_its_action_needs_and_for_nothing_else() {
    let Some(mut browser) = Browser::start(320).await else {
        return;
    };
    browser.without_scripts().await;
    let product = Product::start().await;
    let account =
        json!({ "enterprise_authenticated": false, "partner_account": false, "partner": "" });
    let erp = product.as_("erp");
    let fact = format!("/v1/facts/account/{MEI}");
    erp.put(&fact, account).await.ok();
    let peg = product.as_("peg");
    let invitation = json!({ "invitation": { "email": MEI, "name": "Mei" } });
    let case = peg.open("project_specialist", invitation).await;

    let url = product.service().url();
    let link = format!("{url}/l/{}", product.link(MEI, "associate").await);
    browser.open(&link).await;
    assert_eq!(browser.count("main form .field").await, 2, "its form alone");
    assert_eq!(browser.count("nav").await, 0, "and no way elsewhere");
    let phone = "[name='with.associate/personal.phone']";
    browser.fill(phone, "none").await;
    browser.click("main form button").await;
    let told = browser.text(".problem").await;
    assert!(told.contains("I agree") && told.contains("Phone"), "{told}");
    browser.fill(phone, "+86 100 1000").await;
    let certificates = "[name='with.associate/personal.certificates']";
    browser.fill(certificates, "HCCDP").await;
    browser.click("#confirm-associate input").await;
    browser.click("main form button").await;
    assert_eq!(browser.text("h1").await, "Thank you");
    let told = browser.text("main").await;
    assert!(told.contains(&case), "{told}");
    assert!(told.contains("You get a new mail"), "{told}");
    let associated = peg.case(&case).await;
    assert_eq!(associated["state"], "associated.bound");
    assert_eq!(associated["data"]["personal"]["phone"], "+86 100 1000");

    // The next mail has a link of its own; the first is dead.
    browser.open(&link).await;
    assert_eq!(browser.text("h1").await, "This link is no longer valid");
    let apply = format!("{url}/l/{}?lang=zh", product.link(MEI, "apply").await);
    browser.open(&apply).await;
    assert_eq!(browser.text("main form button").await, "申请专员");
    browser.open(&format!("{url}/cases/{case}")).await;
    assert!(browser.url().await.contains("/sign-in"));
}
