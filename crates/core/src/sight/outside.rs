//! What `facts` and `lists` bind: what others told, as far as the workflow declares it.

use super::{Sight, members};
use crate::{
    expression::{Type, Value},
    name::Name,
};

impl Sight<'_> {
    pub(super) fn fact(&self, kind: &str, subject: &str, member: &str) -> Option<Value> {
        let (kind, shape) = self.workflow.surroundings.facts.get_key_value(kind)?;
        let ty = shape.fields.get(member)?;
        let fact = self.reading.fact(kind, subject)?;
        Value::from_json(fact.values.get(member)?, ty).ok()
    }

    pub(super) fn facts_of(&self, kind: &str, subject: &str) -> Option<Value> {
        let shape = self.workflow.surroundings.facts.get(kind)?;
        let known = shape
            .fields
            .keys()
            .filter_map(|field| Some((field.as_str(), self.fact(kind, subject, field)?)));
        Some(Value::map(known.collect::<Vec<_>>()))
    }

    pub(super) fn lists(&self) -> Value {
        let lists = self.workflow.surroundings.lists.keys();
        let names: Vec<&str> = lists.map(Name::as_str).collect();
        members(&names, &|list| self.list(list))
    }

    pub(super) fn list(&self, name: &str) -> Option<Value> {
        let shape = self.workflow.surroundings.lists.get(name)?;
        let list = self.reading.list(name)?;
        let mut ty = vec![("id".to_owned(), Type::String)];
        ty.extend(
            shape
                .fields
                .iter()
                .map(|(field, ty)| (format!("{field}?"), ty.clone())),
        );
        let ty = Type::record(ty.iter().map(|(name, ty)| (name.as_str(), ty.clone())));
        Some(Value::list(
            list.entries
                .values()
                .filter_map(|entry| Value::from_json(entry, &ty).ok()),
        ))
    }
}
