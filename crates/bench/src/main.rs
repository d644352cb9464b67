//! The whole benchmark, as `cargo xtask bench` runs it: a server of its own, the store without the product, and HTTP
//! without a store, in one run on one machine.

mod bench;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

/// What is measured, and where results go.
#[derive(Debug, Parser)]
struct Arguments {
    /// The program that is measured.
    #[arg(long, default_value = "target/release/countersign")]
    program: PathBuf,
    /// The shipped workflows.
    #[arg(long, default_value = "workflows")]
    workflows: PathBuf,
    /// Where databases are made: a disk that is like the one in service.
    #[arg(long, default_value = "target")]
    under: PathBuf,
    /// All rows, with short loads and fewer timers: some seven minutes.
    #[arg(long)]
    quick: bool,
    /// How many open cases the large database has.
    #[arg(long, default_value_t = 1_000_000)]
    cases: u32,
    /// A server of PostgreSQL on which databases may be made: its address, in place of `COUNTERSIGN_POSTGRES`.
    #[arg(long)]
    postgres: Option<String>,
    /// Only this: `programs`, `decisions`, `timers`, `large` or `postgres`.
    #[arg(long)]
    only: Option<String>,
    /// Where the rows go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Where latencies go as a drawing.
    #[arg(long)]
    plot: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match bench::run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(deeper) = cause {
                eprintln!("  because: {deeper}");
                cause = deeper.source();
            }
            ExitCode::FAILURE
        }
    }
}
