//! `cargo xtask pictures`: every page and every kind of mail as people see them, wide and narrow, in both languages, light
//! and dark, to be looked at. Not for judging them: that is done by eye.

use crate::{Error, prerequisites, step, step::Step};
use std::{fs, path::PathBuf};

/// Writes them into this folder, and those of the README anew where that is wanted.
pub fn run(folder: Option<PathBuf>, readme: bool) -> Result<(), Error> {
    let folder = folder.unwrap_or_else(|| step::target_folder().join("pictures"));
    fs::create_dir_all(&folder).map_err(Error::Files)?;
    let folder = fs::canonicalize(folder).map_err(Error::Files)?;
    let mut variables = prerequisites::for_pages()?;
    variables.push(("COUNTERSIGN_WRITE_PICTURES", folder.clone()));
    if readme {
        variables.push(("COUNTERSIGN_WRITE_GOLDEN", "1".into()));
    }
    let suite = [
        "test",
        "-p",
        "countersign-tests",
        "--test",
        "it",
        "--",
        "pages::pictures",
        "pages::after",
        "mail::kinds",
    ];
    let taken = Step::cargo("pictures", &suite).run(&variables);
    println!("They are in {}", folder.display());
    step::summarise(&[taken])
}
