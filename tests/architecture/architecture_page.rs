//! ARCHITECTURE.md describes the crates that there are: a map that misses a street is worse than none.

use super::{
    hold,
    repository::{list, package_folders, read, root},
};
use std::collections::BTreeSet;

#[test]
fn the_page_has_a_paragraph_for_each_package_and_no_other() {
    let described = described(&read("ARCHITECTURE.md"));
    let existing: BTreeSet<String> = package_folders().into_iter().collect();
    let findings: Vec<String> = described.symmetric_difference(&existing).cloned().collect();
    hold(
        "ARCHITECTURE.md and the folders differ on these (heading: ### `crates/name`):",
        &findings,
    );
}

#[test]
fn each_folder_of_crates_is_a_package() {
    let names = list("crates").into_iter();
    let findings: Vec<String> = names
        .filter(|name| !root().join("crates").join(name).join("Cargo.toml").exists())
        .collect();
    hold("No Cargo.toml under crates/:", &findings);
}

/// The folders that the code map has a heading for.
fn described(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix("### `"));
    headings
        .filter_map(|rest| rest.split('`').next())
        .map(str::to_owned)
        .collect()
}
