//! What some suites need beside Rust: found, or installed where that is possible. Not for the suites themselves, which
//! look for the variables named here and say so when they find none.

use crate::{Error, step};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The variable that names a Python which can `import aiosmtpd`: the server of the real SMTP conversations.
const SMTP_PYTHON: &str = "COUNTERSIGN_SMTP_PYTHON";
const AIOSMTPD: &str = "aiosmtpd==1.4.6";

/// Where the prerequisites are.
pub struct Prerequisites {
    smtp_python: PathBuf,
}

impl Prerequisites {
    /// What to put into the environment of the suites.
    pub fn variables(&self) -> Vec<(&'static str, PathBuf)> {
        vec![(SMTP_PYTHON, self.smtp_python.clone())]
    }
}

/// Finds everything, installing what is missing under `target/` (and by apt, as root on Debian).
pub fn provide() -> Result<Prerequisites, Error> {
    Ok(Prerequisites {
        smtp_python: smtp_python()?,
    })
}

fn smtp_python() -> Result<PathBuf, Error> {
    let folder = step::target_folder().join("prerequisites").join("smtp");
    let private = folder.join("bin").join("python3");
    let named = env::var_os(SMTP_PYTHON).map(PathBuf::from);
    if let Some(found) = named
        .into_iter()
        .chain([private.clone()])
        .find(|python| speaks_smtp(python))
    {
        return Ok(found);
    }
    println!(
        "=== installing {AIOSMTPD} for the SMTP conversations under {}",
        folder.display()
    );
    if !makes_venvs() && is_root_on_debian() {
        run("apt-get", &["update", "-qq"])?;
        run(
            "apt-get",
            &[
                "install",
                "-y",
                "-qq",
                "--no-install-recommends",
                "python3",
                "python3-venv",
            ],
        )?;
    }
    run(
        "python3",
        &["-m", "venv", "--clear", &folder.to_string_lossy()],
    )?;
    run(
        &private.to_string_lossy(),
        &[
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            AIOSMTPD,
        ],
    )?;
    Ok(private)
}

fn speaks_smtp(python: &Path) -> bool {
    succeeds(Command::new(python).args(["-c", "import aiosmtpd.controller"]))
}

fn makes_venvs() -> bool {
    succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]))
}

fn is_root_on_debian() -> bool {
    Path::new("/etc/debian_version").exists()
        && fs::metadata("/root").is_ok_and(|_| fs::read_dir("/root").is_ok())
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn run(program: &str, arguments: &[&str]) -> Result<(), Error> {
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
        Err(Error::Install {
            command,
            purpose: "the suite of SMTP conversations",
        })
    }
}
