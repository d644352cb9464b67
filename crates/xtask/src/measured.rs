//! A program that is run against the product, both built as they are run for years. Not for what such a program does.

use std::path::PathBuf;

use crate::{
    Error,
    step::{self, Step},
};

/// Builds the product and this package, and runs that with these arguments, and these variables beside the environment.
pub fn run(
    name: &'static str,
    package: &str,
    arguments: &[String],
    variables: &[(&'static str, PathBuf)],
) -> Result<(), Error> {
    let build = ["build", "--release", "-p", "countersign-cli", "-p", package];
    let built = Step::cargo("build", &build).run(&[]);
    if !built.passed {
        return step::summarise(&[built]);
    }
    let fixed = ["run", "--release", "--quiet", "-p", package, "--"];
    let all: Vec<&str> = fixed
        .into_iter()
        .chain(arguments.iter().map(String::as_str))
        .collect();
    step::summarise(&[Step::cargo(name, &all).run(variables)])
}
