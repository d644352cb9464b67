//! Reports to be read. The last line is always `N passed, N failed`; how many stories were made up stands before it.

use std::fmt::Write as _;

use crate::{
    diagnostic::render_human,
    scenario::{coverage::Coverage, report::Report},
};

use super::Show;

/// The report as text to read: findings, each scenario in a line, failures with the story so far.
pub fn render_text(report: &Report, show: Show) -> String {
    let mut text = render_human(&report.findings, show.colour);
    let mut file = "";
    for scenario in &report.scenarios {
        if scenario.file != file {
            file = &scenario.file;
            let _ = writeln!(text, "{file}");
        }
        let mark = if scenario.passed() { "✓" } else { "✗" };
        let _ = writeln!(text, "  {mark} {}", scenario.name);
        for failure in &scenario.failures {
            let (line, column) = (failure.line, failure.column);
            let _ = writeln!(text, "    {file}:{line}:{column}  {}", failure.what);
            let _ = writeln!(text, "      expected  {}", failure.expected);
            let _ = writeln!(text, "      found     {}", failure.found);
        }
        if !scenario.passed() && !scenario.story.is_empty() {
            let (head, indent) = if scenario.found {
                ("the shortest story that shows it", "")
            } else {
                ("the story so far", "      ")
            };
            let _ = writeln!(text, "    {head}");
            for line in &scenario.story {
                let _ = writeln!(text, "{indent}{line}");
            }
        }
    }
    if show.coverage {
        report
            .coverage
            .iter()
            .for_each(|coverage| untested(&mut text, coverage));
    }
    let made_up = report.made_up;
    if made_up.stories > 0 {
        let (stories, files) = (made_up.stories, made_up.files);
        let files = match files {
            1 => "1 test file".to_owned(),
            files => format!("{files} test files"),
        };
        let _ = writeln!(
            text,
            "{stories} stories made up against the properties of {files}"
        );
    }
    let (passed, failed) = (report.passed(), report.failed());
    let _ = writeln!(text, "{passed} passed, {failed} failed");
    text
}

/// What was not taken, a line each: there may be many.
fn untested(text: &mut String, coverage: &Coverage) {
    let (workflow, taken, all) = (&coverage.workflow, coverage.taken, coverage.all);
    let _ = writeln!(
        text,
        "{workflow}: {taken} of {all} actions, decisions and timers taken"
    );
    for missed in coverage.missed.iter().chain(&coverage.never_refused) {
        let (file, place) = (missed.file(), missed.place());
        let (line, column) = (place.line, place.column);
        let (code, message) = (missed.code, &missed.message);
        let _ = writeln!(text, "  {file}:{line}:{column}  {code} {message}");
    }
}
