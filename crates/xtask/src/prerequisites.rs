//! What some suites need beside Rust: found, or installed where that is possible. Not for the suites themselves, which
//! look for the variables named here and say so when they find none.

use crate::{
    Error, install,
    postgres::{self, Cluster},
    step,
};
use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The variable that names a Python which can `import aiosmtpd`: the server of the real SMTP conversations.
const SMTP_PYTHON: &str = "COUNTERSIGN_SMTP_PYTHON";
const REPLICAS: &str = "what happens to several replicas";
const PAGES: &str = "the suites of pages";
const SMTP: &str = "the suite of SMTP conversations";
/// The variable that names `axe.min.js` of axe-core, which looks for faults in how pages can be used.
const AXE: &str = "COUNTERSIGN_AXE";
const AXE_CORE: &str = "axe-core@4.10.3";
/// The variable that names the folder of npm's `oidc-provider`.
const OIDC: &str = "COUNTERSIGN_OIDC_PROVIDER";
const OIDC_PROVIDER: &str = "oidc-provider@9.13.3";
const SIGN_IN: &str = "the suite of signing in with a provider";
/// The variable that names the folder of npm's `s3rver`.
const S3: &str = "COUNTERSIGN_S3_SERVER";
const S3_SERVER: &str = "s3rver@3.7.1";
const BUCKETS: &str = "the suite of files in a bucket";
const AIOSMTPD: &str = "aiosmtpd==1.4.6";

/// Where the prerequisites are.
pub struct Prerequisites {
    smtp_python: PathBuf,
    /// axe-core; `None` where there is no npm: the suite that needs it says so.
    axe: Option<PathBuf>,
    oidc_provider: PathBuf,
    s3_server: PathBuf,
    /// Where a server is that was there already, or that runs as long as this lives.
    postgres: Server,
}

enum Server {
    There(String),
    Ours(Cluster),
}

impl Prerequisites {
    /// What to put into the environment of the suites.
    pub fn variables(&self) -> Vec<(&'static str, PathBuf)> {
        let postgres = match &self.postgres {
            Server::There(url) => url.clone(),
            Server::Ours(cluster) => cluster.url(),
        };
        let always = [
            (SMTP_PYTHON, self.smtp_python.clone()),
            (OIDC, self.oidc_provider.clone()),
            (S3, self.s3_server.clone()),
            (postgres::VARIABLE, postgres.into()),
        ];
        let axe = self.axe.clone().map(|axe| (AXE, axe));
        always.into_iter().chain(axe).collect()
    }

    /// Whether something of it ends when this is dropped.
    pub fn goes_on(&self) -> bool {
        matches!(self.postgres, Server::Ours(_))
    }
}

/// What the suites of pages alone need.
pub fn for_pages() -> Result<Vec<(&'static str, PathBuf)>, Error> {
    chromium()?;
    Ok(axe()?.map(|axe| (AXE, axe)).into_iter().collect())
}

/// Finds everything, installing what is missing under `target/` (and by apt, as root on Debian).
pub fn provide() -> Result<Prerequisites, Error> {
    chromium()?;
    for_soak()?;
    Ok(Prerequisites {
        smtp_python: smtp_python()?,
        axe: axe()?,
        oidc_provider: oidc_provider()?,
        s3_server: s3_server()?,
        postgres: match env::var(postgres::VARIABLE) {
            Ok(url) => Server::There(url),
            Err(_) => Server::Ours(Cluster::start()?),
        },
    })
}

/// What suites and soaks use of Debian beside that: a proxy before replicas, a pooler before the server, clocks that are
/// wrong. Where it cannot be installed, what needs it says so.
pub fn for_soak() -> Result<(), Error> {
    let is_there = |path: &str| Path::new(path).exists();
    let all = [
        "/usr/sbin/haproxy",
        "/usr/sbin/pgbouncer",
        "/usr/bin/faketime",
    ];
    if all.into_iter().all(is_there) || !install::is_root_on_debian() {
        return Ok(());
    }
    println!("=== installing HAProxy, PgBouncer and libfaketime for {REPLICAS}");
    install::run("apt-get", &["update", "-qq"], REPLICAS)?;
    let packages = [
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        "haproxy",
        "pgbouncer",
        "faketime",
    ];
    install::run("apt-get", &packages, REPLICAS)
}

/// Chromium and its driver, which the suites of pages find by their names; the driver must fit the browser, so both
/// come from the same place.
fn chromium() -> Result<(), Error> {
    let is_there = |program: &str| succeeds(Command::new(program).arg("--version"));
    let both = is_there("chromium") && is_there("chromedriver");
    if both || !install::is_root_on_debian() {
        return Ok(());
    }
    println!("=== installing Chromium and its driver for {PAGES}");
    install::run("apt-get", &["update", "-qq"], PAGES)?;
    install::run(
        "apt-get",
        &[
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "chromium-driver",
            "fonts-noto-cjk",
        ],
        PAGES,
    )
}

/// axe-core from npm, under `target/`: it is for tests only and part of nothing.
fn axe() -> Result<Option<PathBuf>, Error> {
    let folder = step::target_folder().join("prerequisites").join("axe");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    let named = env::var_os(AXE).map(PathBuf::from);
    let found = named.into_iter().chain([script.clone()]);
    if let Some(found) = found.into_iter().find(|script| script.is_file()) {
        return Ok(Some(found));
    }
    if !succeeds(Command::new("npm").arg("--version")) {
        if !install::is_root_on_debian() {
            return Ok(None);
        }
        install::run("apt-get", &["update", "-qq"], PAGES)?;
        let npm = ["install", "-y", "-qq", "--no-install-recommends", "npm"];
        install::run("apt-get", &npm, PAGES)?;
    }
    println!(
        "=== installing {AXE_CORE} for {PAGES} under {}",
        folder.display()
    );
    std::fs::create_dir_all(&folder).map_err(|source| Error::Start {
        command: format!("mkdir {}", folder.display()),
        source,
    })?;
    let folder = folder.to_string_lossy().into_owned();
    let quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
    let arguments = ["install", "--prefix", &folder, AXE_CORE];
    let arguments: Vec<&str> = arguments.into_iter().chain(quietly).collect();
    install::run("npm", &arguments, PAGES)?;
    Ok(Some(script))
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
    if !makes_venvs() && install::is_root_on_debian() {
        install::run("apt-get", &["update", "-qq"], SMTP)?;
        install::run(
            "apt-get",
            &[
                "install",
                "-y",
                "-qq",
                "--no-install-recommends",
                "python3",
                "python3-venv",
            ],
            SMTP,
        )?;
    }
    install::run(
        "python3",
        &["-m", "venv", "--clear", &folder.to_string_lossy()],
        SMTP,
    )?;
    install::run(
        &private.to_string_lossy(),
        &[
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            AIOSMTPD,
        ],
        SMTP,
    )?;
    Ok(private)
}

/// A package of npm that the suites run on Node.
struct OfNpm {
    /// The variable that names its folder.
    variable: &'static str,
    /// With its version.
    package: &'static str,
    name: &'static str,
    /// Where it is installed under `target/prerequisites`.
    folder: &'static str,
    /// A file that it has.
    file: &'static str,
    purpose: &'static str,
}

/// A real OpenID provider.
fn oidc_provider() -> Result<PathBuf, Error> {
    OfNpm {
        variable: OIDC,
        package: OIDC_PROVIDER,
        name: "oidc-provider",
        folder: "oidc",
        file: "lib/index.js",
        purpose: SIGN_IN,
    }
    .provide()
}

/// A server that speaks S3.
fn s3_server() -> Result<PathBuf, Error> {
    OfNpm {
        variable: S3,
        package: S3_SERVER,
        name: "s3rver",
        folder: "s3",
        file: "bin/s3rver.js",
        purpose: BUCKETS,
    }
    .provide()
}

impl OfNpm {
    fn provide(&self) -> Result<PathBuf, Error> {
        let folder = step::target_folder()
            .join("prerequisites")
            .join(self.folder);
        let private = folder.join("node_modules").join(self.name);
        let named = env::var_os(self.variable).map(PathBuf::from);
        let is_there = |place: &PathBuf| place.join(self.file).exists();
        let mut places = named.into_iter().chain([private.clone()]);
        let runs = |program| succeeds(Command::new(program).arg("--version"));
        let runs_both = runs("node") && runs("npm");
        if let Some(found) = places.find(is_there)
            && runs("node")
        {
            return Ok(found);
        }
        println!(
            "=== installing {} for {} under {}",
            self.package,
            self.purpose,
            folder.display()
        );
        if !runs_both && install::is_root_on_debian() {
            install::run("apt-get", &["update", "-qq"], self.purpose)?;
            let wanted = [
                "install",
                "-y",
                "-qq",
                "--no-install-recommends",
                "nodejs",
                "npm",
            ];
            install::run("apt-get", &wanted, self.purpose)?;
        }
        let folder = folder.to_string_lossy().into_owned();
        let wanted = [
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            &folder,
            self.package,
        ];
        install::run("npm", &wanted, self.purpose)?;
        Ok(private)
    }
}

fn speaks_smtp(python: &Path) -> bool {
    succeeds(Command::new(python).args(["-c", "import aiosmtpd.controller"]))
}

fn makes_venvs() -> bool {
    succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]))
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
