//! The ports: what the engine and its drivers need from the world, as traits. Adapters implement
//! them elsewhere; nothing here knows a database, a socket or a file.

mod clock;
pub mod deliveries;
pub mod directory;
pub mod identity;
pub mod materials;
pub mod moves;
pub mod reader;
pub mod store;

pub use clock::{Clock, SystemClock, Time, VirtualClock};
pub use deliveries::Deliveries;
pub use identity::IdentityProvider;
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
    /// What it means for whoever asked.
    pub kind: StoreErrorKind,
    /// What the driver said.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// What a failure of the store means for whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// There is no room. Nothing was written; it goes on when there is room again.
    Full,
    /// Too much is going on. Nothing was written.
    Busy,
    /// Somebody else's work was in the way, or the connection was lost before anything was committed. Nothing was
    /// written; the same again may succeed at once.
    Contended,
    /// Something else was there first: a row was not as the caller believed. Nothing was written.
    Conflict,
    /// A cursor that no list gave.
    Cursor,
    /// It may or may not have been written.
    OutcomeUnknown,
    /// Anything else: a defect, a damaged file, a lost connection. Nothing was written.
    Other,
}

impl StoreError {
    /// A failure of this kind.
    pub fn new(
        attempted: &'static str,
        kind: StoreErrorKind,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            attempted,
            kind,
            source: source.into(),
        }
    }

    /// The same once more, for another one who asked: the driver's words in place of its error.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::new(self.attempted, self.kind, self.source.to_string())
    }
}
