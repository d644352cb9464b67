//! Effects: what a step does besides moving.

use countersign_core::{
    expression::{Expect, Scope, Type},
    form::form_type,
    name::Name,
    workflow::{Effect, Place, SetValue},
};

use crate::{
    diagnostic::Code,
    nearest::listed,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, expression::stand_in};

impl Lowering<'_> {
    /// A list of effects, in the order written.
    pub(super) fn effects(&self, yaml: Option<&Yaml>, scope: &Scope) -> Vec<Effect> {
        let items = yaml.map_or(&[][..], Yaml::items);
        items
            .iter()
            .filter_map(|item| self.effect(item, scope))
            .collect()
    }

    fn effect(&self, yaml: &Yaml, scope: &Scope) -> Option<Effect> {
        if yaml
            .scalar()
            .is_some_and(|scalar| scalar.text == "cancel_links")
        {
            return Some(Effect::CancelLinks);
        }
        if !yaml.is_map() {
            let message = format!("an effect is a mapping, and here is {}", yaml.what());
            self.file
                .shape(yaml, message, "write `{ notify: its_message }`");
            return None;
        }
        let section = self.file.keywords(yaml, &vocabulary::EFFECT);
        let known = section
            .entries()
            .iter()
            .filter(|entry| vocabulary::EFFECT.words.contains(&entry.key.text.as_str()));
        let known: Vec<&Entry> = known.collect();
        match known.as_slice() {
            [] => None,
            [entry] => self.one_effect(entry, scope),
            [_, second, ..] => {
                let message = "one effect does one thing";
                let help = "write each as an item of its own: `[ { notify: a }, { call: b } ]`";
                self.file
                    .report(Code::ExclusiveKeywords, second.key.span, message, help);
                None
            }
        }
    }

    fn one_effect(&self, entry: &Entry, scope: &Scope) -> Option<Effect> {
        let value = &entry.value;
        match entry.key.text.as_str() {
            "notify" => self
                .known_name(value, Code::NoSuchMessage, "message", &self.names.messages)
                .map(Effect::Notify),
            "call" => {
                let word = self.file.word(value, "the name of a hook")?;
                self.file.new_name(word, value.span).map(Effect::Call)
            }
            "open" => self
                .known_name(
                    value,
                    Code::NoSuchThing,
                    "`children` called",
                    &self.names.children,
                )
                .map(Effect::Open),
            "set" => Some(Effect::Set(self.set(value, scope))),
            "void" => self.void(value, scope),
            "add_reviewers" => match self.role_name(value)? {
                (Some(role), false) => Some(Effect::AddReviewers(role)),
                (_, true) => {
                    let help = "name a role of people";
                    let message = "services cannot vote";
                    self.file.report(Code::BadReview, value.span, message, help);
                    None
                }
                (None, false) => None,
            },
            _ => self
                .file
                .truth(value, "`cancel_links`")
                .then_some(Effect::CancelLinks),
        }
    }

    pub(super) fn set(&self, yaml: &Yaml, scope: &Scope) -> Vec<SetValue> {
        let entries = self.file.mapping(yaml, "`set`").iter();
        entries
            .filter_map(|entry| {
                let (place, ty) = self.set_place(entry)?;
                let value = self.expression(&entry.value, scope, &Expect::Exactly(ty), "the value");
                Some(SetValue {
                    place,
                    value: value.unwrap_or_else(stand_in),
                })
            })
            .collect()
    }

    fn set_place(&self, entry: &Entry) -> Option<(Place, Type)> {
        let word = entry.key.text.as_str();
        let (whole, field) = word
            .split_once('.')
            .map_or((word, None), |(form, field)| (form, Some(field)));
        let Some((name, form)) = self.forms.get_key_value(whole) else {
            let message = format!("there is no form `{whole}`");
            let known = self.forms.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, entry.key.span, message, whole, known);
            return None;
        };
        let Some(field) = field else {
            return Some((
                Place::Whole(name.clone()),
                form_type(form, &self.surroundings),
            ));
        };
        let Some((field, declared)) = form.fields.get_key_value(field) else {
            let message = format!("form `{name}` has no field `{field}`");
            let known = form.fields.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, entry.key.span, message, field, known);
            return None;
        };
        if declared.derived.is_some() {
            let message = format!("`{word}` is reckoned, so it cannot be set");
            let help = "delete `derived` from the field, or set what it is reckoned from";
            self.file
                .report(Code::ExclusiveKeywords, entry.key.span, message, help);
        }
        let place = Place::Field(name.clone(), field.clone());
        Some((place, self.kind_type(&declared.kind)))
    }

    fn void(&self, yaml: &Yaml, scope: &Scope) -> Option<Effect> {
        if !yaml.is_map() {
            return Some(Effect::Void {
                of: self.action_list(yaml),
                by: None,
            });
        }
        let section = self.file.keywords(yaml, &vocabulary::VOID);
        let Some(of) = section.get("of") else {
            let known: Vec<&str> = self.names.actions.iter().map(String::as_str).collect();
            let message = "`void` does not say what is taken back";
            let help = format!("add `of: [action]`; there are {}", listed(&known));
            self.file.report(
                Code::MissingKeyword,
                yaml.span.first(self.file.text()),
                message,
                help,
            );
            return None;
        };
        let by = section.get("by");
        Some(Effect::Void {
            of: self.action_list(of),
            by: by.and_then(|yaml| self.expression(yaml, scope, &Expect::Person, "`by`")),
        })
    }
}
