//! `cargo xtask soak`: builds the product and what troubles it, and lets it do so. Not for what it does: that is
//! `crates/soak`.

use crate::{
    Error, prerequisites,
    step::{self, Step},
};

/// Builds, and does what the arguments ask for.
pub fn run(arguments: &[String]) -> Result<(), Error> {
    prerequisites::for_soak()?;
    let build = [
        "build",
        "--release",
        "-p",
        "countersign-cli",
        "-p",
        "countersign-soak",
    ];
    let built = Step::cargo("build", &build).run(&[]);
    if !built.passed {
        return step::summarise(&[built]);
    }
    let fixed = [
        "run",
        "--release",
        "--quiet",
        "-p",
        "countersign-soak",
        "--",
    ];
    let all: Vec<&str> = fixed
        .into_iter()
        .chain(arguments.iter().map(String::as_str))
        .collect();
    step::summarise(&[Step::cargo("soak", &all).run(&[])])
}
