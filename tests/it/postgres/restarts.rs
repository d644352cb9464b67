//! Replicas are replaced one after another while people work: nobody notices who asks once more.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use countersign_tests::{Client, Product, http, postgres};
use reqwest::StatusCode;
use serde_json::json;

use super::{count_cases, deal};

/// Where the replicas are at the moment, as a proxy before them knows it.
#[derive(Clone)]
struct Proxy {
    urls: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn url(&self, n: usize) -> String {
        let urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner);
        urls[n % urls.len()].clone()
    }

    fn replace(&self, place: usize, url: Option<&str>) {
        let mut urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner);
        match url {
            Some(url) => urls.push(url.to_owned()),
            None => _ = urls.remove(place),
        }
    }
}

/// Opens a case under this key; asks once more, elsewhere, where the first answer is none.
async fn open(proxy: &Proxy, token: &str, key: &str, n: usize) -> Result<String, String> {
    let mut last = String::new();
    for attempt in 0..2 {
        let url = format!("{}/v1/cases", proxy.url(n + attempt));
        let request = http()
            .post(url)
            .bearer_auth(token)
            .header("idempotency-key", key);
        let sent = request.json(&json!({ "workflow": "deal_registration", "data": deal("5") }));
        match sent.send().await {
            Ok(answer) if answer.status() == StatusCode::CREATED => {
                let case: serde_json::Value = answer.json().await.map_err(|e| e.to_string())?;
                return Ok(case["case"]["id"].to_string());
            }
            Ok(answer) => {
                let status = answer.status();
                last = format!("{status} {}", answer.text().await.unwrap_or_default());
            }
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_fails_no_request_that_is_sent_once_more() {
    let Some(server) = postgres::server() else {
        return;
    };
    let product = Product::start_on(&postgres::database(&server).await).await;
    let mut replicas = vec![product.replica().await, product.replica().await];
    let proxy = Proxy {
        urls: Arc::new(Mutex::new(
            replicas
                .iter()
                .map(|service| service.url().to_owned())
                .collect(),
        )),
    };
    let token = product.token("pat").to_owned();
    let over = Arc::new(AtomicBool::new(false));
    let workers = (0..8).map(|worker| {
        let (proxy, token, over) = (proxy.clone(), token.clone(), over.clone());
        tokio::spawn(async move {
            let mut opened = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let n = opened.len();
                opened.push(open(&proxy, &token, &format!("{worker}-{n}"), n).await);
            }
            opened
        })
    });
    let workers: Vec<_> = workers.collect();
    for _ in 0..3 {
        // As a deployment does it: one more, then one less.
        let next = product.replica().await;
        proxy.replace(0, Some(next.url()));
        replicas.push(next);
        proxy.replace(0, None);
        replicas.remove(0).stop().await;
    }
    over.store(true, Ordering::Relaxed);
    let mut opened = Vec::new();
    for worker in workers {
        opened.extend(worker.await.expect("no worker panics"));
    }
    let failed: Vec<_> = opened
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {}: {failed:?}",
        failed.len(),
        opened.len()
    );
    assert!(
        opened.len() > 20,
        "people worked meanwhile: {}",
        opened.len()
    );
    let kept = count_cases(&Client::new(&proxy.url(0), Some(&token))).await;
    assert_eq!(kept, opened.len(), "each opened once");
    for replica in replicas {
        replica.stop().await;
    }
}
