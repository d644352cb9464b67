//! The real scheduler by the machine's clock: it fires within a second of the due time, and what fell due while no
//! server ran fires once when one runs again.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use countersign_tests::{Client, Server, Site, eventually};
use futures::future::join_all;
use rustix::process::Signal;
use serde_json::{Value as Json, json};

use super::staff::Staff;

const LAPSE: &str = r#"
workflow: lapse
version: 1
number: "L-{seq:5}"
title: { en: Lapse, zh: 失效 }
roles:
  applicant: { title: { en: Applicant, zh: 申请人 }, is: starter }
  asker: { title: { en: Asker, zh: 提问人 }, group: askers }
open: { who: asker, to: waiting }
states:
  waiting:
    title: { en: Waiting, zh: 等待 }
    actions:
      answer: { title: { en: Answer, zh: 答复 }, who: applicant, to: over }
    timers:
      lapse: { after: 2 seconds, to: over }
  over:
    title: { en: Over, zh: 结束 }
    end: neutral
    enter: [ { notify: told } ]
messages:
  told:
    to: applicant
    subject: { en: "{{case.number}} is over", zh: "{{case.number}} 已结束" }
    body: { en: "It is over.", zh: "已结束。" }
"#;
const LENGTH: TimeDelta = TimeDelta::seconds(2);
const CASES: u32 = 12;

fn site() -> Site {
    let site = Site::new();
    site.write("workflows/lapse.yaml", LAPSE);
    site
}

async fn asker(server: &Server, token: &str) -> Client {
    let administrator = server.with(token);
    Staff::of_vendor("ann", "askers")
        .add(server, &administrator)
        .await
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

async fn wait_until(moment: DateTime<Utc>) {
    let left = (moment - now()).to_std().unwrap_or(Duration::ZERO);
    tokio::time::sleep(left).await;
}

async fn history(asker: &Client, case: &str) -> Vec<Json> {
    let history = asker.get(&format!("/v1/cases/{case}/history")).await.ok();
    history["items"].as_array().expect("items").clone()
}

fn recorded(entry: &Json) -> DateTime<Utc> {
    let at = entry["recorded_at"].as_str().expect("a time");
    at.parse().expect("a time")
}

/// When timers have fired.
fn fired(entries: &[Json]) -> Vec<DateTime<Utc>> {
    let fired = entries.iter().filter(|entry| entry["what"] == "timer");
    fired.map(recorded).collect()
}

async fn is_over(asker: &Client, case: &str) -> Option<Json> {
    let case = asker.case(case).await;
    (case["state"] == "over").then_some(case)
}

fn median(mut late: Vec<TimeDelta>) -> TimeDelta {
    late.sort();
    late[late.len() / 2]
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_fire_within_a_second_of_their_time_and_never_before() {
    let site = site();
    let token = site.add_administrator("ada");
    let server = site.serve();
    let asker = asker(&server, &token).await;
    // One after another, so that they do not all fall due in one moment.
    let watched = (0..CASES).map(async |number| {
        tokio::time::sleep(Duration::from_millis(130) * number).await;
        let case = asker.open("lapse", json!({})).await;
        let seen = eventually("it is over", async || {
            is_over(&asker, &case).await.map(|_| now())
        });
        let seen = seen.await;
        let entries = history(&asker, &case).await;
        let due = recorded(&entries[0]) + LENGTH;
        let fired = fired(&entries);
        assert_eq!(fired.len(), 1, "{entries:?}");
        (fired[0] - due, seen - due)
    });
    let (by_history, by_observer): (Vec<_>, Vec<_>) = join_all(watched).await.into_iter().unzip();
    assert!(
        by_history.iter().all(|late| *late >= TimeDelta::zero()),
        "early: {by_history:?}"
    );
    for late in [by_history, by_observer] {
        // Other suites may take the processor from a single one for longer.
        assert!(
            late.iter().all(|late| *late < TimeDelta::seconds(5)),
            "late: {late:?}"
        );
        assert!(
            median(late.clone()) < TimeDelta::seconds(1),
            "late: {late:?}"
        );
    }
}

/// Opens a case, ends the server before its timer is due, and starts it again afterwards.
async fn fires_once_although_it_was_due_without_a_server(signal: Signal) {
    let site = site();
    let token = site.add_administrator("ada");
    let mut server = site.serve();
    let ann = asker(&server, &token).await;
    let case = ann.open("lapse", json!({})).await;
    server.signal(signal);
    let ended = server.ends().await;
    assert_eq!(ended.success(), signal == Signal::TERM, "{ended}");
    wait_until(now() + LENGTH).await;

    let mut server = site.serve();
    let ann = ann.at(server.url());
    let over = eventually("it fires after all", async || is_over(&ann, &case).await).await;
    eventually("its mail leaves", async || {
        (site.mails().len() == 1).then_some(())
    })
    .await;

    server.stop().await;
    let server = site.serve();
    let ann = ann.at(server.url());
    let again = ann.open("lapse", json!({})).await;
    eventually("timers of this server fire", async || {
        is_over(&ann, &again).await
    })
    .await;
    eventually("their mail leaves", async || {
        (site.mails().len() == 2).then_some(())
    })
    .await;
    assert_eq!(
        ann.case(&case).await["etag"],
        over["etag"],
        "it does not fire again"
    );
    let entries = history(&ann, &case).await;
    let due = recorded(&entries[0]) + LENGTH;
    let fired = fired(&entries);
    assert!(fired.len() == 1 && fired[0] >= due, "{entries:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_was_due_while_the_server_was_stopped_fires_once() {
    fires_once_although_it_was_due_without_a_server(Signal::TERM).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_was_due_while_the_server_was_dead_fires_once() {
    fires_once_although_it_was_due_without_a_server(Signal::KILL).await;
}
