//! Findings: what the checker has to say about a file, and where. How they are printed is in the
//! renderers beside this; what is wrong is for those to decide who report it.

mod code;
mod github;
mod human;
mod json;

pub use code::{Code, Severity};
pub use github::render_github;
pub(crate) use github::{data, property};
pub use human::render_human;
pub use json::render_json;

use std::sync::Arc;

use crate::source::{LineColumn, Source, Span};

/// Something to say about a place in a file.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What kind of finding.
    pub code: Code,
    /// The file, by which its text is known too.
    pub source: Source,
    /// The place.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub message: String,
    /// A few words to stand at the place.
    pub label: String,
    /// What would be right.
    pub help: String,
    /// Other places that belong to it, with a few words each.
    pub related: Vec<(Span, String)>,
}

impl Finding {
    /// A finding with all that it must have.
    pub fn new(
        code: Code,
        source: &Source,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            code,
            source: source.clone(),
            span,
            message: message.into(),
            label: "here".to_owned(),
            help: help.into(),
            related: Vec::new(),
        }
    }

    /// With these words at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With another place of the same file that belongs to it.
    #[must_use]
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Where it is, as people count.
    pub fn place(&self) -> LineColumn {
        self.source.line_column(self.span.start)
    }

    /// The file's path.
    pub fn file(&self) -> &Arc<str> {
        self.source.path()
    }

    /// Whether it keeps the workflow from being used.
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}

/// How many errors of one file are told: of more, nobody reads one.
const MOST_TOLD: usize = 100;

/// Sorts findings by file, place and code, and drops those that are there twice. Of a file with very many errors only the
/// first are told, and how many are not.
pub fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.file().clone(), finding.span, finding.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup_by(|a, b| {
        a.file() == b.file() && a.span == b.span && a.code == b.code && a.message == b.message
    });
    let files = findings.chunk_by(|a, b| a.file() == b.file());
    let all = |told: &[Finding]| told.iter().filter(|finding| finding.is_error()).count();
    if files.clone().all(|file| all(file) <= MOST_TOLD) {
        return findings;
    }
    files.flat_map(|file| shortened(file, all(file))).collect()
}

/// What is told of one file that has so many errors.
fn shortened(file: &[Finding], errors: usize) -> Vec<Finding> {
    if errors <= MOST_TOLD {
        return file.to_vec();
    }
    let mut in_file = file.iter().filter(|finding| finding.is_error());
    let mut told: Vec<Finding> = in_file.by_ref().take(MOST_TOLD).cloned().collect();
    told.extend(in_file.next().map(|next| {
        let left = errors - MOST_TOLD;
        let message = format!("the file has {left} more errors, from here on");
        Finding::new(
            Code::TooLarge,
            &next.source,
            next.span,
            message,
            "mend those above first, and check again",
        )
    }));
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    #[test]
    fn of_very_many_errors_the_first_are_told_and_the_rest_counted() {
        let keys: Vec<String> = (0..400).map(|at| format!("k{at}: 1")).collect();
        let text = format!("workflow: a\nversion: 1\n{}\n", keys.join("\n"));
        let mut files = Files::default();
        files.add("a.yaml", text);
        let findings = crate::check_files(&files).findings;
        assert_eq!(findings.len(), MOST_TOLD + 1);
        let last = findings.last().expect("there are some");
        assert_eq!(last.code, Code::TooLarge);
        assert_eq!(last.message, "the file has 302 more errors, from here on");
        assert_eq!(last.place().line, 101);
    }
}
