//! What a step of a scenario writes into forms and materials. Which step it is, is `step`'s.

use countersign_core::{command::Patch, world::SIZE};

use crate::{
    diagnostic::Code,
    lower::size,
    scenario::suite::{Edits, Files, Who},
    source::Span,
    yaml::{Entry, Yaml},
};

use super::Reader;

impl Reader<'_> {
    pub(super) fn edits(&self, who: &Who, entry: &Entry, others: &[&Entry]) -> Option<Edits> {
        let mut edits = Edits {
            who: who.clone(),
            data: Patch::new(),
            files: Vec::new(),
            replies: Vec::new(),
        };
        if !entry.value.is_null() {
            for part in self.file.mapping(&entry.value, "what is edited") {
                let span = part.key.span;
                if self.workflow.links.contains_key(part.key.text.as_str()) {
                    let message = "a related case is picked when the case is opened";
                    self.file
                        .bad_value(span, message, "put it into the step `… opens`");
                    continue;
                }
                self.form_or_file(part, &mut edits.data, &mut edits.files, span);
            }
        }
        let reply = others.iter().find(|other| other.key.text == "reply");
        edits.replies = reply.map_or_else(Vec::new, |reply| self.said(&reply.value, "`reply`"));
        if entry.value.entries().is_empty() && reply.is_none() {
            let help = "for example `- pat edits: { deal: { amount: 330000 } }`";
            self.file
                .bad_value(entry.key.span, "nothing is edited here", help);
            return None;
        }
        Some(edits)
    }

    pub(super) fn form_or_file(
        &self,
        entry: &Entry,
        data: &mut Patch,
        files: &mut Files,
        span: Span,
    ) {
        let key = entry.key.text.as_str();
        if self.workflow.forms.contains_key(key) {
            if let Some(values) = self.form(self.workflow, key, &entry.value) {
                data.insert(key.to_owned(), values);
            }
        } else if let Some((material, _)) = self.workflow.materials.get_key_value(key) {
            let names = entry.value.items().iter();
            let names = names.flat_map(|file| self.files(file));
            files.push((material.clone(), names.collect()));
        } else {
            let message = format!("there is no form, material or link `{key}`");
            let known = self.things();
            self.file
                .unknown(Code::NoSuchThing, span, message, key, known);
        }
    }

    /// `i.pdf`, or `{ i.pdf: 25 MB }`.
    pub(super) fn files(&self, yaml: &Yaml) -> Vec<(String, u64)> {
        if yaml.is_map() {
            let files = yaml.entries().iter().filter_map(|file| {
                let size = size(self.file, &file.value, "the size of a file")?;
                Some((file.key.text.clone(), size))
            });
            return files.collect();
        }
        let name = self.file.word(yaml, "the name of a file");
        name.map(|name| (name.to_owned(), SIZE))
            .into_iter()
            .collect()
    }
}
