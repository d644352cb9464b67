//! Values that are written out in an expression.

use super::{term::Term, value::Value};

/// The value of a constant, or the values of a list of them.
pub(super) fn of(term: &Term) -> Option<Vec<Value>> {
    match term {
        Term::List(items) => items.iter().map(constant).collect(),
        one => Some(vec![constant(one)?]),
    }
}

fn constant(term: &Term) -> Option<Value> {
    match term {
        Term::Literal(value) => Some(value.clone()),
        Term::Negate(operand) => super::run::negated(&constant(operand)?),
        _ => None,
    }
}
