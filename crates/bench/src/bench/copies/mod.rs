//! The fast loader: copies of a case that the product itself has opened, with ids and numbers of their own, straight in the
//! database. It knows which columns are ids, numbers and positions, and copies whatever else a table has.

mod dialect;

use countersign_bench::Error;

use self::dialect::Dialect;
use super::database::{Database, Open};

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

/// Makes the case of this id so many cases; answers the ids of all.
pub async fn multiply(database: &Database, id: &str, times: u32) -> Result<Vec<String>, Error> {
    let mut on = database.careless().await?;
    let template = Template::read(&mut on, Dialect::of(database), id).await?;
    let tables = template.tables(&mut on).await?;
    let mut made = 1;
    while made < times {
        let until = times.min(made + AT_ONCE);
        let statements = tables
            .iter()
            .map(|table| template.statement(table, made, until));
        on.run(statements.collect()).await?;
        made = until;
    }
    on.run(vec![format!("UPDATE numbers SET last = last + {times}")])
        .await?;
    on.settle().await?;
    on.close().await?;
    Ok((0..times).map(|at| template.id(at)).collect())
}

/// The case that is copied.
struct Template {
    dialect: Dialect,
    position: i64,
    id: String,
    number: String,
    history: (i64, i64),
    contents: (i64, i64),
}

/// A table, and its columns in order.
struct Table {
    name: &'static str,
    columns: Vec<String>,
}

impl Template {
    async fn read(on: &mut Open, dialect: Dialect, id: &str) -> Result<Self, Error> {
        let id = id.replace('-', "");
        let key = dialect.id(&format!("'{id}'"));
        let found = |texts: Vec<String>| {
            let missing = || Error::Defect(format!("there is no case {id}"));
            texts.into_iter().next().ok_or_else(missing)
        };
        let number = format!("SELECT number FROM cases WHERE id = {key}");
        let number = found(on.texts(number).await?)?;
        let mut positions = Vec::new();
        let mut wanted = vec![format!("SELECT position FROM cases WHERE id = {key}")];
        for table in CHAINED {
            for end in ["min", "max"] {
                wanted.push(format!(
                    "SELECT {end}(position) FROM {table} WHERE case_id = {key}"
                ));
            }
        }
        for select in wanted {
            let as_text = format!("SELECT CAST(({select}) AS TEXT)");
            let position = found(on.texts(as_text).await?)?;
            let defect = |_| Error::Defect(format!("{position} is no position"));
            positions.push(position.parse().map_err(defect)?);
        }
        Ok(Self {
            dialect,
            position: positions[0],
            id,
            number,
            history: (positions[1], positions[2]),
            contents: (positions[3], positions[4]),
        })
    }

    /// The id of a copy, as people write it: later ones are greater. The first is the template itself.
    fn id(&self, at: u32) -> String {
        if at == 0 {
            return dashed(&self.id);
        }
        // As if each were opened a millisecond after the one before.
        let opened = self.opened() + u64::from(at);
        dashed(&format!("{opened:012x}{}{at:012x}", &self.id[12..20]))
    }

    fn opened(&self) -> u64 {
        u64::from_str_radix(&self.id[..12], 16).unwrap_or_default()
    }

    /// Everything that a case has rows in.
    async fn tables(&self, on: &mut Open) -> Result<Vec<Table>, Error> {
        let names = [
            &["cases"][..],
            &BY_POSITION,
            &BY_CASE,
            &CHAINED,
            &["history_personal"],
        ];
        let mut tables = Vec::new();
        for name in names.concat() {
            let columns = on.texts(self.dialect.columns(name)).await?;
            tables.push(Table { name, columns });
        }
        Ok(tables)
    }

    /// What makes the rows of the copies from this one to before that one.
    fn statement(&self, table: &Table, from: u32, until: u32) -> String {
        let copies = self
            .dialect
            .copies(self.opened(), &self.id[12..20], from, until);
        let values: Vec<String> = table
            .columns
            .iter()
            .map(|column| self.value(table.name, column))
            .collect();
        format!(
            "INSERT INTO {name} ({}) {copies} SELECT {} FROM k CROSS JOIN (SELECT * FROM {name} WHERE {}) t",
            table.columns.join(", "),
            values.join(", "),
            self.rows_of(table.name),
            name = table.name,
        )
    }

    fn rows_of(&self, table: &str) -> String {
        match table {
            "cases" | "heads" | "searches" => format!("position = {}", self.position),
            "history_personal" => {
                format!("position BETWEEN {} AND {}", self.history.0, self.history.1)
            }
            _ => format!("case_id = {}", self.dialect.id(&format!("'{}'", self.id))),
        }
    }

    /// What a column of a copy is made from.
    fn value(&self, table: &str, column: &str) -> String {
        let moved = |(first, last): (i64, i64)| format!("n * {} + t.{column}", last - first + 1);
        match (table, column) {
            ("cases", "id") | (_, "case_id") => self.dialect.id("i"),
            ("cases" | "heads" | "searches", "position") => format!("{} + n", self.position),
            ("cases", "number") => "t.number || n".to_owned(),
            ("heads", "history_at") | ("history" | "history_personal", "position" | "earlier") => {
                moved(self.history)
            }
            ("heads", "content_at") | ("contents", "position" | "earlier") => moved(self.contents),
            ("heads", "control") | ("searches", "words") => format!(
                "replace(replace(t.{column}, '{}', {}), '{number}', '{number}' || n)",
                dashed(&self.id),
                self.dialect.dashed(),
                number = self.number,
            ),
            _ => format!("t.{column}"),
        }
    }
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
