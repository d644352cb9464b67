//! Findings as commands of GitHub's runner, which shows them beside the changed lines.

use std::fmt::Write as _;

use super::{Finding, Severity};

/// One line for each finding. `folder` stands before every path, so that it is relative to the repository.
pub fn render_github(findings: &[Finding], folder: &str) -> String {
    let mut text = String::new();
    for finding in findings {
        let kind = match finding.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let start = finding.place();
        let end = finding.source.line_column(finding.span.end);
        let _ = writeln!(
            text,
            "::{kind} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            property(&format!("{folder}{}", finding.file())),
            start.line,
            end.line,
            start.column,
            end.column,
            finding.code,
            data(&format!("{} ({})", finding.message, finding.help)),
        );
    }
    text
}

/// Fit to stand behind the `::` of a command.
pub(crate) fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Fit to stand as a property of a command.
pub(crate) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
