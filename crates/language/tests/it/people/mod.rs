//! People rules as an author meets them: a small workflow, and stories about it (SEMANTICS 5, 21, 26 to 34).

mod changes;
mod panels;
mod reviews;
mod roles;
mod turns;

use countersign_language::{
    check_files,
    scenario::{Report, run_files},
    source::Files,
};

/// The head that all these workflows share.
const FRAME: &str = "\
workflow: purchase
version: 1
number: \"PR-{year}-{seq:5}\"
title: Purchase
";

const SHARED: &str = "\
shared: 1
languages: [en, zh]
timezone: Asia/Shanghai
calendars:
  office: { week: mon-fri, hours: \"09:00-18:00\" }
facts:
  person: { limit: money }
";

/// A workflow of these sections with a test of these.
fn files(workflow: &str, test: &str) -> Files {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED.to_owned());
    files.add("purchase.yaml", format!("{FRAME}{workflow}"));
    files.add(
        "purchase.test.yaml",
        format!("test: purchase\nclock: 2026-11-23 09:00\n{test}"),
    );
    files
}

/// The stories are told as they are written.
fn assert_told(workflow: &str, test: &str) {
    let files = files(workflow, test);
    let errors: Vec<String> = check_files(&files)
        .findings
        .iter()
        .map(|finding| {
            format!(
                "{} {}: {}",
                finding.code,
                finding.place().line,
                finding.message
            )
        })
        .filter(|finding| finding.starts_with('E'))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let report: Report = run_files(&files);
    let found = report.findings.iter().filter(|found| found.is_error());
    let found: Vec<_> = found.map(|found| &found.message).collect();
    assert!(found.is_empty(), "{found:#?}");
    assert!(!report.scenarios.is_empty(), "a test tells a story");
    for scenario in &report.scenarios {
        assert!(scenario.passed(), "{scenario:#?}");
    }
}

/// The codes that the checker gives.
fn codes(workflow: &str) -> Vec<String> {
    let files = files(workflow, "scenarios: {}\n");
    let loaded = check_files(&files);
    let errors = loaded.findings.iter();
    let errors = errors.map(|finding| finding.code.as_str().to_owned());
    errors.filter(|code| code.starts_with('E')).collect()
}
