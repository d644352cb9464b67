//! Runs the statements of a migration in the database's own dialect. Tables are written as plain SQL,
//! because what makes them fast (STRICT, WITHOUT ROWID, partial indexes) is no builder's.

use sea_orm_migration::{
    DbErr, SchemaManager,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// Runs these on SQLite, one after another; every other database is refused.
pub async fn run(manager: &SchemaManager<'_>, sqlite: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() != DbBackend::Sqlite {
        return Err(DbErr::Migration(
            "the tables exist for SQLite only".to_owned(),
        ));
    }
    for statement in sqlite {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Declares `Migration`, which runs the statements of `SQLITE` in one transaction.
macro_rules! migration {
    () => {
        /// Applies the statements of this file.
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[sea_orm_migration::async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            async fn up(
                &self,
                manager: &sea_orm_migration::SchemaManager,
            ) -> Result<(), sea_orm_migration::DbErr> {
                crate::statements::run(manager, &SQLITE).await
            }

            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}
pub(crate) use migration;
