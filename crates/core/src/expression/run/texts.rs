//! Functions of texts, sizes, and conversions between texts and numbers.

use super::{Evaluated, Run, failed};
use crate::expression::term::Function;
use crate::expression::value::Value;
use crate::time;

impl Run<'_> {
    pub(super) fn text_function(&mut self, function: &Function, arguments: &[Value]) -> Evaluated {
        if let [Value::String(text), ..] = arguments {
            self.burn(text.len() / 16)?;
        }
        match (function, arguments) {
            (Function::Size, [of]) => size(of),
            (Function::Contains, [Value::String(text), Value::String(part)]) => {
                Ok(Value::Bool(text.contains(&**part)))
            }
            (Function::StartsWith, [Value::String(text), Value::String(part)]) => {
                Ok(Value::Bool(text.starts_with(&**part)))
            }
            (Function::EndsWith, [Value::String(text), Value::String(part)]) => {
                Ok(Value::Bool(text.ends_with(&**part)))
            }
            (Function::Matches(pattern), [Value::String(text)]) => {
                self.burn(text.len())?;
                Ok(Value::Bool(pattern.is_match(text)))
            }
            (Function::ToText, [value]) => to_text(value),
            (Function::ToInt, [value]) => to_int(value),
            (Function::ToDouble, [value]) => to_double(value),
            _ => Err(failed("a function was given a value of another kind")),
        }
    }
}

fn size(of: &Value) -> Evaluated {
    let size = match of {
        Value::String(text) => text.chars().count(),
        Value::List(items) => items.len(),
        Value::Map(members) => members.len(),
        _ => return Err(failed("a value has no size")),
    };
    Ok(Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

fn to_text(value: &Value) -> Evaluated {
    Ok(Value::String(match value {
        Value::String(text) => return Ok(Value::String(text.clone())),
        Value::Bool(truth) => truth.to_string().into(),
        Value::Int(number) => number.to_string().into(),
        Value::Double(number) => number.to_string().into(),
        Value::Date(date) => date.to_string().into(),
        Value::Time(moment) => time::to_text(*moment).into(),
        Value::Money(money) => money.to_string().into(),
        Value::Null | Value::Text(_) | Value::List(_) | Value::Map(_) | Value::Person(_) => {
            return Err(failed("no text can be made of a value"));
        }
    }))
}

/// Cuts a fraction off, as CEL does.
fn to_int(value: &Value) -> Evaluated {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    match value {
        Value::Int(number) => Ok(Value::Int(*number)),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "cutting the fraction off is what it is for"
        )]
        Value::Double(number) if number.abs() < BEYOND => Ok(Value::Int(*number as i64)),
        Value::Double(_) => Err(failed("a number is too large to be a whole number")),
        Value::String(text) => text
            .parse()
            .map(Value::Int)
            .map_err(|_| failed("a text is not a whole number")),
        _ => Err(failed("no whole number can be made of a value")),
    }
}

fn to_double(value: &Value) -> Evaluated {
    match value {
        Value::String(text) => text
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Value::Double)
            .ok_or_else(|| failed("a text is not a number")),
        value => super::arithmetic::double(value)
            .map(Value::Double)
            .ok_or_else(|| failed("no number can be made of a value")),
    }
}
