//! `GET /v1/cases/{case}/why`: every condition of an action, how it stands, what it rests on and who can.

use countersign_tests::Product;
use serde_json::{Value as Json, json};

use super::contract::Contract;

/// The conditions as `word status`.
fn standing(why: &Json) -> Vec<String> {
    let conditions = why["conditions"].as_array().expect("conditions");
    let told = conditions.iter().map(|condition| {
        let word = |of: &str| condition[of].as_str().expect("a word").to_owned();
        format!("{} {}", word("word"), word("status"))
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_condition_is_told_and_not_only_the_first() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let contract = Contract::load();
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    let path = format!("/v1/cases/{case}/why");
    pat.act(&case, "submit", json!({})).await.ok();

    let why = rita.get(&format!("{path}?action=approve")).await;
    contract.hold("get", "/v1/cases/{case}/why", &why);
    let why = why.ok();
    assert_eq!(why["allowed"], true, "{why}");
    assert_eq!(
        standing(&why),
        [
            "state met",
            "who met",
            "except met",
            "vote met",
            "evaluation asked"
        ]
    );
    assert_eq!(why["who_can"], json!(["lena", "omar", "rita"]));

    let why = pat.get(&format!("{path}?action=approve")).await.ok();
    assert_eq!(why["allowed"], false);
    assert!(standing(&why).contains(&"who unmet".to_owned()), "{why}");
    assert_eq!(why.get("who_can"), None, "reviewers have no names here");

    // A colleague's turn is over, and a comment with it is asked for.
    let why = pat.clone().in_chinese();
    let why = why.get(&format!("{path}?action=resubmit")).await.ok();
    assert_eq!(standing(&why)[0], "state unmet");
    assert_eq!(why["state_title"], "待修改");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_told_with_what_it_read_and_where_it_stands() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat.open("sow_evaluation", json!({ "sow": {} })).await;
    let path = format!("/v1/cases/{case}/why?action=submit");
    let why = pat.get(&path).await.ok();
    assert_eq!(why["allowed"], false);
    let conditions = why["conditions"].as_array().expect("conditions");
    let rule = conditions
        .iter()
        .find(|condition| condition.get("expression").is_some())
        .expect("a rule with its expression");
    assert!(rule["line"].as_u64() > Some(1), "{rule}");
    assert!(!rule["message"].as_str().expect("a text").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_ask_for_others_and_nobody_else_does() {
    let product = Product::start().await;
    let (pat, rita, otto) = (product.as_("pat"), product.as_("rita"), product.as_("otto"));
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let path = format!("/v1/cases/{case}/why?action=approve&as=");
    let why = otto.get(&format!("{path}omar")).await.ok();
    assert_eq!(why["allowed"], true);
    let why = otto.get(&format!("{path}pat")).await.ok();
    assert_eq!(why["allowed"], false);
    rita.get(&format!("{path}rita")).await.ok();
    rita.get(&format!("{path}omar")).await.refused(403, "who");
    otto.get(&format!("{path}nobody"))
        .await
        .refused(404, "not_found");
    otto.get(&format!("{path}nina"))
        .await
        .refused(404, "not_found");
    let unknown = format!("/v1/cases/{case}/why?action=aprove");
    let problem = rita.get(&unknown).await.refused(404, "unknown_action");
    assert!(
        problem["detail"]
            .as_str()
            .expect("a text")
            .contains("approve")
    );
}
