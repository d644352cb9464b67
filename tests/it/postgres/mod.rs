//! The product on PostgreSQL: one replica, several at once, and what becomes of them when one is stopped. The suites
//! `stories` and `promises` run on PostgreSQL too, where `COUNTERSIGN_SUITES_ON` names a server.

mod cuts;
mod pooled;
mod program;
mod replicas;
mod restarts;

use countersign_cli::Service;
use countersign_tests::{Client, Product, postgres};
use serde_json::{Value as Json, json};

/// A product with two more replicas of it.
struct Three {
    product: Product,
    others: Vec<Service>,
}

impl Three {
    /// Starts them; `None`, said aloud, where there is no server.
    async fn start() -> Option<Self> {
        let database = postgres::database(&postgres::server()?).await;
        let product = Product::start_on(&database).await;
        let others = vec![product.replica().await, product.replica().await];
        Some(Self { product, others })
    }

    /// Where the `n`-th replica is, counted round and round.
    fn url(&self, n: usize) -> &str {
        match n % 3 {
            0 => self.product.service().url(),
            n => self.others[n - 1].url(),
        }
    }

    /// Somebody who asks the `n`-th replica.
    fn as_(&self, who: &str, n: usize) -> Client {
        self.product.as_(who).at(self.url(n))
    }

    async fn stop(mut self) {
        for other in self.others {
            other.stop().await;
        }
        self.product.stop().await;
    }
}

fn deal(amount: &str) -> Json {
    json!({ "deal": { "customer": "Contoso", "amount": amount, "close_date": "2026-12-20" } })
}

fn evaluation() -> Json {
    json!({ "data": { "evaluation": { "grade": "A", "summary": "Agreed" } } })
}

/// How many entries of a case's history say this.
async fn count(client: &Client, case: &str, what: &str) -> usize {
    let path = format!("/v1/cases/{case}/history?limit=200");
    let history = client.get(&path).await.ok();
    let entries = history["items"].as_array().expect("items");
    entries.iter().filter(|entry| entry["what"] == what).count()
}

/// How many cases somebody sees, page by page.
async fn count_cases(client: &Client) -> usize {
    let mut seen = 0;
    let mut cursor = String::new();
    loop {
        let page = client
            .get(&format!("/v1/cases?limit=200{cursor}"))
            .await
            .ok();
        seen += page["items"].as_array().expect("items").len();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_registered_reviewed_twice_and_approved() {
    let Some(server) = postgres::server() else {
        return;
    };
    let mut product = Product::start_on(&postgres::database(&server).await).await;
    let [pat, rita, omar] = ["pat", "rita", "omar"].map(|who| product.as_(who));
    let case = pat.open("deal_registration", deal("2000000")).await;
    let submitted = pat.act(&case, "submit", json!({})).await.ok();
    assert_eq!(submitted["case"]["state"], "review");
    let comment = json!({ "comments": [{ "at": "deal.amount", "text": "请补税额。" }] });
    rita.act(&case, "request_changes", comment).await.ok();
    let asked = pat.case(&case).await["comments"][0].clone();
    assert_eq!(
        (&asked["at"], &asked["text"]),
        (&json!("deal.amount"), &json!("请补税额。"))
    );
    let reply = format!(
        "/v1/cases/{case}/comments/{}/reply",
        asked["id"].as_str().expect("an id")
    );
    pat.post(&reply, json!({ "text": "Added." })).await.ok();
    let resubmitted = pat.act(&case, "resubmit", json!({})).await.ok();
    assert_eq!(resubmitted["case"]["round"], 2);
    let turn = rita.get("/v1/inbox?section=your_turn").await.ok();
    assert_eq!(turn["items"].as_array().map(Vec::len), Some(1), "{turn}");
    rita.act(&case, "approve", evaluation()).await.ok();
    rita.act(&case, "approve", evaluation())
        .await
        .refused(409, "voted");
    omar.act(&case, "approve", evaluation()).await.ok();
    assert_eq!(pat.case(&case).await["state"], "approved.result_ready");
    let mails = product.mails("pat@example.com").await;
    assert!(!mails.is_empty(), "pat is told");
    product.stop().await;
    product.start_again().await;
    let kept = product.as_("pat").case(&case).await;
    assert_eq!(kept["state"], "approved.result_ready");
    product.stop().await;
}
