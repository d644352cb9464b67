//! Timers: very many that fall due in the same moment, and how soon they have taken effect.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use countersign_bench::{Connection, Deeds, Error, Latencies, Row, Server, Site, opened};
use serde_json::json;

use super::{
    Run, copies,
    database::{Database, Open},
    decisions::{Few, place_for},
};

/// In a file, or in a database on this server.
pub async fn measure(
    run: &mut Run<'_>,
    place: Option<&str>,
    few: Option<&Few>,
) -> Result<(), Error> {
    let many = if run.arguments.quick {
        40_000
    } else {
        1_000_000
    };
    let workflows = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let (site, database) = place_for(run, place, &workflows).await?;
    let name = database.name();
    run.say(&format!("{many} timers that fall due at once, {name}"));
    let server = site.serve()?;
    let mut connection = Connection::open(server.address).await?;
    let template = opened(&mut connection, &Lapsing(site.applicant.clone())).await?;
    server.stop()?;
    copies::multiply(&database, &template, many).await?;
    run.say("they are made");
    let server = site.serve()?;
    let mut onlooker = database.onlooker().await?;
    let early = early(&mut onlooker, i64::from(many)).await?;
    let row = format!("{many} timers due at once, fired, {name}");
    let rate = drained(server, &mut onlooker).await?;
    let row = Row::value(row, rate, "timers/s");
    run.row(match few {
        Some(few) => row
            .against("decisions/s, 64 connections", few.rate)
            .ratio_at_least(0.5),
        None => row,
    });
    if let Some(early) = early {
        let early = f64::from(i32::try_from(early).unwrap_or(i32::MAX));
        let row = format!("timers that took effect before they were due, {name}");
        run.row(Row::value(row, early, "").at_most(0.0));
    }
    lateness(run, &site, &database).await?;
    match place {
        Some(server) => database.drop(server).await,
        None => Ok(()),
    }
}

/// How many take effect before they are due. `None` where they were due before anybody could look.
async fn early(onlooker: &mut Open, many: i64) -> Result<Option<i64>, Error> {
    let due = waiting(onlooker).await?.due;
    let mut early = None;
    while now() < due {
        let gone = many - waiting(onlooker).await?.many;
        // Counting takes a while.
        if now() < due {
            early = Some(gone);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(early)
}

/// How many fire in a second from now on until none is left.
async fn drained(server: Server, onlooker: &mut Open) -> Result<f64, Error> {
    let (begun, from) = (Instant::now(), waiting(onlooker).await?.many);
    // Counting takes from what it measures: seldom where there is much to count.
    let pause = Duration::from_millis(if from > 100_000 { 1000 } else { 50 });
    let mut left = from;
    while left > 0 && begun.elapsed() < Duration::from_mins(15) {
        tokio::time::sleep(pause).await;
        left = waiting(onlooker).await?.many;
    }
    let took = begun.elapsed().as_secs_f64();
    server.stop()?;
    #[expect(clippy::cast_precision_loss, reason = "a count of timers")]
    let rate = (from - left) as f64 / took;
    Ok(rate)
}

/// How late timers of cases that are opened one after another take effect, in milliseconds.
async fn lateness(run: &mut Run<'_>, site: &Site, database: &Database) -> Result<(), Error> {
    let server = site.serve()?;
    let mut connection = Connection::open(server.address).await?;
    for _ in 0..200 {
        opened(&mut connection, &Lapsing(site.applicant.clone())).await?;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut onlooker = database.onlooker().await?;
    let mut late = Latencies::default();
    let mut before: HashMap<String, i64> = HashMap::new();
    loop {
        let rows = onlooker.texts(database.timers().to_owned()).await?;
        let now = now();
        let pairs = rows.iter().filter_map(|row| row.split_once(' '));
        let left: HashMap<String, i64> = pairs
            .filter_map(|(case, due)| Some((case.to_owned(), due.parse().ok()?)))
            .collect();
        for (_, due) in before.iter().filter(|(case, _)| !left.contains_key(*case)) {
            late.add(Duration::from_millis(
                u64::try_from(now - due).unwrap_or_default(),
            ));
        }
        if left.is_empty() {
            break;
        }
        before = left;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.stop()?;
    let late = late.sorted();
    let row = format!("p99 lateness of timers in normal load, {}", database.name());
    run.row(Row::value(row, late.at(0.99), "ms").at_most(1000.0));
    Ok(())
}

struct Waiting {
    many: i64,
    due: i64,
}

async fn waiting(on: &mut Open) -> Result<Waiting, Error> {
    let asked = "SELECT count(*) || ' ' || coalesce(min(due_at), 0) FROM timers".to_owned();
    let told = on.texts(asked).await?.swap_remove(0);
    let numbers = told.split_once(' ').and_then(|(many, due)| {
        let (many, due) = (many.parse().ok()?, due.parse().ok()?);
        Some(Waiting { many, due })
    });
    numbers.ok_or_else(|| Error::Defect(format!("{told} tells no timers")))
}

fn now() -> i64 {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

/// Opens a case that lapses.
struct Lapsing(String);

impl Deeds for Lapsing {
    fn next(
        &self,
        _connection: usize,
        _before: Option<countersign_bench::Answer>,
    ) -> Option<countersign_bench::Asked> {
        Some(countersign_bench::Asked {
            method: hyper::Method::POST,
            path: "/v1/cases".to_owned(),
            token: self.0.clone(),
            cookies: None,
            key: None,
            body: json!({ "workflow": "lapse" }).to_string().into(),
        })
    }
}
