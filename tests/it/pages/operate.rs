//! The operator's pages: what they count, the tools for one case and for all of a version, and that they are nobody else's.

use std::time::Duration;

use countersign_cli::{HookWay, Source};
use countersign_tests::{Answer, Product, eventually};
use reqwest::Method;
use serde_json::json;

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
    due: 2 days
    timers: { nudge: { after: 1 day, to: asked } }
    edit: { applicant: [wish] }
    actions: { send: { who: applicant, require: [wish], to: asked } }
  asked:
    actions: { close: { who: applicant, to: over } }
  over: { end: success }
"#;

fn texts(wish: &str) -> Source {
    let text = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    Source::Texts(vec![text("shared.yaml", SHARED), text("wish.yaml", wish)])
}

async fn wishes(count: usize) -> (Product, Vec<String>) {
    let product = Product::start_with(HookWay::Taken, texts(WISH)).await;
    let pat = product.as_("pat");
    let mut cases = Vec::new();
    for n in 0..count {
        let wish = json!({ "wish": { "what": format!("Chair {n}") } });
        cases.push(pat.open("wish", wish).await);
    }
    (product, cases)
}

/// A page as text, which must be there.
async fn page(visit: &Visit, path: &str) -> String {
    let answer = visit.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fires_is_told_in_words_and_not_by_its_name_in_the_file() {
    let (product, _) = wishes(1).await;
    let otto = Visit::of(&product, "otto").await;
    let timers = page(&otto, "/operate/timers?lang=en").await;
    assert!(timers.contains("(after 1 day)"), "{timers}");
    let chinese = page(&otto, "/operate/timers?lang=zh").await;
    assert!(
        chinese.contains("进入“") && chinese.contains("（1 天后）"),
        "{chinese}"
    );
    assert!(!timers.contains("nudge") && !chinese.contains("nudge"));
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_where_all_cases_stand_and_nobody_else_does() {
    let (product, cases) = wishes(3).await;
    let pat = product.as_("pat");
    pat.act(&cases[0], "send", json!({})).await.ok();
    let otto = Visit::of(&product, "otto").await;
    let overview = page(&otto, "/operate").await;
    for bar in ["2 cases, 0 late", "1 case, 0 late"] {
        assert!(
            overview.contains(&format!("aria-label=\"{bar}\"")),
            "{bar}: {overview}"
        );
    }
    let chinese = page(&otto, "/operate?lang=zh").await;
    assert!(chinese.contains("2 件，逾期 0 件"), "{chinese}");
    let timers = page(&otto, "/operate/timers").await;
    assert!(
        timers.contains("(after 1 day)")
            && timers.contains("a timer that cannot do its work")
            && timers.contains(&cases[1])
            && !timers.contains("overdue since")
    );
    // The scheduler fires what is due; a case on hold stays, and is late.
    let hold = json!({ "reason": "asked for" });
    product
        .as_("otto")
        .post(&format!("/v1/cases/{}/hold", cases[2]), hold)
        .await
        .ok();
    product.wait("3 days").await;
    let otto = Visit::of(&product, "otto").await;
    let overview = page(&otto, "/operate").await;
    assert!(
        overview.contains("aria-label=\"1 case, 1 late\""),
        "{overview}"
    );
    assert!(overview.contains("1 on hold"), "{overview}");
    let workflow = page(&otto, "/workflows/wish").await;
    assert!(workflow.contains("Cases now"), "{workflow}");
    let picture = page(&otto, "/workflows/wish/diagram.svg").await;
    assert!(picture.contains("data-count=\"2\"") && picture.contains("data-count=\"1\""));

    let rita = Visit::of(&product, "rita").await;
    for path in [
        "",
        "/incidents",
        "/deliveries",
        "/timers",
        "/versions",
        "/versions/wish",
        "/live",
        "/find?number=W-00001",
        "/cases/W-00001",
    ] {
        let path = format!("/operate{path}");
        assert_eq!(rita.get(&path).await.status, 403, "{path}");
    }
    let form = format!("seal={}&reason=because", rita.seal);
    for path in [
        "/operate/incidents/retry",
        "/operate/deliveries/retry",
        "/operate/cases/W-00001/hold",
        "/operate/versions/wish/move",
    ] {
        assert_eq!(rita.send(path, &form).await.status, 403, "{path}");
    }
    let workflow = page(&rita, "/workflows/wish").await;
    assert!(!workflow.contains("Cases now") && workflow.contains("Versions"));
    let picture = page(&rita, "/workflows/wish/diagram.svg").await;
    assert!(!picture.contains("data-count"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_held_moved_and_let_go_with_a_reason() {
    let (product, cases) = wishes(1).await;
    let otto = Visit::of(&product, "otto").await;
    let case = &cases[0];
    let tools = format!("/operate/cases/{case}");
    assert!(
        page(&otto, &tools)
            .await
            .contains("It runs on the newest version.")
    );
    let send = async |tool: &str, more: &str| {
        let form = format!("seal={}&{more}", otto.seal);
        otto.send(&format!("{tools}/{tool}"), &form).await
    };
    let blank = send("hold", "reason=+").await;
    assert_eq!(blank.status, 422);
    assert!(blank.text().contains("Say why."), "{}", blank.text());
    let unknown = send("move", "reason=why+not&to=nowhere").await;
    assert_eq!(unknown.status, 422);
    assert!(
        unknown.text().contains("value=\"why not\""),
        "what was typed is kept"
    );
    assert_eq!(send("erase", "reason=x").await.status, 404);
    for (tool, more, lifecycle, state) in [
        ("hold", "reason=Asked+for", "on_hold", "draft"),
        ("resume", "reason=Asked+for", "running", "draft"),
        ("move", "reason=Wrong+place&to=asked", "running", "asked"),
        ("move", "reason=Withdrawn&to=over", "ended", "over"),
    ] {
        let done = send(tool, more).await;
        assert_eq!(done.status, 303, "{tool}: {}", done.text());
        let now = product.as_("otto").case(case).await;
        assert_eq!(
            (&now["lifecycle"], &now["state"]),
            (&json!(lifecycle), &json!(state))
        );
    }
    assert_eq!(send("hold", "reason=late").await.status, 422, "it is over");
    let history = page(&otto, &format!("/cases/{case}/history")).await;
    assert!(history.contains("Wrong place") && history.contains("Withdrawn"));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_cases_of_a_version_are_looked_at_and_moved() {
    let (product, cases) = wishes(5).await;
    let second = WISH
        .replace("version: 1", "version: 2")
        .replace("draft", "start")
        + "migrate: { 1: { states: { draft: start } } }\n";
    let publication = texts(&second).publication().expect("it is right");
    let engine = product.service().engine();
    engine
        .publish_by_itself(publication)
        .await
        .expect("it is published");
    let otto = Visit::of(&product, "otto").await;
    let step = page(&otto, "/operate/versions/wish?from=1&to=2").await;
    assert!(
        step.contains("What has changed") && step.matches(">Safe").count() == 5,
        "{step}"
    );
    let case = page(&otto, &format!("/operate/cases/{}?version=2", cases[0])).await;
    assert!(
        case.contains("Move to version 2") && case.contains(">Safe"),
        "{case}"
    );
    let send = async |more: &str| {
        let form = format!("seal={}&from=1&to=2&{more}", otto.seal);
        otto.send("/operate/versions/wish/move", &form).await
    };
    assert_eq!(send("reason=").await.status, 422);
    assert_eq!(send("reason=New+rules").await.status, 303);
    let finished = eventually("all are moved", async || {
        let shown = page(&otto, "/operate/versions/wish").await;
        shown.contains("Finished").then_some(shown)
    });
    let finished = finished.await;
    assert!(finished.contains("Moved: 5"), "{finished}");
    for case in &cases {
        assert_eq!(product.as_("otto").case(case).await["version"], 2);
    }
    assert!(page(&otto, "/operate/versions").await.contains("wish"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_is_told_when_something_has_changed() {
    let (product, _) = wishes(1).await;
    let otto = Visit::of(&product, "otto").await;
    let overview = page(&otto, "/operate").await;
    assert!(overview.contains("data-live=\"/operate/live\""));
    let following = otto.request(Method::GET, "/operate/live").send().await;
    let mut following = following.expect("it is answered");
    assert_eq!(following.headers()["content-type"], "text/event-stream");
    product.as_("pat").open("wish", json!({})).await;
    let told = async {
        let mut text = String::new();
        while !text.contains("event: changed") {
            let chunk = following.chunk().await.expect("it goes on");
            text.push_str(&String::from_utf8_lossy(&chunk.expect("it goes on")));
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(20), told).await;
    assert!(told.is_ok(), "it was told");
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_found_by_kind_standing_and_case() {
    let product = Product::start().await;
    let ada = product.as_("ada");
    let invited = json!({ "invitation": { "email": "bob@example.com", "name": "Bob", "role": "partner_user" } });
    let case = ada.open("invitation", invited).await;
    product.mails("bob@example.com").await;
    let otto = Visit::of(&product, "otto").await;
    let list = async |query: &str| page(&otto, &format!("/operate/deliveries?{query}")).await;
    assert!(list("").await.contains("bob@example.com"));
    let by_case = format!("kind=mail&status=sent&case={case}");
    assert!(list(&by_case).await.contains("bob@example.com"));
    for none in [
        "kind=hook",
        "status=dead",
        "status=waiting",
        "case=NO-2026-1",
    ] {
        assert!(list(none).await.contains("Nothing here"), "{none}");
    }
    let form = format!("seal={}&kind=mail", otto.seal);
    let all: Answer = otto.send("/operate/deliveries/retry", &form).await;
    let to = all.headers["location"].to_str().expect("an address");
    assert_eq!(to, "/operate/deliveries?kind=mail&tried=0");
}
