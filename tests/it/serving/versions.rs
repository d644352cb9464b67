//! Versions of a workflow over HTTP: one that leaves cases behind is refused, all cases of a version are moved and taken
//! back page by page, and what has changed is said in words.

use countersign_tests::{Client, Site};
use serde_json::{Value as Json, json};

use super::staff::Staff;

const SHARED: &str = r"
shared: 1
languages: [en]
roles:
  applicant: { title: { en: Applicant, zh: 申请人 }, is: starter }
  asker: { title: { en: Asker, zh: 提问人 }, group: askers }
";
const WISH: &str = r#"
workflow: wish
version: 1
number: "W-{seq:5}"
forms: { wish: { title: { en: Wish, zh: 愿望 }, fields: { what: { title: { en: What, zh: 内容 }, type: string } } } }
open: { who: asker, to: draft }
states:
  draft:
    title: { en: Draft, zh: 草稿 }
    edit: { applicant: [wish] }
    actions: { send: { title: { en: Send, zh: 发送 }, who: applicant, require: [wish], to: over } }
  over: { title: { en: Over, zh: 结束 }, end: success }
"#;

/// The second version: `draft` is called `start`, and a wish has a price, which some cases lack.
fn second(migrate: &str) -> String {
    WISH.replace("version: 1", "version: 2")
        .replace("  draft:", "  start:")
        .replace("to: draft", "to: start")
        .replace(
            "type: string } }",
            "type: string }, price?: { title: { en: Price, zh: 价格 }, type: money } }",
        )
        + migrate
}

async fn reload(ada: &Client) -> countersign_tests::Answer {
    ada.post("/v1/workflows/reload", json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn e215_a_version_that_leaves_cases_behind_is_refused() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/wish.yaml", WISH);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    site.write("workflows/wish.yaml", &second(""));
    let refused = reload(&ada).await.refused(422, "invalid");
    let finding = &refused["findings"][0];
    assert_eq!(finding["code"], "E215", "{refused}");
    assert_eq!(finding["file"], "wish.yaml");
    assert_eq!(finding["start"], json!({ "line": 3, "column": 10 }));
    let versions = ada.get("/v1/workflows/wish/versions").await.ok();
    assert_eq!(versions["items"].as_array().map(Vec::len), Some(1));
    site.write(
        "workflows/wish.yaml",
        &second("migrate: { 1: { stay: [draft] } }\n"),
    );
    let news = reload(&ada).await.ok();
    assert_eq!(news["workflows"], json!([{ "id": "wish", "version": 2 }]));
}

const PATH: &str = "/v1/workflows/wish/migrate";

fn body(more: &Json) -> Json {
    let mut body = json!({ "reason": "new rules", "from_version": 1, "limit": 3 });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

/// Of each case of a page: its number, the verdict, and whether it was moved.
fn verdicts(page: &Json) -> Vec<Json> {
    let items = page["items"].as_array().into_iter().flatten();
    items
        .map(|item| json!([item["number"], item["verdict"]["verdict"], item["moved"]]))
        .collect()
}

/// Four running cases and one that has ended, all of version 1, with version 2 published.
async fn five(site: &Site, ada: &Client, ann: &Client) -> Vec<String> {
    let mut cases = Vec::new();
    for what in ["A chair", "A lamp", "A desk", "A door", "A roof"] {
        cases.push(ann.open("wish", json!({ "wish": { "what": what } })).await);
    }
    ann.act(&cases[4], "send", json!({})).await.ok();
    let migrate = "migrate: { 1: { states: { draft: start } } }\n";
    site.write("workflows/wish.yaml", &second(migrate));
    reload(ada).await.ok();
    cases
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_50_all_cases_of_a_version_are_moved_and_taken_back() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/wish.yaml", WISH);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let ann = Staff::of_vendor("ann", "askers").add(&server, &ada).await;
    let olga = Staff::of_vendor("olga", "operators")
        .add(&server, &ada)
        .await;
    let cases = five(&site, &ada, &ann).await;

    ann.post(PATH, body(&json!({}))).await.refused(403, "who");
    let dry = body(&json!({ "dry_run": true }));
    let dry = olga.post(PATH, dry).await.ok();
    let safe = |number: &str, moved: bool| json!([number, "safe", moved]);
    let first = ["W-00001", "W-00002", "W-00003"];
    assert_eq!(verdicts(&dry), first.map(|number| safe(number, false)));
    let rest = body(&json!({ "dry_run": true, "cursor": dry["next_cursor"] }));
    let rest = olga.post(PATH, rest).await.ok();
    assert_eq!(verdicts(&rest), [safe("W-00004", false)]);
    assert_eq!(rest["next_cursor"], Json::Null);
    assert_eq!(ann.case(&cases[0]).await["version"], 1, "a dry run is dry");

    let moved = olga.post(PATH, body(&json!({}))).await.ok();
    assert_eq!(verdicts(&moved), first.map(|number| safe(number, true)));
    assert!(moved["items"][0]["receipt"]["hash"].is_string(), "{moved}");
    let rest = olga.post(PATH, body(&json!({}))).await.ok();
    assert_eq!(verdicts(&rest), [safe("W-00004", true)]);
    assert_eq!(ann.case(&cases[0]).await["state"], "start");
    assert_eq!(ann.case(&cases[4]).await["version"], 1, "it has ended");

    // One ends, one is edited: only of the others there is something to take back.
    ann.act(&cases[1], "send", json!({})).await.ok();
    let edited = json!({ "wish": { "what": "A better desk" } });
    let path = format!("/v1/cases/{}", cases[2]);
    ann.patch(&path, edited).await.ok();
    let back = body(&json!({ "undo": true, "limit": 200 }));
    let back = olga.post(PATH, back).await.ok();
    let items = back["items"].as_array().cloned().unwrap_or_default();
    let outcome = |item: &Json| json!([item["number"], item["moved"], item["problem"]["code"]]);
    let outcomes: Vec<Json> = items.iter().map(outcome).collect();
    let expected = [
        json!(["W-00001", true, null]),
        json!(["W-00004", true, null]),
    ];
    assert_eq!(outcomes, expected, "{back}");
    assert_eq!(ann.case(&cases[0]).await["version"], 1);
    assert_eq!(ann.case(&cases[2]).await["version"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_between_versions_is_said_in_words() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/wish.yaml", WISH);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let migrate = "migrate: { 1: { states: { draft: start } } }\n";
    site.write("workflows/wish.yaml", &second(migrate));
    reload(&ada).await.ok();
    let told = async |who: Client| {
        let page = who.get("/v1/workflows/wish/versions/1..2").await.ok();
        let items = page["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .map(|item| item["text"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<String>>()
    };
    assert_eq!(
        told(ada.clone()).await,
        [
            "The field “Price” of “Wish” is new. What it holds: an amount of money. Whether it must be filled in: no.",
            "The state “Draft”: its name in the file: now `start`; it was `draft`.",
        ]
    );
    assert_eq!(
        told(ada.clone().in_chinese()).await,
        [
            "新增“愿望”的字段“价格”。内容类型：金额。是否必填：否。",
            "状态“草稿”：文件中的名称由`draft`改为`start`。",
        ]
    );
    let nothing = ada.get("/v1/workflows/wish/versions/2..2").await.ok();
    assert_eq!(nothing, json!({ "items": [], "next_cursor": null }));
    ada.get("/v1/workflows/wish/versions/1..3")
        .await
        .refused(404, "not_found");
}
