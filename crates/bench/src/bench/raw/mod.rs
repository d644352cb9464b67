//! The store without the product: the rows of decisions, written by hand in batches with the same driver, the same settings
//! and the same durability. With a batch of one it is the naive way: one transaction a request.

mod postgres;
mod sqlite;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use countersign_bench::Error;
use serde_json::{Value as Json, json};
use tokio::{runtime::Runtime, task::JoinSet};

use super::database::{Database, Open};

/// What one decision writes, read from a case that was decided by the product.
pub struct Decided {
    history: Vec<Json>,
    personal: Vec<Json>,
    content: String,
    control: String,
    case: Json,
    words: String,
    waiting: Vec<Json>,
    access: Vec<Json>,
    acted: Vec<Json>,
    deliveries: Vec<Json>,
    answer: Json,
}

/// The statements by which one database gives and takes it. Those that read have `{id}` for the case, and answer arrays of
/// JSON; those that write take such arrays, in one value.
struct Statements {
    history: &'static str,
    personal: &'static str,
    content: &'static str,
    /// Control, words, and the row of the case.
    head: &'static str,
    waiting: &'static str,
    access: &'static str,
    acted: &'static str,
    deliveries: &'static str,
    /// The last answer that was kept.
    answer: &'static str,
    /// Those of these cases.
    mark_sent: &'static str,
    add_history: &'static str,
    add_personal: &'static str,
    add_contents: &'static str,
    change_heads: &'static str,
    change_cases: &'static str,
    put_searches: &'static str,
    remove_waiting: &'static str,
    put_waiting: &'static str,
    put_access: &'static str,
    put_acted: &'static str,
    remove_timers: &'static str,
    add_deliveries: &'static str,
    add_answers: &'static str,
}

impl Statements {
    fn of(database: &Database) -> &'static Self {
        match database {
            Database::Sqlite(_) => &sqlite::STATEMENTS,
            Database::Postgres(_) => &postgres::STATEMENTS,
        }
    }
}

/// How it is written.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Decisions in one transaction.
    pub batch: usize,
    /// Connections that write at once, each its own cases.
    pub writers: usize,
    /// For how long, at most.
    pub length: Duration,
}

/// Decides these cases in this way; answers how many a second. Several writers have threads of their own, so that one thread
/// of this program is not what limits them.
pub async fn write(
    database: &Database,
    decided: &Arc<Decided>,
    cases: Vec<String>,
    way: Way,
) -> Result<f64, Error> {
    let (database, decided) = (database.clone(), decided.clone());
    let all = move || {
        let threads = Runtime::new().map_err(|error| Error::Defect(error.to_string()))?;
        threads.block_on(together(&database, &decided, &cases, way))
    };
    let done = tokio::task::spawn_blocking(all).await;
    done.map_err(|error| Error::Defect(error.to_string()))?
}

async fn together(
    database: &Database,
    decided: &Arc<Decided>,
    cases: &[String],
    way: Way,
) -> Result<f64, Error> {
    let each = cases.len().div_ceil(way.writers).max(1);
    let mut open = Vec::new();
    for part in cases.chunks(each) {
        open.push((database.writer().await?, part.to_vec()));
    }
    let statements = Statements::of(database);
    let begun = Instant::now();
    let mut writers = JoinSet::new();
    for (on, part) in open {
        writers.spawn(one_writer(on, statements, decided.clone(), part, way));
    }
    let mut done = 0;
    while let Some(ended) = writers.join_next().await {
        done += ended.map_err(|error| Error::Defect(error.to_string()))??;
    }
    Ok(f64::from(done) / begun.elapsed().as_secs_f64())
}

/// What one connection decides of these; answers how many.
async fn one_writer(
    mut on: Open,
    statements: &'static Statements,
    decided: Arc<Decided>,
    cases: Vec<String>,
    way: Way,
) -> Result<u32, Error> {
    let begun = Instant::now();
    let mut done = 0;
    let mut before: &[String] = &[];
    for batch in cases.chunks(way.batch) {
        if begun.elapsed() >= way.length {
            break;
        }
        on.write(&decided.rows(statements, batch, before)).await?;
        done += u32::try_from(batch.len()).unwrap_or(u32::MAX);
        before = batch;
    }
    on.close().await?;
    Ok(done)
}

impl Decided {
    /// Reads it from the case of this id; its application was entries 1 and 2.
    pub async fn read(database: &Database, id: &str) -> Result<Self, Error> {
        let mut on = database.writer().await?;
        let statements = Statements::of(database);
        let id = id.replace('-', "");
        let on = &mut on;
        let head = one(on, statements.head, &id).await?;
        Ok(Self {
            history: all(on, statements.history, &id).await?,
            personal: all(on, statements.personal, &id).await?,
            content: text(&one(on, statements.content, &id).await?[0]),
            control: text(&head[0]),
            case: head[2].clone(),
            words: text(&head[1]),
            waiting: all(on, statements.waiting, &id).await?,
            access: all(on, statements.access, &id).await?,
            acted: all(on, statements.acted, &id).await?,
            deliveries: all(on, statements.deliveries, &id).await?,
            answer: one(on, statements.answer, &id).await?,
        })
    }

    /// The rows of one transaction. Deliveries of the batch before are claimed and marked as sent in it, as the notifier does.
    fn rows(
        &self,
        statements: &Statements,
        cases: &[String],
        before: &[String],
    ) -> Vec<(&'static str, String)> {
        let (hexes, sent) = (hexes(cases), hexes(before));
        let each = |rows: &[Json]| -> String {
            let all = hexes
                .iter()
                .flat_map(|case| rows.iter().map(move |row| json!([case, row])));
            Json::Array(all.collect()).to_string()
        };
        let one = |row: &Json| each(std::slice::from_ref(row));
        let ids = json!(hexes).to_string();
        let histories: Vec<Json> = self
            .history
            .iter()
            .zip(&self.personal)
            .map(|(entry, personal)| json!([entry, personal]))
            .collect();
        vec![
            (statements.mark_sent, json!(sent).to_string()),
            (statements.add_history, each(&histories)),
            (statements.add_personal, each(&histories)),
            (statements.add_contents, one(&json!(self.content))),
            (statements.change_heads, one(&json!(self.control))),
            (statements.change_cases, one(&self.case)),
            (statements.put_searches, one(&json!(self.words))),
            (statements.remove_waiting, ids.clone()),
            (statements.put_waiting, each(&self.waiting)),
            (statements.put_access, each(&self.access)),
            (statements.put_acted, each(&self.acted)),
            (statements.remove_timers, ids),
            (statements.add_deliveries, each(&self.deliveries)),
            (statements.add_answers, one(&self.answer)),
        ]
    }
}

/// The arrays that a statement answers about a case.
async fn all(on: &mut Open, sql: &str, id: &str) -> Result<Vec<Json>, Error> {
    let texts = on.texts(sql.replace("{id}", id)).await?;
    let array = |text: &String| {
        serde_json::from_str(text).map_err(|error| Error::Defect(error.to_string()))
    };
    texts.iter().map(array).collect()
}

/// The first of them.
async fn one(on: &mut Open, sql: &str, id: &str) -> Result<Json, Error> {
    let mut found = all(on, sql, id).await?;
    if found.is_empty() {
        return Err(Error::Defect(format!("nothing is answered to {sql}")));
    }
    Ok(found.swap_remove(0))
}

/// Ids without their dashes.
fn hexes(cases: &[String]) -> Vec<String> {
    cases.iter().map(|case| case.replace('-', "")).collect()
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
