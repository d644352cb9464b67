//! A real case is recorded beside the running server, and its story comes true again as a scenario.

use countersign_tests::{Site, eventually};
use serde_json::json;

use super::staff::Staff;

const SHARED: &str = r"
shared: 1
languages: [en]
timezone: Asia/Shanghai
lists:
  branches: { file: lists/branches.yaml, fields: { name: text } }
facts:
  person: { limit: money }
roles:
  applicant: { is: starter }
  clerk: { group: clerks }
";
const BRANCHES: &str = "- { id: harbour, name: Harbour }\n- { id: station, name: Station }\n";
const LOAN: &str = r#"
workflow: loan
version: 1
number: "L-{year}-{seq:5}"
rules:
  within_their_limit: { check: "loan.amount <= facts.person[actor.id].limit", else: Too much for you. }
forms:
  loan:
    fields:
      amount:  { type: money, minimum: 1 }
      twice:   { type: money, derived: loan.amount * 2 }
      account: { type: string, pattern: "^[0-9 ]{8,}$", private: [applicant, clerk] }
      branch:  { pick: branches }
      asked?:  { type: integer }
materials:
  proof: { accept: [pdf], optional: true }
open: { who: clerk, to: draft }
states:
  draft:
    edit: { applicant: [loan, proof] }
    actions:
      send:
        who: applicant
        require: [loan, replies]
        confirm: It is all true.
        do: [ { set: { loan.asked: "case.times('send')" } } ]
        to: review
  review:
    enter: [ { notify: please } ]
    review:
      by: clerk
      decisions:
        agree: { votes: 2, require: [within_their_limit], to: agreed }
        back:  { require: [comment], to: draft }
  agreed:
    timers: { pay: { after: 1 second, to: paid } }
  paid: { end: success }
messages:
  please: { to: reviewers, subject: "{{case.number}}", body: "{{loan.amount}}" }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_case_comes_true_again_and_tells_nothing_private() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/lists/branches.yaml", BRANCHES);
    site.write("workflows/loan.yaml", LOAN);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let ann = Staff::of_vendor("ann", "clerks").add(&server, &ada).await;
    let carl = Staff::of_vendor("carl", "clerks").add(&server, &ada).await;
    let dora = Staff::of_vendor("dora", "clerks").add(&server, &ada).await;
    for clerk in ["carl", "dora"] {
        let path = format!("/v1/facts/person/{clerk}");
        ada.put(&path, json!({ "limit": "1000" })).await.ok();
    }

    let loan = json!({ "amount": "700", "account": "6222 0000", "branch": "harbour" });
    let opened = json!({ "workflow": "loan", "data": { "loan": loan }, "action": { "id": "send", "confirm": true } });
    let opened = ann.post("/v1/cases", opened).await.created();
    let case = opened["case"]["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/cases/{case}");
    let back = json!({ "comments": [
        { "at": "loan.account", "text": "Is 6222 0000 right?" },
        { "text": "Seen before.", "internal": true },
        { "text": "And why?" },
    ] });
    carl.act(&case, "back", back).await.ok();
    let changed = json!({ "loan": { "account": "6222 0001", "branch": "station" } });
    ann.patch(&path, changed).await.ok();
    let comments = ann.case(&case).await["comments"].clone();
    let comments = comments.as_array().expect("comments").iter();
    let on_the_case = comments
        .filter(|comment| comment["at"].is_null())
        .find_map(|comment| comment["id"].as_str());
    let reply = format!("{path}/comments/{}/reply", on_the_case.expect("an id"));
    ann.post(&reply, json!({ "text": "For a boat." }))
        .await
        .ok();
    ann.act(&case, "send", json!({ "confirm": true }))
        .await
        .ok();
    dora.act(&case, "agree", json!({})).await.ok();
    carl.act(&case, "agree", json!({})).await.ok();
    eventually("it is paid", async || {
        (ann.case(&case).await["state"] == "paid").then_some(())
    })
    .await;

    let number = ann.case(&case).await["number"].clone();
    let number = number.as_str().expect("a number");
    let record = ["record", number, "--config", "countersign.toml"];
    let story = site.run(&record).well();
    assert!(!story.contains("6222"), "{story}");
    assert!(story.contains("state: paid, end: success"), "{story}");
    site.write("workflows/recorded.test.yaml", &story);
    let told = site.run(&["test", "workflows", "--coverage"]);
    assert_eq!(told.code, Some(0), "{story}\n{}", told.out);
    assert!(told.out.contains("4 of 4 actions"), "{}", told.out);

    let unknown = site.run(&["record", "L-1999-00001", "--config", "countersign.toml"]);
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
}

const ORDER: &str = r#"
workflow: order
version: 1
number: "O-{year}-{seq:5}"
roles:
  buyer: { is: starter }
  clerk: { group: clerks }
forms:
  order: { fields: { what: { type: string } } }
  shipment: { fields: { carrier: { type: string } } }
open: { who: clerk, to: review }
states:
  review:
    edit: { buyer: [order] }
    enter: [ { notify: please } ]
    review:
      by: clerk
      decisions:
        agree: { votes: 1, to: shipping }
  shipping:
    actions:
      shipped: { who: system, keep: true, require: [shipment], to: shipped }
  shipped: { end: success }
messages:
  please: { to: reviewers, subject: "{{case.number}}", body: "{{case.number}}" }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_of_a_substitute_and_a_signal_that_was_kept_come_true_again() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/lists/branches.yaml", BRANCHES);
    site.write("workflows/order.yaml", ORDER);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let ann = Staff::of_vendor("ann", "clerks").add(&server, &ada).await;
    let carl = Staff::of_vendor("carl", "clerks").add(&server, &ada).await;
    let zoe = Staff::of_vendor("zoe", "helpers").add(&server, &ada).await;
    let service = json!({ "service": "erp", "rights": ["signals"] });
    let service = ada.post("/v1/tokens", service).await.created();
    let erp = server.with(service["token"].as_str().expect("a token"));
    let away = json!({ "from": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z", "substitute": "zoe" });
    carl.post("/v1/me/away", away).await.ok();

    let opened = json!({ "workflow": "order", "data": { "order": { "what": "A chair" } } });
    let opened = ann.post("/v1/cases", opened).await.created();
    let case = opened["case"]["id"].as_str().expect("an id").to_owned();
    let early = json!({ "data": { "shipment": { "carrier": "Post" } } });
    let signal = format!("/v1/cases/{case}/signals/shipped");
    erp.post(&signal, early).await.ok();
    zoe.act(&case, "agree", json!({})).await.ok();

    let shown = ann.case(&case).await;
    assert_eq!(shown["state"], "shipped");
    let number = shown["number"].as_str().expect("a number");
    let record = ["record", number, "--config", "countersign.toml"];
    let story = site.run(&record).well();
    assert!(story.contains("substitute: zoe"), "{story}");
    assert!(story.contains("carrier: Post"), "{story}");
    site.write("workflows/recorded.test.yaml", &story);
    let told = site.run(&["test", "workflows"]);
    assert_eq!(told.code, Some(0), "{story}\n{}", told.out);
}

const CONTRACT: &str = r#"
workflow: contract
version: 1
number: "C-{year}-{seq:5}"
roles:
  buyer: { is: starter }
  lawyer: { group: lawyers }
  controller: { group: controllers }
forms:
  contract: { fields: { what: { type: string } } }
open: { who: buyer, require: [contract], to: review }
states:
  review:
    enter: [ { notify: please } ]
    review:
      panels:
        legal: { by: lawyer, votes: { approve: 2 } }
        money: { by: controller, votes: { approve: 2 } }
      decisions:
        approve: { to: approved }
        refuse: { panels: any, to: refused }
      otherwise: { to: refused }
  approved: { end: success }
  refused: { end: failure }
messages:
  please: { to: reviewers, subject: "{{case.number}}", body: "{{case.number}}" }
"#;

/// Both sit in both panels: a vote for one of them alone is told so, and one that counts in all names none.
#[tokio::test(flavor = "multi_thread")]
async fn votes_in_one_panel_of_two_come_true_again_as_such() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/lists/branches.yaml", BRANCHES);
    site.write("workflows/contract.yaml", CONTRACT);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let ann = Staff::of_vendor("ann", "buyers").add(&server, &ada).await;
    let carl = Staff::of_vendor("carl", "lawyers").add(&server, &ada).await;
    let dora = Staff::of_vendor("dora", "lawyers").add(&server, &ada).await;
    for both in ["carl", "dora"] {
        let member = format!("/v1/groups/controllers/members/{both}");
        ada.put(&member, json!({})).await.ok();
    }

    let opened = json!({ "workflow": "contract", "data": { "contract": { "what": "A roof" } } });
    let opened = ann.post("/v1/cases", opened).await.created();
    let case = opened["case"]["id"].as_str().expect("an id").to_owned();
    carl.act(&case, "approve", json!({ "panel": "money" }))
        .await
        .ok();
    let of_dora = dora.act(&case, "approve", json!({})).await.ok();
    assert_eq!(
        of_dora["case"]["state"], "review",
        "legal wants another vote"
    );
    carl.act(&case, "approve", json!({ "panel": "legal" }))
        .await
        .ok();

    let shown = ann.case(&case).await;
    assert_eq!(shown["state"], "approved");
    let number = shown["number"].as_str().expect("a number");
    let record = ["record", number, "--config", "countersign.toml"];
    let story = site.run(&record).well();
    let panels: Vec<&str> = story
        .lines()
        .filter_map(|line| line.trim().strip_prefix("panel: "))
        .collect();
    assert_eq!(panels, ["money", "legal"], "{story}");
    assert_eq!(story.matches(": approve\n").count(), 3, "{story}");
    site.write("workflows/recorded.test.yaml", &story);
    let told = site.run(&["test", "workflows"]);
    assert_eq!(told.code, Some(0), "{story}\n{}", told.out);
    // Each vote is needed where it was cast: in both panels, carl's first would have decided it with dora's.
    let anywhere: Vec<&str> = story
        .lines()
        .filter(|line| !line.trim().starts_with("panel: "))
        .collect();
    let anywhere = format!("{}\n", anywhere.join("\n"));
    site.write("workflows/recorded.test.yaml", &anywhere);
    let told = site.run(&["test", "workflows"]);
    assert_eq!(told.code, Some(1), "{}", told.out);
}
