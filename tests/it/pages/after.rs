//! Pages that come after something was sent, that are late, or refused: they fit a phone in Chinese and the dark, axe-core finds
//! nothing, and the policy is kept, as with the pages of `pictures`.

use std::{env, fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign_tests::{Browser, Client, Product, axe};
use serde_json::json;

use super::{sign_in, sign_out, targets::too_small};

/// The page that is open, wide and light, then narrow and dark. A page after a POST cannot be opened anew.
pub async fn looked_at(browser: &Browser, name: &str) {
    let axe = axe();
    for (width, scheme) in [(1280, "light"), (320, "dark")] {
        browser.resize(width).await;
        browser.paint(scheme).await;
        let over = browser
            .run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await;
        assert_eq!(over, 0, "{name} is cut off at {width} px");
        if width == 320 {
            let small = too_small(browser).await;
            assert!(small.is_empty(), "{name}: {small:#?}");
        }
        if let Some(axe) = &axe {
            let faults = browser.faults(axe).await;
            assert!(faults.is_empty(), "{name} at {width} px: {faults:#?}");
        }
        if let Some(folder) = env::var_os("COUNTERSIGN_WRITE_PICTURES") {
            let picture = STANDARD.decode(browser.picture().await).expect("base64");
            let file = Path::new(&folder).join(format!("after-{name}-{width}-{scheme}.png"));
            fs::write(file, picture).expect("the picture is written");
        }
    }
    browser.resize(1280).await;
}

async fn submitted(pat: &Client) -> String {
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2027-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    case
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_after_a_post_have_no_faults() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let url = product.service().url().to_owned();
    for language in ["en", "zh"] {
        let case = submitted(&product.as_("pat")).await;
        sign_in(&browser, &product, "rita").await;
        let page = format!("{url}/cases/{case}?lang={language}");
        browser.open(&page).await;
        browser.click("#do-reject").await;
        browser.click("form.case button[name=send]").await;
        browser.text(".problem").await;
        looked_at(&browser, &format!("refused-{language}")).await;
        browser.open(&page).await;
        browser.click("#do-reject").await;
        browser.fill("#comment", "Too late").await;
        let back = json!({ "comment": "Which year?" });
        let omar = product.as_("omar");
        omar.act(&case, "request_changes", back).await.ok();
        browser.click("form.case button[name=send]").await;
        browser.text(".kept, .notice, .problem").await;
        looked_at(&browser, &format!("meanwhile-{language}")).await;
        many(&browser, &product, language).await;
        browser
            .open(&format!("{url}/operate?lang={language}"))
            .await;
        looked_at(&browser, &format!("not-yours-{language}")).await;
        browser.open(&format!("{url}/?lang=en")).await;
        sign_out(&browser).await;
        thanks(&browser, &product, language).await;
    }
    late(&browser, &product).await;
    let mut complaints = browser.complaints().await;
    complaints.retain(|told| !told.contains("status of 4"));
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// What became of several that were decided at once.
async fn many(browser: &Browser, product: &Product, language: &str) {
    let case = submitted(&product.as_("pat")).await;
    let url = product.service().url();
    browser.open(&format!("{url}/?lang={language}")).await;
    browser.text("td.case a").await;
    browser
        .run(&format!(
            "const box = document.querySelector('[name=case][value=\"{case}\"]'); box.checked = true;
             const form = box.form; form.querySelector('[name=do]').value = 'reject'; form.submit(); return 1"
        ))
        .await;
    browser.text("main h1").await;
    looked_at(browser, &format!("many-{language}")).await;
}

/// The last page of somebody without an account.
async fn thanks(browser: &Browser, product: &Product, language: &str) {
    let to = format!("bob.{language}@example.com");
    let bob = json!({ "email": to, "name": "Bob", "role": "partner_user" });
    let ada = product.as_("ada");
    ada.open("invitation", json!({ "invitation": bob })).await;
    let link = product.link(&to, "decline").await;
    let url = product.service().url();
    let link = format!("{url}/l/{link}?lang={language}");
    browser.open(&link).await;
    browser.click("main form button").await;
    browser.text("main h1").await;
    looked_at(browser, &format!("thanks-{language}")).await;
    browser.open(&link).await;
    browser.text("h2[lang]").await;
    looked_at(browser, &format!("dead-{language}")).await;
}

/// When nobody has done anything for weeks.
async fn late(browser: &Browser, product: &Product) {
    submitted(&product.as_("pat")).await;
    product.wait("20 days").await;
    let url = product.service().url();
    for (who, path) in [("rita", "/"), ("otto", "/operate")] {
        sign_in(browser, product, who).await;
        for language in ["en", "zh"] {
            browser.open(&format!("{url}{path}?lang={language}")).await;
            looked_at(browser, &format!("late-{who}-{language}")).await;
        }
        browser.open(&format!("{url}/?lang=en")).await;
        sign_out(browser).await;
    }
}
