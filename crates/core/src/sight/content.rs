//! What the names of forms, materials and links bind: what was filled in, here and in linked cases.

use std::sync::Arc;

use super::Sight;
use crate::{
    case::Vote,
    context::LinkedCase,
    expression::{Type, Value},
    form,
    found::CaseQuery,
    name::Name,
    workflow::{End, FieldKind, Form, Link},
};

impl Sight<'_> {
    pub(super) fn form(&self, form: &Form) -> Value {
        let content = &self.case.content;
        let ty = form::form_type(form, &self.workflow.surroundings);
        if form.each_reviewer {
            return self.copies(form, &ty);
        }
        let none = serde_json::Map::new();
        let values = content.forms.get(&form.name).unwrap_or(&none);
        self.named_people(record(values, &ty), form)
    }

    /// One field of a form; of a list of copies nothing.
    pub(super) fn field(&self, form: &Form, name: &str) -> Option<Value> {
        if form.each_reviewer {
            return None;
        }
        let kind = &form.fields.get(name)?.kind;
        let value = self.case.content.forms.get(&form.name)?.get(name)?;
        let ty = form::kind_type(kind, &self.workflow.surroundings);
        let value = Value::from_json(value, &ty).ok()?;
        Some(if names_people(kind) {
            self.known(value)
        } else {
            value
        })
    }

    /// What is known of the people whom a form names by id.
    fn named_people(&self, value: Value, form: &Form) -> Value {
        if !form.fields.values().any(|field| names_people(&field.kind)) {
            return value;
        }
        self.known(value)
    }

    fn known(&self, value: Value) -> Value {
        match value {
            Value::Person(members) => match members.get("id").and_then(Value::as_str) {
                Some(id) => self.person(&crate::case::PersonId::new(id)),
                None => Value::Person(members),
            },
            Value::List(items) => Value::list(items.iter().map(|item| self.known(item.clone()))),
            Value::Map(members) => {
                let members = members.iter();
                let known = members.map(|(name, value)| (&**name, self.known(value.clone())));
                Value::map(known.collect::<Vec<_>>())
            }
            other => other,
        }
    }

    /// The copies of those whose vote stands in the review's last visit or, once decided, stood at the decision.
    fn copies(&self, form: &Form, ty: &Type) -> Value {
        let item = match ty {
            Type::List { item, .. } => item,
            other => other,
        };
        let copies = self
            .case
            .content
            .copies
            .get(&form.name)
            .into_iter()
            .flatten();
        let standing = copies.filter(|copy| {
            let mut ballots = self.case.ballots.iter().rev();
            let last = ballots.find(|ballot| ballot.state == copy.state);
            last.is_some_and(|ballot| {
                let voted = |vote: &Vote| copy.by.person() == Some(&vote.by) && ballot.counts(vote);
                ballot.visit == copy.visit && ballot.votes.iter().any(voted)
            })
        });
        Value::list(standing.map(|copy| {
            let Value::Map(members) = self.named_people(record(&copy.values, item), form) else {
                return Value::Null;
            };
            let mut members = (*members).clone();
            members.insert("by".into(), self.doer(&copy.by));
            Value::Map(Arc::new(members))
        }))
    }

    pub(super) fn material(&self, name: &str) -> Value {
        let files = self.case.content.materials.get(name).into_iter().flatten();
        Value::list(files.map(|file| {
            Value::map([
                ("name", Value::string(&file.name)),
                (
                    "size",
                    Value::Int(i64::try_from(file.size).unwrap_or(i64::MAX)),
                ),
                ("type", Value::string(&file.media_type)),
                ("by", self.doer(&file.uploaded_by)),
                ("at", Value::Time(file.uploaded_at)),
            ])
        }))
    }

    pub(super) fn link(&self, link: &Link) -> Option<Value> {
        if link.many.is_some() {
            let query = CaseQuery::of(self, link).ok()?;
            let found = self.reading.found(&query);
            return Some(Value::list(found.iter().map(|other| self.linked(other))));
        }
        Some(self.linked(&*self.picked(link)?))
    }

    /// A member of the case that a link has; of a list of cases nothing.
    pub(super) fn linked_member(&self, link: &Link, member: &str) -> Option<Value> {
        if link.many.is_some() {
            return None;
        }
        self.member_of_linked(&*self.picked(link)?, member)
    }

    /// The case that somebody has picked.
    fn picked(&self, link: &Link) -> Option<Arc<LinkedCase>> {
        let id = self.case.content.links.get(&link.name)?;
        let other = self.reading.case(*id)?;
        (!link.same_partner || other.partner == self.case.partner).then_some(other)
    }

    pub(super) fn all_children(&self) -> Value {
        let names = self.workflow.children.keys();
        Value::map(names.filter_map(|name| Some((name.as_str(), self.children(name)?))))
    }

    /// The newest child of each entry. While one of them is not there yet, or could not be opened, there is nothing to
    /// say: what is asked of all of them would be true of none.
    pub(super) fn children(&self, name: &str) -> Option<Value> {
        let children = self.case.children_of(name).into_iter();
        let children: Vec<Option<Value>> = children
            .map(|child| {
                let other = self.reading.case(child.case)?;
                let Value::Map(members) = self.linked(&other) else {
                    return None;
                };
                let mut members = (*members).clone();
                members.insert("key".into(), Value::string(&child.key));
                Some(Value::Map(Arc::new(members)))
            })
            .collect();
        children
            .into_iter()
            .collect::<Option<Vec<Value>>>()
            .map(Value::list)
    }

    fn linked(&self, other: &LinkedCase) -> Value {
        let forms = other.workflow.forms.keys().map(Name::as_str);
        let members = ["case", "partner"].into_iter().chain(forms);
        Value::map(members.filter_map(|name| Some((name, self.member_of_linked(other, name)?))))
    }

    fn member_of_linked(&self, other: &LinkedCase, member: &str) -> Option<Value> {
        match member {
            "case" => Some(Value::map([
                ("id", Value::string(&other.id.to_string())),
                ("number", Value::string(&other.number)),
                ("state", Value::string(other.state.as_str())),
                ("end", Value::string(other.end.map_or("", End::as_str))),
            ])),
            "partner" => {
                let id = other.partner.as_ref()?;
                let name = self
                    .reading
                    .partner(id)
                    .map_or_else(|| id.to_string(), |partner| partner.name.clone());
                Some(Value::map([
                    ("id", Value::string(id.as_str())),
                    ("name", Value::string(&name)),
                ]))
            }
            form => {
                let forms = &other.workflow.forms;
                let form = forms.get(form).filter(|form| !form.each_reviewer)?;
                let none = serde_json::Map::new();
                let values = other.forms.get(&form.name).unwrap_or(&none);
                let ty = form::form_type(form, &other.workflow.surroundings);
                Some(record(values, &ty))
            }
        }
    }
}

fn names_people(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Person { .. } => true,
        FieldKind::List { items, .. } => names_people(items),
        FieldKind::Object(fields) => fields.values().any(names_people),
        FieldKind::String
        | FieldKind::LongText
        | FieldKind::Integer
        | FieldKind::Number
        | FieldKind::Boolean
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Money
        | FieldKind::Enum(_)
        | FieldKind::Pick { .. } => false,
    }
}

/// The values of a form as its fields say. A half-filled value that does not fit (yet) reads as absent.
fn record(values: &serde_json::Map<String, serde_json::Value>, ty: &Type) -> Value {
    let Some(members) = ty.members() else {
        return Value::Null;
    };
    let known = members.iter().filter_map(|(name, member)| {
        let value = values.get(name)?;
        Some((name.as_str(), Value::from_json(value, &member.ty).ok()?))
    });
    Value::map(known.collect::<Vec<_>>())
}
