//! Evaluates a checked expression: exactly, with bounded steps, and without ever panicking.

mod arithmetic;
mod compare;
mod lists;
mod texts;
mod times;

use std::cell::OnceCell;
use std::sync::Arc;

use super::bindings::{Bindings, Failure};
use super::term::{Comparison, Function, Search, Slot, Term};
use super::value::Value;
use crate::time::Zone;

/// Steps that one evaluation may take. What the checker lets through needs fewer, unless a list is longer than its
/// schema allows.
const FUEL: u64 = 4_000_000;

/// Evaluates a tree whose slots are filled from the bindings.
pub(super) fn evaluate(
    term: &Term,
    slots: &[Slot],
    bindings: &dyn Bindings,
) -> Result<Value, Failure> {
    let mut run = Run {
        bindings,
        slots,
        filled: vec![OnceCell::new(); slots.len()],
        locals: Vec::new(),
        fuel: FUEL,
    };
    run.value(term).map_err(|stop| match stop {
        Stop::Failed(failure) => failure,
        Stop::OutOfFuel => Failure::new("this took too many steps"),
    })
}

/// The value with the other sign, where it has one.
pub(super) fn negated(value: &Value) -> Option<Value> {
    arithmetic::negated(value).ok()
}

/// Why an evaluation stops. A failure can be outweighed by the other side of `&&` and `||`; empty fuel cannot.
enum Stop {
    Failed(Failure),
    OutOfFuel,
}

type Evaluated = Result<Value, Stop>;

/// Whether the comparison holds.
fn compared(comparison: Comparison, left: &Value, right: &Value, zone: Zone) -> Result<bool, Stop> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    Ok(match comparison {
        Comparison::Equal => compare::equal(left, right, zone),
        Comparison::Unequal => !compare::equal(left, right, zone),
        ordered => {
            let order = compare::order(left, right, zone)
                .ok_or_else(|| failed("values of different kinds have no order"))?;
            match ordered {
                Comparison::Less => order == Less,
                Comparison::LessOrEqual => order != Greater,
                Comparison::Greater => order == Greater,
                Comparison::GreaterOrEqual => order != Less,
                Comparison::Equal | Comparison::Unequal => order == Equal,
            }
        }
    })
}

fn failed(message: impl Into<String>) -> Stop {
    Stop::Failed(Failure::new(message))
}

struct Run<'a> {
    bindings: &'a dyn Bindings,
    slots: &'a [Slot],
    filled: Vec<OnceCell<Option<Value>>>,
    locals: Vec<Value>,
    fuel: u64,
}

impl Run<'_> {
    fn burn(&mut self, steps: usize) -> Result<(), Stop> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.fuel = self.fuel.checked_sub(steps).ok_or(Stop::OutOfFuel)?;
        Ok(())
    }

    fn value(&mut self, term: &Term) -> Evaluated {
        self.burn(1)?;
        if let Some(value) = self.peek(term) {
            return Ok(value.clone());
        }
        match term {
            Term::Literal(value) => Ok(value.clone()),
            Term::Slot(_)
            | Term::Local(_)
            | Term::Member(..)
            | Term::Entry(..)
            | Term::BoundEntry { .. }
            | Term::CaseCall(..) => match self.find(term)? {
                Some(Value::Null) | None => Err(failed(self.absent(term))),
                Some(value) => Ok(value),
            },
            Term::Item(list, position) => self.item(list, position),
            Term::Has(inner) => {
                let found = self.find(inner)?;
                Ok(Value::Bool(!matches!(found, None | Some(Value::Null))))
            }
            Term::Not(operand) => Ok(Value::Bool(!self.truth(operand)?)),
            Term::Negate(operand) => {
                let value = self.value(operand)?;
                arithmetic::negated(&value)
            }
            Term::And(left, right) => self.junction(left, right, false),
            Term::Or(left, right) => self.junction(left, right, true),
            Term::If(condition, yes, no) => {
                let chosen = if self.truth(condition)? { yes } else { no };
                self.value(chosen)
            }
            Term::Arithmetic(operation, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                self.arithmetic(*operation, &left, &right)
            }
            Term::Compare(comparison, left, right) => {
                if let (Some(left), Some(right)) = (self.peek(left), self.peek(right)) {
                    let weight = compare::weight(left).min(compare::weight(right));
                    let truth = compared(*comparison, left, right, self.bindings.zone());
                    // As many steps as when both were values of their own.
                    self.burn(2 + weight)?;
                    return truth.map(Value::Bool);
                }
                let (left, right) = (self.value(left)?, self.value(right)?);
                self.compare(*comparison, &left, &right)
            }
            Term::In(item, list) => self.membership(item, list),
            Term::Search(search, list, condition) => self.search(*search, list, condition),
            Term::Map {
                list,
                condition,
                becomes,
            } => self.map(list, condition.as_deref(), becomes),
            Term::List(items) => {
                let items: Result<_, Stop> = items.iter().map(|item| self.value(item)).collect();
                Ok(Value::List(items?))
            }
            Term::Record(members) => {
                let members = members
                    .iter()
                    .map(|(name, term)| Ok((Arc::clone(name), self.value(term)?)));
                let members: Result<_, Stop> = members.collect();
                Ok(Value::Map(Arc::new(members?)))
            }
            Term::Call(function, arguments) => self.call(function, arguments),
        }
    }

    /// What is there already, without making a value of it: most of what a search does is to look at items.
    fn peek<'r>(&'r self, term: &'r Term) -> Option<&'r Value> {
        let found = match term {
            Term::Literal(value) => value,
            Term::Local(depth) => self.locals.get(*depth)?,
            Term::Member(of, name) => self.peek(of)?.member(name)?,
            Term::Slot(at) => self.filled.get(*at)?.get()?.as_ref()?,
            _ => return None,
        };
        (!matches!(found, Value::Null)).then_some(found)
    }

    /// What is there, or `None`: for `has`, and for messages about what is absent.
    fn find(&mut self, term: &Term) -> Result<Option<Value>, Stop> {
        match term {
            Term::Slot(slot) => Ok(self.slot(*slot)),
            Term::Local(depth) => Ok(self.locals.get(*depth).cloned()),
            Term::Member(of, name) => {
                let of = self.find(of)?;
                Ok(of.and_then(|of| of.member(name).cloned()))
            }
            Term::Entry(of, key) => {
                let Some(of) = self.find(of)? else {
                    return Ok(None);
                };
                match (of, self.value(key)?) {
                    (Value::List(items), Value::Int(at)) => {
                        let at = usize::try_from(at).ok();
                        Ok(at.and_then(|at| items.get(at).cloned()))
                    }
                    (of, Value::String(key)) => Ok(of.member(&key).cloned()),
                    _ => Err(failed("a value has another kind of key")),
                }
            }
            Term::BoundEntry { name, member, key } => {
                let Value::String(key) = self.value(key)? else {
                    return Err(failed("a key is no text"));
                };
                Ok(self.bindings.entry(name, member, &key))
            }
            Term::CaseCall(call, argument) => Ok(self.bindings.case_call(*call, argument)),
            other => self.value(other).map(Some),
        }
    }

    fn slot(&mut self, at: usize) -> Option<Value> {
        let slot = &self.slots[at];
        let bindings = self.bindings;
        self.filled[at]
            .get_or_init(|| match &slot.member {
                Some(member) => bindings.member(&slot.name, member),
                None => bindings.get(&slot.name),
            })
            .clone()
    }

    fn truth(&mut self, term: &Term) -> Result<bool, Stop> {
        match self.value(term)? {
            Value::Bool(truth) => Ok(truth),
            _ => Err(failed("a condition is neither true nor false")),
        }
    }

    /// `&&` and `||`: a failure on one side does not matter if the other side decides.
    fn junction(&mut self, left: &Term, right: &Term, decisive: bool) -> Evaluated {
        let first = self.truth(left);
        match first {
            Ok(truth) if truth == decisive => return Ok(Value::Bool(decisive)),
            Err(Stop::OutOfFuel) => return Err(Stop::OutOfFuel),
            Ok(_) | Err(Stop::Failed(_)) => {}
        }
        match (first, self.truth(right)) {
            (_, Err(Stop::OutOfFuel)) => Err(Stop::OutOfFuel),
            (_, Ok(truth)) if truth == decisive => Ok(Value::Bool(decisive)),
            (Err(stop), _) | (Ok(_), Err(stop)) => Err(stop),
            (Ok(_), Ok(_)) => Ok(Value::Bool(!decisive)),
        }
    }

    fn compare(&mut self, comparison: Comparison, left: &Value, right: &Value) -> Evaluated {
        self.burn(compare::weight(left).min(compare::weight(right)))?;
        compared(comparison, left, right, self.bindings.zone()).map(Value::Bool)
    }

    fn list(&mut self, term: &Term) -> Result<Arc<[Value]>, Stop> {
        match self.value(term)? {
            Value::List(items) => {
                self.burn(items.len())?;
                Ok(items)
            }
            _ => Err(failed("a value is not a list")),
        }
    }

    fn item(&mut self, list: &Term, position: &Term) -> Evaluated {
        let Value::List(items) = self.value(list)? else {
            return Err(failed("a value is not a list"));
        };
        let position = match self.value(position)? {
            Value::Int(position) => usize::try_from(position).ok(),
            _ => None,
        };
        position
            .and_then(|at| items.get(at).cloned())
            .ok_or_else(|| failed("a list has no item at this position"))
    }

    fn membership(&mut self, item: &Term, list: &Term) -> Evaluated {
        let item = self.value(item)?;
        let items = self.list(list)?;
        let zone = self.bindings.zone();
        let found = items.iter().any(|other| compare::equal(&item, other, zone));
        Ok(Value::Bool(found))
    }

    fn with_local<T>(
        &mut self,
        item: Value,
        then: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        self.locals.push(item);
        let result = then(self);
        self.locals.pop();
        result
    }

    fn search(&mut self, search: Search, list: &Term, condition: &Term) -> Evaluated {
        let items = self.list(list)?;
        let mut found = 0_usize;
        let mut failure = None;
        for item in items.iter() {
            let truth = self.with_local(item.clone(), |run| run.truth(condition));
            match (search, truth) {
                (_, Err(Stop::OutOfFuel)) => return Err(Stop::OutOfFuel),
                (Search::ExistsOne, Err(stop)) => return Err(stop),
                (Search::All, Ok(false)) => return Ok(Value::Bool(false)),
                (Search::Exists, Ok(true)) => return Ok(Value::Bool(true)),
                (Search::ExistsOne, Ok(true)) => found += 1,
                (_, Ok(_)) => {}
                (_, Err(stop)) => {
                    failure.get_or_insert(stop);
                }
            }
        }
        match (failure, search) {
            (Some(stop), _) => Err(stop),
            (None, Search::All) => Ok(Value::Bool(true)),
            (None, Search::Exists) => Ok(Value::Bool(false)),
            (None, Search::ExistsOne) => Ok(Value::Bool(found == 1)),
        }
    }

    fn map(&mut self, list: &Term, condition: Option<&Term>, becomes: &Term) -> Evaluated {
        let items = self.list(list)?;
        let mut out = Vec::with_capacity(items.len());
        for item in items.iter() {
            let value = self.with_local(item.clone(), |run| {
                if let Some(condition) = condition
                    && !run.truth(condition)?
                {
                    return Ok(None);
                }
                run.value(becomes).map(Some)
            })?;
            out.extend(value);
        }
        Ok(Value::List(out.into()))
    }

    fn call(&mut self, function: &Function, arguments: &[Term]) -> Evaluated {
        let arguments: Result<Vec<Value>, Stop> =
            arguments.iter().map(|term| self.value(term)).collect();
        let arguments = arguments?;
        match function {
            Function::Size
            | Function::Contains
            | Function::StartsWith
            | Function::EndsWith
            | Function::Matches(_)
            | Function::ToText
            | Function::ToInt
            | Function::ToDouble => self.text_function(function, &arguments),
            Function::Distinct
            | Function::Sum(_)
            | Function::Average
            | Function::Join
            | Function::Earliest
            | Function::Latest => self.list_function(function, &arguments),
            Function::Share => arithmetic::share(&arguments),
            Function::Add(_)
            | Function::Period(_)
            | Function::Next(_)
            | Function::BusinessDaysBetween
            | Function::ToDate
            | Function::Part(_) => self.time_function(function, &arguments),
        }
    }

    /// What to say of something that is not there: its path, but never a value.
    fn absent(&self, term: &Term) -> String {
        match term {
            Term::CaseCall(_, action) => format!("`{action}` has not been done yet"),
            term => match self.path(term) {
                Some(path) => format!("`{path}` is absent"),
                None => "a value is absent".to_owned(),
            },
        }
    }

    fn path(&self, term: &Term) -> Option<String> {
        match term {
            Term::Slot(at) => {
                let slot = &self.slots[*at];
                Some(match &slot.member {
                    Some(member) => format!("{}.{member}", slot.name),
                    None => slot.name.to_string(),
                })
            }
            Term::Local(_) => Some("item".to_owned()),
            Term::Member(of, name) => Some(format!("{}.{name}", self.path(of)?)),
            Term::Entry(of, _) => Some(format!("{}[…]", self.path(of)?)),
            Term::BoundEntry { name, member, .. } => Some(format!("{name}.{member}[…]")),
            _ => None,
        }
    }
}
