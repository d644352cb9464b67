//! The fast loader: copies of a case that the product itself has opened, with ids and numbers of their own, straight in the
//! database. It knows which columns are ids, numbers and positions, and copies whatever else a table has.

use std::path::Path;

use countersign_bench::Error;
use sqlx::{
    Connection as _, Row as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

/// How many are made in one transaction.
const AT_ONCE: u32 = 20_000;
/// What hangs on a case by its place in `cases`.
const BY_POSITION: [&str; 2] = ["heads", "searches"];
/// What hangs on a case by its id.
const BY_CASE: [&str; 6] = [
    "waiting",
    "access",
    "acted",
    "assignments",
    "timers",
    "watches",
];
/// What grows at its end, by positions of its own, each row naming the one before.
const CHAINED: [&str; 2] = ["history", "contents"];

/// Opens a database that no server has open, fast and careless: what is half loaded is thrown away.
pub async fn careless(database: &Path) -> Result<SqliteConnection, Error> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false)
        .pragma("cache_size", "-400000")
        .pragma("temp_store", "MEMORY");
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// Makes the case of this id so many cases; answers the ids of all.
pub async fn multiply(database: &Path, id: &str, times: u32) -> Result<Vec<String>, Error> {
    let mut on = careless(database).await?;
    let template = Template::read(&mut on, id).await?;
    let mut made = 1;
    while made < times {
        let until = times.min(made + AT_ONCE);
        let mut tx = on.begin().await?;
        for statement in template.statements(&mut tx, made, until).await? {
            sqlx::query(sqlx::AssertSqlSafe(statement))
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        made = until;
    }
    sqlx::query("UPDATE numbers SET last = last + ?1")
        .bind(times)
        .execute(&mut on)
        .await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut on)
        .await?;
    on.close().await?;
    Ok((0..times).map(|at| template.id(at)).collect())
}

/// The case that is copied.
struct Template {
    position: i64,
    id: String,
    number: String,
    history: (i64, i64),
    contents: (i64, i64),
}

impl Template {
    async fn read(on: &mut SqliteConnection, id: &str) -> Result<Self, Error> {
        let id = id.replace('-', "");
        let row = sqlx::query("SELECT position, number FROM cases WHERE id = unhex(?1)")
            .bind(&id)
            .fetch_one(&mut *on)
            .await?;
        let (position, number): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        let mut reach = Vec::new();
        for table in CHAINED {
            let sql = format!(
                "SELECT min(position), max(position) FROM {table} WHERE case_id = unhex('{id}')"
            );
            let row = sqlx::query(sqlx::AssertSqlSafe(sql))
                .fetch_one(&mut *on)
                .await?;
            reach.push((row.try_get(0)?, row.try_get(1)?));
        }
        Ok(Self {
            position,
            id,
            number,
            history: reach[0],
            contents: reach[1],
        })
    }

    /// The id of a copy, as people write it: later ones are greater. The first is the template itself.
    fn id(&self, at: u32) -> String {
        let hex = if at == 0 {
            self.id.clone()
        } else {
            // As if each were opened a millisecond after the one before.
            let opened =
                u64::from_str_radix(&self.id[..12], 16).unwrap_or_default() + u64::from(at);
            format!("{opened:012x}{}{at:012x}", &self.id[12..20])
        };
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }

    /// What makes the copies from this one to before that one.
    async fn statements(
        &self,
        on: &mut SqliteConnection,
        from: u32,
        until: u32,
    ) -> Result<Vec<String>, Error> {
        let opened = u64::from_str_radix(&self.id[..12], 16).unwrap_or_default();
        let id = format!(
            "printf('%012x', {opened} + n) || '{}' || printf('%012x', n)",
            &self.id[12..20]
        );
        let dashed = {
            let part = |from: u8, many: u8| format!("substr(i, {from}, {many})");
            let parts = [
                part(1, 8),
                part(9, 4),
                part(13, 4),
                part(17, 4),
                part(21, 12),
            ];
            parts.join(" || '-' || ")
        };
        let copies = format!(
            "WITH RECURSIVE c (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {until}),
                  k (n, i) AS (SELECT n, {id} FROM c)"
        );
        let as_id = Self::dashed(&self.id);
        let text = |column: &str| {
            format!(
                "replace(replace({column}, '{as_id}', {dashed}), '{0}', '{0}' || n)",
                self.number
            )
        };
        let mut all = Vec::new();
        let everything = [
            &["cases"][..],
            &BY_POSITION,
            &BY_CASE,
            &CHAINED,
            &["history_personal"],
        ]
        .concat();
        for table in everything {
            let columns = columns(on, table).await?;
            let values: Vec<String> = columns
                .iter()
                .map(|column| self.value(table, column, &text))
                .collect();
            let which = self.rows_of(table);
            all.push(format!(
                "INSERT INTO {table} ({}) {copies} SELECT {} FROM k CROSS JOIN (SELECT * FROM {table} WHERE {which}) t",
                columns.join(", "),
                values.join(", ")
            ));
        }
        Ok(all)
    }

    fn dashed(hex: &str) -> String {
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }

    fn rows_of(&self, table: &str) -> String {
        match table {
            "cases" | "heads" | "searches" => format!("position = {}", self.position),
            "history_personal" => {
                format!("position BETWEEN {} AND {}", self.history.0, self.history.1)
            }
            _ => format!("case_id = unhex('{}')", self.id),
        }
    }

    /// What a column of a copy is made from.
    fn value(&self, table: &str, column: &str, text: &dyn Fn(&str) -> String) -> String {
        let moved = |(first, last): (i64, i64)| format!("n * {} + t.{column}", last - first + 1);
        match (table, column) {
            ("cases", "id") | (_, "case_id") => "unhex(i)".to_owned(),
            ("cases" | "heads" | "searches", "position") => format!("{} + n", self.position),
            ("cases", "number") => "t.number || n".to_owned(),
            ("heads", "history_at") | ("history" | "history_personal", "position" | "earlier") => {
                moved(self.history)
            }
            ("heads", "content_at") | ("contents", "position" | "earlier") => moved(self.contents),
            ("heads", "control") | ("searches", "words") => text(&format!("t.{column}")),
            _ => format!("t.{column}"),
        }
    }
}

async fn columns(on: &mut SqliteConnection, table: &str) -> Result<Vec<String>, Error> {
    let rows = sqlx::query("SELECT name FROM pragma_table_info(?1) ORDER BY cid")
        .bind(table)
        .fetch_all(on)
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}
