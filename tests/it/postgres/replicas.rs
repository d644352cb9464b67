//! Three replicas on one database keep the promises of one: votes, keys, timers and deliveries.

use std::collections::BTreeSet;

use countersign_tests::{Answer, eventually};
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::{Three, count, deal, evaluation};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_approvals_over_three_replicas_are_two_votes_and_one_transition() {
    let Some(three) = Three::start().await else {
        return;
    };
    let pat = three.as_("pat", 0);
    let case = pat.open("deal_registration", deal("2000000")).await;
    three
        .as_("pat", 1)
        .act(&case, "submit", json!({}))
        .await
        .ok();
    let votes = (0..200).map(|i| {
        let reviewer = three.as_(["rita", "omar"][i % 2], i / 2);
        let case = case.clone();
        async move {
            let answer = reviewer.act(&case, "approve", evaluation()).await;
            answer.status.as_u16()
        }
    });
    let statuses = join_all(votes).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 2);
    assert!(
        statuses.iter().all(|status| [200, 409].contains(status)),
        "{statuses:?}"
    );
    for n in 0..3 {
        let pat = three.as_("pat", n);
        assert_eq!(count(&pat, &case, "vote").await, 2);
        assert_eq!(count(&pat, &case, "decision").await, 1);
        assert_eq!(pat.case(&case).await["state"], "approved.result_ready");
    }
    three.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_sent_to_all_replicas_at_once_has_one_effect_and_one_answer() {
    let Some(three) = Three::start().await else {
        return;
    };
    let body = json!({ "workflow": "deal_registration", "data": deal("5") });
    let send = |n: usize| {
        let request = three.as_("pat", n).request(Method::POST, "/v1/cases");
        Answer::of(request.header("idempotency-key", "open-1").json(&body))
    };
    let answers = join_all((0..30).map(send)).await;
    let fresh = answers
        .iter()
        .filter(|answer| !answer.headers.contains_key("idempotency-replayed"));
    assert_eq!(fresh.count(), 1);
    for answer in &answers {
        assert_eq!(
            (answer.status.as_u16(), &answer.bytes),
            (201, &answers[0].bytes)
        );
    }
    let listed = three.as_("pat", 1).get("/v1/cases").await.ok();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    three.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_fire_once_and_every_mail_is_sent_once() {
    const CASES: usize = 30;
    let Some(three) = Three::start().await else {
        return;
    };
    let mut cases = Vec::new();
    for n in 0..CASES {
        let case = three
            .as_("pat", n)
            .open("deal_registration", deal("5"))
            .await;
        three
            .as_("pat", n + 1)
            .act(&case, "submit", json!({}))
            .await
            .ok();
        let why = json!({ "comment": "Why?" });
        three
            .as_("rita", n + 2)
            .act(&case, "request_changes", why)
            .await
            .ok();
        cases.push(case);
    }
    let otto = three.as_("otto", 0);
    let all_sent = async || {
        let waiting = otto
            .get("/v1/deliveries?kind=mail&status=waiting")
            .await
            .ok();
        let items = waiting["items"].as_array();
        items.is_some_and(Vec::is_empty).then_some(())
    };
    // Whoever is sending when the clock leaps has lost their lease on it, and another would send it too.
    eventually("every mail of the days before is sent", all_sent).await;
    // Every replica sees it at once, and all of them begin to fire.
    three.product.clock().advance(chrono::TimeDelta::days(31));
    let pat = three.as_("pat", 0);
    for case in &cases {
        let withdrawn = async || (pat.case(case).await["state"] == "withdrawn").then_some(());
        eventually("a draft that nobody completes is withdrawn", withdrawn).await;
        let timers = count(&pat, case, "timer").await;
        let path = format!("/v1/cases/{case}/history?limit=200");
        let history = pat.get(&path).await.ok();
        let entries = history["items"].as_array().expect("items");
        let fired: Vec<_> = entries
            .iter()
            .filter(|entry| entry["what"] == "timer")
            .collect();
        let different: BTreeSet<String> = fired
            .iter()
            .map(|entry| format!("{} {}", entry["action"], entry["recorded_at"]))
            .collect();
        assert_eq!(different.len(), timers, "none fired twice: {fired:#?}");
    }
    eventually("every mail is sent", all_sent).await;
    let mut sent = Vec::new();
    let services = three.others.iter().chain([three.product.service()]);
    for service in services {
        let mailbox = service.mailbox().expect("mail goes to memory");
        sent.extend(mailbox.mails(None).into_iter().map(|mail| mail.id));
    }
    let different: BTreeSet<_> = sent.iter().collect();
    assert_eq!(different.len(), sent.len(), "no delivery was sent by two");
    three.stop().await;
}
