//! What operators watch: deliveries and incidents, and nobody else does.

use countersign_tests::Product;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_tell_what_they_are_and_not_what_they_say() {
    let product = Product::start().await;
    let (otto, ada) = (product.as_("otto"), product.as_("ada"));
    let invitation = json!({ "invitation": { "email": "zed@example.com", "name": "Zed", "role": "partner_user" } });
    let case = ada.open("invitation", invitation).await;
    let link = product.link("zed@example.com", "accept").await;
    let listed = otto
        .get(&format!("/v1/deliveries?kind=mail&status=sent&case={case}"))
        .await;
    assert!(!listed.text().contains(&link));
    let delivery = listed.ok()["items"][0].clone();
    assert_eq!(
        (&delivery["to"], &delivery["message"]),
        (&json!("zed@example.com"), &json!("invitation_mail"))
    );
    assert_eq!(
        otto.get("/v1/deliveries?kind=hook").await.ok()["items"],
        json!([])
    );
    let retry = format!(
        "/v1/deliveries/{}/retry",
        delivery["id"].as_str().expect("an id")
    );
    otto.post(&retry, json!({})).await.refused(404, "not_found");
    ada.post(&retry, json!({})).await.refused(403, "who");
    let nothing = "/v1/incidents/01980000-0000-7000-8000-00000000002a/retry";
    otto.post(nothing, json!({}))
        .await
        .refused(404, "not_found");
    for path in ["/v1/deliveries", "/v1/incidents"] {
        ada.get(path).await.refused(403, "who");
        product.as_("erp").get(path).await.refused(403, "who");
    }
}
