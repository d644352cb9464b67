//! The page of a case by clicking: an operator hands a turn over, and the cases that belong to a case are found from it.

use countersign_cli::{HookWay, Source};
use countersign_tests::{Browser, Product, eventually};
use serde_json::json;

use super::{has_no_faults, sign_in};

const ORDER: &str = r#"
workflow: order
version: 1
number: "O-{seq:5}"
title: { en: Order, zh: 订单 }
case_title: order.what
roles:
  asker: { title: { en: Asker, zh: 申请人 }, group: deal_reviewers }
forms:
  order:
    title: { en: Order, zh: 订单 }
    fields:
      what: { title: { en: What, zh: 内容 }, type: string }
      parts: { title: { en: Parts, zh: 部件 }, type: array, items: { type: string }, maxItems: 5 }
children:
  checks:
    title: { en: Checks, zh: 检查 }
    workflow: check
    each: order.parts
    key: item
    with: { check.part: item }
open: { who: asker, require: [order], do: [ { open: checks } ], to: checking }
states:
  checking:
    title: { en: Checking, zh: 检查中 }
    actions: { cancel: { title: { en: Cancel, zh: 取消 }, who: asker, to: cancelled } }
    timers:
      checked: { as_soon_as: "children.checks.size() == order.parts.size() && children.checks.all(c, c.case.end == 'success')", to: done }
  done: { title: { en: Done, zh: 完成 }, end: success }
  cancelled: { title: { en: Cancelled, zh: 已取消 }, end: neutral }
"#;
const CHECK: &str = r#"
workflow: check
version: 1
number: "C-{seq:5}"
title: { en: Check, zh: 检查 }
case_title: check.part
roles:
  asker: { title: { en: Asker, zh: 申请人 }, group: deal_reviewers }
links: { parent: { title: { en: Order, zh: 订单 }, workflow: order } }
forms:
  check:
    title: { en: Check, zh: 检查 }
    fields: { part: { title: { en: Part, zh: 部件 }, type: string } }
open: { who: system, to: waiting }
states:
  waiting:
    title: { en: Waiting, zh: 等待 }
    show: [check]
    actions: { pass: { title: { en: Pass, zh: 通过 }, who: asker, to: passed } }
  passed: { title: { en: Passed, zh: 已通过 }, end: success }
  dropped: { title: { en: Dropped, zh: 已放弃 }, end: neutral }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn children_are_found_from_their_parent_and_back() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let files = [("order.yaml", ORDER), ("check.yaml", CHECK)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let product = Product::start_with(HookWay::Taken, Source::Texts(files.to_vec())).await;
    let rita = product.as_("rita");
    let order = json!({ "order": { "what": "A chair", "parts": ["leg", "seat"] } });
    let case = rita.open("order", order).await;
    let checks = eventually("the children are there", async || {
        let checks = rita.get("/v1/cases?workflow=check").await.ok();
        let checks = checks["items"].as_array().expect("items").clone();
        (checks.len() == 2).then_some(checks)
    })
    .await;
    sign_in(&browser, &product, "rita").await;
    let url = product.service().url();
    browser.open(&format!("{url}/cases/{case}")).await;
    assert_eq!(browser.count("ul.kin li").await, 2);
    let told = browser.text("ul.kin").await;
    assert!(
        told.contains("Checks") && told.contains("leg") && told.contains("Waiting"),
        "{told}"
    );
    has_no_faults(&browser).await;
    browser.press("leg").await;
    assert_eq!(browser.text("ul.kin a").await, "A chair", "and back");
    for check in &checks {
        let number = check["number"].as_str().expect("a number");
        rita.act(number, "pass", json!({})).await.ok();
    }
    eventually("the order is done", async || {
        (rita.case(&case).await["state"] == "done").then_some(())
    })
    .await;
    browser.press("A chair").await;
    let told = browser.text("ul.kin").await;
    assert_eq!(told.matches("Passed").count(), 2, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_hands_a_turn_over_by_clicking() {
    let Some(mut browser) = Browser::start(320).await else {
        return;
    };
    let product = Product::start().await;
    let pat = product.as_("pat");
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    sign_in(&browser, &product, "otto").await;
    let url = product.service().url();
    browser.open(&format!("{url}/cases/{case}")).await;
    let tools = format!("a[href='/operate/cases/{case}']");
    assert_eq!(browser.count(&tools).await, 1, "the way to his tools");
    browser.click("details.hand-on summary").await;
    has_no_faults(&browser).await;
    browser.without_scripts().await;
    browser.open(&format!("{url}/cases/{case}")).await;
    browser.click("details.hand-on summary").await;
    browser.click("#from option[value=lena]").await;
    browser.fill("#to", "amy@example.com").await;
    let button = "button[name=turn][value=reassign]";
    browser.click(button).await;
    let told = browser.text(".problem").await;
    assert!(told.contains("reason") || told.contains("why"), "{told}");
    let kept = browser
        .run("return document.querySelector('#to').value")
        .await;
    assert_eq!(kept, json!("amy@example.com"), "what was typed is kept");
    browser.fill("#reason", "Lena is ill.").await;
    browser.click(button).await;
    assert!(browser.text("main").await.contains("It is handed over."));
    let history = product.as_("otto");
    let history = history.get(&format!("/v1/cases/{case}/history")).await.ok();
    let items = history["items"].as_array().expect("items");
    let entry = items.iter().find(|entry| entry["what"] == "reassigned");
    assert_eq!(entry.expect("it is told")["actor"], "otto");
    // It is Amy's now.
    let amy = product.as_("amy");
    let inbox = amy.get("/v1/inbox?section=your_turn").await.ok();
    assert_eq!(inbox["items"][0]["number"], case.as_str(), "{inbox}");
}
