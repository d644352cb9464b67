//! Functions of lists.

use std::collections::HashSet;

use super::arithmetic::{double, finite};
use super::{Evaluated, Run, Stop, compare, failed};
use crate::expression::term::{Function, Operation};
use crate::expression::value::Value;

impl Run<'_> {
    pub(super) fn list_function(&mut self, function: &Function, arguments: &[Value]) -> Evaluated {
        let Some(Value::List(items)) = arguments.first() else {
            return Err(failed("a value is not a list"));
        };
        self.burn(items.len())?;
        match function {
            Function::Distinct => {
                let mut seen = HashSet::with_capacity(items.len());
                let first = items
                    .iter()
                    .filter(|item| seen.insert(compare::identity(item)));
                Ok(Value::list(first.cloned()))
            }
            Function::Sum(nothing) => {
                let mut sum = None;
                for item in items.iter() {
                    sum = Some(match sum {
                        None => item.clone(),
                        Some(sum) => self.arithmetic(Operation::Add, &sum, item)?,
                    });
                }
                Ok(sum.unwrap_or_else(|| nothing.clone()))
            }
            Function::Average => average(items),
            Function::Join => {
                let between = arguments.get(1).cloned().unwrap_or(Value::string(""));
                self.join(items, &between)
            }
            Function::Earliest => self.extreme(items, true),
            _ => self.extreme(items, false),
        }
    }

    fn join(&mut self, items: &[Value], between: &Value) -> Evaluated {
        let mut out: Option<Value> = None;
        for item in items {
            out = Some(match out {
                None => item.clone(),
                Some(out) => {
                    let out = self.arithmetic(Operation::Add, &out, between)?;
                    self.arithmetic(Operation::Add, &out, item)?
                }
            });
        }
        Ok(out.unwrap_or_else(|| Value::string("")))
    }

    fn extreme(&mut self, items: &[Value], earliest: bool) -> Evaluated {
        let zone = self.bindings.zone();
        let moments = items.iter().map(|item| {
            let moment = compare::moment(item, zone);
            moment.ok_or_else(|| failed("a value is neither a date nor a date-time"))
        });
        let moments: Result<Vec<_>, Stop> = moments.collect();
        let moments = moments?.into_iter().zip(items);
        let extreme = if earliest {
            moments.min_by_key(|(moment, _)| *moment)
        } else {
            moments.max_by_key(|(moment, _)| *moment)
        };
        extreme
            .map(|(_, item)| item.clone())
            .ok_or_else(|| failed("a list without entries has neither an earliest nor a latest"))
    }
}

fn average(items: &[Value]) -> Evaluated {
    let numbers: Option<Vec<f64>> = items.iter().map(double).collect();
    let numbers = numbers.ok_or_else(|| failed("an average is made of numbers"))?;
    if numbers.is_empty() {
        return Err(failed("a list without entries has no average"));
    }
    #[expect(clippy::cast_precision_loss, reason = "no list has that many entries")]
    let count = numbers.len() as f64;
    finite(numbers.iter().sum::<f64>() / count)
}
