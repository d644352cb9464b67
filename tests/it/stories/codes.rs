//! A confirmation code fits one person, one action, one case and one content, and nothing else.

use countersign_cli::{HookWay, Source};
use countersign_tests::{Client, Product};
use serde_json::{Value as Json, json};

const SHARED: &str = r"
shared: 1
languages: [en]
roles:
  side: { is: partner }
  partner_user: { group: partner_users }
";

/// Two actions by each of which the same people may end a case, and one that brings something along.
const TRANSFER: &str = r"
workflow: transfer
version: 1
forms:
  transfer: { fields: { sum: { type: money } } }
  remark: { fields: { text: { type: string, maxLength: 80 } } }
open: { who: partner_user, to: draft }
states:
  draft:
    edit: { side: [transfer] }
    actions:
      send: { who: side, require: [transfer, code], to: sent }
      tear_up: { who: side, require: [code], to: torn }
      remark_on_it: { who: side, require: [remark, code] }
  sent: { end: success }
  torn: { end: neutral }
";

async fn open(pat: &Client, sum: &str) -> String {
    pat.open("transfer", json!({ "transfer": { "sum": sum } }))
        .await
}

fn with(code: &str) -> Json {
    json!({ "code": code })
}

/// The code that is mailed to pat for this.
async fn asked(product: &Product, pat: &Client, case: &str, action: &str, body: Json) -> String {
    pat.act(case, action, body)
        .await
        .refused(428, "code_needed");
    product.code("pat@example.com").await
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_16_a_code_confirms_nothing_but_what_it_was_asked_for() {
    let files = [("shared.yaml", SHARED), ("transfer.yaml", TRANSFER)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let product = Product::start_with(HookWay::Taken, Source::Texts(files.to_vec())).await;
    let (pat, paul) = (product.as_("pat"), product.as_("paul"));
    let case = open(&pat, "5").await;
    let code = asked(&product, &pat, &case, "send", json!({})).await;

    let other = pat.act(&case, "tear_up", with(&code)).await;
    assert_eq!(other.missing(), ["code"], "another action");
    // Also where a code for that action is under way.
    let to_tear = asked(&product, &pat, &case, "tear_up", json!({})).await;
    assert_ne!(to_tear, code);
    let other = pat.act(&case, "tear_up", with(&code)).await;
    assert_eq!(other.missing(), ["code"], "another action");
    let by_paul = paul.act(&case, "send", with(&code)).await;
    assert_eq!(by_paul.missing(), ["code"], "another person");
    let elsewhere = open(&pat, "5").await;
    let other = pat.act(&elsewhere, "send", with(&code)).await;
    assert_eq!(other.missing(), ["code"], "another case");
    pat.act(&case, "send", with(&code)).await.ok();
    assert_eq!(pat.case(&case).await["state"], "sent");

    let says = |text: &str| json!({ "data": { "remark": { "text": text } } });
    let code = asked(&product, &pat, &elsewhere, "remark_on_it", says("Mine.")).await;
    for (text, why) in [("Yours.", "another content"), ("Mine", "nearly the same")] {
        let mut other = says(text);
        other["code"] = json!(code);
        let other = pat.act(&elsewhere, "remark_on_it", other).await;
        assert_eq!(other.missing(), ["code"], "{why}");
    }
    let mut same = says("Mine.");
    same["code"] = json!(code);
    pat.act(&elsewhere, "remark_on_it", same.clone()).await.ok();
    let again = pat.act(&elsewhere, "remark_on_it", same).await;
    assert_eq!(again.missing(), ["code"], "it counts once");

    let code = asked(&product, &pat, &elsewhere, "send", json!({})).await;
    let raised = json!({ "transfer": { "sum": "5000" } });
    pat.patch(&format!("/v1/cases/{elsewhere}"), raised)
        .await
        .ok();
    let more = pat.act(&elsewhere, "send", with(&code)).await;
    assert_eq!(more.missing(), ["code"], "the sum was changed after it");
}
