//! Reports for programs, as JSON.

use serde_json::{Value as Json, json};

use crate::{
    diagnostic,
    scenario::{
        coverage::Coverage,
        report::{Report, ScenarioResult},
    },
};

use super::Show;

/// The report as one JSON object. Lines and columns count from 1, columns in characters.
pub fn render_json(report: &Report, show: Show) -> Json {
    let scenarios: Vec<Json> = report.scenarios.iter().map(scenario).collect();
    let mut object = json!({
        "passed": report.passed(),
        "failed": report.failed(),
        "made_up": report.made_up.stories,
        "scenarios": scenarios,
        "findings": diagnostic::render_json(&report.findings),
    });
    if show.coverage {
        object["coverage"] = report.coverage.iter().map(coverage).collect();
    }
    object
}

fn scenario(scenario: &ScenarioResult) -> Json {
    let failures = scenario.failures.iter().map(|failure| {
        json!({
            "line": failure.line,
            "column": failure.column,
            "what": failure.what,
            "expected": failure.expected,
            "found": failure.found,
        })
    });
    let failures: Vec<Json> = failures.collect();
    json!({
        "file": scenario.file,
        "workflow": scenario.workflow,
        "name": scenario.name,
        "line": scenario.line,
        "column": scenario.column,
        "passed": scenario.passed(),
        "failures": failures,
        "story": scenario.story,
    })
}

fn coverage(coverage: &Coverage) -> Json {
    json!({
        "workflow": coverage.workflow,
        "taken": coverage.taken,
        "all": coverage.all,
        "missed": diagnostic::render_json(&coverage.missed),
        "never_refused": diagnostic::render_json(&coverage.never_refused),
    })
}
