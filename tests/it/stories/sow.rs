//! SOW evaluation: service counts, materials, and an agreement that lapses; each refusal with have and need.

use countersign_tests::{Product, files};
use serde_json::{Value as Json, json};

fn sow(services: &[&str]) -> Json {
    json!({ "sow": { "project": "Smart port", "services": services } })
}

async fn agree(product: &Product, case: &str, person_days: u32) {
    let wei = product.as_("wei");
    wei.patch(
        &format!("/v1/cases/{case}"),
        json!({ "workload": { "person_days": person_days } }),
    )
    .await
    .ok();
    wei.act(case, "agree_workload", json!({})).await.ok();
}

/// A case with these services, all materials, and an agreed workload.
async fn complete(product: &Product, services: &[&str]) -> String {
    let pat = product.as_("pat");
    let case = pat.open("sow_evaluation", sow(services)).await;
    pat.upload(&case, "solution_plan", "plan.pdf", files::pdf())
        .await
        .ok();
    pat.upload(&case, "self_check", "check.xlsx", files::xlsx())
        .await
        .ok();
    pat.upload(&case, "expert_feedback", "feedback.docx", files::docx())
        .await
        .ok();
    agree(product, &case, 40).await;
    case
}

async fn refusal(product: &Product, services: &[&str]) -> Vec<String> {
    let case = complete(product, services).await;
    product
        .as_("pat")
        .act(&case, "submit", json!({}))
        .await
        .missing()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_advanced_and_one_key_with_all_materials_pass() {
    let product = Product::start().await;
    let case = complete(&product, &["gaussdb", "cce", "dli"]).await;
    let submitted = product
        .as_("pat")
        .act(&case, "submit", json!({}))
        .await
        .ok();
    assert_eq!(submitted["case"]["state"], "evaluation.expert_review");
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_below_the_boundary_are_refused() {
    let product = Product::start().await;
    assert_eq!(
        refusal(&product, &["gaussdb", "cce"]).await,
        ["enough_advanced_services"],
        "2 + 1"
    );
    assert_eq!(
        refusal(&product, &["cce", "dli", "dws"]).await,
        ["a_key_service"],
        "3 + 0"
    );
    assert_eq!(
        refusal(&product, &["ecs", "obs"]).await,
        ["a_key_service", "enough_advanced_services"]
    );
    let twice = ["gaussdb", "gaussdb", "cce", "cce"];
    assert_eq!(
        refusal(&product, &twice).await,
        ["enough_advanced_services", "sow"],
        "four entries of two services"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn all_reasons_come_at_once_with_have_and_need() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat.open("sow_evaluation", sow(&["gaussdb", "ecs"])).await;
    pat.upload(&case, "solution_plan", "plan.pdf", files::pdf())
        .await
        .ok();
    let problem = pat
        .act(&case, "submit", json!({}))
        .await
        .refused(422, "refused");
    let missing = problem["missing"].as_array().expect("missing");
    let names: Vec<_> = missing
        .iter()
        .map(|missing| missing["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(
        names,
        [
            "agree_workload",
            "enough_advanced_services",
            "self_check",
            "expert_feedback"
        ],
        "in the order written"
    );
    let counts = missing
        .iter()
        .find(|missing| missing["name"] == "enough_advanced_services")
        .expect("the rule");
    assert_eq!(
        counts["message"],
        "Choose at least 3 advanced cloud services; you have 1."
    );
    assert_eq!(counts["at"], "sow.services");
    let chinese = pat
        .clone()
        .in_chinese()
        .act(&case, "submit", json!({}))
        .await
        .refused(422, "refused");
    assert_eq!(
        chinese["missing"][1]["message"],
        "更高阶云服务至少 3 个，当前 1 个。"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_service_is_counted_too() {
    let product = Product::start().await;
    let case = complete(&product, &["cce", "dli", "dws"]).await;
    let problem = product
        .as_("pat")
        .act(&case, "submit", json!({}))
        .await
        .refused(422, "refused");
    assert_eq!(
        problem["missing"],
        json!([{
            "name": "a_key_service",
            "message": "Choose at least 1 key cloud service; you have 0.",
            "at": "sow.services",
        }])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_missing_material_is_named() {
    let product = Product::start().await;
    let case = complete(&product, &["gaussdb", "cce", "dli"]).await;
    let pat = product.as_("pat");
    let file = pat.case(&case).await["materials"]["self_check"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    pat.delete(&format!("/v1/cases/{case}/materials/self_check/{file}"))
        .await
        .ok();
    assert_eq!(
        pat.act(&case, "submit", json!({})).await.missing(),
        ["self_check"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agreement_lapses_when_it_is_withdrawn_or_the_workload_changes() {
    let product = Product::start().await;
    let case = complete(&product, &["gaussdb", "cce", "dli"]).await;
    let (pat, wei) = (product.as_("pat"), product.as_("wei"));
    wei.patch(
        &format!("/v1/cases/{case}"),
        json!({ "workload": { "person_days": 41 } }),
    )
    .await
    .ok();
    assert_eq!(
        pat.act(&case, "submit", json!({})).await.missing(),
        ["agree_workload"]
    );
    wei.act(&case, "agree_workload", json!({})).await.ok();
    wei.act(&case, "withdraw_agreement", json!({})).await.ok();
    assert_eq!(
        pat.act(&case, "submit", json!({})).await.missing(),
        ["agree_workload"]
    );
    let foreign = json!({ "workload": { "person_days": 1 } });
    let problem = pat
        .patch(&format!("/v1/cases/{case}"), foreign)
        .await
        .refused(403, "who");
    assert_eq!(problem["at"], "workload.person_days");
    wei.act(&case, "agree_workload", json!({})).await.ok();
    pat.act(&case, "submit", json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn experts_score_and_a_manager_who_did_not_vote_signs_off() {
    let product = Product::start().await;
    let case = complete(&product, &["gaussdb", "cce", "dli"]).await;
    product
        .as_("pat")
        .act(&case, "submit", json!({}))
        .await
        .ok();
    for (expert, points) in [("ed", 80), ("eva", 70)] {
        let score = json!({ "data": { "score": { "points": points, "opinion": "Good" } } });
        product.as_(expert).act(&case, "approve", score).await.ok();
    }
    let mia = product.as_("mia");
    assert_eq!(mia.case(&case).await["state"], "evaluation.sign_off");
    mia.act(&case, "approve", json!({}))
        .await
        .refused(428, "code_needed");
    let code = product.code("mia@example.com").await;
    let passed = mia
        .act(&case, "approve", json!({ "code": code }))
        .await
        .ok();
    assert_eq!(
        (&passed["case"]["state"], &passed["case"]["end"]),
        (&json!("passed"), &json!("success"))
    );
    let scores = product.as_("pat").case(&case).await["data"]["score"]
        .as_array()
        .expect("copies")
        .len();
    assert_eq!(scores, 2, "both copies are shown at the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_what_its_content_says_whatever_its_name() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat.open("sow_evaluation", sow(&["gaussdb"])).await;
    let script = b"<html><script>alert(1)</script></html>".to_vec();
    let refused = pat.upload(&case, "solution_plan", "plan.pdf", script).await;
    refused.refused(415, "unsupported_media_type");
    let too_large = vec![b'%'; 11 * 1024 * 1024];
    pat.upload(&case, "self_check", "check.pdf", too_large)
        .await
        .refused(413, "too_large");
    assert!(
        pat.case(&case).await["materials"]
            .get("solution_plan")
            .is_none_or(|files| files == &json!([]))
    );

    let name = "方案 计划.pdf";
    let path = format!("/v1/cases/{case}/materials/solution_plan");
    let request = pat
        .request(reqwest::Method::PUT, &path)
        .header(
            "content-disposition",
            "attachment; filename*=UTF-8''%E6%96%B9%E6%A1%88%20%E8%AE%A1%E5%88%92.pdf",
        )
        .body(files::pdf());
    let stored = countersign_tests::Answer::of(request).await.ok();
    assert_eq!(stored["file"]["name"], name);
    let id = stored["file"]["id"].as_str().expect("an id");
    let download = pat.get(&format!("{path}/{id}")).await;
    assert_eq!(download.bytes, files::pdf());
    assert_eq!(download.headers["x-content-type-options"], "nosniff");
    assert!(
        download.headers["content-disposition"]
            .to_str()
            .expect("text")
            .starts_with("attachment")
    );
}
