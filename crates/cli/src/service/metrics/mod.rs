//! What operators measure a server by, as Prometheus reads it. Counting stands before the store and the outbox, so that
//! neither knows of it; what is a state rather than an event is asked for when somebody looks.

mod counting;
mod listener;
mod outbox;

pub use counting::CountingStore;
pub use listener::serve;
pub use outbox::CountingOutbox;

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use countersign_core::{history::What, time::Time};
use countersign_engine::{
    Engine, Error,
    ports::reader::{Durability, Pulse},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

/// Times from half a millisecond to about half a minute.
const TIMES: [f64; 17] = [
    0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.0, 2.0, 4.0,
    8.0, 16.0, 32.0,
];
/// Cases that share a commit: 256 at most.
const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

type Seconds = Gauge<f64, AtomicU64>;

/// Everything that is measured. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Measured>);

struct Measured {
    registry: Registry,
    entries: Family<Entry, Counter>,
    decisions: Counter,
    batch_cases: Histogram,
    batch: Histogram,
    commit: Histogram,
    failed: Counter,
    timers: Histogram,
    deliveries: Family<Outcome, Counter>,
    incidents: Counter,
    queue: Gauge,
    timers_overdue: Seconds,
    waiting: Gauge,
    overdue: Seconds,
    dead: Gauge,
    open_incidents: Gauge,
    snapshot: Seconds,
    writer: Seconds,
    durability: Family<Class, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Entry {
    what: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Class {
    class: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut measured = Measured {
            registry: Registry::with_prefix("countersign"),
            entries: Family::default(),
            decisions: Counter::default(),
            batch_cases: Histogram::new(SIZES),
            batch: Histogram::new(TIMES),
            commit: Histogram::new(TIMES),
            failed: Counter::default(),
            timers: Histogram::new(TIMES),
            deliveries: Family::default(),
            incidents: Counter::default(),
            queue: Gauge::default(),
            timers_overdue: Seconds::default(),
            waiting: Gauge::default(),
            overdue: Seconds::default(),
            dead: Gauge::default(),
            open_incidents: Gauge::default(),
            snapshot: Seconds::default(),
            writer: Seconds::default(),
            durability: Family::default(),
        };
        // A series that is 0 tells more than one that is missing.
        for what in ["opened", "vote", "action", "decision", "timer"] {
            let what = what.to_owned();
            drop(measured.entries.get_or_create(&Entry { what }));
        }
        for outcome in ["sent", "failed", "dead"] {
            drop(measured.deliveries.get_or_create(&Outcome { outcome }));
        }
        measured.register_events();
        measured.register_states();
        Self(Arc::new(measured))
    }
}

impl Measured {
    fn register_events(&mut self) {
        let registry = &mut self.registry;
        let help = "Entries of histories, by what happened";
        registry.register("entries", help, self.entries.clone());
        let help = "Reviews that were decided";
        registry.register("decisions", help, self.decisions.clone());
        let help = "Cases that shared a commit";
        registry.register("batch_cases", help, self.batch_cases.clone());
        let help = "From the beginning of a batch to its commit";
        registry.register_with_unit("batch", help, Unit::Seconds, self.batch.clone());
        let help = "What a commit takes";
        registry.register_with_unit("commit", help, Unit::Seconds, self.commit.clone());
        let help = "Batches that could not be written or committed; their requests are tried again";
        registry.register("batches_failed", help, self.failed.clone());
        let help = "How late timers took effect";
        registry.register_with_unit("timer_lateness", help, Unit::Seconds, self.timers.clone());
        let help = "Attempts to deliver mails and hook calls, by outcome";
        registry.register("deliveries", help, self.deliveries.clone());
        let help = "Incidents that were opened by cases";
        registry.register("incidents", help, self.incidents.clone());
    }

    fn register_states(&mut self) {
        let registry = &mut self.registry;
        let help = "Requests that wait for a lane of this replica";
        registry.register("queued_requests", help, self.queue.clone());
        let help = "For how long the longest due timer has been due";
        let gauge = self.timers_overdue.clone();
        registry.register_with_unit("timers_overdue", help, Unit::Seconds, gauge);
        let help = "Deliveries that wait, a hundred thousand at most";
        registry.register("deliveries_waiting", help, self.waiting.clone());
        let help = "For how long the longest due delivery has been due";
        let gauge = self.overdue.clone();
        registry.register_with_unit("deliveries_overdue", help, Unit::Seconds, gauge);
        let help = "Deliveries that are given up until an operator tries them again";
        registry.register("deliveries_dead", help, self.dead.clone());
        let help = "Incidents that need an operator";
        registry.register("incidents_open", help, self.open_incidents.clone());
        let help = "Age of the oldest snapshot that keeps PostgreSQL from cleaning up; 0 on SQLite";
        let gauge = self.snapshot.clone();
        registry.register_with_unit("oldest_snapshot", help, Unit::Seconds, gauge);
        let help = "Age of the oldest open transaction that has written anywhere on the PostgreSQL server, behind which events wait; 0 on SQLite";
        let gauge = self.writer.clone();
        registry.register_with_unit("oldest_writer", help, Unit::Seconds, gauge);
        let help = "Where a commit is before it is answered: 1 for what is so";
        registry.register("durability", help, self.durability.clone());
    }
}

impl Metrics {
    /// What there is to say now, in the text format of `OpenMetrics`.
    pub async fn text(&self, engine: &Engine) -> Result<String, Error> {
        let pulse = engine.reader().pulse().await?;
        self.take(&pulse, engine.now());
        let durability = engine.reader().ping().await?;
        for class in [
            Durability::Disk,
            Durability::StandbyBehind,
            Durability::Standby,
        ] {
            let is_so = i64::from(class == durability);
            let class = class.as_str();
            self.0.durability.get_or_create(&Class { class }).set(is_so);
        }
        let queued = i64::try_from(engine.queued()).unwrap_or(i64::MAX);
        self.0.queue.set(queued);
        let mut text = String::new();
        encode(&mut text, &self.0.registry).map_err(|error| Error::Defect(error.to_string()))?;
        Ok(text)
    }

    fn take(&self, pulse: &Pulse, now: Time) {
        let since = |due: Option<Time>| {
            let late = due.and_then(|due| (now - due).to_std().ok());
            late.unwrap_or_default().as_secs_f64()
        };
        let count = |many: u64| i64::try_from(many).unwrap_or(i64::MAX);
        let to = &self.0;
        to.timers_overdue.set(since(pulse.next_timer));
        to.waiting.set(count(pulse.waiting));
        to.overdue.set(since(pulse.next_delivery));
        to.dead.set(count(pulse.dead));
        to.open_incidents.set(count(pulse.incidents));
        to.snapshot.set(pulse.oldest_snapshot.as_secs_f64());
        to.writer.set(pulse.oldest_writer.as_secs_f64());
    }

    fn entry(&self, what: What) {
        if matches!(what, What::Decision | What::Otherwise) {
            self.0.decisions.inc();
        }
        let what = serde_json::to_value(what).ok();
        let what = what.and_then(|name| name.as_str().map(str::to_owned));
        let entry = Entry {
            what: what.unwrap_or_default(),
        };
        self.0.entries.get_or_create(&entry).inc();
    }

    fn delivered(&self, outcome: &'static str) {
        self.0.deliveries.get_or_create(&Outcome { outcome }).inc();
    }

    fn timer(&self, late: Duration) {
        self.0.timers.observe(late.as_secs_f64());
    }
}
