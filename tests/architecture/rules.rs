//! Each rule of the language stands in `docs/semantics-rules.md` with the tests that hold it, and these tests exist. Not for
//! what they show: that is theirs.

use std::collections::BTreeSet;

use super::{
    hold,
    repository::{list, read, root, rust_sources},
    rust_text::{code_only, functions},
};

const PAGE: &str = "docs/semantics-rules.md";
const STORIES: &str = "crates/language/tests/it/flow";
/// How many rules there are.
const RULES: u32 = 50;

/// A row of the table.
struct Rule {
    number: u32,
    says: String,
    tests: Vec<String>,
}

#[test]
fn each_rule_has_tests_that_exist() {
    let rules = rules(&read(PAGE));
    let known = tests();
    let mut findings: Vec<String> = Vec::new();
    for number in 1..=RULES {
        let found = rules.iter().filter(|rule| rule.number == number).count();
        if found != 1 {
            findings.push(format!("rule {number} stands there {found} times"));
        }
    }
    for rule in &rules {
        let number = rule.number;
        if rule.says.len() < 20 || !rule.says.ends_with('.') {
            findings.push(format!("rule {number} does not say what it is"));
        }
        if !rule.tests.iter().any(|test| names(test, number)) {
            findings.push(format!(
                "rule {number} has no test that names it: `rule_{number}_…`"
            ));
        }
        let missing = rule.tests.iter().filter(|test| !known.contains(*test));
        findings.extend(missing.map(|test| format!("rule {number}: there is no test `{test}`")));
    }
    hold("Rules and their tests:", &findings);
}

#[test]
fn a_row_is_read_with_its_number_sentence_and_tests() {
    let page =
        "text\n| rule | what | by |\n|---|---|---|\n| 7 | It says `a` so. | `one`, `two` |\n";
    let rules = rules(page);
    assert_eq!(rules.len(), 1);
    assert_eq!(
        (rules[0].number, rules[0].says.as_str()),
        (7, "It says `a` so.")
    );
    assert_eq!(rules[0].tests, ["one", "two"]);
}

#[test]
fn a_test_names_a_rule_by_its_number() {
    for (test, number) in [
        ("rule_2_a_name", 2),
        ("rules_6_and_15_links", 15),
        ("rule 35, so", 35),
    ] {
        assert!(names(test, number), "{test}");
    }
    for (test, number) in [("rule_22_a_name", 2), ("the_rule_2", 2), ("rule_2_of_3", 3)] {
        assert!(!names(test, number), "{test}");
    }
}

/// Whether a test says by its name that it holds this rule.
fn names(test: &str, number: u32) -> bool {
    let mut words = test.split(['_', ' ', ',']);
    if !matches!(words.next(), Some("rule" | "rules")) {
        return false;
    }
    let mut numbers = words.map_while(|word| match word {
        "and" | "" => Some(None),
        word => word.parse::<u32>().ok().map(Some),
    });
    numbers.any(|found| found == Some(number))
}

fn rules(page: &str) -> Vec<Rule> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| {
        let mut cells = row.split(" | ");
        let number = cells.next()?.trim().parse().ok()?;
        let (says, tests) = (cells.next()?.trim(), cells.next()?);
        let tests = tests.split('`').skip(1).step_by(2);
        Some(Rule {
            number,
            says: says.to_owned(),
            tests: tests.map(str::to_owned).collect(),
        })
    })
    .collect()
}

/// The functions of the repository's tests, and the scenarios of the language's own stories.
fn tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for source in rust_sources() {
        let code = code_only(&source.text);
        tests.extend(functions(&code).into_iter().map(|found| found.name));
    }
    let stories = list(STORIES).into_iter();
    for story in stories.filter(|name| name.ends_with(".test.yaml")) {
        let text = read(&format!("{STORIES}/{story}"));
        let names = text.lines().filter_map(|line| line.strip_prefix("  "));
        let names = names.filter_map(|line| line.strip_suffix(':'));
        tests.extend(names.map(str::to_owned));
    }
    assert!(root().is_dir() && tests.len() > 500, "the tests are found");
    tests
}
