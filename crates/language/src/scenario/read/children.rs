//! Child cases in scenarios: what `set` makes of them, and what `then` expects of them.

use std::{collections::BTreeMap, sync::Arc};

use countersign_core::{name::Name, workflow::Workflow};

use crate::{
    diagnostic::Code,
    scenario::suite::{SetChild, Wants},
    source::Span,
    yaml::{Entry, Yaml},
};

use super::Reader;

impl Reader<'_> {
    /// `{ reviews: { ecs: { state: done } } }`
    pub(super) fn set_children(&self, yaml: &Yaml) -> Vec<SetChild> {
        let mut set = Vec::new();
        for entry in self.file.mapping(yaml, "`children`") {
            let Some((of, workflow)) = self.children_called(entry) else {
                continue;
            };
            for child in self.file.mapping(&entry.value, "child cases") {
                let what = format!("child `{}`", child.key.text);
                let fields = self.file.mapping(&child.value, &what);
                let state = child.value.get("state");
                set.push(SetChild {
                    of: of.clone(),
                    key: child.key.text.clone(),
                    state: state.and_then(|state| self.state(state, &workflow)),
                    data: self.forms_of_case(fields, &workflow, &["state"]),
                });
            }
        }
        set
    }

    /// `{ reviews: { ecs: draft } }`
    pub(super) fn expected_children(&self, yaml: &Yaml) -> Vec<(Span, Wants)> {
        let entries = self.file.mapping(yaml, "`children`").iter();
        let wants = entries.filter_map(|entry| {
            let (of, workflow) = self.children_called(entry)?;
            let children = self.file.mapping(&entry.value, "child cases").iter();
            let children = children.filter_map(|child| {
                let state = self.state(&child.value, &workflow)?;
                Some((child.key.text.clone(), state))
            });
            let children: BTreeMap<String, String> = children.collect();
            Some((entry.value.span, Wants::Children(of, children)))
        });
        wants.collect()
    }

    /// `reviews.ecs`: which of the workflow's `children`, the key, and the child's workflow.
    pub(super) fn child_named(&self, yaml: &Yaml) -> Option<(Name, String, Arc<Workflow>)> {
        let text = self.file.word(yaml, "`child`")?;
        let Some((of, key)) = text.split_once('.') else {
            let message = format!("`{text}` names no child");
            let help = "write which children and the key of one: `child: reviews.ecs`";
            self.file.bad_value(yaml.span, message, help);
            return None;
        };
        let (name, workflow) = self.children_of(of, yaml.span)?;
        Some((name, key.to_owned(), workflow))
    }

    fn children_called(&self, entry: &Entry) -> Option<(Name, Arc<Workflow>)> {
        self.children_of(&entry.key.text, entry.key.span)
    }

    fn children_of(&self, text: &str, span: Span) -> Option<(Name, Arc<Workflow>)> {
        let Some((name, children)) = self.workflow.children.get_key_value(text) else {
            let message = format!("the workflow has no `children` called `{text}`");
            let known = self.workflow.children.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, span, message, text, known);
            return None;
        };
        let mut known = self.known.iter();
        let workflow = known.find(|workflow| workflow.id == children.workflow)?;
        Some((name.clone(), Arc::clone(workflow)))
    }
}
