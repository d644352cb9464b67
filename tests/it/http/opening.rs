//! `POST /v1/cases`: an action with it, and opening for somebody else.

use countersign_tests::Product;
use serde_json::{Value as Json, json};

use super::contract::Contract;

#[tokio::test(flavor = "multi_thread")]
async fn a_case_and_its_first_action_are_one_transaction() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let cases = async || {
        let list = pat.get("/v1/cases?workflow=deal_registration&mine=true&limit=200");
        list.await.ok()["items"].as_array().expect("items").len()
    };
    let before = cases().await;
    let half = json!({ "workflow": "deal_registration", "action": "submit",
        "data": { "deal": { "customer": "Northwind" } } });
    let missing = pat.post("/v1/cases", half).await.missing();
    assert_eq!(missing, ["deal"]);
    assert_eq!(cases().await, before, "all or nothing");
    let whole = json!({ "workflow": "deal_registration", "action": { "id": "submit" },
        "data": { "deal": { "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" } } });
    let opened = pat.post("/v1/cases", whole).await.created();
    assert_eq!(opened["case"]["state"], "review");
    assert_eq!(cases().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_opens_for_somebody_where_the_workflow_lets_it_and_nobody_else_does() {
    let product = Product::start().await;
    let (pat, erp) = (product.as_("pat"), product.as_("erp"));
    let for_ = |whom: &str| {
        json!({ "workflow": "customer_binding", "on_behalf_of": whom,
            "data": { "binding": { "platform_user": "u-1" } } })
    };
    let opened = erp.post("/v1/cases", for_("pat")).await.created();
    let case = opened["case"].clone();
    assert_eq!(
        (&case["opened_by"], &case["partner"]),
        (&json!("pat"), &json!("acme"))
    );
    let number = case["number"].as_str().expect("a number");
    assert_eq!(pat.case(number).await["state"], "waiting");
    let paul = product.as_("paul").post("/v1/cases", for_("pat")).await;
    assert_eq!(paul.status, 403, "{}", paul.text());
    let nobody = erp.post("/v1/cases", for_("nobody")).await;
    assert!(nobody.status.is_client_error(), "{}", nobody.text());
    let deal = json!({ "workflow": "deal_registration", "on_behalf_of": "pat", "data": {} });
    erp.post("/v1/cases", deal).await.refused(403, "who");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_a_case_finds_what_its_fields_can_pick() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let form = "/v1/workflows/incentive_payment/forms/payment";
    let schema = pat.get(form).await.ok();
    let list = schema["properties"]["quarter"]["x-list"].as_str();
    assert_eq!(list, Some("quarters"), "{schema}");
    let path = "/v1/workflows/incentive_payment/lists/quarters";
    let answer = pat.get(path).await;
    Contract::load().hold("get", "/v1/workflows/{workflow}/lists/{list}", &answer);
    let entries = answer.ok();
    let quarter = &entries["items"][1];
    assert_eq!(
        (&quarter["id"], &quarter["name"]),
        (&json!("2026q3"), &json!("2026 Q3"))
    );

    let of_sow = "/v1/workflows/sow_evaluation/lists/cloud_services";
    let name = |entries: Json| entries["items"][0]["name"].clone();
    let (en, zh) = (
        pat.get(of_sow).await.ok(),
        pat.clone().in_chinese().get(of_sow).await.ok(),
    );
    assert!(name(en) != name(zh), "in the caller's language");
    for other in ["quarters", "nothing", "No list"] {
        let path = format!("/v1/workflows/sow_evaluation/lists/{other}");
        pat.get(&path).await.refused(404, "not_found");
    }
}
