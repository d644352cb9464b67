//! All migrations in order, for sea-orm-migration to apply.

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait};

/// Brings a database up to what this version reads and writes.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(crate::m0001_cases::Migration),
            Box::new(crate::m0002_contents::Migration),
            Box::new(crate::m0003_history::Migration),
            Box::new(crate::m0004_who::Migration),
            Box::new(crate::m0005_timers::Migration),
            Box::new(crate::m0006_limits::Migration),
            Box::new(crate::m0007_deliveries::Migration),
            Box::new(crate::m0008_requests::Migration),
            Box::new(crate::m0009_directory::Migration),
            Box::new(crate::m0010_reference::Migration),
            Box::new(crate::m0011_watches::Migration),
            Box::new(crate::m0012_absences::Migration),
            Box::new(crate::m0013_found::Migration),
            Box::new(crate::m0014_children::Migration),
            Box::new(crate::m0015_colleagues::Migration),
            Box::new(crate::m0016_incidents_of_case::Migration),
            Box::new(crate::m0017_erasures::Migration),
            Box::new(crate::m0018_small_hot_tables::Migration),
            Box::new(crate::m0019_order_of_commits::Migration),
            Box::new(crate::m0020_sessions::Migration),
            Box::new(crate::m0021_standing::Migration),
            Box::new(crate::m0022_receipts::Migration),
            Box::new(crate::m0023_rare_watches::Migration),
            Box::new(crate::m0024_identities::Migration),
            Box::new(crate::m0025_mail_habits::Migration),
            Box::new(crate::m0026_webhooks::Migration),
            Box::new(crate::m0027_authenticators::Migration),
            Box::new(crate::m0028_order_across_servers::Migration),
            Box::new(crate::m0029_webhook_matters::Migration),
            Box::new(crate::m0030_moves::Migration),
        ]
    }
}
