//! Scenarios run for real: the shipped ones pass, and what is wrong in a story fails at its place.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::path::PathBuf;

use super::*;

fn shipped() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../workflows")
}

#[test]
fn the_shipped_scenarios_pass() {
    let report = run_paths(&[shipped()]).unwrap();
    let text = render_text(&report, Show::default());
    assert!(report.is_good() && report.findings.is_empty(), "{text}");
    assert!(report.passed() >= 18, "{text}");
    assert_eq!(
        text.lines().last(),
        Some(&*format!("{} passed, 0 failed", report.passed()))
    );
}
