//! `cargo xtask bench`: builds the product and the benchmark as they are run for years, and measures.

use crate::{
    Error,
    step::{self, Step},
};

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
    step::summarise(&[Step::cargo("benchmark", &all).run(&[])])
}
