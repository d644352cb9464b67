//! `exists`, `all`, `exists_one`, `filter`, `map`, and what they may cost.
//!
//! CEL's parser has already turned them into folds; their shape says which one it was.

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, LiteralValue};

use super::{Checked, Checker, Local, MOST_PRODUCT};
use crate::expression::term::{Search, Term};
use crate::expression::types::{ENGINE_LIST, Type};

/// What a fold was before the parser turned it into one.
enum Written<'e> {
    Search(Search, &'e IdedExpr),
    Map {
        condition: Option<&'e IdedExpr>,
        becomes: &'e IdedExpr,
    },
}

fn written(fold: &ComprehensionExpr) -> Option<Written<'_>> {
    let Expr::Call(step) = &fold.loop_step.expr else {
        return None;
    };
    match (&fold.accu_init.expr, step.args.as_slice()) {
        (Expr::Literal(LiteralValue::Boolean(start)), [_, condition]) => {
            let search = if *start.inner() {
                Search::All
            } else {
                Search::Exists
            };
            Some(Written::Search(search, condition))
        }
        (Expr::Literal(LiteralValue::Int(_)), [condition, _, _]) => {
            Some(Written::Search(Search::ExistsOne, condition))
        }
        (Expr::List(_), [condition, grown, _]) => Some(Written::Map {
            condition: Some(condition),
            becomes: appended(grown)?,
        }),
        (Expr::List(_), [_, _]) => Some(Written::Map {
            condition: None,
            becomes: appended(&fold.loop_step)?,
        }),
        _ => None,
    }
}

/// The item that `@result + [item]` appends.
fn appended(step: &IdedExpr) -> Option<&IdedExpr> {
    let Expr::Call(call) = &step.expr else {
        return None;
    };
    match call.args.as_slice() {
        [_, list] => match &list.expr {
            Expr::List(list) => list.elements.first(),
            _ => None,
        },
        _ => None,
    }
}

impl Checker<'_> {
    pub(super) fn comprehension(&mut self, fold: &ComprehensionExpr, expr: &IdedExpr) -> Checked {
        let Some(written) = written(fold) else {
            return self.refuse("E300", self.place(expr), "this is not an expression");
        };
        let list = self.check(&fold.iter_range);
        let (item, max) = match &list.ty {
            Type::List { item, max } => ((**item).clone(), *max),
            Type::Any => (Type::Any, Some(ENGINE_LIST)),
            ty => {
                let message = format!("{ty} cannot be searched like a list");
                let help = match ty {
                    Type::MapOf(_) => "ask for one entry: `map['key']`, or `'key' in map`",
                    _ => "write a comparison instead",
                };
                return self.refuse_with_help("E304", self.place(&fold.iter_range), message, help);
            }
        };
        let outside = self.repeats;
        self.walks(max, &fold.iter_range);
        self.repeats = outside.saturating_mul(u64::from(max.unwrap_or(1).max(1)));
        self.locals.push(Local {
            name: fold.iter_var.clone(),
            ty: item.clone(),
            path: list.path.clone(),
        });
        let checked = self.written(&written, list, &item, max);
        self.locals.pop();
        self.repeats = outside;
        checked
    }

    fn written(
        &mut self,
        written: &Written,
        list: Checked,
        item: &Type,
        max: Option<u32>,
    ) -> Checked {
        let list_of = |item: Type| Type::List {
            item: Box::new(item),
            max,
        };
        match written {
            Written::Search(search, condition) => {
                let condition = Box::new(self.truth(condition));
                Checked::new(
                    Term::Search(*search, Box::new(list.term), condition),
                    Type::Bool,
                )
            }
            Written::Map { condition, becomes } => {
                // What is found is written down, which takes as long as two other steps.
                self.steps = self.steps.saturating_add(self.repeats.saturating_mul(2));
                let condition = condition.map(|condition| Box::new(self.truth(condition)));
                let is_item = matches!((&becomes.expr, self.locals.last()),
                    (Expr::Ident(name), Some(local)) if *name == local.name);
                let becomes = if is_item {
                    self.resolve(becomes)
                } else {
                    self.check(becomes)
                };
                let ty = list_of(if is_item { item.clone() } else { becomes.ty });
                Checked {
                    term: Term::Map {
                        list: Box::new(list.term),
                        condition,
                        becomes: Box::new(becomes.term),
                    },
                    ty,
                    path: list.path.filter(|_| is_item),
                }
            }
        }
    }

    /// Notes that a list is walked through once for each time that the place is reached.
    pub(super) fn walks(&mut self, max: Option<u32>, list: &IdedExpr) {
        let place = self.place(list);
        let Some(max) = max else {
            self.refuse_with_help(
                "E305",
                place,
                "this list has no upper limit, so the cost of searching it has none either",
                "add `maxItems` to the field",
            );
            return;
        };
        let steps = self.repeats.saturating_mul(u64::from(max.max(1)));
        self.steps = self.steps.saturating_add(steps);
        if steps > MOST_PRODUCT && !self.problems.iter().any(|problem| problem.code == "E306") {
            let message = format!("searching this list here could need {steps} steps");
            let help = format!("{MOST_PRODUCT} are allowed: do not nest searches over long lists");
            self.refuse_with_help("E306", place, message, help);
        }
    }
}
