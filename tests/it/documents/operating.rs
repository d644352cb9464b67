//! The page for operators tells of every setting with its default, and ARCHITECTURE.md names files that there are.

use std::path::Path;

use countersign_config::Settings;

use super::page::{quoted, read};

#[test]
fn every_setting_is_told_of_with_its_default() {
    let page = read("docs/operating/serve.md");
    let mut section = "";
    let mut findings = Vec::new();
    let mut settings = 0;
    for line in Settings::DEFAULTS
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            section = name;
        } else if let Some((name, value)) = line.split_once(" = ") {
            settings += 1;
            let row = format!("| `{section}.{name}` | `{}` |", value.trim_matches('"'));
            if !page.contains(&row) {
                findings.push(row);
            }
        }
    }
    assert!(settings > 10 && findings.is_empty(), "{findings:#?}");
}

#[test]
fn the_architecture_names_files_that_there_are() {
    let page = read("ARCHITECTURE.md");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tops = [
        "crates/",
        "tests/",
        "docs/",
        "config/",
        "migrations/",
        "workflows/",
    ];
    let prose: String = page.split("```").step_by(2).collect();
    let gone: Vec<&str> = quoted(&prose)
        .into_iter()
        .filter(|path| tops.iter().any(|top| path.starts_with(top)))
        .filter(|path| !root.join(path).exists())
        .collect();
    assert!(gone.is_empty(), "{gone:?}");
}
