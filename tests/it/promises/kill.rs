//! `kill -9` under load, again and again: every answered request is there afterwards, none is doubled.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use countersign_tests::{binary, http};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

const KILLS: u32 = 30;
const CLIENTS: u32 = 8;

/// A server process; killed when dropped.
struct Server {
    process: Child,
    url: String,
    token: String,
}

impl Server {
    fn start(program: &Path, folder: &Path) -> Self {
        let mut process = Command::new(program)
            .args([
                "demo",
                "--json",
                "--empty",
                "--listen",
                "127.0.0.1:0",
                "--dir",
            ])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("its output is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it says when it is ready");
        let shown: Json = serde_json::from_str(&line).expect("one line of JSON");
        let people = shown["people"].as_array().expect("people");
        let pat = people
            .iter()
            .find(|person| person["id"] == "pat")
            .expect("pat");
        let text = |value: &Json| value.as_str().expect("text").to_owned();
        Self {
            url: text(&shown["url"]),
            token: text(&pat["token"]),
            process,
        }
    }

    fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }
}

/// Opens cases until told to stop; remembers what was answered: title by number.
async fn load(
    url: String,
    token: String,
    round: u32,
    client: u32,
    stop: Arc<AtomicBool>,
) -> BTreeMap<String, String> {
    let http = http();
    let mut answered = BTreeMap::new();
    for i in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let customer = format!("R{round} C{client} #{i}");
        let body = json!({ "workflow": "deal_registration", "data": { "deal": { "customer": customer } } });
        let request = http
            .post(format!("{url}/v1/cases"))
            .bearer_auth(&token)
            .header("idempotency-key", &customer)
            .json(&body);
        let Ok(response) = request.send().await else {
            break;
        };
        let Ok(body) = response.json::<Json>().await else {
            break;
        };
        if let Some(number) = body["case"]["number"].as_str() {
            answered.insert(number.to_owned(), customer);
        }
    }
    answered
}

/// Every case that there is: title by number.
async fn everything(url: &str, token: &str) -> BTreeMap<String, String> {
    let http = http();
    let mut all = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let request = http
            .get(format!("{url}/v1/cases?limit=200{cursor}"))
            .bearer_auth(token);
        let page: Json = request
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        for item in page["items"].as_array().expect("items") {
            let text = |name: &str| item[name].as_str().expect("text").to_owned();
            assert_eq!(
                all.insert(text("number"), text("title")),
                None,
                "a number twice"
            );
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_there_after_a_kill_and_nothing_is_doubled() {
    let program = binary("countersign");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut acknowledged = BTreeMap::new();
    for round in 0..KILLS {
        let server = Server::start(&program, folder.path());
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                tokio::spawn(load(
                    server.url.clone(),
                    server.token.clone(),
                    round,
                    client,
                    stop.clone(),
                ))
            })
            .collect();
        // Between 50 and 450 ms, another moment each round.
        let digest = Sha256::digest(round.to_be_bytes());
        tokio::time::sleep(Duration::from_millis(50 + u64::from(digest[0]) * 400 / 255)).await;
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            acknowledged.extend(client.await.expect("a client ends"));
        }
    }
    assert!(
        acknowledged.len() > 100,
        "only {} were answered: the load was none",
        acknowledged.len()
    );

    let server = Server::start(&program, folder.path());
    let all = everything(&server.url, &server.token).await;
    for (number, title) in &acknowledged {
        assert_eq!(all.get(number), Some(title), "answered and lost");
    }
    let mut titles: Vec<_> = all.values().collect();
    titles.sort();
    let distinct = titles.len();
    titles.dedup();
    assert_eq!(titles.len(), distinct, "one request, two cases");
    server.kill();
    let faults = countersign_store::sqlite::integrity(&folder.path().join("countersign.db")).await;
    assert_eq!(faults.expect("the file can be read"), Vec::<String>::new());
}
