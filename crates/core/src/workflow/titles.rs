//! What people call the words of an `enum` and the members of objects within a field. What they hold is the field's kind.

use std::collections::BTreeMap;

use crate::text::Text;

/// The titles within a field, by their places in it; what has none is called as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Titles(BTreeMap<(String, Option<String>), Text>);

impl Titles {
    /// What a member of an object is called. `path` leads to it through objects; lists on the way do not count:
    /// `["level"]` is a member of the field's object, or of the objects in its list.
    pub fn member(&self, path: &[&str]) -> Option<&Text> {
        self.0.get(&(path.join("."), None))
    }

    /// What a word is called, of the `enum` at this path; the field's own, or that of its list's entries, is at `[]`.
    pub fn word(&self, path: &[&str], word: &str) -> Option<&Text> {
        self.0.get(&(path.join("."), Some(word.to_owned())))
    }

    /// Adds what a member is called.
    pub fn name_member(&mut self, path: &[&str], title: Text) {
        self.0.insert((path.join("."), None), title);
    }

    /// Adds what a word is called.
    pub fn name_word(&mut self, path: &[&str], word: &str, title: Text) {
        self.0
            .insert((path.join("."), Some(word.to_owned())), title);
    }
}
