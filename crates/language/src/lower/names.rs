//! The names that a file declares, and the one namespace that most of them share (SEMANTICS 1).

use std::collections::BTreeMap;

use countersign_core::name::Name;
use indexmap::{IndexMap, IndexSet};

use crate::{diagnostic::Code, file::File, shared::Shared, source::Span, yaml::Yaml};

use super::states::Outline;

/// The names that the file declares, and the shared ones.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) roles: IndexSet<Name>,
    /// With whether they are optional.
    pub(crate) materials: IndexMap<Name, bool>,
    pub(crate) rules: IndexSet<Name>,
    pub(crate) limits: IndexSet<Name>,
    pub(crate) links: IndexSet<Name>,
    pub(crate) children: IndexSet<Name>,
    pub(crate) messages: IndexSet<Name>,
    pub(crate) actions: IndexSet<String>,
}

/// Names that mean something in every expression.
const BUILT_IN: [&str; 21] = [
    "children",
    "facts",
    "limits",
    "timers",
    "comments",
    "button",
    "partner",
    "starter",
    "actor",
    "case",
    "state",
    "votes",
    "cast",
    "members",
    "remaining",
    "seats",
    "lists",
    "now",
    "today",
    "comment",
    "item",
];
/// Words of `require` besides names.
const WORDS: [&str; 5] = ["rules", "materials", "replies", "code", "code_if_enabled"];
/// The sections whose names share one namespace.
const SECTIONS: [&str; 7] = [
    "forms",
    "materials",
    "rules",
    "limits",
    "links",
    "children",
    "tables",
];

impl Names {
    pub(crate) fn read(file: &File, shared: &Shared, outline: &Outline<'_>) -> Self {
        let of = |section: &str| -> Vec<Name> {
            let entries = file.root.get(section).map_or(&[][..], Yaml::entries);
            let names = entries.iter().map(|entry| Name::parse(&entry.key.text));
            names.filter_map(Result::ok).collect()
        };
        let with_optional = |name: Name| {
            let path = ["materials", name.as_str(), "optional"];
            let optional = file.root.find(&path).and_then(|entry| entry.value.scalar());
            let optional = optional.is_some_and(|scalar| scalar.text == "true");
            (name, optional)
        };
        let and_shared = |section| of(section).into_iter().chain(shared.names(section));
        Self {
            roles: and_shared("roles").collect(),
            materials: of("materials").into_iter().map(with_optional).collect(),
            rules: of("rules").into_iter().collect(),
            limits: of("limits").into_iter().collect(),
            links: of("links").into_iter().collect(),
            children: of("children").into_iter().collect(),
            messages: and_shared("messages").collect(),
            actions: outline.action_names().map(str::to_owned).collect(),
        }
    }

    /// Reports names that are taken.
    pub(crate) fn check_namespace(&self, file: &File) {
        let mut first: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
        for section in SECTIONS {
            let entries = file.root.get(section).map_or(&[][..], Yaml::entries);
            for entry in entries {
                let name = entry.key.text.as_str();
                let span = entry.key.span;
                if BUILT_IN.contains(&name) || WORDS.contains(&name) {
                    let message = format!("`{name}` already has a meaning of its own");
                    let help = format!("take another name, for example `the_{name}`");
                    file.report(Code::NameTaken, span, message, help);
                } else if let Some((other, other_span)) = first.get(name) {
                    let message = format!("`{name}` is also the name of something in `{other}`");
                    let help = "forms, materials, rules, limits, links, children and tables share one namespace: rename one of them";
                    let finding = file.finding(Code::NameTaken, span, message, help);
                    file.add(finding.also(*other_span, "the other one"));
                } else {
                    if self.actions.contains(name) {
                        let message = format!("`{name}` is also the name of an action");
                        let help = "both could be meant in `require`: rename one of them";
                        file.report(Code::NameTaken, span, message, help);
                    }
                    first.insert(name, (section, span));
                }
            }
        }
    }
}
