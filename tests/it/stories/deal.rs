//! Deal registration: draft, correction, rejection, two reviewers, acceptance, and who may not.

use countersign_tests::{Product, files};
use serde_json::{Value as Json, json};

fn deal(amount: &str) -> Json {
    json!({ "deal": { "customer": "Northwind", "amount": amount, "close_date": "2026-12-20" } })
}

fn evaluation() -> Json {
    json!({ "data": { "evaluation": { "grade": "A", "summary": "Strong case" } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_filled_draft_is_kept_and_its_submission_names_the_fields() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat
        .open("deal_registration", json!({ "deal": { "customer": "N" } }))
        .await;
    let saved = pat
        .patch(
            &format!("/v1/cases/{case}"),
            json!({ "deal": { "amount": 5 } }),
        )
        .await
        .ok();
    assert_eq!(saved["case"]["data"]["deal"]["amount"], "5.00");
    assert_eq!(
        saved["case"]["data"]["deal"]["customer"], "N",
        "too short, and kept all the same"
    );

    let problem = pat
        .act(&case, "submit", json!({}))
        .await
        .refused(422, "refused");
    let places: Vec<&str> = problem["missing"]
        .as_array()
        .expect("missing")
        .iter()
        .filter_map(|missing| missing["at"].as_str())
        .collect();
    assert_eq!(places, ["deal.customer", "deal.close_date"]);
    assert!(
        problem["missing"]
            .as_array()
            .expect("missing")
            .iter()
            .all(|missing| missing["name"] == "deal")
    );

    let chinese = pat
        .clone()
        .in_chinese()
        .act(&case, "submit", json!({}))
        .await
        .refused(422, "refused");
    let message = chinese["missing"][1]["message"]
        .as_str()
        .expect("a message");
    assert!(message.contains("预计签约日期"), "{message}");
    assert_eq!(pat.case(&case).await["state"], "draft");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_requested_answered_and_submitted_again() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let case = pat.open("deal_registration", deal("300000")).await;
    let submitted = pat.act(&case, "submit", json!({})).await.ok();
    assert_eq!(
        (&submitted["case"]["state"], &submitted["case"]["round"]),
        (&json!("review"), &json!(1))
    );

    let comment = json!({ "comments": [{ "at": "deal.amount", "text": "Please add the tax." }] });
    let returned = rita.act(&case, "request_changes", comment).await.ok();
    assert_eq!(returned["case"]["state"], "changes_requested");
    assert_eq!(
        pat.act(&case, "resubmit", json!({})).await.missing(),
        ["replies"]
    );

    pat.patch(
        &format!("/v1/cases/{case}"),
        json!({ "deal": { "amount": "330000.00" } }),
    )
    .await
    .ok();
    let comment = pat.case(&case).await["comments"][0].clone();
    assert_eq!(
        (&comment["at"], &comment["open"]),
        (&json!("deal.amount"), &json!(true))
    );
    let id = comment["id"].as_str().expect("an id");
    pat.post(
        &format!("/v1/cases/{case}/comments/{id}/reply"),
        json!({ "text": "Tax added." }),
    )
    .await
    .ok();
    let again = pat.act(&case, "resubmit", json!({})).await.ok();
    assert_eq!(
        (&again["case"]["state"], &again["case"]["round"]),
        (&json!("review"), &json!(2))
    );
    assert_eq!(
        again["case"]["comments"][0]["open"], false,
        "answered comments close at the next submission"
    );

    let history = pat.get(&format!("/v1/cases/{case}/history")).await.ok();
    let entries = history["items"].as_array().expect("items");
    let rounds: Vec<_> = entries
        .iter()
        .filter(|entry| entry["what"] == "action")
        .map(|entry| &entry["round"])
        .collect();
    assert_eq!(rounds, [1, 2], "submit and resubmit");
    let change = entries
        .iter()
        .flat_map(|entry| entry["changes"].as_array().cloned().unwrap_or_default())
        .find(|change| change["at"] == "deal.amount" && change["was"] == "300000.00")
        .expect("the change of the amount is in the history");
    assert_eq!(change["now"], "330000.00");
    for (before, after) in entries.iter().zip(&entries[1..]) {
        assert_eq!(after["previous"], before["hash"], "the chain is unbroken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_needs_a_reason_and_may_be_followed_by_another_round() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let case = pat.open("deal_registration", deal("5")).await;
    pat.act(&case, "submit", json!({})).await.ok();
    assert_eq!(
        rita.act(&case, "reject", json!({})).await.missing(),
        ["comment"]
    );
    let internal = json!({ "comments": [{ "text": "between us", "internal": true }] });
    assert_eq!(
        rita.act(&case, "reject", internal).await.missing(),
        ["comment"]
    );

    let rejected = rita
        .act(&case, "reject", json!({ "comment": "Too small." }))
        .await
        .ok();
    assert_eq!(
        rejected["case"]["state"], "rejected",
        "return is not reject"
    );
    pat.patch(
        &format!("/v1/cases/{case}"),
        json!({ "deal": { "amount": "50000" } }),
    )
    .await
    .ok();
    let again = pat.act(&case, "resubmit", json!({})).await.ok();
    assert_eq!(
        (&again["case"]["state"], &again["case"]["round"]),
        (&json!("review"), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_deal_needs_two_different_reviewers() {
    let product = Product::start().await;
    let (pat, rita, omar) = (product.as_("pat"), product.as_("rita"), product.as_("omar"));
    let case = pat.open("deal_registration", deal("2000000")).await;
    pat.act(&case, "submit", json!({})).await.ok();
    assert_eq!(
        rita.act(&case, "approve", json!({})).await.missing(),
        ["evaluation"]
    );

    let first = rita.act(&case, "approve", evaluation()).await.ok();
    assert_eq!(first["case"]["state"], "review");
    assert_eq!(
        first["case"]["review"]["votes"]["approve"],
        json!({ "have": 1, "need": 2 })
    );
    assert_eq!(first["case"]["review"]["mine"], "approve");
    rita.act(&case, "approve", evaluation())
        .await
        .refused(409, "voted");
    let partner = pat.case(&case).await;
    assert!(
        partner["review"].get("may_vote").is_none(),
        "the partner's side does not see who votes"
    );

    let back = rita
        .delete(&format!("/v1/cases/{case}/actions/approve"))
        .await
        .ok();
    assert_eq!(back["case"]["review"]["votes"]["approve"]["have"], 0);
    rita.act(&case, "approve", evaluation()).await.ok();
    let second = omar.act(&case, "approve", evaluation()).await.ok();
    assert_eq!(second["case"]["state"], "approved.result_ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_else_gets_the_right_refusal() {
    let product = Product::start().await;
    let (pat, paul, nina, amy) = (
        product.as_("pat"),
        product.as_("paul"),
        product.as_("nina"),
        product.as_("amy"),
    );
    let case = pat.open("deal_registration", deal("5")).await;
    pat.act(&case, "submit", json!({})).await.ok();

    pat.act(&case, "approve", evaluation())
        .await
        .refused(403, "who");
    paul.act(&case, "approve", evaluation())
        .await
        .refused(403, "who");
    let foreign = nina.act(&case, "approve", evaluation()).await;
    let nowhere = nina.act("DR-2026-99999", "approve", evaluation()).await;
    assert_eq!(
        foreign.bytes, nowhere.bytes,
        "a foreign case and none look the same"
    );
    foreign.refused(404, "not_found");
    amy.get(&format!("/v1/cases/{case}"))
        .await
        .refused(404, "not_found");
    product
        .nobody()
        .get(&format!("/v1/cases/{case}"))
        .await
        .refused(401, "unauthenticated");

    assert_eq!(
        paul.case(&case).await["state"],
        "review",
        "colleagues see the case"
    );
    let unknown = pat
        .act(&case, "sumbit", json!({}))
        .await
        .refused(404, "unknown_action");
    assert_eq!(unknown["nearest"], "submit");
    let late = pat
        .act(&case, "submit", json!({}))
        .await
        .refused(409, "not_here");
    assert_eq!(late["state"], "review");
    assert_eq!(late["last"]["what"], "submit");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_approval_the_partner_sees_the_result_and_somebody_new_accepts() {
    let product = Product::start().await;
    let (pat, omar, amy) = (product.as_("pat"), product.as_("omar"), product.as_("amy"));
    let case = pat.open("deal_registration", deal("300000")).await;
    pat.act(&case, "submit", json!({})).await.ok();
    assert!(pat.case(&case).await["data"].get("evaluation").is_none());
    omar.act(&case, "approve", evaluation()).await.ok();
    let approved = pat.case(&case).await;
    assert_eq!(approved["data"]["evaluation"]["grade"], "A");

    let delivery = json!({ "delivery": { "delivered_on": "2026-11-23", "statement": "Done" } });
    pat.patch(&format!("/v1/cases/{case}"), delivery).await.ok();
    assert_eq!(
        pat.act(&case, "apply_for_acceptance", json!({}))
            .await
            .missing(),
        ["acceptance_report"]
    );

    pat.upload(&case, "acceptance_report", "report.pdf", files::pdf())
        .await
        .ok();
    let applied = pat.act(&case, "apply_for_acceptance", json!({})).await.ok();
    assert_eq!(applied["case"]["state"], "approved.acceptance");

    omar.act(&case, "accept", json!({}))
        .await
        .refused(403, "except");
    let accepted = amy.act(&case, "accept", json!({})).await.ok();
    assert_eq!(
        (&accepted["case"]["state"], &accepted["case"]["end"]),
        (&json!("approved.accepted"), &json!("success"))
    );
    assert_eq!(accepted["case"]["lifecycle"], "ended");
}
