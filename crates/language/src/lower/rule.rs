//! Rules: a condition, with words for the person who does not meet it.

use countersign_core::{
    expression::{Expect, Scope},
    name::Name,
    template::Template,
    workflow::{Localized, Place, Rule},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::Section,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, expression::stand_in, text};

impl Lowering<'_> {
    pub(crate) fn rules(&self, yaml: Option<&Yaml>) -> IndexMap<Name, Rule> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`rules`"));
        let scope = self.scope_of_rule();
        named
            .into_iter()
            .map(|(name, entry)| (name.clone(), self.rule(name, entry, &scope)))
            .collect()
    }

    fn rule(&self, name: Name, entry: &Entry, scope: &Scope) -> Rule {
        let section = self.file.keywords(&entry.value, &vocabulary::RULE);
        let of = format!("rule `{name}`");
        let check = match section.get("check") {
            Some(yaml) => self.expression(yaml, scope, &Expect::Bool, "`check`"),
            None => {
                self.file
                    .missing(entry.key.span, "check", &of, "check: deal.amount > 0");
                None
            }
        };
        let otherwise = self.otherwise_text(section, scope);
        if otherwise.is_none() {
            let example = "else: { en: Choose at least one., zh: 至少选择一个。 }";
            self.file.missing(entry.key.span, "else", &of, example);
        }
        Rule {
            name,
            check: check.unwrap_or_else(stand_in),
            otherwise: otherwise.unwrap_or_else(nothing),
            at: section.get("at").and_then(|yaml| self.place(yaml)),
            line: self.file.line(entry.key.span),
        }
    }

    /// What is said to the person under `else`.
    pub(super) fn otherwise_text(
        &self,
        section: Section<'_>,
        scope: &Scope,
    ) -> Option<Localized<Template>> {
        let yaml = section.get("else")?;
        Some(text::template(self, self.file, yaml, scope, "`else`"))
    }

    /// A form, a field, a material or a link, to point at.
    pub(super) fn place(&self, yaml: &Yaml) -> Option<Place> {
        let word = self.file.word(yaml, "`at`")?;
        let (whole, field) = word
            .split_once('.')
            .map_or((word, None), |(form, field)| (form, Some(field)));
        let Some((name, form)) = self.forms.get_key_value(whole) else {
            let others = self.names.materials.keys().chain(&self.names.links);
            if let Some(name) = others.clone().find(|name| **name == *word) {
                return Some(Place::Whole(name.clone()));
            }
            let message = format!("there is no form, material or link `{whole}`");
            let known = self.forms.keys().chain(others).map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, yaml.span, message, whole, known);
            return None;
        };
        let Some(field) = field else {
            return Some(Place::Whole(name.clone()));
        };
        match form.fields.get_key_value(field) {
            Some((field, _)) => Some(Place::Field(name.clone(), field.clone())),
            None => {
                let message = format!("form `{name}` has no field `{field}`");
                let known = form.fields.keys().map(Name::as_str);
                self.file
                    .unknown(Code::NoSuchThing, yaml.span, message, field, known);
                None
            }
        }
    }
}

fn nothing() -> Localized<Template> {
    let empty =
        Template::compile("", &Scope::new()).expect("an empty text has no expression in it");
    Localized {
        en: empty.clone(),
        zh: empty,
    }
}
