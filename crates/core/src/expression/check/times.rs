//! Functions of dates and moments.

use std::str::FromStr;

use cel::common::ast::IdedExpr;

use super::names::text_literal;
use super::{Checked, Checker};
use crate::expression::term::{DatePart, Function, Term};
use crate::expression::types::Type;
use crate::expression::value::Value;
use crate::time::cron::Schedule;
use crate::time::{self, Length, PeriodKind};

impl Checker<'_> {
    pub(super) fn time_function(
        &mut self,
        name: &str,
        method: bool,
        given: &[&IdedExpr],
    ) -> Option<Checked> {
        Some(match (name, method, given) {
            ("add", false, [to, length]) => self.add(to, length),
            ("period", false, [kind, of]) => self.period(kind, of),
            ("next", false, [schedule, after]) => self.next(schedule, after),
            ("business_days_between", false, [from, to]) => {
                let terms = [*from, *to].map(|t| self.moment(t).term);
                Checked::new(
                    Term::Call(Function::BusinessDaysBetween, terms.into()),
                    Type::Int,
                )
            }
            ("date", false, [of]) => self.date(of),
            ("timestamp", false, [of]) => self.timestamp(of),
            (name, true, [of]) => {
                let part = part(name)?;
                let of = self.moment(of);
                Checked::new(Term::Call(Function::Part(part), vec![of.term]), Type::Int)
            }
            _ => return None,
        })
    }

    /// A date or moment; a text that is written out becomes a date.
    fn moment(&mut self, expr: &IdedExpr) -> Checked {
        let mut checked = self.check(expr);
        let before = self.problems.len();
        self.coerce(&mut checked, &Type::Time, expr);
        if let Term::Literal(Value::Date(_)) = checked.term {
            checked.ty = Type::Date;
        }
        if self.problems.len() == before {
            self.require(&checked, &[Type::Date, Type::Time], expr, "this");
        }
        checked
    }

    fn add(&mut self, to: &IdedExpr, length: &IdedExpr) -> Checked {
        let start = self.moment(to);
        let Some(text) = text_literal(length) else {
            let by = self.check(length);
            self.require(&by, &[Type::String], length, "a length of time");
            let term = Term::Call(Function::Add(None), vec![start.term, by.term]);
            return Checked::new(term, start.ty);
        };
        match Length::from_str(text) {
            Ok(length_of) if start.ty == Type::Date && length_of.is_finer_than_days() => self
                .refuse_with_help(
                    "E307",
                    self.place(length),
                    "a date has no hours to which these could be added",
                    "add days, weeks, months, years or business days",
                ),
            Ok(length) => {
                // Days and opening hours are looked at one by one.
                self.steps = self
                    .steps
                    .saturating_add(self.repeats.saturating_mul(length.work()));
                let term = Term::Call(Function::Add(Some(length)), vec![start.term]);
                Checked::new(term, start.ty)
            }
            Err(error) => self.refuse("E205", self.place(length), error.to_string()),
        }
    }

    pub(super) fn extreme(&mut self, function: Function, list: &IdedExpr) -> Checked {
        let Some((term, item, _, _)) = self.walked(list) else {
            return Checked::unknown();
        };
        if !item.is_moment() {
            let message = format!("dates or date-times are needed here, and this list has {item}");
            return self.refuse("E308", self.place(list), message);
        }
        Checked::new(Term::Call(function, vec![term]), item)
    }

    fn period(&mut self, kind: &IdedExpr, of: &IdedExpr) -> Checked {
        let moment = self.moment(of);
        let parsed = text_literal(kind).map(PeriodKind::from_str);
        let Some(Ok(period)) = parsed else {
            let message = "the first argument says which period";
            let help = "write \"day\", \"week\", \"month\", \"quarter\" or \"year\"";
            return self.refuse_with_help("E300", self.place(kind), message, help);
        };
        let ty = Type::record([
            ("id", Type::String),
            ("starts", Type::Date),
            ("ends", Type::Date),
        ]);
        Checked::new(Term::Call(Function::Period(period), vec![moment.term]), ty)
    }

    fn next(&mut self, schedule: &IdedExpr, after: &IdedExpr) -> Checked {
        let moment = self.moment(after);
        let Some(text) = text_literal(schedule) else {
            let message = "a recurring time must be written out, so that it can be checked";
            return self.refuse("E308", self.place(schedule), message);
        };
        match Schedule::parse(text) {
            Ok(schedule) => {
                // Looking for the next time costs about as much as this many other steps.
                self.steps = self.steps.saturating_add(self.repeats.saturating_mul(100));
                let function = Function::Next(Box::new(schedule));
                Checked::new(Term::Call(function, vec![moment.term]), Type::Time)
            }
            Err(error) => self.refuse("E300", self.place(schedule), error.to_string()),
        }
    }

    /// The day of a moment in the workflow's zone, or one that is written out.
    fn date(&mut self, of: &IdedExpr) -> Checked {
        let moment = self.moment(of);
        let term = match moment.term {
            Term::Literal(Value::Date(date)) => Term::Literal(Value::Date(date)),
            term => Term::Call(Function::ToDate, vec![term]),
        };
        Checked::new(term, Type::Date)
    }

    fn timestamp(&mut self, of: &IdedExpr) -> Checked {
        match text_literal(of).and_then(time::from_text) {
            Some(moment) => Checked::new(Term::Literal(Value::Time(moment)), Type::Time),
            None => self.refuse_with_help(
                "E300",
                self.place(of),
                "this is not a moment",
                "write `timestamp('2026-12-20T09:00:00+08:00')`",
            ),
        }
    }
}

fn part(function: &str) -> Option<DatePart> {
    Some(match function {
        "getFullYear" => DatePart::Year,
        "getMonth" => DatePart::Month,
        "getDate" => DatePart::Day,
        "getDayOfMonth" => DatePart::DayOfMonth,
        "getDayOfWeek" => DatePart::DayOfWeek,
        "getDayOfYear" => DatePart::DayOfYear,
        "getHours" => DatePart::Hours,
        "getMinutes" => DatePart::Minutes,
        "getSeconds" => DatePart::Seconds,
        _ => return None,
    })
}
