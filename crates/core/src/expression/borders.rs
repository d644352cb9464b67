//! Where the truth of a condition about one value can change: the constants that it compares the value with. With
//! them the checker tries every case there is, by a few values. Outside the fragment that is looked at here nothing
//! is said.

use super::{
    term::{Slot, Term},
    value::Value,
};

/// The constants that a condition about this name compares it with. `None` if it does anything else with it, or reads
/// something else: then its truth may change anywhere.
pub(super) fn borders(term: &Term, slots: &[Slot], name: &str) -> Option<Vec<Value>> {
    let own = |slot: &Slot| *slot.name == *name && slot.member.is_none();
    let mut found = Vec::new();
    (slots.iter().all(own) && gather(term, &mut found)).then_some(found)
}

/// Gathers the constants of a condition; whether it is one of the kind that is understood.
fn gather(term: &Term, found: &mut Vec<Value>) -> bool {
    match term {
        Term::Literal(Value::Bool(_)) | Term::Slot(_) => true,
        Term::Not(operand) => gather(operand, found),
        Term::And(left, right) | Term::Or(left, right) => {
            gather(left, found) && gather(right, found)
        }
        Term::If(condition, yes, no) => [condition, yes, no].iter().all(|term| gather(term, found)),
        Term::Compare(comparison, left, right) => {
            let constant = match (&**left, &**right) {
                (Term::Slot(_), other) | (other, Term::Slot(_)) => constant(other),
                _ => None,
            };
            // Texts have no neighbours by which an order could be tried.
            let ordered_text =
                |value: &Value| matches!(value, Value::String(_)) && !comparison.is_equality();
            match constant.filter(|value| !ordered_text(value)) {
                Some(value) => {
                    found.push(value);
                    true
                }
                None => false,
            }
        }
        Term::In(item, list) => match (&**item, &**list) {
            (Term::Slot(_), Term::List(items)) => {
                let items: Option<Vec<Value>> = items.iter().map(constant).collect();
                items.map(|items| found.extend(items)).is_some()
            }
            _ => false,
        },
        _ => false,
    }
}

/// The value of a constant.
pub(super) fn constant(term: &Term) -> Option<Value> {
    match term {
        Term::Literal(value) => Some(value.clone()),
        Term::Negate(operand) => super::run::negated(&constant(operand)?),
        _ => None,
    }
}

/// The values of a constant, or of a list of them.
pub(super) fn constants(term: &Term) -> Option<Vec<Value>> {
    match term {
        Term::List(items) => items.iter().map(constant).collect(),
        one => Some(vec![constant(one)?]),
    }
}
