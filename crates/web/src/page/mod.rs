//! What all pages are made of: the frame around them, words in both languages, and how moments are told.

mod bare;
mod frame;
mod trouble;
mod when;

pub use bare::{bare, drafts, icon, keys, live, style};
pub use frame::{Nav, Page};
pub use trouble::trouble;
pub use when::Clockwork;

use countersign_core::text::Language;

/// The fixed words of a page, for a reader of this language: both stand side by side where they are used.
pub fn say(language: Language, en: &'static str, zh: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}
