//! Refusals as scenarios name them.

use std::collections::BTreeSet;

use countersign_core::{outcome::Refusal, view::refusal_text};

use super::list_of;

/// Why something was refused.
pub(in crate::scenario) struct Refused {
    pub(super) reasons: BTreeSet<String>,
    /// Another word for the same, where there is one.
    also: Option<&'static str>,
    details: Vec<String>,
}

impl Refused {
    /// The names that failed, or the one reason.
    pub(super) fn new(refusal: &Refusal) -> Self {
        let one = |reason: &str| BTreeSet::from([reason.to_owned()]);
        let (reasons, also) = match refusal {
            Refusal::Missing(missing) | Refusal::Invalid(missing) => {
                let names = missing.iter().map(|missing| missing.name.clone());
                (names.collect(), None)
            }
            // Whoever may not even know of the case has none of the roles either.
            Refusal::NotFound => (one("who"), Some("not_found")),
            Refusal::CodeNeeded => (one("code"), None),
            Refusal::UnknownAction { .. }
            | Refusal::Stale { .. }
            | Refusal::DeadLink
            | Refusal::Who { .. }
            | Refusal::NotHere { .. }
            | Refusal::NotUndone
            | Refusal::When
            | Refusal::Except
            | Refusal::Voted
            | Refusal::OnHold => (one(refusal.code()), None),
        };
        Self {
            reasons,
            also,
            details: details(refusal),
        }
    }

    /// Whether these are the reasons.
    pub(super) fn is_for(&self, reasons: &BTreeSet<String>) -> bool {
        let also = self.also.map(|also| BTreeSet::from([also.to_owned()]));
        self.reasons == *reasons || also.as_ref() == Some(reasons)
    }

    /// For people.
    pub(super) fn told(&self) -> String {
        let reasons = list_of(&self.reasons);
        format!("refused: {reasons} ({})", self.details.join(" "))
    }
}

fn details(refusal: &Refusal) -> Vec<String> {
    match refusal {
        Refusal::Missing(missing) | Refusal::Invalid(missing) => missing
            .iter()
            .map(|missing| missing.message.en.clone())
            .collect(),
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
        | Refusal::CodeNeeded
        | Refusal::OnHold => vec![refusal_text(refusal, None).1.en],
    }
}
