//! Functions of dates and moments, in the workflow's zone and calendar.

use chrono::{Datelike, Timelike};

use super::{Evaluated, Run, Stop, compare, failed};
use crate::expression::term::{DatePart, Function};
use crate::expression::value::Value;
use crate::time::{self, Date, LAST_YEAR, Length, Period};

impl Run<'_> {
    pub(super) fn time_function(&mut self, function: &Function, arguments: &[Value]) -> Evaluated {
        let zone = self.bindings.zone();
        match (function, arguments) {
            (Function::Add(Some(length)), [start]) => self.add(start, length),
            (Function::Add(None), [start, Value::String(length)]) => {
                let length: Length = length
                    .parse()
                    .map_err(|_| failed("a text is not a length of time"))?;
                self.add(start, &length)
            }
            (Function::Period(kind), [of]) => {
                let period = Period::of(*kind, self.day(of)?);
                Ok(Value::map([
                    ("id", Value::string(&period.id)),
                    ("starts", Value::Date(period.starts)),
                    ("ends", Value::Date(period.ends)),
                ]))
            }
            (Function::Next(schedule), [after]) => {
                self.burn(100)?;
                let after = compare::moment(after, zone).ok_or_else(not_a_moment)?;
                schedule
                    .next_after(after, zone)
                    .map(Value::Time)
                    .ok_or_else(|| failed("a recurring time does not come again"))
            }
            (Function::BusinessDaysBetween, [from, to]) => {
                let (from, to) = (self.day(from)?, self.day(to)?);
                let calendar = self.bindings.calendar();
                Ok(Value::Int(calendar.business_days_between(from, to)))
            }
            (Function::ToDate, [of]) => Ok(Value::Date(self.day(of)?)),
            (Function::Part(part), [of]) => {
                let moment = compare::moment(of, zone).ok_or_else(not_a_moment)?;
                Ok(Value::Int(i64::from(date_part(
                    *part,
                    &moment.with_timezone(&zone),
                ))))
            }
            _ => Err(not_a_moment()),
        }
    }

    /// Keeps the kind: a date stays a date.
    fn add(&mut self, start: &Value, length: &Length) -> Evaluated {
        let work = usize::try_from(length.work()).unwrap_or(usize::MAX);
        self.burn(work)?;
        let (calendar, zone) = (self.bindings.calendar(), self.bindings.zone());
        match start {
            Value::Time(start) => {
                let time = time::add(*start, length, calendar, zone);
                within_years(Value::Time(time), time.year())
            }
            Value::Date(start) => {
                let date = time::add_to_date(*start, length, calendar)
                    .ok_or_else(|| failed("a date has no hours to which some could be added"))?;
                within_years(Value::Date(date), date.year())
            }
            _ => Err(not_a_moment()),
        }
    }

    /// The day that a value stands for in the workflow's zone.
    fn day(&self, value: &Value) -> Result<Date, Stop> {
        match value {
            Value::Date(date) => Ok(*date),
            Value::Time(moment) => Ok(time::date_in(*moment, self.bindings.zone())),
            _ => Err(not_a_moment()),
        }
    }
}

/// Reckoning stops at the last year that has four digits; what got there is not to be trusted.
fn within_years(value: Value, year: i32) -> Evaluated {
    if (2..LAST_YEAR).contains(&year) {
        Ok(value)
    } else {
        Err(failed("a date lies too far away"))
    }
}

fn not_a_moment() -> Stop {
    failed("a value is neither a date nor a date-time")
}

fn date_part(part: DatePart, at: &(impl Datelike + Timelike)) -> i32 {
    let small = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    match part {
        DatePart::Year => at.year(),
        DatePart::Month => small(at.month0()),
        DatePart::Day => small(at.day()),
        DatePart::DayOfMonth => small(at.day0()),
        DatePart::DayOfWeek => small(at.weekday().num_days_from_sunday()),
        DatePart::DayOfYear => small(at.ordinal0()),
        DatePart::Hours => small(at.hour()),
        DatePart::Minutes => small(at.minute()),
        DatePart::Seconds => small(at.second()),
    }
}
