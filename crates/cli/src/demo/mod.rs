//! The demo's world: people of every role with tokens, and some cases under way.

mod cases;
mod people;
mod roles;

pub use cases::open_cases;
pub use people::{PEOPLE, SERVICES, Shown, seed};
pub use roles::to_choose_from;
