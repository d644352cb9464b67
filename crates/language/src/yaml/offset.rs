//! From a place in a scalar's value back to its place in the file, over quotation marks, escapes,
//! folded lines and the indentation of blocks.

use crate::source::Span;

use super::{Scalar, Style, Yaml};

impl Yaml {
    /// The place in the file of a piece of this scalar's text. For a list or mapping, its own place.
    pub fn span_within(&self, text: &str, piece: std::ops::Range<usize>) -> Span {
        let Some(scalar) = self.scalar() else {
            return self.span;
        };
        let raw = text.get(self.span.start..self.span.end).unwrap_or_default();
        let (mut start, mut end) = (None, None);
        let line_start = text[..self.span.start]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let mut walk = Walk::new(scalar, raw, self.span.start - line_start);
        let mut at = 0;
        for wanted in scalar.text.chars() {
            let here = walk.next(wanted);
            if at >= piece.start && start.is_none() {
                start = Some(here.start);
            }
            if at < piece.end {
                end = Some(here.end);
            }
            at += wanted.len_utf8();
        }
        let close = walk.at;
        let start = start.unwrap_or(close);
        let end = end.unwrap_or(close).max(start);
        Span::new(self.span.start + start, self.span.start + end)
    }
}

/// Walks along the raw text of a scalar.
struct Walk<'a> {
    raw: &'a str,
    at: usize,
    style: Style,
    /// How far the lines of a block are indented.
    indentation: usize,
}

impl<'a> Walk<'a> {
    fn new(scalar: &Scalar, raw: &'a str, column: usize) -> Self {
        let at = match scalar.style {
            Style::Plain | Style::Literal | Style::Folded => 0,
            Style::Single | Style::Double => 1,
        };
        Self {
            raw,
            at: at.min(raw.len()),
            style: scalar.style,
            indentation: column,
        }
    }

    /// The place of the next character of the value, which is `wanted`.
    fn next(&mut self, wanted: char) -> Span {
        let start = self.at;
        let Some(found) = self.raw[start..].chars().next() else {
            return Span::new(start, start);
        };
        match (self.style, found) {
            (Style::Double, '\\') => self.escape(start, wanted),
            (Style::Single, '\'') => self.at += 2,
            (_, '\n' | '\r') => self.line_break(wanted),
            (Style::Plain | Style::Single | Style::Double | Style::Folded, ' ')
                if self.at_line_end() =>
            {
                self.line_break(wanted);
            }
            _ => self.at += found.len_utf8(),
        }
        self.at = self.at.min(self.raw.len());
        while !self.raw.is_char_boundary(self.at) {
            self.at += 1;
        }
        Span::new(start, self.at)
    }

    fn escape(&mut self, start: usize, wanted: char) {
        let kind = self.raw[start + 1..].chars().next();
        self.at = start
            + match kind {
                Some('x') => 4,
                Some('u') => 6,
                Some('U') => 10,
                Some('\n') => {
                    // An escaped line break vanishes: go on with the next line.
                    self.at = start + 2;
                    self.skip_blanks();
                    self.next(wanted);
                    return;
                }
                Some(other) => 1 + other.len_utf8(),
                None => 1,
            };
    }

    fn at_line_end(&self) -> bool {
        let rest = self.raw[self.at..].trim_start_matches(' ');
        rest.starts_with('\n') || rest.starts_with("\r\n")
    }

    /// A line break of the raw text: folded into a space, or kept.
    fn line_break(&mut self, wanted: char) {
        match self.style {
            Style::Literal => {
                self.at += self.raw[self.at..]
                    .find('\n')
                    .map_or(0, |newline| newline + 1);
                self.skip_indentation();
            }
            Style::Plain | Style::Single | Style::Double | Style::Folded => {
                self.at += self.raw[self.at..]
                    .find('\n')
                    .map_or(0, |newline| newline + 1);
                if wanted == '\n' {
                    // One more empty line stands for each line break that is kept.
                    let rest = &self.raw[self.at..];
                    let blank = rest.len() - rest.trim_start_matches(' ').len();
                    if rest[blank..].starts_with('\n') {
                        let after = &rest[blank + 1..];
                        if after.trim_start_matches(' ').starts_with('\n') {
                            self.at += blank;
                            return;
                        }
                    }
                }
                self.skip_blanks();
            }
        }
    }

    fn skip_blanks(&mut self) {
        let rest = &self.raw[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\n', '\r']).len();
    }

    fn skip_indentation(&mut self) {
        let rest = &self.raw[self.at..];
        let blank = rest.len() - rest.trim_start_matches(' ').len();
        self.at += blank.min(self.indentation);
    }
}

#[cfg(test)]
mod tests {
    use crate::{diagnostic::Finding, source::Source, yaml};

    #[track_caller]
    fn assert_found(text: &str, piece: &str) {
        let source = Source::new("a.yaml", text.into());
        let mut findings: Vec<Finding> = Vec::new();
        let root = yaml::parse(&source, &mut findings).expect("it is YAML");
        let value = root.get("x").expect("there is an x");
        let scalar = value.scalar().expect("it is a text");
        let at = scalar.text.find(piece).expect("the value has the piece");
        let span = value.span_within(text, at..at + piece.len());
        assert_eq!(
            &text[span.start..span.end],
            piece,
            "{:?} in {text:?}",
            scalar.text
        );
    }

    #[test]
    fn finds_pieces_of_values_in_the_file() {
        for (text, piece) in [
            ("x: deal.amount > 1", "amount"),
            ("中: 文\nx: \"项目 {{deal.amount}}\"", "deal.amount"),
            ("x: \"a\\n\\u4e2d \\\"b\\\" deal\"", "deal"),
            ("x: 'it''s deal'", "deal"),
            ("x: one\n   two three", "three"),
            ("x: one\n   two three", "two"),
            ("x: |\n  first 行\n  second {{now}}\n", "now"),
            ("x: |\n  first\n\n  second {{now}}\n", "second"),
            ("x: |\n  first\n    deeper {{now}}\n", "now"),
            ("x: >-\n  first\n  second {{now}}\n", "now"),
            ("x: \"first\n\n   second {{now}}\"", "now"),
            ("x: \"first \\\n   second {{now}}\"", "now"),
        ] {
            assert_found(text, piece);
        }
    }
}
