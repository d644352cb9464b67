//! Links: related cases that a person picks, or that are found by what they hold.

use countersign_core::{
    expression::{ENGINE_LIST, Expect, Type},
    form::kind_type,
    name::Name,
    workflow::{Field, FieldKind, Form, Link, Match, StatePath, Surroundings},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, text};

impl Lowering<'_> {
    pub(crate) fn links(&self, yaml: Option<&Yaml>) -> IndexMap<Name, Link> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`links`"));
        named
            .into_iter()
            .filter_map(|(name, entry)| Some((name.clone(), self.link(name, entry)?)))
            .collect()
    }

    fn link(&self, name: Name, entry: &Entry) -> Option<Link> {
        let section = self.file.keywords(&entry.value, &vocabulary::LINK);
        let Some(workflow) = section.get("workflow") else {
            let of = format!("link `{name}`");
            self.file.missing(
                entry.key.span,
                "workflow",
                &of,
                "workflow: incentive_application",
            );
            return None;
        };
        let workflow = self.linked_workflow(workflow)?;
        let matches = section.get("match");
        let matches = matches.map_or_else(Vec::new, |yaml| self.matches(&workflow, yaml));
        let many = section.get("many").and_then(|yaml| self.many(yaml));
        if let (Some(_), Some(optional)) = (many, section.entry("optional")) {
            let message = "with `many` nobody picks, so nothing can be left out";
            let help = "leave `optional` out: a link that finds nothing is an empty list";
            self.file
                .report(Code::ExclusiveKeywords, optional.key.span, message, help);
        }
        let states = section.get("state");
        let states = states.map_or_else(Vec::new, |yaml| self.linked_states(&workflow, yaml));
        let scope = self.scope_of_action(None);
        Some(Link {
            title: text::title(
                self.file,
                section.get("title"),
                &self.surroundings.languages,
                &name,
            ),
            workflow,
            same_partner: section
                .get("same")
                .is_some_and(|yaml| self.same_partner(yaml)),
            matches,
            states,
            many,
            optional: section
                .get("optional")
                .is_some_and(|yaml| self.file.truth(yaml, "`optional`")),
            otherwise: self.otherwise_text(section, &scope),
            line: self.file.line(entry.key.span),
            name,
        })
    }

    pub(super) fn linked_workflow(&self, yaml: &Yaml) -> Option<Name> {
        let word = self.file.word(yaml, "`workflow`")?;
        let found = self
            .neighbours
            .get_key_value(word)
            .map(|(name, _)| name.clone());
        if found.is_none() {
            let message = format!("there is no workflow `{word}`");
            let known = self.neighbours.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchWorkflow, yaml.span, message, word, known);
        }
        found
    }

    /// How many cases of a link are looked at at most; `None`: a person picks one.
    fn many(&self, yaml: &Yaml) -> Option<u32> {
        let most = self.file.number(yaml, "`many`", 1)?;
        if most <= ENGINE_LIST {
            return Some(most);
        }
        let message = format!("`many` is at most {ENGINE_LIST}");
        self.file
            .bad_value(yaml.span, message, "write for example `many: 20`");
        None
    }

    /// What the fields of the other case must hold.
    fn matches(&self, workflow: &Name, yaml: &Yaml) -> Vec<Match> {
        let scope = self.scope_of_match();
        let entries = self.file.mapping(yaml, "`match`");
        let matches = entries.iter().filter_map(|entry| {
            let (field, several, ty) = self.matched_field(workflow, entry)?;
            let expect = Expect::Exactly(ty);
            let value = self.expression(&entry.value, &scope, &expect, "what is matched")?;
            Some(Match {
                field,
                several,
                value,
            })
        });
        matches.collect()
    }

    /// A field of the other workflow, whether it holds several values, and of what kind each is.
    fn matched_field(&self, workflow: &Name, entry: &Entry) -> Option<(Vec<Name>, bool, Type)> {
        let neighbour = self.neighbours.get(workflow)?;
        let (form, shape, name, field) = self.neighbours_field(workflow, entry)?;
        let (several, kind) = match &field.kind {
            FieldKind::List { items, .. } => (true, &**items),
            one => (false, one),
        };
        let (text, span) = (entry.key.text.as_str(), entry.key.span);
        let rest: Vec<&str> = text.split('.').skip(2).collect();
        let found = told_apart_by(kind, &rest, &neighbour.surroundings);
        let Some((member, ty)) = found.filter(|_| !shape.each_reviewer) else {
            let message = format!("no case can be found by `{text}`");
            let help = "match by a text, a number, money, a date, a truth value, a person or the `id` of an entry, or by a list of these";
            self.file.bad_value(span, message, help);
            return None;
        };
        let path = [Some(form.clone()), Some(name.clone()), member];
        Some((path.into_iter().flatten().collect(), several, ty))
    }

    /// The form and the field of another workflow that a key names.
    pub(super) fn neighbours_field(
        &self,
        workflow: &Name,
        entry: &Entry,
    ) -> Option<(&Name, &Form, &Name, &Field)> {
        let neighbour = self.neighbours.get(workflow)?;
        let span = entry.key.span;
        let mut words = entry.key.text.split('.');
        let form = words.next().unwrap_or_default();
        let Some((form, shape)) = neighbour.forms.get_key_value(form) else {
            let message = format!("workflow `{workflow}` has no form `{form}`");
            let known = neighbour.forms.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, span, message, form, known);
            return None;
        };
        let field = words.next().unwrap_or_default();
        let Some((name, field)) = shape.fields.get_key_value(field) else {
            let message = format!("form `{form}` of workflow `{workflow}` has no field `{field}`");
            let known = shape.fields.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchThing, span, message, field, known);
            return None;
        };
        Some((form, shape, name, field))
    }

    fn linked_states(&self, workflow: &Name, yaml: &Yaml) -> Vec<StatePath> {
        let Some(neighbour) = self.neighbours.get(workflow) else {
            return Vec::new();
        };
        let mut states = Vec::new();
        for item in yaml.items() {
            let Some(word) = self.file.word(item, "a state") else {
                continue;
            };
            if neighbour.states.iter().any(|path| path == word) {
                states.push(StatePath::new(word));
            } else {
                let message = format!("workflow `{workflow}` has no state `{word}`");
                let known = neighbour.states.iter().map(String::as_str);
                self.file
                    .unknown(Code::NoSuchState, item.span, message, word, known);
            }
        }
        states
    }
}

/// By which member, if any, values of this kind are told apart, and of what kind it is: an entry of a list is known by
/// its `id`, and a person is kept by it.
fn told_apart_by(
    kind: &FieldKind,
    rest: &[&str],
    surroundings: &Surroundings,
) -> Option<(Option<Name>, Type)> {
    let ty = kind_type(kind, surroundings);
    match (kind, rest) {
        (FieldKind::Pick { .. }, [] | ["id"]) => Some((Name::parse("id").ok(), Type::String)),
        (FieldKind::Person { .. }, ["id"]) => Some((None, Type::String)),
        (_, []) => matches!(
            ty,
            Type::Bool
                | Type::Int
                | Type::Double
                | Type::String
                | Type::Date
                | Type::Time
                | Type::Money
                | Type::Person
        )
        .then_some((None, ty)),
        _ => None,
    }
}
