//! Which values are equal, and which comes first.

use std::cmp::Ordering;
use std::fmt::Write;

use crate::expression::value::Value;
use crate::time::{Time, Zone, local_midnight};

/// Whether two values are equal. Numbers compare by size, dates by their midnight, persons by their id.
pub(super) fn equal(one: &Value, other: &Value, zone: Zone) -> bool {
    match (one, other) {
        (Value::String(text), Value::Text(both)) | (Value::Text(both), Value::String(text)) => {
            **text == both.en || **text == both.zh
        }
        (Value::Person(one), Value::Person(other)) => one.get("id") == other.get("id"),
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(a, b)| equal(a, b, zone))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| {
                    other
                        .get(name)
                        .is_some_and(|other| equal(value, other, zone))
                })
        }
        (Value::Int(_), Value::Double(_))
        | (Value::Double(_), Value::Int(_))
        | (Value::Date(_), Value::Time(_))
        | (Value::Time(_), Value::Date(_)) => order(one, other, zone) == Some(Ordering::Equal),
        _ => one == other,
    }
}

/// Which of two values comes first, if their kinds have an order.
pub(super) fn order(one: &Value, other: &Value, zone: Zone) -> Option<Ordering> {
    match (one, other) {
        (Value::Int(one), Value::Int(other)) => Some(one.cmp(other)),
        (Value::Double(one), Value::Double(other)) => one.partial_cmp(other),
        (Value::Int(whole), Value::Double(number)) => Some(whole_and_fraction(*whole, *number)),
        (Value::Double(number), Value::Int(whole)) => {
            Some(whole_and_fraction(*whole, *number).reverse())
        }
        (Value::Money(one), Value::Money(other)) => Some(one.cmp(other)),
        (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
        (Value::Date(one), Value::Date(other)) => Some(one.cmp(other)),
        _ => Some(moment(one, zone)?.cmp(&moment(other, zone)?)),
    }
}

/// The moment that a value stands for; a date is its local midnight.
pub(super) fn moment(value: &Value, zone: Zone) -> Option<Time> {
    match value {
        Value::Date(date) => Some(local_midnight(*date, zone)),
        Value::Time(time) => Some(*time),
        _ => None,
    }
}

/// Exact also where a number with a fraction no longer holds every whole number.
fn whole_and_fraction(whole: i64, number: f64) -> Ordering {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if number >= BEYOND {
        return Ordering::Less;
    }
    if number < -BEYOND {
        return Ordering::Greater;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it was just checked to be in range"
    )]
    let floor = number.floor() as i64;
    whole.cmp(&floor).then_with(|| {
        if number > number.floor() {
            Ordering::Less
        } else {
            Ordering::Equal
        }
    })
}

/// Roughly how much there is to compare.
pub(super) fn weight(value: &Value) -> usize {
    match value {
        Value::List(items) => items.len(),
        Value::Map(members) => members.len(),
        Value::String(text) => text.len() / 64,
        _ => 0,
    }
}

/// What tells a value apart in `distinct`: the id of a person or of an entry that was picked, else all of it.
pub(super) fn identity(value: &Value) -> String {
    match value {
        Value::Person(members) | Value::Map(members) => {
            if let Some(id @ Value::String(_)) = members.get("id") {
                return identity(id);
            }
        }
        Value::Double(number) if number.fract() == 0.0 => return format!("{number:.0}"),
        _ => {}
    }
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = write!(out, "{}", value.to_json());
    out
}
