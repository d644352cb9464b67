//! The engine's store ports on sea-orm over SQLite and PostgreSQL, and its materials port on a folder or a bucket.
//!
//! Rows travel in sets: one JSON parameter a statement, one fixed text each, kept in `statements`, the
//! only module that knows the database's dialect. Entities never leave the crate.

mod cleaning;
#[cfg(test)]
mod conformance;
mod cursor;
mod deliveries;
mod entities;
mod error;
mod gathering;
mod lists;
mod load;
mod locks;
mod migrating;
mod moves;
mod numbers;
mod reader;
mod readers;
mod rows;
mod statements;
mod store;
mod timers;
mod transaction;
mod webhooks;
mod write;
mod writer;

pub mod materials;
pub mod postgres;
pub mod sqlite;

pub use error::Error;
pub use store::SqlStore;
