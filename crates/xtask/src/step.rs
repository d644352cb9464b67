//! One command of a chore: said aloud, run, and timed. Not for deciding which commands a chore has.

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
        }
    }

    /// Runs the step at the root of the repository with `variables` beside the environment. A command that is not
    /// there, because an earlier step could not build it, has failed like any other.
    pub fn run(&self, variables: &[(&'static str, PathBuf)]) -> Ending {
        println!("\n=== {}: {}", self.name, self.spoken());
        let begun = Instant::now();
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .envs(variables.iter().cloned())
            .current_dir(root())
            .status();
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
