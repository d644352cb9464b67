//! Turns that change hands in a scenario: released, delegated, reassigned. What else people do is `step`'s.

use countersign_core::{case::PersonId, command::Command};

use crate::{
    scenario::suite::{Does, Who},
    yaml::Entry,
};

use super::Reader;

/// Releasing, for no reason that a story needs.
pub(super) fn release() -> Command {
    Command::Release {
        reason: String::new(),
    }
}

impl Reader<'_> {
    /// `rita delegates: omar`.
    pub(super) fn delegates(&self, who: &Who, entry: &Entry) -> Option<Does> {
        let to = PersonId::new(self.person_named(&entry.value)?);
        let reason = String::new();
        Some(Does::Turn(who.clone(), Command::Delegate { to, reason }))
    }

    /// `otto reassigns: { rita: omar }`, with why as `comment`.
    pub(super) fn reassigns(&self, who: &Who, entry: &Entry, others: &[&Entry]) -> Option<Does> {
        let [pair] = self.file.mapping(&entry.value, "what is reassigned") else {
            let help = "write whose turn it is, and whose it becomes: `{ rita: omar }`";
            self.file
                .bad_value(entry.value.span, "one turn is reassigned", help);
            return None;
        };
        let from = pair.key.text.as_str();
        if !self.people.contains_key(from) {
            self.unknown_person(from, pair.key.span);
        }
        let reason = others.iter().find(|other| other.key.text == "comment");
        let reason = reason.and_then(|other| self.file.word(&other.value, "`comment`"));
        let command = Command::Reassign {
            from: Some(PersonId::new(from)),
            to: PersonId::new(self.person_named(&pair.value)?),
            reason: reason.unwrap_or("reassigned").to_owned(),
        };
        Some(Does::Turn(who.clone(), command))
    }
}
