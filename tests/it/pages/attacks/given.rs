//! Texts that would run where they are not escaped, given by directories and operators instead of applicants: names of
//! people, partners, groups and files, titles of a workflow, and why something was held, handed on or moved.

use std::{collections::BTreeSet, iter};

use countersign_cli::{HookWay, Source};
use countersign_tests::{Browser, Client, Product};
use serde_json::json;

use super::{
    super::{sign_in, sign_out},
    stored::{attach, clean, corpus, harmless, runs_nothing},
};

const OFFICE: &str = r#"
workflow: office
version: 1
number: "O-{seq:5}"
title: TEXT
about: TEXT
case_title: request.what
roles:
  asker: { title: TEXT, is: starter }
  judge: { title: TEXT, group: deal_reviewers }
forms:
  request:
    title: TEXT
    fields:
      what: { title: TEXT, type: string }
      kind: { title: TEXT, enum: { one: TEXT, two: TEXT } }
materials:
  paper: { title: TEXT, accept: [pdf], max: 10 MB, count: 0..100 }
open: { who: asker, to: desk }
states:
  desk:
    title: TEXT
    edit: { asker: [request, paper] }
    actions:
      send: { title: TEXT, who: asker, confirm: TEXT, to: review }
  review:
    title: TEXT
    enter: [ { notify: please } ]
    review:
      by: judge
      decisions:
        approve: { title: TEXT, votes: 1, to: sorting }
        back: { title: TEXT, votes: 1, require: [comment], to: desk }
  sorting:
    title: TEXT
    actions:
      sort: { title: TEXT, who: judge, require: [code], to: done }
  done: { title: TEXT, end: success }
messages:
  please:
    to: reviewers
    subject: { en: "{{starter.name}} {{partner.name}} {{state.title}}", zh: "{{starter.name}} {{partner.name}} {{state.title}}" }
    body:
      en: "{{starter.name}} {{partner.name}} {{state.title}} {{paper.map(f, f.name)}} {{button.approve}} {{button.back}}"
      zh: "{{starter.name}} {{partner.name}} {{state.title}} {{paper.map(f, f.name)}} {{button.approve}} {{button.back}}"
"#;

/// The corpus in as few texts as fit into so many bytes.
fn packed(most: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    for text in corpus().iter().map(|text| clean(text)) {
        match all.last_mut() {
            Some(last) if last.len() + text.len() < most => last.push_str(&text),
            _ => all.push(text),
        }
    }
    all
}

/// A workflow whose every title runs where it is not escaped, in both languages.
fn office() -> String {
    let texts = packed(200);
    let mut texts = texts.iter().cycle();
    // Two braces would be an expression of the workflow's own.
    let title = |text: &String| json!(text.replace("{{", "{ {")).to_string();
    let mut next = || texts.next().map(title);
    let mut pieces = OFFICE.split("TEXT");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |mut whole, piece| {
        let (en, zh) = (next().unwrap_or_default(), next().unwrap_or_default());
        whole += &["{ en: ", &en, ", zh: ", &zh, " }", piece].concat();
        whole
    })
}

struct Town {
    product: Product,
    /// Each has a name that runs, and may vote.
    judges: Vec<String>,
    case: String,
}

impl Town {
    async fn new() -> Self {
        let files = vec![("office.yaml".to_owned(), office())];
        let product = Product::start_with(HookWay::Taken, Source::Texts(files)).await;
        let ada = product.as_("ada");
        let names = packed(390);
        let mut judges = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let (who, partner) = (format!("judge{at}"), format!("partner{at}"));
            ada.put(&format!("/v1/partners/{partner}"), json!({ "name": name }))
                .await
                .ok();
            person(
                &ada,
                &who,
                name,
                None,
                if at % 2 == 0 { "en" } else { "zh" },
            )
            .await;
            member(&ada, "deal_reviewers", &who).await;
            let starter = format!("starter{at}");
            person(&ada, &starter, name, Some(&partner), "en").await;
            let draft = json!({ "workflow": "office", "data": { "request": { "kind": "one" } } });
            let starter = speaks_for(&product, &starter).await;
            starter.post("/v1/cases", draft).await.created();
            judges.push(who);
        }
        let acme = json!({ "name": names[1] });
        ada.put("/v1/partners/acme", acme).await.ok();
        person(&ada, "pat", &names[0], Some("acme"), "en").await;
        person(&ada, "rita", &names[2], None, "zh").await;
        person(&ada, "heir", &names[3], None, "en").await;
        member(&ada, "'><script>window.ran=1<!--", "rita").await;
        let case = full(&product, &judges).await;
        Self {
            product,
            judges,
            case,
        }
    }
}

async fn person(ada: &Client, id: &str, name: &str, partner: Option<&str>, language: &str) {
    let email = format!("{id}@example.com");
    let body = json!({ "name": name, "email": email, "language": language, "partner": partner });
    ada.put(&format!("/v1/people/{id}"), body).await.ok();
}

async fn member(ada: &Client, group: &str, who: &str) {
    let group = group.replace('<', "%3C").replace('>', "%3E");
    let path = format!("/v1/groups/{group}/members/{who}");
    ada.put(&path, json!({})).await.ok();
}

async fn speaks_for(product: &Product, who: &str) -> Client {
    let ada = product.as_("ada");
    let made = ada.post("/v1/tokens", json!({ "person": who })).await;
    let token = made.created()["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    Client::new(product.service().url(), Some(&token))
}

/// A case with files of such names, comments of all who are called so, and reasons that run.
async fn full(product: &Product, judges: &[String]) -> String {
    let (pat, otto) = (product.as_("pat"), product.as_("otto"));
    let reasons = packed(3800);
    let mut reasons = reasons.iter().cycle();
    let mut why = || reasons.next().cloned().unwrap_or_default();
    let daily = speaks_for(product, &judges[3]).await;
    let mut wishes = daily.get("/v1/me/mail").await.ok();
    wishes["daily"] = json!("08:30");
    daily.put("/v1/me/mail", wishes).await.ok();
    let case = pat.open("office", json!({})).await;
    for name in packed(190) {
        attach(
            &pat,
            &case,
            "paper",
            &format!("{}.pdf", name.replace('/', "∕")),
        )
        .await;
    }
    let send = json!({ "confirm": true });
    pat.act(&case, "send", send.clone()).await.ok();
    for judge in judges {
        let says = speaks_for(product, judge).await;
        let path = format!("/v1/cases/{case}/comments");
        says.post(&path, json!({ "text": judge })).await.ok();
    }
    let of_case = |what: &str| format!("/v1/cases/{case}/{what}");
    for _ in 0..4 {
        for what in ["hold", "resume"] {
            let body = json!({ "reason": why() });
            otto.post(&of_case(what), body).await.ok();
        }
    }
    let handed = json!({ "from": judges[0], "to": "heir", "reason": why() });
    otto.post(&of_case("reassign"), handed).await.ok();
    let approves = speaks_for(product, &judges[1]).await;
    approves.act(&case, "approve", json!({})).await.ok();

    // A plain state's turn: a code for its action is mailed, and it goes back and forth.
    let owner = speaks_for(product, &judges[2]).await;
    let asks = owner.act(&case, "sort", json!({})).await;
    asks.refused(428, "code_needed");
    let heir = speaks_for(product, "heir").await;
    for _ in 0..4 {
        for (from, to) in [(&owner, "heir"), (&heir, judges[2].as_str())] {
            let handed = json!({ "to": to, "reason": why() });
            from.post(&of_case("delegate"), handed).await.ok();
        }
    }
    let back = json!({ "to": "desk", "reason": why() });
    otto.post(&of_case("move"), back).await.ok();
    pat.act(&case, "send", send).await.ok();
    case
}

#[tokio::test(flavor = "multi_thread")]
async fn what_directories_and_operators_give_runs_nowhere() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let town = Town::new().await;
    let url = town.product.service().url();
    let token = town.product.token("rita");
    runs_nothing(&browser, url, &format!("/sign-in/{token}")).await;
    for who in ["pat", "rita", "otto"] {
        sign_in(&browser, &town.product, who).await;
        for page in pages(&town.case, who) {
            // English last, for signing out is pressed by its English words.
            for language in ["zh", "en"] {
                let and = if page.contains('?') { '&' } else { '?' };
                runs_nothing(&browser, url, &format!("{page}{and}lang={language}")).await;
            }
        }
        sign_out(&browser).await;
    }
    runs_nothing(&browser, url, "/mailbox?to=heir@example.com").await;
    let complaints = browser.complaints().await;
    let mut of_policy = complaints.iter();
    let of_policy = of_policy.find(|line| line.contains("Content Security Policy"));
    assert_eq!(of_policy, None, "{complaints:?}");
}

fn pages(case: &str, who: &str) -> Vec<String> {
    let tabs = [
        "",
        "/everything",
        "/changes",
        "/files",
        "/history",
        "/why?action=approve",
        "/diagram",
    ];
    let around = [
        "/",
        "/?section=waiting",
        "/?section=done",
        "/cases",
        "/new",
        "/new/office",
        "/workflows/office",
        "/me",
        "/account",
    ];
    let of_operators = [
        "/operate",
        "/operate/incidents",
        "/operate/deliveries",
        "/operate/timers",
        "/operate/versions/office",
    ];
    let mut all: Vec<String> = tabs.map(|tab| format!("/cases/{case}{tab}")).to_vec();
    all.extend(around.map(str::to_owned));
    if who == "otto" {
        all.extend(of_operators.map(str::to_owned));
        all.push(format!("/operate/cases/{case}"));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn in_mails_names_titles_and_reasons_run_nothing() {
    let Some(browser) = Browser::start(640).await else {
        return;
    };
    let town = Town::new().await;
    // They are there: nothing has kept them out.
    let history = town.product.as_("otto");
    let path = format!("/v1/cases/{}/history?limit=200", town.case);
    let history = history.get(&path).await.ok().to_string();
    for told in [
        "reassigned",
        "delegated",
        "hold",
        "resume",
        "move",
        "attached",
    ] {
        assert!(history.contains(told), "{told}");
    }
    assert!(history.contains("window.ran=1"));

    town.product.wait("1 day").await;
    let (mut kinds, mut texts) = (BTreeSet::new(), String::new());
    let others = ["heir", "pat", "rita"].map(str::to_owned);
    for who in town.judges.iter().chain(&others) {
        for mail in town.product.mails(&format!("{who}@example.com")).await {
            harmless(&browser, &mail).await;
            kinds.insert(mail["message"].as_str().unwrap_or_default().to_owned());
            texts.extend(iter::once(mail["text"].as_str().unwrap_or_default()));
        }
    }
    assert_eq!(
        kinds,
        [
            "confirmation_code",
            "daily",
            "handed_on",
            "please",
            "settled"
        ]
        .map(str::to_owned)
        .into()
    );
    let ran = texts.matches("window.ran=1").count();
    assert!(ran > 1000, "{ran}: names, titles and reasons are told");
}
