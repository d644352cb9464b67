//! Formulas while a question is looked at: places by number, and simpler with each that is set.

use countersign_core::expression::{Formula, Outcome};

/// A formula over numbered variables.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Clause {
    Is(Outcome),
    Truth(usize),
    Known(usize),
    Among(usize, Vec<String>),
    /// Two variables that hold the same word.
    Same(usize, usize),
    /// One variable so many times, and a constant: nothing, or at most nothing.
    One {
        variable: usize,
        times: i128,
        constant: i128,
        exactly: bool,
    },
    /// A sum of several variables, by its number.
    Many(usize),
    /// Something of which only the outcome is known.
    Other(usize),
    Not(Box<Clause>),
    And(Box<Clause>, Box<Clause>),
    Or(Box<Clause>, Box<Clause>),
    If(Box<Clause>, Box<Clause>, Box<Clause>),
}

/// A sum of several variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Many {
    pub(super) parts: Vec<(usize, i128)>,
    pub(super) constant: i128,
    pub(super) exactly: bool,
}

/// What a variable is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    /// Nothing is there.
    Absent,
    Truth(bool),
    Word(String),
    Number(i128),
    /// Some number between these, the borders excluded.
    Between(Option<i128>, Option<i128>),
    /// Of something that is not looked into.
    Outcome(Outcome),
}

impl Setting {
    /// A number that is meant.
    pub(super) fn number(&self) -> Option<i128> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Between(Some(least), _) => Some(least + 1),
            Self::Between(None, Some(most)) => Some(most - 1),
            Self::Between(None, None) => Some(0),
            Self::Absent | Self::Truth(_) | Self::Word(_) | Self::Outcome(_) => None,
        }
    }
}

fn truth(is: bool) -> Clause {
    Clause::Is(if is { Outcome::True } else { Outcome::False })
}

const FAILS: Clause = Clause::Is(Outcome::Fails);

impl Clause {
    /// With numbers for places; `number` gives them, `many` those of sums.
    pub(super) fn of(
        formula: &Formula,
        number: &mut dyn FnMut(&str, bool) -> usize,
        sums: &mut Vec<Many>,
    ) -> Self {
        let mut both = |one: &Formula, other: &Formula| {
            let one = Box::new(Self::of(one, number, sums));
            (one, Box::new(Self::of(other, number, sums)))
        };
        match formula {
            Formula::Is(outcome) => Self::Is(*outcome),
            Formula::Truth(place) => Self::Truth(number(place, false)),
            Formula::Known(place) => Self::Known(number(place, false)),
            Formula::Among(place, words) => Self::Among(number(place, false), words.clone()),
            Formula::Same(one, other) => Self::Same(number(one, false), number(other, false)),
            Formula::Other(text) => Self::Other(number(text, true)),
            Formula::Nothing(sum) | Formula::AtMostNothing(sum) => {
                let exactly = matches!(formula, Formula::Nothing(_));
                let parts = sum.parts.iter();
                let parts: Vec<_> = parts
                    .map(|(place, times)| (number(place, false), *times))
                    .collect();
                match parts.as_slice() {
                    [] if exactly => truth(sum.constant == 0),
                    [] => truth(sum.constant <= 0),
                    [(variable, times)] => Self::One {
                        variable: *variable,
                        times: *times,
                        constant: sum.constant,
                        exactly,
                    },
                    _ => {
                        let constant = sum.constant;
                        let many = Many {
                            parts,
                            constant,
                            exactly,
                        };
                        let known = sums.iter().position(|other| *other == many);
                        Self::Many(known.unwrap_or_else(|| {
                            sums.push(many);
                            sums.len() - 1
                        }))
                    }
                }
            }
            Formula::Not(operand) => Self::Not(Box::new(Self::of(operand, number, sums))),
            Formula::And(one, other) => {
                let (one, other) = both(one, other);
                Self::And(one, other)
            }
            Formula::Or(one, other) => {
                let (one, other) = both(one, other);
                Self::Or(one, other)
            }
            Formula::If(condition, yes, no) => {
                let (yes, no) = both(yes, no);
                let condition = Box::new(Self::of(condition, number, sums));
                Self::If(condition, yes, no)
            }
        }
    }

    /// With this variable set.
    pub(super) fn set(&self, variable: usize, to: &Setting, sums: &[Many]) -> Self {
        self.map(&|leaf| {
            let own = match leaf {
                Self::Truth(one) | Self::Known(one) | Self::Among(one, _) | Self::Other(one) => {
                    *one == variable
                }
                Self::Same(one, other) => *one == variable || *other == variable,
                Self::One { variable: one, .. } => *one == variable,
                Self::Many(sum) => sums[*sum].parts.iter().any(|(one, _)| *one == variable),
                _ => false,
            };
            own.then(|| leaf.judged(variable, to))
        })
    }

    /// With the outcome of this sum.
    pub(super) fn with_sum(&self, sum: usize, is: bool) -> Self {
        self.map(&|leaf| (*leaf == Self::Many(sum)).then(|| truth(is)))
    }

    fn judged(&self, variable: usize, to: &Setting) -> Self {
        match (self, to) {
            (Self::Known(_), Setting::Absent) => truth(false),
            (Self::Known(_), _) => truth(true),
            (_, Setting::Absent) => FAILS,
            (Self::Truth(_), Setting::Truth(is)) => truth(*is),
            (Self::Among(_, words), Setting::Word(word)) => truth(words.contains(word)),
            (Self::Same(one, other), Setting::Word(_)) if one == other => truth(true),
            (Self::Same(one, other), Setting::Word(word)) => {
                let other = if *one == variable { *other } else { *one };
                Self::Among(other, vec![word.clone()])
            }
            (Self::Other(_), Setting::Outcome(outcome)) => Self::Is(*outcome),
            (
                Self::One {
                    times,
                    constant,
                    exactly,
                    ..
                },
                to,
            ) => match to.number() {
                Some(number) => {
                    let sum = times.saturating_mul(number).saturating_add(*constant);
                    truth(if *exactly { sum == 0 } else { sum <= 0 })
                }
                None => self.clone(),
            },
            _ => self.clone(),
        }
    }

    fn map(&self, leaf: &dyn Fn(&Self) -> Option<Self>) -> Self {
        let inner = |clause: &Self| Box::new(clause.map(leaf));
        match self {
            Self::Not(operand) => match operand.map(leaf) {
                Self::Is(Outcome::True) => truth(false),
                Self::Is(Outcome::False) => truth(true),
                fails @ Self::Is(Outcome::Fails) => fails,
                other => Self::Not(Box::new(other)),
            },
            Self::And(one, other) => junction(inner(one), inner(other), Outcome::False),
            Self::Or(one, other) => junction(inner(one), inner(other), Outcome::True),
            Self::If(condition, yes, no) => match condition.map(leaf) {
                Self::Is(Outcome::True) => yes.map(leaf),
                Self::Is(Outcome::False) => no.map(leaf),
                fails @ Self::Is(Outcome::Fails) => fails,
                open => Self::If(Box::new(open), inner(yes), inner(no)),
            },
            one => leaf(one).unwrap_or_else(|| one.clone()),
        }
    }

    /// Whether it can still come to this.
    pub(super) fn may_be(&self, outcome: Outcome, may_fail: &dyn Fn(&Self) -> bool) -> bool {
        use Outcome::{Fails, False, True};
        let opposite = |outcome| match outcome {
            True => False,
            False => True,
            Fails => Fails,
        };
        match self {
            Self::Is(is) => *is == outcome,
            Self::Not(operand) => operand.may_be(opposite(outcome), may_fail),
            Self::And(one, other) | Self::Or(one, other) => {
                let strong = if matches!(self, Self::And(..)) {
                    False
                } else {
                    True
                };
                let can = |clause: &Self, outcome| clause.may_be(outcome, may_fail);
                let both = |outcome| can(one, outcome) && can(other, outcome);
                if outcome == strong {
                    can(one, strong) || can(other, strong)
                } else if outcome == Fails {
                    let weak = opposite(strong);
                    (can(one, Fails) && (can(other, Fails) || can(other, weak)))
                        || (can(one, weak) && can(other, Fails))
                } else {
                    both(outcome)
                }
            }
            Self::If(condition, yes, no) => {
                (condition.may_be(True, may_fail) && yes.may_be(outcome, may_fail))
                    || (condition.may_be(False, may_fail) && no.may_be(outcome, may_fail))
                    || (outcome == Fails && condition.may_be(Fails, may_fail))
            }
            leaf => outcome != Fails || may_fail(leaf),
        }
    }
}

/// `&&` and `||` as expressions reckon them: one side that settles it outweighs a failure of the other.
fn junction(one: Box<Clause>, other: Box<Clause>, strong: Outcome) -> Clause {
    match (&*one, &*other) {
        (Clause::Is(is), _) | (_, Clause::Is(is)) if *is == strong => Clause::Is(strong),
        (Clause::Is(Outcome::Fails), Clause::Is(_))
        | (Clause::Is(_), Clause::Is(Outcome::Fails)) => FAILS,
        (Clause::Is(Outcome::Fails), _) | (_, Clause::Is(Outcome::Fails)) => {
            joined(one, other, strong)
        }
        (Clause::Is(_), _) => *other,
        (_, Clause::Is(_)) => *one,
        _ => joined(one, other, strong),
    }
}

fn joined(one: Box<Clause>, other: Box<Clause>, strong: Outcome) -> Clause {
    if strong == Outcome::False {
        Clause::And(one, other)
    } else {
        Clause::Or(one, other)
    }
}
