//! `POST` and `DELETE /v1/me/away`: an absence is kept, shown, replaced and ended; a wrong one is told.

use countersign_tests::{Answer, Product};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::contract::Contract;

const FROM: &str = "2026-12-01T00:00:00Z";
const UNTIL: &str = "2026-12-08T00:00:00Z";

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_is_kept_until_another_takes_its_place_or_it_is_ended() {
    let mut product = Product::start().await;
    let rita = product.as_("rita");
    assert_eq!(rita.get("/v1/me").await.ok()["away"], Json::Null);
    let away = json!({ "from": FROM, "until": UNTIL, "substitute": "lena" });
    let set = async |body: &Json| {
        let request = rita.request(Method::POST, "/v1/me/away");
        Answer::of(request.header("idempotency-key", "holiday").json(body)).await
    };
    let answer = set(&away).await;
    Contract::load().hold("post", "/v1/me/away", &answer);
    assert_eq!(answer.ok(), json!({ "away": away }));
    assert_eq!(set(&away).await.headers["idempotency-replayed"], "true");
    assert_eq!(rita.get("/v1/me").await.ok()["away"], away);

    product.stop().await;
    product.start_again().await;
    let rita = product.as_("rita");
    assert_eq!(rita.get("/v1/me").await.ok()["away"], away);
    let alone = json!({ "from": FROM, "until": UNTIL, "substitute": null });
    rita.post("/v1/me/away", alone.clone()).await.ok();
    assert_eq!(rita.get("/v1/me").await.ok()["away"], alone);
    let back = rita.delete("/v1/me/away").await.ok();
    assert_eq!(back, json!({ "away": null }));
    assert_eq!(rita.get("/v1/me").await.ok()["away"], Json::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_count_whole_on_the_clock_of_who_is_away() {
    let product = Product::start().await;
    let rita = product.as_("rita");
    let away = async |from: &str, until: &str| {
        let body = json!({ "from": from, "until": until, "substitute": "lena" });
        let kept = rita.post("/v1/me/away", body).await.ok()["away"].clone();
        (kept["from"].clone(), kept["until"].clone())
    };
    let said = |from: &str, until: &str| (json!(from), json!(until));
    assert_eq!(
        away("2026-12-01", "2026-12-07").await,
        said("2026-11-30T16:00:00Z", "2026-12-07T16:00:00Z"),
        "on the clock of the workflows, in Shanghai"
    );
    let mut wishes = rita.get("/v1/me/mail").await.ok();
    wishes["timezone"] = json!("America/New_York");
    rita.put("/v1/me/mail", wishes).await.ok();
    assert_eq!(
        away("2026-12-01", "2026-12-01").await,
        said("2026-12-01T05:00:00Z", "2026-12-02T05:00:00Z"),
        "on her own; a single day is a day"
    );
    assert_eq!(
        away("2026-12-01T09:00:00+08:00", "2026-12-01").await,
        said("2026-12-01T01:00:00Z", "2026-12-02T05:00:00Z")
    );
    for (from, until, member) in [
        (json!("1 December"), json!("2026-12-07"), "from"),
        (json!("2026-12-01"), json!("2026-02-30"), "until"),
        (json!("2026-12-01"), json!(20_261_207), "until"),
        (json!(null), json!("2026-12-07"), "from"),
    ] {
        let body = json!({ "from": from, "until": until });
        let problem = rita.post("/v1/me/away", body).await.refused(422, "invalid");
        assert_eq!(problem["missing"][0]["name"], member, "{problem}");
        let right = problem["missing"][0]["message"].as_str();
        assert!(
            right.is_some_and(|right| right.contains("2026-12-01")),
            "{problem}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_that_cannot_be_is_told_with_its_member() {
    let product = Product::start().await;
    let rita = product.as_("rita");
    for (from, until, substitute, member) in [
        (UNTIL, FROM, "lena", "until"),
        (
            "2025-01-01T00:00:00Z",
            "2025-01-02T00:00:00Z",
            "lena",
            "until",
        ),
        (FROM, UNTIL, "rita", "substitute"),
        (FROM, UNTIL, "pat", "substitute"),
        (FROM, UNTIL, "nobody", "substitute"),
    ] {
        let body = json!({ "from": from, "until": until, "substitute": substitute });
        let problem = rita.post("/v1/me/away", body).await.refused(422, "invalid");
        assert_eq!(problem["missing"][0]["name"], member, "{problem}");
    }
    let body = json!({ "from": FROM, "until": UNTIL });
    product
        .as_("erp")
        .post("/v1/me/away", body.clone())
        .await
        .refused(403, "who");
    product
        .nobody()
        .post("/v1/me/away", body)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stands_in_finds_the_turn_and_takes_it_and_both_are_named() {
    let product = Product::start().await;
    let (pat, rita, amy) = (product.as_("pat"), product.as_("rita"), product.as_("amy"));
    let submitted = async || {
        let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
        let case = pat.open("deal_registration", json!({ "deal": deal })).await;
        pat.act(&case, "submit", json!({})).await.ok();
        case
    };
    let rejection = json!({ "comment": "Not this year." });
    let case = submitted().await;
    let path = format!("/v1/cases/{case}");
    amy.get(&path).await.refused(404, "not_found");
    let away = json!({ "from": "2026-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z", "substitute": "amy" });
    rita.post("/v1/me/away", away).await.ok();
    let inbox = amy.get("/v1/inbox").await.ok();
    assert_eq!(inbox["items"][0]["number"], json!(case), "{inbox}");
    let decided = amy.act(&case, "reject", rejection.clone()).await.ok();
    assert_eq!(decided["case"]["state"], "rejected");
    let history = product
        .as_("otto")
        .get(&format!("{path}/history"))
        .await
        .ok();
    let entries = history["items"].as_array().expect("items");
    let votes: Vec<&Json> = entries
        .iter()
        .filter(|entry| entry["what"] == "vote")
        .map(|entry| &entry["instead_of"])
        .collect();
    assert_eq!(votes, [&json!(["rita"])], "{history}");

    // Who is back has the turn alone.
    let case = submitted().await;
    rita.delete("/v1/me/away").await.ok();
    let inbox = amy.get("/v1/inbox").await.ok();
    assert_eq!(inbox["items"], json!([]), "{inbox}");
    amy.act(&case, "reject", rejection.clone())
        .await
        .refused(404, "not_found");
    rita.act(&case, "reject", rejection).await.ok();
}
