//! `countersign audit`: whatever is changed in the histories behind the program's back is found, and nothing else is.

use std::fs;

use countersign_tests::Site;
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::json;

use super::staff::Staff;

const CONFIG: [&str; 2] = ["--config", "countersign.toml"];

/// A site with two cases and a comment, stopped.
async fn site() -> Site {
    let site = Site::shipped();
    let ada = site.add_administrator("ada");
    let mut server = site.serve();
    let ada = server.with(&ada);
    let pat = Staff::pat().add(&server, &ada).await;
    let rita = Staff::of_vendor("rita", "deal_reviewers");
    rita.add(&server, &ada).await;
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    for _ in 0..2 {
        let case = pat.open("deal_registration", json!({ "deal": deal })).await;
        let comment = json!({ "text": "Between us and you." });
        let comments = format!("/v1/cases/{case}/comments");
        pat.post(&comments, comment).await.ok();
        pat.act(&case, "submit", json!({})).await.ok();
    }
    server.stop().await;
    site
}

fn audit(site: &Site, more: &[&str]) -> (Option<i32>, String) {
    let ended = site.run(&[&["audit"], &CONFIG[..], more].concat());
    (ended.code, ended.out + &ended.err)
}

/// Runs these statements on the database, behind the program's back.
async fn tamper(site: &Site, statements: &str) {
    let file = site.folder().join("countersign.db");
    let url = format!("sqlite:{}", file.display());
    let database = Database::connect(url).await.expect("the file opens");
    database
        .execute_unprepared(statements)
        .await
        .expect("the statements run");
    database.close().await.expect("the file closes");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_touched_is_as_it_was_written() {
    let site = site().await;
    let (code, said) = audit(&site, &["--checkpoint", "first.jsonl"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("2 cases, 6 entries (0 erased): all as"),
        "{said}"
    );

    // The server goes on; the checkpoint still holds of what is older.
    let ben = site.add_administrator("ben");
    let mut server = site.serve();
    let ben = server.with(&ben);
    let hold = json!({ "reason": "To be looked at." });
    let held = ben.post("/v1/cases/DR-2026-00001/hold", hold).await;
    held.ok();
    server.stop().await;
    let (code, said) = audit(&site, &["--against", "first.jsonl"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("7 entries"), "{said}");

    // A checkpoint is never written over another, and a changed one is none.
    let (code, said) = audit(&site, &["--checkpoint", "first.jsonl"]);
    assert_eq!(code, Some(2), "{said}");
    let text = fs::read_to_string(site.folder().join("first.jsonl")).expect("it is there");
    site.write("forged.jsonl", &text.replace("\"entry\":3", "\"entry\":2"));
    let (code, said) = audit(&site, &["--against", "forged.jsonl"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("its signature is not of this text"), "{said}");
}

/// In a folder that is not the server's nothing is read, and nothing is made.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_key_it_refuses_and_makes_none() {
    let site = site().await;
    let key = site.folder().join("countersign.key");
    fs::rename(&key, site.folder().join("away.key")).expect("the key can be moved");
    let (code, said) = audit(&site, &["--checkpoint", "by-nobody.jsonl"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("countersign.key is not there"), "{said}");
    assert!(said.contains("is this the right folder?"), "{said}");
    assert!(!key.exists(), "a key of nobody would be made");
    assert!(!site.folder().join("by-nobody.jsonl").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_behind_its_back_is_found() {
    let site = site().await;
    let (code, said) = audit(&site, &["--checkpoint", "kept.jsonl"]);
    assert_eq!(code, Some(0), "{said}");
    let file = site.folder().join("countersign.db");
    let untouched = fs::read(&file).expect("the database");
    // The first case has the entries at positions 1 to 3, the second those at 4 to 6.
    let heads = "(SELECT position FROM cases WHERE number = 'DR-2026-00001')";
    let tampers = [
        ("edited", "UPDATE history SET body = replace(body, '\"submit\"', '\"forged\"') WHERE position = 3".to_owned(),
            "DR-2026-00001: entry 3 was changed"),
        ("a personal part edited", "UPDATE history_personal SET body = replace(body, 'Between us', 'Never said') WHERE position = 2".to_owned(),
            "DR-2026-00001: entry 2 has other details"),
        ("deleted in the middle", "UPDATE history SET earlier = 1 WHERE position = 3; DELETE FROM history WHERE position = 2".to_owned(),
            "DR-2026-00001: entry 2 is not in its place"),
        ("swapped", "UPDATE history SET body = (SELECT h.body FROM history h WHERE h.position = 5) WHERE position = 2".to_owned(),
            "DR-2026-00001: entry 2 was changed"),
        ("its tail cut", format!("UPDATE heads SET history_at = 2 WHERE position = {heads}"),
            "DR-2026-00001: entry 3 is where the case ends"),
        ("its tail cut, and the case with it", format!("UPDATE heads SET history_at = 2,
            control = json_set(control, '$.entries', 2, '$.head', (SELECT lower(hex(hash)) FROM history WHERE position = 2))
            WHERE position = {heads}"),
            "DR-2026-00001: entry 3 was there at the checkpoint"),
        ("a whole case removed", format!("DELETE FROM heads WHERE position = {heads}; DELETE FROM searches WHERE position = {heads};
            DELETE FROM cases WHERE number = 'DR-2026-00001'"),
            "DR-2026-00001: entry 3 was there at the checkpoint"),
        ("a hash forged", "UPDATE history SET hash = zeroblob(32) WHERE position = 3".to_owned(),
            "DR-2026-00001: entry 3 was changed"),
        ("made unreadable", "UPDATE history SET body = replace(body, '\"comment\"', '\"komment\"') WHERE position = 2".to_owned(),
            "DR-2026-00001: entry 2 cannot be read: it is not as this program writes\n2 cases, 6 entries (0 erased): 1 fault"),
        ("made no JSON, and the next case edited", "UPDATE history SET body = substr(body, 2) WHERE position = 1;
            UPDATE history SET body = replace(body, '\"submit\"', '\"forged\"') WHERE position = 6".to_owned(),
            "DR-2026-00001: entry 1 cannot be read: it is not as this program writes\nDR-2026-00002: entry 3 was changed"),
        ("the case itself made unreadable", format!("UPDATE heads SET control = substr(control, 2) WHERE position = {heads}"),
            "DR-2026-00001: the case as it stands cannot be read\n2 cases, 6 entries"),
        ("unchained", "UPDATE history SET previous = zeroblob(32) WHERE position = 3".to_owned(),
            "DR-2026-00001: entry 3 is not chained"),
    ];
    for (what, statements, found) in tampers {
        tamper(&site, &format!("PRAGMA foreign_keys = OFF; {statements}")).await;
        let (code, said) = audit(&site, &["--against", "kept.jsonl"]);
        assert_eq!(code, Some(1), "{what}: {said}");
        assert!(said.contains(found), "{what}: {said}");
        for suffix in ["-wal", "-shm"] {
            let beside = site.folder().join(format!("countersign.db{suffix}"));
            let _ = fs::remove_file(beside);
        }
        fs::write(&file, &untouched).expect("the database is put back");
    }
    let (code, said) = audit(&site, &["--against", "kept.jsonl"]);
    assert_eq!(code, Some(0), "put back: {said}");
}
