//! Set-based reads of cases and of what steps need, within a batch or outside it.

mod cases;
mod inputs;
mod people;

pub use cases::cases;
pub use inputs::inputs;
pub use people::{from_row as person_from_row, language};
