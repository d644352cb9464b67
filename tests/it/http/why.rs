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
    let asked = &why["conditions"][4]["message"];
    assert_eq!(asked, "You fill in “Evaluation result” with it.");

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
    let waits = rule["message"].as_str().expect("a text");
    assert!(
        waits.starts_with("Judged once this is filled in: "),
        "{rule}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_nobodys_way_is_told_in_words_and_each_value_once() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let payment = json!({ "payment": { "quarter": "2026q3" } });
    let application = json!({ "application": { "programme": "Growth", "ceiling": "50000" } });
    let tied = pat.open("incentive_application", application).await;
    pat.act(&tied, "submit", json!({})).await.ok();
    product
        .as_("ivy")
        .act(&tied, "approve", json!({}))
        .await
        .ok();
    let body =
        json!({ "workflow": "incentive_payment", "data": payment, "links": { "incentive": tied } });
    let opened = pat.post("/v1/cases", body).await.created();
    let case = opened["case"]["number"].as_str().expect("a number");
    for (as_, met) in [
        (pat.clone(), "“Quarter” is as required."),
        (pat.clone().in_chinese(), "“季度”符合要求。"),
    ] {
        let why = as_
            .get(&format!("/v1/cases/{case}/why?action=next"))
            .await
            .ok();
        let conditions = why["conditions"].as_array().expect("conditions");
        let said: Vec<&str> = conditions
            .iter()
            .filter_map(|condition| condition["message"].as_str())
            .collect();
        assert!(said.contains(&met), "{said:#?}");
        for condition in conditions {
            let message = condition["message"].as_str().expect("a text");
            assert_ne!(message, condition["word"], "an id is no sentence");
            let values = condition["values"].as_array().into_iter().flatten();
            let mut places: Vec<&str> = values.filter_map(|value| value["at"].as_str()).collect();
            let told = places.len();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), told, "{condition}");
        }
    }
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
