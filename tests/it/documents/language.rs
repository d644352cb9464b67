//! The page of the language: each example is laid over the first and checked; every keyword is told of.

use std::collections::BTreeSet;

use countersign_language::{
    check_files,
    diagnostic::render_human,
    scenario::{self, Show, Tries},
    schema,
    source::{Files, Source},
    vocabulary, yaml,
};

use super::{
    overlay::laid,
    page::{blocks, quoted, read, section},
};

const PAGE: &str = "docs/language.md";
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
fn every_example_fits_the_schema_that_editors_read() {
    let examples = examples();
    let json = |text: &str| {
        let source = Source::new("purchase.yaml", text.into());
        let root = yaml::parse(&source, &mut Vec::new());
        root.expect("it is checked elsewhere").to_json()
    };
    for example in &examples {
        let (schema, whole) = match example.split(':').next() {
            Some("shared") => (schema::shared_schema(), example.clone()),
            Some("test") => (scenario::schema(), example.clone()),
            Some("never") => continue,
            _ => (schema::workflow_schema(), laid(&examples[0], example)),
        };
        let validator = jsonschema::validator_for(&schema).expect("it is a schema");
        let errors: Vec<String> = validator
            .iter_errors(&json(&whole))
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{whole}");
    }
}

#[test]
fn the_scenario_passes() {
    let examples = examples();
    let mut files = folder(&examples, &examples[0]);
    let properties = one(&examples, "never:");
    let test = format!("{}\n{properties}", one(&examples, "test:"));
    files.add("purchase.test.yaml", test);
    let report = scenario::try_files(
        &files,
        Tries {
            runs: Some(100),
            seed: 0,
        },
    );
    assert!(
        report.is_good() && report.passed() == 3,
        "{}",
        scenario::render_text(&report, Show::default())
    );
}

#[test]
fn every_keyword_stands_in_an_example() {
    let examples = examples().join("\n");
    let shown: BTreeSet<&str> = examples
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
        .collect();
    let mut hidden: Vec<String> = Vec::new();
    for place in vocabulary::ALL {
        let words = place.words.iter().filter(|word| !shown.contains(**word));
        hidden.extend(words.map(|word| format!("{}: `{word}`", place.what)));
    }
    assert!(
        hidden.is_empty(),
        "{PAGE}: these stand in no example\n{}",
        hidden.join("\n")
    );
}

#[test]
fn every_word_of_scenarios_is_told() {
    let page = read(PAGE);
    let told = section(&page, "## Scenario tests");
    let examples = one(&examples(), "test:") + &one(&examples(), "never:");
    let is_told = |word: &str| {
        let mut quotes = quoted(told).into_iter().chain(examples.lines());
        quotes.any(|quote| {
            let mut around = quote.match_indices(word).map(|(at, _)| {
                let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                let (before, after) = (&quote[..at], &quote[at + word.len()..]);
                !inside(before.chars().next_back()) && !inside(after.chars().next())
            });
            around.any(|alone| alone)
        })
    };
    let untold: Vec<&str> = scenario::words()
        .into_iter()
        .filter(|word| !is_told(word))
        .collect();
    assert!(untold.is_empty(), "{PAGE} does not tell of {untold:?}");
}
