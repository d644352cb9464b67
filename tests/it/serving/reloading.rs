//! SIGHUP: a changed folder is published without a restart; running cases keep what they began with, and a broken
//! folder changes nothing.

use countersign_tests::{Answer, Client, Site};
use reqwest::Method;
use rustix::process::Signal;
use serde_json::{Value as Json, json};

use super::staff::Staff;

const SHARED: &str = r"
shared: 1
languages: [en, zh]
timezone: Asia/Shanghai
lists:
  services: { file: lists/services.yaml, fields: { name: text } }
roles:
  applicant: { title: { en: Applicant, zh: 申请人 }, is: starter }
  asker: { title: { en: Asker, zh: 提问人 }, group: askers }
";
const WISH: &str = r#"
workflow: wish
version: 1
number: "W-{seq:5}"
title: { en: Wish, zh: 愿望 }
forms:
  wish:
    title: { en: Wish, zh: 愿望 }
    fields:
      service: { title: { en: Service, zh: 服务 }, pick: services }
open: { who: asker, to: draft }
states:
  draft:
    title: { en: Draft, zh: 草稿 }
    edit: { applicant: [wish] }
    actions:
      send: { title: { en: Send, zh: 发送 }, who: applicant, require: [wish], to: over }
  over: { title: { en: Over, zh: 结束 }, end: success }
"#;

fn services(name: &str) -> String {
    format!("- {{ id: ecs, name: {name} }}\n")
}

async fn picked(ann: &Client, case: &str) -> Json {
    ann.case(case).await["data"]["wish"]["service"]["name"].clone()
}

async fn open(ann: &Client) -> String {
    ann.open("wish", json!({ "wish": { "service": "ecs" } }))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_folder_is_published_and_old_cases_keep_what_they_began_with() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write(
        "workflows/lists/services.yaml",
        &services("Elastic servers"),
    );
    site.write("workflows/wish.yaml", WISH);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let ann = Staff::of_vendor("ann", "askers").add(&server, &ada).await;
    let old = open(&ann).await;

    site.write(
        "workflows/lists/services.yaml",
        &services("Flexible servers"),
    );
    server.signal(Signal::HUP);
    let told = server.logs("published again", 0).await;
    assert_eq!(
        (&told["workflows"], &told["lists"]),
        (&json!(0), &json!(1)),
        "{told}"
    );
    assert_eq!(picked(&ann, &open(&ann).await).await, "Flexible servers");
    assert_eq!(picked(&ann, &old).await, "Elastic servers");
    ann.act(&old, "send", json!({})).await.ok();
    assert_eq!(picked(&ann, &old).await, "Elastic servers");

    let running = open(&ann).await;
    let second = WISH
        .replace("version: 1", "version: 2")
        .replace("to: over }", "to: sent }");
    let second = second.replace("  over: {", "  sent: {");
    site.write("workflows/wish.yaml", &second);
    server.signal(Signal::HUP);
    let told = server.logs("published again", 1).await;
    assert_eq!(
        (&told["workflows"], &told["lists"]),
        (&json!(1), &json!(0)),
        "{told}"
    );
    let new = open(&ann).await;
    for (case, version, state) in [(&running, 1, "over"), (&new, 2, "sent")] {
        assert_eq!(ann.case(case).await["version"], version);
        let sent = ann.act(case, "send", json!({})).await.ok();
        assert_eq!(sent["case"]["state"], state);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_reload_is_answered_as_the_first_whatever_the_folder_has_become() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/lists/services.yaml", &services("Servers"));
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let reload = async |key: &str| {
        let request = ada.request(Method::POST, "/v1/workflows/reload");
        Answer::of(request.header("idempotency-key", key).json(&json!({}))).await
    };
    site.write("workflows/wish.yaml", WISH);
    let first = reload("once").await.ok();
    assert_eq!(first["workflows"], json!([{ "id": "wish", "version": 1 }]));
    site.write("workflows/wish.yaml", "workflow: broken\n");
    reload("twice").await.refused(422, "invalid");
    let again = reload("once").await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.ok(), first);
    site.write("workflows/wish.yaml", WISH);
    let nothing = reload("twice").await.ok();
    assert_eq!(
        nothing["workflows"],
        json!([]),
        "a refusal left the key free"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_wrong_changes_nothing_and_is_told_with_its_place() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write(
        "workflows/lists/services.yaml",
        &services("Elastic servers"),
    );
    site.write("workflows/wish.yaml", WISH);
    let token = site.add_administrator("ada");
    let mut server = site.serve();
    let ada = server.with(&token);
    let ann = Staff::of_vendor("ann", "askers").add(&server, &ada).await;

    let wrong = [
        // A word that is none, after Chinese text, in a version that is new; and a list beside it that has changed.
        (
            WISH.replace("version: 1", "version: 2")
                .replace("zh: 草稿 }", "zh: 草稿 }\n    aktions: {}"),
            "wish.yaml:15:5",
        ),
        // Other content under a version that cases rest on.
        (WISH.replace("en: Wish,", "en: Desire,"), "raise `version`"),
    ];
    for (seen, (text, told)) in wrong.iter().enumerate() {
        site.write(
            "workflows/lists/services.yaml",
            &services("Flexible servers"),
        );
        site.write("workflows/wish.yaml", text);
        server.signal(Signal::HUP);
        let entry = server.logs("nothing was published", seen).await;
        assert_eq!(entry["level"], "ERROR");
        let message = entry["message"].as_str().expect("a message");
        assert!(message.contains(told), "{message}");
        let case = open(&ann).await;
        assert_eq!(picked(&ann, &case).await, "Elastic servers");
        assert_eq!(ann.case(&case).await["version"], 1);
    }
    server.stop().await;
}
