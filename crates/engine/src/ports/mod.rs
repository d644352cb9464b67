//! The ports: what the engine and its drivers need from the world, as traits. Adapters implement
//! them elsewhere; nothing here knows a database, a socket or a file.

mod clock;
pub mod deliveries;
pub mod directory;
pub mod materials;
pub mod reader;
pub mod store;

pub use clock::{Clock, SystemClock, Time, VirtualClock};
pub use deliveries::Deliveries;
pub use materials::Materials;
pub use reader::Reader;
pub use store::{Store, Transaction};

use std::error::Error;

use thiserror::Error;

/// The store could not do what it was asked; what it was asked has not happened, or its outcome is
/// unknown. Trying again is always safe.
#[derive(Debug, Error)]
#[error("the store could not {attempted}")]
pub struct StoreError {
    /// What was attempted, for example "claim deliveries".
    pub attempted: &'static str,
    /// What the driver said.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}
