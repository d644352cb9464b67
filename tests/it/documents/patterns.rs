//! The page of patterns: each claim has a small workflow whose story is told here, or names a test of the service. Not
//! for what the patterns mean.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use countersign_language::scenario::{self, Report, Show};

use super::page::read;

const PAGE: &str = "docs/patterns.md";
const FOLDER: &str = "tests/patterns";
/// How many patterns the catalogue has in each family.
const FAMILIES: [(&str, usize); 3] = [("WCP", 43), ("WRP", 43), ("CAUSE", 5)];
/// Strategies of exceptions: fifteen for turns, three for cases, three recoveries.
const STRATEGIES: usize = 15 + 3 + 3;

/// A row of the page: a pattern.
struct Row {
    code: String,
    scope: String,
    rating: String,
    how: String,
}

fn is_code(word: &str) -> bool {
    match word.split_once('-') {
        Some((family, number)) => {
            FAMILIES.iter().any(|(known, _)| *known == family) && number.parse::<u8>().is_ok()
        }
        None => word.len() == 3 && word.chars().all(|c| c.is_ascii_uppercase()),
    }
}

fn rows(page: &str) -> Vec<Row> {
    let cells = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.splitn(5, " | ").collect();
        let [code, _, scope, rating, how] = cells[..] else {
            return None;
        };
        is_code(code).then(|| Row {
            code: code.to_owned(),
            scope: scope.to_owned(),
            rating: rating.to_owned(),
            how: how.trim_end_matches(" |").to_owned(),
        })
    });
    cells.collect()
}

/// What a row links to: the words and the path.
fn links(how: &str) -> Vec<(String, String)> {
    let parts = how.split("](../").skip(1).zip(how.split("](../"));
    let links = parts.filter_map(|(after, before)| {
        let (path, _) = after.split_once(')')?;
        let (_, words) = before.rsplit_once('[')?;
        Some((words.to_owned(), path.to_owned()))
    });
    links.collect()
}

fn told() -> Report {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "patterns"].iter().collect();
    scenario::run_paths(&[folder]).expect("the folder of patterns can be read")
}

/// The workflow files whose stories tell each code, from the root of the repository.
fn stories(report: &Report) -> BTreeMap<String, BTreeSet<String>> {
    let mut stories: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for scenario in &report.scenarios {
        let (_, file) = scenario
            .file
            .split_once("patterns/")
            .expect("it lies in the folder");
        let workflow = format!("{FOLDER}/{}", file.replace(".test.yaml", ".yaml"));
        for code in scenario.name.split(' ').take_while(|word| is_code(word)) {
            let files = stories.entry(code.to_owned()).or_default();
            files.insert(workflow.clone());
        }
    }
    stories
}

#[test]
fn every_story_passes_and_leaves_nothing_out() {
    let report = told();
    let show = Show {
        coverage: true,
        ..Show::default()
    };
    let text = scenario::render_text(&report, show);
    assert!(report.is_good() && report.passed() > 50, "{text}");
    assert!(report.findings.is_empty(), "{text}");
    let missed = report.coverage.iter().flat_map(|file| &file.missed);
    assert_eq!(missed.count(), 0, "{text}");
}

#[test]
fn every_pattern_of_the_catalogue_has_a_row_with_a_test_or_a_reason() {
    let rows = rows(&read(PAGE));
    for (family, number) in FAMILIES {
        let of = |n: usize| {
            rows.iter()
                .filter(|row| row.code == format!("{family}-{n}"))
                .count()
        };
        assert!((1..=number).all(|n| of(n) == 1), "{family} is not whole");
    }
    let strategies = rows.iter().filter(|row| !row.code.contains('-'));
    assert_eq!(strategies.count(), STRATEGIES);

    let stories = stories(&told());
    let faults = rows.iter().flat_map(|row| faults(row, &stories));
    let mut faults: Vec<String> = faults.collect();
    let known: BTreeSet<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    let strange = stories.keys().filter(|code| !known.contains(code.as_str()));
    faults.extend(strange.map(|code| format!("{code} is told, and has no row")));
    assert!(faults.is_empty(), "{PAGE}:\n{}", faults.join("\n"));
}

/// What is wrong with a row, with the files whose stories tell each code.
fn faults(row: &Row, stories: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let (code, links) = (&row.code, links(&row.how));
    let offered = match (row.scope.as_str(), row.rating.as_str()) {
        ("CORE" | "USE", "+" | "±") => true,
        ("USE" | "OUT", "−") => false,
        (scope, rating) => return vec![format!("{code}: {scope} cannot be {rating}")],
    };
    let mut faults = Vec::new();
    if links.is_empty() == offered {
        faults.push(format!("{code}: a claim has a test, and nothing else has"));
    }
    if !offered && row.how.len() < 10 {
        faults.push(format!("{code}: no reason"));
    }
    let (workflows, tests): (Vec<_>, Vec<_>) =
        links.iter().partition(|(_, path)| path.starts_with(FOLDER));
    let named: BTreeSet<String> = workflows.iter().map(|(_, path)| path.clone()).collect();
    let told = stories.get(code).cloned().unwrap_or_default();
    if named != told {
        faults.push(format!("{code}: links to {named:?}, told in {told:?}"));
    }
    let missing = tests
        .iter()
        .filter(|(words, path)| !read(path).contains(&format!("fn {words}(")));
    faults.extend(missing.map(|(words, path)| format!("{code}: no `{words}` in {path}")));
    faults
}
