//! The operators' commands: a backup that can be restored, a look at everything, an explanation in words.

use std::fs;

use countersign_tests::{Client, Server, Site};
use serde_json::json;

use super::staff::Staff;

const CONFIG: [&str; 2] = ["--config", "countersign.toml"];

const SHARED: &str = "\
shared: 1
languages: [en]
timezone: Asia/Shanghai
roles: { applicant: { is: starter } }
";
const WISH: &str = "\
workflow: wish
version: 1
open: { who: applicant, to: open }
states:
  open: { actions: { close: { who: applicant, to: closed } } }
  closed: { end: success }
";

/// A site with one small workflow.
fn with_a_wish() -> Site {
    let site = Site::new();
    site.write("workflows/shared.yaml", SHARED);
    site.write("workflows/wish.yaml", WISH);
    site
}

/// A served site with a deal under review.
async fn under_review(site: &Site) -> (Server, Client, String) {
    let ada = site.add_administrator("ada");
    let server = site.serve();
    let ada = server.with(&ada);
    let pat = Staff::pat().add(&server, &ada).await;
    let rita = Staff::of_vendor("rita", "deal_reviewers");
    rita.add(&server, &ada).await;
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    (server, ada, case)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_running_server_is_sound_and_can_be_put_back() {
    let site = Site::shipped();
    let (mut server, ada, case) = under_review(&site).await;
    let copied = site.run(&[&["backup", "monday"], &CONFIG[..]].concat());
    assert_eq!(copied.code, Some(0), "{}{}", copied.out, copied.err);
    assert!(
        copied.out.contains("1 cases, 2 entries, 0 files: sound"),
        "{}",
        copied.out
    );
    let again = site.run(&[&["backup", "monday"], &CONFIG[..]].concat());
    assert_eq!(again.code, Some(2), "a backup is never overwritten");
    let audited = site.run(&[&["audit"], &CONFIG[..]].concat()).well();
    assert!(
        audited.contains("1 cases, 2 entries (0 erased): all as"),
        "read beside the server: {audited}"
    );
    // What happens after it is not in it.
    let hold = json!({ "reason": "To be looked at." });
    ada.post(&format!("/v1/cases/{case}/hold"), hold).await.ok();
    server.stop().await;

    let folder = site.folder();
    for file in [
        "countersign.db",
        "countersign.db-wal",
        "countersign.db-shm",
        "countersign.key",
    ] {
        let _ = fs::remove_file(folder.join(file));
    }
    for file in ["countersign.db", "countersign.key"] {
        fs::copy(folder.join("monday").join(file), folder.join(file)).expect("it is put back");
    }
    let audited = site.run(&[&["audit"], &CONFIG[..]].concat());
    assert_eq!(audited.code, Some(0), "{}{}", audited.out, audited.err);
    let server = site.serve();
    let ada = server.with(ada.token().expect("her token"));
    let restored = ada.case(&case).await;
    assert_eq!(
        (&restored["lifecycle"], &restored["state"]),
        (&json!("running"), &json!("review"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_what_is_wrong_and_says_what_to_do() {
    let site = Site::shipped();
    let (mut server, _, _) = under_review(&site).await;
    let well = site.run(&[&["doctor"], &CONFIG[..]].concat());
    assert_eq!(well.code, Some(0), "{}{}", well.out, well.err);
    for about in [
        "settings",
        "key",
        "database",
        "migrations",
        "clock",
        "people",
        "incidents",
        "deliveries",
        "disk",
        "mail",
        "workflows",
    ] {
        let line = well.out.lines().find(|line| line.contains(about));
        let line = line.unwrap_or_else(|| panic!("nothing of {about}: {}", well.out));
        assert!(line.starts_with("ok") || line.starts_with("warn"), "{line}");
    }
    server.stop().await;

    let site = Site::new();
    let audited = site.run(&[&["audit"], &CONFIG[..]].concat()).stopped();
    assert!(audited.contains("countersign.db is not there"), "{audited}");
    // A file that no server has opened yet: it is looked at, and stays as it is.
    site.write("countersign.db", "");
    site.write(
        "workflows/broken.yaml",
        "workflow: broken\nversion: 1\nstates: { one: { to: nowhere } }\n",
    );
    let sick = site.run(&[&["doctor"], &CONFIG[..]].concat());
    assert_eq!(sick.code, Some(1), "{}{}", sick.out, sick.err);
    let mut failed = sick.out.lines().filter(|line| line.starts_with("fail"));
    assert!(
        failed.any(|line| line.contains("workflows")),
        "{}",
        sick.out
    );
    assert!(sick.out.contains("→ `countersign check"), "{}", sick.out);
    let migrations = sick.out.lines().find(|line| line.contains("migrations"));
    let migrations = migrations.unwrap_or_default();
    assert!(migrations.contains("are missing"), "{}", sick.out);
    let untouched = std::fs::read(site.folder().join("countersign.db")).expect("it is there");
    assert_eq!(untouched.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_judges_workflows_as_a_start_does() {
    let site = with_a_wish();
    site.add_administrator("ada");
    site.serve().stop().await;
    let workflows = || {
        let told = site.run(&[&["doctor"], &CONFIG[..]].concat());
        let lines: Vec<&str> = told.out.lines().collect();
        let at = lines.iter().position(|line| line.contains(" workflows "));
        let at = at.unwrap_or_else(|| panic!("{}{}", told.out, told.err));
        (told.code, lines[at..].join("\n"))
    };
    let (code, said) = workflows();
    assert_eq!((code, said.starts_with("ok")), (Some(0), true), "{said}");

    let elsewhere = SHARED.replace("Asia/Shanghai", "Europe/Berlin");
    site.write("workflows/shared.yaml", &elsewhere);
    let (code, said) = workflows();
    assert_eq!((code, said.starts_with("fail")), (Some(1), true), "{said}");
    assert!(said.contains("is published already, with other content; raise `version`"));
    let refused = site.try_serve().err().expect("it does not start");
    let why = refused.err.lines().next_back().unwrap_or_default();
    assert!(why.contains("is published already"), "{why}");

    site.write("workflows/shared.yaml", SHARED);
    let (code, said) = workflows();
    assert_eq!((code, said.starts_with("ok")), (Some(0), true), "{said}");
}

#[test]
fn a_command_whose_reader_has_gone_away_ends_quietly() {
    let site = with_a_wish();
    let doctor = [&["doctor"], &CONFIG[..]].concat();
    let draw = ["draw", "workflows/wish.yaml"];
    for command in [&doctor[..], &["check", "workflows"], &draw] {
        let ended = site.run_unread(command);
        assert_eq!(
            (ended.code, ended.err.as_str()),
            (Some(141), ""),
            "{command:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_is_explained_by_a_server_and_from_the_database() {
    let site = Site::shipped();
    let (mut server, ada, case) = under_review(&site).await;
    let asked = [
        "explain",
        &case,
        "approve",
        "--as",
        "rita",
        "--url",
        server.url(),
        "--token",
        ada.token().expect("her token"),
    ];
    let told = site.run(&asked);
    assert!(
        told.out.contains("Approve (approve)"),
        "{}{}",
        told.out,
        told.err
    );
    assert!(told.out.contains("who can: rita"), "{}", told.out);
    let unnamed = [&asked[..2], &asked[3..]].concat();
    let refused = site.run(&unnamed).stopped();
    assert!(refused.contains("name the action"), "{refused}");
    server.stop().await;

    let local = [&["explain", &case, "approve", "--as", "pat"], &CONFIG[..]].concat();
    let told = site.run(&local);
    assert_eq!(told.code, Some(1), "{}{}", told.out, told.err);
    assert!(
        told.out.contains("cannot be taken") && told.out.contains("✗ who"),
        "{}",
        told.out
    );
    let chinese = [
        &["explain", &case, "--as", "rita", "--language", "zh"],
        &CONFIG[..],
    ]
    .concat();
    let told = site.run(&chinese);
    assert!(
        told.out.contains("批准 (approve)"),
        "{}{}",
        told.out,
        told.err
    );
    let nobody = [
        &["explain", &case, "approve", "--as", "nobody"],
        &CONFIG[..],
    ]
    .concat();
    assert_eq!(site.run(&nobody).code, Some(2));
}
