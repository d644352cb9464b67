//! Every operation answers as its document says, when it succeeds and when it refuses.

use countersign_tests::{Answer, Product, files};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::contract::Contract;

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_but_the_open_ones_answers_without_a_token() {
    let product = Product::start().await;
    let contract = Contract::load();
    let nobody = product.nobody();
    for (method, template) in contract.operations() {
        // Nothing of these is there; whoever has no token is not even told that.
        let id = "01980000-0000-7000-8000-00000000002a";
        let path = template
            .replace(['{', '}'], "")
            .replace("/id", &format!("/{id}"));
        let verb: Method = method.to_uppercase().parse().expect("a method");
        let answer = Answer::of(nobody.request(verb, &path)).await;
        if contract.is_open(&method, &template) {
            assert_ne!(answer.status, 401, "{method} {template}");
        } else {
            answer.clone().refused(401, "unauthenticated");
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
            contract.hold(&method, &template, &answer);
        }
    }
}

/// Who asks, how, where, with what; and which operation that is.
type Ask<'a> = (&'a str, &'a str, &'a str, Json, &'a str);

/// Asks one after another, each as somebody of the demo, and holds each answer to the document.
async fn hold_all(product: &Product, contract: &Contract, asks: &[Ask<'_>]) {
    for (who, method, path, body, template) in asks {
        let client = if *who == "nobody" {
            product.nobody()
        } else {
            product.as_(who)
        };
        let verb: Method = method.to_uppercase().parse().expect("a method");
        let request = client.request(verb, path);
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        contract.hold(method, template, &Answer::of(request).await);
    }
}

/// What is asked of a submitted deal: the path behind the case, and the operation.
fn asks_of_a_deal() -> Vec<Ask<'static>> {
    const CASE: &str = "/v1/cases/{case}";
    const ACT: &str = "/v1/cases/{case}/actions/{action}";
    const COMMENT: &str = "/v1/cases/{case}/comments";
    const HISTORY: &str = "/v1/cases/{case}/history";
    const DRAWING: &str = "/v1/cases/{case}/diagram.svg";
    let approve = json!({ "data": { "evaluation": { "grade": "A", "summary": "Sound" } } });
    let reject = json!({ "comment": "no", "comments": [{ "at": "deal.amount", "text": "why?" }] });
    let (why, none) = (json!({ "reason": "x" }), json!({}));
    let foreign = json!({ "evaluation": { "grade": "A" } });
    vec![
        ("rita", "get", "", Json::Null, CASE),
        ("rita", "post", "/actions/approve", none.clone(), ACT),
        ("rita", "post", "/actions/reject", reject, ACT),
        ("pat", "get", "", Json::Null, CASE),
        (
            "pat",
            "post",
            "/actions/resubmit",
            json!({ "comment": "why" }),
            ACT,
        ),
        (
            "pat",
            "post",
            "/comments",
            json!({ "text": "please" }),
            COMMENT,
        ),
        ("pat", "patch", "", json!({ "deal": { "amount": 5 } }), CASE),
        ("pat", "patch", "", foreign, CASE),
        ("pat", "post", "/actions/submit", none.clone(), ACT),
        ("pat", "post", "/actions/nothing", none.clone(), ACT),
        ("rita", "post", "/actions/approve", approve, ACT),
        ("rita", "get", "/history?limit=2", Json::Null, HISTORY),
        ("pat", "get", "/history", Json::Null, HISTORY),
        (
            "pat",
            "get",
            "/timers",
            Json::Null,
            "/v1/cases/{case}/timers",
        ),
        ("pat", "get", "/diagram.svg", Json::Null, DRAWING),
        (
            "rita",
            "post",
            "/hold",
            why.clone(),
            "/v1/cases/{case}/hold",
        ),
        (
            "otto",
            "post",
            "/hold",
            why.clone(),
            "/v1/cases/{case}/hold",
        ),
        ("pat", "post", "/actions/resubmit", none, ACT),
        ("otto", "post", "/resume", why, "/v1/cases/{case}/resume"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_of_a_deal_are_as_documented() {
    let product = Product::start().await;
    let contract = Contract::load();
    let deal = json!({ "deal": { "customer": "Northwind", "amount": "330000", "close_date": "2026-12-20" } });
    let body = json!({ "workflow": "deal_registration", "data": deal, "action": { "id": "submit", "confirm": true } });
    let opened = product.as_("pat").post("/v1/cases", body).await;
    contract.hold("post", "/v1/cases", &opened);
    let case = opened.created()["case"]["number"]
        .as_str()
        .expect("a number")
        .to_owned();

    for (who, method, rest, body, template) in asks_of_a_deal() {
        let path = format!("/v1/cases/{case}{rest}");
        hold_all(&product, &contract, &[(who, method, &path, body, template)]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_around_cases_is_as_documented() {
    const SOW: &str = "/v1/workflows/sow_evaluation";
    let product = Product::start().await;
    let contract = Contract::load();
    for (who, path, template) in [
        ("pat", "/v1/me", "/v1/me"),
        ("erp", "/v1/me", "/v1/me"),
        ("ada", "/v1/inbox?section=waiting", "/v1/inbox"),
        ("ada", "/v1/cases", "/v1/cases"),
        ("pat", "/v1/workflows", "/v1/workflows"),
        ("pat", SOW, "/v1/workflows/{workflow}"),
        ("pat", "/v1/workflows/nothing", "/v1/workflows/{workflow}"),
        ("ada", "/v1/people/pat", "/v1/people/{id}"),
        ("ada", "/v1/partners/acme", "/v1/partners/{id}"),
        (
            "ada",
            "/v1/groups/finance/members",
            "/v1/groups/{id}/members",
        ),
        (
            "ada",
            "/v1/groups/finance/members/fin",
            "/v1/groups/{id}/members/{person}",
        ),
        (
            "ada",
            "/v1/facts/partner/acme",
            "/v1/facts/{kind}/{subject}",
        ),
        ("ada", "/v1/tokens", "/v1/tokens"),
        ("otto", "/v1/deliveries", "/v1/deliveries"),
        ("otto", "/v1/incidents", "/v1/incidents"),
        ("otto", "/v1/mailbox", "/v1/mailbox"),
        ("pat", "/errors/refused", "/errors/{code}"),
        ("pat", "/errors/nothing", "/errors/{code}"),
        ("pat", "/healthz", "/healthz"),
        ("pat", "/readyz", "/readyz"),
        ("pat", "/openapi.json", "/openapi.json"),
    ] {
        hold_all(
            &product,
            &contract,
            &[(who, "get", path, Json::Null, template)],
        )
        .await;
    }
    for (rest, of) in [
        ("/versions", "/versions"),
        ("/forms/sow", "/forms/{form}"),
        ("/links/nothing/cases", "/links/{link}/cases"),
        ("/diagram.svg", "/diagram.svg"),
        ("/templates/self_check", "/templates/{material}"),
    ] {
        let (path, of) = (
            format!("{SOW}{rest}"),
            format!("/v1/workflows/{{workflow}}{of}"),
        );
        hold_all(
            &product,
            &contract,
            &[("pat", "get", &path, Json::Null, &of)],
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_around_cases_is_answered_as_documented() {
    const PERSON: &str = "/v1/people/{id}";
    const FACT: &str = "/v1/facts/{kind}/{subject}";
    let product = Product::start().await;
    let contract = Contract::load();
    let invitation = json!({ "invitation": { "email": "zed@example.com", "name": "Zed", "role": "partner_user" } });
    product.as_("ada").open("invitation", invitation).await;
    let token = product.link("zed@example.com", "accept").await;
    let link = format!("/v1/links/{token}");
    let zed = json!({ "name": "Zed", "email": "zed@example.com", "language": "zh" });
    let (certified, unknown) = (
        json!({ "commercial_certified": true }),
        json!({ "certified": true }),
    );
    let (forth, back) = (
        json!({ "advance": "1 second" }),
        json!({ "advance": "-1 second" }),
    );
    let acme = "/v1/facts/partner/acme";
    let asks = [
        ("nobody", "get", &*link, Json::Null, "/v1/links/{token}"),
        ("nobody", "post", &*link, json!({}), "/v1/links/{token}"),
        ("ada", "put", "/v1/people/zed", zed, PERSON),
        (
            "ada",
            "put",
            "/v1/people/zed",
            json!({ "name": "" }),
            PERSON,
        ),
        ("ada", "put", acme, certified, FACT),
        ("ada", "put", acme, unknown, FACT),
        (
            "ada",
            "post",
            "/v1/tokens",
            json!({ "service": "crm" }),
            "/v1/tokens",
        ),
        (
            "ada",
            "post",
            "/v1/workflows/reload",
            json!({}),
            "/v1/workflows/reload",
        ),
        ("otto", "post", "/v1/clock", forth, "/v1/clock"),
        ("otto", "post", "/v1/clock", back, "/v1/clock"),
    ];
    hold_all(&product, &contract, &asks).await;
    let check = product
        .as_("ada")
        .request(Method::POST, "/v1/workflows/check");
    let check = check
        .header("content-type", "application/yaml")
        .body("workflow: x\nversion: 1\n");
    let findings = Answer::of(check).await;
    contract.hold("post", "/v1/workflows/check", &findings);
    assert_ne!(findings.ok()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_to_uploads_are_as_documented() {
    let product = Product::start().await;
    let contract = Contract::load();
    let pat = product.as_("pat");
    let sow = json!({ "sow": { "project": "Smart port", "services": ["gaussdb"] } });
    let case = pat.open("sow_evaluation", sow).await;
    let uploaded = pat
        .upload(&case, "solution_plan", "plan.pdf", files::pdf())
        .await;
    let put = "/v1/cases/{case}/materials/{material}";
    contract.hold("put", put, &uploaded);
    let file = uploaded.ok()["file"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let refused = pat
        .upload(&case, "solution_plan", "plan.pdf", files::xlsx())
        .await;
    contract.hold("put", put, &refused);
    let path = format!("/v1/cases/{case}/materials/solution_plan/{file}");
    let removed = pat.delete(&path).await;
    contract.hold(
        "delete",
        "/v1/cases/{case}/materials/{material}/{file}",
        &removed,
    );
    assert_eq!(
        removed.ok()["case"]["materials"],
        Json::Object(serde_json::Map::new())
    );
}
