//! Facts on a real server: a case that waits for one goes on when the host system tells it, although the server dies
//! between the answer and the step (rule 49).

use countersign_tests::{Site, eventually};
use rustix::process::Signal;
use serde_json::json;

use super::staff::Staff;

const SHARED: &str = "\
shared: 1
languages: [en]
timezone: Asia/Shanghai
facts:
  depot: { open: boolean }
";

const DELIVERY: &str = "\
workflow: delivery
version: 1
roles: { asker: { group: askers } }
open: { who: asker, to: waiting }
states:
  waiting:
    actions: { give_up: { who: asker, to: done } }
    timers: { go: { as_soon_as: \"facts.depot['north'].open\", to: done } }
  done: { end: success }
";

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_moves_the_case_that_waits_for_it_although_the_server_dies_meanwhile() {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/delivery.yaml", DELIVERY);
    let token = site.add_administrator("ada");
    let mut server = site.serve();
    let administrator = server.with(&token);
    let ann = Staff::of_vendor("ann", "askers")
        .add(&server, &administrator)
        .await;
    let case = ann.open("delivery", json!({})).await;
    administrator
        .put("/v1/facts/depot/south", json!({ "open": true }))
        .await
        .ok();
    assert_eq!(ann.case(&case).await["state"], "waiting", "another depot");
    administrator
        .put("/v1/facts/depot/north", json!({ "open": true }))
        .await
        .ok();
    // The fact is answered; the case may or may not have been woken by now.
    server.signal(Signal::KILL);
    server.ends().await;

    let server = site.serve();
    let ann = ann.at(server.url());
    eventually("the case goes on", async || {
        (ann.case(&case).await["state"] == "done").then_some(())
    })
    .await;
    let history = ann.get(&format!("/v1/cases/{case}/history")).await.ok();
    let entries = history["items"].as_array().expect("items");
    let moved = entries.iter().filter(|entry| entry["to"] == "done");
    assert_eq!(moved.count(), 1, "{history}");
}
