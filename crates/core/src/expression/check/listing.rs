//! Lists and records that are written out, and `in`.

use std::sync::Arc;

use cel::common::ast::{EntryExpr, IdedEntryExpr, IdedExpr};
use indexmap::IndexMap;

use super::names::text_literal;
use super::operators::comparable;
use super::{Checked, Checker};
use crate::expression::term::Term;
use crate::expression::types::{Member, Type};

impl Checker<'_> {
    pub(super) fn list(&mut self, elements: &[IdedExpr], expr: &IdedExpr) -> Checked {
        let mut items: Vec<Checked> = Vec::with_capacity(elements.len());
        let mut item = Type::Any;
        for element in elements {
            let mut next = self.check(element);
            if let Some(first) = items.first_mut() {
                item = self.common(first, &mut next, expr, "the items of this list are");
                if let Some(first) = items.first_mut() {
                    first.ty = item.clone();
                }
            } else {
                item = next.ty.clone();
            }
            items.push(next);
        }
        let max = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let terms = items.into_iter().map(|item| item.term).collect();
        Checked::new(Term::List(terms), Type::list(item, max))
    }

    pub(super) fn map(&mut self, entries: &[IdedEntryExpr], expr: &IdedExpr) -> Checked {
        let mut terms = Vec::with_capacity(entries.len());
        let mut members = IndexMap::with_capacity(entries.len());
        for entry in entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else {
                return self.refuse("E300", self.place(expr), "this is not an expression");
            };
            let value = self.check(&entry.value);
            let Some(name) = text_literal(&entry.key) else {
                return self.refuse_with_help(
                    "E307",
                    self.place(&entry.key),
                    "the names of a record must be written out as texts",
                    "write `{'name': value}`",
                );
            };
            if members.contains_key(name) {
                let message = format!("`{name}` stands here twice");
                return self.refuse("E300", self.place(&entry.key), message);
            }
            members.insert(name.to_owned(), Member::required(value.ty));
            terms.push((Arc::from(name), value.term));
        }
        Checked::new(Term::Record(terms), Type::Record(Arc::new(members)))
    }

    /// `item in list` and `key in map`.
    pub(super) fn membership(
        &mut self,
        item: &IdedExpr,
        list: &IdedExpr,
        expr: &IdedExpr,
    ) -> Checked {
        let mut one = self.check(item);
        let mut among = self.check(list);
        match among.ty.clone() {
            Type::MapOf(_) => {
                self.require(&one, &[Type::String], item, "the key of a map");
                self.has_key(among, one.term)
            }
            Type::List { item: kind, max } => {
                if !(one.ty.is_number() && kind.is_number()) {
                    self.coerce(&mut one, &kind, item);
                    let as_list = Type::list(one.ty.clone(), 0);
                    self.coerce(&mut among, &as_list, list);
                }
                let Type::List { item: kind, .. } = &among.ty else {
                    return Checked::unknown();
                };
                if !comparable(&one.ty, kind, false) {
                    let message =
                        format!("`in` looks for {} in a list of {}", one.ty, plural(kind));
                    let help = "these never match: compare values of the same kind";
                    return self.refuse_with_help("E307", self.sign_of(expr), message, help);
                }
                self.walks(max, list);
                Checked::new(
                    Term::In(Box::new(one.term), Box::new(among.term)),
                    Type::Bool,
                )
            }
            Type::Any => Checked::new(
                Term::In(Box::new(one.term), Box::new(among.term)),
                Type::Bool,
            ),
            ty => {
                let message = format!("`in` looks into {ty}");
                let help = match ty {
                    Type::String | Type::Text => "use `text.contains('part')`",
                    _ => "only lists and maps have something in them",
                };
                self.refuse_with_help("E304", self.sign_of(expr), message, help)
            }
        }
    }
}

/// The kind of many, for a message.
fn plural(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "truth values",
        Type::Int => "whole numbers",
        Type::Double => "numbers",
        Type::String | Type::Text => "texts",
        Type::Date => "dates",
        Type::Time => "date-times",
        Type::Money => "amounts of money",
        Type::Person => "persons",
        Type::List { .. } => "lists",
        Type::Record(_) => "records",
        Type::MapOf(_) => "maps",
        Type::Any => "anything",
    }
}
