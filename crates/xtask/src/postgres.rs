//! A PostgreSQL of our own for the suites: in a folder that goes with it, on a Unix socket, as somebody who may do nothing
//! else on the machine. Not for the suites, which make databases in it.

use crate::{Error, install};
use std::{
    env, fs, io,
    os::unix::{
        fs::{PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The variable that names a server on which the suites may make databases.
pub const VARIABLE: &str = "COUNTERSIGN_POSTGRES";
/// The variable that names a server for the suites that know no database of their own.
pub const SUITES_ON: &str = "COUNTERSIGN_SUITES_ON";
/// The oldest version that the store takes.
const OLDEST: u32 = 14;
/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server. It ends, and its folder goes, when this is dropped.
pub struct Cluster {
    server: Child,
    folder: PathBuf,
    programs: PathBuf,
    settings: Vec<String>,
    who: Option<Unprivileged>,
}

/// A user and a group by their numbers.
#[derive(Clone, Copy)]
struct Unprivileged {
    user: u32,
    group: u32,
}

impl Cluster {
    /// Finds or installs PostgreSQL and starts it.
    pub fn start() -> Result<Self, Error> {
        Self::start_with(&[])
    }

    /// The same with more settings, such as `track_commit_timestamp=on`.
    pub fn start_with(settings: &[&str]) -> Result<Self, Error> {
        let programs = programs()?;
        let who = unprivileged()?;
        let folder = env::temp_dir().join(format!("countersign-postgres-{}", std::process::id()));
        let made = |source| Error::Start {
            command: format!("a server in {}", folder.display()),
            source,
        };
        make(&folder, who).map_err(made)?;
        let initdb = [
            "--username=countersign",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ];
        let status = command(&programs.join("initdb"), who)
            .arg("--pgdata")
            .arg(folder.join("data"))
            .args(initdb)
            .stdout(Stdio::null())
            .status();
        if !status.map_err(made)?.success() {
            return Err(failed("initdb"));
        }
        let fixed = [
            "listen_addresses=",
            "max_connections=300",
            "shared_buffers=128MB",
        ];
        let settings: Vec<String> = fixed
            .iter()
            .chain(settings)
            .map(|setting| (*setting).to_owned())
            .collect();
        let server = spawn(&programs, &folder, &settings, who).map_err(made)?;
        let mut cluster = Self {
            server,
            folder,
            programs,
            settings,
            who,
        };
        cluster.wait().inspect_err(|_| {
            let log = fs::read_to_string(cluster.folder.join("log")).unwrap_or_default();
            println!("{log}");
        })?;
        Ok(cluster)
    }

    /// Kills it as a crash would, and starts it again: it recovers from its log.
    pub fn crash(&mut self) -> Result<(), Error> {
        let failed = |source| Error::Start {
            command: "the server after a crash".to_owned(),
            source,
        };
        self.server.kill().map_err(failed)?;
        self.server.wait().map_err(failed)?;
        let begun = Instant::now();
        loop {
            self.server =
                spawn(&self.programs, &self.folder, &self.settings, self.who).map_err(failed)?;
            match self.wait() {
                Ok(()) => return Ok(()),
                // Those who served connections have not all seen yet that it is gone.
                Err(_) if begun.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(200)),
                Err(error) => return Err(error),
            }
        }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!(
            "postgres://countersign@localhost/postgres?host={}",
            self.folder.display()
        )
    }

    fn wait(&mut self) -> Result<(), Error> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let asked = Command::new(self.programs.join("pg_isready"))
                .arg("-q")
                .arg("-h")
                .arg(&self.folder)
                .status();
            if asked.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            if self.server.try_wait().is_ok_and(|ended| ended.is_some()) {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(failed("postgres"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT cuts connections off and stops at once; the process is a child of ours, so its id is still its own.
        let stopped = Command::new("kill")
            .args(["-INT", &self.server.id().to_string()])
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn spawn(
    programs: &Path,
    folder: &Path,
    settings: &[String],
    who: Option<Unprivileged>,
) -> io::Result<Child> {
    // Those of a server that was killed may still write to it.
    let log = fs::File::options()
        .create(true)
        .append(true)
        .open(folder.join("log"))?;
    command(&programs.join("postgres"), who)
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder)
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
}

fn failed(program: &str) -> Error {
    Error::Install {
        command: program.to_owned(),
        purpose: "the suites on PostgreSQL",
    }
}

fn command(program: &Path, who: Option<Unprivileged>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").stdin(Stdio::null());
    if let Some(Unprivileged { user, group }) = who {
        command.uid(user).gid(group);
    }
    command
}

fn make(folder: &Path, who: Option<Unprivileged>) -> io::Result<()> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    if let Some(Unprivileged { user, group }) = who {
        chown(folder, Some(user), Some(group))?;
    }
    Ok(())
}

/// The folder of `initdb` and `postgres`, in the newest version that is there.
fn programs() -> Result<PathBuf, Error> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    if !install::is_root_on_debian() {
        return Err(failed("finding PostgreSQL 14 or later (`initdb`)"));
    }
    println!("=== installing PostgreSQL for the suites");
    install::run("apt-get", &["update", "-qq"], "the suites on PostgreSQL")?;
    let package = [
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        "postgresql",
    ];
    install::run("apt-get", &package, "the suites on PostgreSQL")?;
    installed().ok_or_else(|| failed("finding PostgreSQL 14 or later (`initdb`)"))
}

fn installed() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .filter(|(version, path)| *version >= OLDEST && path.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().map(|(_, path)| path).or_else(|| {
        let path = env::var_os("PATH")?;
        env::split_paths(&path).find(|folder| folder.join("initdb").exists())
    })
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`.
fn unprivileged() -> Result<Option<Unprivileged>, Error> {
    if number(&["-u"]) != Some(0) {
        return Ok(None);
    }
    let found = ["postgres", "nobody"].into_iter().find_map(|name| {
        let user = number(&["-u", name])?;
        let group = number(&["-g", name])?;
        Some(Unprivileged { user, group })
    });
    found
        .map(Some)
        .ok_or_else(|| failed("finding a user without rights"))
}

fn number(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id")
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
