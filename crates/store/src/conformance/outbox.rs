//! The outbox: leases, epochs, secrets, and what becomes of the dead.

use std::time::Duration;

use countersign_core::{case::DeliveryId, outcome::Incident, text::Text};
use countersign_engine::ports::{
    deliveries::{CaseRef, ClaimedDelivery, Failure, Next},
    reader::{DeliveryKind, DeliveryQuery, DeliveryStatus, IncidentRow, Pulse},
    store::{Batch, CaseAddress, DeliveryWrite},
};
use uuid::Uuid;

use super::{Fresh, at, samples};

const LEASE: Duration = Duration::from_secs(15);

pub fn all() -> DeliveryQuery {
    DeliveryQuery {
        limit: 200,
        ..DeliveryQuery::default()
    }
}

async fn add(fresh: &Fresh, deliveries: Vec<DeliveryWrite>) {
    fresh
        .write(Batch {
            deliveries,
            at: Some(at("01:00:00")),
            ..Batch::default()
        })
        .await
        .unwrap();
}

async fn claim(fresh: &Fresh, limit: usize, full: &[&str]) -> Vec<ClaimedDelivery> {
    let full: Vec<String> = full.iter().map(|receiver| (*receiver).to_owned()).collect();
    fresh.outbox.claim(limit, LEASE, &full).await.unwrap()
}

fn ids(claimed: &[ClaimedDelivery]) -> Vec<u128> {
    claimed
        .iter()
        .map(|delivery| delivery.id.as_u128())
        .collect()
}

fn pass(fresh: &Fresh, seconds: i64) {
    fresh.clock.advance(chrono::TimeDelta::seconds(seconds));
}

fn again(seconds: u64) -> Failure {
    let next = Next::RetryAfter(Duration::from_secs(seconds));
    Failure {
        next,
        error: "451 later".to_owned(),
        transcript: "> DATA\n< 451 稍后".to_owned(),
    }
}

fn dead() -> Failure {
    Failure {
        next: Next::Dead,
        error: "550 unknown".to_owned(),
        transcript: String::new(),
    }
}

pub async fn a_claim_is_exclusive_until_its_lease_ends(fresh: Fresh) {
    add(
        &fresh,
        vec![
            samples::mail(1, false),
            samples::hook(2, "pay"),
            samples::mail(3, false),
        ],
    )
    .await;
    let first = claim(&fresh, 2, &[]).await;
    assert_eq!(ids(&first), [1, 2]);
    assert_eq!((first[0].epoch, first[0].attempt), (1, 1));
    assert_eq!(first[0].content, samples::mail(1, false).content);
    assert_eq!(first[1].content, samples::hook(2, "pay").content);
    assert_eq!(ids(&claim(&fresh, 9, &[]).await), [3]);
    assert!(claim(&fresh, 9, &[]).await.is_empty());
    pass(&fresh, 10);
    assert!(fresh.outbox.renew(first[0].id, 1, LEASE).await.unwrap());
    pass(&fresh, 5);
    let taken_over = claim(&fresh, 9, &[]).await;
    assert_eq!(ids(&taken_over), [2, 3], "one lease was renewed");
    assert_eq!((taken_over[0].epoch, taken_over[0].attempt), (2, 2));
    assert!(fresh.outbox.release(taken_over[0].id, 2).await.unwrap());
    let released = claim(&fresh, 9, &[]).await;
    assert_eq!(
        (ids(&released), released[0].epoch, released[0].attempt),
        (vec![2], 3, 2)
    );
}

pub async fn a_late_outcome_changes_nothing(fresh: Fresh) {
    add(&fresh, vec![samples::mail(1, false)]).await;
    let id = Uuid::from_u128(1);
    let late = claim(&fresh, 1, &[]).await.remove(0);
    pass(&fresh, 15);
    let now = claim(&fresh, 1, &[]).await.remove(0);
    assert!(now.epoch > late.epoch);
    assert!(
        !fresh
            .outbox
            .succeeded(id, late.epoch, "250 ok")
            .await
            .unwrap()
    );
    assert!(!fresh.outbox.failed(id, late.epoch, &dead()).await.unwrap());
    assert!(
        !fresh
            .outbox
            .failed(id, late.epoch, &again(1))
            .await
            .unwrap()
    );
    assert!(!fresh.outbox.renew(id, late.epoch, LEASE).await.unwrap());
    assert!(!fresh.outbox.release(id, late.epoch).await.unwrap());
    assert!(
        fresh
            .reader()
            .incidents(None, 10)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(
        fresh
            .outbox
            .succeeded(id, now.epoch, "250 ok")
            .await
            .unwrap()
    );
    assert!(
        !fresh
            .outbox
            .succeeded(id, now.epoch, "250 ok")
            .await
            .unwrap(),
        "an outcome is recorded once"
    );
    assert!(!retry(&fresh, id).await, "it has arrived");
    pass(&fresh, 3600);
    assert!(claim(&fresh, 9, &[]).await.is_empty());
}

pub async fn a_full_receiver_holds_up_nobody(fresh: Fresh) {
    let mut deliveries: Vec<DeliveryWrite> = (1..=300).map(|n| samples::mail(n, false)).collect();
    deliveries.push(samples::hook(301, "pay"));
    deliveries.push(samples::hook(302, "erp"));
    add(&fresh, deliveries).await;
    assert_eq!(ids(&claim(&fresh, 10, &["mail"]).await), [301, 302]);
    assert_eq!(
        ids(&claim(&fresh, 3, &["hook:pay", "hook:erp"]).await),
        [1, 2, 3]
    );
    assert!(
        claim(&fresh, 3, &["mail", "hook:pay", "hook:erp"])
            .await
            .is_empty()
    );
    assert_eq!(claim(&fresh, 500, &[]).await.len(), 297);
}

pub async fn secrets_go_with_their_sending(fresh: Fresh) {
    add(
        &fresh,
        vec![samples::mail(1, true), samples::mail(2, false)],
    )
    .await;
    for delivery in claim(&fresh, 2, &[]).await {
        assert!(
            fresh
                .outbox
                .succeeded(delivery.id, delivery.epoch, "250 ok")
                .await
                .unwrap()
        );
    }
    let rows = fresh.reader().deliveries(&all()).await.unwrap().items;
    assert_eq!(
        rows.iter()
            .map(|row| row.content.is_some())
            .collect::<Vec<_>>(),
        [true, false],
        "2, then 1"
    );
    assert!(
        rows.iter().all(|row| row.kind == DeliveryKind::Mail),
        "what it was is still known"
    );
}

fn about(n: u64) -> CaseRef {
    CaseRef {
        id: samples::id(n).0,
        number: format!("DR-2026-{n:05}"),
        workflow: "deal_registration".to_owned(),
        version: 1,
        title: format!("Northwind {n}"),
    }
}

/// A delivery for the `n`-th case.
fn of(n: u64, delivery: DeliveryWrite) -> DeliveryWrite {
    DeliveryWrite {
        case: Some(about(n)),
        ..delivery
    }
}

async fn retry(fresh: &Fresh, id: Uuid) -> bool {
    let mut transaction = fresh.store.begin().await.unwrap();
    let is_due = transaction.retry_delivery(DeliveryId(id)).await.unwrap();
    transaction.commit().await.unwrap();
    is_due
}

async fn incidents(fresh: &Fresh) -> Vec<IncidentRow> {
    fresh.reader().incidents(None, 10).await.unwrap().items
}

pub async fn a_failed_attempt_waits_for_the_next(fresh: Fresh) {
    add(&fresh, vec![samples::hook(1, "pay")]).await;
    let first = claim(&fresh, 1, &[]).await.remove(0);
    let recorded = fresh.outbox.failed(first.id, first.epoch, &again(60)).await;
    assert!(recorded.unwrap());
    let row = fresh
        .reader()
        .deliveries(&all())
        .await
        .unwrap()
        .items
        .remove(0);
    assert_eq!((row.status, row.attempts), (DeliveryStatus::Waiting, 1));
    assert_eq!(row.error.as_deref(), Some("451 later"));
    assert_eq!(row.next_at, Some(at("01:01:00")));
    pass(&fresh, 59);
    assert!(claim(&fresh, 1, &[]).await.is_empty(), "it is not due");
    assert!(retry(&fresh, first.id).await);
    let second = claim(&fresh, 1, &[]).await.remove(0);
    assert_eq!(second.attempt, 2, "an operator was faster");
}

pub async fn the_dead_are_incidents_until_retried(fresh: Fresh) {
    let mut batch = samples::opening(samples::case(1));
    batch.deliveries.push(of(1, samples::hook(1, "pay")));
    fresh.put(batch).await;
    let claimed = claim(&fresh, 1, &[]).await.remove(0);
    assert_eq!(claimed.case, Some(about(1)));
    let recorded = fresh
        .outbox
        .failed(claimed.id, claimed.epoch, &dead())
        .await;
    assert!(recorded.unwrap());
    let open = incidents(&fresh).await;
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].delivery, Some(DeliveryId(claimed.id)));
    assert_eq!(open[0].case, Some(about(1)));
    assert!(open[0].incident.message.en.contains("550 unknown"));
    pass(&fresh, 3600);
    assert!(claim(&fresh, 1, &[]).await.is_empty());
    assert!(retry(&fresh, claimed.id).await);
    assert!(incidents(&fresh).await.is_empty(), "its incident is closed");
    let anew = claim(&fresh, 1, &[]).await.remove(0);
    assert_eq!(anew.attempt, 1, "attempts start anew");
    assert!(anew.epoch > claimed.epoch, "and epochs do not");
    let unknown = retry(&fresh, Uuid::from_u128(9)).await;
    assert!(!unknown, "there is none of this id");
}

pub async fn a_cases_incident_is_open_until_its_cause_is_gone(fresh: Fresh) {
    let by = |cause: &str| Incident {
        code: "no_decision".to_owned(),
        message: Text::new("Nobody is left.", "已无人。"),
        cause: cause.to_owned(),
        state: None,
    };
    let mut batch = samples::opening(samples::case(1));
    for cause in ["review 1", "review 2"] {
        let incident = (Some(samples::id(1)), by(cause), at("01:00:00"));
        batch.incidents.push(incident);
    }
    fresh.put(batch).await;
    let settle = |case| Batch {
        settled: vec![(case, "review 1".to_owned())],
        ..Batch::default()
    };
    fresh.put(settle(samples::id(2))).await;
    assert_eq!(incidents(&fresh).await.len(), 2, "it is another case's");
    let first = incidents(&fresh).await.remove(0);
    fresh.put(settle(samples::id(1))).await;
    let open = incidents(&fresh).await;
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].incident, by("review 2"));
    let known = fresh.reader().incident(first.id).await.unwrap();
    assert_eq!(known.unwrap().incident, by("review 1"), "it stays known");
    let unknown = fresh.reader().incident(Uuid::from_u128(9)).await.unwrap();
    assert!(unknown.is_none());
}

fn with(change: impl FnOnce(&mut DeliveryQuery)) -> DeliveryQuery {
    let mut query = all();
    change(&mut query);
    query
}

pub async fn deliveries_are_listed_newest_first(fresh: Fresh) {
    let opened = [1, 2].map(|n| samples::opening(samples::case(n)));
    fresh.put(samples::together(opened)).await;
    let deliveries = vec![
        of(1, samples::mail(1, false)),
        of(2, samples::hook(2, "pay")),
        of(1, samples::mail(3, false)),
    ];
    add(&fresh, deliveries).await;
    let sent = claim(&fresh, 1, &[]).await.remove(0);
    let recorded = fresh.outbox.succeeded(sent.id, sent.epoch, "250 ok").await;
    assert!(recorded.unwrap());
    let number = |number: &str| Some(CaseAddress::Number(number.to_owned()));
    let (second, unknown) = (number("DR-2026-00002"), number("DR-0"));
    let first = Some(CaseAddress::Id(samples::id(1)));
    let queries: [(DeliveryQuery, &[u128]); 7] = [
        (all(), &[3, 2, 1]),
        (with(|query| query.kind = Some(DeliveryKind::Hook)), &[2]),
        (
            with(|query| query.status = Some(DeliveryStatus::Sent)),
            &[1],
        ),
        (with(|query| query.status = Some(DeliveryStatus::Dead)), &[]),
        (with(|query| query.case = first), &[3, 1]),
        (with(|query| query.case = second), &[2]),
        (with(|query| query.case = unknown), &[]),
    ];
    let ids = async |query: &DeliveryQuery| {
        let page = fresh.reader().deliveries(query).await.unwrap();
        let ids = page.items.iter().map(|row| row.id.0.as_u128());
        (ids.collect::<Vec<_>>(), page.next_cursor)
    };
    for (query, expected) in queries {
        assert_eq!(ids(&query).await, (expected.to_vec(), None), "{query:?}");
    }
    let (first, cursor) = ids(&with(|query| query.limit = 2)).await;
    let next = with(|query| (query.limit, query.cursor) = (2, cursor));
    let (rest, end) = ids(&next).await;
    assert_eq!((first, rest, end), (vec![3, 2], vec![1], None));
}

pub async fn the_pulse_tells_how_things_stand(fresh: Fresh) {
    let still = fresh.reader().pulse().await.unwrap();
    let nothing = Pulse {
        oldest_snapshot: still.oldest_snapshot,
        oldest_writer: still.oldest_writer,
        ..Pulse::default()
    };
    assert_eq!(still, nothing);
    let mut batch = samples::opening(samples::case(1));
    batch.deliveries.push(of(1, samples::hook(1, "pay")));
    batch.deliveries.push(of(1, samples::hook(2, "pay")));
    batch.rested.push((samples::id(1), Some(at("02:00:00"))));
    fresh.put(batch).await;
    let waits = fresh.reader().pulse().await.unwrap();
    assert_eq!((waits.waiting, waits.dead, waits.incidents), (2, 0, 0));
    assert_eq!(waits.next_timer, Some(at("02:00:00")));
    assert!(waits.next_delivery.is_some());
    let claimed = claim(&fresh, 1, &[]).await.remove(0);
    let dead = dead();
    let failed = fresh.outbox.failed(claimed.id, claimed.epoch, &dead);
    assert!(failed.await.unwrap());
    let died = fresh.reader().pulse().await.unwrap();
    assert_eq!((died.waiting, died.dead, died.incidents), (1, 1, 1));
}
