//! The connections that read, outside any batch. Behind a pooler that hands out the server's connections by transaction, a
//! statement is prepared and run on one and the same of them only inside a transaction: so there each read is one, in a task
//! of its own, for a reader that goes away must not leave its transaction open.

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, RuntimeErr, Statement, TransactionTrait as _,
};
use tokio::task::JoinHandle;

use crate::statements::locks;

/// Connections that read. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Readers {
    on: DatabaseConnection,
    pooled: bool,
}

impl Readers {
    /// Reads on these; `pooled`: a pooler by transaction stands before the server.
    pub fn new(on: DatabaseConnection, pooled: bool) -> Self {
        Self { on, pooled }
    }

    /// Closes them.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.on.close_by_ref().await
    }
}

/// Begins a transaction behind a pooler, on what a connection of our own is like from its start.
pub async fn begin_pooled(on: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let transaction = on.begin().await?;
    transaction.execute_unprepared(locks::CLEAN).await?;
    Ok(transaction)
}

/// Begins a transaction, behind a pooler or not.
pub async fn begin(on: &DatabaseConnection, pooled: bool) -> Result<DatabaseTransaction, DbErr> {
    if pooled {
        begin_pooled(on).await
    } else {
        on.begin().await
    }
}

async fn ended<T>(apart: JoinHandle<Result<T, DbErr>>) -> Result<T, DbErr> {
    apart.await.unwrap_or_else(|error| {
        let why = format!("a read did not end: {error}");
        Err(DbErr::Conn(RuntimeErr::Internal(why)))
    })
}

#[async_trait]
impl ConnectionTrait for Readers {
    fn get_database_backend(&self) -> DbBackend {
        self.on.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        if !self.pooled {
            return self.on.execute_raw(statement).await;
        }
        let on = self.on.clone();
        ended(tokio::spawn(async move {
            let transaction = begin_pooled(&on).await?;
            let result = transaction.execute_raw(statement).await?;
            transaction.commit().await?;
            Ok(result)
        }))
        .await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.on.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        if !self.pooled {
            return self.on.query_one_raw(statement).await;
        }
        let on = self.on.clone();
        ended(tokio::spawn(async move {
            let transaction = begin_pooled(&on).await?;
            let row = transaction.query_one_raw(statement).await?;
            transaction.commit().await?;
            Ok(row)
        }))
        .await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if !self.pooled {
            return self.on.query_all_raw(statement).await;
        }
        let on = self.on.clone();
        ended(tokio::spawn(async move {
            let transaction = begin_pooled(&on).await?;
            let rows = transaction.query_all_raw(statement).await?;
            transaction.commit().await?;
            Ok(rows)
        }))
        .await
    }
}
