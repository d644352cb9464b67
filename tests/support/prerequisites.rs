//! What some suites need beside Rust, as `cargo xtask prerequisites` provides it. Not for installing it.

use std::{
    env,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// A Python that can `import aiosmtpd`, for conversations with a real SMTP server.
///
/// `None` where there is none: the suite is then left out, and says so on stderr.
///
/// # Panics
/// Under `CI=true`, where leaving a suite out is a failure.
#[must_use]
pub fn smtp_python() -> Option<PathBuf> {
    let named = env::var_os("COUNTERSIGN_SMTP_PYTHON").map(PathBuf::from);
    let installed = target().join("prerequisites/smtp/bin/python3");
    let found = named
        .into_iter()
        .chain([installed])
        .find(|python| python.exists());
    if found.is_none() {
        left_out(
            "conversations with a real SMTP server",
            "run `cargo xtask prerequisites`",
        );
    }
    found
}

/// The script of axe-core, which finds faults in how a page can be used.
///
/// `None` where there is none: the suite is then left out, and says so on stderr.
///
/// # Panics
/// Under `CI=true`, where leaving a suite out is a failure.
#[must_use]
pub fn axe() -> Option<String> {
    let named = env::var_os("COUNTERSIGN_AXE").map(PathBuf::from);
    let installed = target().join("prerequisites/axe/node_modules/axe-core/axe.min.js");
    let found = named.into_iter().chain([installed]);
    let script = found
        .into_iter()
        .find_map(|script| std::fs::read_to_string(script).ok());
    if script.is_none() {
        left_out("axe-core on every page", "run `cargo xtask prerequisites`");
    }
    script
}

/// The folder of npm's `oidc-provider`, and Node to run it: a real OpenID provider.
///
/// `None` where it is not there: the suite is then left out, and says so on stderr.
///
/// # Panics
/// Under `CI=true`, where leaving a suite out is a failure.
#[must_use]
pub fn oidc_provider() -> Option<PathBuf> {
    let named = env::var_os("COUNTERSIGN_OIDC_PROVIDER").map(PathBuf::from);
    let installed = target().join("prerequisites/oidc/node_modules/oidc-provider");
    let mut places = named.into_iter().chain([installed]);
    let found = places.find(|folder| folder.join("lib/index.js").exists());
    if found.is_none() {
        left_out(
            "signing in with a real OpenID provider",
            "run `cargo xtask prerequisites`",
        );
    }
    found
}

/// The folder of npm's `s3rver`, and Node to run it: a server that speaks S3.
///
/// `None` where it is not there: the suite is then left out, and says so on stderr.
///
/// # Panics
/// Under `CI=true`, where leaving a suite out is a failure.
#[must_use]
pub fn s3_server() -> Option<PathBuf> {
    let named = env::var_os("COUNTERSIGN_S3_SERVER").map(PathBuf::from);
    let installed = target().join("prerequisites/s3/node_modules/s3rver");
    let mut places = named.into_iter().chain([installed]);
    let found = places.find(|folder| folder.join("bin/s3rver.js").exists());
    if found.is_none() {
        left_out("files in a bucket of S3", "run `cargo xtask prerequisites`");
    }
    found
}

/// A program of the workspace, built beside the running test.
///
/// # Panics
/// Where it is not built.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    built(name).unwrap_or_else(|| panic!("{name} is not built: run `cargo build`"))
}

/// A program of the workspace, if it was built beside the running test.
///
/// # Panics
/// Where the running test is no file of a build.
#[must_use]
pub fn built(name: &str) -> Option<PathBuf> {
    let here = env::current_exe().expect("a running test is a file");
    let deps = here.parent().expect("it lies in a folder");
    let program = deps.parent().expect("`deps` lies in a folder").join(name);
    program.exists().then_some(program)
}

/// Says aloud that a suite is left out, and what would let it run.
///
/// # Panics
/// Under `CI=true`, where leaving a suite out is a failure.
pub fn left_out(suite: &str, remedy: &str) {
    let words = format!("LEFT OUT: {suite}; what it needs is missing: {remedy}");
    assert!(
        env::var_os("CI").is_none_or(|value| value != "true"),
        "{words}"
    );
    // Not `eprintln!`, which the test runner keeps to itself.
    let _ = writeln!(io::stderr(), "{words}");
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the repository")
}
