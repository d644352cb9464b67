//! Mail as its receivers want it: once a day, not at night, not for what is settled; chosen over the API and on a page.

use chrono::{DateTime, Utc};
use countersign_core::case::Purpose;
use countersign_tests::{Answer, Client, Product};
use reqwest::{Method, header};
use serde_json::{Value as Json, json};

use crate::http::contract::Contract;

const MAIL: &str = "/v1/me/mail";

fn deal(customer: &str) -> Json {
    json!({ "deal": { "customer": customer, "amount": "330000", "close_date": "2026-12-20" } })
}

async fn submitted(pat: &Client, customer: &str) -> String {
    let case = pat.open("deal_registration", deal(customer)).await;
    pat.act(&case, "submit", json!({})).await.ok();
    case
}

/// The subjects of what somebody got, the newest first.
async fn subjects(product: &Product, who: &str) -> Vec<String> {
    let mails = product.mails(&format!("{who}@example.com")).await;
    let subjects = mails.iter().filter_map(|mail| mail["subject"].as_str());
    subjects.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_one_mail_a_day_gets_one_with_what_still_waits() {
    let product = Product::start().await;
    let (pat, rita, omar) = (product.as_("pat"), product.as_("rita"), product.as_("omar"));
    let contract = Contract::load();
    let before = rita.get(MAIL).await;
    contract.hold("get", MAIL, &before);
    let mut wishes = before.ok();
    assert_eq!(wishes["daily"], json!(null));
    wishes["daily"] = json!("08:30");
    wishes["language"] = json!("zh");
    let chosen = rita.put(MAIL, wishes.clone()).await;
    contract.hold("put", MAIL, &chosen);
    assert_eq!(chosen.ok(), wishes);
    assert_eq!(rita.get(MAIL).await.ok(), wishes);

    let kept = submitted(&pat, "Northwind").await;
    let settled = submitted(&pat, "Contoso").await;
    assert_eq!(subjects(&product, "rita").await, Vec::<String>::new());
    assert_eq!(subjects(&product, "omar").await.len(), 2);
    let evaluation = json!({ "data": { "evaluation": { "grade": "A", "summary": "Sound" } } });
    omar.act(&settled, "approve", evaluation).await.ok();

    product.wait("1 days").await;
    let mails = product.mails("rita@example.com").await;
    assert_eq!(mails.len(), 1, "{mails:#?}");
    let daily = &mails[0];
    assert_eq!(daily["subject"], "今日汇总：1 个申请待您处理");
    let text = daily["text"].as_str().expect("a text");
    assert!(text.contains(&kept) && text.contains("待您处理"), "{text}");
    assert!(text.contains(&format!("{settled} Contoso：Omar")), "{text}");
    let sent_at: DateTime<Utc> = daily["sent_at"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("a time");
    assert!(sent_at > product.now() - chrono::TimeDelta::days(1));

    wishes["daily"] = json!("25:00");
    rita.put(MAIL, wishes).await.refused(422, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_wait_for_the_morning_and_are_dropped_when_it_is_settled() {
    let product = Product::start().await;
    let (pat, rita, omar) = (product.as_("pat"), product.as_("rita"), product.as_("omar"));
    // It is nine in the morning in Shanghai; for her that is the middle of the night.
    let mut wishes = rita.get(MAIL).await.ok();
    wishes["timezone"] = json!("America/New_York");
    rita.put(MAIL, wishes).await.ok();
    let case = submitted(&pat, "Northwind").await;
    assert_eq!(
        subjects(&product, "rita").await.len(),
        1,
        "needs come at once"
    );
    product.wait("3 business days").await;
    assert_eq!(
        subjects(&product, "omar").await.len(),
        2,
        "the first reminder"
    );
    assert_eq!(
        subjects(&product, "rita").await.len(),
        1,
        "it is night there"
    );
    let evaluation = json!({ "data": { "evaluation": { "grade": "A", "summary": "Sound" } } });
    omar.act(&case, "approve", evaluation).await.ok();
    let told = subjects(&product, "rita").await;
    assert!(
        told[0].ends_with("Omar: “Approve”; nothing to do"),
        "{told:?}"
    );
    product.wait("12 hours").await;
    assert_eq!(
        subjects(&product, "rita").await,
        told,
        "the reminder never goes"
    );
    let deliveries = product
        .as_("otto")
        .get(&format!("/v1/deliveries?case={case}"))
        .await;
    let waiting = deliveries.ok();
    let items = waiting["items"].as_array().expect("items");
    assert!(
        items.iter().all(|item| item["status"] == "sent"),
        "{items:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_of_the_night_goes_in_the_morning() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let mut wishes = rita.get(MAIL).await.ok();
    wishes["timezone"] = json!("America/New_York");
    rita.put(MAIL, wishes).await.ok();
    submitted(&pat, "Northwind").await;
    product.wait("3 business days").await;
    // The reminder was written at nine in the morning of Shanghai, which is eight in the evening in New York.
    assert_eq!(subjects(&product, "rita").await.len(), 1, "it is held");
    product.wait("11 hours").await;
    assert_eq!(subjects(&product, "rita").await.len(), 1, "still night");
    product.wait("1 hours").await;
    let mails = product.mails("rita@example.com").await;
    assert_eq!(mails.len(), 2, "{mails:#?}");
    let sent_at = mails[0]["sent_at"].as_str().expect("a time");
    let sent_at: DateTime<Utc> = sent_at.parse().expect("a time");
    // Eight in the morning there.
    assert_eq!(sent_at.format("%H:%M").to_string(), "13:00");
}

/// The path that stops such mails, as it stands in their head.
fn stop(product: &Product, who: &str, purpose: Purpose) -> String {
    let tokens = product.service().engine().link_tokens().clone();
    let token = tokens.make_stop(who, purpose);
    format!("/stop-mails/{}", token.expect("such mails can be stopped"))
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_are_stopped_by_one_click_of_a_mail_program_and_by_nobody_who_only_looks() {
    let product = Product::start().await;
    let rita = product.as_("rita");
    let path = stop(&product, "rita", Purpose::Remind);
    let nobody = product.nobody();
    let shown = Answer::of(nobody.request(Method::GET, &path)).await;
    assert_eq!(shown.status.as_u16(), 200);
    assert!(shown.text().contains("Stop these mails"));
    let before = rita.get(MAIL).await.ok();
    assert_eq!(before["reminders"], json!(true), "looking stops nothing");
    let click = |path: &str| {
        let form = "application/x-www-form-urlencoded";
        let request = nobody.request(Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, form);
        Answer::of(request.body("List-Unsubscribe=One-Click"))
    };
    assert_eq!(click(&path).await.status.as_u16(), 200);
    assert_eq!(click(&path).await.status.as_u16(), 200, "again is the same");
    let after = rita.get(MAIL).await.ok();
    assert_eq!(
        (&after["reminders"], &after["settled"]),
        (&json!(false), &json!(true))
    );
    let forged = path.replace("/stop-mails/", "/stop-mails/A");
    assert_eq!(click(&forged).await.status.as_u16(), 404);
    submitted(&product.as_("pat"), "Northwind").await;
    product.wait("4 business days").await;
    let told = subjects(&product, "rita").await;
    assert_eq!(told.len(), 1, "she is asked once: {told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_since_the_last_round_is_told() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let case = submitted(&pat, "Northwind").await;
    let why = json!({ "comments": [{ "at": "deal.amount", "text": "Add the tax." }], "comment": "See there." });
    rita.act(&case, "request_changes", why).await.ok();
    let path = format!("/v1/cases/{case}");
    pat.patch(&path, json!({ "deal": { "amount": "350000" } }))
        .await
        .ok();
    let open = pat.case(&case).await["comments"].clone();
    let replies: Vec<Json> = open
        .as_array()
        .expect("comments")
        .iter()
        .map(|comment| json!({ "comment": comment["id"], "text": "Done." }))
        .collect();
    pat.act(&case, "resubmit", json!({ "replies": replies }))
        .await
        .ok();
    let mails = product.mails("rita@example.com").await;
    let text = mails[0]["text"].as_str().expect("a text");
    assert!(text.contains("Under review, round 2"), "{text}");
    assert!(
        text.contains("Expected amount: 330,000 CNY → 350,000 CNY"),
        "{text}"
    );
    let subject = mails[0]["subject"].as_str().expect("a subject");
    assert!(subject.contains("Northwind, 350,000 CNY, by "), "{subject}");
}
