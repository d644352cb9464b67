//! `cargo xtask bench`: builds the product and the benchmark as they are run for years, and measures.

use crate::{
    Error, measured,
    postgres::{self, Cluster},
};
use std::env;

/// Builds, and measures what the arguments ask for.
pub fn run(arguments: &[String]) -> Result<(), Error> {
    let ours = match env::var(postgres::VARIABLE) {
        Ok(_) => None,
        Err(_) => Some(Cluster::start()?),
    };
    let server = ours
        .as_ref()
        .map(|ours| (postgres::VARIABLE, ours.url().into()));
    let server: Vec<_> = server.into_iter().collect();
    measured::run("benchmark", "countersign-bench", arguments, &server)
}
