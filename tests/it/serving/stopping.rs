//! SIGTERM: what is under way is finished, what was claimed and not begun is handed back, and the exit code is 0.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use countersign_tests::{Site, eventually, files, smtp_python};
use rustix::process::Signal;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use super::staff::Staff;
use crate::mail::server::{Manner, SmtpServer};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_under_way_is_finished_and_new_ones_are_not_taken() {
    let site = Site::shipped();
    let token = site.add_administrator("ada");
    let mut server = site.serve();
    let ada = server.with(&token);
    let pat = Staff::pat().add(&server, &ada).await;
    let made = ada
        .post("/v1/tokens", json!({ "person": "pat" }))
        .await
        .created();
    let pats = made["token"].as_str().expect("a token");
    let case = pat.open("sow_evaluation", json!({})).await;

    let address = server.url().trim_start_matches("http://").to_owned();
    let body = files::pdf();
    let mut upload = BufReader::new(TcpStream::connect(&address).await.expect("it listens"));
    let head = format!(
        "PUT /v1/cases/{case}/materials/solution_plan HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {pats}\r\n\
         Content-Disposition: attachment; filename=\"plan.pdf\"\r\nContent-Type: application/pdf\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    upload.write_all(head.as_bytes()).await.expect("it reads");
    let mut line = String::new();
    upload.read_line(&mut line).await.expect("it answers");
    assert_eq!(
        line.trim(),
        "HTTP/1.1 100 Continue",
        "it waits for the body"
    );

    server.signal(Signal::TERM);
    eventually("nobody is let in any more", async || {
        TcpStream::connect(&address).await.err()
    })
    .await;
    upload.write_all(&body).await.expect("it still reads");
    let mut answer = String::new();
    upload
        .read_to_string(&mut answer)
        .await
        .expect("it answers and hangs up");
    assert!(answer.trim_start().starts_with("HTTP/1.1 200"), "{answer}");
    let status = server.ends().await;
    assert_eq!(status.code(), Some(0));
    assert!(
        !site.folder().join("countersign.db-wal").exists(),
        "the log is folded in"
    );

    let server = site.serve();
    let kept = pat.at(server.url()).case(&case).await;
    assert_eq!(
        kept["materials"]["solution_plan"][0]["name"], "plan.pdf",
        "{kept}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_halfway_through_the_head_of_a_request_does_not_delay_the_stop() {
    let site = Site::new();
    let mut server = site.serve();
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut half = TcpStream::connect(&address).await.expect("it listens");
    let head = b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Slow: ";
    half.write_all(head).await.expect("it reads");
    server.nobody().get("/healthz").await.ok();
    let told = Instant::now();
    server.stop().await;
    assert!(
        told.elapsed() < Duration::from_secs(10),
        "{:?}",
        told.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_were_claimed_and_not_begun_are_handed_back() {
    const MAILS: usize = 12;
    const AT_ONCE: usize = 4;
    let Some(python) = smtp_python() else { return };
    let mut relay = SmtpServer::start(&python, Manner::default());
    let site = Site::shipped()
        .with("mail.transport", "smtp")
        .with("mail.smtp_url", format!("smtp://127.0.0.1:{}", relay.port));
    let token = site.add_administrator("ada");
    let mut server = site.serve();
    let ada = server.with(&token);
    let pat = Staff::pat().add(&server, &ada).await;
    Staff::of_vendor("slow", "deal_reviewers")
        .add(&server, &ada)
        .await;
    for _ in 0..MAILS {
        let deal =
            json!({ "deal": { "customer": "Contoso", "amount": "5", "close_date": "2026-12-20" } });
        let case = pat.open("deal_registration", deal).await;
        pat.act(&case, "submit", json!({})).await.ok();
    }
    let mut taken = relay.taken_in_all(AT_ONCE);
    assert!(relay.took_nothing_more(), "the others wait for their turn");

    server.signal(Signal::TERM);
    server.logs("stopping", 0).await;
    relay.mend("slow");
    let status = server.ends().await;
    assert_eq!(status.code(), Some(0));
    assert!(
        relay.took_nothing_more(),
        "nothing is begun after the signal"
    );

    // Whatever was not handed back would wait for the end of its lease, longer than we wait.
    let _server = site.serve();
    taken.extend(relay.taken_in_all(MAILS - AT_ONCE));
    assert!(relay.took_nothing_more());
    let ids: BTreeSet<&str> = taken
        .iter()
        .map(|mail| mail.header("Message-ID")[0])
        .collect();
    assert_eq!(ids.len(), MAILS, "each arrives once");
}
