//! One command of a chore: said aloud, run, and timed. Not for deciding which commands a chore has.

use crate::{Error, postgres};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// A command with the words by which people know it.
pub struct Step {
    name: &'static str,
    program: OsString,
    arguments: Vec<OsString>,
    on_postgres: bool,
}

/// How a step ended.
pub struct Ending {
    pub name: &'static str,
    pub passed: bool,
    pub took: Duration,
}

impl Step {
    /// A step of cargo itself.
    pub fn cargo(name: &'static str, arguments: &[&str]) -> Self {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self {
            name,
            program,
            arguments: arguments.iter().map(OsString::from).collect(),
            on_postgres: false,
        }
    }

    /// A step of the binary that an earlier step has built.
    pub fn product(name: &'static str, arguments: &[&str]) -> Self {
        let program = target_folder()
            .join("debug")
            .join(format!("countersign{}", env::consts::EXE_SUFFIX));
        Self {
            name,
            program: program.into(),
            arguments: arguments.iter().map(OsString::from).collect(),
            on_postgres: false,
        }
    }

    /// The same with the suites that know no database of their own on PostgreSQL, in place of SQLite.
    pub fn on_postgres(self) -> Self {
        Self {
            on_postgres: true,
            ..self
        }
    }

    /// A step of another program.
    pub fn command(name: &'static str, program: &str, arguments: &[&str]) -> Self {
        Self {
            name,
            program: program.into(),
            arguments: arguments.iter().map(OsString::from).collect(),
            on_postgres: false,
        }
    }

    /// Runs the step at the root of the repository with `variables` beside the environment. A command that is not
    /// there, because an earlier step could not build it, has failed like any other.
    pub fn run(&self, variables: &[(&'static str, PathBuf)]) -> Ending {
        println!("\n=== {}: {}", self.name, self.spoken());
        let begun = Instant::now();
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .envs(variables.iter().cloned())
            .current_dir(root());
        if self.on_postgres
            && let Some((_, url)) = variables
                .iter()
                .find(|(name, _)| *name == postgres::VARIABLE)
        {
            command.env(postgres::SUITES_ON, url);
        }
        let status = command.status();
        let passed = match status {
            Ok(status) => status.success(),
            Err(error) => {
                println!("cannot start it: {error}");
                false
            }
        };
        Ending {
            name: self.name,
            passed,
            took: begun.elapsed(),
        }
    }

    fn spoken(&self) -> String {
        let program = Path::new(&self.program)
            .file_name()
            .unwrap_or(&self.program);
        std::iter::once(program)
            .chain(self.arguments.iter().map(OsString::as_os_str))
            .map(|word| word.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Says how steps ended; fails when one did.
pub fn summarise(endings: &[Ending]) -> Result<(), Error> {
    println!("\n=== summary");
    for Ending { name, passed, took } in endings {
        println!(
            "{} {:>8.1} s  {name}",
            if *passed { "ok    " } else { "FAILED" },
            took.as_secs_f64()
        );
    }
    let took: Duration = endings.iter().map(|ending| ending.took).sum();
    let failed: Vec<String> = endings
        .iter()
        .filter(|ending| !ending.passed)
        .map(|ending| ending.name.into())
        .collect();
    println!("{:>15.1} s  in all", took.as_secs_f64());
    println!(
        "steps: {} passed, {} failed",
        endings.len() - failed.len(),
        failed.len()
    );
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Error::Steps {
            failed,
            total: endings.len(),
        })
    }
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("xtask is a folder of crates/")
}

/// Where cargo builds.
pub fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
