//! Sums, differences, products: exact where they can be, and a failure where they do not fit.

use std::sync::Arc;

use super::{Evaluated, Run, failed};
use crate::expression::term::Operation;
use crate::expression::value::Value;
use crate::money::Money;
use crate::text::{Language, Text};

impl Run<'_> {
    pub(super) fn arithmetic(
        &mut self,
        operation: Operation,
        left: &Value,
        right: &Value,
    ) -> Evaluated {
        match (left, right) {
            (Value::Int(one), Value::Int(other)) => whole(operation, *one, *other),
            (Value::Money(_), _) | (_, Value::Money(_)) => money(operation, left, right),
            (Value::List(one), Value::List(other)) => {
                self.burn(one.len() + other.len())?;
                Ok(Value::List(
                    one.iter().chain(other.iter()).cloned().collect(),
                ))
            }
            (Value::String(one), Value::String(other)) => {
                self.burn((one.len() + other.len()) / 8)?;
                Ok(Value::String(format!("{one}{other}").into()))
            }
            _ => match (double(left), double(right)) {
                (Some(one), Some(other)) => fraction(operation, one, other),
                _ => self.texts(left, right),
            },
        }
    }

    fn texts(&mut self, left: &Value, right: &Value) -> Evaluated {
        let (Some(one), Some(other)) = (both(left), both(right)) else {
            return Err(failed("these values cannot be reckoned with"));
        };
        let lengths = one.en.len() + one.zh.len() + other.en.len() + other.zh.len();
        self.burn(lengths / 8)?;
        let joined = Text::new(
            format!("{}{}", one.en, other.en),
            format!("{}{}", one.zh, other.zh),
        );
        Ok(Value::Text(Arc::new(joined)))
    }
}

/// A text in both languages.
fn both(value: &Value) -> Option<Text> {
    match value {
        Value::String(text) => Some(Text::same(text)),
        Value::Text(text) => Some(Text::new(text.get(Language::En), text.get(Language::Zh))),
        _ => None,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a whole number beyond 2^53 meets a number with a fraction"
)]
pub(super) fn double(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        _ => None,
    }
}

fn whole(operation: Operation, one: i64, other: i64) -> Evaluated {
    if other == 0 && matches!(operation, Operation::Divide | Operation::Remainder) {
        return Err(failed("a number is divided by zero"));
    }
    let result = match operation {
        Operation::Add => one.checked_add(other),
        Operation::Subtract => one.checked_sub(other),
        Operation::Multiply => one.checked_mul(other),
        Operation::Divide => one.checked_div(other),
        Operation::Remainder => one.checked_rem(other),
    };
    result.map(Value::Int).ok_or_else(too_large)
}

fn fraction(operation: Operation, one: f64, other: f64) -> Evaluated {
    let result = match operation {
        Operation::Add => one + other,
        Operation::Subtract => one - other,
        Operation::Multiply => one * other,
        Operation::Divide if other == 0.0 => return Err(failed("a number is divided by zero")),
        Operation::Divide => one / other,
        Operation::Remainder => return Err(failed("`%` works with whole numbers")),
    };
    finite(result)
}

pub(super) fn finite(number: f64) -> Evaluated {
    if number.is_finite() {
        Ok(Value::Double(number))
    } else {
        Err(too_large())
    }
}

fn money(operation: Operation, left: &Value, right: &Value) -> Evaluated {
    let result = match (operation, left, right) {
        (Operation::Add, Value::Money(one), Value::Money(other)) => one.checked_add(*other),
        (Operation::Subtract, Value::Money(one), Value::Money(other)) => one.checked_sub(*other),
        (Operation::Multiply, Value::Money(amount), Value::Int(times))
        | (Operation::Multiply, Value::Int(times), Value::Money(amount)) => {
            amount.checked_mul(*times)
        }
        _ => return Err(failed("money cannot be reckoned with like this")),
    };
    result.map(Value::Money).ok_or_else(too_large)
}

pub(super) fn negated(value: &Value) -> Evaluated {
    match value {
        Value::Int(number) => number.checked_neg().map(Value::Int).ok_or_else(too_large),
        Value::Double(number) => Ok(Value::Double(-number)),
        Value::Money(money) => money.checked_neg().map(Value::Money).ok_or_else(too_large),
        _ => Err(failed("`-` turns only numbers and money")),
    }
}

pub(super) fn share(arguments: &[Value]) -> Evaluated {
    match arguments {
        [Value::Money(_), Value::Int(_), Value::Int(0)] => {
            Err(failed("money is shared among zero parts"))
        }
        [Value::Money(money), Value::Int(n), Value::Int(of)] => Money::share(*money, *n, *of)
            .map(Value::Money)
            .ok_or_else(too_large),
        _ => Err(failed("`share` takes money and two whole numbers")),
    }
}

pub(super) fn too_large() -> super::Stop {
    failed("a number grows too large")
}
