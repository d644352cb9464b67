//! Messages: templates of mails. A message becomes deliveries, one for each receiver.

use serde::{Deserialize, Serialize};

use crate::{expression::Expression, name::Name, template::Template, text::Language};

/// Something in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Localized<T> {
    /// In English.
    pub en: T,
    /// In Chinese.
    pub zh: T,
}

impl<T> Localized<T> {
    /// What this language's reader gets.
    pub fn get(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// A template of a mail.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its name in the file.
    pub name: Name,
    /// Whether the workflow's own file declares it (shared ones are not).
    pub own: bool,
    /// Who gets it.
    pub to: Recipient,
    /// The subject.
    pub subject: Localized<Template>,
    /// The body, in Markdown.
    pub body: Localized<Template>,
}

/// Who gets a message.
#[derive(Debug, Clone)]
pub enum Recipient {
    /// Everybody in a role; for a starter's role the starter himself.
    Role(Name),
    /// Those who may still vote in the running review.
    Reviewers,
    /// An address.
    Address(Expression),
}
