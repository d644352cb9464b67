//! Child cases: for what they are opened, and with what they begin.

use countersign_core::{
    expression::{Expect, Expression, Scope, Type},
    form::kind_type,
    name::Name,
    workflow::{Children, Each, With},
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
    pub(super) fn children(&self, yaml: Option<&Yaml>) -> IndexMap<Name, Children> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`children`"));
        named
            .into_iter()
            .filter_map(|(name, entry)| Some((name.clone(), self.some_children(name, entry)?)))
            .collect()
    }

    fn some_children(&self, name: Name, entry: &Entry) -> Option<Children> {
        let section = self.file.keywords(&entry.value, &vocabulary::CHILDREN);
        let Some(written) = section.get("workflow") else {
            let of = format!("`{name}`");
            let span = entry.key.span;
            self.file
                .missing(span, "workflow", &of, "workflow: expert_opinion");
            return None;
        };
        let workflow = self.linked_workflow(written)?;
        let keep = section.get("keep");
        let keep = keep.is_some_and(|yaml| self.file.truth(yaml, "`keep`"));
        let ends = self
            .neighbours
            .get(&workflow)
            .is_none_or(|child| child.can_be_cancelled);
        if !keep && !ends {
            let message = format!(
                "`{workflow}` ends in success only, so a child could not end with its parent"
            );
            let help =
                "give that workflow an end that is `neutral` or a `failure`, or write `keep: true`";
            self.file
                .report(Code::ChildCannotEnd, written.span, message, help);
        }
        let (each, scope) = self.each(section);
        let with = section.get("with");
        let with = with.map_or_else(Vec::new, |yaml| self.with(&workflow, yaml, &scope));
        Some(Children {
            title: text::title(
                self.file,
                section.get("title"),
                &self.surroundings.languages,
                &name,
            ),
            workflow,
            each,
            with,
            keep,
            line: self.file.line(entry.key.span),
            name,
        })
    }

    /// For what children are opened, and what their values may read.
    fn each(&self, section: Section<'_>) -> (Option<Each>, Scope) {
        let scope = self.scope_of_state(None);
        match (section.entry("each"), section.entry("key")) {
            (None, None) => (None, scope),
            (Some(each), Some(key)) => {
                let list = self.expression(&each.value, &scope, &Expect::List, "`each`");
                let item = match list.as_ref().map(Expression::ty) {
                    Some(Type::List { item, .. }) => (**item).clone(),
                    _ => Type::Any,
                };
                let scope = scope.with("item", item);
                let key = self.expression(&key.value, &scope, &Expect::Key, "`key`");
                let each = Each {
                    list: list.unwrap_or_else(stand_in),
                    key: key.unwrap_or_else(stand_in),
                };
                (Some(each), scope)
            }
            (Some(each), None) => {
                let of = "`each`";
                self.file.missing(each.key.span, "key", of, "key: item.id");
                (None, scope.with("item", Type::Any))
            }
            (None, Some(key)) => {
                let message = "`key` tells the entries of `each` apart, and there is no `each`";
                let help = "add `each: request.items`, or delete `key`";
                self.file
                    .report(Code::MissingKeyword, key.key.span, message, help);
                (None, scope)
            }
        }
    }

    fn with(&self, workflow: &Name, yaml: &Yaml, scope: &Scope) -> Vec<With> {
        let entries = self.file.mapping(yaml, "`with`").iter();
        entries
            .filter_map(|entry| {
                let (form, field, ty) = self.field_of_child(workflow, entry)?;
                let expect = Expect::Exactly(ty);
                let value = self.expression(&entry.value, scope, &expect, "the value");
                Some(With {
                    form,
                    field,
                    value: value.unwrap_or_else(stand_in),
                })
            })
            .collect()
    }

    fn field_of_child(&self, workflow: &Name, entry: &Entry) -> Option<(Name, Name, Type)> {
        let (form, shape, field, declared) = self.neighbours_field(workflow, entry)?;
        let neighbour = self.neighbours.get(workflow)?;
        let span = entry.key.span;
        if shape.each_reviewer || declared.derived.is_some() {
            let text = &entry.key.text;
            let message = format!("`{text}` is not filled in when a case is opened");
            let help = "it is reckoned, or each reviewer fills in a copy: leave it out";
            self.file.bad_value(span, message, help);
            return None;
        }
        let ty = kind_type(&declared.kind, &neighbour.surroundings);
        Some((form.clone(), field.clone(), ty))
    }
}
