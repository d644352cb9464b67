//! `cargo xtask soak`: builds the product and what troubles it, and lets it do so. Not for what it does: that is
//! `crates/soak`.

use crate::{Error, measured, prerequisites};

/// Builds, and does what the arguments ask for.
pub fn run(arguments: &[String]) -> Result<(), Error> {
    prerequisites::for_soak()?;
    measured::run("soak", "countersign-soak", arguments, &[])
}
