//! The chores by their names on the command line.

use std::{error::Error as _, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{Error, bench, fuzz, pictures, prerequisites, soak, test};

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
    /// Trouble the product for long, and look whether anything was lost, doubled or early.
    Soak {
        /// What to do to it: `cargo xtask soak -- --help` tells all.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Take pictures of every page and every kind of mail: wide and narrow, in both languages, light and dark.
    Pictures {
        /// Where they go; `target/pictures` if missing.
        folder: Option<std::path::PathBuf>,
        /// Make those of the README anew too.
        #[arg(long)]
        readme: bool,
    },
    /// Throw made-up texts at the readers of workflows, expressions and scenarios (nightly Rust and cargo-fuzz).
    Fuzz {
        /// How long each of them.
        #[arg(long, default_value_t = 10)]
        minutes: u32,
    },
}

/// Runs the chore that the command line names.
pub fn run() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Test { quick } => test::run(quick),
        Chore::Prerequisites => provide(),
        Chore::Bench { arguments } => bench::run(&arguments),
        Chore::Soak { arguments } => soak::run(&arguments),
        Chore::Pictures { folder, readme } => pictures::run(folder, readme),
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

/// Says where what suites need is found, and keeps it there until somebody presses Enter.
fn provide() -> Result<(), Error> {
    let found = prerequisites::provide()?;
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
