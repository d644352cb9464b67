//! Every statement, each with one fixed text, so that a connection prepares it once. The only module
//! that knows the database's dialect: how a set of rows travels as one parameter (`json_each` here).

pub mod cases;
pub mod deliveries;
pub mod erasing;
pub mod inbox;
pub mod inputs;
pub mod lists;
#[cfg(test)]
mod plans;
pub mod reads;
pub mod writes;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};

/// A statement. `?1`, `?2` … are its values; a set of rows is one value, a JSON array.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    sqlite: &'static str,
}

impl Sql {
    const fn new(sqlite: &'static str) -> Self {
        Self { sqlite }
    }

    /// Runs it; answers how many rows were written.
    pub async fn run(
        self,
        on: &impl ConnectionTrait,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, DbErr> {
        Ok(on.execute_raw(self.with(values)).await?.rows_affected())
    }

    /// All rows that it answers.
    pub async fn all(
        self,
        on: &impl ConnectionTrait,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>, DbErr> {
        on.query_all_raw(self.with(values)).await
    }

    /// Its first row.
    pub async fn one(
        self,
        on: &impl ConnectionTrait,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<QueryResult>, DbErr> {
        on.query_one_raw(self.with(values)).await
    }

    fn with(self, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(DbBackend::Sqlite, self.sqlite, values)
    }
}
