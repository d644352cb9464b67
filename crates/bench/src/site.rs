//! The real program on a folder of its own: set up, started, watched and stopped. For whoever measures or troubles it from
//! outside.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::Error;

// Mails are written and leave, but not for files: an fsync for each would take from the disk what the database is measured by.
const SETTINGS: &str = r#"
[server]
listen = "127.0.0.1:0"
[server.rate_limits]
token = 1000000000
address = 1000000000
[mail]
transport = "memory"
from = "Countersign <no-reply@approve.example>"
[log]
level = "warn"
"#;

/// Who reviews.
pub const REVIEWERS: [&str; 3] = ["rita", "lena", "omar"];

/// A folder with settings, people and a database.
pub struct Site {
    folder: TempDir,
    program: PathBuf,
    /// The token of who applies.
    pub applicant: String,
    /// The tokens of who reviews.
    pub reviewers: Vec<String>,
    /// The token of who looks after all cases.
    pub operator: String,
}

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first answer.
    pub started_in: Duration,
}

impl Site {
    /// A new one, under this folder, with these workflows.
    pub fn new(program: &Path, under: &Path, workflows: &Path) -> Result<Self, Error> {
        Self::with(program, under, workflows, "")
    }

    /// A new one with more settings: whole sections of TOML.
    pub fn with(program: &Path, under: &Path, workflows: &Path, more: &str) -> Result<Self, Error> {
        let folder = tempfile::Builder::new()
            .prefix("countersign-bench-")
            .tempdir_in(under)
            .map_err(|source| Error::File {
                path: under.display().to_string(),
                source,
            })?;
        // The program starts in its own folder.
        let found = |path: &Path| {
            fs::canonicalize(path).map_err(|source| Error::File {
                path: path.display().to_string(),
                source,
            })
        };
        let workflows = found(workflows)?;
        let settings = format!(
            "{SETTINGS}[workflows]\ndir = {:?}\n{more}",
            workflows.display().to_string()
        );
        write(&folder.path().join("countersign.toml"), &settings)?;
        let mut site = Self {
            folder,
            program: found(program)?,
            applicant: String::new(),
            reviewers: Vec::new(),
            operator: String::new(),
        };
        site.add("pat", &["--partner", "acme", "--group", "partner_users"])?;
        site.add("otto", &["--group", "operators"])?;
        site.applicant = site.token("pat")?;
        site.operator = site.token("otto")?;
        for reviewer in REVIEWERS {
            site.add(reviewer, &["--group", "deal_reviewers"])?;
            let token = site.token(reviewer)?;
            site.reviewers.push(token);
        }
        Ok(site)
    }

    /// Where everything of it is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database, where that is a file.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("countersign.db")
    }

    fn add(&self, id: &str, more: &[&str]) -> Result<(), Error> {
        let email = format!("{id}@example.com");
        let fixed = ["people", "add", id, "--name", id, "--email", &email];
        self.command(&[&fixed[..], more].concat()).map(drop)
    }

    fn token(&self, id: &str) -> Result<String, Error> {
        let said = self.command(&["tokens", "create", id])?;
        let token = said
            .split_whitespace()
            .find(|word| word.starts_with("csgn_"));
        token
            .map(str::to_owned)
            .ok_or_else(|| Error::Program(format!("tokens create {id}: {said}")))
    }

    /// The path of the page on which this person sets a password. While no server runs.
    pub fn password_path(&self, id: &str) -> Result<String, Error> {
        let said = self.command(&["people", "password", id])?;
        let place = said.find("/password/");
        let path = place.and_then(|place| said[place..].split_whitespace().next());
        path.map(str::to_owned)
            .ok_or_else(|| Error::Program(format!("people password {id}: {said}")))
    }

    /// Runs a command of the program on its settings; answers what it said.
    pub fn command(&self, words: &[&str]) -> Result<String, Error> {
        let spoken = words.join(" ");
        let output = Command::new(&self.program)
            .args(words)
            .args(["--config", "countersign.toml"])
            .current_dir(self.folder.path())
            .output()
            .map_err(|source| Error::File {
                path: self.program.display().to_string(),
                source,
            })?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            let said = String::from_utf8_lossy(&output.stdout);
            let why = String::from_utf8_lossy(&output.stderr);
            Err(Error::Program(format!("{spoken}: {said}{why}")))
        }
    }

    /// Starts the server, and waits until it answers.
    pub fn serve(&self) -> Result<Server, Error> {
        self.serve_so(&[])
    }

    /// Starts a server with these variables beside the environment, and waits until it answers.
    pub fn serve_so(&self, variables: &[(&str, &str)]) -> Result<Server, Error> {
        let begun = Instant::now();
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("serve.log"))
            .map_err(|source| Error::File {
                path: "serve.log".to_owned(),
                source,
            })?;
        let mut child = Command::new(&self.program)
            .args(["serve", "--config", "countersign.toml"])
            .envs(variables.iter().copied())
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|source| Error::File {
                path: self.program.display().to_string(),
                source,
            })?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out)
                .read_line(&mut line)
                .map_err(|source| Error::File {
                    path: "serve".to_owned(),
                    source,
                })?;
        }
        let address = line
            .trim()
            .rsplit('/')
            .next()
            .and_then(|address| address.parse().ok());
        match address {
            Some(address) => Ok(Server {
                child,
                address,
                started_in: begun.elapsed(),
            }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                let why =
                    fs::read_to_string(self.folder.path().join("serve.log")).unwrap_or_default();
                Err(Error::Program(format!("serve: {why}")))
            }
        }
    }
}

impl Server {
    /// Its id among the processes of the machine.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal. It may have ended by itself, and then nothing happens.
    pub fn signal(&self, signal: Signal) {
        if let Some(id) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(id, signal);
        }
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> Result<(), Error> {
        self.signal(Signal::TERM);
        self.child.wait().map(drop).map_err(|source| Error::File {
            path: "serve".to_owned(),
            source,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended where it was stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|source| Error::File {
        path: path.display().to_string(),
        source,
    })
}
