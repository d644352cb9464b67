//! Arithmetic and comparisons: which kinds go together.

use cel::common::ast::{IdedExpr, operators as cel_operators};

use super::{Checked, Checker};
use crate::expression::term::{Comparison, Operation, Term};
use crate::expression::types::Type;

pub(super) fn is_operator(sign: &str) -> bool {
    comparison(sign).is_some() || operation(sign).is_some()
}

fn comparison(sign: &str) -> Option<Comparison> {
    Some(match sign {
        cel_operators::EQUALS => Comparison::Equal,
        cel_operators::NOT_EQUALS => Comparison::Unequal,
        cel_operators::LESS => Comparison::Less,
        cel_operators::LESS_EQUALS => Comparison::LessOrEqual,
        cel_operators::GREATER => Comparison::Greater,
        cel_operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn operation(sign: &str) -> Option<Operation> {
    Some(match sign {
        cel_operators::ADD => Operation::Add,
        cel_operators::SUBSTRACT => Operation::Subtract,
        cel_operators::MULTIPLY => Operation::Multiply,
        cel_operators::DIVIDE => Operation::Divide,
        cel_operators::MODULO => Operation::Remainder,
        _ => return None,
    })
}

impl Checker<'_> {
    pub(super) fn operator(
        &mut self,
        sign: &str,
        left: &IdedExpr,
        right: &IdedExpr,
        expr: &IdedExpr,
    ) -> Checked {
        let (mut one, mut other) = (self.check(left), self.check(right));
        if let Some(comparison) = comparison(sign) {
            return self.comparison(comparison, one, other, expr);
        }
        let Some(operation) = operation(sign) else {
            return Checked::unknown();
        };
        if matches!(operation, Operation::Add | Operation::Subtract) {
            let (first, second) = (one.ty.clone(), other.ty.clone());
            if first == Type::Money || second == Type::Money {
                self.coerce(&mut one, &Type::Money, left);
                self.coerce(&mut other, &Type::Money, right);
            }
        }
        match result(operation, &one.ty, &other.ty) {
            Some(ty) => Checked::new(
                Term::Arithmetic(operation, Box::new(one.term), Box::new(other.term)),
                ty,
            ),
            None => {
                let message = format!(
                    "`{}` does not work with {} and {}",
                    operation.sign(),
                    one.ty,
                    other.ty
                );
                let help = help_with(operation, &one.ty, &other.ty);
                self.refuse_with_help("E307", self.sign_of(expr), message, help)
            }
        }
    }

    fn comparison(
        &mut self,
        comparison: Comparison,
        mut one: Checked,
        mut other: Checked,
        expr: &IdedExpr,
    ) -> Checked {
        let before = self.problems.len();
        let (first, second) = (one.ty.clone(), other.ty.clone());
        // Numbers of both kinds compare as they are: a conversion could round them.
        if !(first.is_number() && second.is_number()) {
            self.coerce(&mut one, &second, expr);
            self.coerce(&mut other, &first, expr);
        }
        let ordered = !comparison.is_equality();
        if self.problems.len() == before && !comparable(&one.ty, &other.ty, ordered) {
            let sign = comparison.sign();
            let message = if one.ty == other.ty {
                format!("`{sign}` does not work with {}: it has no order", one.ty)
            } else {
                format!("`{sign}` compares {} with {}", one.ty, other.ty)
            };
            let help = match (&one.ty, &other.ty) {
                (Type::Int | Type::Double | Type::Money, Type::String)
                | (Type::String, Type::Int | Type::Double | Type::Money) => {
                    "these never match: remove the quotes around the number"
                }
                (Type::Money, Type::Int | Type::Double)
                | (Type::Int | Type::Double, Type::Money) => {
                    "money compares with money, and with numbers that are written out"
                }
                (Type::Person, Type::String) | (Type::String, Type::Person) => {
                    "compare the person's `.id`, `.email` or `.name`"
                }
                (Type::List { .. }, _) | (_, Type::List { .. }) => {
                    "use `in`, `.exists(x, …)`, `.all(x, …)` or `.size()`"
                }
                _ => "these never match: compare values of the same kind",
            };
            return self.refuse_with_help("E307", self.sign_of(expr), message, help);
        }
        Checked::new(
            Term::Compare(comparison, Box::new(one.term), Box::new(other.term)),
            Type::Bool,
        )
    }

    pub(super) fn negation(&mut self, operand: &IdedExpr, expr: &IdedExpr) -> Checked {
        let checked = self.check(operand);
        let may = [Type::Int, Type::Double, Type::Money];
        self.require(&checked, &may, expr, "what `-` turns");
        Checked::new(Term::Negate(Box::new(checked.term)), checked.ty)
    }
}

/// Whether two kinds can be compared; `ordered` for which comes first.
pub(super) fn comparable(one: &Type, other: &Type, ordered: bool) -> bool {
    match (one, other) {
        (Type::Any, _) | (_, Type::Any) => true,
        (one, other) if one.is_number() && other.is_number() => true,
        (one, other) if one.is_moment() && other.is_moment() => true,
        (Type::Money, Type::Money) | (Type::String, Type::String) => true,
        (one, other) if one.is_textual() && other.is_textual() => !ordered,
        (Type::List { item, .. }, Type::List { item: other, .. })
        | (Type::MapOf(item), Type::MapOf(other)) => !ordered && comparable(item, other, false),
        (one, other) => !ordered && one == other,
    }
}

fn result(operation: Operation, one: &Type, other: &Type) -> Option<Type> {
    use Operation::{Add, Divide, Multiply, Remainder, Subtract};
    match (operation, one, other) {
        (_, Type::Any, Type::Any) => Some(Type::Any),
        (_, Type::Any, known) | (_, known, Type::Any) => result(operation, known, known),
        (Remainder, Type::Int, Type::Int) => Some(Type::Int),
        (Remainder, _, _) => None,
        (_, one, other) if one.is_number() && other.is_number() => one.unify(other),
        (Add | Subtract, Type::Money, Type::Money)
        | (Multiply, Type::Money, Type::Int)
        | (Multiply, Type::Int, Type::Money) => Some(Type::Money),
        (Add, one, other) if one.is_textual() && other.is_textual() => one.unify(other),
        (Add, Type::List { item, max }, Type::List { item: i, max: m }) => Some(Type::List {
            item: Box::new(item.unify(i)?),
            max: max.zip(*m).map(|(one, other)| one.saturating_add(other)),
        }),
        (Add | Subtract | Multiply | Divide, _, _) => None,
    }
}

fn help_with(operation: Operation, one: &Type, other: &Type) -> &'static str {
    match (one, other) {
        (Type::Money, _) | (_, Type::Money) => match operation {
            Operation::Divide | Operation::Remainder | Operation::Multiply => {
                "money is exact: take a part of it with `share(amount, n, of)`, or multiply by a whole number"
            }
            Operation::Add | Operation::Subtract => {
                "money goes with money, and with numbers that are written out with at most two digits after the point"
            }
        },
        (Type::Date | Type::Time, _) | (_, Type::Date | Type::Time) => {
            "use `add(t, \"7 days\")`, or `business_days_between(a, b)`"
        }
        (Type::String | Type::Text, _) | (_, Type::String | Type::Text) => {
            "make a text of it first: `string(x)`"
        }
        _ => "both must be numbers",
    }
}
