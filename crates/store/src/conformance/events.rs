//! The events of all cases: told in the order of commits, and none is skipped.

use std::time::{Duration, Instant};

use countersign_core::case::{Case, Doer, PersonId};
use countersign_engine::ports::{
    StoreErrorKind,
    reader::EventRow,
    store::{Batch, CaseAddress, Transaction},
};

use super::{Fresh, at, samples};

pub async fn what_is_written_is_followed_in_order(fresh: Fresh) {
    let reader = fresh.reader();
    let begin = reader.last_event().await.unwrap();
    assert_eq!(reader.events(&begin, 9).await.unwrap(), []);
    for n in 1..=3 {
        fresh.put(samples::opening(samples::case(n))).await;
    }
    let all = told(&fresh, 3).await;
    assert_eq!(
        all.iter().map(|row| row.case).collect::<Vec<_>>(),
        [1, 2, 3].map(samples::id)
    );
    assert_eq!(reader.events(&begin, 9).await.unwrap(), all);
    assert_eq!(reader.events(&all[0].cursor, 1).await.unwrap(), all[1..2]);
    let history = reader.history(samples::id(2), 0, 9).await.unwrap();
    assert_eq!(history, [all[1].entry.clone()]);
    let end = reader.last_event().await.unwrap();
    assert_eq!(reader.events(&end, 9).await.unwrap(), []);
    let strange = reader.events("nowhere", 9).await.unwrap_err();
    assert_eq!(strange.kind, StoreErrorKind::Cursor);
}

/// Whoever waits for a case while holding another has begun before those for whom it waits, and writes after them.
pub async fn what_waited_follows_what_it_waited_for(fresh: Fresh) {
    if !fresh.store.is_shared() {
        return;
    }
    for n in 1..=2 {
        fresh.put(samples::opening(samples::case(n))).await;
    }
    let mut waiting = fresh.store.begin().await.unwrap();
    load(&mut *waiting, 1).await;
    let mut quick = fresh.store.begin().await.unwrap();
    goes_on(&mut *quick, 2).await;
    quick.commit().await.unwrap();
    goes_on(&mut *waiting, 2).await;
    waiting.commit().await.unwrap();
    let seen = told(&fresh, 4).await;
    let of_two: Vec<u64> = seen
        .iter()
        .filter(|row| row.case == samples::id(2))
        .map(|row| row.entry.entry.entry)
        .collect();
    assert_eq!(of_two, [1, 2, 3]);
    let follows = fresh.reader().events(&seen[2].cursor, 9).await.unwrap();
    assert_eq!(follows, seen[3..], "none is skipped by who stops between");
}

/// Takes a case, as whoever goes on with it does.
async fn load(transaction: &mut dyn Transaction, n: u64) -> Case {
    let found = transaction.cases(&[CaseAddress::Id(samples::id(n))]).await;
    found.unwrap().remove(0).unwrap()
}

/// Writes the next entry of a case.
async fn goes_on(transaction: &mut dyn Transaction, n: u64) {
    let mut case = load(transaction, n).await;
    let entry = samples::entry(
        &mut case,
        Doer::Person(PersonId::new("rita")),
        at("02:00:00"),
    );
    let batch = Batch {
        entries: vec![entry],
        cases: vec![samples::change(case, Vec::new())],
        at: Some(at("02:00:00")),
        ..Batch::default()
    };
    transaction.write(&batch).await.unwrap();
}

/// All events, when there are so many. They may come later, while somebody on the same server is still writing
/// something else.
async fn told(fresh: &Fresh, many: usize) -> Vec<EventRow> {
    let begun = Instant::now();
    loop {
        let seen = fresh.reader().events("0", 9).await.unwrap();
        if seen.len() == many || begun.elapsed() > Duration::from_secs(20) {
            break seen;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
