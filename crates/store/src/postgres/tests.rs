//! PostgreSQL as a store: the conformance suite, each check on a database of its own, and what is true of several
//! replicas only. The server is named by `COUNTERSIGN_POSTGRES`, as `cargo xtask test` does, which starts one.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::{
    env,
    io::{self, Write as _},
    sync::{Arc, Once},
    time::Duration,
};

use countersign_core::{
    case::PersonId,
    context::{Inputs, Needs},
};
use countersign_engine::{
    Registry,
    ports::{
        Clock as _, Deliveries as _, Store as _, StoreErrorKind, SystemClock, Time, VirtualClock,
        directory::DirectoryChange,
        reader::EventRow,
        store::{Batch, CaseAddress},
    },
};

use sea_orm::ConnectionTrait as _;

use super::{DatabaseClock, make_database, open, way};
use crate::{
    SqlStore,
    conformance::{Fresh, conformance, samples},
    error::failed,
    rows::get,
    statements::reads,
};

fn now() -> Time {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

/// An empty database of its own; `None`, said aloud, where no server is named.
async fn database() -> Option<String> {
    static TOLD: Once = Once::new();
    let Ok(server) = env::var("COUNTERSIGN_POSTGRES") else {
        let words = "LEFT OUT: the store on PostgreSQL; what it needs is missing: run `cargo xtask test`, or name a server \
                     in COUNTERSIGN_POSTGRES";
        assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "{words}");
        // Not `eprintln!`, which the test runner keeps to itself.
        TOLD.call_once(|| _ = writeln!(io::stderr(), "{words}"));
        return None;
    };
    let name = format!("store_{}", uuid::Uuid::now_v7().simple());
    Some(make_database(&server, &name).await.unwrap())
}

async fn fresh() -> Option<Fresh> {
    let url = database().await?;
    let clock = Arc::new(VirtualClock::stopped_at(now()));
    let store = open(&url, clock.clone()).await.unwrap();
    Some(Fresh {
        store: Arc::new(store.clone()),
        outbox: Arc::new(store),
        clock,
        _keep: Box::new(()),
    })
}

conformance!(fresh);

/// Two stores on one database, as two replicas have them.
async fn two() -> Option<[SqlStore; 2]> {
    let url = database().await?;
    let clock = Arc::new(VirtualClock::stopped_at(now()));
    let (first, second) = tokio::join!(open(&url, clock.clone()), open(&url, clock.clone()));
    Some([first.unwrap(), second.unwrap()])
}

async fn write(store: &SqlStore, batch: Batch) {
    let mut transaction = store.begin().await.unwrap();
    transaction.write(&batch).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn replicas_that_start_at_once_make_the_tables_once() {
    let Some([first, second]) = two().await else {
        return;
    };
    write(&first, samples::opening(samples::case(1))).await;
    let address = CaseAddress::Id(samples::id(1));
    assert!(second.reader().case(&address).await.unwrap().is_some());
}

#[tokio::test]
async fn a_case_is_one_batchs_until_it_ends() {
    let Some([first, second]) = two().await else {
        return;
    };
    write(&first, samples::opening(samples::case(1))).await;
    let cases = [CaseAddress::Id(samples::id(1))];
    let mut holder = first.begin().await.unwrap();
    let held = holder.cases(&cases).await.unwrap();
    let waiting = tokio::spawn(async move {
        let mut waiter = second.begin().await.unwrap();
        let found = waiter.cases(&cases).await.unwrap();
        waiter.rollback().await.unwrap();
        found
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished(), "the row is locked");
    let mut changed = held.into_iter().next().unwrap().unwrap();
    changed.title = "北风".to_owned();
    let write = samples::change(changed, Vec::new());
    let changed = write.case.clone();
    holder.write(&samples::changes(vec![write])).await.unwrap();
    holder.commit().await.unwrap();
    let seen = waiting.await.unwrap();
    assert_eq!(
        seen,
        [Some(changed)],
        "and what was read then is what was committed"
    );
}

#[tokio::test]
async fn who_is_read_does_not_change_until_the_batch_ends() {
    let Some([first, second]) = two().await else {
        return;
    };
    let needs = Needs {
        people: [PersonId::new("pat")].into(),
        ..Needs::default()
    };
    let mut inputs = Inputs::default();
    let mut reading = first.begin().await.unwrap();
    let registry = Registry::default();
    reading
        .inputs(&needs, &registry, &mut inputs)
        .await
        .unwrap();
    let changing = tokio::spawn(async move {
        let change = DirectoryChange::PutPerson(samples::record("pat", None));
        let batch = Batch {
            directory: vec![change],
            ..Batch::default()
        };
        write(&second, batch).await;
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!changing.is_finished(), "the directory is being read");
    reading.rollback().await.unwrap();
    changing.await.unwrap();
}

#[tokio::test]
async fn a_delivery_is_claimed_by_one_of_many() {
    let Some([first, second]) = two().await else {
        return;
    };
    let mut batch = samples::opening(samples::case(1));
    batch.deliveries = (1..=60).map(|n| samples::mail(n, false)).collect();
    write(&first, batch).await;
    let mut claims = Vec::new();
    for n in 0..12 {
        let store = if n % 2 == 0 { &first } else { &second };
        let store = store.clone();
        claims.push(tokio::spawn(async move {
            store.claim(10, Duration::from_secs(15), &[]).await.unwrap()
        }));
    }
    let mut ids = Vec::new();
    for claim in claims {
        for claimed in claim.await.unwrap() {
            assert_eq!(claimed.epoch, 1);
            ids.push(claimed.id);
        }
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "none was claimed twice");
    loop {
        let more = second
            .claim(10, Duration::from_secs(15), &[])
            .await
            .unwrap();
        if more.is_empty() {
            break;
        }
        ids.extend(more.iter().map(|claimed| claimed.id));
    }
    assert_eq!(ids.len(), 60, "and none was left");
}

#[tokio::test]
async fn a_due_timer_is_claimed_by_one_and_due_again_when_nobody_fired_it() {
    let Some([first, second]) = two().await else {
        return;
    };
    let cases = (1..=40).map(|n| samples::opening(samples::case(n)));
    let mut batch = samples::together(cases);
    batch.rested = (1..=40).map(|n| (samples::id(n), Some(now()))).collect();
    write(&first, batch).await;
    let claims = (0..8).map(|n| {
        let store = if n % 2 == 0 { &first } else { &second };
        store.claim_due(now(), 10)
    });
    let mut claimed = Vec::new();
    for claim in futures::future::join_all(claims).await {
        claimed.extend(claim.unwrap());
    }
    while let more = second.claim_due(now(), 10).await.unwrap()
        && !more.is_empty()
    {
        claimed.extend(more);
    }
    assert_eq!(claimed.len(), 40);
    claimed.sort_unstable();
    claimed.dedup();
    assert_eq!(claimed.len(), 40, "none was claimed twice");
    let later = now() + chrono::TimeDelta::seconds(15);
    assert_eq!(second.claim_due(later, 100).await.unwrap().len(), 40);
}

#[tokio::test]
async fn time_is_the_databases() {
    let Some(url) = database().await else {
        return;
    };
    let clock = DatabaseClock::start(&url).await.unwrap();
    let before = clock.now();
    let machine = SystemClock.now();
    assert!(
        (machine - before).num_seconds().abs() < 5,
        "both are this machine's"
    );
    clock
        .sleep_until(before + chrono::TimeDelta::milliseconds(50))
        .await;
    assert!(clock.now() >= before + chrono::TimeDelta::milliseconds(50));
}

#[tokio::test]
async fn a_connection_that_is_cut_is_told_apart_and_replaced() {
    let Some([first, second]) = two().await else {
        return;
    };
    let open = first.inner.writer.begin().await.unwrap();
    let row = reads::BACKEND.one(open.on(), []).await.unwrap().unwrap();
    let backend: i64 = get(&row, 0).unwrap();
    let other = second.inner.writer.begin().await.unwrap();
    let cut = format!("SELECT pg_terminate_backend({backend})");
    other.on().execute_unprepared(&cut).await.unwrap();
    other.rollback().await.unwrap();
    let error = reads::PING.one(open.on(), []).await.unwrap_err();
    assert_eq!(failed("read")(error).kind, StoreErrorKind::Contended);
    let committed = open.commit().await.unwrap_err();
    assert_eq!(
        committed.kind,
        StoreErrorKind::OutcomeUnknown,
        "{committed:?}"
    );
    write(&first, samples::opening(samples::case(1))).await;
}

/// As after a fail-over, where the old primary came back as a standby behind the same address.
#[tokio::test]
async fn connections_to_a_server_that_takes_no_writes_are_left() {
    let Some(url) = database().await else {
        return;
    };
    let store = open(&url, Arc::new(VirtualClock::stopped_at(now())));
    let store = store.await.unwrap();
    let aside = way(&url).unwrap().pool(1).await.unwrap();
    let alter = |how: &str| {
        format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I {how}', current_database()); END $$;
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    };
    // Whoever connects now can write nothing.
    let demoted = alter("SET default_transaction_read_only = on");
    aside.execute_unprepared(&demoted).await.unwrap();
    let mut astray = 0;
    for _ in 0..10 {
        let error = store.inner.writer.begin().await.err().unwrap();
        astray += u32::from(error.to_string().contains("takes no writes"));
        assert_eq!(failed("begin")(error).kind, StoreErrorKind::Contended);
    }
    assert!(astray > 0, "it was led to a server that takes no writes");
    // Only those who connect anew: had one of the others been kept, it would still take no writes.
    let promoted = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', current_database());
                    END $$";
    aside.execute_unprepared(promoted).await.unwrap();
    write(&store, samples::opening(samples::case(1))).await;
}

/// What a dump brought to a server that counts from a lower id than the one that it was made of.
#[tokio::test]
async fn events_go_on_behind_those_of_another_server() {
    let Some(url) = database().await else {
        return;
    };
    let clock = Arc::new(VirtualClock::stopped_at(now()));
    let before = open(&url, clock.clone()).await.unwrap();
    write(&before, samples::opening(samples::case(1))).await;
    write(&before, samples::opening(samples::case(2))).await;
    let moved = before.inner.writer.begin().await.unwrap();
    for change in [
        "UPDATE feed SET server = 'another/1'",
        "UPDATE history SET written_by = written_by + 5000000000",
    ] {
        moved.on().execute_unprepared(change).await.unwrap();
    }
    moved.commit().await.unwrap();
    before.close().await.unwrap();

    let after = open(&url, clock.clone()).await.unwrap();
    let old = events(&after, "0", 2).await;
    write(&after, samples::opening(samples::case(3))).await;
    let all = events(&after, "0", 3).await;
    assert_eq!(all[..2], old);
    assert_eq!(events(&after, &old[0].cursor, 2).await, all[1..]);
    assert_eq!(events(&after, &old[1].cursor, 1).await, all[2..]);
    after.close().await.unwrap();

    let again = open(&url, clock).await.unwrap();
    write(&again, samples::opening(samples::case(4))).await;
    let last = events(&again, &all[2].cursor, 1).await;
    assert_eq!(last[0].case, samples::id(4));
    let open = again.inner.writer.begin().await.unwrap();
    let ahead = open.on().query_one_raw(ahead()).await.unwrap().unwrap();
    let ahead: i64 = get(&ahead, 0).unwrap();
    assert!(
        (6_000_000_000..7_000_000_000).contains(&ahead),
        "it leaps once for each server: {ahead}"
    );
    open.rollback().await.unwrap();
}

fn ahead() -> sea_orm::Statement {
    sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, "SELECT ahead FROM feed")
}

/// So many events after this cursor. They may come later, while somebody on the same server is still writing something.
async fn events(store: &SqlStore, after: &str, many: usize) -> Vec<EventRow> {
    for _ in 0..1000 {
        let seen = store.reader().events(after, 9).await.unwrap();
        if seen.len() >= many {
            assert_eq!(seen.len(), many);
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("there are not {many} events after {after}");
}

#[tokio::test]
async fn a_statement_that_waits_in_a_ring_may_be_tried_again() {
    let Some([first, second]) = two().await else {
        return;
    };
    write(
        &first,
        samples::together([1, 2].map(|n| samples::opening(samples::case(n)))),
    )
    .await;
    let [one, two] = [1, 2].map(|n| [CaseAddress::Id(samples::id(n))]);
    let mut left = first.begin().await.unwrap();
    let mut right = second.begin().await.unwrap();
    left.cases(&one).await.unwrap();
    right.cases(&two).await.unwrap();
    let (left_then, right_then) = tokio::join!(left.cases(&two), right.cases(&one));
    let refused: Vec<_> = [left_then.err(), right_then.err()]
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(refused.len(), 1, "the server breaks the ring at one place");
    assert_eq!(refused[0].kind, StoreErrorKind::Contended);
}
