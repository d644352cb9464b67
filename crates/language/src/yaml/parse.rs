//! From a text to the tree: saphyr's events are read one by one, and all refusals are collected.
//! Neither the depth of the text nor its size is followed further than the limits say.

use std::{borrow::Cow, collections::HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::{
    diagnostic::{Code, Finding},
    source::{CharIndex, MOST_BYTES, Source, Span},
};

use super::{Data, Entry, Key, Scalar, Style, Yaml, failure};

/// The deepest nesting that is read.
const MOST_DEEP: usize = 32;
/// The most parts that are read: mappings, lists, keys and values together.
const MOST_PARTS: usize = 32_000;

/// Reads a text. `None` if nothing can be made of it; then there is at least one finding.
pub fn parse(source: &Source, findings: &mut Vec<Finding>) -> Option<Yaml> {
    let text = source.text();
    if text.len() > MOST_BYTES {
        findings.push(Finding::new(
            Code::TooLarge,
            source,
            Span::new(0, 0),
            format!("the file has {} bytes, more than {MOST_BYTES}", text.len()),
            "split it into several workflows, or move data into a list",
        ));
        return None;
    }
    if let Some(at) = text.find('\u{FFFD}') {
        let span = Span::new(at, at).first(text);
        let message = "the file is not encoded in UTF-8";
        let help = "save it as UTF-8";
        findings.push(Finding::new(Code::NotYaml, source, span, message, help));
        return None;
    }
    let before = findings.len();
    failure::refuse_tabs(source, findings);
    let mut builder = Builder {
        source,
        index: CharIndex::new(text),
        open: Vec::new(),
        root: None,
        parts: 0,
        documents: 0,
        read_up_to: 0,
        findings,
    };
    let outcome = builder.read_all();
    let root = builder.root.take();
    match outcome {
        Ok(()) => {}
        Err(Stop::Reported) => return None,
        Err(Stop::Scan(error)) => {
            let at = builder.index.byte(error.marker().index());
            // A tab that was reported already says all that is to say.
            if findings.len() == before
                || findings.last().is_some_and(|last| last.code != Code::Tab)
            {
                findings.push(failure::explain(source, at, error.info()));
            }
            return None;
        }
    }
    match root {
        Some(root) if !root.is_null() => Some(root),
        Some(_) | None => {
            findings.push(Finding::new(
                Code::Documents,
                source,
                Span::new(0, 0),
                "the file is empty",
                "a workflow begins with `workflow: its_id` and `version: 1`",
            ));
            None
        }
    }
}

enum Stop {
    Reported,
    Scan(saphyr_parser::ScanError),
}

/// A mapping or list that is not closed yet.
struct Open {
    start: usize,
    content: Content,
}

enum Content {
    List(Vec<Yaml>),
    Map {
        entries: Vec<Entry>,
        /// Where each key stands first: looking through the entries would take a long mapping the square of its length.
        keys: HashMap<String, Span>,
        key: Option<Key>,
    },
}

struct Builder<'a> {
    source: &'a Source,
    index: CharIndex,
    open: Vec<Open>,
    root: Option<Yaml>,
    parts: usize,
    documents: usize,
    /// The end of the last event that had an extent: tags and anchors are looked for after it.
    read_up_to: usize,
    findings: &'a mut Vec<Finding>,
}

impl Builder<'_> {
    fn read_all(&mut self) -> Result<(), Stop> {
        let text = self.source.text().clone();
        let mut parser = Parser::new_from_str(&text);
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(Stop::Scan)?;
            let span = Span::new(
                self.index.byte(span.start.index()),
                self.index.byte(span.end.index()),
            );
            self.take(event, span)?;
            self.read_up_to = self.read_up_to.max(span.end);
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => self.begin_document(span)?,
            Event::Alias(_) => {
                self.refuse_anchor(span.first(self.source.text()));
                self.add(Yaml {
                    span,
                    data: Data::Scalar(Scalar {
                        text: String::new(),
                        style: Style::Plain,
                    }),
                })?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_marks(anchor, tag.as_ref(), span.start);
                self.add(self.scalar(&text, style, span))?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_marks(anchor, tag.as_ref(), span.start);
                self.begin(span, Content::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_marks(anchor, tag.as_ref(), span.start);
                self.begin(
                    span,
                    Content::Map {
                        entries: Vec::new(),
                        keys: HashMap::new(),
                        key: None,
                    },
                )?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
        }
        Ok(())
    }

    fn begin_document(&mut self, span: Span) -> Result<(), Stop> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        self.report(
            Code::Documents,
            span,
            "a second document begins here",
            "write one workflow to a file, without `---`",
        );
        Err(Stop::Reported)
    }

    fn begin(&mut self, span: Span, content: Content) -> Result<(), Stop> {
        if self.open.len() == MOST_DEEP {
            self.report(
                Code::TooLarge,
                span.first(self.source.text()),
                &format!("this is nested deeper than {MOST_DEEP}"),
                "a workflow needs no such depth: states nest up to 8 deep",
            );
            return Err(Stop::Reported);
        }
        self.count(span)?;
        self.open.push(Open {
            start: span.start,
            content,
        });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (data, last) = match open.content {
            Content::List(items) => {
                let last = items.last().map(|item| item.span.end);
                (Data::List(items), last)
            }
            Content::Map { entries, .. } => {
                let last = entries
                    .last()
                    .map(|entry| entry.value.span.end.max(entry.key.span.end));
                (Data::Map(entries), last)
            }
        };
        // Block collections end where the next thing begins; that is too far.
        let bracketed = matches!(
            self.source.text().as_bytes().get(open.start),
            Some(b'[' | b'{')
        );
        let end = if bracketed {
            span.end
        } else {
            last.unwrap_or(span.start)
        };
        self.place(Yaml {
            span: Span::new(open.start, end.max(open.start)),
            data,
        })
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: Span) -> Yaml {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let raw = self
            .source
            .text()
            .get(span.start..span.end)
            .unwrap_or_default();
        let span = if text.is_empty() && style == Style::Plain {
            Span::new(span.start, span.start)
        } else {
            Span::new(span.start, span.start + raw.trim_end().len())
        };
        Yaml {
            span,
            data: Data::Scalar(Scalar {
                text: text.to_owned(),
                style,
            }),
        }
    }

    fn add(&mut self, part: Yaml) -> Result<(), Stop> {
        self.count(part.span)?;
        self.place(part)
    }

    fn count(&mut self, span: Span) -> Result<(), Stop> {
        self.parts += 1;
        if self.parts <= MOST_PARTS {
            return Ok(());
        }
        self.report(
            Code::TooLarge,
            span.first(self.source.text()),
            &format!("the file has more than {MOST_PARTS} parts"),
            "split it into several workflows, or move data into a list",
        );
        Err(Stop::Reported)
    }

    /// Puts a finished part where it belongs.
    fn place(&mut self, part: Yaml) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(part);
            return Ok(());
        };
        match &mut open.content {
            Content::List(items) => items.push(part),
            Content::Map { entries, keys, key } => match key.take() {
                None => {
                    let Data::Scalar(scalar) = part.data else {
                        let span = part.span.first(self.source.text());
                        self.findings.push(failure::no_key(self.source, span));
                        return Err(Stop::Reported);
                    };
                    *key = Some(Key {
                        text: scalar.text,
                        span: part.span,
                    });
                }
                Some(key) => {
                    let first = keys.get(&key.text).copied();
                    self.findings
                        .extend(failure::refuse_key(self.source, &key, first));
                    if first.is_none() {
                        keys.insert(key.text.clone(), key.span);
                        entries.push(Entry { key, value: part });
                    }
                }
            },
        }
        Ok(())
    }

    fn refuse_marks(&mut self, anchor: usize, tag: Option<&Cow<'_, Tag>>, start: usize) {
        if tag.is_some() {
            let span = self.mark('!', start);
            let part = self.open.last().and_then(|open| match &open.content {
                Content::Map { key: Some(key), .. } => Some(key.text.clone()),
                Content::Map { key: None, .. } | Content::List(_) => None,
            });
            self.findings
                .push(failure::tag(self.source, span, part.as_deref()));
        } else if anchor > 0 {
            let span = self.mark('&', start);
            self.refuse_anchor(span);
        }
    }

    fn refuse_anchor(&mut self, span: Span) {
        self.report(
            Code::Anchor,
            span,
            "anchors, aliases and merge keys are not part of the language",
            "write it out, or quote a text that begins with `&` or `*`",
        );
    }

    /// The place of a `!` or `&` before the part that begins at `start`.
    fn mark(&self, mark: char, start: usize) -> Span {
        let between = self
            .source
            .text()
            .get(self.read_up_to..start)
            .unwrap_or_default();
        let mut begins = between.char_indices().filter(|(at, found)| {
            *found == mark
                && between[..*at]
                    .chars()
                    .next_back()
                    .is_none_or(|before| " \n,:[{".contains(before))
        });
        let at = begins
            .next_back()
            .map_or(start, |(at, _)| self.read_up_to + at);
        Span::new(at, at).first(self.source.text())
    }

    fn report(&mut self, code: Code, span: Span, message: &str, help: &str) {
        self.findings
            .push(Finding::new(code, self.source, span, message, help));
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn findings(text: &str) -> Vec<(String, usize, usize)> {
        let source = Source::new("a.yaml", text.into());
        let mut findings = Vec::new();
        parse(&source, &mut findings);
        findings
            .iter()
            .map(|finding| {
                let place = finding.place();
                (finding.code.to_string(), place.line, place.column)
            })
            .collect()
    }

    #[test]
    fn refuses_what_the_language_does_not_take_from_yaml() {
        for (text, code, line, column) in [
            (
                "a: 归\nb: { zh: 项目, when: !sent_today, to: x }",
                "E102",
                2,
                20,
            ),
            ("when: !case.took(\"x\")", "E102", 1, 7),
            ("a: !!str 1", "E102", 1, 4),
            ("a: !{ b: 1 }", "E102", 1, 4),
            ("项: &x 1", "E004", 1, 4),
            ("a: &x 1\nb: *x", "E004", 1, 4),
            ("b: *x", "E004", 1, 4),
            ("a: { <<: { b: 1 } }", "E004", 1, 6),
            ("项: 1\n目: 2\n项: 3", "E005", 3, 1),
            ("a:\n\tb: 1", "E002", 2, 1),
            ("a: 1\n---\nb: 2", "E006", 2, 1),
            ("", "E006", 1, 1),
            ("# only a comment\n", "E006", 1, 1),
            ("a: b: c", "E001", 1, 5),
            ("a: \"中", "E001", 1, 4),
            ("a: [1, 2", "E001", 1, 9),
            ("subject: {{case.number}}", "E001", 1, 11),
        ] {
            let found = findings(text);
            assert_eq!(
                found.first(),
                Some(&(code.to_owned(), line, column)),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn bombs_are_refused_at_once() {
        let laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]";
        let bombs = [
            ("x: ".to_owned() + &"[".repeat(10_000), "E003"),
            ("x: ".to_owned() + &"{a: ".repeat(10_000), "E003"),
            (format!("x: [{}]", "1,".repeat(40_000)), "E003"),
            ("x".repeat(MOST_BYTES + 1), "E003"),
            (laughs.to_owned(), "E004"),
            ("- ".repeat(5_000), "E003"),
            ("? ".repeat(5_000), "E003"),
        ];
        for (bomb, code) in bombs {
            let start = Instant::now();
            let found = findings(&bomb);
            let took = start.elapsed();
            assert_eq!(
                found.first().map(|found| found.0.as_str()),
                Some(code),
                "{}",
                &bomb[..40]
            );
            assert!(
                took < Duration::from_millis(250),
                "{took:?} for {}",
                &bomb[..40]
            );
        }
    }
}
