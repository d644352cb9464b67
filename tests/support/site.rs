//! The real program on a folder of its own: settings, workflows and data, run as its operators run it. For suites
//! that need a process: its signals, its log, its end.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::{Client, binary, eventually};

/// How long a server may take to start on a machine that is busy with other suites.
const PATIENCE: Duration = Duration::from_mins(1);

const SETTINGS: &str = r#"
[server]
listen = "127.0.0.1:0"
public_url = "https://approve.example"
[mail]
transport = "directory"
from = "Countersign <no-reply@approve.example>"
[log]
format = "json"
"#;

/// A folder with settings, on which the program is run.
pub struct Site {
    folder: TempDir,
    variables: Vec<(String, String)>,
    /// What the program is run by; nothing for most.
    runner: Vec<String>,
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` where a signal has ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it printed beside that.
    pub err: String,
}

/// A running `serve`; killed when dropped.
pub struct Server {
    process: Child,
    url: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Site {
    /// A site with an empty folder of workflows, mail into the folder `mail`, and the log in JSON.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("countersign.toml"), SETTINGS).expect("settings are written");
        fs::create_dir(folder.path().join("workflows")).expect("a folder is made");
        Self {
            folder,
            variables: Vec::new(),
            runner: Vec::new(),
        }
    }

    /// A site with the shipped workflows.
    pub fn shipped() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        let workflows = root.expect("the tests are a folder").join("workflows");
        Self::new().with("workflows.dir", workflows.display())
    }

    /// With this setting, as a variable of the environment.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts alike")]
    pub fn with(mut self, setting: &str, value: impl ToString) -> Self {
        let name = setting.to_uppercase().replace('.', "__");
        let variable = (format!("COUNTERSIGN__{name}"), value.to_string());
        self.variables.push(variable);
        self
    }

    /// With the program run by another one, which becomes it.
    #[must_use]
    pub fn run_by(self, runner: Vec<String>) -> Self {
        Self { runner, ..self }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, given by its path in the folder.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }

    /// The mails in the folder `mail`, by name.
    pub fn mails(&self) -> Vec<PathBuf> {
        let listed = fs::read_dir(self.folder().join("mail"));
        let files = listed.into_iter().flatten().flatten();
        let mut mails: Vec<PathBuf> = files
            .map(|file| file.path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
            .collect();
        mails.sort();
        mails
    }

    /// Runs a command of the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output();
        let output = output.expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Ended {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Runs a command whose results nobody reads: the other end of its pipe is closed before it begins.
    pub fn run_unread(&self, arguments: &[&str]) -> Ended {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = self.command(arguments).stdout(writer).output();
        let output = output.expect("the program starts");
        Ended {
            code: output.status.code(),
            out: String::new(),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// Adds a person in the groups of those who run the service, straight in the database, and makes a token.
    pub fn add_administrator(&self, id: &str) -> String {
        let email = format!("{id}@example.com");
        let add = ["people", "add", id, "--name", id, "--email", &email];
        let more = ["--admin", "--group", "operators"];
        let config = ["--config", "countersign.toml"];
        self.run(&[&add[..], &more, &config].concat()).well();
        let made = self.run(&[&["tokens", "create", id][..], &config].concat());
        made.well().trim().to_owned()
    }

    /// Starts the server; it serves when this returns.
    pub fn serve(&self) -> Server {
        self.try_serve()
            .unwrap_or_else(|ended| panic!("it ended: {ended:?}"))
    }

    /// Starts the server, or says how it ended.
    pub fn try_serve(&self) -> Result<Server, Ended> {
        let mut command = self.command(&["serve", "--config", "countersign.toml"]);
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let log = Arc::new(Mutex::new(Vec::new()));
        let kept = log.clone();
        let stderr = process.stderr.take().expect("it is piped");
        let reading = thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(line);
            }
        });
        let (tell, told) = mpsc::channel();
        let stdout = process.stdout.take().expect("it is piped");
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(stdout).read_line(&mut line);
            // Nobody listens any more where the server was given up.
            let _ = tell.send(read.map(|_| line));
        });
        let first = told.recv_timeout(PATIENCE);
        let first = first.expect("it starts or ends").expect("text");
        match first.trim().strip_prefix("listening on ") {
            Some(url) => Ok(Server {
                url: url.to_owned(),
                process,
                log,
            }),
            None => {
                let code = process.wait().expect("it ends").code();
                reading.join().expect("its log is read");
                let lines = log.lock().unwrap_or_else(PoisonError::into_inner);
                Err(Ended {
                    code,
                    out: first,
                    err: lines.join("\n"),
                })
            }
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = binary("countersign");
        let mut command = match self.runner.split_first() {
            Some((runner, its_arguments)) => {
                let mut command = Command::new(runner);
                command.args(its_arguments).arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .args(arguments)
            .current_dir(self.folder())
            .envs(self.variables.iter().cloned());
        command
    }
}

impl Ended {
    /// What it printed, where it ended well.
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self.out
    }

    /// What it said, where it could not run, with a hint.
    #[track_caller]
    pub fn stopped(self) -> String {
        assert_eq!(self.code, Some(2), "{self:?}");
        let last = self.err.lines().next_back().unwrap_or_default();
        if let Ok(entry) = serde_json::from_str::<Json>(last) {
            assert_eq!(entry["level"], "ERROR", "{entry}");
            let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            return format!("{}\nhint: {}", text("message"), text("hint"));
        }
        let (_, said) = self
            .err
            .split_once("error: ")
            .unwrap_or_else(|| panic!("{}", self.err));
        said.to_owned()
    }
}

impl Server {
    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// A client with this token.
    pub fn with(&self, token: &str) -> Client {
        Client::new(&self.url, Some(token))
    }

    /// A client without a token.
    pub fn nobody(&self) -> Client {
        Client::new(&self.url, None)
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).expect("it runs");
    }

    /// Waits for its end.
    pub async fn ends(&mut self) -> ExitStatus {
        let process = &mut self.process;
        eventually("the server ends", async || {
            process.try_wait().expect("it is ours")
        })
        .await
    }

    /// Tells it to stop, and waits until it has, well.
    pub async fn stop(&mut self) {
        self.signal(Signal::TERM);
        let status = self.ends().await;
        assert!(status.success(), "{status}: {:?}", self.lines());
    }

    /// Kills it.
    pub fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// The lines of its log so far.
    pub fn lines(&self) -> Vec<String> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The entries of its log so far.
    ///
    /// # Panics
    /// Where a line is no entry.
    #[track_caller]
    pub fn log(&self) -> Vec<Json> {
        let entry = |line: &String| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
        };
        self.lines().iter().map(entry).collect()
    }

    /// Waits for an entry of its log with this message, after `seen` others of it; the entry.
    pub async fn logs(&self, message: &str, seen: usize) -> Json {
        eventually(message, async || {
            let mut entries = self.log().into_iter();
            let mut found = entries.by_ref().filter(|entry| {
                let said = entry["message"].as_str().unwrap_or_default();
                said.starts_with(message)
            });
            found.nth(seen)
        })
        .await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is ours, and it may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            let lines = self.lines();
            let last = lines.len().saturating_sub(30);
            let _ = writeln!(std::io::stderr(), "log: {}", lines[last..].join("\n"));
        }
    }
}
