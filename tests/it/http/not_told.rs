//! What is not for the caller looks exactly as if it were not there.

use countersign_tests::{Answer, Client, Product, files};
use reqwest::{Method, header::HeaderMap};
use serde_json::json;

/// Headers but for those that differ in any two answers.
fn telling(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for each in ["date", "x-request-id"] {
        headers.remove(each);
    }
    headers
}

#[track_caller]
fn same(one: &Answer, other: &Answer) {
    assert_eq!(one.status, other.status);
    assert_eq!(one.text(), other.text());
    assert_eq!(telling(&one.headers), telling(&other.headers));
}

async fn every_way(client: &Client, case: &str) -> Vec<Answer> {
    let at = |rest: &str| format!("/v1/cases/{case}{rest}");
    let id = "01980000-0000-7000-8000-00000000002a";
    vec![
        client.get(&at("")).await,
        client.get(&at("/history")).await,
        client.get(&at("/timers")).await,
        client.get(&at("/diagram.svg")).await,
        client
            .patch(&at(""), json!({ "deal": { "customer": "X" } }))
            .await,
        client.act(case, "submit", json!({})).await,
        client.act(case, "nothing", json!({})).await,
        client.delete(&at("/actions/approve")).await,
        client.delete(&at("/actions/No-Name!")).await,
        client.post(&at("/comments"), json!({ "text": "x" })).await,
        client
            .post(
                &at(&format!("/comments/{id}/reply")),
                json!({ "text": "x" }),
            )
            .await,
        client
            .upload(case, "acceptance_report", "a.pdf", files::pdf())
            .await,
        client
            .get(&at(&format!("/materials/acceptance_report/{id}")))
            .await,
        client
            .delete(&at(&format!("/materials/acceptance_report/{id}")))
            .await,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_not_visible_answers_the_same_bytes_as_one_that_is_not_there() {
    let product = Product::start().await;
    let case = product
        .as_("pat")
        .open(
            "deal_registration",
            json!({ "deal": { "customer": "Northwind" } }),
        )
        .await;
    let id = product.as_("pat").case(&case).await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    // Of another partner; of the vendor, before his role takes part; an administrator; by link: nobody.
    for stranger in ["nina", "rita", "ada"] {
        let stranger = product.as_(stranger);
        let nowhere = every_way(&stranger, "DR-2026-09999").await;
        for (hidden, nowhere) in every_way(&stranger, &case).await.iter().zip(&nowhere) {
            assert_eq!(nowhere.status, 404);
            same(hidden, nowhere);
        }
        for (hidden, nowhere) in every_way(&stranger, &id).await.iter().zip(&nowhere) {
            same(hidden, nowhere);
        }
        let chinese = stranger.in_chinese();
        same(
            &chinese.get(&format!("/v1/cases/{case}")).await,
            &chinese.get("/v1/cases/nothing").await,
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_link_learns_nothing_whatever_it_sends() {
    let product = Product::start().await;
    let invitation = json!({ "invitation": { "email": "zed@example.com", "name": "Zed", "role": "partner_user" } });
    product.as_("ada").open("invitation", invitation).await;
    let link = product.link("zed@example.com", "accept").await;
    let nobody = product.nobody();
    let last = if link.ends_with('A') { 'B' } else { 'A' };
    let forged = format!("{}{last}", &link[..link.len() - 1]);
    for token in [forged.as_str(), "x", "nothing.at-all"] {
        let path = format!("/v1/links/{token}");
        let nowhere = nobody.get("/v1/links/0").await;
        same(&nobody.get(&path).await, &nowhere);
        same(&nobody.post(&path, json!({})).await, &nowhere);
        let broken = nobody
            .request(Method::POST, &path)
            .header("content-type", "application/json")
            .body("{");
        same(&Answer::of(broken).await, &nowhere);
        nowhere.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_partners_side_is_not_told_who_reviewed() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let deal =
        json!({ "deal": { "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let body =
        json!({ "comment": "Too small", "comments": [{ "text": "A secret", "internal": true }] });
    rita.act(&case, "reject", body).await.ok();
    let history = pat.get(&format!("/v1/cases/{case}/history")).await.ok();
    let late = pat
        .act(&case, "submit", json!({}))
        .await
        .refused(409, "not_here");
    assert_eq!(late["last"]["by"], json!(null));
    let told = format!("{history} {} {late}", pat.case(&case).await);
    for secret in ["rita", "A secret"] {
        assert!(!told.contains(secret), "{secret} is told: {told}");
    }
    let theirs = rita
        .get(&format!("/v1/cases/{case}/history"))
        .await
        .ok()
        .to_string();
    assert!(theirs.contains("rita") && theirs.contains("A secret"));
}
