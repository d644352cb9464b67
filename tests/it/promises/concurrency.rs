//! Many at once: votes, repeated keys, stale etags, clients that go away in the middle.

use std::time::Duration;

use countersign_tests::{Answer, Product, postgres};
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::aside::Aside;

fn deal(amount: &str) -> Json {
    json!({ "deal": { "customer": "Contoso", "amount": amount, "close_date": "2026-12-20" } })
}

fn evaluation() -> Json {
    json!({ "data": { "evaluation": { "grade": "A", "summary": "Agreed" } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_approvals_at_once_are_two_votes_and_one_transition() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat.open("deal_registration", deal("2000000")).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let reviewers = [product.as_("rita"), product.as_("omar")];
    let votes = (0..200).map(|i| {
        let (reviewer, case) = (reviewers[i % 2].clone(), case.clone());
        async move {
            reviewer
                .act(&case, "approve", evaluation())
                .await
                .status
                .as_u16()
        }
    });
    let statuses = join_all(votes).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 2);
    assert!(
        statuses.iter().all(|status| [200, 409].contains(status)),
        "{statuses:?}"
    );

    let history = pat
        .get(&format!("/v1/cases/{case}/history?limit=200"))
        .await
        .ok();
    let entries = history["items"].as_array().expect("items");
    let count = |what: &str| entries.iter().filter(|entry| entry["what"] == what).count();
    assert_eq!((count("vote"), count("decision")), (2, 1));
    assert_eq!(pat.case(&case).await["state"], "approved.result_ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_gives_the_first_answer_and_one_effect() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let body = json!({ "workflow": "deal_registration", "data": deal("5") });
    let send = || {
        let request = pat
            .request(Method::POST, "/v1/cases")
            .header("idempotency-key", "open-1")
            .json(&body);
        Answer::of(request)
    };
    let answers = join_all((0..20).map(|_| send())).await;
    let fresh: Vec<_> = answers
        .iter()
        .filter(|answer| !answer.headers.contains_key("idempotency-replayed"))
        .collect();
    assert_eq!(fresh.len(), 1);
    for answer in &answers {
        assert_eq!(
            (answer.status.as_u16(), &answer.bytes),
            (201, &answers[0].bytes)
        );
        assert_eq!(answer.headers["location"], answers[0].headers["location"]);
    }
    let listed = pat.get("/v1/cases").await.ok();
    assert_eq!(listed["items"].as_array().expect("items").len(), 1);

    let other = pat
        .request(Method::POST, "/v1/cases")
        .header("idempotency-key", "open-1");
    let other = other.json(&json!({ "workflow": "deal_registration", "data": deal("6") }));
    Answer::of(other)
        .await
        .refused(422, "idempotency_key_reused");
    let nina = product
        .as_("nina")
        .request(Method::POST, "/v1/cases")
        .header("idempotency-key", "open-1")
        .json(&body);
    Answer::of(nina).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_leaves_the_key_free() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat.open("deal_registration", json!({})).await;
    let submit = || {
        let path = format!("/v1/cases/{case}/actions/submit");
        Answer::of(
            pat.request(Method::POST, &path)
                .header("idempotency-key", "submit-1")
                .json(&json!({})),
        )
    };
    assert_eq!(submit().await.missing(), ["deal"]);
    pat.patch(&format!("/v1/cases/{case}"), deal("5"))
        .await
        .ok();
    submit().await.ok();
    let again = submit().await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.ok()["case"]["state"], "review");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_etag_is_refused() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat.open("deal_registration", deal("5")).await;
    let path = format!("/v1/cases/{case}");
    let seen = pat.get(&path).await.headers["etag"].clone();
    pat.patch(&path, json!({ "deal": { "amount": "6" } }))
        .await
        .ok();
    let submit = |etag: reqwest::header::HeaderValue| {
        let path = format!("{path}/actions/submit");
        Answer::of(
            pat.request(Method::POST, &path)
                .header("if-match", etag)
                .json(&json!({})),
        )
    };
    submit(seen.clone()).await.refused(412, "stale");
    let same_field = pat.request(Method::PATCH, &path).header("if-match", &seen);
    Answer::of(same_field.json(&json!({ "deal": { "amount": "7" } })))
        .await
        .refused(412, "stale");
    let other_field = pat.request(Method::PATCH, &path).header("if-match", &seen);
    let merged = Answer::of(other_field.json(&json!({ "deal": { "note": "n" } })))
        .await
        .ok();
    assert_eq!(merged["case"]["data"]["deal"]["amount"], "6.00");
    let fresh = pat.get(&path).await.headers["etag"].clone();
    submit(fresh).await.ok();
}

/// Clients that drop their connection at any moment lose nothing that was answered, and a repetition
/// under the same key never doubles. What was answered is looked for before anything is repeated: a repetition would
/// make anew what is lost.
#[tokio::test(flavor = "multi_thread")]
async fn clients_that_go_away_lose_and_double_nothing() {
    going_away(Product::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_go_away_lose_and_double_nothing_on_postgresql() {
    if let Some(server) = postgres::server() {
        going_away(Product::start_on(&postgres::database(&server).await).await).await;
    }
}

async fn going_away(mut product: Product) {
    const POSTS: u64 = 2_000;
    let pat = product.as_("pat");
    let send = |i: u64| {
        let customer = format!("Customer {i:04}");
        let deal = json!({ "customer": customer, "amount": "5", "close_date": "2026-12-20" });
        let body = json!({ "workflow": "deal_registration", "data": { "deal": deal }, "action": "submit" });
        let request = pat
            .request(Method::POST, "/v1/cases")
            .header("idempotency-key", format!("key-{i}"));
        Answer::of(request.json(&body))
    };
    let mut receipts = Vec::new();
    // Patience is spread over the time that an answer takes here and now, so that some are cut off in each stage.
    let mut longest = 300_000;
    for block in 0..POSTS / 50 {
        let posts = (0..50).map(|k| {
            let i = block * 50 + k;
            let patience = Duration::from_micros((i * 7_919_793) % longest);
            tokio::time::timeout(patience, send(i))
        });
        let posts = join_all(posts).await.into_iter().flatten();
        let before = receipts.len();
        receipts.extend(posts.map(|answer| answer.created()["receipt"].clone()));
        longest = match receipts.len() - before {
            0..10 => longest * 2,
            10..=40 => longest,
            _ => longest / 2,
        };
    }
    let answered = receipts.len();
    assert!(
        (1..2_000).contains(&answered),
        "{answered} answered: the cut must fall in the middle"
    );
    // By somebody else, for there is a limit of requests to each.
    let rita = product.as_("rita");
    for receipt in &receipts {
        let hash = receipt["hash"].as_str().expect("a hash");
        let kept = rita.get(&format!("/v1/receipts/{hash}")).await.ok();
        assert_eq!((&kept["receipt"], &kept["intact"]), (receipt, &json!(true)));
    }
    whole(&product).await;
    for block in 0..POSTS / 50 {
        for answer in join_all((0..50).map(|k| send(block * 50 + k))).await {
            answer.created();
        }
    }
    let customers = whole(&product).await;
    let all: Vec<_> = (0..POSTS).map(|i| format!("Customer {i:04}")).collect();
    assert_eq!(customers, all);
    product.stop().await;
}

/// Whose deals are there, in order; of each all that its opening and submitting has written in all tables.
async fn whole(product: &Product) -> Vec<String> {
    let text = "SELECT c.title, c.state,
        (SELECT count(*) FROM history h WHERE h.case_id = c.id) AS entries,
        (SELECT count(*) FROM deliveries d WHERE d.case_id = c.id) AS deliveries
        FROM cases c ORDER BY c.title";
    let rows = Aside::of(product).await.rows(text).await;
    let told = rows.iter().map(|row| {
        let title: String = row.try_get("", "title").expect("a title");
        let state: String = row.try_get("", "state").expect("a state");
        let [entries, deliveries]: [i64; 2] =
            ["entries", "deliveries"].map(|name| row.try_get("", name).expect("a number"));
        // Opened and submitted, and all three reviewers are told.
        assert_eq!((&*state, entries, deliveries), ("review", 2, 3), "{title}");
        title
    });
    told.collect()
}
