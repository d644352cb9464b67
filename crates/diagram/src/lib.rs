//! Draws workflows, and how far a case has come in one: as SVG, as Mermaid and in words, in the reader's language.

mod draw;
mod geometry;
mod layout;
mod level;
mod looks;
mod mark;
mod measure;
mod mermaid;
mod pen;
mod picture;
mod plain;
mod plan;
mod read;
mod sentences;
mod straight;
mod svg;
mod text;
mod wiring;
mod words;

#[cfg(test)]
mod quality;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod shipped;

pub use draw::{in_words, mermaid, svg, svg_with_counts};
pub use mark::{CaseMark, Moved, Mover};
pub use sentences::{StateSaid, in_sentences};
pub use svg::STYLE;
pub use words::timer as timer_in_words;
