//! The loop against an outbox in memory, by a clock that stands still until it is moved.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::sync::{
    Mutex as Shut,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use countersign_engine::{
    ConfirmationCodes, LinkTokens,
    ports::{
        Time, VirtualClock,
        deliveries::{
            Addressee, DeliveryContent, HookContent, Language, MailContent, Markdown, Part,
        },
    },
};
use serde_json::json;
use tokio::sync::{Semaphore, oneshot};

use super::{
    outbox_in_memory::{OutboxInMemory, Status},
    *,
};
use crate::{AnswerHooks, HookCall, LocalHooks, MailSettings, Memory, SendError, Sent};

struct World {
    clock: Arc<VirtualClock>,
    outbox: Arc<OutboxInMemory>,
    mailbox: Arc<Memory>,
    hint: Arc<Notify>,
    notifier: Notifier,
}

fn start() -> Time {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn world(answers: impl AnswerHooks + 'static) -> World {
    let clock = Arc::new(VirtualClock::stopped_at(start()));
    let outbox = Arc::new(OutboxInMemory::new(clock.clone()));
    let mailbox = Arc::new(Memory::default());
    let settings =
        MailSettings::new("no-reply@approve.example", "https://approve.example").unwrap();
    let transports = Transports {
        writer: MailWriter::new(
            settings,
            LinkTokens::new(&[7; 32]).unwrap(),
            ConfirmationCodes::new(&[7; 32]).unwrap(),
        ),
        mail: mailbox.clone(),
        hooks: Arc::new(LocalHooks::answered_by(Arc::new(answers))),
    };
    let hint = Arc::new(Notify::new());
    let notifier = Notifier::new(
        outbox.clone(),
        transports,
        clock.clone(),
        Arc::clone(&hint),
        Limits::default(),
    );
    World {
        clock,
        outbox,
        mailbox,
        hint,
        notifier,
    }
}

/// Answers each call by this rule, which is told how many calls came before.
struct By<F>(AtomicUsize, F);

fn by<F: Fn(usize, &HookCall) -> Result<Sent, SendError> + Send + Sync>(rule: F) -> By<F> {
    By(AtomicUsize::new(0), rule)
}

#[async_trait]
impl<F: Fn(usize, &HookCall) -> Result<Sent, SendError> + Send + Sync> AnswerHooks for By<F> {
    async fn answer(&self, call: &HookCall) -> Result<Sent, SendError> {
        (self.1)(self.0.fetch_add(1, Ordering::Relaxed), call)
    }
}

fn mail(subject: &str) -> DeliveryContent {
    DeliveryContent::Mail(MailContent {
        to: Addressee {
            person: None,
            name: "Pat".to_owned(),
            email: "pat@acme.example".to_owned(),
            language: Language::En,
            timezone: "Asia/Shanghai".to_owned(),
        },
        message: "to_fix".to_owned(),
        subject: subject.to_owned(),
        body: vec![Part::Text(Markdown::ours("Hello."))],
        purpose: countersign_engine::ports::deliveries::Purpose::Tell,
        lead: Markdown::default(),
        since: Vec::new(),
        otherwise: String::new(),
        facts: Vec::new(),
        answer_by: None,
        case_path: None,
        reason: String::new(),
        secret: false,
    })
}

fn hook(name: &str) -> DeliveryContent {
    DeliveryContent::Hook(HookContent::new(name, start(), &json!({})))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands where an answer is asked for"
)]
fn fine() -> Result<Sent, SendError> {
    Ok(Sent::default())
}

#[tokio::test]
async fn everything_due_is_sent_once_and_the_rest_waits() {
    let world = world(by(|_, _| fine()));
    for id in 0..100 {
        world.outbox.add(id, mail(&format!("mail {id}")));
        world.outbox.add(1_000 + id, hook("pay"));
    }
    world.notifier.drain().await.unwrap();
    assert!(world.outbox.all(Status::Sent));
    assert_eq!(world.mailbox.mails(None).len(), 100);
    assert_eq!(world.mailbox.mails(Some("PAT@acme.example")).len(), 100);
    assert!(world.mailbox.mails(Some("eve@acme.example")).is_empty());
    world.notifier.drain().await.unwrap();
    assert_eq!(world.mailbox.mails(None).len(), 100);
}

#[tokio::test]
async fn the_loop_never_idles_while_there_is_something_to_send() {
    let world = world(by(|_, _| fine()));
    for id in 0..2_000 {
        world.outbox.add(id, mail("m"));
    }
    let running = world.notifier.clone();
    let begun = Instant::now();
    let run = tokio::spawn(async move { running.run(std::future::pending()).await });
    until(|| world.outbox.all(Status::Sent)).await;
    // With a pause of a second after each block it would take a minute.
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    run.abort();
}

#[tokio::test]
async fn a_failing_receiver_is_tried_ever_later_then_dead_and_an_operator_revives_it() {
    let world = world(by(|before, _| {
        if before < 10 {
            Err(SendError::temporary("down"))
        } else {
            fine()
        }
    }));
    let id = world.outbox.add(1, hook("pay"));
    let mut waits = Vec::new();
    loop {
        world.notifier.drain().await.unwrap();
        let Status::Due(next) = world.outbox.row(id).status else {
            break;
        };
        let wait = next - world.clock.now();
        assert!(wait > TimeDelta::zero());
        waits.push(wait);
        world.clock.advance(wait - TimeDelta::milliseconds(1));
        world.notifier.drain().await.unwrap();
        assert_eq!(
            world.outbox.row(id).attempt as usize,
            waits.len(),
            "not tried before its time"
        );
        world.clock.advance(TimeDelta::milliseconds(1));
    }
    let row = world.outbox.row(id);
    assert_eq!(
        (row.status, row.attempt, row.failures.len()),
        (Status::Dead, 10, 10)
    );
    assert!(waits.is_sorted(), "{waits:?}");
    assert!(world.outbox.retry(id));
    world.notifier.drain().await.unwrap();
    assert_eq!(world.outbox.row(id).status, Status::Sent);
    assert!(!world.outbox.retry(id));
}

#[tokio::test]
async fn what_cannot_help_is_not_tried_again() {
    let world = world(by(|_, _| {
        Err(SendError::permanent("gone").said("410 no more"))
    }));
    let gone = world.outbox.add(1, hook("pay"));
    let forged = world.outbox.add(2, mail("x\r\nBcc: eve@evil.example"));
    world.notifier.drain().await.unwrap();
    let row = world.outbox.row(gone);
    assert_eq!((row.status, row.attempt), (Status::Dead, 1));
    assert_eq!(row.failures[0].transcript, "410 no more");
    assert_eq!(world.outbox.row(forged).status, Status::Dead);
    assert!(world.mailbox.mails(None).is_empty());
}

#[tokio::test]
async fn a_sender_that_breaks_down_harms_its_own_delivery_only() {
    let world = world(by(|_, call| {
        if call.hook == "bad" {
            panic!("as bad as can be")
        } else {
            fine()
        }
    }));
    let bad = world.outbox.add(1, hook("bad"));
    let good = world.outbox.add(2, hook("good"));
    world.notifier.drain().await.unwrap();
    assert_eq!(world.outbox.row(good).status, Status::Sent);
    assert!(matches!(world.outbox.row(bad).status, Status::Due(at) if at > start()));
    assert_eq!(
        world.outbox.row(bad).failures[0].error,
        "the sender broke down"
    );
}

/// Lets each call wait until it is let through.
struct Slow(Arc<Semaphore>, Arc<AtomicUsize>);

#[async_trait]
impl AnswerHooks for Slow {
    async fn answer(&self, call: &HookCall) -> Result<Sent, SendError> {
        if call.hook == "slow" {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0
                .acquire()
                .await
                .map_err(|_| SendError::temporary("closed"))?
                .forget();
        }
        fine()
    }
}

fn slow_world() -> (World, Arc<Semaphore>, Arc<AtomicUsize>) {
    let (door, calls) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    (
        world(Slow(Arc::clone(&door), Arc::clone(&calls))),
        door,
        calls,
    )
}

/// Lets the other side run until this holds.
async fn until(what: impl Fn() -> bool) {
    let patience = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(20), patience)
        .await
        .expect("it came about");
}

#[tokio::test]
async fn a_bad_receiver_holds_up_nobody_and_a_stop_hands_back_what_was_not_begun() {
    let (world, door, calls) = slow_world();
    let slow: Vec<_> = (0..500)
        .map(|id| world.outbox.add(id, hook("slow")))
        .collect();
    let others: Vec<_> = (1_000..1_050)
        .flat_map(|id| {
            [
                world.outbox.add(id, mail("m")),
                world.outbox.add(id + 1_000, hook("ok")),
            ]
        })
        .collect();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = world.notifier.clone();
    let run = tokio::spawn(async move { running.run(async { _ = stopped.await }).await });
    until(|| {
        others
            .iter()
            .all(|id| world.outbox.row(*id).status == Status::Sent)
    })
    .await;
    assert_eq!(
        calls.load(Ordering::Relaxed),
        4,
        "so many at once to one receiver"
    );
    assert!(
        slow.iter()
            .all(|id| world.outbox.row(*id).status == Status::Due(start()))
    );

    // A delivery that comes now is found by its hint.
    let late = world.outbox.add(9_999, mail("late"));
    world.hint.notify_one();
    until(|| world.outbox.row(late).status == Status::Sent).await;

    stop.send(()).unwrap();
    until(|| {
        slow.iter()
            .filter(|id| world.outbox.row(**id).attempt > 0)
            .count()
            == 4
    })
    .await;
    door.add_permits(4);
    run.await.unwrap();
    let sent = slow
        .iter()
        .filter(|id| world.outbox.row(**id).status == Status::Sent)
        .count();
    assert_eq!(sent, 4, "what was begun is finished");
    let claimed = world
        .outbox
        .claim(1_000, Duration::from_mins(1), &[])
        .await
        .unwrap();
    assert_eq!(claimed.len(), 496, "all else is free for the next");
    assert!(
        claimed.iter().all(|delivery| delivery.attempt == 1),
        "and counts no attempt"
    );
}

#[tokio::test]
async fn the_outcome_of_a_lost_lease_changes_nothing() {
    let (world, door, calls) = slow_world();
    let id = world.outbox.add(1, hook("slow"));
    let notifier = world.notifier.clone();
    let drain = tokio::spawn(async move { notifier.drain().await });
    until(|| calls.load(Ordering::Relaxed) == 1).await;
    world.outbox.steal(id);
    door.add_permits(1);
    drain.await.unwrap().unwrap();
    assert_eq!(
        world.outbox.row(id).status,
        Status::Due(start()),
        "its new holder decides"
    );
}

#[tokio::test]
async fn a_drain_waits_for_what_the_loop_is_sending_and_for_what_follows_from_it() {
    let (world, door, calls) = slow_world();
    let id = world.outbox.add(1, hook("slow"));
    let running = world.notifier.clone();
    let run = tokio::spawn(async move { running.run(std::future::pending()).await });
    until(|| calls.load(Ordering::Relaxed) == 1).await;
    let notifier = world.notifier.clone();
    let drain = tokio::spawn(async move { notifier.drain().await });
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(!drain.is_finished());
    // What a hook's answer causes.
    let next = world.outbox.add(2, mail("paid"));
    door.add_permits(1);
    drain.await.unwrap().unwrap();
    assert_eq!(world.outbox.row(id).status, Status::Sent);
    assert_eq!(world.outbox.row(next).status, Status::Sent);
    run.abort();
}

#[tokio::test]
async fn a_delivery_that_kills_its_senders_is_given_up() {
    let tried = Arc::new(Shut::new(0));
    let counting = Arc::clone(&tried);
    let world = world(by(move |_, _| {
        *counting.lock().unwrap() += 1;
        fine()
    }));
    let id = world.outbox.add(1, hook("pay"));
    for _ in 0..10 {
        // A sender that dies leaves its claim to run out.
        assert_eq!(
            world
                .outbox
                .claim(1, Duration::from_mins(1), &[])
                .await
                .unwrap()
                .len(),
            1
        );
        world.clock.advance(TimeDelta::seconds(60));
    }
    world.notifier.drain().await.unwrap();
    assert_eq!(world.outbox.row(id).status, Status::Dead);
    assert_eq!(*tried.lock().unwrap(), 0);
}
