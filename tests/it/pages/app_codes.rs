//! Confirmation codes of an app: set up on the page by a first code, each good once, and not to be guessed.

use chrono::TimeDelta;
use countersign_cli::{HookWay, Source};
use countersign_tests::{Answer, Product};
use serde_json::json;
use totp_rs::Builder;

use super::Visit;

const SHARED: &str = r"
shared: 1
languages: [en]
roles:
  applicant: { is: starter }
  asker: { group: partner_users }
";
const WISH: &str = r#"
workflow: wish
version: 1
number: "W-{seq:5}"
forms: { wish: { fields: { what: { type: string } } } }
open: { who: asker, to: draft }
states:
  draft:
    edit: { applicant: [wish] }
    actions: { send: { who: applicant, require: [wish, code], to: over } }
  over: { end: success }
"#;

/// What stands between these two on a page.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let rest = page
        .split(before)
        .nth(1)
        .unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split(after).next().expect("a beginning")
}

/// The bytes of a key as people type it.
fn bytes(key: &str) -> [u8; 20] {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let fives = key
        .bytes()
        .filter_map(|letter| letters.iter().position(|known| *known == letter));
    let bits: Vec<bool> = fives
        .flat_map(|five| (0..5).rev().map(move |bit| five >> bit & 1 == 1))
        .collect();
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    let bytes: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
    bytes.try_into().expect("a key has twenty bytes")
}

/// What the app shows so many seconds from now.
fn shown(product: &Product, key: &str, later: i64) -> String {
    let at = u64::try_from(product.now().timestamp() + later).expect("after 1970");
    let app = Builder::new().with_secret(bytes(key)).build_noncompliant();
    app.generate(at).to_string()
}

async fn mailed_codes(product: &Product) -> usize {
    let mails = product.mails("pat@example.com").await;
    let codes = mails
        .iter()
        .filter(|mail| mail["message"] == "confirmation_code");
    codes.count()
}

async fn wishes() -> Product {
    let text = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files = vec![text("shared.yaml", SHARED), text("wish.yaml", WISH)];
    Product::start_with(HookWay::Taken, Source::Texts(files)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_an_app_confirms_once() {
    let product = wishes().await;
    let visit = Visit::of(&product, "pat").await;
    let page = visit.get("/account").await.text();
    let (salt, key) = (
        between(&page, "name=\"salt\" value=\"", "\""),
        between(&page, "<code>", "</code>"),
    );
    assert!(page.contains("role=\"img\""), "it is drawn too");
    let put = async |code: &str| {
        let form = format!("seal={}&salt={salt}&code={code}", visit.seal);
        visit.send("/account/app", &form).await
    };
    let wrong = put("000000").await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains(key),
        "the app need not be set up again"
    );
    let first = shown(&product, key, 0);
    assert_eq!(put(&first).await.status, 303);
    let page = visit.get("/account").await.text();
    assert!(
        page.contains("Take the app away") && !page.contains("<code>"),
        "the key is shown once"
    );

    let pat = product.as_("pat");
    let wish = json!({ "wish": { "what": "A chair" } });
    let (one, two) = (
        pat.open("wish", wish.clone()).await,
        pat.open("wish", wish).await,
    );
    let send = async |case: &str, code: &str| -> Answer {
        pat.act(case, "send", json!({ "code": code })).await
    };
    pat.act(&one, "send", json!({}))
        .await
        .refused(428, "code_needed");
    assert_eq!(mailed_codes(&product).await, 0, "none is mailed");
    send(&one, &first).await.refused(422, "refused");
    product.clock().advance(TimeDelta::seconds(60));
    let next = shown(&product, key, 0);
    send(&one, &next).await.ok();
    send(&two, &next).await.refused(422, "refused");
    send(&two, &shown(&product, key, -30))
        .await
        .refused(422, "refused");
    // The last two were wrong; with three more five are, and none counts for an hour.
    for guess in 0..3 {
        send(&two, &format!("00000{guess}"))
            .await
            .refused(422, "refused");
    }
    product.clock().advance(TimeDelta::seconds(60));
    send(&two, &shown(&product, key, 0))
        .await
        .refused(422, "refused");
    product.clock().advance(TimeDelta::minutes(61));
    send(&two, &shown(&product, key, 0)).await.ok();
    product.clock().advance(TimeDelta::seconds(60));
    let form = format!("seal={}&code={}", visit.seal, shown(&product, key, 0));
    let visit = Visit::of(&product, "pat").await;
    let form = form.replace(between(&form, "seal=", "&"), &visit.seal);
    assert_eq!(visit.send("/account/app/remove", &form).await.status, 303);
    assert!(visit.get("/account").await.text().contains("<code>"));
}

/// By a link of a mail too: its page asks for the code of the app, and none is mailed.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_asks_for_the_code_of_the_app() {
    let notified = WISH.replace(
        "    edit: {",
        "    enter: [ { notify: yours } ]\n    edit: {",
    ) + r#"
messages:
  yours: { to: applicant, subject: "Your wish", body: "{{button.send}}" }
"#;
    let text = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files = vec![text("shared.yaml", SHARED), text("wish.yaml", &notified)];
    let product = Product::start_with(HookWay::Taken, Source::Texts(files)).await;
    let visit = Visit::of(&product, "pat").await;
    let page = visit.get("/account").await.text();
    let (salt, key) = (
        between(&page, "name=\"salt\" value=\"", "\""),
        between(&page, "<code>", "</code>"),
    );
    let first = shown(&product, key, 0);
    let form = format!("seal={}&salt={salt}&code={first}", visit.seal);
    assert_eq!(visit.send("/account/app", &form).await.status, 303);
    let pat = product.as_("pat");
    let wish = json!({ "wish": { "what": "A chair" } });
    let case = pat.open("wish", wish).await;
    let token = product.link("pat@example.com", "send").await;
    let press = async |form: &str| {
        let link = format!("/l/{token}");
        let nobody = Visit::nobody(&product).await;
        nobody.send(&link, form).await
    };
    let asked = press("").await.text();
    assert!(
        asked.contains("name=\"code\"") && asked.contains("app"),
        "{asked}"
    );
    assert_eq!(mailed_codes(&product).await, 0, "none is mailed");
    press(&format!("code={first}")).await;
    assert_eq!(pat.case(&case).await["state"], "draft", "it was used");
    product.clock().advance(TimeDelta::seconds(60));
    let done = press(&format!("code={}", shown(&product, key, 0))).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(pat.case(&case).await["end"], "success");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_set_up_by_who_has_just_signed_in_and_reset_by_an_administrator() {
    let product = wishes().await;
    let old = Visit::of(&product, "pat").await;
    let page = old.get("/account").await.text();
    let (salt, key) = (
        between(&page, "name=\"salt\" value=\"", "\""),
        between(&page, "<code>", "</code>"),
    );
    let form = |visit: &Visit| {
        let code = shown(&product, key, 0);
        format!("seal={}&salt={salt}&code={code}", visit.seal)
    };
    product.clock().advance(TimeDelta::minutes(16));
    assert_eq!(old.send("/account/app", &form(&old)).await.status, 422);
    let page = old.get("/account").await.text();
    assert!(!page.contains("<code>") && page.contains("Sign out and in again"));
    let out = format!("seal={}&to=%2Faccount", old.seal);
    let out = old.send("/sign-out", &out).await;
    assert_eq!(out.headers["location"], "/sign-in?to=%2Faccount");

    let visit = Visit::of(&product, "pat").await;
    assert_eq!(visit.send("/account/app", &form(&visit)).await.status, 303);
    // Another app takes its place only after this one was taken away.
    let (other, _) = salt.split_at(salt.len() - 1);
    let second = format!("seal={}&salt={other}A&code=000000", visit.seal);
    assert_eq!(visit.send("/account/app", &second).await.status, 422);
    assert_eq!(visit.send("/account/app", &form(&visit)).await.status, 422);

    let path = "/v1/people/pat/authenticator";
    product.as_("pat").delete(path).await.refused(403, "who");
    product.as_("ada").delete(path).await.ok();
    assert!(visit.get("/account").await.text().contains("<code>"));
    let pat = product.as_("pat");
    let wish = pat
        .open("wish", json!({ "wish": { "what": "A chair" } }))
        .await;
    let needed = pat.act(&wish, "send", json!({})).await;
    needed.refused(428, "code_needed");
    let mails = product.mails("pat@example.com").await;
    let codes = mails
        .iter()
        .filter(|mail| mail["message"] == "confirmation_code");
    assert_eq!(codes.count(), 1, "they are mailed again");
}
