//! The tables of a store, one migration a tight family of them. Migrations only add: what a released
//! version has applied is never edited. Who reads and writes the tables is `countersign-store`.

mod m0001_cases;
mod m0002_contents;
mod m0003_history;
mod m0004_who;
mod m0005_timers;
mod m0006_limits;
mod m0007_deliveries;
mod m0008_requests;
mod m0009_directory;
mod m0010_reference;
mod m0011_watches;
mod m0012_absences;
mod m0013_found;
mod m0014_children;
mod m0015_colleagues;
mod m0016_incidents_of_case;
mod m0017_erasures;
mod m0018_small_hot_tables;
mod m0019_order_of_commits;
mod m0020_sessions;
mod m0021_standing;
mod m0022_receipts;
mod m0023_rare_watches;
mod m0024_identities;
mod m0025_mail_habits;
mod m0026_webhooks;
mod m0027_authenticators;
mod m0028_order_across_servers;
mod m0029_webhook_matters;
mod m0030_moves;
mod migrator;
mod statements;

pub use migrator::Migrator;
