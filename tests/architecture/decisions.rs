//! Lasting decisions are numbered without gaps and say what was refused, for that is what the next person asks.

use super::{
    hold,
    repository::{list, read},
};

const FOLDER: &str = "docs/decisions";
const HEADINGS: [&str; 4] = ["## Context", "## Decision", "## Refused", "## Consequences"];

#[test]
fn decisions_are_numbered_and_whole() {
    let files = list(FOLDER);
    let findings: Vec<String> = files
        .iter()
        .enumerate()
        .flat_map(|(index, file)| faults(index + 1, file, &read(&format!("{FOLDER}/{file}"))))
        .collect();
    hold(&format!("In {FOLDER}:"), &findings);
}

fn faults(number: usize, file: &str, text: &str) -> Vec<String> {
    let misnumbered =
        !file.starts_with(&format!("{number:04}-")) || file.strip_suffix(".md").is_none();
    let misnumbered = misnumbered.then(|| format!("{file}: number {number:04} was expected"));
    let missing = HEADINGS
        .iter()
        .filter(|heading| !text.lines().any(|line| line == **heading));
    misnumbered
        .into_iter()
        .chain(missing.map(|heading| format!("{file}: no `{heading}`")))
        .collect()
}

#[test]
fn the_rule_sees_a_gap_and_a_missing_part() {
    let whole = HEADINGS.join("\n\n");
    assert!(faults(1, "0001-record-decisions.md", &whole).is_empty());
    assert_eq!(faults(1, "0002-batches.md", &whole).len(), 1);
    assert_eq!(faults(1, "0001-batches.md", "## Context").len(), 3);
}
