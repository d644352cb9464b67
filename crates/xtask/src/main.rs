//! The project's own chores, so that a developer and the gate run the very same commands. Not for anything that the
//! product does: that is the binary `countersign`.
#![expect(
    clippy::print_stdout,
    reason = "a chore speaks to the person at the terminal"
)]

mod install;
mod postgres;
mod prerequisites;
mod step;
mod test;

use clap::{Parser, Subcommand};
use std::{error::Error as _, process::ExitCode};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything that must hold before a change may land: format, lints, tests, shipped workflows.
    Test {
        /// Only the format, the unit tests and the rules of the house: for the minutes between two commits.
        #[arg(long)]
        quick: bool,
    },
    /// Find what some suites need beside Rust, install it where that is possible, and say where it is.
    Prerequisites,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Test { quick } => test::run(quick),
        Chore::Prerequisites => prerequisites::provide().and_then(|found| {
            for (variable, path) in found.variables() {
                println!("{variable}={}", path.display());
            }
            if found.goes_on() {
                println!("PostgreSQL runs until Enter is pressed.");
                let waited = std::io::stdin().read_line(&mut String::new());
                waited.map_err(|source| Error::Start {
                    command: "waiting for Enter".to_owned(),
                    source,
                })?;
            }
            Ok(())
        }),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {}", spoken(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error and, after colons, what caused it.
fn spoken(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        words.push_str(": ");
        words.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    words
}

/// Why a chore failed.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{} of {total} steps failed: {}", failed.len(), failed.join(", "))]
    Steps { failed: Vec<String>, total: usize },
    #[error("cannot start `{command}`")]
    Start {
        command: String,
        #[source]
        source: std::io::Error,
    },
    #[error("`{command}` failed, which {purpose} needs")]
    Install {
        command: String,
        purpose: &'static str,
    },
}
