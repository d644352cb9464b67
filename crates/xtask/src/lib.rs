//! The project's own chores, so that a developer and the gate run the very same commands. Not for anything that the
//! product does: that is the binary `countersign`.
#![expect(
    clippy::print_stdout,
    reason = "a chore speaks to the person at the terminal"
)]

mod bench;
mod chores;
mod error;
mod fuzz;
mod install;
mod measured;
mod pictures;
mod postgres;
mod prerequisites;
mod soak;
mod step;
mod test;

pub use chores::run;
pub use error::Error;
pub use postgres::Cluster;
