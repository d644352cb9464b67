//! Invitation: answered by mail link, to the second; links that are dead, old or forged open nothing.

use countersign_tests::{Answer, Product};
use reqwest::Method;
use serde_json::{Value as Json, json};

const BOB: &str = "bob@example.com";

async fn invite(product: &Product) -> String {
    let invitation =
        json!({ "invitation": { "email": BOB, "name": "Bob", "role": "partner_user" } });
    product.as_("ada").open("invitation", invitation).await
}

async fn state(product: &Product, case: &str) -> Json {
    product.as_("ada").case(case).await["state"].clone()
}

/// Accepts with the code that is mailed when it is asked for.
async fn accept(product: &Product, token: &str) -> Answer {
    let path = format!("/v1/links/{token}");
    product
        .nobody()
        .post(&path, json!({}))
        .await
        .refused(428, "code_needed");
    let code = product.code(BOB).await;
    product.nobody().post(&path, json!({ "code": code })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_accepted_in_the_last_second() {
    let product = Product::start().await;
    let case = invite(&product).await;
    let token = product.link(BOB, "accept").await;
    product.wait("6 days 23 hours 59 minutes 59 seconds").await;
    let accepted = accept(&product, &token).await.ok();
    assert_eq!(accepted["case"]["state"], "accepted");
    assert_eq!(state(&product, &case).await, "accepted");
    let calls = product
        .as_("otto")
        .get("/v1/deliveries?kind=hook")
        .await
        .ok();
    assert_eq!(
        calls["items"].as_array().expect("items").len(),
        1,
        "add_member is called once"
    );
    product
        .nobody()
        .post(&format!("/v1/links/{token}"), json!({}))
        .await
        .refused(410, "link");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_expires_after_exactly_seven_days_and_can_be_sent_again() {
    let product = Product::start().await;
    let case = invite(&product).await;
    let first = product.link(BOB, "accept").await;
    product.wait("7 days").await;
    assert_eq!(state(&product, &case).await, "expired");
    product
        .nobody()
        .post(&format!("/v1/links/{first}"), json!({}))
        .await
        .refused(410, "link");
    product
        .nobody()
        .get(&format!("/v1/links/{first}"))
        .await
        .refused(410, "link");

    product
        .as_("ada")
        .act(&case, "resend", json!({}))
        .await
        .ok();
    assert_eq!(state(&product, &case).await, "waiting");
    let second = product.link(BOB, "accept").await;
    assert_ne!(first, second);
    product
        .nobody()
        .post(&format!("/v1/links/{first}"), json!({}))
        .await
        .refused(410, "link");
    accept(&product, &second).await.ok();
    assert_eq!(state(&product, &case).await, "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_again_restarts_the_seven_days() {
    let product = Product::start().await;
    let case = invite(&product).await;
    let old = product.link(BOB, "accept").await;
    product.wait("6 days").await;
    product
        .as_("ada")
        .act(&case, "resend", json!({}))
        .await
        .ok();
    // The old link is dead at once, and not only when the invitation has expired.
    let path = format!("/v1/links/{old}");
    let late = product.nobody().post(&path, json!({})).await;
    late.refused(410, "link");
    product.nobody().get(&path).await.refused(410, "link");
    product.wait("6 days").await;
    assert_eq!(state(&product, &case).await, "waiting");
    product.wait("1 day").await;
    assert_eq!(state(&product, &case).await, "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_link_changes_nothing_however_often() {
    let product = Product::start().await;
    let case = invite(&product).await;
    let token = product.link(BOB, "accept").await;
    let before = product.as_("ada").case(&case).await["etag"].clone();
    let json_path = format!("/v1/links/{token}");
    let page_path = format!("/l/{token}");
    for path in [&json_path, &page_path] {
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let answer = Answer::of(product.nobody().request(method, path)).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
    }
    let shown = product.nobody().get(&json_path).await.ok();
    assert_eq!(
        (&shown["case"]["number"], &shown["action"]),
        (&json!(case), &json!("accept"))
    );
    assert_eq!(product.as_("ada").case(&case).await["etag"], before);
    let mails = product.mails(BOB).await;
    assert!(
        mails
            .iter()
            .all(|mail| mail["message"] != "confirmation_code"),
        "looking mails no code"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_link_looks_like_none() {
    let product = Product::start().await;
    invite(&product).await;
    let token = product.link(BOB, "accept").await;
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    let forged = format!("{}{last}", &token[..token.len() - 1]);
    let nobody = product.nobody();
    let of_forged = nobody.post(&format!("/v1/links/{forged}"), json!({})).await;
    let of_nothing = nobody.post("/v1/links/nothing", json!({})).await;
    assert_eq!(of_forged.bytes, of_nothing.bytes);
    of_forged.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_are_counted_and_the_fifth_kills_the_code() {
    let product = Product::start().await;
    let case = invite(&product).await;
    let token = product.link(BOB, "accept").await;
    let path = format!("/v1/links/{token}");
    product
        .nobody()
        .post(&path, json!({}))
        .await
        .refused(428, "code_needed");
    let code = product.code(BOB).await;
    let wrong = if code == "00000000" {
        "00000001"
    } else {
        "00000000"
    };
    for _ in 0..5 {
        assert_eq!(
            product
                .nobody()
                .post(&path, json!({ "code": wrong }))
                .await
                .missing(),
            ["code"]
        );
    }
    assert_eq!(
        product
            .nobody()
            .post(&path, json!({ "code": code }))
            .await
            .missing(),
        ["code"],
        "the code is dead"
    );
    assert_eq!(state(&product, &case).await, "waiting");
    accept(&product, &token).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_administrator_invites_and_sends_again() {
    let product = Product::start().await;
    let case = invite(&product).await;
    let pat = product.as_("pat");
    let invitation =
        json!({ "invitation": { "email": BOB, "name": "Bob", "role": "partner_user" } });
    pat.post(
        "/v1/cases",
        json!({ "workflow": "invitation", "data": invitation }),
    )
    .await
    .refused(403, "who");
    pat.act(&case, "resend", json!({}))
        .await
        .refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_mail_says_who_invites_into_what_and_until_when() {
    let product = Product::start().await;
    invite(&product).await;
    let mails = product.mails(BOB).await;
    let [mail] = mails.as_slice() else {
        panic!("one mail: {mails:?}");
    };
    let subject = mail["subject"].as_str().expect("a subject");
    assert!(
        subject.starts_with(
            "You are invited to join as Partner user; answer by Mon 30 Nov 2026 09:00 UTC+8"
        ),
        "{subject}"
    );
    let text = mail["text"].as_str().expect("a text");
    for told in [
        "Your answer is wanted, as Invited person.",
        "Dear Bob, Ada invites you to join the partner programme as “Partner user”.",
        "Your answer is waited for until Mon 30 Nov 2026 09:00 UTC+8",
        "Why you get this: your address was given in this case, for “Invited person”.",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    // The button that is asked for is filled, the other one only has an edge.
    let html = mail["html"].as_str().expect("HTML");
    let of = |title: &str| {
        let end = html.find(&format!(">{title}</a>")).expect("a button");
        let start = html[..end].rfind("<table").expect("its table");
        html[start..end].to_owned()
    };
    assert!(of("Accept").contains("class=\"button\""));
    assert!(of("Decline").contains("class=\"button second\""));
}
