//! No case is stuck in silence: one whose timers fail again and again is told of, once, until they take effect.

use countersign_tests::{Client, Product, eventually, postgres};
use serde_json::{Value as Json, json};

use super::aside::Aside;

#[tokio::test(flavor = "multi_thread")]
async fn a_case_whose_timers_fail_is_an_incident_until_they_take_effect() {
    timers_fail(Product::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_whose_timers_fail_is_an_incident_until_they_take_effect_on_postgresql() {
    if let Some(server) = postgres::server() {
        timers_fail(Product::start_on(&postgres::database(&server).await).await).await;
    }
}

async fn timers_fail(mut product: Product) {
    let aside = Aside::of(&product).await;
    aside.poison("UPDATE", "NEW.title = 'Poison'").await;
    let [stuck, sound] = ["Poison", "Contoso"].map(|customer| {
        json!({ "deal": { "customer": customer, "amount": "5", "close_date": "2026-12-20" } })
    });
    let pat = product.as_("pat");
    let stuck = pat.open("deal_registration", stuck).await;
    let sound = pat.open("deal_registration", sound).await;
    assert_eq!(incidents(&product.as_("otto")).await, [] as [Json; 0]);

    // A draft that nobody submits is tidied up after 90 days.
    let due = chrono::TimeDelta::days(91);
    product.clock().advance(due);
    eventually("the other case is tidied up", async || {
        (pat.case(&sound).await["state"] == "withdrawn").then_some(())
    })
    .await;
    let otto = product.as_("otto");
    let told = eventually("operators are told", async || {
        // Where replicas claim timers, the clock has to go on for the next attempt.
        product.clock().advance(chrono::TimeDelta::seconds(20));
        incidents(&otto).await.into_iter().next()
    })
    .await;
    assert_eq!(
        (&told["code"], &told["case"]["number"]),
        (&json!("timers_failing"), &json!(stuck)),
        "{told}"
    );
    // Also a server that knows nothing of earlier failures tells of it once.
    product.stop().await;
    product.start_again().await;
    let otto = product.as_("otto");
    for _ in 0..5 {
        product.clock().advance(chrono::TimeDelta::seconds(20));
        let fired = product.service().engine().fire_due_timers().await;
        fired.expect("the store answers");
    }
    assert_eq!(incidents(&otto).await.len(), 1);

    aside.heal().await;
    eventually("it is settled", async || {
        product.clock().advance(chrono::TimeDelta::seconds(20));
        incidents(&otto).await.is_empty().then_some(())
    })
    .await;
    let pat = product.as_("pat");
    assert_eq!(pat.case(&stuck).await["state"], "withdrawn");
    product.stop().await;
}

/// What operators see.
async fn incidents(otto: &Client) -> Vec<Json> {
    let listed = otto.get("/v1/incidents").await.ok();
    listed["items"].as_array().expect("items").clone()
}
