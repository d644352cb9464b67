//! Scenario tests: what they say is held to, what is wrong fails at its place, and what cannot be read is found
//! where it stands. The stories here are of the shipped workflows; `▶` marks the place that is meant.

mod deeds;
mod expectations;
mod explored;
mod properties;
mod reading;
mod reports;
mod stories;
mod versions;

use std::path::PathBuf;

use countersign_language::{
    diagnostic::Finding,
    scenario::{Report, ScenarioResult, Tries, try_files},
    source::Files,
};

const TEST: &str = "made_up.test.yaml";

fn workflows() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../workflows")
}

/// The shipped workflows with this test beside them, in place of their own.
fn beside_workflows(test: &str) -> Files {
    let shipped = Files::read_folder(&workflows()).expect("the folder can be read");
    let mut files = Files::default();
    let tested = test.lines().next().unwrap_or_default().replace('▶', "");
    let needed: &[&str] = match tested.trim_start_matches("test: ") {
        "deal_registration" => &["deal_registration.yaml"],
        "invitation" => &["invitation.yaml"],
        _ => &[
            "deal_registration.yaml",
            "incentive_application.yaml",
            "incentive_payment.yaml",
        ],
    };
    for path in shipped.paths() {
        match shipped.text(path) {
            Some(_) if path.ends_with(".test.yaml") => {}
            // The checker of all workflows is not what is tested here.
            Some(_) if names_workflow(path) && !needed.contains(&path) => {}
            Some(text) => files.add(path, text.clone()),
            None => files.note(path),
        }
    }
    files.add(TEST, test.replace('▶', ""));
    files
}

fn names_workflow(path: &str) -> bool {
    !path.contains('/') && path != "shared.yaml"
}

/// Few made-up stories are enough where they are not what is tested.
const FEW: Tries = Tries {
    runs: Some(20),
    seed: 0,
};

fn run(test: &str) -> Report {
    try_files(&beside_workflows(test), FEW)
}

/// The only scenario of a test without findings.
fn run_one(test: &str) -> ScenarioResult {
    let mut report = run(test);
    assert!(report.findings.is_empty(), "{:#?}", shown(&report.findings));
    assert_eq!(report.scenarios.len(), 1);
    report.scenarios.remove(0)
}

/// A test of deal registration with one scenario of these steps.
fn deal(steps: &str) -> String {
    format!(
        "\
test: deal_registration
clock: 2026-11-23 09:00
people:
  pat:  {{ in: [partner_users], partner: acme }}
  kim:  {{ in: [partner_users], partner: other }}
  rita: {{ in: [deal_reviewers] }}
  omar: {{ in: [deal_reviewers, acceptance_reviewers], language: zh }}
  amy:  {{ in: [acceptance_reviewers] }}
  bob:  {{ email: bob@example.org }}
scenarios:
  某个故事:
{steps}"
    )
}

/// A deal that was submitted.
const SUBMITTED: &str = "    \
    - pat opens: { deal: { customer: 北方公司, amount: 2000000, close_date: 2026-12-20 } }
    - pat: submit
";

fn mark(text: &str) -> (usize, usize) {
    let before = text.split('▶').next().unwrap_or_default();
    assert_ne!(before, text, "the place is marked");
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |line| line.chars().count());
    (line, column + 1)
}

fn shown(findings: &[Finding]) -> Vec<String> {
    let shown = findings.iter().map(|found| {
        let place = found.place();
        let (line, column) = (place.line, place.column);
        let (code, file, message) = (found.code, found.file(), &found.message);
        format!("{code} {file}:{line}:{column} {message} ({})", found.help)
    });
    shown.collect()
}
