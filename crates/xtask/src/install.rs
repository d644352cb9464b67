//! Running what installs, and knowing where that is possible. Not for what is installed.

use crate::Error;
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// Whether packages can be installed by apt.
pub fn is_root_on_debian() -> bool {
    Path::new("/etc/debian_version").exists()
        && fs::metadata("/root").is_ok_and(|_| fs::read_dir("/root").is_ok())
}

/// Runs a program that installs something for this purpose.
pub fn run(program: &str, arguments: &[&str], purpose: &'static str) -> Result<(), Error> {
    let command = format!("{program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .status()
        .map_err(|source| Error::Start {
            command: command.clone(),
            source,
        })?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Install { command, purpose })
    }
}
