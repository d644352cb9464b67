//! The explorer: makes up what could happen next in a world, mostly what the core itself says is offered, and now and
//! then what is forbidden. Properties of workflows are tried against its stories, and stores against the world. The
//! same seed makes the same story.

mod chance;
mod choose;
mod hands;
mod shorten;
mod story;
mod values;

pub use chance::Chance;
pub use choose::Explorer;
pub use story::{Story, Turn};
pub use values::Known;
