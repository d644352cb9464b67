//! `cargo xtask bench`: builds the product and the benchmark as they are run for years, and measures.

use crate::{
    Error,
    postgres::{self, Cluster},
    step::{self, Step},
};
use std::env;

/// Builds, and measures what the arguments ask for.
pub fn run(arguments: &[String]) -> Result<(), Error> {
    let build = [
        "build",
        "--release",
        "-p",
        "countersign-cli",
        "-p",
        "countersign-bench",
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
        "countersign-bench",
        "--",
    ];
    let all: Vec<&str> = fixed
        .into_iter()
        .chain(arguments.iter().map(String::as_str))
        .collect();
    let ours = match env::var(postgres::VARIABLE) {
        Ok(_) => None,
        Err(_) => Some(Cluster::start()?),
    };
    let server = ours
        .as_ref()
        .map(|ours| (postgres::VARIABLE, ours.url().into()));
    let server: Vec<_> = server.into_iter().collect();
    step::summarise(&[Step::cargo("benchmark", &all).run(&server)])
}
