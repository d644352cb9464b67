//! What becomes of a command that cannot be carried out, and of the others of its batch; and what a lane answers that has
//! no room. Batches are made by holding the database until everybody has asked.

use std::sync::Arc;

use countersign_core::{
    case::Channel,
    command::Opening,
    name::Name,
    workflow::{NumberPart, NumberPattern, Workflow},
};
use countersign_engine::{
    Error, Manner, Publication, Render,
    ports::store::{PublishedWorkflow, RequestKey},
};
use countersign_tests::{Answer, Product, eventually, postgres};
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::aside::Aside;

/// Requests that share their batches, and every how many-th cannot be carried out.
const ASKED: usize = 40;
const POISONED: usize = 10;
/// More than all lanes hold: 4,096 each.
const TOO_MANY: usize = 24_000;

fn is_poisoned(n: usize) -> bool {
    n % POISONED == POISONED / 2
}

/// One opening of the `n`-th of those who ask.
fn opening(customer: &str) -> Json {
    let deal = json!({ "customer": customer, "amount": "5", "close_date": "2026-12-20" });
    json!({ "workflow": "deal_registration", "data": { "deal": deal } })
}

/// Waits until all but what the lanes have in hand is queued.
pub(super) async fn queued(product: &Product, asked: usize) {
    let engine = product.service().engine();
    eventually("the lanes' queues are filled", async || {
        (engine.queued() + asked / 2 >= asked).then_some(())
    })
    .await;
}

/// Waits until no lane takes more.
async fn settled(product: &Product) {
    let engine = product.service().engine();
    let (mut before, mut looks) = (0, 0);
    eventually("no lane takes more", async || {
        let queued = engine.queued();
        looks = if queued == before { looks + 1 } else { 0 };
        before = queued;
        (queued > 0 && looks == 10).then_some(())
    })
    .await;
}

/// On SQLite, or on the server that all suites are told to run on.
#[tokio::test(flavor = "multi_thread")]
async fn a_failing_statement_takes_nobody_else_along() {
    a_statement_fails(Product::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_statement_takes_nobody_else_along_on_postgresql() {
    if let Some(server) = postgres::server() {
        a_statement_fails(Product::start_on(&postgres::database(&server).await).await).await;
    }
}

async fn a_statement_fails(mut product: Product) {
    let aside = Aside::of(&product).await;
    aside.poison("INSERT", "NEW.title = 'Poison'").await;
    let pat = product.as_("pat");
    let held = aside.hold().await;
    let asked = join_all((0..ASKED).map(|n| {
        let customer = if is_poisoned(n) {
            "Poison".to_owned()
        } else {
            format!("Customer {n}")
        };
        let pat = pat.clone();
        async move { pat.post("/v1/cases", opening(&customer)).await }
    }));
    let release = async {
        queued(&product, ASKED).await;
        held.rollback().await.expect("it is given up");
    };
    let (answers, ()) = tokio::join!(asked, release);
    for (n, answer) in answers.into_iter().enumerate() {
        if is_poisoned(n) {
            answer.refused(503, "overloaded");
        } else {
            answer.created();
        }
    }
    let kept = ASKED - ASKED / POISONED;
    assert_eq!(aside.cases().await, kept);
    let ready = async || product.nobody().get("/readyz").await.status == 200;
    eventually("the store is sound", async || ready().await.then_some(())).await;
    product.stop().await;
    product.start_again().await;
    assert_eq!(aside.cases().await, kept, "what was answered is kept");
    product.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_takes_nobody_else_along() {
    somebody_panics(Product::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_takes_nobody_else_along_on_postgresql() {
    if let Some(server) = postgres::server() {
        somebody_panics(Product::start_on(&postgres::database(&server).await).await).await;
    }
}

/// Panics in two places: where the answer is made that is kept under a key, and where a case gets its number.
async fn somebody_panics(mut product: Product) {
    let aside = Aside::of(&product).await;
    publish_unsound(&product).await;
    let engine = product.service().engine();
    let pat = engine.authenticate(product.token("pat")).await;
    let pat = pat.expect("it is read").expect("pat is known").actor();
    let held = aside.hold().await;
    let asked = join_all((0..ASKED).map(|n| {
        let (workflow, render) = match n / POISONED % 2 {
            0 if is_poisoned(n) => ("deal_registration", Some(panics())),
            1 if is_poisoned(n) => ("unsound", None),
            _ => ("deal_registration", None),
        };
        let key = RequestKey {
            caller: "somebody".to_owned(),
            key: n.to_string(),
        };
        let manner = Manner {
            channel: Channel::Api,
            key: Some((key, [0; 32])),
            render,
        };
        engine.open_case(pat.clone(), manner, workflow, Opening::default())
    }));
    let release = async {
        queued(&product, ASKED).await;
        held.rollback().await.expect("it is given up");
    };
    let (answers, ()) = tokio::join!(asked, release);
    for (n, answer) in answers.into_iter().enumerate() {
        match answer {
            Err(Error::Defect(what)) if is_poisoned(n) => {
                assert!(what.contains("panic"), "{what}");
            }
            Ok(_) if !is_poisoned(n) => {}
            other => panic!("{n}: {other:?}"),
        }
    }
    let kept = ASKED - ASKED / POISONED;
    assert_eq!(aside.cases().await, kept);
    // And every lane goes on.
    let pat = product.as_("pat");
    for answer in join_all((0..16).map(|_| pat.post("/v1/cases", opening("Contoso")))).await {
        answer.created();
    }
    assert_eq!(aside.cases().await, kept + 16);
    product.stop().await;
}

fn panics() -> Render {
    Render(Arc::new(|_| panic!("no answer can be made")))
}

/// A workflow that no file can describe: its numbers are wider than can be written.
async fn publish_unsound(product: &Product) {
    let engine = product.service().engine();
    let shipped = engine.workflow("deal_registration");
    let unsound = Workflow {
        id: Name::parse("unsound").expect("a name"),
        number: NumberPattern::new(vec![NumberPart::Sequence(1 << 20)]),
        ..(*shipped.expect("it is shipped")).clone()
    };
    let published = PublishedWorkflow {
        id: unsound.id.clone(),
        version: unsound.version,
        path: "unsound.yaml".to_owned(),
        files: [("unsound.yaml".to_owned(), String::new())].into(),
        sha256: "0".repeat(64),
    };
    let publication = Publication {
        workflows: vec![(published, Arc::new(unsound))],
        lists: Vec::new(),
    };
    let published = engine.publish_by_itself(publication).await;
    published.expect("it is taken as it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_lane_says_when_to_come_again() {
    a_lane_is_full(Product::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_lane_says_when_to_come_again_on_postgresql() {
    if let Some(server) = postgres::server() {
        a_lane_is_full(Product::start_on(&postgres::database(&server).await).await).await;
    }
}

async fn a_lane_is_full(mut product: Product) {
    let aside = Aside::of(&product).await;
    let engine = product.service().engine();
    let pat = product.as_("pat");
    let open = || {
        let request = pat.request(Method::POST, "/v1/cases");
        Answer::of(request.json(&opening("Contoso")))
    };
    let wave = |of: &'static str| {
        join_all((0..TOO_MANY).map(move |n| {
            let key = RequestKey {
                caller: of.to_owned(),
                key: n.to_string(),
            };
            engine.answered_before(Manner {
                channel: Channel::Api,
                key: Some((key, [0; 32])),
                render: None,
            })
        }))
    };
    let held = aside.hold().await;
    let second = async {
        // Each lane takes a batch, and no more until the database goes on: what comes now fills the room that it left.
        settled(&product).await;
        tokio::join!(wave("second"), async {
            let refused = open().await;
            let after = refused.headers["retry-after"].to_str().expect("seconds");
            assert!(
                after.parse::<u32>().is_ok_and(|after| after >= 1),
                "{after}"
            );
            refused.refused(503, "overloaded");
            held.rollback().await.expect("it is given up");
        })
        .0
    };
    let (mut answers, more) = tokio::join!(wave("first"), second);
    answers.extend(more);
    let sent_away = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Error::Overloaded)))
        .count();
    assert!(sent_away > 0, "more than there is room for");
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(
        answered + sent_away,
        2 * TOO_MANY,
        "whoever waits is answered"
    );
    assert_eq!(aside.cases().await, 0, "nothing was done");
    open().await.created();
    product.stop().await;
}
