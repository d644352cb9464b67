//! Materials over HTTP: names, kinds, sizes, repetition, and how files are served.

use countersign_tests::{Answer, Client, Product, files};
use reqwest::Method;
use serde_json::json;

async fn approved(product: &Product) -> String {
    let pat = product.as_("pat");
    let deal =
        json!({ "deal": { "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let evaluation = json!({ "data": { "evaluation": { "grade": "A", "summary": "Sound" } } });
    product
        .as_("rita")
        .act(&case, "approve", evaluation)
        .await
        .ok();
    case
}

async fn put(
    client: &Client,
    case: &str,
    disposition: &str,
    key: Option<&str>,
    bytes: Vec<u8>,
) -> Answer {
    let path = format!("/v1/cases/{case}/materials/acceptance_report");
    let mut request = client
        .request(Method::PUT, &path)
        .header("content-disposition", disposition);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    Answer::of(request.body(bytes)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_served_as_an_attachment_that_nothing_runs_in() {
    let product = Product::start().await;
    let case = approved(&product).await;
    let pat = product.as_("pat");
    let disposition =
        "attachment; filename=\"x.pdf\"; filename*=UTF-8''%E9%AA%8C%E6%94%B6%20%22a%22.pdf";
    let file = put(&pat, &case, disposition, None, files::pdf()).await.ok()["file"].clone();
    assert_eq!(file["name"], "验收 \"a\".pdf");
    assert_eq!(
        (&file["type"], &file["size"]),
        (&json!("application/pdf"), &json!(files::pdf().len()))
    );
    let id = file["id"].as_str().expect("an id");
    let path = format!("/v1/cases/{case}/materials/acceptance_report/{id}");
    // Amy's role has not taken part yet; nina is of another partner.
    for stranger in ["amy", "nina"] {
        product
            .as_(stranger)
            .get(&path)
            .await
            .refused(404, "not_found");
    }
    let served = product.as_("rita").get(&path).await;
    assert_eq!(
        (served.status.as_u16(), &served.bytes),
        (200, &files::pdf())
    );
    for (header, value) in [
        ("content-type", "application/pdf"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "no-store"),
        (
            "content-disposition",
            "attachment; filename=\"__ _a_.pdf\"; filename*=UTF-8''%E9%AA%8C%E6%94%B6%20%22a%22.pdf",
        ),
    ] {
        assert_eq!(served.headers[header], value, "{header}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_upload_gets_its_first_answer_even_when_the_case_has_moved_on() {
    let product = Product::start().await;
    let case = approved(&product).await;
    let pat = product.as_("pat");
    let disposition = "attachment; filename=report.pdf";
    let first = put(&pat, &case, disposition, Some("k"), files::pdf()).await;
    let again = put(&pat, &case, disposition, Some("k"), files::pdf()).await;
    assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let mut other = files::pdf();
    other.push(b'\n');
    put(&pat, &case, disposition, Some("k"), other.clone())
        .await
        .refused(422, "idempotency_key_reused");
    put(
        &pat,
        &case,
        "attachment; filename=other.pdf",
        Some("k"),
        files::pdf(),
    )
    .await
    .refused(422, "idempotency_key_reused");

    let delivery =
        json!({ "data": { "delivery": { "delivered_on": "2026-11-20", "statement": "Done" } } });
    pat.act(&case, "apply_for_acceptance", delivery).await.ok();
    put(&pat, &case, disposition, None, other.clone())
        .await
        .refused(403, "who");
    put(&pat, &case, disposition, Some("new"), other)
        .await
        .refused(403, "who");
    let late = put(&pat, &case, disposition, Some("k"), files::pdf()).await;
    assert_eq!(late.bytes, first.bytes);
    let entries = pat.get(&format!("/v1/cases/{case}/history")).await.ok()["items"].clone();
    let attached = entries
        .as_array()
        .expect("items")
        .iter()
        .filter(|entry| entry["what"] == "attached")
        .count();
    assert_eq!(attached, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_file_of_this_material_is_refused() {
    let product = Product::start().await;
    let case = approved(&product).await;
    let pat = product.as_("pat");
    let name = "attachment; filename=report.pdf";
    let refused = put(&pat, &case, name, None, files::docx())
        .await
        .refused(415, "unsupported_media_type");
    assert_eq!(refused["missing"][0]["at"], "acceptance_report");
    put(&pat, &case, name, None, b"plain text".to_vec())
        .await
        .refused(415, "unsupported_media_type");
    let mut large = files::pdf();
    large.resize(20_000_001, b' ');
    let refused = put(&pat, &case, name, None, large)
        .await
        .refused(413, "too_large");
    assert_eq!(refused["max_bytes"], 20_000_000);
    for name in [
        "attachment; filename*=UTF-8''a%0D%0Ab.pdf",
        "attachment; filename=\"\"",
        "attachment; filename*=x",
    ] {
        put(&pat, &case, name, None, files::pdf())
            .await
            .refused(400, "malformed");
    }
    put(&product.as_("paul"), &case, name, None, files::pdf())
        .await
        .ok();
    put(&product.as_("rita"), &case, name, None, files::pdf())
        .await
        .refused(403, "who");
    pat.upload(&case, "nothing", "a.pdf", files::pdf())
        .await
        .refused(404, "not_found");
}
