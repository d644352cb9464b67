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
