//! What the words of an `enum` and the members of objects are called on pages: by the titles of the workflow's file, else
//! as they are written, spelt out. Answers of the API have them as written.

use countersign_core::{
    text::Language,
    workflow::{Field, Titles},
};

/// What is within a field, by name.
#[derive(Debug, Clone)]
pub struct Called<'a> {
    titles: &'a Titles,
    /// The members that lead here.
    path: Vec<&'a str>,
    language: Language,
}

impl<'a> Called<'a> {
    /// What is in this field.
    pub fn of(field: &'a Field, language: Language) -> Self {
        Self {
            titles: &field.titles,
            path: Vec::new(),
            language,
        }
    }

    /// What a member here is called.
    pub fn member(&self, name: &'a str) -> String {
        let title = self.titles.member(&self.within(name).path);
        title.map_or_else(|| spelt(name), |title| title.get(self.language).to_owned())
    }

    /// What a word here is called.
    pub fn word(&self, word: &str) -> String {
        let title = self.titles.word(&self.path, word);
        title.map_or_else(|| spelt(word), |title| title.get(self.language).to_owned())
    }

    /// What is in a member here.
    pub fn within(&self, name: &'a str) -> Self {
        let path = self.path.iter().copied();
        Self {
            path: path.chain([name]).collect(),
            ..self.clone()
        }
    }
}

/// A word of a workflow file as people read it: `partner_user`, "Partner user".
pub fn spelt(word: &str) -> String {
    let spaced = word.replace('_', " ");
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => spaced,
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::text::Text;

    use super::*;

    #[test]
    fn words_and_members_have_their_titles_or_are_spelt_out() {
        let mut titles = Titles::default();
        titles.name_member(&["step"], Text::new("Step", "步骤"));
        titles.name_word(&["step"], "sign_off", Text::new("Sign-off", "签署"));
        let called = Called {
            titles: &titles,
            path: Vec::new(),
            language: Language::Zh,
        };
        assert_eq!(called.member("step"), "步骤");
        assert_eq!(called.within("step").word("sign_off"), "签署");
        assert_eq!(called.word("sign_off"), "Sign off");
        assert_eq!(called.member("due_by"), "Due by");
    }
}
