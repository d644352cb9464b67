//! `POST /v1/actions`: each action has an outcome of its own, and a repeated request takes none twice.

use countersign_tests::{Answer, Client, Product};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::contract::Contract;

async fn submitted(pat: &Client) -> String {
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    case
}

fn rejection(case: &str) -> Json {
    json!({ "case": case, "action": "reject", "comment": "Not this year." })
}

async fn with_key(client: &Client, key: &str, body: &Json) -> Answer {
    let request = client.request(Method::POST, "/v1/actions");
    Answer::of(request.header("idempotency-key", key).json(body)).await
}

fn statuses(answer: &Json) -> Vec<u64> {
    let items = answer["items"].as_array().expect("items").iter();
    items
        .map(|item| item["status"].as_u64().expect("a status"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_has_an_outcome_and_one_refusal_does_not_stop_the_rest() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let (first, second) = (submitted(&pat).await, submitted(&pat).await);
    let wanted = json!([
        rejection(&first),
        { "case": second, "action": "reject" },
        rejection("DR-2026-99999"),
        { "case": second, "action": "rejekt" },
        rejection(&first),
        rejection(&second),
    ]);
    let answer = rita.post("/v1/actions", wanted).await;
    Contract::load().hold("post", "/v1/actions", &answer);
    let answer = answer.ok();
    assert_eq!(
        statuses(&answer),
        [200, 422, 404, 404, 409, 200],
        "{answer}"
    );
    let codes: Vec<&Json> = (1..5)
        .map(|at| &answer["items"][at]["problem"]["code"])
        .collect();
    assert_eq!(
        codes,
        ["refused", "not_found", "unknown_action", "not_here"]
    );
    for (at, case) in [(0, &first), (5, &second)] {
        let case = rita.case(case).await;
        assert_eq!(case["state"], "rejected");
        let receipt = &answer["items"][at]["receipt"];
        assert_eq!(
            (&receipt["case"], &receipt["etag"]),
            (&case["id"], &case["etag"])
        );
    }
    let nothing = rita.post("/v1/actions", json!([])).await.ok();
    assert_eq!(nothing, json!({ "items": [] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_takes_none_twice_and_tries_the_refused_again() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let case = submitted(&pat).await;
    let draft = pat.open("deal_registration", json!({})).await;
    let wanted = json!([rejection(&case), rejection(&draft)]);
    let first = with_key(&rita, "k", &wanted).await;
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let first = first.ok();
    assert_eq!(statuses(&first), [200, 404], "{first}");
    let entries = async || {
        let history = rita.get(&format!("/v1/cases/{case}/history")).await.ok();
        history["items"].as_array().map(Vec::len)
    };
    let before = entries().await;

    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    pat.act(&draft, "submit", json!({ "data": { "deal": deal } }))
        .await
        .ok();
    let second = with_key(&rita, "k", &wanted).await.ok();
    assert_eq!(statuses(&second), [200, 200], "{second}");
    assert_eq!(second["items"][0], first["items"][0]);
    assert_eq!(entries().await, before);
    let third = with_key(&rita, "k", &wanted).await;
    assert_eq!(third.headers["idempotency-replayed"], "true");
    assert_eq!(third.ok(), second);
    let other = json!([rejection(&draft)]);
    with_key(&rita, "k", &other)
        .await
        .refused(422, "idempotency_key_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_are_taken_and_not_one_more() {
    let product = Product::start().await;
    let rita = product.as_("rita");
    let many = |number: usize| Json::Array(vec![rejection("DR-2026-99999"); number]);
    let answer = rita.post("/v1/actions", many(100)).await.ok();
    assert_eq!(statuses(&answer), [404; 100]);
    rita.post("/v1/actions", many(101))
        .await
        .refused(400, "malformed");
    let unknown = json!([{ "case": "x", "action": "reject", "colour": "red" }]);
    rita.post("/v1/actions", unknown)
        .await
        .refused(400, "unknown_member");
    product
        .nobody()
        .post("/v1/actions", many(1))
        .await
        .refused(401, "unauthenticated");
}
