//! Every statement, each with one fixed text a database, so that a connection prepares it once. The only module that
//! knows the databases' dialects: how one text serves both is `dialect`'s.

pub mod cases;
pub mod deliveries;
mod dialect;
pub mod erasing;
pub mod events;
pub mod inbox;
pub mod inputs;
pub mod lists;
pub mod locks;
pub mod moves;
#[cfg(test)]
mod plans;
pub mod reads;
pub mod webhooks;
pub mod writes;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};

/// A statement. `?1`, `?2` … are its values; a set of rows is one value, a JSON array.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    sqlite: &'static str,
    postgres: &'static str,
    columns: &'static str,
}

impl Sql {
    /// One text for both.
    const fn new(text: &'static str) -> Self {
        Self::each(text, text)
    }

    /// A text for each, where they have too little in common.
    const fn each(sqlite: &'static str, postgres: &'static str) -> Self {
        Self {
            sqlite,
            postgres,
            columns: "",
        }
    }

    /// The same over `{rows}` of these columns, `name kind` each: kinds are text, int, bool, uuid and bytes (in hex)
    /// and utf8 (bytes that are text).
    const fn rows(self, columns: &'static str) -> Self {
        Self { columns, ..self }
    }

    /// Runs it; answers how many rows were written.
    pub async fn run(
        self,
        on: &impl ConnectionTrait,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, DbErr> {
        let statement = self.with(on.get_database_backend(), values);
        Ok(on.execute_raw(statement).await?.rows_affected())
    }

    /// All rows that it answers.
    pub async fn all(
        self,
        on: &impl ConnectionTrait,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>, DbErr> {
        on.query_all_raw(self.with(on.get_database_backend(), values))
            .await
    }

    /// Its first row.
    pub async fn one(
        self,
        on: &impl ConnectionTrait,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<QueryResult>, DbErr> {
        on.query_one_raw(self.with(on.get_database_backend(), values))
            .await
    }

    fn with(self, database: DbBackend, values: impl IntoIterator<Item = Value>) -> Statement {
        let text = self.text(database);
        if database == DbBackend::Postgres {
            let values = values.into_iter().map(dialect::postgres_value);
            return Statement::from_sql_and_values(database, text, values);
        }
        Statement::from_sql_and_values(database, text, values)
    }

    /// The text as this database takes it.
    fn text(self, database: DbBackend) -> String {
        let text = if database == DbBackend::Postgres {
            self.postgres
        } else {
            self.sqlite
        };
        dialect::render(text, self.columns, database)
    }
}
