//! The tables as the checker reads them, by its own statements. Not for judging them.

use std::{collections::BTreeSet, path::PathBuf};

use serde_json::Value as Json;
use sqlx::{
    Connection as _, FromRow, PgConnection, SqliteConnection,
    postgres::PgRow,
    sqlite::{SqliteConnectOptions, SqliteRow},
};

use crate::{error::Error, sink::Call};

/// Where the tables are.
#[derive(Debug, Clone)]
pub enum Database {
    /// In a file.
    File(PathBuf),
    /// On a server.
    Server(String),
}

/// Everything that is judged.
#[derive(Debug, Default)]
pub struct Rows {
    /// Cases with their stored state.
    pub cases: Vec<CaseRow>,
    /// Entries of all histories, in the order of their rows.
    pub entries: Vec<EntryRow>,
    /// Deliveries.
    pub deliveries: Vec<DeliveryRow>,
}

/// A case.
#[derive(Debug, Clone)]
pub struct CaseRow {
    /// Its id, in hex.
    pub id: String,
    /// Its number.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// Its state, as lists have it.
    pub state: String,
    /// The whole of it, as steps have it.
    pub control: Json,
}

/// An entry of a history.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// The id of its case, in hex.
    pub case: String,
    /// Its place.
    pub entry: i64,
    /// Its hash, in hex.
    pub hash: String,
    /// The hash of the one before.
    pub previous: Option<String>,
    /// What it says.
    pub body: Json,
    /// When it was committed, in milliseconds by the database's clock, where that is known.
    pub committed: Option<i64>,
}

/// A delivery.
#[derive(Debug, Clone)]
pub struct DeliveryRow {
    /// Its id, in hex.
    pub id: String,
    /// The id of its case, in hex.
    pub case: Option<String>,
    /// `waiting`, `sent` or `dead`.
    pub status: String,
}

/// One statement for either database: ids and hashes come as hex.
struct Both {
    sqlite: &'static str,
    postgres: &'static str,
}

const CASES: Both = Both {
    sqlite: "SELECT lower(hex(c.id)), c.number, c.title, c.state, h.control
             FROM cases c JOIN heads h ON h.position = c.position",
    postgres: "SELECT replace(c.id::text, '-', ''), c.number, c.title, c.state, h.control
               FROM cases c JOIN heads h ON h.position = c.position",
};
const ENTRIES: Both = Both {
    sqlite: "SELECT lower(hex(case_id)), entry, lower(hex(hash)), lower(hex(previous)), body, NULL
             FROM history ORDER BY case_id, entry, position",
    postgres: "SELECT replace(case_id::text, '-', ''), entry::bigint, encode(hash, 'hex'), encode(previous, 'hex'), body,
                      floor(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::bigint
               FROM history ORDER BY case_id, entry, position",
};
const DELIVERIES: Both = Both {
    sqlite: "SELECT lower(hex(id)), lower(hex(case_id)), status FROM deliveries",
    postgres: "SELECT replace(id::text, '-', ''), replace(case_id::text, '-', ''), status FROM deliveries",
};
/// How many timers there are.
const TIMERS: Both = Both {
    sqlite: "SELECT count(*) FROM timers",
    postgres: "SELECT count(*) FROM timers",
};

impl Database {
    /// Reads everything.
    pub async fn read(&self) -> Result<Rows, Error> {
        let cases = self
            .rows::<(String, String, String, String, String)>(CASES)
            .await?;
        let entries = self
            .rows::<(String, i64, String, Option<String>, String, Option<i64>)>(ENTRIES)
            .await?;
        let deliveries = self
            .rows::<(String, Option<String>, String)>(DELIVERIES)
            .await?;
        let mut rows = Rows::default();
        for (id, number, title, state, control) in cases {
            let control = json(&control)?;
            rows.cases.push(CaseRow {
                id,
                number,
                title,
                state,
                control,
            });
        }
        for (case, entry, hash, previous, body, committed) in entries {
            rows.entries.push(EntryRow {
                case,
                entry,
                hash,
                previous: previous.filter(|hash| !hash.is_empty()),
                body: json(&body)?,
                committed,
            });
        }
        let deliveries = deliveries.into_iter();
        rows.deliveries = deliveries
            .map(|(id, case, status)| DeliveryRow { id, case, status })
            .collect();
        Ok(rows)
    }

    /// Whether no timer is left, and every delivery has arrived. One that arrived may still wait for another attempt,
    /// because nobody heard that it did.
    pub async fn is_quiet(&self, calls: &[Call]) -> Result<bool, Error> {
        let timers = self.rows::<(i64,)>(TIMERS).await?;
        if timers != [(0,)] {
            return Ok(false);
        }
        let arrived = arrived(calls);
        let deliveries = self
            .rows::<(String, Option<String>, String)>(DELIVERIES)
            .await?;
        Ok(deliveries.iter().all(|(id, ..)| arrived.contains(id)))
    }

    /// What SQLite itself finds wrong with the file.
    pub async fn faults(&self) -> Result<Vec<String>, Error> {
        let Self::File(file) = self else {
            return Ok(Vec::new());
        };
        let options = SqliteConnectOptions::new().filename(file);
        let mut on = SqliteConnection::connect_with(&options).await?;
        let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_all(&mut on)
            .await?;
        on.close().await?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }

    async fn rows<T>(&self, what: Both) -> Result<Vec<T>, Error>
    where
        T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
    {
        Ok(match self {
            Self::File(file) => {
                let options = SqliteConnectOptions::new().filename(file).read_only(true);
                let mut on = SqliteConnection::connect_with(&options).await?;
                let rows = sqlx::query_as(what.sqlite).fetch_all(&mut on).await?;
                on.close().await?;
                rows
            }
            Self::Server(url) => {
                let mut on = PgConnection::connect(url).await?;
                let rows = sqlx::query_as(what.postgres).fetch_all(&mut on).await?;
                on.close().await?;
                rows
            }
        })
    }
}

/// The deliveries that arrived, by their ids in hex.
pub fn arrived(calls: &[Call]) -> BTreeSet<String> {
    calls.iter().map(|call| call.id.replace('-', "")).collect()
}

fn json(text: &str) -> Result<Json, Error> {
    serde_json::from_str(text).map_err(|error| Error::Unfit(format!("a row: {error}")))
}
