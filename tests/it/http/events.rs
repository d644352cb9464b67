//! `GET /v1/events`: what happens, as it happens, in order, none skipped, and nobody else's.

use std::time::Duration;

use countersign_tests::{Client, Product};
use futures::StreamExt as _;
use reqwest::Method;
use serde_json::{Value as Json, json};

/// A stream of events as a client reads it.
struct Stream {
    bytes: futures::stream::BoxStream<'static, String>,
    read: String,
}

impl Stream {
    async fn open(client: &Client, query: &str, last: Option<&str>) -> Self {
        let mut request = client.request(Method::GET, &format!("/v1/events{query}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let bytes = answer.bytes_stream().map(|bytes| {
            let bytes = bytes.unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Self {
            bytes: bytes.boxed(),
            read: String::new(),
        }
    }

    /// The next event: its id and its data. `None`: the stream has ended.
    async fn next(&mut self) -> Option<(String, Json)> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                let field = |name: &str| {
                    let found = event.lines().find_map(|line| line.strip_prefix(name));
                    found.map(|value| value.trim().to_owned())
                };
                if let (Some(id), Some(data)) = (field("id:"), field("data:")) {
                    assert_eq!(field("event:").as_deref(), Some("entry"));
                    return Some((id, serde_json::from_str(&data).expect("JSON")));
                }
            }
            let more = tokio::time::timeout(Duration::from_secs(20), self.bytes.next());
            let more = more.await.expect("something within twenty seconds")?;
            self.read.push_str(&more);
        }
    }

    async fn whats(&mut self, count: usize) -> Vec<(String, String)> {
        let mut whats = Vec::new();
        for _ in 0..count {
            let (_, data) = self.next().await.expect("an event");
            let text = |value: &Json| value.as_str().expect("a text").to_owned();
            whats.push((text(&data["number"]), text(&data["entry"]["what"])));
        }
        whats
    }
}

fn deal() -> Json {
    json!({ "deal": { "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" } })
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_comes_once_in_order_and_after_a_break_it_goes_on() {
    let product = Product::start().await;
    let (pat, nina, rita) = (product.as_("pat"), product.as_("nina"), product.as_("rita"));
    let (mut pats, mut ritas) = (
        Stream::open(&pat, "", None).await,
        Stream::open(&rita, "", None).await,
    );
    let other = nina.open("deal_registration", deal()).await;
    let case = pat.open("deal_registration", deal()).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let told = |what: &str| (case.clone(), what.to_owned());
    let (first, data) = pats.next().await.expect("an event");
    assert_eq!(data["number"], case.as_str(), "nothing of {other}");
    assert_eq!(data["entry"]["what"], "opened");
    assert_eq!(pats.whats(1).await, [told("action")]);

    // It goes on behind the last that was seen, and begins anew where that is wanted.
    let mut again = Stream::open(&pat, "", Some(&first)).await;
    assert_eq!(again.whats(1).await, [told("action")]);
    let mut all = Stream::open(&pat, "?after=0", None).await;
    let mut last = String::new();
    while last != case {
        last = all.whats(1).await[0].0.clone();
        assert_ne!(last, other);
    }
    // A reviewer is told nothing of drafts.
    assert_eq!(ritas.whats(1).await[0].0, case);

    let strange = pat.get("/v1/events?after=nowhere").await;
    strange.refused(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_the_service_stops() {
    let mut product = Product::start().await;
    let mut stream = Stream::open(&product.as_("pat"), "", None).await;
    let began = std::time::Instant::now();
    product.stop().await;
    assert_eq!(stream.next().await, None);
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "it ends by itself"
    );
}
