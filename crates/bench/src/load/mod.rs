//! Load: so many connections, each of which asks, waits, and asks again, for so long.

mod deeds;

pub use deeds::{Deeds, Inbox, Openings, Pages, Story, Votes};

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{Connection, Error, Latencies};

/// What came of a load.
#[derive(Debug)]
pub struct Measured {
    /// Connections.
    pub connections: usize,
    /// How many were answered well.
    pub done: usize,
    /// How long it went on, in seconds.
    pub seconds: f64,
    /// How long each took, in order.
    pub latencies: Latencies,
    /// What was answered otherwise, the first of it.
    pub trouble: Option<String>,
    /// How often it was answered otherwise.
    pub failed: usize,
}

impl Measured {
    /// How many a second.
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.seconds.max(f64::EPSILON)
    }

    /// With what came of another load at the same time.
    pub fn join(&mut self, other: Self) {
        self.connections += other.connections;
        self.done += other.done;
        self.seconds = self.seconds.max(other.seconds);
        self.latencies.join(other.latencies);
        self.latencies = std::mem::take(&mut self.latencies).sorted();
        self.failed += other.failed;
        self.trouble = self.trouble.take().or(other.trouble);
    }
}

/// Lets so many connections do these deeds for so long, or until there is nothing left to do.
pub async fn run(
    address: SocketAddr,
    connections: usize,
    length: Duration,
    deeds: Arc<dyn Deeds>,
) -> Result<Measured, Error> {
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Connection::open(address).await?);
    }
    let over = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let mut all = JoinSet::new();
    for (at, connection) in open.into_iter().enumerate() {
        all.spawn(one(connection, at, deeds.clone(), over.clone()));
    }
    let stop = tokio::spawn({
        let over = over.clone();
        async move {
            tokio::time::sleep(length).await;
            over.store(true, Ordering::Relaxed);
        }
    });
    let mut latencies = Latencies::default();
    let (mut failed, mut trouble) = (0, None);
    while let Some(ended) = all.join_next().await {
        let mine = ended.map_err(|error| Error::Defect(error.to_string()))??;
        latencies.join(mine.latencies);
        failed += mine.failed;
        trouble = trouble.or(mine.trouble);
    }
    stop.abort();
    Ok(Measured {
        connections,
        done: latencies.count(),
        seconds: begun.elapsed().as_secs_f64(),
        latencies: latencies.sorted(),
        trouble,
        failed,
    })
}

/// What one connection has seen.
#[derive(Default)]
struct Seen {
    latencies: Latencies,
    failed: usize,
    trouble: Option<String>,
}

async fn one(
    mut connection: Connection,
    at: usize,
    deeds: Arc<dyn Deeds>,
    over: Arc<AtomicBool>,
) -> Result<Seen, Error> {
    let mut seen = Seen::default();
    let mut before = None;
    while !over.load(Ordering::Relaxed) {
        let Some(asked) = deeds.next(at, before.take()) else {
            break;
        };
        let begun = Instant::now();
        let answer = connection.ask(&asked).await?;
        if answer.status.is_success() {
            seen.latencies.add(begun.elapsed());
        } else {
            seen.failed += 1;
            let body = String::from_utf8_lossy(&answer.body);
            let said: String = body.chars().take(300).collect();
            seen.trouble.get_or_insert_with(|| {
                format!("{} {}: {} {said}", asked.method, asked.path, answer.status)
            });
        }
        before = Some(answer);
    }
    Ok(seen)
}
