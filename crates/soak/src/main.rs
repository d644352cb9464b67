//! Troubles the product for long and looks whether anything was lost, doubled or early: servers are killed, put to sleep and
//! replaced, their database crashes, their clocks are wrong, and people act on one case in the same moment. It knows the
//! product from outside only, by its program, its HTTP and its tables. `cargo xtask soak` builds and runs it.

mod check;
mod client;
mod error;
mod findings;
mod kill;
mod ledger;
mod moment;
mod place;
mod planted;
mod proxy;
mod races;
mod rolling;
mod sink;
mod timers;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask soak",
    about = "Trouble the product, and look what became of it"
)]
struct Arguments {
    #[command(subcommand)]
    soak: Soak,
    #[command(flatten)]
    with: With,
}

/// What every soak needs.
#[derive(Debug, Clone, Args)]
struct With {
    /// The program that is troubled.
    #[arg(long, global = true, default_value = "target/release/countersign")]
    program: PathBuf,
    /// Where databases are made: a disk that is like the one in service.
    #[arg(long, global = true, default_value = "target")]
    under: PathBuf,
    /// The store that it runs on.
    #[arg(long, global = true, value_enum, default_value = "sqlite")]
    store: Store,
}

/// A store of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Store {
    /// One server on a file.
    Sqlite,
    /// Three replicas behind `HAProxy` on a server of their own.
    Postgres,
}

#[derive(Debug, Subcommand)]
enum Soak {
    /// Kill it again and again under load.
    Kill {
        /// How often.
        #[arg(long, default_value_t = 150)]
        kills: u32,
    },
    /// Plant each bug in turn, which only a build with debug assertions has, and see that it is found.
    Planted {
        /// How often each is killed, up to three times over where the bug was not found.
        #[arg(long, default_value_t = 40)]
        kills: u32,
    },
    /// Let two people act on one case in the same moment.
    Races {
        /// How often, of each kind.
        #[arg(long, default_value_t = 100_000)]
        races: u32,
        /// Only of this kind; may be said several times.
        #[arg(long = "kind")]
        kinds: Vec<races::Kind>,
    },
    /// Let timers fire on replicas whose clocks are ten minutes apart (PostgreSQL).
    Timers {
        /// How many.
        #[arg(long, default_value_t = 20_000)]
        timers: u32,
    },
    /// Replace replicas one after another under load (PostgreSQL).
    Rolling {
        /// How often.
        #[arg(long, default_value_t = 30)]
        restarts: u32,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { soak, with } = Arguments::parse();
    let ended = match soak {
        Soak::Kill { kills } => kill::run(&with, kills).await,
        Soak::Planted { kills } => planted::run(&with, kills).await,
        Soak::Races { races, kinds } => races::run(&with, races, &kinds).await,
        Soak::Timers { timers } => timers::run(&with, timers).await,
        Soak::Rolling { restarts } => rolling::run(&with, restarts).await,
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(deeper) = cause {
                eprintln!("  because: {deeper}");
                cause = deeper.source();
            }
            ExitCode::FAILURE
        }
    }
}

/// Says it where whoever started this looks.
fn say(words: &str) {
    if !words.is_empty() {
        eprintln!("{}", words.trim_end());
    }
}
