//! What a condition says, as far as it can be reckoned with before there is a case: truths, words, and sums of numbers,
//! money, dates and moments that are compared with each other. The checker solves it. What lies outside stays in it as
//! [`Formula::Other`], of which nothing is claimed.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::{
    bindings::CaseCall,
    term::{Comparison, Function, Operation, Slot, Term},
    value::Value,
};
use crate::time::Length;

/// What a condition says about places: dotted paths such as `deal.amount`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Formula {
    /// It is settled.
    Is(Outcome),
    /// What this place holds.
    Truth(String),
    /// Whether this place holds anything.
    Known(String),
    /// Whether this place holds one of these words.
    Among(String, Vec<String>),
    /// Whether these two places hold the same word.
    Same(String, String),
    /// Whether this sum is nothing.
    Nothing(Sum),
    /// Whether this sum is nothing or less.
    AtMostNothing(Sum),
    /// Something else; the same text has the same outcome.
    Other(String),
    /// The opposite.
    Not(Box<Formula>),
    /// Both.
    And(Box<Formula>, Box<Formula>),
    /// One of them at least.
    Or(Box<Formula>, Box<Formula>),
    /// The second if the first is true, else the third.
    If(Box<Formula>, Box<Formula>, Box<Formula>),
}

impl Formula {
    /// Whether it reads only places of which this is true, and nothing that is not looked into.
    pub fn reads_only(&self, is: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Is(_) => true,
            Self::Other(_) => false,
            Self::Truth(place) | Self::Known(place) | Self::Among(place, _) => is(place),
            Self::Same(one, other) => is(one) && is(other),
            Self::Nothing(sum) | Self::AtMostNothing(sum) => {
                sum.parts.keys().all(|place| is(place))
            }
            Self::Not(operand) => operand.reads_only(is),
            Self::And(one, other) | Self::Or(one, other) => {
                one.reads_only(is) && other.reads_only(is)
            }
            Self::If(condition, yes, no) => {
                [condition, yes, no].iter().all(|part| part.reads_only(is))
            }
        }
    }
}

/// What comes of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is true.
    True,
    /// It is false.
    False,
    /// It fails, for something is not there.
    Fails,
}

/// Places, each so many times, and a constant. Counted in whole units: hundredths of money, days, milliseconds,
/// [`FINENESS`]ths of numbers with a fraction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Sum {
    /// How often each place counts.
    pub parts: BTreeMap<String, i128>,
    /// What is added.
    pub constant: i128,
}

/// What a place holds, as far as formulas know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Truth,
    /// A text.
    Word,
    /// A whole number.
    Whole,
    /// A number with a fraction.
    Number,
    /// Money, in hundredths.
    Money,
    /// A date, in days.
    Day,
    /// A moment, in milliseconds.
    Moment,
}

/// Units of a number with a fraction in one. Constants have one digit less, so that there is room beside each.
pub const FINENESS: i128 = 10_000_000;

/// Translates a condition. `kind_of` says what is known of a place.
pub(super) fn formula(
    term: &Term,
    slots: &[Slot],
    source: &str,
    kind_of: &dyn Fn(&str) -> Option<Kind>,
) -> Formula {
    Translation {
        slots,
        source,
        kind_of,
    }
    .condition(term)
}

struct Translation<'a> {
    slots: &'a [Slot],
    source: &'a str,
    kind_of: &'a dyn Fn(&str) -> Option<Kind>,
}

impl Translation<'_> {
    fn condition(&self, term: &Term) -> Formula {
        let inner = |term: &Term| Box::new(self.condition(term));
        match term {
            Term::Literal(Value::Bool(true)) => Formula::Is(Outcome::True),
            Term::Literal(Value::Bool(false)) => Formula::Is(Outcome::False),
            Term::Not(operand) => Formula::Not(inner(operand)),
            Term::And(left, right) => Formula::And(inner(left), inner(right)),
            Term::Or(left, right) => Formula::Or(inner(left), inner(right)),
            Term::If(condition, yes, no) => Formula::If(inner(condition), inner(yes), inner(no)),
            Term::Compare(comparison, left, right) => self
                .comparison(*comparison, left, right)
                .unwrap_or_else(|| self.other(term)),
            Term::In(item, list) => self.among(item, list).unwrap_or_else(|| self.other(term)),
            Term::Has(inner) => match self.place(inner) {
                Some(place) if (self.kind_of)(&place).is_some() => Formula::Known(place),
                _ => self.other(term),
            },
            _ => match self.place(term) {
                Some(place) if (self.kind_of)(&place) == Some(Kind::Truth) => Formula::Truth(place),
                _ => self.other(term),
            },
        }
    }

    /// The same text is written for the same thing wherever that can be told.
    fn other(&self, term: &Term) -> Formula {
        let text = match (self.place(term), term) {
            (Some(place), _) => place,
            (None, Term::CaseCall(CaseCall::Took, action)) => format!("case.took('{action}')"),
            (None, Term::CaseCall(CaseCall::IsIn, state)) => format!("case.is_in('{state}')"),
            (None, _) => format!("{}\n{term:?}", self.source),
        };
        Formula::Other(text)
    }

    /// The dotted path that a part reads.
    fn place(&self, term: &Term) -> Option<String> {
        match term {
            Term::Slot(slot) => {
                let Slot { name, member } = self.slots.get(*slot)?;
                Some(match member {
                    Some(member) => format!("{name}.{member}"),
                    None => name.to_string(),
                })
            }
            Term::Member(of, member) => Some(format!("{}.{member}", self.place(of)?)),
            Term::BoundEntry { name, member, key } => match &**key {
                Term::Literal(Value::String(key)) => Some(format!("{name}.{member}.{key}")),
                // Facts are kept by key: of the same key they are the same.
                key if **name == *"facts" => {
                    let key = self.place(key).filter(|key| !key.contains(['[', ']']))?;
                    Some(format!("{name}.{member}[{key}]"))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn comparison(&self, comparison: Comparison, left: &Term, right: &Term) -> Option<Formula> {
        if let Some(found) = self.of_sums(comparison, left, right) {
            return Some(found);
        }
        if !comparison.is_equality() {
            return None;
        }
        let equal = self.equal_words(left, right).or_else(|| {
            let (one, other) = (self.condition(left), self.condition(right));
            let understood = |formula: &Formula| !matches!(formula, Formula::Other(_));
            (understood(&one) && understood(&other)).then(|| {
                let opposite = Formula::Not(Box::new(other.clone()));
                Formula::If(Box::new(one), Box::new(other), Box::new(opposite))
            })
        })?;
        Some(match comparison {
            Comparison::Unequal => Formula::Not(Box::new(equal)),
            _ => equal,
        })
    }

    fn equal_words(&self, left: &Term, right: &Term) -> Option<Formula> {
        let (place, word) = match (left, right) {
            (place, Term::Literal(Value::String(word)))
            | (Term::Literal(Value::String(word)), place) => (self.place(place)?, word),
            _ => {
                let (one, other) = (self.place(left)?, self.place(right)?);
                let are_words = [&one, &other].map(|place| (self.kind_of)(place));
                return (are_words == [Some(Kind::Word); 2]).then_some(Formula::Same(one, other));
            }
        };
        ((self.kind_of)(&place) == Some(Kind::Word))
            .then(|| Formula::Among(place, vec![word.to_string()]))
    }

    fn among(&self, item: &Term, list: &Term) -> Option<Formula> {
        let Term::List(items) = list else {
            return None;
        };
        let each = items
            .iter()
            .map(|one| self.comparison(Comparison::Equal, item, one));
        let each: Option<Vec<Formula>> = each.collect();
        let either = |one, other| Formula::Or(Box::new(one), Box::new(other));
        let all = each?.into_iter().reduce(either);
        Some(all.unwrap_or(Formula::Is(Outcome::False)))
    }

    fn of_sums(&self, comparison: Comparison, left: &Term, right: &Term) -> Option<Formula> {
        let difference = self.sum(left)?.plus(self.sum(right)?.times(-1)?)?;
        let (kind, sum) = (difference.kind, difference.sum);
        // Between numbers with a fraction there is always room for another.
        if kind == Kind::Number && sum.parts.len() > 1 {
            return None;
        }
        let opposite = || {
            let parts = sum.parts.iter();
            Sum {
                parts: parts
                    .map(|(place, times)| (place.clone(), -times))
                    .collect(),
                constant: -sum.constant,
            }
        };
        let less = |mut sum: Sum| {
            sum.constant += 1;
            Formula::AtMostNothing(sum)
        };
        Some(match comparison {
            Comparison::Equal => Formula::Nothing(sum),
            Comparison::Unequal => Formula::Not(Box::new(Formula::Nothing(sum))),
            Comparison::LessOrEqual => Formula::AtMostNothing(sum),
            Comparison::GreaterOrEqual => Formula::AtMostNothing(opposite()),
            Comparison::Less => less(sum),
            Comparison::Greater => less(opposite()),
        })
    }

    fn sum(&self, term: &Term) -> Option<Counted> {
        match term {
            Term::Literal(value) => Counted::constant(value),
            Term::Negate(operand) => self.sum(operand)?.times(-1),
            Term::Arithmetic(Operation::Add, left, right) => self.sum(left)?.plus(self.sum(right)?),
            Term::Arithmetic(Operation::Subtract, left, right) => {
                self.sum(left)?.plus(self.sum(right)?.times(-1)?)
            }
            Term::Arithmetic(Operation::Multiply, left, right) => {
                let (left, right) = (self.sum(left)?, self.sum(right)?);
                match (left.whole_constant(), right.whole_constant()) {
                    (Some(times), _) => right.times(times),
                    (_, Some(times)) => left.times(times),
                    (None, None) => None,
                }
            }
            Term::Call(Function::Add(Some(length)), arguments) => {
                let [start] = arguments.as_slice() else {
                    return None;
                };
                let start = self.sum(start)?;
                let added = added(length, start.kind)?;
                start.plus(added)
            }
            Term::Call(Function::Size, arguments) => {
                let [of] = arguments.as_slice() else {
                    return None;
                };
                let place = format!("{}.size()", self.place(of)?);
                Some(Counted::place(place, Kind::Whole))
            }
            Term::CaseCall(CaseCall::Times, action) => {
                let place = format!("case.times('{action}')");
                Some(Counted::place(place, Kind::Whole))
            }
            _ => {
                let place = self.place(term)?;
                match (self.kind_of)(&place)? {
                    Kind::Truth | Kind::Word => None,
                    kind => Some(Counted::place(place, kind)),
                }
            }
        }
    }
}

/// A fixed length of time in the unit of what it is added to.
fn added(length: &Length, to: Kind) -> Option<Counted> {
    let fixed = length.fixed()?;
    let constant = match to {
        Kind::Day if !length.is_finer_than_days() => i128::from(fixed.num_days()),
        Kind::Moment => i128::from(fixed.num_milliseconds()),
        _ => return None,
    };
    Some(Counted {
        kind: to,
        sum: Sum {
            constant,
            ..Sum::default()
        },
    })
}

/// A sum, and what it counts.
struct Counted {
    kind: Kind,
    sum: Sum,
}

impl Counted {
    fn place(place: String, kind: Kind) -> Self {
        Self {
            kind,
            sum: Sum {
                parts: BTreeMap::from([(place, 1)]),
                constant: 0,
            },
        }
    }

    fn constant(value: &Value) -> Option<Self> {
        let (kind, constant) = match value {
            Value::Int(number) => (Kind::Whole, i128::from(*number)),
            Value::Double(number) => (Kind::Number, in_units(*number)?),
            Value::Money(money) => (Kind::Money, i128::from(money.hundredths())),
            Value::Date(date) => (Kind::Day, i128::from(date.num_days_from_ce())),
            Value::Time(time) => (Kind::Moment, i128::from(time.timestamp_millis())),
            _ => return None,
        };
        let sum = Sum {
            constant,
            ..Sum::default()
        };
        Some(Self { kind, sum })
    }

    fn whole_constant(&self) -> Option<i128> {
        let alone = self.kind == Kind::Whole && self.sum.parts.is_empty();
        alone.then_some(self.sum.constant)
    }

    fn times(mut self, times: i128) -> Option<Self> {
        for part in self.sum.parts.values_mut() {
            *part = part.checked_mul(times)?;
        }
        self.sum.parts.retain(|_, part| *part != 0);
        self.sum.constant = self.sum.constant.checked_mul(times)?;
        Some(self)
    }

    fn plus(self, other: Self) -> Option<Self> {
        let (mut one, other) = match (self.kind, other.kind) {
            (one, same) if one == same => (self, other),
            (Kind::Whole, Kind::Number) => (self.finer()?, other),
            (Kind::Number, Kind::Whole) => (self, other.finer()?),
            _ => return None,
        };
        for (place, times) in other.sum.parts {
            let part = one.sum.parts.entry(place).or_default();
            *part = part.checked_add(times)?;
        }
        one.sum.parts.retain(|_, part| *part != 0);
        one.sum.constant = one.sum.constant.checked_add(other.sum.constant)?;
        Some(one)
    }

    fn finer(self) -> Option<Self> {
        let kind = Kind::Number;
        self.times(FINENESS).map(|finer| Self { kind, ..finer })
    }
}

/// A number of at most six digits behind the point, in units.
fn in_units(number: f64) -> Option<i128> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is checked to be small and whole"
    )]
    let exact = |scaled: f64| {
        let whole = scaled.round();
        let is_exact = whole.abs() < 9.0e14
            && ((whole / 1e6) - number).abs() < f64::EPSILON * number.abs().max(1.0);
        is_exact.then_some(whole as i128)
    };
    exact(number * 1e6)?.checked_mul(FINENESS / 1_000_000)
}
