//! Findings for people: the line of the file with a mark under it, drawn by miette.

use std::fmt::Write as _;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError,
    MietteSpanContents, Report, SourceCode, SourceSpan, SpanContents,
};

use crate::source::Source;

use super::{Finding, Severity};

/// The findings as text to read, one after another. `colour` only where it is shown on a terminal.
pub fn render_human(findings: &[Finding], colour: bool) -> String {
    let theme = if colour {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(100);
    let mut text = String::new();
    for finding in findings {
        let report = report(finding);
        if handler.render_report(&mut text, report.as_ref()).is_err() {
            let place = finding.place();
            let _ = write!(
                text,
                "{} {}:{}:{} {}",
                finding.code,
                finding.file(),
                place.line,
                place.column,
                finding.message
            );
        }
        text.push('\n');
    }
    text
}

fn report(finding: &Finding) -> Report {
    let severity = match finding.code.severity() {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Note => miette::Severity::Advice,
    };
    let mut labels = vec![LabeledSpan::new_primary_with_span(
        Some(finding.label.clone()),
        finding.span.start..finding.span.end,
    )];
    labels.extend(finding.related.iter().map(|(span, label)| {
        LabeledSpan::new_with_span(Some(label.clone()), span.start..span.end)
    }));
    let diagnostic = MietteDiagnostic::new(&finding.message)
        .with_code(finding.code.as_str())
        .with_severity(severity)
        .with_help(&finding.help)
        .with_labels(labels);
    Report::new(diagnostic).with_source_code(Counted(finding.source.clone()))
}

/// A file whose columns are counted in characters; miette itself counts bytes.
struct Counted(Source);

impl SourceCode for Counted {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text: &'a str = self.0.text();
        let read = text.read_span(span, lines_before, lines_after)?;
        let column = self.0.line_column(read.span().offset()).column - 1;
        Ok(Box::new(MietteSpanContents::new_named(
            self.0.path().to_string(),
            read.data(),
            *read.span(),
            read.line(),
            column,
            read.line_count(),
        )))
    }
}
