//! Bad input: what was wrong, where, what would be right; and nothing is lost.

use countersign_cli::{HookWay, Source};
use countersign_tests::{Answer, Product};
use reqwest::Method;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read_are_refused_clearly() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let post = |body: &str| {
        let request = pat
            .request(Method::POST, "/v1/cases")
            .header("content-type", "application/json");
        Answer::of(request.body(body.to_owned()))
    };
    post("{").await.refused(400, "malformed");
    post(r#"{"workflow":"a","workflow":"b"}"#)
        .await
        .refused(400, "malformed");
    let unknown = post(r#"{"workflow":"deal_registration","dta":{}}"#)
        .await
        .refused(400, "unknown_member");
    assert_eq!(
        (&unknown["member"], &unknown["nearest"]),
        (&json!("dta"), &json!("data"))
    );
    let unknown = post(r#"{"workflow":"deal_registraton"}"#)
        .await
        .refused(422, "unknown_workflow");
    assert_eq!(unknown["nearest"], "deal_registration");
    post(&format!(
        r#"{{"workflow":"{}"}}"#,
        "x".repeat(2 * 1024 * 1024)
    ))
    .await
    .refused(413, "too_large");
    let text = pat
        .request(Method::POST, "/v1/cases")
        .header("content-type", "text/plain")
        .body("{}");
    Answer::of(text)
        .await
        .refused(415, "unsupported_media_type");
    pat.get("/v1/nothing").await.refused(404, "not_found");
    pat.delete("/v1/cases")
        .await
        .refused(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_cannot_be_stored_are_refused_and_named() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let open = |data| {
        pat.post(
            "/v1/cases",
            json!({ "workflow": "deal_registration", "data": data }),
        )
    };
    for (data, at) in [
        (json!({ "deal": { "amount": 1.5 } }), "deal.amount"),
        (json!({ "deal": { "amount": "1.234" } }), "deal.amount"),
        (
            json!({ "deal": { "close_date": "20 December" } }),
            "deal.close_date",
        ),
        (json!({ "deal": { "customer": 5 } }), "deal.customer"),
        (
            json!({ "deal": { "customer": "x".repeat(121) } }),
            "deal.customer",
        ),
        (json!({ "deal": { "colour": "red" } }), "deal"),
        (json!({ "dael": {} }), "dael"),
    ] {
        let problem = open(data.clone()).await.refused(422, "invalid");
        let first = &problem["missing"][0];
        let place = first["at"]
            .as_str()
            .or(first["name"].as_str())
            .expect("a place");
        assert!(place.starts_with(at), "{data}: {problem}");
    }
    let sow = json!({ "sow": { "services": ["gaussbd"] } });
    pat.post(
        "/v1/cases",
        json!({ "workflow": "sow_evaluation", "data": sow }),
    )
    .await
    .refused(422, "invalid");
    assert_eq!(
        pat.get("/v1/cases").await.ok()["items"],
        json!([]),
        "nothing was opened"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_mail_server_holds_no_case_up() {
    // Port 9 of loopback: nobody listens there.
    let workflows = Source::Shipped;
    let product = Product::start_with_mail(HookWay::Taken, workflows, "smtp://127.0.0.1:9").await;
    let pat = product.as_("pat");
    let deal =
        json!({ "deal": { "customer": "Contoso", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    let submitted = pat.act(&case, "submit", json!({})).await.ok();
    assert_eq!(submitted["case"]["state"], "review");
    product
        .service()
        .notifier()
        .drain()
        .await
        .expect("attempts are recorded");
    let waiting = product
        .as_("otto")
        .get(&format!("/v1/deliveries?case={case}"))
        .await
        .ok();
    let first = &waiting["items"][0];
    assert_eq!(first["status"], "waiting", "{first}");
    assert!(first["attempts"].as_u64().expect("a number") >= 1);
    assert!(
        first["error"]
            .as_str()
            .is_some_and(|error| !error.is_empty()),
        "the reason is shown"
    );
    product
        .as_("pat")
        .get("/v1/deliveries")
        .await
        .refused(403, "who");
}
