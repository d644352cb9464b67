//! Running a command: arguments, runtime, exit code.

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    args::{Arguments, Command},
    commands, output,
};

/// How a command ended.
#[derive(Debug)]
pub enum Ended {
    /// As hoped.
    Well,
    /// It found what it looks for: findings, failing scenarios.
    Found,
}

/// What stopped a command, and what would be right.
#[derive(Debug)]
pub struct Stopped {
    /// What went wrong.
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
    /// Whether the log tells it already.
    pub is_logged: bool,
}

impl Stopped {
    /// Stopped by this.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "errors are handed over by `map_err`"
    )]
    pub fn new(what: impl ToString) -> Self {
        Self {
            what: what.to_string(),
            hint: None,
            is_logged: false,
        }
    }

    /// Stopped by this error, told with all its causes.
    pub fn by(error: &dyn std::error::Error) -> Self {
        let mut what = error.to_string();
        let mut cause = error.source();
        while let Some(because) = cause {
            let because_of = because.to_string();
            // Drivers like to repeat their causes.
            if !what.ends_with(&because_of) {
                what = format!("{what}: {because_of}");
            }
            cause = because.source();
        }
        Self::new(what)
    }

    /// Told by the log instead of in words, where the log is for machines.
    #[must_use]
    pub fn logged(self) -> Self {
        tracing::error!(hint = self.hint, "{}", self.what);
        Self {
            is_logged: true,
            ..self
        }
    }

    /// With a hint.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

/// Runs the command that the arguments name. 0: well; 1: found something; 2: could not run.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = match arguments.command {
        Command::Bench(bench) => in_runtime(commands::bench::run(bench)),
        Command::Check(check) => commands::check::run(&check),
        Command::Test(test) => commands::test::run(&test),
        Command::Draw(draw) => commands::draw::run(&draw),
        Command::Diff(diff) => commands::diff::run(&diff),
        Command::Record(record) => in_runtime(commands::record::run(record)),
        Command::Demo(demo) => in_runtime(commands::demo::run(demo)),
        Command::Serve(serve) => in_runtime(commands::serve::run(serve)),
        Command::Database(database) => in_runtime(commands::database::run(database)),
        Command::People(people) => in_runtime(commands::people::run(people)),
        Command::Tokens(tokens) => in_runtime(commands::tokens::run(tokens)),
        Command::Backup(backup) => in_runtime(commands::backup::run(backup)),
        Command::Doctor(serve) => in_runtime(commands::doctor::run(serve)),
        Command::Explain(explain) => in_runtime(commands::explain::run(explain)),
        Command::Audit(audit) => in_runtime(commands::audit::run(audit)),
    };
    match ended {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::Found) => ExitCode::from(1),
        Err(stopped) => {
            output::error(&stopped);
            ExitCode::from(2)
        }
    }
}

fn in_runtime(command: impl Future<Output = Result<Ended, Stopped>>) -> Result<Ended, Stopped> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Stopped::new(format!("the runtime cannot start: {error}")))?
        .block_on(command)
}
