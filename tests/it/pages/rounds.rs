//! What changed, in a browser: lists, files and long texts, and any two rounds by clicking on their links.

use countersign_tests::{Browser, Product, files};
use serde_json::{Value as Json, json};

use super::{has_no_faults, sign_in, sign_out};

#[tokio::test(flavor = "multi_thread")]
async fn lists_files_and_texts_are_compared_between_any_two_rounds_by_clicking() {
    let Some(mut browser) = Browser::start(320).await else {
        return;
    };
    let product = Product::start().await;
    let case = in_round_three(&product).await;
    sign_in(&browser, &product, "eva").await;
    let url = product.service().url();
    browser.open(&format!("{url}/cases/{case}?lang=en")).await;
    assert_eq!(browser.text(".tabs [aria-current]").await, "What changed");
    let last = changed(&browser).await;
    assert!(last.starts_with("Since round 2"), "{last}");
    assert!(!last.contains("plan.pdf"), "round 2 had it already: {last}");
    has_no_faults(&browser).await;

    browser.without_scripts().await;
    let compare = async |from: u32, to: u32| {
        let link = format!(".rounds a[href$='from={from}&to={to}']");
        browser.click(&link).await;
        changed(&browser).await
    };
    let both = compare(1, 3).await;
    assert!(both.starts_with("Since round 1"), "{both}");
    let first = compare(1, 2).await;
    assert!(first.starts_with("From round 1 to round 2"), "{first}");
    // A file that took another's place, and entries of a list that came and went.
    let text = async |css: &str| browser.text(css).await;
    assert!(text(".was-now del").await.ends_with("plan.pdf"));
    assert!(text(".was-now ins").await.contains("plan-v2.pdf"));
    for told in ["removed:\nData lake", "added:\nData warehouse", "replaced:"] {
        assert!(first.contains(told), "{told}: {first}");
    }
    let fits = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.run(fits).await, 0, "{}", browser.url().await);
    // Chinese by characters: only those that are others now are marked.
    let third = compare(2, 3).await;
    assert!(third.starts_with("Since round 2"), "{third}");
    let (was, now) = (text(".change del").await, text(".change ins").await);
    assert!(was.ends_with("港口") && !was.contains("智慧"), "{was}");
    assert!(now.ends_with("机场") && !now.contains("一期"), "{now}");
    sign_out(&browser).await;
}

/// The part of the page that tells what changed.
async fn changed(browser: &Browser) -> String {
    browser.text(".rounds + section.form").await
}

/// A statement of work that was sent back twice; in each round something else was changed.
async fn in_round_three(product: &Product) -> String {
    let pat = product.as_("pat");
    let sow =
        json!({ "sow": { "project": "智慧港口一期", "services": ["gaussdb", "cce", "dli"] } });
    let case = pat.open("sow_evaluation", sow).await;
    for (material, name, bytes) in [
        ("solution_plan", "plan.pdf", files::pdf()),
        ("self_check", "check.xlsx", files::xlsx()),
        ("expert_feedback", "feedback.docx", files::docx()),
    ] {
        pat.upload(&case, material, name, bytes).await.ok();
    }
    let wei = product.as_("wei");
    let path = format!("/v1/cases/{case}");
    let workload = json!({ "workload": { "person_days": 40 } });
    wei.patch(&path, workload).await.ok();
    wei.act(&case, "agree_workload", json!({})).await.ok();
    pat.act(&case, "submit", json!({})).await.ok();
    send_back(product, &case).await;
    let services = json!({ "sow": { "services": ["gaussdb", "cce", "dws"] } });
    pat.patch(&path, services).await.ok();
    let plan = pat.upload(&case, "solution_plan", "plan-v2.pdf", files::pdf());
    plan.await.ok();
    resubmit(product, &case).await;
    send_back(product, &case).await;
    let project = json!({ "sow": { "project": "智慧机场一期" } });
    pat.patch(&path, project).await.ok();
    resubmit(product, &case).await;
    case
}

/// Two of its experts want changes.
async fn send_back(product: &Product, case: &str) {
    let seen = product.as_("otto").case(case).await;
    let may = seen["review"]["may_vote"].as_array().cloned();
    for expert in may.expect("experts").iter().take(2) {
        let expert = product.as_(expert.as_str().expect("an id"));
        let back = json!({ "comment": "Please look again." });
        expert.act(case, "request_changes", back).await.ok();
    }
}

async fn resubmit(product: &Product, case: &str) {
    let pat = product.as_("pat");
    let comments = pat.case(case).await["comments"].clone();
    let open = comments.as_array().expect("comments").iter();
    let open = open.filter(|comment| comment["replies"].as_array().is_none_or(Vec::is_empty));
    let replies = open.map(|comment| json!({ "comment": comment["id"], "text": "Done." }));
    let replies: Vec<Json> = replies.collect();
    let body = json!({ "replies": replies });
    pat.act(case, "resubmit", body).await.ok();
}
