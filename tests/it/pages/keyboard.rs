//! The whole story of a deal by keyboard alone: keys where people press them, and no click.

use std::fs;

use countersign_cli::{HookWay, Source};
use countersign_tests::{Browser, Product, files};
use serde_json::json;

/// As `WebDriver` names the keys.
const ENTER: &str = "\u{E007}";
const CONTROL: &str = "\u{E009}";
const ESCAPE: &str = "\u{E00C}";
const SPACE: &str = " ";

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_from_draft_to_acceptance_without_a_mouse() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let case = draft(&browser, &product).await;
    send_back(&browser, &product, &case).await;
    answer(&browser, &product).await;
    approve(&browser, &product).await;
    deliver(&browser, &product).await;
    accept(&browser, &product, &case).await;
    assert_eq!(product.as_("pat").case(&case).await["end"], "success");
}

/// A slash leads into the search; which decision a key chooses is told by what it does, and not by what it is called.
#[tokio::test(flavor = "multi_thread")]
async fn keys_go_by_what_a_decision_does() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start_with(HookWay::Taken, exam()).await;
    let pat = product.as_("pat");
    let case = pat
        .open("exam", json!({ "paper": { "title": "Essay" } }))
        .await;
    pat.act(&case, "hand_in", json!({})).await.ok();
    sign_in(&browser, &product, "rita").await;
    browser.keys("body", "/").await;
    browser.text("input[type=search]:focus").await;
    let url = product.service().url();
    browser.open(&format!("{url}/cases/{case}")).await;
    browser.text(".above .number").await;
    for (key, chosen) in [("a", "pass"), ("x", "fail"), ("q", "ask_for_more")] {
        browser.keys("body", key).await;
        let is_chosen = format!("#do-{chosen}:checked");
        assert_eq!(browser.count(&is_chosen).await, 1, "{key}");
    }
}

/// A review whose decisions have names of their own.
fn exam() -> Source {
    const SHARED: &str = r"
shared: 1
languages: [en]
roles:
  applicant: { is: starter }
  asker: { group: partner_users }
  examiner: { group: deal_reviewers }
";
    const EXAM: &str = r#"
workflow: exam
version: 1
number: "E-{seq:5}"
forms: { paper: { fields: { title: { type: string } } } }
open: { who: asker, to: writing }
states:
  writing:
    edit: { applicant: [paper] }
    actions: { hand_in: { who: applicant, require: [paper], to: reading } }
  reading:
    review:
      by: examiner
      decisions:
        ask_for_more: { to: writing }
        fail: { to: failed }
        pass: { to: passed }
  passed: { end: success }
  failed: { end: failure }
"#;
    let text = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    Source::Texts(vec![text("shared.yaml", SHARED), text("exam.yaml", EXAM)])
}

async fn sign_in(browser: &Browser, product: &Product, who: &str) {
    let url = product.service().url();
    browser.open(&format!("{url}/sign-in")).await;
    browser.keys(&format!("button[value={who}]"), ENTER).await;
    browser.text(".who .name").await;
}

async fn sign_out(browser: &Browser) {
    browser.keys("form[action='/sign-out'] button", ENTER).await;
    browser.text("button[value=rita]").await;
}

/// The first row that waits, by `j` and Enter.
async fn take_next(browser: &Browser) {
    browser.text("td.case a").await;
    browser.keys("body", "j").await;
    browser.keys("td.case a:focus", ENTER).await;
    browser.text(".above .number").await;
}

async fn send(browser: &Browser, from: &str, badge: &str) {
    let keys = format!("{CONTROL}{ENTER}");
    browser.keys(from, &keys).await;
    browser.text(".done").await;
    let now = browser.text(".standing .badge").await;
    assert!(now.starts_with(badge) || now.ends_with(badge), "{now}");
}

async fn draft(browser: &Browser, product: &Product) -> String {
    sign_in(browser, product, "pat").await;
    browser.keys("nav a[href='/new']", ENTER).await;
    browser
        .keys("a[href='/new/deal_registration']", ENTER)
        .await;
    browser.keys("main form button", ENTER).await;
    let case = browser.text(".above .number").await;
    browser.keys("[name='deal.customer']", "Northwind").await;
    browser.keys("[name='deal.amount']", "330000").await;
    browser.keys("[name='deal.close_date']", "12202026").await;
    browser.keys("#do-submit", SPACE).await;
    send(browser, "#do-submit", "Under review").await;
    sign_out(browser).await;
    case
}

async fn send_back(browser: &Browser, product: &Product, case: &str) {
    sign_in(browser, product, "rita").await;
    browser.keys("body", "?").await;
    assert!(browser.text("dialog").await.contains("Ctrl Enter"));
    browser.keys("dialog", ESCAPE).await;
    take_next(browser).await;
    assert!(browser.text(".above").await.contains(case));
    browser.keys("body", "q").await;
    browser.keys("#do-request_changes:focus", "c").await;
    let typed = "Please add the tax: a, x and q choose nothing here.";
    browser.keys("#comment:focus", typed).await;
    send(browser, "#comment", "Changes requested").await;
    sign_out(browser).await;
}

async fn answer(browser: &Browser, product: &Product) {
    sign_in(browser, product, "pat").await;
    browser.keys("nav a[href='/new']", ENTER).await;
    browser.text("a[href='/new/deal_registration']").await;
    browser.keys("body", "gi").await;
    take_next(browser).await;
    browser.keys(".checklist textarea", "It is in.").await;
    browser.keys("#do-resubmit", SPACE).await;
    send(browser, "#do-resubmit", "Under review").await;
    sign_out(browser).await;
}

async fn approve(browser: &Browser, product: &Product) {
    sign_in(browser, product, "rita").await;
    take_next(browser).await;
    assert_eq!(browser.text(".tabs [aria-current]").await, "What changed");
    browser.keys("body", "2").await;
    browser
        .text(".tabs [href$='/everything'][aria-current]")
        .await;
    browser.keys("body", "a").await;
    let grade = "[name='with.approve/evaluation.grade'][value='A']";
    browser.keys(grade, SPACE).await;
    let summary = "[name='with.approve/evaluation.summary']";
    browser.keys(summary, "Sound.").await;
    send(browser, summary, "Approved - result available").await;
    sign_out(browser).await;
}

async fn deliver(browser: &Browser, product: &Product) {
    let report = product.folder().join("report.pdf");
    fs::write(&report, files::pdf()).expect("a file");
    sign_in(browser, product, "pat").await;
    take_next(browser).await;
    let on = "[name='delivery.delivered_on']";
    browser.keys(on, "11202026").await;
    let statement = "[name='delivery.statement']";
    browser.keys(statement, "All of it.").await;
    let input = "[name='file.acceptance_report']";
    browser.choose_file(input, &report).await;
    send(browser, statement, "Acceptance review").await;
    sign_out(browser).await;
}

/// Shortcuts that are switched off do nothing; the page works all the same.
async fn accept(browser: &Browser, product: &Product, case: &str) {
    sign_in(browser, product, "amy").await;
    browser.keys("body", "?").await;
    browser.keys("dialog button.second", ENTER).await;
    browser.keys("dialog", ESCAPE).await;
    browser.keys("td.case a", ENTER).await;
    assert!(browser.text(".above").await.contains(case));
    browser.keys("body", "a").await;
    assert_eq!(browser.count("#do-accept:checked").await, 0);
    browser.keys("#do-accept", SPACE).await;
    browser.keys("form.case button[name=send]", ENTER).await;
    browser.text(".done").await;
}
