//! A batch is all or nothing, and what it took or kept is taken and kept once.

use countersign_engine::ports::{
    StoreErrorKind,
    store::{Batch, CaseAddress, RequestKey, StoredAnswer},
};

use super::{Fresh, at, samples};

pub async fn a_dropped_batch_leaves_nothing(fresh: Fresh) {
    let mut transaction = fresh.store.begin().await.unwrap();
    transaction.take_numbers("deals", 5).await.unwrap();
    let mut batch = samples::opening(samples::case(1));
    batch.deliveries.push(samples::mail(1, false));
    transaction.write(&batch).await.unwrap();
    drop(transaction);
    let mut transaction = fresh.store.begin().await.unwrap();
    assert_eq!(
        transaction
            .cases(&[CaseAddress::Id(samples::id(1))])
            .await
            .unwrap(),
        [None]
    );
    // Where lanes take numbers from blocks, those that were taken stay taken.
    let number = transaction.take_numbers("deals", 1).await.unwrap();
    assert!([1, 6].contains(&number), "{number}");
    transaction.rollback().await.unwrap();
    assert!(
        fresh
            .reader()
            .history(samples::id(1), 0, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        fresh
            .reader()
            .deliveries(&super::outbox::all())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

pub async fn a_failed_write_leaves_nothing_of_its_batch(fresh: Fresh) {
    fresh
        .write(samples::opening(samples::case(1)))
        .await
        .unwrap();
    let twin = samples::case(1);
    let batch = samples::together([samples::opening(samples::case(2)), samples::opening(twin)]);
    assert_eq!(
        fresh.write(batch).await.unwrap_err().kind,
        StoreErrorKind::Conflict
    );
    assert_eq!(
        fresh
            .reader()
            .case(&CaseAddress::Id(samples::id(2)))
            .await
            .unwrap(),
        None
    );
    // And the store goes on.
    fresh
        .write(samples::opening(samples::case(2)))
        .await
        .unwrap();
}

fn key(caller: &str) -> RequestKey {
    RequestKey {
        caller: caller.to_owned(),
        key: "钥匙 1".to_owned(),
    }
}

fn answer(body: &[u8]) -> StoredAnswer {
    StoredAnswer {
        fingerprint: [7; 32],
        status: 201,
        headers: vec![("Location".to_owned(), "/v1/cases/1".to_owned())],
        body: body.to_vec(),
        at: at("01:00:00"),
    }
}

pub async fn an_answer_is_kept_under_its_key_once(fresh: Fresh) {
    let keep = |caller: &str, body: &[u8]| Batch {
        answers: vec![(key(caller), answer(body))],
        ..Batch::default()
    };
    let bodies: [(&str, &[u8]); 4] = [
        ("person:pat", "{\"case\":\"北风\"}".as_bytes()),
        ("person:rita", &[0, 159, 146, 150]),
        ("service:erp", b"a\0b"),
        ("person:wei", b""),
    ];
    for (caller, body) in bodies {
        fresh.write(keep(caller, body)).await.unwrap();
    }
    let again = fresh
        .write(keep("person:pat", b"another"))
        .await
        .unwrap_err();
    assert_eq!(again.kind, StoreErrorKind::Conflict);
    let mut transaction = fresh.store.begin().await.unwrap();
    let asked: Vec<RequestKey> = ["person:nobody"]
        .into_iter()
        .chain(bodies.map(|(caller, _)| caller))
        .map(key)
        .collect();
    let kept = transaction.answers(&asked).await.unwrap();
    assert_eq!(kept[0], None);
    for ((_, body), kept) in bodies.iter().zip(&kept[1..]) {
        assert_eq!(*kept, Some(answer(body)));
    }
}

pub async fn numbers_come_in_order_and_never_twice(fresh: Fresh) {
    let mut transaction = fresh.store.begin().await.unwrap();
    assert_eq!(transaction.take_numbers("deals", 1).await.unwrap(), 1);
    assert_eq!(transaction.take_numbers("deals", 3).await.unwrap(), 2);
    assert_eq!(transaction.take_numbers("sows", 1).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    let mut transaction = fresh.store.begin().await.unwrap();
    assert_eq!(transaction.take_numbers("deals", 1).await.unwrap(), 5);
    transaction.rollback().await.unwrap();
    let mut transaction = fresh.store.begin().await.unwrap();
    // Where several replicas take numbers, what was given up is a gap.
    let given_up = u64::from(fresh.store.is_shared());
    assert_eq!(
        transaction.take_numbers("deals", 1).await.unwrap(),
        5 + given_up
    );
}

pub async fn numbers_wait_for_nobodys_commit(fresh: Fresh) {
    if !fresh.store.is_shared() {
        return;
    }
    let mut taken = std::collections::BTreeSet::new();
    let mut open = Vec::new();
    for _ in 0..4 {
        let mut transaction = fresh.store.begin().await.unwrap();
        for _ in 0..100 {
            assert!(taken.insert(transaction.take_numbers("deals", 1).await.unwrap()));
        }
        open.push(transaction);
    }
    for transaction in open {
        transaction.commit().await.unwrap();
    }
}

pub async fn old_answers_and_codes_go(fresh: Fresh) {
    fresh
        .write(Batch {
            answers: vec![(key("person:pat"), answer(b"x"))],
            ..Batch::default()
        })
        .await
        .unwrap();
    let days = |days| at("01:00:00") + chrono::TimeDelta::days(days);
    assert_eq!(fresh.store.clean(days(30)).await.unwrap(), 0);
    assert_eq!(fresh.store.clean(days(31)).await.unwrap(), 1);
    let mut transaction = fresh.store.begin().await.unwrap();
    assert_eq!(
        transaction.answers(&[key("person:pat")]).await.unwrap(),
        [None]
    );
}
