//! Who may edit, sees or is meant: roles, and things of a case.

use countersign_core::{
    name::Name,
    workflow::{Grant, Thing, Who},
};

use crate::{
    diagnostic::Code,
    yaml::{Data, Yaml},
};

use super::Lowering;

impl Lowering<'_> {
    /// A role; `system` is the second part of the answer.
    pub(super) fn role_name(&self, yaml: &Yaml) -> Option<(Option<Name>, bool)> {
        let text = self.file.word(yaml, "a role")?;
        if text == "system" {
            return Some((None, true));
        }
        let role = self.known_name(yaml, Code::NoSuchRole, "role", &self.names.roles)?;
        Some((Some(role), false))
    }

    /// A role or a list of roles.
    pub(super) fn who(&self, yaml: &Yaml) -> Who {
        let mut who = Who::default();
        for item in yaml.items() {
            match self.role_name(item) {
                Some((_, true)) => who.system = true,
                Some((role, false)) => who.roles.extend(role),
                None => {}
            }
        }
        who
    }

    /// `{ role: [things] }`, or where it may be left out, a plain list that means the starter's side.
    pub(super) fn grants(&self, yaml: &Yaml, keyword: &str) -> Vec<Grant> {
        let showing = keyword != "edit";
        let entries = match &yaml.data {
            Data::Map(entries) => entries,
            Data::List(_) | Data::Scalar(_) if showing => {
                let things = self.things(yaml, true);
                return vec![Grant {
                    role: None,
                    system: false,
                    things,
                }];
            }
            Data::List(_) | Data::Scalar(_) => {
                let message = format!("`{keyword}` says who may change what");
                self.file
                    .shape(yaml, message, "write `edit: { applicant: [deal] }`");
                return Vec::new();
            }
        };
        let mut grants = Vec::new();
        for entry in entries {
            let text = entry.key.text.as_str();
            let things = self.things(&entry.value, showing);
            if text == "system" {
                grants.push(Grant {
                    role: None,
                    system: true,
                    things,
                });
            } else if let Some(role) = self.names.roles.get(text) {
                grants.push(Grant {
                    role: Some(role.clone()),
                    system: false,
                    things,
                });
            } else {
                let message = format!("there is no role `{text}`");
                let known = self.names.roles.iter().map(Name::as_str);
                self.file
                    .unknown(Code::NoSuchRole, entry.key.span, message, text, known);
            }
        }
        grants
    }

    /// Forms, fields, materials and links; `materials` stands for all of them, `case` for everything.
    pub(super) fn things(&self, yaml: &Yaml, whole_case: bool) -> Vec<Thing> {
        let mut things = Vec::new();
        for item in yaml.items() {
            let Some(word) = self.file.word(item, "a form, field or material") else {
                continue;
            };
            match word {
                "materials" => {
                    things.extend(self.names.materials.keys().cloned().map(Thing::Material));
                }
                "case" if whole_case => things.push(Thing::Case),
                _ => things.extend(self.thing(item, word)),
            }
        }
        things
    }

    fn thing(&self, yaml: &Yaml, word: &str) -> Option<Thing> {
        if let Some((name, _)) = self.names.materials.get_key_value(word) {
            return Some(Thing::Material(name.clone()));
        }
        if let Some(name) = self.names.links.get(word) {
            return Some(Thing::Link(name.clone()));
        }
        let (whole, field) = word
            .split_once('.')
            .map_or((word, None), |(form, field)| (form, Some(field)));
        let Some((name, form)) = self.forms.get_key_value(whole) else {
            let message = format!("there is no form, material or link `{whole}`");
            let others = self.names.materials.keys().chain(&self.names.links);
            let known = self.forms.keys().chain(others).map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, yaml.span, message, whole, known);
            return None;
        };
        let Some(field) = field else {
            return Some(Thing::Form(name.clone()));
        };
        let Some((field, _)) = form.fields.get_key_value(field) else {
            let message = format!("form `{name}` has no field `{field}`");
            let known = form.fields.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, yaml.span, message, field, known);
            return None;
        };
        Some(Thing::Field(name.clone(), field.clone()))
    }
}
