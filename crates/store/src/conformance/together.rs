//! What is handed over together: mails of a day, events with the cursor of whoever is told of them, and how far a move of cases
//! has come to whichever replica asks.

use std::time::Duration;

use countersign_core::case::{DeliveryId, Sending};
use countersign_engine::{
    Disabled, Webhook, WebhookRecord,
    ports::{
        directory::DirectoryChange,
        moves::MoveProgress,
        store::{Batch, DeliveryWrite, HeldMail},
    },
};
use uuid::Uuid;

use super::{Fresh, at, samples};

fn held(n: u128, due: &str) -> DeliveryWrite {
    DeliveryWrite {
        sending: Sending::Together(at(due)),
        ..samples::mail(n, false)
    }
}

/// How many deliveries can be claimed now.
async fn due(fresh: &Fresh) -> Vec<Uuid> {
    let claimed = fresh.outbox.claim(9, Duration::from_mins(1), &[]).await;
    claimed.unwrap().iter().map(|claimed| claimed.id).collect()
}

pub async fn mails_of_a_day_go_together_once(fresh: Fresh) {
    let deliveries = vec![
        held(1, "02:00:00"),
        held(2, "02:00:00"),
        held(3, "04:00:00"),
    ];
    fresh
        .put(Batch {
            deliveries,
            at: Some(at("01:00:00")),
            ..Batch::default()
        })
        .await;
    let gather = |held: Vec<HeldMail>| {
        let ids: Vec<u128> = held.iter().map(|mail| mail.id.0.as_u128()).collect();
        assert_eq!(ids, [1, 2], "the oldest first, and only what is due");
        samples::mail(12, false)
    };
    let none = fresh.store.gather_mails(at("01:30:00"), &gather).await;
    assert_eq!(none.unwrap(), 0);
    assert_eq!(due(&fresh).await, Vec::<Uuid>::new());
    let made = fresh.store.gather_mails(at("03:00:00"), &gather).await;
    assert_eq!(made.unwrap(), 1);
    let again = fresh.store.gather_mails(at("03:00:00"), &gather).await;
    assert_eq!(again.unwrap(), 0);
    let query = countersign_engine::ports::reader::DeliveryQuery {
        limit: 9,
        ..Default::default()
    };
    let listed = fresh.reader().deliveries(&query).await.unwrap().items;
    let ids: Vec<_> = listed.iter().map(|row| row.id).collect();
    assert_eq!(ids, [DeliveryId(Uuid::from_u128(12))]);
}

pub async fn a_reminder_that_is_not_wanted_never_goes(fresh: Fresh) {
    let later = DeliveryWrite {
        sending: Sending::At(at("00:30:00")),
        ..samples::mail(1, false)
    };
    fresh
        .put(Batch {
            deliveries: vec![later, samples::mail(2, false)],
            at: Some(at("00:10:00")),
            ..Batch::default()
        })
        .await;
    fresh
        .put(Batch {
            unsent: vec![DeliveryId(Uuid::from_u128(1))],
            at: Some(at("00:20:00")),
            ..Batch::default()
        })
        .await;
    fresh.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(due(&fresh).await, [Uuid::from_u128(2)]);
}

fn subscription() -> WebhookRecord {
    WebhookRecord {
        id: Uuid::from_u128(7),
        url: "https://erp.example/told".to_owned(),
        events: vec![countersign_core::history::What::Decision],
        generation: 1,
        overlap_until: None,
        created_at: at("01:00:00"),
        failing_since: None,
        disabled: None,
    }
}

async fn change(fresh: &Fresh, change: DirectoryChange) {
    let directory = vec![change];
    fresh
        .put(Batch {
            directory,
            at: Some(at("01:00:00")),
            ..Batch::default()
        })
        .await;
}

pub async fn a_subscription_moves_on_with_what_it_is_told(fresh: Fresh) {
    let record = subscription();
    change(
        &fresh,
        DirectoryChange::PutWebhook(record.clone(), "a".to_owned()),
    )
    .await;
    let told = |from: &'static str, to: &'static str, n: u128| {
        let hooks = vec![samples::hook(n, &record.hook())];
        fresh.store.advance_webhook(record.id, from, to, hooks)
    };
    assert!(told("a", "b", 1).await.unwrap());
    assert!(!told("a", "c", 2).await.unwrap(), "somebody was faster");
    assert_eq!(due(&fresh).await, [Uuid::from_u128(1)]);
    // A change of it leaves how far it has come.
    let disabled = WebhookRecord {
        disabled: Some(Disabled::ByHand),
        generation: 2,
        ..record.clone()
    };
    change(
        &fresh,
        DirectoryChange::PutWebhook(disabled.clone(), "x".to_owned()),
    )
    .await;
    let all = fresh.reader().webhooks().await.unwrap();
    let cursor = "b".to_owned();
    assert_eq!(
        all,
        [Webhook {
            record: disabled,
            cursor
        }]
    );
    assert!(!told("b", "c", 3).await.unwrap(), "it is told nothing");
    change(
        &fresh,
        DirectoryChange::MoveWebhook(record.id, "0".to_owned()),
    )
    .await;
    let tell = DirectoryChange::TellWebhook {
        id: record.id,
        failing_since: Some(at("02:00:00")),
        disabled: None,
    };
    change(&fresh, tell).await;
    assert!(told("0", "d", 4).await.unwrap());
    change(&fresh, DirectoryChange::RemoveWebhook(record.id)).await;
    assert_eq!(fresh.reader().webhooks().await.unwrap(), []);
}

pub async fn a_move_of_cases_is_begun_by_one_and_noted_for_all(fresh: Fresh) {
    let (deal, payment) = (samples::name("deal"), samples::name("payment"));
    let reader = fresh.reader();
    assert_eq!(reader.last_move(&deal).await.unwrap(), None);
    let [mine, theirs] = [1, 2].map(Uuid::from_u128);
    let mut progress = MoveProgress {
        from: 1,
        to: 2,
        total: 3,
        looked: 0,
        moved: 0,
        left: 0,
        refused: 0,
        ended: None,
        stopped: None,
    };
    let (store, now) = (&fresh.store, fresh.store.now().await.unwrap());
    let (before, after) = (now - Duration::from_secs(1), now + Duration::from_secs(1));
    let none = progress.clone();
    let begin = async |of, run, forsaken| {
        let begun = store.begin_move(of, run, &none, forsaken);
        begun.await.unwrap()
    };
    assert!(begin(&deal, mine, before).await);
    assert!(!begin(&deal, theirs, before).await, "one is under way");
    assert!(begin(&payment, theirs, before).await, "of another workflow");
    progress.looked = 2;
    assert!(store.note_move(&deal, mine, &progress).await.unwrap());
    let kept = reader.last_move(&deal).await.unwrap().unwrap();
    assert_eq!((&kept.progress, kept.noted_at), (&progress, now));
    // Whoever has noted nothing since then moves no more.
    assert!(begin(&deal, theirs, after).await);
    assert!(!store.note_move(&deal, mine, &progress).await.unwrap());
    progress.ended = Some(now);
    assert!(store.note_move(&deal, theirs, &progress).await.unwrap());
    assert!(begin(&deal, mine, before).await, "the last one is over");
}
