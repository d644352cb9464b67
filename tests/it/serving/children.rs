//! Child cases on a real server: each is opened once although the server dies in between, its end moves the parent on,
//! and a parent that ends takes its children with it.

use std::collections::BTreeSet;

use countersign_tests::{Client, Server, Site, eventually};
use rustix::process::Signal;
use serde_json::{Value as Json, json};

use super::staff::Staff;

const ORDER: &str = r#"
workflow: order
version: 1
number: "O-{seq:5}"
title: { en: Order, zh: 订单 }
roles:
  asker: { title: { en: Asker, zh: 提问人 }, group: askers }
forms:
  order:
    title: { en: Order, zh: 订单 }
    fields: { parts: { title: { en: Parts, zh: 部件 }, type: array, items: { type: string }, maxItems: 50 } }
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
roles:
  asker: { title: { en: Asker, zh: 提问人 }, group: askers }
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

const PARTS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

fn site() -> (Site, String) {
    let site = Site::new();
    site.write("workflows/order.yaml", ORDER);
    site.write("workflows/check.yaml", CHECK);
    let token = site.add_administrator("ada");
    (site, token)
}

async fn asker(server: &Server, token: &str) -> Client {
    let administrator = server.with(token);
    Staff::of_vendor("ann", "askers")
        .add(server, &administrator)
        .await
}

async fn checks(asker: &Client) -> Vec<Json> {
    let checks = asker.get("/v1/cases?workflow=check&limit=200").await.ok();
    checks["items"].as_array().expect("items").clone()
}

/// The checks, as soon as there are so many.
async fn all_checks(asker: &Client, number: usize) -> Vec<Json> {
    eventually("the children are there", async || {
        let checks = checks(asker).await;
        (checks.len() >= number).then_some(checks)
    })
    .await
}

async fn state(asker: &Client, case: &str, state: &str) {
    eventually("the case is where it should be", async || {
        (asker.case(case).await["state"] == state).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn children_are_opened_once_although_the_server_dies_and_move_their_parent_on() {
    let (site, token) = site();
    let mut server = site.serve();
    let ann = asker(&server, &token).await;
    let order = ann
        .open("order", json!({ "order": { "parts": PARTS } }))
        .await;
    // The order is answered; its children may or may not have been opened by now.
    server.signal(Signal::KILL);
    server.ends().await;

    let server = site.serve();
    let ann = ann.at(server.url());
    let children = all_checks(&ann, PARTS.len()).await;
    let parent = ann.case(&order).await["id"].clone();
    let mut parts = BTreeSet::new();
    for child in &children {
        let child = ann.case(child["id"].as_str().expect("an id")).await;
        assert_eq!(child["links"]["parent"], parent, "{child}");
        parts.insert(child["data"]["check"]["part"].to_string());
    }
    assert_eq!((children.len(), parts.len()), (PARTS.len(), PARTS.len()));
    for child in &children {
        let child = child["id"].as_str().expect("an id");
        ann.post(&format!("/v1/cases/{child}/actions/pass"), json!({}))
            .await
            .ok();
    }
    state(&ann, &order, "done").await;
    assert_eq!(checks(&ann).await.len(), PARTS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_that_ends_takes_its_children_with_it() {
    let (site, token) = site();
    let server = site.serve();
    let ann = asker(&server, &token).await;
    let order = ann
        .open("order", json!({ "order": { "parts": ["a", "b"] } }))
        .await;
    let children = all_checks(&ann, 2).await;
    let ids: Vec<&str> = children
        .iter()
        .map(|child| child["id"].as_str().expect("an id"))
        .collect();
    ann.post(&format!("/v1/cases/{}/actions/pass", ids[0]), json!({}))
        .await
        .ok();
    ann.post(&format!("/v1/cases/{order}/actions/cancel"), json!({}))
        .await
        .ok();
    state(&ann, ids[1], "dropped").await;
    state(&ann, ids[0], "passed").await;
}
