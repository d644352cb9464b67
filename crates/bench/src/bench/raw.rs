//! The store without the product: the rows of decisions, written by hand in batches with the same driver, the same settings
//! and the same durability. With a batch of one it is the naive way: one transaction a request.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use countersign_bench::Error;
use serde_json::{Value as Json, json};
use sqlx::{
    AssertSqlSafe, Connection as _, Row as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous},
};

/// What one decision writes, read from a case that was decided by the product.
pub struct Decided {
    history: Vec<Json>,
    personal: Vec<Json>,
    content: String,
    control: String,
    case: Vec<Json>,
    words: String,
    waiting: Vec<Json>,
    access: Vec<String>,
    acted: Vec<String>,
    deliveries: Vec<Json>,
    answer: Vec<Json>,
}

/// A connection as the product's writer has it, but for checkpoints, which SQLite does here by itself.
async fn writer(database: &Path) -> Result<SqliteConnection, Error> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .statement_cache_capacity(200)
        .pragma("cache_size", "-49152")
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", "4000");
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// Decides these cases, so many at once, for so long; answers how many a second.
pub async fn write(
    database: &Path,
    decided: &Decided,
    cases: &[String],
    batch: usize,
    length: Duration,
) -> Result<f64, Error> {
    let mut on = writer(database).await?;
    let begun = Instant::now();
    let mut done = 0_u32;
    for batch in cases.chunks(batch) {
        if begun.elapsed() >= length {
            break;
        }
        decided.write(&mut on, batch).await?;
        done += u32::try_from(batch.len()).unwrap_or(u32::MAX);
    }
    let rate = f64::from(done) / begun.elapsed().as_secs_f64();
    on.close().await?;
    Ok(rate)
}

impl Decided {
    /// Reads it from the case of this id; its application was entries 1 and 2.
    pub async fn read(database: &Path, id: &str) -> Result<Self, Error> {
        let mut on = writer(database).await?;
        let id = id.replace('-', "");
        let of_case = |array: &str, table: &str, more: &str| {
            AssertSqlSafe(format!(
                "SELECT json_array({array}) AS j FROM {table} t WHERE t.case_id = unhex('{id}') {more}"
            ))
        };
        let on = &mut on;
        let history = arrays(
            on,
            of_case(
                "entry, hex(hash), hex(previous), body",
                "history",
                "AND entry > 2",
            ),
        )
        .await?;
        let personal = arrays(on, AssertSqlSafe(format!(
            "SELECT json_array(hex(p.salt), p.body) AS j FROM history t JOIN history_personal p ON p.position = t.position
             WHERE t.case_id = unhex('{id}') AND t.entry > 2"
        ))).await?;
        let contents = arrays(
            on,
            of_case("content", "contents", "ORDER BY position DESC LIMIT 1"),
        )
        .await?;
        let heads = arrays(
            on,
            AssertSqlSafe(HEAD.replace("?1", &format!("unhex('{id}')"))),
        )
        .await?;

        let waiting = arrays(
            on,
            of_case("subject, due_at, since, role, but", "waiting", ""),
        )
        .await?;
        let access = arrays(on, of_case("subject", "access", "")).await?;
        let acted = arrays(on, of_case("person", "acted", "")).await?;
        let deliveries = arrays(
            on,
            of_case(
                "about, kind, receiver, secret, content",
                "deliveries",
                "AND content LIKE '%\"outcome\"%'",
            ),
        )
        .await?;
        let answer = arrays(on, AssertSqlSafe(LAST_ANSWER.to_owned())).await?;
        let head = heads.first().cloned().unwrap_or_default();
        let text = |row: &Json| row[0].as_str().unwrap_or_default().to_owned();
        let list = |row: Option<&Json>| row.and_then(Json::as_array).cloned().unwrap_or_default();
        Ok(Self {
            history,
            personal,
            content: contents.first().map(text).unwrap_or_default(),
            control: text(&head),
            case: list(head.get(2)),
            words: head[1].as_str().unwrap_or_default().to_owned(),
            waiting,
            access: access.iter().map(text).collect(),
            acted: acted.iter().map(text).collect(),
            deliveries,
            answer: list(answer.first()),
        })
    }

    /// One transaction. Deliveries of the batch before are claimed and marked as sent in it, as the notifier does.
    async fn write(&self, on: &mut SqliteConnection, cases: &[String]) -> Result<(), Error> {
        let hexes: Vec<String> = cases.iter().map(|case| case.replace('-', "")).collect();
        let each = |rows: &[Json]| -> String {
            let all = hexes
                .iter()
                .flat_map(|case| rows.iter().map(move |row| json!([case, row])));
            Json::Array(all.collect()).to_string()
        };
        let ids = json!(hexes).to_string();
        let heads: Vec<Json> = hexes
            .iter()
            .map(|case| json!([case, self.control]))
            .collect();
        let words: Vec<Json> = hexes.iter().map(|case| json!([case, self.words])).collect();
        let changed: Vec<Json> = hexes.iter().map(|case| json!([case, self.case])).collect();
        let contents: Vec<Json> = hexes
            .iter()
            .map(|case| json!([case, self.content]))
            .collect();
        let texts =
            |texts: &[String]| each(&texts.iter().map(|text| json!(text)).collect::<Vec<_>>());
        let histories: Vec<Json> = self
            .history
            .iter()
            .zip(&self.personal)
            .map(|(entry, personal)| json!([entry, personal]))
            .collect();
        let statements = [
            (MARK_SENT, String::new()),
            (ADD_HISTORY, each(&histories)),
            (ADD_PERSONAL, each(&histories)),
            (ADD_CONTENTS, json!(contents).to_string()),
            (CHANGE_HEADS, json!(heads).to_string()),
            (CHANGE_CASES, json!(changed).to_string()),
            (PUT_SEARCHES, json!(words).to_string()),
            (REMOVE_WAITING, ids.clone()),
            (PUT_WAITING, each(&self.waiting)),
            (PUT_ACCESS, texts(&self.access)),
            (PUT_ACTED, texts(&self.acted)),
            (REMOVE_TIMERS, ids.clone()),
            (ADD_DELIVERIES, each(&self.deliveries)),
            (ADD_ANSWERS, each(&[json!(self.answer)])),
        ];
        let mut tx = on.begin_with("BEGIN IMMEDIATE").await?;
        for (statement, rows) in &statements {
            sqlx::query(*statement).bind(rows).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The arrays that a statement answers.
async fn arrays(on: &mut SqliteConnection, sql: AssertSqlSafe<String>) -> Result<Vec<Json>, Error> {
    let rows = sqlx::query(sql).fetch_all(on).await?;
    let array = |row: &SqliteRow| -> Result<Json, Error> {
        let text: String = row.try_get(0)?;
        serde_json::from_str(&text).map_err(|error| Error::Defect(error.to_string()))
    };
    rows.iter().map(array).collect()
}

const HEAD: &str =
    "SELECT json_array(h.control, (SELECT s.words FROM searches s WHERE s.position = c.position),
        json_array(c.state, c.lifecycle, c.ending, c.round, c.due_at))
    FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = ?1";
const LAST_ANSWER: &str =
    "SELECT json_array(caller, hex(fingerprint), status, headers, CAST(body AS TEXT))
    FROM answers ORDER BY position DESC LIMIT 1";
const MARK_SENT: &str = "UPDATE deliveries SET status = 'sent', attempts = 1, epoch = 1, sent_at = due_at
    WHERE position > (SELECT max(position) - 256 FROM deliveries) AND status = 'waiting' AND ?1 = ''";
const ADD_HISTORY: &str = "INSERT INTO history (case_id, entry, earlier, hash, previous, body)
    SELECT unhex(j.value->>0), j.value->1->0->>0,
           (SELECT h.history_at FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = unhex(j.value->>0)),
           unhex(j.value->1->0->>1), unhex(j.value->1->0->>2), j.value->1->0->>3
    FROM json_each(?1) j";
const ADD_PERSONAL: &str = "INSERT INTO history_personal (salt, body)
    SELECT unhex(j.value->1->1->>0), j.value->1->1->>1 FROM json_each(?1) j";
const ADD_CONTENTS: &str = "INSERT INTO contents (case_id, earlier, revision, etag, content)
    SELECT unhex(j.value->>0),
           (SELECT h.content_at FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = unhex(j.value->>0)),
           2, 2, j.value->>1
    FROM json_each(?1) j";
const CHANGE_HEADS: &str = "UPDATE heads SET etag = etag + 1, control = j.value->>1,
        history_at = history_at + 1, content_at = content_at + 1
    FROM json_each(?1) j
    WHERE heads.position = (SELECT c.position FROM cases c WHERE c.id = unhex(j.value->>0))";
const CHANGE_CASES: &str = "UPDATE cases SET state = j.value->1->>0, lifecycle = j.value->1->>1,
        ending = j.value->1->>2, round = j.value->1->>3, due_at = j.value->1->>4
    FROM json_each(?1) j WHERE cases.id = unhex(j.value->>0)";
const PUT_SEARCHES: &str = "INSERT INTO searches (position, words)
    SELECT c.position, j.value->>1 FROM json_each(?1) j CROSS JOIN cases c ON c.id = unhex(j.value->>0) WHERE true
    ON CONFLICT (position) DO UPDATE SET words = excluded.words";
const REMOVE_WAITING: &str = "DELETE FROM waiting INDEXED BY waiting_of_case
    WHERE case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)";
const PUT_WAITING: &str = "INSERT INTO waiting (case_id, subject, due_at, since, role, but)
    SELECT unhex(j.value->>0), j.value->1->>0, j.value->1->>1, j.value->1->>2, j.value->1->>3, j.value->1->>4
    FROM json_each(?1) j WHERE true ON CONFLICT DO NOTHING";
const PUT_ACCESS: &str = "INSERT INTO access (case_id, subject)
    SELECT unhex(j.value->>0), j.value->>1 FROM json_each(?1) j WHERE true ON CONFLICT DO NOTHING";
const PUT_ACTED: &str = "INSERT INTO acted (case_id, person, at)
    SELECT unhex(j.value->>0), j.value->>1, CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM json_each(?1) j WHERE true
    ON CONFLICT DO UPDATE SET at = excluded.at";
const REMOVE_TIMERS: &str =
    "DELETE FROM timers WHERE case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)";
const ADD_DELIVERIES: &str = "INSERT INTO deliveries
        (id, case_id, about, kind, receiver, secret, content, status, due_at, epoch, attempts, created_at)
    SELECT randomblob(16), unhex(j.value->>0), j.value->1->>0, j.value->1->>1, j.value->1->>2, j.value->1->>3,
           j.value->1->>4, 'waiting', unixepoch() * 1000, 0, 0, unixepoch() * 1000
    FROM json_each(?1) j";
const ADD_ANSWERS: &str = "INSERT INTO answers (caller, key, fingerprint, status, headers, body, at)
    SELECT j.value->1->>0, hex(randomblob(12)), unhex(j.value->1->>1), j.value->1->>2, j.value->1->>3,
           CAST(j.value->1->>4 AS BLOB), unixepoch() * 1000
    FROM json_each(?1) j";
