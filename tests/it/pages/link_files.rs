//! Whoever came by a mail link brings the files that its action requires, on its page and by the API, and no others; and a
//! link whose turn went to somebody else meanwhile decides nothing.

use countersign_cli::{HookWay, Source};
use countersign_tests::{Answer, Browser, Product, files};
use reqwest::{Method, RequestBuilder, header};
use serde_json::json;

const SUE: &str = "sue@example.com";
const QUOTE: &str = r#"
workflow: quote
version: 1
number: "Q-{seq:5}"
title: { en: Quote, zh: 报价 }
case_title: request.email
roles:
  buyer: { title: { en: Buyer, zh: 采购员 }, group: deal_reviewers }
  supplier: { title: { en: Supplier, zh: 供应商 }, is: link_holder, email: request.email }
forms:
  request:
    title: { en: Request, zh: 询价 }
    fields: { email: { title: { en: E-mail, zh: 邮箱 }, type: string, format: email } }
materials:
  offer:  { title: { en: Signed offer, zh: 报价单 }, accept: [pdf], max: 1 MB }
  extras: { title: { en: More papers, zh: 其他文件 }, accept: [pdf], max: 1 MB, optional: true }
  inner:  { title: { en: Our own sums, zh: 内部测算 }, accept: [pdf], max: 1 MB, optional: true }
open: { who: buyer, require: [request], to: waiting }
states:
  waiting:
    title: { en: Waiting for the supplier, zh: 等待供应商 }
    enter: [ { notify: please } ]
    edit: { supplier: [offer, extras], buyer: [inner] }
    actions:
      send:    { title: { en: Send the offer, zh: 提交报价 }, who: supplier, require: [offer], to: got }
      decline: { title: { en: Decline, zh: 谢绝 }, who: supplier, to: declined }
  got: { title: { en: Received, zh: 已收到 }, end: success }
  declined: { title: { en: Declined, zh: 已谢绝 }, end: failure }
messages:
  please:
    to: supplier
    subject: { en: "Your offer, please", zh: "请提交报价" }
    body: { en: "{{button.send}} {{button.decline}}", zh: "{{button.send}} {{button.decline}}" }
"#;

async fn product() -> Product {
    let files = vec![("quote.yaml".to_owned(), QUOTE.to_owned())];
    Product::start_with(HookWay::Taken, Source::Texts(files)).await
}

async fn asked(product: &Product) -> String {
    let request = json!({ "request": { "email": SUE } });
    product.as_("rita").open("quote", request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_brought_by_the_page_of_a_link() {
    let Some(mut browser) = Browser::start(320).await else {
        return;
    };
    browser.without_scripts().await;
    let product = product().await;
    let case = asked(&product).await;
    let url = product.service().url();
    let link = format!("{url}/l/{}", product.link(SUE, "send").await);
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("it is written");
        path
    };
    browser.open(&link).await;
    assert_eq!(browser.count("input[type=file]").await, 1, "the offer only");
    browser.click("main form button").await;
    let told = browser.text(".problem").await;
    assert!(told.contains("Signed offer"), "{told}");
    let text = write("offer.txt", b"Cheap.");
    browser.choose_file("input[type=file]", &text).await;
    browser.click("main form button").await;
    assert_eq!(browser.count(".field.wrong").await, 1, "it is no PDF");
    let offer = write("offer.pdf", &files::pdf());
    browser.choose_file("input[type=file]", &offer).await;
    browser.click("main form button").await;
    assert_eq!(browser.text("h1").await, "Thank you");
    // The other buyers see what came; she who asked is the starter, and sees what `show` names.
    let omar = product.as_("omar");
    let got = omar.case(&case).await;
    assert_eq!(got["state"], "got");
    assert_eq!(got["materials"]["offer"][0]["name"], "offer.pdf");
    let history = omar.get(&format!("/v1/cases/{case}/history")).await.ok();
    let items = history["items"].as_array().expect("items");
    let attached = items.iter().find(|entry| entry["what"] == "attached");
    assert_eq!(attached.expect("it was attached")["channel"], "link");
}

/// A file at an address, without any sign-in.
fn put(product: &Product, path: &str) -> RequestBuilder {
    product
        .nobody()
        .request(Method::PUT, path)
        .header(header::CONTENT_DISPOSITION, "attachment; filename=a.pdf")
        .body(files::pdf())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_takes_no_other_file_and_no_other_case() {
    let product = product().await;
    let (case, other) = (asked(&product).await, asked(&product).await);
    let links: Vec<String> = {
        let mails = product.mails(SUE).await;
        let links = mails
            .iter()
            .flat_map(|mail| mail["links"].as_array().expect("links"));
        let sends = links.filter(|link| link["action"] == "send");
        let tokens = sends.map(|link| link["url"].as_str().expect("an address"));
        tokens
            .filter_map(|url| url.rsplit('/').next().map(ToOwned::to_owned))
            .collect()
    };
    let declines = product.link(SUE, "decline").await;
    let path = |token: &str, material: &str| format!("/v1/links/{token}/materials/{material}");
    for material in ["inner", "extras", "nothing"] {
        let answer = Answer::of(put(&product, &path(&links[0], material))).await;
        answer.refused(404, "not_found");
    }
    let by_decline = Answer::of(put(&product, &path(&declines, "offer"))).await;
    by_decline.refused(404, "not_found");
    let forged = Answer::of(put(&product, &path("AAAA", "offer"))).await;
    forged.refused(404, "not_found");
    let case_path = format!("/v1/cases/{case}/materials/offer");
    let direct = Answer::of(put(&product, &case_path)).await;
    direct.refused(401, "unauthenticated");

    // By the page the same: a part for another material is refused, and nothing is sent.
    let body = "--b\r\ncontent-disposition: form-data; name=\"file.inner\"; filename=\"a.pdf\"\r\n\
                content-type: application/pdf\r\n\r\n%PDF-1.4\n%%EOF\n\r\n--b--\r\n";
    let url = product.service().url();
    let posted = product
        .nobody()
        .request(Method::POST, &format!("/l/{}", links[0]))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(header::ORIGIN, url)
        .body(body);
    assert_eq!(Answer::of(posted).await.status.as_u16(), 404);
    for case in [&case, &other] {
        let seen = product.as_("omar").case(case).await;
        assert_eq!(
            (&seen["state"], &seen["materials"]),
            (&json!("waiting"), &json!({}))
        );
    }

    // The right one is taken, once; afterwards the link is dead for files too.
    let brought = Answer::of(put(&product, &path(&links[0], "offer")))
        .await
        .ok();
    assert_eq!(brought["file"]["name"], "a.pdf");
    let send = product
        .nobody()
        .post(&format!("/v1/links/{}", links[0]), json!({}))
        .await;
    send.ok();
    let late = Answer::of(put(&product, &path(&links[0], "offer"))).await;
    late.refused(410, "link");
}
