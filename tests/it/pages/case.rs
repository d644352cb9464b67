//! The page of a case over HTTP alone: what is said without deciding, turns that pass on, why a button is grey, and what
//! is told and kept where somebody else was quicker.

use countersign_cli::{HookWay, Source};
use countersign_tests::{Client, Product};
use serde_json::json;

use super::Visit;

async fn submitted(pat: &Client) -> String {
    let deal = json!({ "customer": "Northwind", "amount": "2000000", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    case
}

fn seen_in(page: &str) -> String {
    let after = page.split("name=\"seen\" value=\"").nth(1).expect("a form");
    after.split('"').next().expect("it is closed").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_too_late_is_told_who_was_quicker_and_keeps_the_text() {
    let product = Product::start().await;
    let case = submitted(&product.as_("pat")).await;
    let rita = Visit::of(&product, "rita").await;
    let path = format!("/cases/{case}");
    let seen = seen_in(&rita.get(&path).await.text());
    let back = json!({ "comment": "Which year?" });
    product
        .as_("omar")
        .act(&case, "request_changes", back)
        .await
        .ok();
    let form = format!(
        "seal={}&seen={seen}&send=1&do=reject&comment=Too+expensive&with.approve%2Fevaluation.summary=Half+a+thought",
        rita.seal
    );
    let late = rita.send(&path, &form).await;
    assert_eq!(late.status.as_u16(), 409);
    let page = late.text();
    assert!(
        page.contains("Omar") && page.contains("Nothing of yours was sent"),
        "{page}"
    );
    assert!(page.contains("Changes requested."), "where the case is now");
    assert!(
        page.contains("Too expensive") && page.contains("Half a thought"),
        "{page}"
    );
    // What she typed can still be said.
    let seen = seen_in(&page);
    let say = format!("seal={}&seen={seen}&say=1&comment=Too+expensive", rita.seal);
    let said = rita.send(&path, &say).await;
    assert_eq!(said.headers["location"], format!("{path}?did=say").as_str());
    let comments = product.as_("pat").case(&case).await["comments"].clone();
    assert_eq!(comments.as_array().expect("comments").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_session_has_ended_sees_what_was_typed_and_signs_in_again() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = submitted(&pat).await;
    let path = format!("/cases/{case}");
    let rita = Visit::of(&product, "rita").await;
    let seen = seen_in(&rita.get(&path).await.text());
    let form = |seal: &str| {
        format!(
            "seal={seal}&seen={seen}&send=1&do=reject&comment=Too+expensive&with.approve%2Fevaluation.summary=Half+a+thought&code=123456"
        )
    };
    // Signed out in another window, or by the time.
    let out = format!("seal={}", rita.seal);
    assert_eq!(rita.send("/sign-out", &out).await.status.as_u16(), 303);
    let late = rita.send(&path, &form(&rita.seal)).await;
    assert_eq!(late.status.as_u16(), 401);
    let page = late.text();
    for kept in ["Too expensive", "Half a thought", "Please sign in again"] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    assert!(page.contains("/sign-in?to=%2Fcases%2F"), "{page}");
    assert!(!page.contains("123456") && !page.contains("Northwind"));
    // Nobody else's form is shown, nor what came without one.
    let foreign = rita.send(&path, &form("forged")).await;
    assert_eq!(foreign.status.as_u16(), 403);
    assert!(!foreign.text().contains("Too expensive"));
    let nobody = Visit::nobody(&product).await;
    let stranger = nobody.send(&path, &form(&nobody.seal)).await;
    assert!(!stranger.text().contains("Too expensive"));
    assert_eq!(pat.case(&case).await["comments"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_commented_on_and_answered_without_deciding() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = submitted(&pat).await;
    let path = format!("/cases/{case}");
    let rita = Visit::of(&product, "rita").await;
    let seen = seen_in(&rita.get(&path).await.text());
    let form = format!(
        "seal={}&seen={seen}&say=1&at.deal.amount=With+tax%3F&comment=Soon&internal=yes",
        rita.seal
    );
    assert_eq!(rita.send(&path, &form).await.status.as_u16(), 303);
    let all = product.as_("omar").case(&case).await["comments"].clone();
    assert_eq!(
        (&all[0]["at"], &all[1]["at"]),
        (&json!(null), &json!("deal.amount"))
    );
    assert_eq!(pat.case(&case).await["comments"], json!([]), "internal");
    let omar = Visit::of(&product, "omar").await;
    let page = omar.get(&path).await.text();
    assert!(
        page.contains("With tax?") && page.contains("name=\"reply."),
        "{page}"
    );
    let reply = all[1]["id"].as_str().expect("an id");
    let form = format!(
        "seal={}&seen={}&say=1&reply.{reply}=Yes",
        omar.seal,
        seen_in(&page)
    );
    assert_eq!(omar.send(&path, &form).await.status.as_u16(), 303);
    let all = product.as_("rita").case(&case).await["comments"].clone();
    assert_eq!(all[1]["replies"][0]["text"], "Yes");
    assert_eq!(all[1]["replies"][0]["by"], "omar");
    let page = omar.get(&path).await.text();
    let empty = format!("seal={}&seen={}&say=1&comment=+", omar.seal, seen_in(&page));
    assert_eq!(omar.send(&path, &empty).await.status.as_u16(), 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_is_handed_on_by_the_page_and_both_names_stay() {
    let product = Product::start().await;
    let case = submitted(&product.as_("pat")).await;
    let path = format!("/cases/{case}");
    let rita = Visit::of(&product, "rita").await;
    assert!(rita.get(&path).await.text().contains("value=\"delegate\""));
    let hand = |to: &str| format!("seal={}&turn=delegate&to={to}&reason=Holiday", rita.seal);
    let nobody = rita.send(&path, &hand("nobody")).await;
    assert_eq!(nobody.status.as_u16(), 422);
    assert!(nobody.text().contains("There is no such person."));
    let own = rita.send(&path, &hand("Lena+%28lena%29")).await;
    assert_ne!(own.status.as_u16(), 303, "Lena has a vote of her own");
    let handed = rita.send(&path, &hand("amy%40example.com")).await;
    assert_eq!(handed.status.as_u16(), 303, "{}", handed.text());
    let history = rita.get(&format!("{path}/history")).await.text();
    assert!(history.contains("Rita → Amy"), "{history}");
    let pat = Visit::of(&product, "pat").await;
    assert!(!pat.get(&path).await.text().contains("value=\"delegate\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn why_is_told_condition_by_condition() {
    let product = Product::start().await;
    let case = submitted(&product.as_("pat")).await;
    let path = format!("/cases/{case}/why");
    let pat = Visit::of(&product, "pat").await;
    let why = pat.get(&format!("{path}?action=approve")).await;
    let why = why.text();
    assert!(
        why.contains("not now") && why.contains("in the way"),
        "{why}"
    );
    let rita = Visit::of(&product, "rita").await;
    let all = rita.get(&path).await.text();
    assert!(
        all.contains("Lena, Omar") && all.contains("Request changes"),
        "{all}"
    );
    assert_eq!(
        rita.get(&format!("{path}?action=fly"))
            .await
            .status
            .as_u16(),
        404
    );
    let nina = Visit::of(&product, "nina").await;
    assert_eq!(nina.get(&path).await.status.as_u16(), 404);
}

const CHECKS: &str = "
workflow: checks
version: 1
number: \"CH-{year}-{seq:5}\"
title: Checks
case_title: case.number
roles:
  asker:   { is: starter }
  checker: { group: deal_reviewers }
open: { who: asker, to: check }
states:
  check:
    claim: 4 hours
    enter: [ { notify: to_check } ]
    actions: { check: { who: checker, to: checked } }
  checked: { end: success }
messages:
  to_check:
    to: checker
    subject: \"Check {{case.number}}\"
    body: \"Please.\"
";

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_is_taken_alone_and_given_back_by_buttons() {
    let texts = Source::Texts(vec![("checks.yaml".to_owned(), CHECKS.to_owned())]);
    let product = Product::start_with(HookWay::Taken, texts).await;
    let case = product.as_("pat").open("checks", json!({})).await;
    let path = format!("/cases/{case}");
    let (rita, lena) = (
        Visit::of(&product, "rita").await,
        Visit::of(&product, "lena").await,
    );
    let button = "value=\"claim\"";
    assert!(rita.get(&path).await.text().contains(button));
    let claim = format!("seal={}&turn=claim", rita.seal);
    let taken = rita.send(&path, &claim).await;
    assert_eq!(
        taken.headers["location"],
        format!("{path}?did=claim").as_str()
    );
    let hers = rita.get(&format!("{path}?did=claim")).await.text();
    assert!(hers.contains("It is yours alone now.") && hers.contains("value=\"release\""));
    assert!(!hers.contains(button));
    // Whoever else was asked need not open it, and is told again when it is given back.
    let told = async || {
        let mails = product.mails("lena@example.com").await;
        let subject = mails[0]["subject"].as_str().expect("a subject");
        (mails.len(), subject.to_owned())
    };
    let (count, subject) = told().await;
    assert!(
        subject.contains("Rita has taken it; nothing to do"),
        "{subject}"
    );
    let others = lena.get(&path).await.text();
    assert!(others.contains("Rita has taken it") && !others.contains("value=\"release\""));
    let back = format!("seal={}&turn=release", rita.seal);
    assert_eq!(rita.send(&path, &back).await.status.as_u16(), 303);
    assert!(lena.get(&path).await.text().contains(button));
    let (after, subject) = told().await;
    assert_eq!(after, count + 1);
    assert!(subject.contains("it waits for you again"), "{subject}");
    let of_rita = async || product.mails("rita@example.com").await;
    assert_eq!(of_rita().await.len(), 1, "she knows");
    // Whose time for it is over is told so.
    assert_eq!(rita.send(&path, &claim).await.status.as_u16(), 303);
    product.wait("5 hours").await;
    let mails = of_rita().await;
    let subject = mails[0]["subject"].as_str().expect("a subject");
    assert_eq!(mails.len(), 2);
    assert!(subject.contains("not yours alone any more"), "{subject}");
}
