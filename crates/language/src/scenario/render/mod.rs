//! Reports for people and for programs.

mod github;
mod json;
mod junit;
mod text;

pub use github::render_github;
pub use json::render_json;
pub use junit::render_junit;
pub use text::render_text;

/// What of a report is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Show {
    /// Colours, for a terminal.
    pub colour: bool,
    /// What no scenario took.
    pub coverage: bool,
}
