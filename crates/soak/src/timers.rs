//! `soak timers`: very many timers on three replicas whose clocks are ten minutes apart. Only the database's clock counts: none
//! fires early, none is lost, none fires twice.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use countersign_bench::Connection;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    Store, With, check,
    client::{People, request},
    error::Error,
    findings::{Findings, Promise},
    ledger::Ledgers,
    place::Place,
    say,
};

const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
/// How far the clocks of the replicas are from the right time.
const CLOCKS: [&str; 3] = ["-10m", "+0", "+10m"];
/// How many cases are opened at once.
const AT_ONCE: usize = 16;
/// How long the last of them may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// Lets so many timers fire; whether every promise was kept.
pub async fn run(with: &With, timers: u32) -> Result<bool, Error> {
    if !Path::new(FAKETIME).exists() {
        let how = format!(
            "{FAKETIME} is missing: `cargo xtask prerequisites` installs it as root on Debian"
        );
        return Err(Error::Unfit(how));
    }
    let with = With {
        store: Store::Postgres,
        ..with.clone()
    };
    let begun = Instant::now();
    let place = Place::start(&with, wrong_clock).await?;
    open(&place, timers).await?;
    let database = place.database();
    let waited = Instant::now();
    while waited.elapsed() < PATIENCE && !database.is_quiet(&[]).await? {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let (checked, mut findings) = check::check(&database, &Ledgers::new(), &[]).await?;
    findings.only(&[Promise::Timers, Promise::NoGaps, Promise::Folds]);
    if u32::try_from(checked.fired) != Ok(timers) {
        let says = format!("{} of {timers} fired", checked.fired);
        findings.add(Promise::Timers, says);
    }
    told(&findings, &checked.late, timers, begun);
    Ok(findings.is_empty())
}

fn told(findings: &Findings, late: &[i64], timers: u32, begun: Instant) {
    let at = |part: f64| {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = (late.len() as f64 * part) as usize;
        late.get(place.min(late.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    say(&format!(
        "{timers} timers on replicas {CLOCKS:?} in {:.0} s: late by {} ms at the median, {} ms at p99, {} ms at most",
        begun.elapsed().as_secs_f64(),
        at(0.5),
        at(0.99),
        at(1.0)
    ));
    say(&findings.to_string());
    if findings.is_empty() {
        say("none early, none lost, none twice");
    }
}

/// What this replica believes the time to be. Sleeping goes by a clock that is left right.
fn wrong_clock(replica: usize) -> Vec<(&'static str, String)> {
    vec![
        ("LD_PRELOAD", FAKETIME.to_owned()),
        ("FAKETIME", CLOCKS[replica % CLOCKS.len()].to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
}

async fn open(place: &Place, timers: u32) -> Result<(), Error> {
    let people = Arc::new(People::of(&place.site));
    let next = Arc::new(AtomicU32::new(0));
    let mut openers = JoinSet::new();
    for at in 0..AT_ONCE {
        let (address, _) = place.servers[at % place.servers.len()];
        let (people, next) = (people.clone(), next.clone());
        openers.spawn(async move {
            let mut connection = Connection::open(address).await?;
            loop {
                let timer = next.fetch_add(1, Ordering::Relaxed);
                if timer >= timers {
                    return Ok::<_, Error>(());
                }
                let name = format!("timer {timer}");
                let body = json!({ "workflow": "timed", "action": "submit", "data": { "request": { "name": name } } });
                let asked = request(&people.applicant.token, "open", None, &name, &body);
                let answer = connection.ask(&asked).await?;
                if !answer.status.is_success() {
                    return Err(Error::Unfit(format!("{name}: {}", answer.status)));
                }
            }
        });
    }
    while let Some(ended) = openers.join_next().await {
        ended.map_err(|error| Error::Unfit(format!("an opener: {error}")))??;
    }
    Ok(())
}
