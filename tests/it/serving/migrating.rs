//! A running case is moved to a newer version over HTTP: first dry, then for good, and back while nothing has followed.

use countersign_tests::Site;
use rustix::process::Signal;
use serde_json::json;

use super::staff::Staff;

const SHARED: &str = r"
shared: 1
languages: [en]
roles:
  applicant: { is: starter }
  asker: { group: askers }
";
const WISH: &str = r#"
workflow: wish
version: 1
number: "W-{seq:5}"
forms: { wish: { fields: { what: { type: string } } } }
open: { who: asker, to: draft }
states:
  draft:
    edit: { applicant: [wish] }
    actions: { send: { who: applicant, require: [wish], to: over } }
  over: { end: success }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn rule_50_an_operator_moves_a_case_to_a_newer_version_and_back() {
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
    let case = ann
        .open("wish", json!({ "wish": { "what": "A chair" } }))
        .await;

    let second = WISH
        .replace("version: 1", "version: 2")
        .replace("draft", "start")
        + "migrate: { 1: { states: { draft: start } } }\n";
    site.write("workflows/wish.yaml", &second);
    server.signal(Signal::HUP);
    server.logs("published again", 0).await;

    let path = format!("/v1/cases/{case}/migrate");
    let dry = json!({ "reason": "new rules", "dry_run": true });
    let verdict = olga.post(&path, dry).await.ok();
    let expected = json!({ "verdict": "safe", "to_version": 2, "from": "draft", "to": "start", "reasons": [] });
    assert_eq!(verdict, expected);
    assert_eq!(ann.case(&case).await["version"], 1, "a dry run is dry");

    let go = json!({ "reason": "new rules" });
    ann.post(&path, go.clone()).await.refused(403, "who");
    let blank = json!({ "reason": " " });
    olga.post(&path, blank).await.refused(422, "invalid");
    let moved = olga.post(&path, go.clone()).await.ok();
    assert_eq!(moved["case"]["version"], 2, "{moved}");
    assert_eq!(moved["case"]["state"], "start");
    let again = olga.post(&path, go.clone()).await;
    again.refused(422, "refused");

    let undo = json!({ "reason": "too early", "undo": true });
    let back = olga.post(&path, undo.clone()).await.ok();
    assert_eq!(back["case"]["version"], 1, "{back}");
    assert_eq!(back["case"]["state"], "draft");
    olga.post(&path, go).await.ok();
    let sent = ann.act(&case, "send", json!({})).await.ok();
    assert_eq!(sent["case"]["state"], "over");
    let refused = olga.post(&path, undo).await.refused(409, "not_here");
    let why = refused["detail"].as_str().expect("a reason");
    assert!(why.contains("while nothing has followed"), "{why}");
}
