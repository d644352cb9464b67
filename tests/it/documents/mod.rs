//! What the documents say is so: examples pass the checker, answers are answered, keywords and settings are all told of.
//! Not for links and for the parts that pages must have, which `architecture` holds.

mod by_example;
mod language;
mod operating;
mod overlay;
mod page;
mod patterns;
mod readme;
