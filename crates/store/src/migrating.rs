//! Brings the tables up to what this version reads and writes, and tells of it in one line. Which replica does it, and that
//! the others wait, is the adapters' to see to.

use std::collections::HashSet;

use countersign_migrations::Migrator;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _};
use sea_orm_migration::{
    IntoSchemaManagerConnection, MigratorTrait as _, SchemaManager, seaql_migrations,
};

/// Where it is kept which were applied.
const TABLE: &str = "seaql_migrations";

/// Applies what was not applied yet.
pub async fn migrate<C: ConnectionTrait>(on: &C) -> Result<(), DbErr>
where
    for<'c> &'c C: IntoSchemaManagerConnection<'c>,
{
    let missing = pending(on).await?;
    Migrator::up(on, None).await?;
    if let Some(newest) = missing.last() {
        let migrations = missing.len();
        tracing::info!(migrations, newest, "brought the tables up to date");
    }
    Ok(())
}

/// The names of those that were not applied yet. It only reads, where the library's own question makes its table first.
pub async fn pending<C: ConnectionTrait>(on: &C) -> Result<Vec<String>, DbErr>
where
    for<'c> &'c C: IntoSchemaManagerConnection<'c>,
{
    let mut applied = HashSet::new();
    if SchemaManager::new(on).has_table(TABLE).await? {
        let rows = seaql_migrations::Entity::find().all(on).await?;
        applied.extend(rows.into_iter().map(|row| row.version));
    }
    let ours = Migrator::migrations();
    let missing = ours
        .iter()
        .map(|migration| migration.name().to_owned())
        .filter(|name| !applied.remove(name))
        .collect();
    // What is left was made by a program that is newer than this one.
    match applied.into_iter().max() {
        Some(newer) => Err(DbErr::Custom(format!(
            "its tables are of a newer version ({newer})"
        ))),
        None => Ok(missing),
    }
}
