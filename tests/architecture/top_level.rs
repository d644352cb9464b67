//! The first thing that a newcomer sees is the list of files at the root: it is short and always the same.

use super::{
    hold,
    repository::{list, root},
};

const REQUIRED: [&str; 12] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "config",
    "crates",
    "docs",
    "migrations",
    "tests",
    "workflows",
];
/// What tools look for at the root and nowhere else.
const OF_TOOLS: [&str; 5] = [
    "Cargo.lock",
    "clippy.toml",
    "deny.toml",
    "rustfmt.toml",
    "target",
];

#[test]
fn the_root_holds_what_belongs_there() {
    let here = list(".");
    let missing = REQUIRED.iter().filter(|name| !root().join(name).exists());
    let missing = missing.map(|name| format!("{name} is missing"));
    let strange = here.iter().filter(|name| {
        !name.starts_with('.')
            && !REQUIRED.contains(&name.as_str())
            && !OF_TOOLS.contains(&name.as_str())
    });
    let strange = strange.map(|name| format!("{name} does not belong there"));
    let findings: Vec<String> = missing.chain(strange).collect();
    hold("At the root of the repository:", &findings);
}
