//! To which cases a new one may belong: those that the caller sees and the link takes, over HTTP and on the page.

use countersign_tests::{Answer, Client, Product};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::Visit;
use crate::http::contract::Contract;

const PAGE: &str = "/new/incentive_payment";
const PATH: &str = "/v1/workflows/incentive_payment/links/incentive/cases";

/// An application, approved if it is to be.
async fn application(product: &Product, who: &Client, approved: bool) -> String {
    let form = json!({ "application": { "programme": "Growth", "ceiling": "50000" } });
    let body = json!({ "workflow": "incentive_application", "data": form, "action": "submit" });
    let opened = who.post("/v1/cases", body).await.created();
    let case = opened["case"]["number"].as_str().expect("a number");
    if approved {
        let ivy = product.as_("ivy");
        ivy.act(case, "approve", json!({})).await.ok();
    }
    case.to_owned()
}

fn numbers(answer: &Json) -> Vec<&str> {
    let items = answer["items"].as_array().expect("items");
    let numbers = items.iter().filter_map(|item| item["number"].as_str());
    numbers.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_fits_and_is_seen_is_offered() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    assert_eq!(
        pat.get(PATH).await.ok(),
        json!({ "items": [], "more": false })
    );
    let empty = Visit::of(&product, "pat").await.get(PAGE).await.text();
    assert!(
        empty.contains("There is no case yet that this could belong to."),
        "{empty}"
    );
    assert!(!empty.contains("name=\"link.incentive\""), "{empty}");
    application(&product, &pat, false).await;
    let fits = application(&product, &pat, true).await;
    let answer = pat.get(PATH).await;
    let template = "/v1/workflows/{workflow}/links/{link}/cases";
    Contract::load().hold("get", template, &answer);
    let offered = answer.ok();
    assert_eq!(numbers(&offered), [fits.as_str()]);
    assert_eq!(offered["items"][0]["title"], "Growth");

    let nina = product.as_("nina");
    assert_eq!(numbers(&nina.get(PATH).await.ok()), [""; 0]);
    product.as_("fin").get(PATH).await.refused(403, "who");
    let unknown = PATH.replace("links/incentive", "links/nothing");
    pat.get(&unknown).await.refused(404, "not_found");
    let answer = pat.request(Method::POST, PATH);
    let answer = Answer::of(answer).await;
    answer.refused(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_two_hundred_are_offered_by_the_newest_and_say_so() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let oldest = application(&product, &pat, true).await;
    for _ in 0..200 {
        application(&product, &pat, true).await;
    }
    let offered = pat.get(PATH).await.ok();
    let numbers = numbers(&offered);
    assert_eq!((numbers.len(), &offered["more"]), (200, &json!(true)));
    assert!(!numbers.contains(&oldest.as_str()), "{oldest}");
    assert_eq!(numbers[0], "IA-2026-00201");

    // The page suggests them, and says that a number can be typed.
    let visit = Visit::of(&product, "pat").await;
    let page = visit.get(PAGE).await.text();
    assert!(page.contains("The number of the case that this belongs to."));
    assert!(page.contains("<input type=\"text\"") && page.contains("list=\"fits.incentive\""));
    assert_eq!(page.matches("<option value=\"IA-").count(), 200);
    assert!(!page.contains(&oldest), "{oldest}");
    let form = format!("seal={}&link.incentive={oldest}", visit.seal);
    let typed = visit.send(PAGE, &form).await;
    assert_eq!(typed.status.as_u16(), 303, "{}", typed.text());

    // What is not offered is taken all the same.
    let body = json!({ "workflow": "incentive_payment", "links": { "incentive": oldest } });
    pat.post("/v1/cases", body).await.created();
}
