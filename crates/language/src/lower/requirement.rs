//! The words of `require`.

use countersign_core::{name::Name, workflow::Requirement};

use crate::{diagnostic::Code, yaml::Yaml};

use super::Lowering;

impl Lowering<'_> {
    /// What an action requires, `rules` and `materials` spelt out, nothing twice.
    pub(super) fn requirements(&self, yaml: &Yaml) -> Vec<Requirement> {
        let mut all: Vec<Requirement> = Vec::new();
        for item in yaml.items() {
            let Some(word) = self.file.word(item, "a word of `require`") else {
                continue;
            };
            for requirement in self.requirement(item, word) {
                if !all.contains(&requirement) {
                    all.push(requirement);
                }
            }
        }
        all
    }

    fn requirement(&self, yaml: &Yaml, word: &str) -> Vec<Requirement> {
        let names = &self.names;
        match word {
            "comment" => return vec![Requirement::Comment],
            "replies" => return vec![Requirement::Replies],
            "code" => return vec![Requirement::Code],
            "rules" => return names.rules.iter().cloned().map(Requirement::Rule).collect(),
            "materials" => {
                let compulsory = names.materials.iter().filter(|(_, optional)| !**optional);
                return compulsory
                    .map(|(name, _)| Requirement::Material(name.clone()))
                    .collect();
            }
            "code_if_enabled" => return vec![Requirement::CodeIfEnabled],
            _ => {}
        }
        let form = self
            .forms
            .get_key_value(word)
            .map(|(name, _)| Requirement::Form(name.clone()));
        let material = || {
            names
                .materials
                .get_key_value(word)
                .map(|(name, _)| Requirement::Material(name.clone()))
        };
        let rule = || names.rules.get(word).cloned().map(Requirement::Rule);
        let limit = || names.limits.get(word).cloned().map(Requirement::Limit);
        let link = || names.links.get(word).cloned().map(Requirement::Link);
        let action = || {
            names
                .actions
                .get(word)
                .and_then(|name| Name::parse(name).ok())
                .map(Requirement::Action)
        };
        let found = form
            .or_else(material)
            .or_else(rule)
            .or_else(limit)
            .or_else(link)
            .or_else(action);
        if found.is_none() {
            let message = format!("nothing called `{word}` can be required");
            let words = [
                "comment",
                "replies",
                "code",
                "code_if_enabled",
                "rules",
                "materials",
            ];
            let words = words.into_iter();
            let declared = self
                .forms
                .keys()
                .chain(names.materials.keys())
                .chain(&names.rules);
            let declared = declared
                .chain(&names.limits)
                .chain(&names.links)
                .map(Name::as_str);
            let known = words
                .chain(declared)
                .chain(names.actions.iter().map(String::as_str));
            self.file
                .unknown(Code::NotRequirable, yaml.span, message, word, known);
        }
        found.into_iter().collect()
    }
}
