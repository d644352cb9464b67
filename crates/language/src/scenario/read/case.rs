//! What people do to a case besides filling in and deciding: comments alone, and what operators do.

use crate::{
    scenario::suite::{Comments, Migrates, Moves, Who},
    yaml::{Entry, Yaml},
};

use super::Reader;

impl Reader<'_> {
    /// `rita comments: …`, with `internal: …` beside it or instead.
    pub(super) fn comments(&self, who: &Who, entry: &Entry, others: &[&Entry]) -> Option<Comments> {
        let comments = if entry.value.is_null() {
            Vec::new()
        } else {
            self.said(&entry.value, "a comment")
        };
        let internal = others.iter().find(|other| other.key.text == "internal");
        let internal = internal.map_or_else(Vec::new, |entry| self.said(&entry.value, "a comment"));
        if comments.is_empty() && internal.is_empty() {
            let help = "for example `- rita comments: { deal.amount: Is this net? }`";
            self.file
                .bad_value(entry.key.span, "nothing is said here", help);
            return None;
        }
        Some(Comments {
            who: who.clone(),
            open: comments,
            internal,
        })
    }

    /// Why an operator does it.
    pub(super) fn reason(&self, yaml: &Yaml) -> Option<String> {
        self.file.word(yaml, "a reason").map(str::to_owned)
    }

    /// `otto migrates: why`, with the values that the newer version asks for.
    pub(super) fn migrates(&self, who: &Who, entry: &Entry, others: &[&Entry]) -> Option<Migrates> {
        let data = others.iter().filter_map(|other| {
            let form = other.key.text.as_str();
            let values = self.form(self.workflow, form, &other.value)?;
            Some((form.to_owned(), values))
        });
        Some(Migrates {
            who: who.clone(),
            data: data.collect(),
            reason: self.reason(&entry.value)?,
        })
    }

    /// `otto moves: review`, with `comment: why` beside it.
    pub(super) fn moves(&self, who: &Who, entry: &Entry, others: &[&Entry]) -> Option<Moves> {
        let to = self.state(&entry.value, self.workflow)?;
        let reason = others.iter().find(|other| other.key.text == "comment");
        let reason = reason.and_then(|reason| self.reason(&reason.value));
        Some(Moves {
            who: who.clone(),
            to,
            reason: reason.unwrap_or_else(|| "for the story".to_owned()),
        })
    }
}
