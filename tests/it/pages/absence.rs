//! Somebody tells on `/me` that they are away and who acts for them, by clicking, with scripts off.

use countersign_tests::{Browser, Product};
use serde_json::json;

use super::{has_no_faults, sign_in, sign_out};

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_is_set_and_ended_without_scripts_and_the_substitute_acts() {
    let Some(mut browser) = Browser::start(320).await else {
        return;
    };
    let product = Product::start().await;
    sign_in(&browser, &product, "rita").await;
    let url = format!("{}/me?lang=en", product.service().url());
    browser.open(&url).await;
    has_no_faults(&browser).await;
    browser.without_scripts().await;
    browser.open(&url).await;
    assert_eq!(
        browser.count("#colleagues option[value='omar']").await,
        1,
        "a colleague is suggested"
    );
    assert_eq!(browser.count("#colleagues option[value='pat']").await, 0);

    let today = product.now().date_naive();
    let last = today + chrono::TimeDelta::days(10);
    let set = async |until: chrono::NaiveDate, who: &str| {
        browser.pick_date("[name='from']", &today.to_string()).await;
        browser
            .pick_date("[name='until']", &until.to_string())
            .await;
        browser.fill("[name='substitute']", who).await;
        browser.press("Be away").await;
    };
    set(last, "nobody-of-that-id").await;
    let told = browser.text(".problem").await;
    assert!(told.contains("Name a colleague"), "{told}");
    set(last, "nina").await;
    let told = browser.text(".problem").await;
    assert!(told.contains("Name a colleague"), "{told}");
    set(last, "ada").await;
    let told = browser.text("main").await;
    assert!(
        told.contains(&format!("You are away from {today} until {last}.")),
        "{told}"
    );
    assert!(told.contains("Ada acts for you."), "by name: {told}");

    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let pat = product.as_("pat");
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let turn = product
        .as_("ada")
        .get("/v1/inbox?section=your_turn")
        .await
        .ok();
    assert!(turn.to_string().contains(&case), "{turn}");

    browser.press("I am back").await;
    let told = browser.text("main").await;
    assert!(!told.contains("You are away"), "{told}");
    let turn = product
        .as_("ada")
        .get("/v1/inbox?section=your_turn")
        .await
        .ok();
    assert!(!turn.to_string().contains(&case), "{turn}");
    sign_out(&browser).await;
}
