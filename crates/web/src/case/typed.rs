//! What somebody has typed into a page that is shown again, and what was wrong with it.

use countersign_core::{
    outcome::{Missing, Refusal},
    text::Language,
    view::refusal_text,
    workflow::Workflow,
};

use crate::door::Fields;

/// A page that is shown again.
#[derive(Debug, Default)]
pub struct Typed {
    /// What was typed; `None`: nothing yet, the stored values are shown.
    pub fields: Option<Fields>,
    /// What was wrong.
    pub faults: Vec<Fault>,
    /// What else there is to say, above all.
    pub notice: Option<String>,
    /// The action that this is about, where there is no choice of several.
    pub chosen: Option<String>,
    /// A comment that waits to be sent with something.
    pub said: Option<String>,
    /// What was done just before.
    pub done: Option<String>,
    /// Whether a code is asked for.
    pub asks_code: bool,
}

/// Something that was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place that it is about: `deal.amount`, `comment`, `code`.
    pub at: String,
    /// What to tell.
    pub message: String,
}

impl Typed {
    /// What was typed under this name.
    pub fn value(&self, name: &str) -> Option<&str> {
        match &self.fields {
            Some(fields) => fields.first(name),
            None => self.said.as_deref().filter(|_| name == "comment"),
        }
    }

    /// The action that was chosen.
    pub fn chosen(&self) -> Option<&str> {
        self.chosen.as_deref().or_else(|| self.value("do"))
    }

    /// The fault at this place.
    pub fn fault(&self, at: &str) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.at == at)
    }

    /// The same page again after a refusal.
    pub fn refused(
        fields: Fields,
        refusal: &Refusal,
        workflow: Option<&Workflow>,
        language: Language,
    ) -> Self {
        let mut typed = Self {
            fields: Some(fields),
            ..Self::default()
        };
        let (title, why) = refusal_text(refusal, workflow);
        match refusal {
            Refusal::Missing(missing) | Refusal::Invalid(missing) => {
                typed.asks_code = missing.iter().any(|missing| missing.name == "code");
                typed.faults = missing.iter().map(|one| Fault::of(one, language)).collect();
            }
            Refusal::CodeNeeded => {
                typed.asks_code = true;
                typed.notice = Some(why.get(language).to_owned());
            }
            Refusal::NotFound
            | Refusal::UnknownAction { .. }
            | Refusal::Stale { .. }
            | Refusal::DeadLink
            | Refusal::Who { .. }
            | Refusal::NotHere { .. }
            | Refusal::NotUndone
            | Refusal::When
            | Refusal::Except
            | Refusal::Voted
            | Refusal::OnHold => {
                let (title, why) = (title.get(language), why.get(language));
                typed.notice = Some(format!("{title}. {why}"));
            }
        }
        typed
    }
}

impl Fault {
    /// Of something that is missing.
    pub fn of(missing: &Missing, language: Language) -> Self {
        let at = missing.at.as_ref().map(ToString::to_string);
        Self {
            at: at.unwrap_or_else(|| missing.name.clone()),
            message: missing.message.get(language).to_owned(),
        }
    }
}
