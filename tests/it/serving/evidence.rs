//! What a write was answered with can be checked for ever, and a whole case be examined far from its server.

use std::fs;

use countersign_tests::Site;
use serde_json::json;

use super::staff::Staff;
use crate::http::contract::Contract;

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_and_an_exported_case_prove_what_was_written() {
    let site = Site::shipped();
    let token = site.add_administrator("ada");
    let server = site.serve();
    let (ada, contract) = (server.with(&token), Contract::load());
    let pat = Staff::pat().add(&server, &ada).await;
    let rita = Staff::of_vendor("rita", "deal_reviewers")
        .add(&server, &ada)
        .await;
    let deal = json!({ "customer": "北风", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    let submitted = pat.act(&case, "submit", json!({})).await.ok();
    let receipt = &submitted["receipt"];
    let path = format!("/v1/receipts/{}", receipt["hash"].as_str().expect("a hash"));

    let checked = pat.get(&path).await;
    contract.hold("get", "/v1/receipts/{hash}", &checked);
    let checked = checked.ok();
    assert_eq!(&checked["receipt"], receipt);
    assert_eq!(
        (&checked["what"], &checked["intact"]),
        (&json!("action"), &json!(true))
    );
    rita.act(&case, "reject", json!({ "comment": "No." }))
        .await
        .ok();
    let later = pat.get(&path).await.ok();
    assert_eq!(&later["receipt"], receipt);
    assert_ne!(later["entries"], checked["entries"]);
    // Whoever does not see the case learns no more than of a hash that nobody was given.
    let kim = Staff {
        partner: Some("other"),
        ..Staff::pat()
    };
    let kim = Staff { id: "kim", ..kim }.add(&server, &ada).await;
    for hash in [path.as_str(), "/v1/receipts/00", "/v1/receipts/x"] {
        kim.get(hash).await.refused(404, "not_found");
    }

    let export = format!("/v1/cases/{case}/export");
    for nobody in [&pat, &rita] {
        let refused = nobody.get(&export).await;
        contract.hold("get", "/v1/cases/{case}/export", &refused);
        refused.refused(403, "who");
    }
    kim.get(&export).await.refused(404, "not_found");
    let answer = ada.request(reqwest::Method::GET, &export).send().await;
    let text = answer.expect("an answer").text().await.expect("a text");
    drop(server);
    examine_far_away(&site, &text);
}

/// What anybody can tell of the file, with neither the database nor the server's key.
fn examine_far_away(site: &Site, text: &str) {
    site.write("case.jsonl", text);
    let forged = text.replace("\"No.\"", "\"Yes.\"");
    assert_ne!(forged, text);
    site.write("forged.jsonl", &forged);
    fs::remove_file(site.folder().join("countersign.db")).expect("no database is needed");

    let good = site.run(&["audit", "--file", "case.jsonl"]);
    assert_eq!(good.code, Some(0), "{}{}", good.out, good.err);
    assert!(
        good.out.contains("all as they were written"),
        "{}",
        good.out
    );
    let key = good.out.rsplit("signed by ").next().expect("a key").trim();
    let same = ["audit", "--file", "case.jsonl", "--public-key", key];
    assert_eq!(site.run(&same).code, Some(0));
    let other = ["audit", "--file", "case.jsonl", "--public-key", "00ff"];
    assert_eq!(site.run(&other).code, Some(1));
    let bad = site.run(&["audit", "--file", "forged.jsonl"]);
    assert_eq!(bad.code, Some(1));
    assert!(bad.out.contains("it was changed since"), "{}", bad.out);
}
