//! The page of the language: each example is laid over the first and checked; every keyword is told of.

use std::collections::BTreeSet;

use countersign_language::{
    check_files,
    diagnostic::render_human,
    scenario::{self, Show},
    source::Files,
    vocabulary,
};

use super::page::{blocks, quoted, read, section};

const PAGE: &str = "docs/language.md";
const NOT_BUILT: &str = "## Not built yet";
/// What is not built yet, though it is no keyword of a place.
const PARTS: [&str; 5] = [
    "type: person",
    "members: snapshot",
    "to",
    "code_if_enabled",
    "then",
];

fn examples() -> Vec<String> {
    blocks(&read(PAGE), "yaml")
}

fn one(examples: &[String], begins: &str) -> String {
    let example = examples.iter().find(|example| example.starts_with(begins));
    example.expect("the page has such an example").clone()
}

/// A folder with the page's `shared.yaml`, the shipped lists and templates, and this workflow.
fn folder(examples: &[String], workflow: &str) -> Files {
    let mut files = Files::default();
    for (path, text) in countersign_cli::shipped().texts() {
        if path.starts_with("lists/") {
            files.add(path, text.clone());
        }
    }
    files.note("templates/self_check.xlsx");
    let schemas = blocks(&read(PAGE), "json");
    files.add("place.schema.json", schemas[0].clone());
    files.add("shared.yaml", one(examples, "shared:"));
    files.add("purchase.yaml", workflow);
    files
}

/// The parts of a text that begin with a name at this indent, in order.
fn parts(text: &str, indent: usize) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let name = line.get(indent..).and_then(|rest| rest.split_once(':'));
        let name = name.map(|(name, _)| name).filter(|name| {
            line[..indent].trim().is_empty()
                && !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        match (name, parts.last_mut()) {
            (Some(name), _) => parts.push((name.to_owned(), format!("{line}\n"))),
            (None, Some((_, part))) => {
                part.push_str(line);
                part.push('\n');
            }
            (None, None) => {}
        }
    }
    parts
}

/// Lays an example over the first: an entry takes the place of one with the same name.
fn laid(base: &str, example: &str) -> String {
    let mut whole = parts(base, 0);
    for (name, part) in parts(example, 0) {
        match whole.iter_mut().find(|(known, _)| *known == name) {
            None => whole.push((name, part)),
            Some((_, kept)) if part.lines().count() == 1 || kept.lines().count() == 1 => {
                *kept = part;
            }
            Some((_, kept)) => {
                let mut entries = parts(kept, 2);
                for (name, entry) in parts(&part, 2) {
                    // The first line of a section is no entry of it.
                    match entries.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, kept)) => *kept = entry,
                        None => entries.push((name, entry)),
                    }
                }
                *kept = format!("{name}:\n{}", joined(entries));
            }
        }
    }
    joined(whole)
}

fn joined(parts: Vec<(String, String)>) -> String {
    parts.into_iter().map(|(_, part)| part).collect()
}

#[test]
fn examples_are_laid_over_the_first_entry_by_entry() {
    let base = "a: 1\nb:\n  x: 1\n  y: { z: 2 }\nc:\n  v: 1\n";
    let example = "a: 2\nb:\n  y:\n    z: 3\n  w: 4\nd: 5\n";
    assert_eq!(
        laid(base, example),
        "a: 2\nb:\n  x: 1\n  y:\n    z: 3\n  w: 4\nc:\n  v: 1\nd: 5\n"
    );
}

#[test]
fn every_example_has_no_findings() {
    let examples = examples();
    let mut checked = 0;
    let special = ["shared:", "test:", "never:"];
    let ours = |example: &&String| !special.iter().any(|begins| example.starts_with(begins));
    for example in examples.iter().filter(ours) {
        let workflow = if checked == 0 {
            example.clone()
        } else {
            laid(&examples[0], example)
        };
        let found = check_files(&folder(&examples, &workflow)).findings;
        assert!(
            found.is_empty(),
            "{}\n{workflow}",
            render_human(&found, false)
        );
        checked += 1;
    }
    assert!(checked > 10, "{checked} examples");
}

#[test]
fn the_scenario_passes() {
    let examples = examples();
    let mut files = folder(&examples, &examples[0]);
    let properties = one(&examples, "never:");
    let test = format!("{}\n{properties}", one(&examples, "test:"));
    files.add("purchase.test.yaml", test);
    let report = scenario::run_files(&files);
    assert!(
        report.is_good() && report.passed() == 3,
        "{}",
        scenario::render_text(&report, Show::default())
    );
}

#[test]
fn every_keyword_that_is_built_stands_in_an_example_and_every_other_in_its_list() {
    let page = read(PAGE);
    let examples = examples().join("\n");
    let shown: BTreeSet<&str> = examples
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
        .collect();
    let missing = section(&page, NOT_BUILT);
    let told: BTreeSet<&str> = quoted(missing).into_iter().collect();
    let mut findings = Vec::new();
    for place in vocabulary::ALL {
        let hidden = place.words.iter().filter(|word| !shown.contains(**word));
        findings
            .extend(hidden.map(|word| format!("{}: `{word}` stands in no example", place.what)));
        let untold = place.later.iter().filter(|word| !told.contains(**word));
        findings.extend(
            untold.map(|word| format!("{}: `{word}` is not told as not built", place.what)),
        );
    }
    let later: BTreeSet<&str> = vocabulary::ALL
        .iter()
        .flat_map(|place| place.later.iter().copied())
        .chain(PARTS)
        .collect();
    let rows = missing.lines().filter(|line| line.starts_with("| "));
    let named = rows
        .filter_map(|row| row.rsplit(" | ").next())
        .flat_map(quoted);
    let built = named.filter(|word| !later.contains(word));
    findings.extend(built.map(|word| format!("`{word}` is called not built, and is")));
    assert!(findings.is_empty(), "{PAGE}:\n{}", findings.join("\n"));
}
