//! Incentive payment: what must be so before, confirmation, two votes, a signed hook and its answer.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use countersign_cli::{HookWay, Source};
use countersign_tests::{Client, Product, files};
use serde_json::{Value as Json, json};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// An approved incentive application of acme with a ceiling of 50,000; its number.
async fn approved(product: &Product) -> String {
    let application = json!({ "application": { "programme": "Growth", "ceiling": "50000" } });
    let pat = product.as_("pat");
    let case = pat.open("incentive_application", application).await;
    pat.act(&case, "submit", json!({})).await.ok();
    product
        .as_("ivy")
        .act(&case, "approve", json!({}))
        .await
        .ok();
    case
}

fn payment(quarter: &str, amount: &str) -> Json {
    json!({ "payment": { "quarter": quarter, "amount": amount, "account": "6222 0000 1111" } })
}

async fn request(pat: &Client, application: &str, data: Json) -> String {
    let body = json!({ "workflow": "incentive_payment", "links": { "incentive": application }, "data": data });
    let case = pat.post("/v1/cases", body).await.created();
    case["case"]["number"]
        .as_str()
        .expect("a number")
        .to_owned()
}

/// A request that lies with finance.
async fn in_review(product: &Product, quarter: &str, amount: &str) -> String {
    let application = approved(product).await;
    let pat = product.as_("pat");
    let case = request(&pat, &application, payment(quarter, amount)).await;
    pat.upload(&case, "invoice", "invoice.pdf", files::pdf())
        .await
        .ok();
    pat.act(&case, "next", json!({})).await.ok();
    submit(product, &case, "submit").await;
    case
}

/// Another request, of another application, that could be submitted but for its code.
async fn another(product: &Product) -> String {
    let application = approved(product).await;
    let pat = product.as_("pat");
    let case = request(&pat, &application, payment("2026q3", "100")).await;
    pat.upload(&case, "invoice", "invoice.pdf", files::pdf())
        .await
        .ok();
    pat.act(&case, "next", json!({})).await.ok();
    case
}

async fn submit(product: &Product, case: &str, action: &str) {
    let pat = product.as_("pat");
    pat.act(case, action, json!({ "confirm": true }))
        .await
        .refused(428, "code_needed");
    let code = product.code("pat@example.com").await;
    pat.act(case, action, json!({ "confirm": true, "code": code }))
        .await
        .ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_refused_before_the_application_is_approved_and_certified() {
    let product = Product::start().await;
    let (pat, erp) = (product.as_("pat"), product.as_("erp"));
    let application = json!({ "application": { "programme": "Growth", "ceiling": "50000" } });
    let open = pat.open("incentive_application", application).await;
    let body = json!({ "workflow": "incentive_payment", "links": { "incentive": open } });
    assert_eq!(
        pat.post("/v1/cases", body.clone()).await.missing(),
        ["incentive"]
    );
    erp.put(
        "/v1/facts/partner/acme",
        json!({ "commercial_certified": false }),
    )
    .await
    .ok();
    assert_eq!(
        pat.post("/v1/cases", body).await.missing(),
        ["commercially_certified", "incentive"]
    );
    let without = json!({ "workflow": "incentive_payment" });
    assert_eq!(
        pat.post("/v1/cases", without).await.missing(),
        ["commercially_certified", "incentive"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_must_be_over_and_has_one_request() {
    let product = Product::start().await;
    let application = approved(&product).await;
    let pat = product.as_("pat");
    let early = request(&pat, &application, payment("2026q4", "60000")).await;
    assert_eq!(
        pat.act(&early, "next", json!({})).await.missing(),
        ["quarter_is_over", "within_ceiling"]
    );

    let first = request(&pat, &application, payment("2026q3", "100")).await;
    pat.act(&first, "next", json!({})).await.ok();
    let body = json!({ "workflow": "incentive_payment", "links": { "incentive": application }, "data": payment("2026q3", "100") });
    let second = pat.post("/v1/cases", body).await;
    assert_eq!(second.missing(), ["one_request_a_quarter"]);
    pat.act(&first, "back", json!({})).await.ok();
    pat.act(&first, "drop", json!({})).await.ok();
    request(&pat, &application, payment("2026q3", "100")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_at_once_exactly_one_gets_the_only_place_of_a_limit() {
    let product = Product::start().await;
    let application = approved(&product).await;
    let body = json!({ "workflow": "incentive_payment", "links": { "incentive": application }, "data": payment("2026q3", "100") });
    let (pat, paul) = (product.as_("pat"), product.as_("paul"));
    let opened = async |client: &Client| client.post("/v1/cases", body.clone()).await;
    let answers = tokio::join!(opened(&pat), opened(&paul), opened(&pat), opened(&paul));
    let answers = [answers.0, answers.1, answers.2, answers.3];
    let statuses = answers.map(|answer| match answer.status.as_u16() {
        201 => None,
        _ => Some(answer.missing()),
    });
    let created = statuses.iter().filter(|refused| refused.is_none());
    assert_eq!(created.count(), 1, "{statuses:?}");
    let mut refused = statuses.into_iter().flatten();
    assert!(refused.all(|missing| missing == ["one_request_a_quarter"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_requests_together_stay_under_the_ceiling() {
    let product = Product::start().await;
    let first = in_review(&product, "2026q3", "40000").await;
    let application = product
        .as_("pat")
        .get("/v1/cases?workflow=incentive_application")
        .await
        .ok();
    let application = application["items"][0]["number"]
        .as_str()
        .expect("a number")
        .to_owned();
    product.wait("45 days").await;
    let pat = product.as_("pat");
    let second = request(&pat, &application, payment("2026q4", "10000.01")).await;
    assert_eq!(
        pat.act(&second, "next", json!({})).await.missing(),
        ["within_ceiling"]
    );
    pat.patch(
        &format!("/v1/cases/{second}"),
        json!({ "payment": { "amount": "10000" } }),
    )
    .await
    .ok();
    pat.act(&second, "next", json!({})).await.ok();
    assert_eq!(pat.case(&first).await["state"], "review");
}

#[tokio::test(flavor = "multi_thread")]
async fn confirmation_and_code_are_asked_for_and_the_code_fits_only_its_content() {
    let product = Product::start().await;
    let application = approved(&product).await;
    let pat = product.as_("pat");
    let case = request(&pat, &application, payment("2026q3", "40000")).await;
    pat.act(&case, "next", json!({})).await.ok();
    let refused = pat.act(&case, "submit", json!({})).await.missing();
    assert_eq!(refused, ["code", "confirm", "invoice"]);
    pat.act(&case, "back", json!({})).await.ok();
    pat.upload(&case, "invoice", "invoice.pdf", files::pdf())
        .await
        .ok();
    pat.act(&case, "next", json!({})).await.ok();
    pat.act(&case, "submit", json!({ "confirm": true }))
        .await
        .refused(428, "code_needed");
    let code = product.code("pat@example.com").await;
    let with_code = json!({ "confirm": true, "code": code });
    let paul = product.as_("paul");
    let by_paul = paul.act(&case, "submit", with_code.clone()).await;
    assert_eq!(by_paul.missing(), ["code"], "it was mailed to pat");
    let elsewhere = another(&product).await;
    let other = pat.act(&elsewhere, "submit", with_code);
    assert_eq!(other.await.missing(), ["code"], "it is for another case");
    pat.act(&case, "back", json!({})).await.ok();
    pat.patch(
        &format!("/v1/cases/{case}"),
        json!({ "payment": { "amount": "41000" } }),
    )
    .await
    .ok();
    pat.act(&case, "next", json!({})).await.ok();
    let old = pat
        .act(&case, "submit", json!({ "confirm": true, "code": code }))
        .await;
    assert_eq!(
        old.missing(),
        ["code"],
        "the content has changed since the code was mailed"
    );
    submit(&product, &case, "submit").await;
    assert_eq!(pat.case(&case).await["state"], "review");
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_needs_two_votes_and_a_returned_payment_goes_back_to_correction() {
    let product = Product::start().await;
    let case = in_review(&product, "2026q3", "40000").await;
    let (fin, fay, erp) = (product.as_("fin"), product.as_("fay"), product.as_("erp"));
    let one = fay.act(&case, "approve", json!({})).await.ok();
    assert_eq!(
        one["case"]["review"]["votes"]["approve"],
        json!({ "have": 1, "need": 2 })
    );
    fin.act(&case, "approve", json!({})).await.ok();
    assert_eq!(fin.case(&case).await["state"], "paying");
    let failed = format!("/v1/cases/{case}/signals/failed");
    assert_eq!(erp.post(&failed, json!({})).await.missing(), ["comment"]);
    erp.post(&failed, json!({ "comment": "The account is closed." }))
        .await
        .ok();
    let returned = product.as_("pat").case(&case).await;
    assert_eq!(returned["state"], "changes_requested");
    erp.post(&format!("/v1/cases/{case}/signals/paid"), json!({}))
        .await
        .refused(409, "not_here");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_is_seen_by_the_partner_and_finance_only() {
    let product = Product::start().await;
    let case = in_review(&product, "2026q3", "40000").await;
    for (who, sees) in [("pat", true), ("fin", true), ("otto", false)] {
        let payment = product.as_(who).case(&case).await["data"]["payment"].clone();
        assert_eq!(payment.get("account").is_some(), sees, "{who}");
    }
}

type Calls = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A real receiver of hooks on loopback.
async fn receiver() -> (String, Calls) {
    async fn take(State(calls): State<Calls>, headers: HeaderMap, body: Bytes) {
        calls.lock().expect("not poisoned").push((headers, body));
    }
    let calls = Calls::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}/pay", listener.local_addr().expect("an address"));
    let app = Router::new()
        .route("/pay", post(take))
        .with_state(calls.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, calls)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pay_hook_is_called_once_signed_and_its_answer_pays() {
    let (url, calls) = receiver().await;
    let forms = vec!["payment".to_owned()];
    let endpoints = [("pay_partner".to_owned(), (url, SECRET.to_owned(), forms))].into();
    let hooks = HookWay::Http {
        endpoints,
        of_partners: [].into(),
        allow_private_addresses: true,
    };
    let product = Product::start_with(hooks, Source::Shipped).await;
    let case = in_review(&product, "2026q3", "40000").await;
    product
        .as_("fay")
        .act(&case, "approve", json!({}))
        .await
        .ok();
    product
        .as_("fin")
        .act(&case, "approve", json!({}))
        .await
        .ok();
    product
        .service()
        .notifier()
        .drain()
        .await
        .expect("deliveries are sent");

    let (headers, body) = {
        let calls = calls.lock().expect("not poisoned");
        assert_eq!(calls.len(), 1, "called once");
        calls[0].clone()
    };
    // The product's clock is not the machine's here, so the signature is made again and compared.
    let webhook = standardwebhooks::Webhook::new(SECRET).expect("a secret");
    let header = |name: &str| headers[name].to_str().expect("text").to_owned();
    let timestamp = header("webhook-timestamp").parse().expect("a number");
    assert_eq!(timestamp, product.now().timestamp());
    let signed = webhook
        .sign(&header("webhook-id"), timestamp, &body)
        .expect("it can be signed");
    assert_eq!(header("webhook-signature"), signed);
    let call: Json = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(call["type"], "pay_partner");
    assert_eq!(call["data"]["case"]["number"], case.as_str());
    assert_eq!(call["data"]["case"]["partner"], "acme");
    assert_eq!(call["data"]["forms"]["payment"]["amount"], "40000.00");

    let answer_to = call["data"]["answer_to"].as_str().expect("a path");
    let delivery = headers["webhook-id"].to_str().expect("text");
    let erp = product.as_("erp");
    let paid = erp
        .post(&format!("{answer_to}paid"), json!({ "delivery": delivery }))
        .await
        .ok();
    assert_eq!(
        (&paid["case"]["state"], &paid["case"]["end"]),
        (&json!("paid"), &json!("success"))
    );
    erp.post(&format!("{answer_to}paid"), json!({ "delivery": delivery }))
        .await
        .refused(409, "not_here");
}
