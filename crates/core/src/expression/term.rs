//! A checked expression as a tree: names resolved, literals converted, functions known.

use std::sync::Arc;

use regex::Regex;

use super::bindings::CaseCall;
use super::value::Value;
use crate::time::cron::Schedule;
use crate::time::{Length, PeriodKind};

#[derive(Debug)]
pub(super) enum Term {
    Literal(Value),
    /// A name, or a member of one, that the bindings give: an index into the slots of the program.
    Slot(usize),
    /// The variable of a search, counted from the outermost.
    Local(usize),
    Member(Box<Term>, Arc<str>),
    /// An entry of a map by its key.
    Entry(Box<Term>, Box<Term>),
    /// An entry of a map that the bindings give one by one.
    BoundEntry {
        name: Arc<str>,
        member: Arc<str>,
        key: Box<Term>,
    },
    /// An item of a list by its position.
    Item(Box<Term>, Box<Term>),
    /// Whether something is there.
    Has(Box<Term>),
    Not(Box<Term>),
    Negate(Box<Term>),
    And(Box<Term>, Box<Term>),
    Or(Box<Term>, Box<Term>),
    If(Box<Term>, Box<Term>, Box<Term>),
    Arithmetic(Operation, Box<Term>, Box<Term>),
    Compare(Comparison, Box<Term>, Box<Term>),
    In(Box<Term>, Box<Term>),
    Search(Search, Box<Term>, Box<Term>),
    /// What each item of a list becomes, of those for which the condition is true.
    Map {
        list: Box<Term>,
        condition: Option<Box<Term>>,
        becomes: Box<Term>,
    },
    List(Vec<Term>),
    Record(Vec<(Arc<str>, Term)>),
    CaseCall(CaseCall, Arc<str>),
    Call(Function, Vec<Term>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    All,
    Exists,
    ExistsOne,
}

/// A function, with those of its arguments that are known beforehand.
#[derive(Debug)]
pub(super) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    Matches(Box<Regex>),
    ToText,
    ToInt,
    ToDouble,
    Distinct,
    /// The sum; the value is that of an empty list.
    Sum(Value),
    Average,
    Join,
    Earliest,
    Latest,
    /// Adds a length of time: a known one, or that of the second argument.
    Add(Option<Length>),
    Period(PeriodKind),
    Next(Box<Schedule>),
    BusinessDaysBetween,
    Share,
    ToDate,
    Part(DatePart),
}

/// A part of a date or moment, as CEL's functions number it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatePart {
    Year,
    /// From 0.
    Month,
    /// From 1.
    Day,
    /// From 0.
    DayOfMonth,
    /// From 0, which is Sunday.
    DayOfWeek,
    /// From 0.
    DayOfYear,
    Hours,
    Minutes,
    Seconds,
}

/// What the bindings are asked for: a name, or a member of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub name: Arc<str>,
    pub member: Option<Arc<str>>,
}

impl Operation {
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

impl Comparison {
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    pub fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::Unequal)
    }
}
