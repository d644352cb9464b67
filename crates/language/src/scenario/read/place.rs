//! Places of a case as tests write them: `deal`, `deal.amount`, `invoice`, `case`.

use countersign_core::{name::Name, world::Said};

use crate::{
    diagnostic::Code,
    scenario::suite::Seen,
    source::Span,
    yaml::{Data, Yaml},
};

use super::Reader;

/// The word for the case as a whole.
pub(in crate::scenario) const WHOLE_CASE: &str = "case";

impl Reader<'_> {
    /// Something of the case, by name.
    pub(super) fn seen(&self, text: &str, span: Span) -> Option<Seen> {
        let workflow = self.workflow;
        if text == WHOLE_CASE {
            return Some(Seen::Case);
        }
        let (first, field) = match text.split_once('.') {
            Some((first, field)) => (first, Some(field)),
            None => (text, None),
        };
        if let Some((form, declared)) = workflow.forms.get_key_value(first) {
            let Some(field) = field else {
                return Some(Seen::Form(form.clone()));
            };
            if let Some((field, _)) = declared.fields.get_key_value(field) {
                return Some(Seen::Field(form.clone(), field.clone()));
            }
            let message = format!("form `{first}` has no field `{field}`");
            let known = declared.fields.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, span, message, field, known);
            return None;
        }
        let material = workflow.materials.get_key_value(text);
        let link = workflow.links.get_key_value(text);
        let whole = material
            .map(|(name, _)| name)
            .or(link.map(|(name, _)| name));
        if whole.is_none() {
            let message = format!("there is no form, field, material or link `{text}`");
            let known = self.things().chain([WHOLE_CASE]);
            self.file
                .unknown(Code::NoSuchThing, span, message, text, known);
        }
        whole.cloned().map(Seen::Whole)
    }

    /// All forms, materials and links.
    pub(super) fn things(&self) -> impl Iterator<Item = &str> + Clone {
        let workflow = self.workflow;
        let names = workflow.forms.keys().chain(workflow.materials.keys());
        names.chain(workflow.links.keys()).map(Name::as_str)
    }

    /// Comments or replies: a text on the whole case, or texts by place.
    pub(super) fn said(&self, yaml: &Yaml, what: &str) -> Vec<Said> {
        let entries = match &yaml.data {
            Data::Map(entries) => entries,
            Data::Scalar(_) | Data::List(_) => {
                let text = self.file.word(yaml, what).map(str::to_owned);
                return text
                    .map(|text| Said { at: None, text })
                    .into_iter()
                    .collect();
            }
        };
        let said = entries.iter().filter_map(|entry| {
            let at = match self.seen(&entry.key.text, entry.key.span)? {
                Seen::Case => None,
                place @ (Seen::Form(_) | Seen::Field(..) | Seen::Whole(_)) => {
                    Some(place.to_string())
                }
            };
            let text = self.file.word(&entry.value, what)?.to_owned();
            Some(Said { at, text })
        });
        said.collect()
    }
}
