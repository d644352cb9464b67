//! `always` and `never`: what must hold in every story, in the language of expressions.

use countersign_core::{
    expression::{Expect, NamedKind, Scope},
    name::Name,
};

use crate::{
    diagnostic::Code,
    lower::expression,
    scenario::suite::{Property, PropertyKind},
    yaml::{Entry, Yaml},
};

use super::{Reader, unique};

impl Reader<'_> {
    /// The properties below `always` or `never`.
    pub(super) fn properties(
        &self,
        yaml: &Yaml,
        kind: PropertyKind,
        scope: &Scope,
    ) -> Vec<Property> {
        let entries = self.file.mapping(yaml, &format!("`{}`", kind.as_str()));
        entries
            .iter()
            .filter_map(|entry| self.property(entry, kind, scope))
            .collect()
    }

    fn property(&self, entry: &Entry, kind: PropertyKind, scope: &Scope) -> Option<Property> {
        let what = format!("`{}`", entry.key.text);
        let check = expression(self.file, &entry.value, scope, &Expect::Bool, &what)?;
        for named in check.named() {
            let text = named.text.as_str();
            let span = entry
                .value
                .span_within(self.file.text(), named.start..named.end);
            let workflow = self.workflow;
            match named.kind {
                NamedKind::State if workflow.states.find(text).is_none() => {
                    let message = format!("there is no state `{text}`");
                    let paths = unique(workflow.states.iter().map(|state| state.path.as_str()));
                    self.file
                        .unknown(Code::NamesNothing, span, message, text, paths);
                }
                NamedKind::Action if !workflow.knows_action(text) && text != "open" => {
                    let message = format!("there is no action `{text}`");
                    let names = unique(workflow.action_names().map(Name::as_str));
                    self.file
                        .unknown(Code::NamesNothing, span, message, text, names);
                }
                NamedKind::State | NamedKind::Action => {}
            }
        }
        Some(Property {
            name: entry.key.text.clone(),
            span: entry.key.span,
            kind,
            check,
        })
    }
}
