//! The project's own chores, so that a developer and the gate run the very same commands. Not for anything that the
//! product does: that is the binary `countersign`.
#![expect(
    clippy::print_stdout,
    reason = "a chore speaks to the person at the terminal"
)]

mod bench;
mod fuzz;
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
    /// Measure the product against its goals, on this machine.
    Bench {
        /// What to measure and where results go: `cargo xtask bench -- --help` tells all.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Throw made-up texts at the readers of workflows, expressions and scenarios (nightly Rust and cargo-fuzz).
    Fuzz {
        /// How long each of them.
        #[arg(long, default_value_t = 10)]
        minutes: u32,
    },
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
        Chore::Bench { arguments } => bench::run(&arguments),
        Chore::Fuzz { minutes } => fuzz::run(minutes),
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
    #[error("files cannot be read or written")]
    Files(#[source] std::io::Error),
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
