//! The program on PostgreSQL, as operators run it: people and tokens beside a running server, a second server beside the
//! first, a kill, and what is said where a server is not there.

use countersign_tests::{Site, postgres};
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement};
use serde_json::json;

use super::deal;
use crate::serving::staff::Staff;

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_and_the_commands_share_a_database_and_a_kill_loses_nothing() {
    let Some(server) = postgres::server() else {
        return;
    };
    let url = postgres::database(&server).await;
    let site = Site::shipped().with("database.url", &url);
    let doctor = site.run(&["doctor", "--config", "countersign.toml"]);
    assert!(doctor.out.contains("are missing"), "{doctor:?}");
    assert_eq!(tables(&url).await, 0, "the doctor changes nothing");
    let migrated = site.run(&["database", "migrate", "--config", "countersign.toml"]);
    assert_eq!(migrated.well().trim(), "the database is up to date");
    let first = site.serve();
    let token = site.add_administrator("ann");
    let second = site.serve();
    let list = second.with(&token).get("/v1/people/ann").await;
    assert!(
        list.status.is_success(),
        "ann was added while it ran: {}",
        list.text()
    );
    let add = [
        "people",
        "add",
        "pat",
        "--name",
        "Pat",
        "--email",
        "pat@example.com",
    ];
    let more = [
        "--partner",
        "acme",
        "--group",
        "partner_users",
        "--config",
        "countersign.toml",
    ];
    site.run(&[&add[..], &more].concat()).well();
    let made = site.run(&["tokens", "create", "pat", "--config", "countersign.toml"]);
    let pat = made.well().trim().to_owned();
    let case = first.with(&pat).open("deal_registration", deal("5")).await;
    first.kill();
    let kept = second.with(&pat).case(&case).await;
    assert_eq!(kept["state"], "draft");
    second.with(&pat).act(&case, "submit", json!({})).await.ok();
    drop(second);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_cannot_be_read_is_named_and_the_rest_is_read() {
    let Some(server) = postgres::server() else {
        return;
    };
    let url = postgres::database(&server).await;
    let site = Site::shipped().with("database.url", &url);
    let ada = site.add_administrator("ada");
    let mut server = site.serve();
    let pat = Staff::pat().add(&server, &server.with(&ada)).await;
    for _ in 0..2 {
        pat.open("deal_registration", deal("5")).await;
    }
    let on = Database::connect(&url).await.expect("the server answers");
    let forged = "UPDATE history SET body = replace(body, '\"opened\"', '\"apened\"')
        WHERE case_id = (SELECT id FROM cases WHERE number = 'DR-2026-00001')";
    on.execute_unprepared(forged).await.expect("it is changed");
    let ended = site.run(&["audit", "--config", "countersign.toml"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for said in [
        "DR-2026-00001: entry 1 cannot be read",
        "2 cases, 2 entries (0 erased): 1 fault",
    ] {
        assert!(ended.out.contains(said), "{ended:?}");
    }
    server.stop().await;
}

/// How many tables a database has.
async fn tables(url: &str) -> i64 {
    let text = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
    let on = Database::connect(url).await.expect("the server answers");
    let asked = on.query_one_raw(Statement::from_string(DbBackend::Postgres, text));
    let row = asked.await.expect("it answers").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

#[test]
fn a_server_that_is_not_there_is_named_without_its_password() {
    let url = "postgres://countersign:hunter2@127.0.0.1:1/approvals";
    let site = Site::shipped().with("database.url", url);
    let ended = site.try_serve().err().expect("it does not start");
    let said = ended.stopped();
    assert!(said.contains("approvals at 127.0.0.1:1"), "{said}");
    assert!(said.contains("hint: `database.url`"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}
