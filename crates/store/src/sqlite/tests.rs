//! SQLite as a store: the conformance suite, and what is true of its file only.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::{path::Path, sync::Arc};

use chrono::TimeDelta;
use countersign_engine::ports::{
    Store as _, StoreErrorKind, Time, VirtualClock,
    store::{Batch, RequestKey, StoredAnswer},
};
use sea_orm::ConnectionTrait as _;

use crate::{
    Error, SqlStore,
    conformance::{Fresh, conformance},
    sqlite,
};

fn now() -> Time {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

async fn open(file: &Path) -> Result<SqlStore, Error> {
    sqlite::open(file, Arc::new(VirtualClock::stopped_at(now()))).await
}

async fn fresh() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(VirtualClock::stopped_at(now()));
    let store = sqlite::open(&folder.path().join("countersign.db"), clock.clone())
        .await
        .unwrap();
    Fresh {
        store: Arc::new(store.clone()),
        outbox: Arc::new(store),
        clock,
        _keep: Box::new(folder),
    }
}

async fn an_empty_one() -> Option<Fresh> {
    Some(fresh().await)
}

conformance!(an_empty_one);

#[tokio::test]
async fn a_second_program_is_refused_and_told_which_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("数据.db");
    let first = open(&file).await.unwrap();
    let refused = open(&file).await.unwrap_err();
    assert!(matches!(refused, Error::Locked { .. }));
    let text = refused.to_string();
    assert!(
        text.contains("数据.db") && text.contains(&std::process::id().to_string()),
        "{text}"
    );
    first.close().await.unwrap();
    drop(first);
    open(&file).await.unwrap();
}

#[tokio::test]
async fn a_second_program_is_refused_under_another_name_of_the_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("a.db"), folder.path().join("b.db"));
    let _first = open(&file).await.unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert!(matches!(open(&link).await, Err(Error::Locked { .. })));
}

#[tokio::test]
async fn what_was_committed_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countersign.db");
    for run in 1..=3u64 {
        let store = open(&file).await.unwrap();
        let mut transaction = store.begin().await.unwrap();
        assert_eq!(transaction.take_numbers("deals", 1).await.unwrap(), run);
        transaction.commit().await.unwrap();
        if run == 2 {
            store.close().await.unwrap();
        }
    }
}

/// A batch that needs about this many bytes.
fn heavy(n: usize, bytes: usize) -> Batch {
    let answer = StoredAnswer {
        fingerprint: [0; 32],
        status: 200,
        headers: Vec::new(),
        body: vec![b'x'; bytes],
        at: now(),
    };
    let key = RequestKey {
        caller: "person:pat".to_owned(),
        key: n.to_string(),
    };
    Batch {
        answers: vec![(key, answer)],
        ..Batch::default()
    }
}

#[tokio::test]
async fn a_full_database_is_told_apart_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("countersign.db")).await.unwrap();
    let limit = async |pages: u32| {
        let open = store.inner.writer.begin().await.unwrap();
        open.on()
            .execute_unprepared(&format!("PRAGMA max_page_count = {pages}"))
            .await
            .unwrap();
        open.rollback().await.unwrap();
    };
    let write = async |n| {
        let mut transaction = store.begin().await?;
        transaction.write(&heavy(n, 1 << 20)).await?;
        transaction.commit().await
    };
    limit(900).await;
    write(1).await.unwrap();
    for n in 2..5 {
        let full = write(n).await.unwrap_err();
        assert_eq!(full.kind, StoreErrorKind::Full, "{full:?}");
    }
    limit(6_000).await;
    write(5).await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    let key = |n: u32| RequestKey {
        caller: "person:pat".to_owned(),
        key: n.to_string(),
    };
    let kept = transaction
        .answers(&[1, 2, 3, 4, 5].map(key))
        .await
        .unwrap();
    assert_eq!(
        kept.iter().map(Option::is_some).collect::<Vec<_>>(),
        [true, false, false, false, true]
    );
}

#[tokio::test]
async fn a_batch_that_is_begun_and_forgotten_does_not_hold_up_the_next() {
    let fresh = fresh().await;
    for _ in 0..20 {
        let begin = fresh.store.begin();
        // Dropped before it is done, as a careless caller might.
        let _ = tokio::time::timeout(std::time::Duration::ZERO, begin).await;
    }
    let mut transaction = fresh.store.begin().await.unwrap();
    transaction.write(&heavy(1, 10)).await.unwrap();
    transaction.commit().await.unwrap();
    let mut transaction = fresh.store.begin().await.unwrap();
    let key = RequestKey {
        caller: "person:pat".to_owned(),
        key: "1".to_owned(),
    };
    assert!(
        transaction.answers(&[key]).await.unwrap()[0].is_some(),
        "what was committed is there"
    );
    drop(transaction);
    assert_eq!(
        fresh
            .store
            .clean(now() + TimeDelta::days(31))
            .await
            .unwrap(),
        1
    );
}
