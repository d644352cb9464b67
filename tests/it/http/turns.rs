//! `POST /v1/cases/{case}/delegate`, `/reassign`, `/claim`, `/release`: turns change hands over HTTP. The rules are the
//! core's, and tested there.

use countersign_tests::{Client, Product};
use serde_json::json;

use super::contract::Contract;

async fn submitted(pat: &Client) -> String {
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    case
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_is_delegated_and_reassigned_and_decided_by_who_got_it() {
    let product = Product::start().await;
    let (pat, rita, amy) = (product.as_("pat"), product.as_("rita"), product.as_("amy"));
    let rejection = json!({ "comment": "Not this year." });
    let case = submitted(&pat).await;
    let delegate = format!("/v1/cases/{case}/delegate");
    let handed = json!({ "to": "amy", "reason": "You know them." });
    pat.post(&delegate, handed.clone())
        .await
        .refused(403, "who");
    let answer = rita.post(&delegate, handed).await;
    Contract::load().hold("post", "/v1/cases/{case}/delegate", &answer);
    answer.ok();
    let decided = amy.act(&case, "reject", rejection.clone()).await.ok();
    assert_eq!(decided["case"]["state"], "rejected");

    let case = submitted(&pat).await;
    let reassign = format!("/v1/cases/{case}/reassign");
    let handed = json!({ "from": "lena", "to": "amy", "reason": "Lena is ill." });
    rita.post(&reassign, handed.clone())
        .await
        .refused(403, "who");
    let otto = product.as_("otto");
    let silent = json!({ "from": "lena", "to": "amy", "reason": "" });
    otto.post(&reassign, silent).await.refused(422, "invalid");
    otto.post(&reassign, handed).await.ok();
    amy.act(&case, "reject", rejection).await.ok();
    let history = otto.get(&format!("/v1/cases/{case}/history")).await.ok();
    let told = history["items"].as_array().expect("items");
    assert!(
        told.iter().any(|entry| entry["what"] == "reassigned"),
        "{history}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_state_does_not_let_anybody_claim_is_not_claimed() {
    let product = Product::start().await;
    let case = submitted(&product.as_("pat")).await;
    let rita = product.as_("rita");
    for turn in ["claim", "release"] {
        let path = format!("/v1/cases/{case}/{turn}");
        rita.post(&path, json!({})).await.refused(409, "not_here");
        let stranger = product.as_("nina").post(&path, json!({})).await;
        stranger.refused(404, "not_found");
    }
    let unknown = json!({ "to": "amy", "colour": "red" });
    let path = format!("/v1/cases/{case}/delegate");
    rita.post(&path, unknown)
        .await
        .refused(400, "unknown_member");
}
