//! Findings for programs: a JSON list, one object for each.

use serde_json::{Value, json};

use super::{Finding, Severity};

/// The findings as a JSON list. Lines and columns count from 1, columns in characters.
pub fn render_json(findings: &[Finding]) -> Value {
    findings.iter().map(object).collect()
}

fn object(finding: &Finding) -> Value {
    let place = |byte| {
        let at = finding.source.line_column(byte);
        json!({ "line": at.line, "column": at.column })
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|(span, label)| json!({ "start": place(span.start), "end": place(span.end), "message": label }))
        .collect();
    json!({
        "code": finding.code.as_str(),
        "severity": match finding.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "file": &**finding.file(),
        "start": place(finding.span.start),
        "end": place(finding.span.end),
        "message": finding.message,
        "help": finding.help,
        "related": related,
    })
}
