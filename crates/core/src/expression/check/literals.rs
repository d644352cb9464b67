//! Literals, and what they become where a more exact kind is needed.

use std::sync::Arc;

use cel::common::ast::{IdedExpr, LiteralValue};

use super::{Checked, Checker};
use crate::expression::term::Term;
use crate::expression::types::Type;
use crate::expression::value::Value;
use crate::money::{Money, NotMoney};
use crate::time;

impl Checker<'_> {
    pub(super) fn literal(&mut self, literal: &LiteralValue, expr: &IdedExpr) -> Checked {
        let (value, ty) = match literal {
            LiteralValue::Boolean(truth) => (Value::Bool(*truth.inner()), Type::Bool),
            LiteralValue::Int(number) => (Value::Int(*number.inner()), Type::Int),
            LiteralValue::UInt(number) => match i64::try_from(*number.inner()) {
                Ok(number) => (Value::Int(number), Type::Int),
                Err(_) => return self.refuse("E300", self.place(expr), "this number is too large"),
            },
            LiteralValue::Double(number) if number.inner().is_finite() => {
                (Value::Double(*number.inner()), Type::Double)
            }
            LiteralValue::Double(_) => {
                return self.refuse("E300", self.place(expr), "this number is too large");
            }
            LiteralValue::String(text) => (Value::string(text.inner()), Type::String),
            LiteralValue::Null => {
                return self.refuse_with_help(
                    "E307",
                    self.place(expr),
                    "nothing here is ever null: what is not filled in is absent",
                    "ask for it: `has(deal.note)`",
                );
            }
            LiteralValue::Bytes(_) => {
                return self.refuse_with_help(
                    "E307",
                    self.place(expr),
                    "there are no bytes here, only texts",
                    "leave the `b` before the quote away",
                );
            }
        };
        Checked::new(Term::Literal(value), ty)
    }

    /// Turns literals into what is wanted: numbers into money, texts into dates. Reports those that cannot be.
    pub(super) fn coerce(&mut self, checked: &mut Checked, wanted: &Type, expr: &IdedExpr) {
        match becomes(&mut checked.term, &checked.ty, wanted) {
            Ok(true) => checked.ty = widened(&checked.ty, wanted),
            Ok(false) => {}
            Err(Refused { message, help }) => {
                *checked = self.refuse_with_help("E307", self.place(expr), message, help);
            }
        }
    }
}

struct Refused {
    message: String,
    help: &'static str,
}

/// The kind after a conversion: that which was wanted, but lists keep their own length.
fn widened(from: &Type, wanted: &Type) -> Type {
    match (from, wanted) {
        (Type::List { item, max }, Type::List { item: wanted, .. }) => Type::List {
            item: Box::new(widened(item, wanted)),
            max: *max,
        },
        _ => wanted.clone(),
    }
}

/// Converts literals in place; says whether everything that had to be converted was.
fn becomes(term: &mut Term, from: &Type, wanted: &Type) -> Result<bool, Refused> {
    if let (Type::List { item, .. }, Type::List { item: wanted, .. }) = (from, wanted) {
        let Term::List(items) = term else {
            return Ok(false);
        };
        for term in items {
            if !becomes(term, item, wanted)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    let convertible = matches!(
        (from, wanted),
        (Type::Int | Type::Double, Type::Money)
            | (Type::String, Type::Date | Type::Time)
            | (Type::Int, Type::Double)
    );
    if !convertible {
        return Ok(false);
    }
    match term {
        Term::Literal(value) => {
            *value = converted(value, wanted)?;
            Ok(true)
        }
        Term::Negate(operand) => becomes(operand, from, wanted),
        Term::If(_, yes, no) => Ok(becomes(yes, from, wanted)? && becomes(no, from, wanted)?),
        _ => Ok(false),
    }
}

fn converted(value: &Value, wanted: &Type) -> Result<Value, Refused> {
    let refused = |message: &str, help| Refused {
        message: message.to_owned(),
        help,
    };
    match (value, wanted) {
        (Value::Int(units), Type::Money) => Money::from_units(*units)
            .map(Value::Money)
            .ok_or_else(|| refused("this amount of money is too large", "check the number")),
        // The shortest notation of the number is what was written, up to the digits that it holds exactly.
        (Value::Double(number), Type::Money) => match Money::parse(&number.to_string()) {
            Ok(money) if number.abs() < 1e13 => Ok(Value::Money(money)),
            Err(NotMoney::TooFine) => Err(refused(
                "money has at most two digits after the point",
                "write at most two digits after the point",
            )),
            Ok(_) | Err(_) => Err(refused(
                "this amount of money is too large",
                "check the number",
            )),
        },
        (Value::String(text), Type::Date) => date(text).ok_or_else(|| {
            refused(
                "a date is compared with a text that is none",
                "write dates as '2026-12-20'",
            )
        }),
        (Value::String(text), Type::Time) => date(text)
            .or_else(|| time::from_text(text).map(Value::Time))
            .ok_or_else(|| {
                refused(
                    "a date-time is compared with a text that is none",
                    "write '2026-12-20', or '2026-12-20T09:00:00+08:00'",
                )
            }),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a literal beyond 2^53 that stands for a number with a fraction"
        )]
        (Value::Int(number), Type::Double) => Ok(Value::Double(*number as f64)),
        (value, _) => Ok(value.clone()),
    }
}

fn date(text: &Arc<str>) -> Option<Value> {
    time::date_from_text(text).map(Value::Date)
}
