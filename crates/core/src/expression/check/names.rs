//! Names, fields, entries, and whether they are there.

use std::sync::Arc;

use cel::common::ast::{Expr, IdedExpr};

use super::{Checked, Checker};
use crate::expression::bindings::CaseCall;
use crate::expression::term::Term;
use crate::expression::types::Type;
use crate::expression::value::Value;
use crate::expression::{Named, NamedKind};

/// Names that change while nothing happens.
const CLOCKS: [&str; 2] = ["now", "today"];

impl Checker<'_> {
    pub(super) fn name(&mut self, name: &str, expr: &IdedExpr) -> Checked {
        if let Some(depth) = self.locals.iter().rposition(|local| local.name == name) {
            let local = &self.locals[depth];
            return Checked {
                term: Term::Local(depth),
                ty: local.ty.clone(),
                path: local.path.clone(),
            };
        }
        let Some(ty) = self.scope.get(name).cloned() else {
            let known = self.locals.iter().map(|local| local.name.as_str());
            let known: Vec<&str> = known.chain(self.scope.names()).collect();
            let help = did_you_mean(name, &known);
            let place = self.sign_of(expr);
            let message = format!("`{name}` is not known here");
            return self.refuse_with_help("E301", place, message, help);
        };
        self.note_root(name);
        Checked {
            term: self.slot(name, None),
            ty,
            path: Some(name.to_owned()),
        }
    }

    fn note_root(&mut self, name: &str) {
        self.reads_clock |= CLOCKS.contains(&name);
        if !self.roots.iter().any(|root| root == name) {
            self.roots.push(name.to_owned());
        }
    }

    /// A name of the scope that no variable hides.
    fn root<'e>(&self, expr: &'e IdedExpr) -> Option<&'e str> {
        match &expr.expr {
            Expr::Ident(name) if !self.locals.iter().any(|local| local.name == *name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn select(&mut self, of: &IdedExpr, field: &str, expr: &IdedExpr) -> Checked {
        if let Some(checked) = self.root_member(of, field) {
            return checked;
        }
        let of = self.resolve(of);
        let path = of.path.as_ref().map(|path| format!("{path}.{field}"));
        match &of.ty {
            Type::Any => Checked {
                term: Term::Member(Box::new(of.term), field.into()),
                ty: Type::Any,
                path,
            },
            Type::MapOf(entry) => {
                let ty = (**entry).clone();
                self.note_state(path.as_deref(), field, self.field_place(expr));
                let key = Term::Literal(Value::string(field));
                Checked {
                    term: self.entry(of.term, key),
                    ty,
                    path,
                }
            }
            ty => match ty.members() {
                Some(members) => match members.get(field) {
                    Some(member) => Checked {
                        term: Term::Member(Box::new(of.term), field.into()),
                        ty: member.ty.clone(),
                        path,
                    },
                    None => {
                        let known: Vec<&str> = members.keys().map(String::as_str).collect();
                        let help = did_you_mean(field, &known);
                        let message = format!("there is no field `{field}` here");
                        self.refuse_with_help("E302", self.field_place(expr), message, help)
                    }
                },
                None => self.no_fields(&of.ty, field, expr),
            },
        }
    }

    fn no_fields(&mut self, ty: &Type, field: &str, expr: &IdedExpr) -> Checked {
        let place = self.field_place(expr);
        let (code, help) = if matches!(ty, Type::List { .. }) {
            (
                "E303",
                "a list has many items: use .exists(x, …), .all(x, …), .filter(x, …) or .map(x, …)",
            )
        } else {
            ("E302", "only records have fields")
        };
        let message = format!("`.{field}` is used on {ty}");
        self.refuse_with_help(code, place, message, help)
    }

    /// A member of a name is asked for by itself, so that nothing else of it has to be there.
    fn root_member(&mut self, of: &IdedExpr, field: &str) -> Option<Checked> {
        let name = self.root(of)?;
        let ty = self.scope.get(name)?.members()?.get(field)?.ty.clone();
        self.parts += 1;
        self.note_root(name);
        Some(Checked {
            term: self.slot(name, Some(field)),
            ty,
            path: Some(format!("{name}.{field}")),
        })
    }

    pub(super) fn index(&mut self, of: &IdedExpr, key: &IdedExpr, expr: &IdedExpr) -> Checked {
        if let Some(field) = text_literal(key)
            && let Some(name) = self.root(of)
            && self
                .scope
                .get(name)
                .is_some_and(|ty| ty.members().is_some())
        {
            return self.select(of, field, expr);
        }
        let target = self.resolve(of);
        let key_checked = self.check(key);
        match &target.ty {
            Type::List { item, .. } => {
                let ty = (**item).clone();
                self.require(&key_checked, &[Type::Int], key, "the position in a list");
                let path = target.path.clone();
                Checked {
                    term: Term::Item(Box::new(target.term), Box::new(key_checked.term)),
                    ty,
                    path,
                }
            }
            Type::MapOf(entry) => {
                let ty = (**entry).clone();
                self.require(&key_checked, &[Type::String], key, "the key of a map");
                let literal = text_literal(key);
                let path = target.path.as_ref();
                let path = path.map(|path| format!("{path}.{}", literal.unwrap_or("*")));
                if let Some(literal) = literal {
                    self.note_state(path.as_deref(), literal, self.place(key));
                } else if is_by_state(path.as_deref()) {
                    return self.refuse_with_help(
                        "E309",
                        self.place(key),
                        "a state must be written out here, so that it can be checked",
                        "write `case.visits['review']`",
                    );
                }
                Checked {
                    term: self.entry(target.term, key_checked.term),
                    ty,
                    path,
                }
            }
            Type::Any => Checked {
                term: Term::Entry(Box::new(target.term), Box::new(key_checked.term)),
                ty: Type::Any,
                path: target.path,
            },
            ty => match (ty.members(), text_literal(key)) {
                (Some(members), Some(field)) if members.contains_key(field) => {
                    let path = target.path.map(|path| format!("{path}.{field}"));
                    let ty = members[field].ty.clone();
                    Checked {
                        term: Term::Member(Box::new(target.term), field.into()),
                        ty,
                        path,
                    }
                }
                _ => {
                    let message = format!("`[ ]` does not work on {ty} like this");
                    let help = "lists have positions, maps have keys, records have named fields";
                    self.refuse_with_help("E302", self.sign_of(expr), message, help)
                }
            },
        }
    }

    /// An entry of a map; one that is a member of a name is asked for by itself.
    fn entry(&mut self, of: Term, key: Term) -> Term {
        if let Term::Slot(slot) = of
            && let Some(member) = self.slots[slot].member.clone()
        {
            return Term::BoundEntry {
                name: Arc::clone(&self.slots[slot].name),
                member,
                key: Box::new(key),
            };
        }
        Term::Entry(Box::new(of), Box::new(key))
    }

    fn note_state(&mut self, path: Option<&str>, state: &str, place: (usize, usize)) {
        if is_by_state(path) {
            self.note_named(NamedKind::State, state, place);
        }
    }

    fn note_named(&mut self, kind: NamedKind, text: &str, (start, end): (usize, usize)) {
        self.named.push(Named {
            kind,
            text: text.to_owned(),
            start,
            end,
        });
    }

    /// `has(x.y)`: whether it is there, and everything on the way to it.
    pub(super) fn has(&mut self, of: &IdedExpr, field: &str, expr: &IdedExpr) -> Checked {
        let inner = self.select(of, field, expr);
        if let Some(path) = inner.path
            && !self.reads.contains(&path)
        {
            self.reads.push(path);
        }
        Checked::new(Term::Has(Box::new(inner.term)), Type::Bool)
    }

    /// `key in map`.
    pub(super) fn has_key(&mut self, map: Checked, key: Term) -> Checked {
        let entry = self.entry(map.term, key);
        Checked::new(Term::Has(Box::new(entry)), Type::Bool)
    }

    /// `case.took("approve")` and its like.
    pub(super) fn case_call(
        &mut self,
        of: &IdedExpr,
        function: &str,
        arguments: &[IdedExpr],
        expr: &IdedExpr,
    ) -> Option<Checked> {
        if self.root(of)? != "case" {
            return None;
        }
        let last = || Type::record([("by", Type::Person), ("at", Type::Time)]);
        let (call, ty, kind) = match function {
            "is_in" => (CaseCall::IsIn, Type::Bool, NamedKind::State),
            "took" => (CaseCall::Took, Type::Bool, NamedKind::Action),
            "times" => (CaseCall::Times, Type::Int, NamedKind::Action),
            "last" => (CaseCall::Last, last(), NamedKind::Action),
            _ => return None,
        };
        self.note_root("case");
        let [argument] = arguments else {
            let message = format!("`case.{function}` takes one text");
            return Some(self.refuse("E309", self.place(expr), message));
        };
        let Some(text) = text_literal(argument) else {
            let message = format!(
                "`case.{function}` needs a text that is written out, so that it can be checked"
            );
            let help = format!("write `case.{function}(\"name\")`");
            return Some(self.refuse_with_help("E309", self.place(argument), message, help));
        };
        self.note_named(kind, text, self.place(argument));
        let path = format!("case.{function}");
        Some(Checked {
            term: Term::CaseCall(call, text.into()),
            ty,
            path: Some(path),
        })
    }
}

/// Whether a path goes to an entry of a map whose keys are states.
fn is_by_state(path: Option<&str>) -> bool {
    path.is_some_and(|path| path.starts_with("case.visits.") || path.starts_with("case.entered."))
}

pub(super) fn text_literal(expr: &IdedExpr) -> Option<&str> {
    match &expr.expr {
        Expr::Literal(cel::common::ast::LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

/// The nearest known name, or all of them.
pub(super) fn did_you_mean(name: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|&known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, _)| *distance <= (name.len() / 3).max(1))
        .min();
    match near {
        Some((_, near)) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there are none here".to_owned(),
        None => format!("known here: {}", known.join(", ")),
    }
}
