//! Timers: very many that fall due in the same moment, and how soon they have taken effect.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use countersign_bench::{Connection, Deeds, Error, Latencies, Row, Site, opened};
use serde_json::json;
use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{Run, copies, database::Database, decisions::Few};

pub async fn measure(run: &mut Run<'_>, few: Option<&Few>) -> Result<(), Error> {
    let many = if run.arguments.quick {
        40_000
    } else {
        1_000_000
    };
    run.say(&format!("{many} timers that fall due at once"));
    let workflows = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let site = Site::new(&run.arguments.program, &run.arguments.under, &workflows)?;
    let server = site.serve()?;
    let mut connection = Connection::open(server.address).await?;
    let template = opened(&mut connection, &Lapsing(site.applicant.clone())).await?;
    server.stop()?;
    copies::multiply(&Database::Sqlite(site.database()), &template, many).await?;
    let server = site.serve()?;
    let mut onlooker = onlooker(&site).await?;
    let before = waiting(&mut onlooker).await?;
    let mut early = 0;
    while now() < before.due {
        let gone = i64::from(many) - waiting(&mut onlooker).await?.many;
        // Counting takes a while.
        if now() < before.due {
            early = gone;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (begun, from) = (Instant::now(), waiting(&mut onlooker).await?.many);
    let mut left = from;
    while left > 0 && begun.elapsed() < Duration::from_mins(5) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        left = waiting(&mut onlooker).await?.many;
    }
    server.stop()?;
    #[expect(clippy::cast_precision_loss, reason = "a count of timers")]
    let rate = (from - left) as f64 / begun.elapsed().as_secs_f64();
    let row = Row::value(
        format!("{many} timers due at once, fired"),
        rate,
        "timers/s",
    );
    run.row(match few {
        Some(few) => row
            .against("decisions/s, 64 connections", few.rate)
            .ratio_at_least(0.5),
        None => row,
    });
    run.row(
        Row::value(
            "timers that took effect before they were due",
            f64::from(i32::try_from(early).unwrap_or(i32::MAX)),
            "",
        )
        .at_most(0.0),
    );
    lateness(run, &site).await
}

/// How late timers of cases that are opened one after another take effect, in milliseconds.
async fn lateness(run: &mut Run<'_>, site: &Site) -> Result<(), Error> {
    let server = site.serve()?;
    let mut connection = Connection::open(server.address).await?;
    for _ in 0..200 {
        opened(&mut connection, &Lapsing(site.applicant.clone())).await?;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut onlooker = onlooker(site).await?;
    let mut late = Latencies::default();
    let mut before: HashMap<Vec<u8>, i64> = HashMap::new();
    loop {
        let rows = sqlx::query("SELECT case_id, due_at FROM timers")
            .fetch_all(&mut onlooker)
            .await?;
        let now = now();
        let mut left = HashMap::with_capacity(rows.len());
        for row in &rows {
            left.insert(row.try_get(0)?, row.try_get(1)?);
        }
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
    run.row(
        Row::value("p99 lateness of timers in normal load", late.at(0.99), "ms").at_most(1000.0),
    );
    Ok(())
}

async fn onlooker(site: &Site) -> Result<SqliteConnection, Error> {
    let options = SqliteConnectOptions::new()
        .filename(site.database())
        .read_only(true);
    Ok(SqliteConnection::connect_with(&options).await?)
}

struct Waiting {
    many: i64,
    due: i64,
}

async fn waiting(on: &mut SqliteConnection) -> Result<Waiting, Error> {
    let row = sqlx::query("SELECT count(*), coalesce(min(due_at), 0) FROM timers")
        .fetch_one(on)
        .await?;
    Ok(Waiting {
        many: row.try_get(0)?,
        due: row.try_get(1)?,
    })
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
