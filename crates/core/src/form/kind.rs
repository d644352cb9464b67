//! The types that forms and fields have in expressions.

use std::sync::Arc;

use crate::{
    expression::{Member, Members, Type},
    workflow::{FieldKind, Form, Surroundings},
};

/// The type of a form: a record of its fields; of an `each: reviewer` form a list of such records, each
/// with `by`, the reviewer (rule 6).
pub fn form_type(form: &Form, surroundings: &Surroundings) -> Type {
    let mut members = Members::new();
    if form.each_reviewer {
        members.insert("by".to_owned(), Member::required(Type::Person));
    }
    for (name, field) in &form.fields {
        let ty = kind_type(&field.kind, surroundings);
        let optional = !field.required;
        members.insert(name.to_string(), Member { ty, optional });
    }
    let record = Type::Record(Arc::new(members));
    if form.each_reviewer {
        Type::engine_list(record)
    } else {
        record
    }
}

/// The type of a field's value.
pub fn kind_type(kind: &FieldKind, surroundings: &Surroundings) -> Type {
    match kind {
        FieldKind::String | FieldKind::LongText | FieldKind::Enum(_) => Type::String,
        FieldKind::Integer => Type::Int,
        FieldKind::Number => Type::Double,
        FieldKind::Boolean => Type::Bool,
        FieldKind::Date => Type::Date,
        FieldKind::DateTime => Type::Time,
        FieldKind::Money => Type::Money,
        FieldKind::Pick { list } => {
            let mut members = Members::new();
            members.insert("id".to_owned(), Member::required(Type::String));
            let declared = surroundings.lists.get(list).map(|shape| &shape.fields);
            for (name, ty) in declared.into_iter().flatten() {
                members.insert(name.to_string(), Member::required(ty.clone()));
            }
            Type::Record(Arc::new(members))
        }
        FieldKind::Person { .. } => Type::Person,
        FieldKind::List { items, most } => Type::List {
            item: Box::new(kind_type(items, surroundings)),
            max: *most,
        },
        FieldKind::Object(fields) => {
            let members = fields.iter().map(|(name, kind)| {
                let ty = kind_type(kind, surroundings);
                (name.to_string(), Member::optional(ty))
            });
            Type::Record(Arc::new(members.collect()))
        }
    }
}
