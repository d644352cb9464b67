//! The program on PostgreSQL, as operators run it: people and tokens beside a running server, a second server beside the
//! first, a kill, and what is said where a server is not there.

use countersign_tests::{Site, postgres};
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement};
use serde_json::json;

use super::deal;

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
