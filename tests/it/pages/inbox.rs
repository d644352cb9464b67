//! The inbox over HTTP alone: what its rows tell, what it is narrowed to, several decided at once, and what a substitute
//! finds in it.

use countersign_tests::{Client, Product, files};
use serde_json::{Value as Json, json};

use super::Visit;

async fn submitted(pat: &Client, amount: &str) -> String {
    let deal = json!({ "customer": "Northwind", "amount": amount, "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    case
}

fn evaluation() -> Json {
    json!({ "data": { "evaluation": { "grade": "A", "summary": "Strong case" } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_the_api_tell_how_many_votes_there_are_as_the_page_does() {
    let product = Product::start().await;
    let case = submitted(&product.as_("pat"), "2000000").await;
    product
        .as_("omar")
        .act(&case, "approve", evaluation())
        .await
        .ok();
    let rows = product.as_("rita").get("/v1/inbox").await.ok();
    assert_eq!(rows["items"][0]["votes"], json!({ "have": 1, "need": 2 }));
    let page = Visit::of(&product, "rita").await.get("/").await.text();
    assert!(page.contains("1 of 2 votes"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_tell_votes_and_filters_stand_in_the_address() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let case = submitted(&pat, "2000000").await;
    rita.act(&case, "approve", evaluation()).await.ok();
    let omar = Visit::of(&product, "omar").await;
    let inbox = omar.get("/").await.text();
    assert!(
        inbox.contains(&case) && inbox.contains("1 of 2 votes"),
        "{inbox}"
    );
    let of = omar.get("/?workflow=deal_registration").await.text();
    assert!(of.contains(&case) && of.contains("section=waiting&amp;workflow=deal%5Fregistration"));
    for elsewhere in ["/?workflow=invitation", "/?late=1"] {
        let narrowed = omar.get(elsewhere).await.text();
        assert!(!narrowed.contains(&case), "{elsewhere}");
    }
    product.wait("5 days").await;
    let omar = Visit::of(&product, "omar").await;
    assert!(omar.get("/?late=1").await.text().contains(&case));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_decided_at_once_and_each_is_told() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let (first, second) = (submitted(&pat, "5").await, submitted(&pat, "6").await);
    let rita = Visit::of(&product, "rita").await;
    let inbox = rita.get("/").await.text();
    assert!(inbox.contains(&format!("name=\"case\" value=\"{first}\"")));
    let form = |rest: &str| format!("seal={}{rest}", rita.seal);
    let nothing = rita
        .send("/decide", &form(&format!("&case={first}&do=")))
        .await;
    assert_eq!(nothing.status.as_u16(), 422);
    let silent = format!("&case={first}&case={second}&do=reject");
    let silent = rita.send("/decide", &form(&silent)).await.text();
    assert!(silent.contains("0 / 2"), "a comment is needed: {silent}");
    product
        .as_("omar")
        .act(&second, "reject", json!({ "comment": "No." }))
        .await
        .ok();
    let both = format!("&case={first}&case={second}&case=DR-2026-99999&do=reject&comment=Not+now");
    let told = rita.send("/decide", &form(&both)).await.text();
    assert!(told.contains("1 / 3"), "{told}");
    assert_eq!(pat.case(&first).await["state"], "rejected");
    let foreign = rita
        .send("/decide", &format!("seal=x&case={first}&do=reject"))
        .await;
    assert_eq!(foreign.status.as_u16(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_substitute_is_not_shown_what_they_are_kept_out_of() {
    let product = Product::start().await;
    let (pat, rita, amy) = (product.as_("pat"), product.as_("rita"), product.as_("amy"));
    let case = submitted(&pat, "300000").await;
    rita.act(&case, "approve", evaluation()).await.ok();
    let delivery = json!({ "delivery": { "delivered_on": "2026-11-23", "statement": "Done" } });
    pat.patch(&format!("/v1/cases/{case}"), delivery).await.ok();
    pat.upload(&case, "acceptance_report", "report.pdf", files::pdf())
        .await
        .ok();
    pat.act(&case, "apply_for_acceptance", json!({})).await.ok();
    let inbox = async |who: &Client| {
        let page = who.get("/v1/inbox").await.ok();
        let items = page["items"].as_array().expect("cases").clone();
        items.iter().any(|item| item["number"] == *case)
    };
    let from = countersign_core::time::to_text(product.now());
    for (substitute, is_shown) in [("rita", false), ("lena", true)] {
        let away =
            json!({ "from": from, "until": "2027-01-08T00:00:00Z", "substitute": substitute });
        amy.post("/v1/me/away", away).await.ok();
        product.wait("1 minute").await;
        assert_eq!(
            inbox(&product.as_(substitute)).await,
            is_shown,
            "{substitute}"
        );
    }
}
