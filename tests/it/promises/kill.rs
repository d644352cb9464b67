//! `kill -9` under load, again and again: every answered request is there afterwards, none is doubled.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use countersign_tests::{binary, eventually, http};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

const KILLS: u32 = 30;
const CLIENTS: usize = 8;
/// Answers before each kill.
const LEAST: usize = 10;

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

/// A request with the key that makes it safe to repeat.
#[derive(Debug, Clone)]
struct Ask {
    key: String,
    path: String,
    body: Json,
}

/// What a client remembers: what was answered, and what was asked last and was not.
#[derive(Debug, Default)]
struct Ledger {
    answered: Vec<(Ask, Json)>,
    unanswered: Option<Ask>,
}

impl Ask {
    fn open(title: &str) -> Self {
        let deal = json!({ "customer": title, "amount": "5", "close_date": "2026-12-20" });
        Self {
            key: title.to_owned(),
            path: "/v1/cases".to_owned(),
            body: json!({ "workflow": "deal_registration", "data": { "deal": deal } }),
        }
    }

    fn submit(number: &str) -> Self {
        Self {
            key: format!("submit {number}"),
            path: format!("/v1/cases/{number}/actions/submit"),
            body: json!({}),
        }
    }

    /// Whether it is a repeated answer, and the answer; `None` where the server dies before it is read.
    async fn send(&self, http: &reqwest::Client, url: &str, token: &str) -> Option<(bool, Json)> {
        let request = http
            .post(format!("{url}{}", self.path))
            .bearer_auth(token)
            .header("idempotency-key", &self.key)
            .json(&self.body);
        let response = request.send().await.ok()?;
        let status = response.status();
        let again = response.headers().contains_key("idempotency-replayed");
        let body: Json = response.json().await.ok()?;
        assert!(status.is_success(), "{self:?}: {body}");
        Some((again, body))
    }
}

/// First asks once more what was not answered, then opens and submits cases until the server dies.
async fn load(
    (url, token): (String, String),
    name: String,
    unanswered: Option<Ask>,
    answers: Arc<AtomicUsize>,
) -> Ledger {
    let http = http();
    let mut ledger = Ledger::default();
    let mut next = unanswered;
    for i in 0.. {
        let ask = next
            .take()
            .unwrap_or_else(|| Ask::open(&format!("{name} #{i}")));
        let Some((_, answer)) = ask.send(&http, &url, &token).await else {
            ledger.unanswered = Some(ask);
            break;
        };
        if ask.path == "/v1/cases" {
            next = Some(Ask::submit(number(&answer)));
        }
        ledger.answered.push((ask, answer));
        answers.fetch_add(1, Ordering::Relaxed);
    }
    ledger
}

fn number(answer: &Json) -> &str {
    answer["case"]["number"].as_str().expect("a number")
}

/// Every case that there is: title and state by number.
async fn everything(url: &str, token: &str) -> BTreeMap<String, (String, String)> {
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
                all.insert(text("number"), (text("title"), text("state"))),
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

/// Between 50 and 450 ms, another moment each round.
fn moment(round: u32) -> Duration {
    let digest = Sha256::digest(round.to_be_bytes());
    Duration::from_millis(50 + u64::from(digest[0]) * 400 / 255)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_there_after_a_kill_and_nothing_is_doubled() {
    let program = binary("countersign");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join("countersign.db");
    let mut answered = Vec::new();
    let mut unanswered = vec![None; CLIENTS];
    for round in 0..KILLS {
        let server = Server::start(&program, folder.path());
        let answers = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = unanswered
            .drain(..)
            .enumerate()
            .map(|(client, ask)| {
                let name = format!("R{round} C{client}");
                let whom = (server.url.clone(), server.token.clone());
                tokio::spawn(load(whom, name, ask, answers.clone()))
            })
            .collect();
        tokio::time::sleep(moment(round)).await;
        // Later on a machine that is busy with other suites: a kill in the middle of nothing shows nothing.
        eventually("there is load", async || {
            (answers.load(Ordering::Relaxed) >= LEAST).then_some(())
        })
        .await;
        server.kill();
        for client in clients {
            let ledger = client.await.expect("a client ends");
            answered.extend(ledger.answered);
            unanswered.push(ledger.unanswered);
        }
        let faults = countersign_store::sqlite::integrity(&database).await;
        assert_eq!(faults.expect("it can be read"), Vec::<String>::new());
    }

    let server = Server::start(&program, folder.path());
    let all = everything(&server.url, &server.token).await;
    for (ask, answer) in &answered {
        let (title, state) = all.get(number(answer)).expect("answered and lost");
        if ask.path == "/v1/cases" {
            assert_eq!(title, &ask.key);
        } else {
            assert_eq!(state, "review", "answered and lost: {ask:?}");
        }
    }
    let titles: BTreeSet<_> = all.values().map(|(title, _)| title).collect();
    assert_eq!(titles.len(), all.len(), "one request, two cases");
    let http = http();
    for (ask, answer) in answered.iter().step_by(1 + answered.len() / 100) {
        let repeated = ask.send(&http, &server.url, &server.token).await;
        let (again, repeated) = repeated.expect("an answer");
        assert!(again, "done twice: {ask:?}");
        assert_eq!(repeated["receipt"], answer["receipt"]);
    }
    server.kill();
}
