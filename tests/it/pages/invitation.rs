//! An invitation by clicking: an administrator sends it, somebody without an account accepts it by the mail's link.

use countersign_tests::{Browser, Product};
use serde_json::json;

use super::{sign_in, ways::fits};

const BOB: &str = "bob@example.com";

in_every_way!(somebody_without_an_account_accepts);

async fn somebody_without_an_account_accepts(browser: &Browser) {
    let product = Product::start().await;
    let url = product.service().url().to_owned();
    sign_in(browser, &product, "ada").await;
    browser.press("New").await;
    browser.click("a[href='/new/invitation']").await;
    browser.click("main form button").await;
    assert!(browser.text(".problem").await.contains("E-mail"));
    browser.fill("[name='invitation.email']", BOB).await;
    browser.fill("[name='invitation.name']", "Bob").await;
    browser.press("Partner user").await;
    browser.click("main form button").await;
    let number = browser.text(".above .number").await;
    browser.press("Sign out").await;

    // What a mail scanner does: it fetches the link, runs its scripts, and presses nothing.
    let link = format!("{url}/l/{}", product.link(BOB, "accept").await);
    browser.open(&link).await;
    browser.open(&link).await;
    let ada = product.as_("ada");
    assert_eq!(ada.case(&number).await["state"], "waiting");

    let said = browser.text("main").await;
    assert!(said.contains("Partner user"), "what is accepted: {said}");
    fits(browser).await;
    browser.press("中文").await;
    assert_eq!(browser.text("main button").await, "接受");
    browser.press("English").await;
    assert_eq!(browser.text("html[lang=en] main button").await, "Accept");
    browser.click("main button").await;
    browser
        .fill("[name='code']", &product.code(BOB).await)
        .await;
    browser.click("main button").await;
    assert_eq!(browser.text("h1").await, "Thank you");
    let told = browser.text("main").await;
    for part in [
        "Your answer is recorded: Accept",
        &number,
        "Invitation – bob@example.com",
        "Accepted",
        "The case is closed.",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    fits(browser).await;
    assert_eq!(ada.case(&number).await["state"], "accepted");
    browser.open(&link).await;
    assert_eq!(browser.text("h1").await, "This link is no longer valid");
    // The link has opened nothing else.
    browser.open(&format!("{url}/cases/{number}")).await;
    assert!(browser.url().await.contains("/sign-in"));
    let nobody = product.nobody().get("/v1/inbox").await;
    assert_eq!(
        (nobody.status.as_u16(), &nobody.body["code"]),
        (401, &json!("unauthenticated"))
    );
}
