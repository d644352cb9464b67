//! Reports as commands of GitHub's runner, which shows failures beside the changed lines.

use std::fmt::Write as _;

use crate::{
    diagnostic::{self, data, property},
    scenario::report::{Report, ScenarioResult},
};

use super::Show;

/// One line for each finding and failure, and `N passed, N failed` as the last.
pub fn render_github(report: &Report, show: Show) -> String {
    let mut text = diagnostic::render_github(&report.findings, "");
    for scenario in &report.scenarios {
        failures(&mut text, scenario);
    }
    if show.coverage {
        for coverage in &report.coverage {
            text.push_str(&diagnostic::render_github(&coverage.missed, ""));
        }
    }
    let (passed, failed) = (report.passed(), report.failed());
    let _ = writeln!(text, "{passed} passed, {failed} failed");
    text
}

fn failures(text: &mut String, scenario: &ScenarioResult) {
    for failure in &scenario.failures {
        let message = format!(
            "{}: expected {}, found {}",
            failure.what, failure.expected, failure.found
        );
        let (file, title) = (property(&scenario.file), property(&scenario.name));
        let (line, column) = (failure.line, failure.column);
        let message = data(&message);
        let _ = writeln!(
            text,
            "::error file={file},line={line},col={column},title={title}::{message}"
        );
    }
}
