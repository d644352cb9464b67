//! A link of somebody whose turn an operator has given to somebody else meanwhile: it decides nothing, its page says why, and
//! whose turn it is now decides by a link of their own.

use countersign_cli::{HookWay, Source};
use countersign_tests::{Answer, Product};
use reqwest::{Method, header};
use serde_json::{Value as Json, json};

pub(super) const BUDGET: &str = r#"
workflow: budget
version: 1
number: "B-{seq:5}"
title: { en: Budget, zh: 预算 }
roles:
  asker: { title: { en: Asker, zh: 申请人 }, is: starter }
  judge: { title: { en: Judge, zh: 评审人 }, group: deal_reviewers }
forms:
  budget:
    title: { en: Budget, zh: 预算 }
    fields: { what: { title: { en: What, zh: 内容 }, type: string } }
open: { who: asker, require: [budget], to: review }
states:
  review:
    title: { en: Under review, zh: 评审中 }
    claim: 4 hours
    enter: [ { notify: please } ]
    review:
      by: judge
      decisions:
        approve: { title: { en: Approve, zh: 批准 }, votes: 1, to: approved }
        reject: { title: { en: Reject, zh: 驳回 }, votes: 1, to: rejected }
  approved: { title: { en: Approved, zh: 已批准 }, end: success }
  rejected: { title: { en: Rejected, zh: 已驳回 }, end: failure }
messages:
  please:
    to: reviewers
    subject: { en: "Please judge {{case.number}}", zh: "请评审 {{case.number}}" }
    body: { en: "{{button.approve}} {{button.reject}}", zh: "{{button.approve}} {{button.reject}}" }
"#;

async fn press(product: &Product, token: &str) -> Answer {
    let request = product
        .nobody()
        .request(Method::POST, &format!("/l/{token}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body("");
    Answer::of(request).await
}

fn settled(mails: &[Json]) -> usize {
    let settled = mails.iter().filter(|mail| mail["message"] == "settled");
    settled.count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_whose_turn_went_to_somebody_else_decides_nothing() {
    let files = vec![("budget.yaml".to_owned(), BUDGET.to_owned())];
    let product = Product::start_with(HookWay::Taken, Source::Texts(files)).await;
    let budget = json!({ "budget": { "what": "Chairs" } });
    let case = product.as_("pat").open("budget", budget).await;
    let ritas = product.link("rita@example.com", "approve").await;
    let otto = product.as_("otto");
    let handed = json!({ "from": "rita", "to": "amy", "reason": "Rita is ill." });
    otto.post(&format!("/v1/cases/{case}/reassign"), handed)
        .await
        .ok();

    // Who has it now, and that there is nothing to do, is mailed to whom it was taken from, once.
    let mails = product.mails("rita@example.com").await;
    assert_eq!(settled(&mails), 1, "{mails:#?}");
    let told = mails[0]["subject"].as_str().expect("a subject");
    assert!(told.contains("Amy has it now; nothing to do"), "{told}");

    let pressed = press(&product, &ritas).await;
    let page = pressed.text();
    assert_eq!(pressed.status.as_u16(), 410, "{page}");
    assert!(page.contains("somebody else has the turn now"), "{page}");
    let by_json = product.nobody();
    let by_json = by_json.post(&format!("/v1/links/{ritas}"), json!({})).await;
    by_json.refused(410, "link");
    assert_eq!(otto.case(&case).await["state"], "review");

    let amys = product.link("amy@example.com", "approve").await;
    // What the mail told stands above the button.
    let page = product.nobody().get(&format!("/l/{amys}")).await.text();
    assert!(page.contains("<dt>What</dt><dd>Chairs</dd>"), "{page}");
    let pressed = press(&product, &amys).await;
    assert_eq!(pressed.status.as_u16(), 200, "{}", pressed.text());
    assert_eq!(otto.case(&case).await["state"], "approved");
    // Lena and Omar, who were asked too, are told; Rita knows already.
    assert_eq!(settled(&product.mails("lena@example.com").await), 1);
    assert_eq!(settled(&product.mails("rita@example.com").await), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_whoever_handed_the_turn_on_is_dead_and_another_claims_it() {
    let files = vec![("budget.yaml".to_owned(), BUDGET.to_owned())];
    let product = Product::start_with(HookWay::Taken, Source::Texts(files)).await;
    let budget = json!({ "budget": { "what": "Desks" } });
    let case = product.as_("pat").open("budget", budget).await;
    let ritas = product.link("rita@example.com", "approve").await;
    let rita = product.as_("rita");
    let handed = json!({ "to": "amy", "reason": "You know them." });
    rita.post(&format!("/v1/cases/{case}/delegate"), handed)
        .await
        .ok();
    assert_eq!(press(&product, &ritas).await.status.as_u16(), 410);
    let amys = product.link("amy@example.com", "approve").await;
    // What the mail told stands above the button.
    let page = product.nobody().get(&format!("/l/{amys}")).await.text();
    assert!(page.contains("<dt>What</dt><dd>Desks</dd>"), "{page}");
    let lenas = product.link("lena@example.com", "reject").await;

    // Whoever has claimed it decides by the link; nobody else does meanwhile.
    let lena = product.as_("lena");
    lena.post(&format!("/v1/cases/{case}/claim"), json!({}))
        .await
        .ok();
    assert_eq!(press(&product, &amys).await.status.as_u16(), 410);
    assert_eq!(rita.case(&case).await["state"], "review");
    assert_eq!(press(&product, &lenas).await.status.as_u16(), 200);
    assert_eq!(rita.case(&case).await["state"], "rejected");
}
