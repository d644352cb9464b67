//! What all pages are made of: the frame around them, words in both languages, and how moments are told.

mod bare;
mod frame;
mod trouble;
mod when;

pub use bare::{bare, drafts, icon, keys, live, picture, style, tag};
pub use frame::{Nav, Page, narrow};
pub use trouble::{not_there, nowhere, trouble};
pub use when::Clockwork;

use countersign_core::text::Language;

/// What a case is called: by its number, until somebody has said what it is about.
pub fn called<'t>(title: &'t str, number: &'t str) -> &'t str {
    if title.trim().is_empty() {
        number
    } else {
        title
    }
}

/// The fixed words of a page, for a reader of this language: both stand side by side where they are used.
pub fn say(language: Language, en: &'static str, zh: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}
