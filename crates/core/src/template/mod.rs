//! Texts with `{{ expression }}` in them, filled in for one reader.

mod shown;

use crate::expression::{Bindings, Expect, Expression, Failure, Problem, Scope, Value};
use crate::name::Name;
use crate::sight::{CASE_LINK, OPEN_COMMENTS};
use crate::text::Language;
use crate::time::Zone;

pub use shown::{NOTHING, shown};

/// A checked text with placeholders. Cloning is cheap enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Literal(String),
    Shown(Expression),
    Button(String),
}

/// A piece of a text that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// What the author of the workflow wrote, in Markdown.
    Literal(String),
    /// A value: to be escaped before it is shown.
    Value(String),
    /// The button of an action.
    Button(String),
    /// Where the case's page is.
    CaseLink,
    /// The comments that wait for an answer.
    OpenComments,
}

/// A text that was filled in for one reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text, piece by piece.
    pub parts: Vec<Part>,
    /// Why some values are shown as "–", in the order of the text.
    pub failures: Vec<Failure>,
}

impl Template {
    /// Parses and checks a text; problems are located in bytes of the whole text.
    pub fn compile(source: &str, scope: &Scope) -> Result<Self, Vec<Problem>> {
        let mut pieces = Vec::new();
        let mut problems = Vec::new();
        let mut at = 0;
        while let Some(opening) = source[at..].find("{{").map(|found| at + found) {
            literal(&mut pieces, &source[at..opening]);
            let inside = opening + 2;
            let Some(length) = inner_length(&source[inside..]) else {
                let problem = Problem::new("E300", (opening, inside), "this `{{` is never closed");
                problems.push(problem.help("close it with `}}`"));
                at = source.len();
                break;
            };
            match placeholder(&source[inside..inside + length], inside, scope) {
                Ok(piece) => pieces.push(piece),
                Err(found) => problems.extend(found),
            }
            at = inside + length + 2;
        }
        literal(&mut pieces, &source[at..]);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            source: source.to_owned(),
            pieces,
        })
    }

    /// The text as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The actions whose buttons stand in the text.
    pub fn buttons(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Button(action) => Some(action.as_str()),
            Piece::Literal(_) | Piece::Shown(_) => None,
        })
    }

    /// The expressions in the text.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Shown(expression) => Some(expression),
            Piece::Literal(_) | Piece::Button(_) => None,
        })
    }

    /// The text for a reader: values in their language, moments in their zone, and "–" for what failed.
    pub fn render(&self, bindings: &dyn Bindings, language: Language, zone: Zone) -> Rendered {
        self.render_with(bindings, language, zone, &|_, _| None)
    }

    /// The same; `titled` says what a word is called that a placeholder of just this source gives.
    pub fn render_with(
        &self,
        bindings: &dyn Bindings,
        language: Language,
        zone: Zone,
        titled: &dyn Fn(&str, &str) -> Option<String>,
    ) -> Rendered {
        let mut rendered = Rendered::default();
        for piece in &self.pieces {
            let part = match piece {
                Piece::Literal(text) => Part::Literal(text.clone()),
                Piece::Button(action) => Part::Button(action.clone()),
                Piece::Shown(expression) => match expression.evaluate(bindings) {
                    Ok(Value::String(word)) => stands_for(expression, &word).unwrap_or_else(|| {
                        let title = titled(expression.source(), &word);
                        Part::Value(title.unwrap_or_else(|| word.to_string()))
                    }),
                    Ok(value) => Part::Value(shown(&value, language, zone)),
                    Err(failure) => {
                        rendered.failures.push(failure);
                        Part::Value(NOTHING.to_owned())
                    }
                },
            };
            rendered.parts.push(part);
        }
        rendered
    }
}

/// What stands in for something that only the sender of a mail has. Whoever types the same signs into a field gets none of it.
fn stands_for(expression: &Expression, value: &str) -> Option<Part> {
    let (path, part) = match value {
        CASE_LINK => ("case.link", Part::CaseLink),
        OPEN_COMMENTS => ("comments.open", Part::OpenComments),
        _ => return None,
    };
    let mut reads = expression.reads().iter();
    reads.any(|read| read == path).then_some(part)
}

fn literal(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Literal(text.to_owned()));
    }
}

/// How far it is to the `}}` that closes a placeholder; one in quotes does not.
fn inner_length(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, sign) in text.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if sign == '\\' => escaped = true,
            Some(open) if sign == open => quote = None,
            Some(_) => {}
            None if matches!(sign, '\'' | '"') => quote = Some(sign),
            None if text[at..].starts_with("}}") => return Some(at),
            None => {}
        }
    }
    // A quote that is never closed is the expression's own problem.
    quote.and_then(|_| text.find("}}"))
}

/// What stands between `{{` and `}}`.
fn placeholder(text: &str, base: usize, scope: &Scope) -> Result<Piece, Vec<Problem>> {
    let trimmed = text.trim();
    let base = base + (text.len() - text.trim_start().len());
    if let Some(action) = trimmed.strip_prefix("button.") {
        if Name::parse(action).is_ok() {
            return Ok(Piece::Button(action.to_owned()));
        }
        let place = (base, base + trimmed.len());
        let problem = Problem::new("E302", place, "a button is named after its action");
        return Err(vec![problem.help("write `{{button.accept}}`")]);
    }
    match Expression::compile(trimmed, scope, &Expect::Shown) {
        Ok(expression) => Ok(Piece::Shown(expression)),
        Err(problems) => Err(problems
            .into_iter()
            .map(|problem| Problem {
                start: problem.start + base,
                end: problem.end + base,
                ..problem
            })
            .collect()),
    }
}

impl Rendered {
    /// The whole as plain text; a button is shown by the name of its action in brackets, and what only the sender has not
    /// at all.
    pub fn text(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Literal(text) | Part::Value(text) => text.clone(),
            Part::Button(action) => format!("[{action}]"),
            Part::CaseLink | Part::OpenComments => String::new(),
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests;
