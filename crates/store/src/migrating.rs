//! Brings the tables up to what this version reads and writes, and tells of it in one line. Which replica does it, and that
//! the others wait, is the adapters' to see to.

use countersign_migrations::Migrator;
use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::MigratorTrait as _;

/// Applies what was not applied yet.
pub async fn migrate(on: &DatabaseConnection) -> Result<(), DbErr> {
    let missing = Migrator::get_pending_migrations(on).await?;
    Migrator::up(on, None).await?;
    if let Some(newest) = missing.last() {
        let (migrations, newest) = (missing.len(), newest.name());
        tracing::info!(migrations, newest, "brought the tables up to date");
    }
    Ok(())
}

/// The names of those that were not applied yet.
pub async fn pending(on: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let missing = Migrator::get_pending_migrations(on).await?;
    Ok(missing
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect())
}
