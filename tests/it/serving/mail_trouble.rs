//! What goes wrong when mail leaves, and how operators see and mend it: cases go on meanwhile, and every mail arrives
//! in the end.

use countersign_tests::{Answer, Client, Server, Site, eventually, smtp_python};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::staff::Staff;
use crate::mail::server::{Manner, SmtpServer};

/// A site whose mail goes to this port of this machine.
fn site(port: u16) -> Site {
    Site::shipped()
        .with("mail.transport", "smtp")
        .with("mail.smtp_url", format!("smtp://127.0.0.1:{port}"))
}

/// A submitted deal, about which all reviewers get mail.
async fn submitted(pat: &Client) -> String {
    let deal =
        json!({ "deal": { "customer": "Contoso", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    let submitted = pat.act(&case, "submit", json!({})).await.ok();
    assert_eq!(submitted["case"]["state"], "review", "cases go on");
    case
}

/// The delivery to this address, once it is as wanted.
async fn delivery(ada: &Client, to: &str, as_wanted: impl Fn(&Json) -> bool) -> Json {
    let address = format!("{to}@example.com");
    eventually(to, async || {
        let answer = ada.get("/v1/deliveries").await.ok();
        let items = answer["items"].as_array().expect("items").clone();
        let found = items.into_iter().find(|item| item["to"] == *address);
        found.filter(&as_wanted)
    })
    .await
}

async fn incidents(ada: &Client) -> Vec<Json> {
    let answer = ada.get("/v1/incidents").await.ok();
    answer["items"].as_array().expect("items").clone()
}

fn says(delivery: &Json, words: &str) -> bool {
    delivery["error"]
        .as_str()
        .is_some_and(|error| error.contains(words))
}

async fn reviewers(server: &Server, ada: &Client, ids: &[&'static str]) {
    for id in ids {
        Staff::of_vendor(id, "deal_reviewers")
            .add(server, ada)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_recipient_is_an_incident_that_an_operator_settles() {
    let Some(python) = smtp_python() else { return };
    let mut relay = SmtpServer::start(&python, Manner::default());
    let site = site(relay.port);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let pat = Staff::pat().add(&server, &ada).await;
    reviewers(&server, &ada, &["refused", "rita"]).await;
    let case = submitted(&pat).await;

    let dead = delivery(&ada, "refused", |delivery| delivery["status"] == "dead").await;
    assert!(
        says(&dead, "550") && says(&dead, "refused the recipient"),
        "{dead}"
    );
    delivery(&ada, "rita", |delivery| delivery["status"] == "sent").await;
    assert_eq!(
        relay.taken().to,
        ["rita@example.com"],
        "the others get theirs"
    );
    let incident = incidents(&ada).await.pop().expect("an incident");
    assert_eq!(
        (&incident["delivery"], &incident["case"]["number"]),
        (&dead["id"], &json!(case))
    );
    for path in ["/v1/incidents", "/v1/deliveries"] {
        pat.get(path).await.refused(403, "who");
    }
    let retry = format!(
        "/v1/incidents/{}/retry",
        incident["id"].as_str().expect("an id")
    );
    pat.post(&retry, json!({})).await.refused(403, "who");

    ada.post(&retry, json!({})).await.ok();
    let again = delivery(&ada, "refused", |delivery| delivery["status"] == "dead").await;
    assert_eq!(again["id"], dead["id"]);
    eventually("the cause is still there", async || {
        let incidents = incidents(&ada).await;
        incidents
            .into_iter()
            .find(|now| now["id"] != incident["id"])
    })
    .await;

    relay.mend("refused");
    let retry = format!(
        "/v1/deliveries/{}/retry",
        dead["id"].as_str().expect("an id")
    );
    let once = async || {
        let request = ada.request(Method::POST, &retry).json(&json!({}));
        Answer::of(request.header("idempotency-key", "once")).await
    };
    let first = once().await.ok();
    delivery(&ada, "refused", |delivery| delivery["status"] == "sent").await;
    assert_eq!(once().await.ok(), first, "the first answer again");
    ada.post(&retry, json!({})).await.refused(404, "not_found");
    let taken = relay.taken();
    let message_id = format!("<{}@approve.example>", dead["id"].as_str().expect("an id"));
    assert_eq!(taken.to, ["refused@example.com"]);
    assert_eq!(taken.header("Message-ID"), [message_id.as_str()]);
    assert_eq!(incidents(&ada).await, Vec::<Json>::new(), "it is settled");
    assert!(relay.took_nothing_more());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_tried_again_by_itself_and_shown_until_then() {
    let Some(python) = smtp_python() else { return };
    let mut relay = SmtpServer::start(&python, Manner::default());
    let site = site(relay.port);
    let token = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&token);
    let pat = Staff::pat().add(&server, &ada).await;
    reviewers(&server, &ada, &["busy", "hangup"]).await;
    submitted(&pat).await;

    for (to, words) in [("busy", "451"), ("hangup", "was lost")] {
        let waiting = delivery(&ada, to, |delivery| {
            delivery["attempts"] == 1 && delivery["error"].is_string()
        })
        .await;
        assert!(says(&waiting, words), "{waiting}");
        assert_eq!(waiting["status"], "waiting");
        assert!(waiting["next_at"].is_string(), "{waiting}");
    }
    assert_eq!(
        incidents(&ada).await,
        Vec::<Json>::new(),
        "nobody is needed yet"
    );

    relay.mend("hangup");
    for to in ["busy", "hangup"] {
        let sent = delivery(&ada, to, |delivery| delivery["status"] == "sent").await;
        assert_eq!(sent["attempts"], 2, "{sent}");
    }
    let mut receivers: Vec<_> = relay
        .taken_in_all(2)
        .into_iter()
        .flat_map(|mail| mail.to)
        .collect();
    receivers.sort();
    assert_eq!(receivers, ["busy@example.com", "hangup@example.com"]);
    assert!(relay.took_nothing_more());
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_go_on_while_the_mail_server_is_away_and_mail_leaves_when_it_is_back() {
    let Some(python) = smtp_python() else { return };
    let vacant =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = vacant.expect("a free port").port();
    let site = site(port);
    let token = site.add_administrator("ada");
    let mut server = site.serve();
    let ada = server.with(&token);
    let pat = Staff::pat().add(&server, &ada).await;
    reviewers(&server, &ada, &["rita"]).await;
    let case = submitted(&pat).await;

    let waiting = delivery(&ada, "rita", |delivery| delivery["error"].is_string()).await;
    assert!(says(&waiting, "cannot be reached"), "{waiting}");
    assert_eq!(waiting["status"], "waiting");
    pat.act(&case, "withdraw", json!({ "comment": "A mistake." }))
        .await
        .ok();
    server.stop().await;

    let relay = SmtpServer::start(
        &python,
        Manner {
            port: Some(port),
            ..Manner::default()
        },
    );
    let server = site.serve();
    let ada = ada.at(server.url());
    let retry = format!(
        "/v1/deliveries/{}/retry",
        waiting["id"].as_str().expect("an id")
    );
    ada.post(&retry, json!({})).await.ok();
    assert_eq!(relay.taken().to, ["rita@example.com"]);
    delivery(&ada, "rita", |delivery| delivery["status"] == "sent").await;
    assert_eq!(
        relay.taken().to,
        ["rita@example.com"],
        "that nothing is to be done any more"
    );
    assert!(relay.took_nothing_more());
}
