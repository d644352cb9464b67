//! What is refused while YAML is read, and how it is explained: the parser's own messages speak of
//! YAML's grammar, these say what to write.

use crate::{
    diagnostic::{Code, Finding},
    source::{Source, Span},
};

use super::Key;

/// Reports lines with tabs, the first few of them.
pub(super) fn refuse_tabs(source: &Source, findings: &mut Vec<Finding>) {
    let text = source.text();
    let mut start = 0;
    let mut reported = 0;
    for line in text.split_inclusive('\n') {
        if let Some(at) = line.find('\t') {
            findings.push(Finding::new(
                Code::Tab,
                source,
                Span::new(start + at, start + at + 1),
                "there is a tab in this line",
                "use spaces; in a quoted text write `\\t`",
            ));
            reported += 1;
            if reported == 5 {
                return;
            }
        }
        start += line.len();
    }
}

/// The finding for a tag; `part` is the keyword whose value it would take.
pub(super) fn tag(source: &Source, span: Span, part: Option<&str>) -> Finding {
    let what = part.map_or_else(
        || "what follows".to_owned(),
        |part| format!("this `{part}`"),
    );
    Finding::new(
        Code::Tag,
        source,
        span,
        format!("YAML reads `!` as a tag, so {what} would be lost"),
        "quote the expression: `\"!ready\"`, or write `ready == false`",
    )
}

/// The finding for a key that is no text.
pub(super) fn no_key(source: &Source, span: Span) -> Finding {
    let braces = source
        .text()
        .get(..=span.start)
        .is_some_and(|before| before.ends_with("{{"))
        || source
            .text()
            .get(span.start..)
            .is_some_and(|rest| rest.starts_with("{{"));
    let help = if braces {
        "quote a text that contains `{{ }}`: `\"… {{case.number}}\"`"
    } else {
        "write `name: value`"
    };
    Finding::new(
        Code::NotYaml,
        source,
        span,
        "a mapping or list cannot be a name",
        help,
    )
}

/// The finding for a key that may not be added to a mapping, in which it stands `first` here.
pub(super) fn refuse_key(source: &Source, key: &Key, first: Option<Span>) -> Option<Finding> {
    if key.text == "<<" {
        return Some(Finding::new(
            Code::Anchor,
            source,
            key.span,
            "merge keys are not part of the language",
            "write out what it would merge",
        ));
    }
    let first = first?;
    let finding = Finding::new(
        Code::DuplicateKey,
        source,
        key.span,
        format!("`{}` occurs twice", key.text),
        "give one of them another name, or delete it",
    );
    Some(finding.label("again").also(first, "first here"))
}

/// The finding for a text that is not YAML. `message` is the parser's.
pub(super) fn explain(source: &Source, at: usize, message: &str) -> Finding {
    let text = source.text();
    let at = at.min(text.len());
    let span = Span::new(at, at).first(text);
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    if message.contains("recursion limit") {
        let help = "a workflow needs no such depth: states nest up to 8 deep";
        return Finding::new(
            Code::TooLarge,
            source,
            span,
            "this is nested too deep",
            help,
        );
    }
    if message.contains(" tag") {
        let mark = line.find(" !").map_or(at, |found| line_start + found + 1);
        return tag(source, Span::new(mark, mark).first(text), None);
    }
    if message.contains("anchor") || message.contains("alias") {
        return Finding::new(
            Code::Anchor,
            source,
            span,
            "`&` and `*` at the beginning of a text make it an anchor or alias",
            "quote the text",
        );
    }
    let help = if message.contains("mapping values")
        || message.contains("':'")
        || message.contains("simple key")
    {
        "quote a text that contains `: `, and set what belongs together at the same depth"
    } else if message.contains("quoted scalar") {
        "close the quotation mark; inside `\"…\"` write `\\\"` for one"
    } else if message.contains("flow") || message.contains("bracket") || message.contains("',' or")
    {
        "each `[` needs its `]` and each `{` its `}`; quote texts that contain one of them, or `: `"
    } else if message.contains("indentation") {
        "set what belongs together at the same depth, deeper than what it belongs to"
    } else if message.contains("unprintable") {
        "delete the invisible character, or write it as an escape in a quoted text"
    } else {
        "quote text that contains `: ` or ` #`, or that begins with one of ! & * [ { % @ `"
    };
    Finding::new(
        Code::NotYaml,
        source,
        span,
        format!("this is not valid YAML: {message}"),
        help,
    )
}
