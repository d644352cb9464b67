//! Functions: which there are, and of what kind their arguments and results are.

use cel::common::ast::{CallExpr, IdedExpr};
use regex::RegexBuilder;

use super::names::{did_you_mean, text_literal};
use super::{Checked, Checker};
use crate::expression::term::{Function, Term};
use crate::expression::types::Type;
use crate::expression::value::Value;
use crate::money::Money;

/// The functions that there are, for "did you mean".
const FUNCTIONS: [&str; 36] = [
    "add",
    "all",
    "average",
    "business_days_between",
    "contains",
    "date",
    "distinct",
    "double",
    "earliest",
    "endsWith",
    "exists",
    "exists_one",
    "filter",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "has",
    "int",
    "join",
    "latest",
    "map",
    "matches",
    "next",
    "period",
    "share",
    "size",
    "startsWith",
    "string",
    "sum",
    "timestamp",
];

/// Bytes that a pattern of `matches` may have at most.
const LONGEST_PATTERN: usize = 256;

/// Bytes that a compiled pattern may take at most.
const LARGEST_PATTERN: usize = 1 << 20;

impl Checker<'_> {
    pub(super) fn function(&mut self, call: &CallExpr, expr: &IdedExpr) -> Checked {
        let name = call.func_name.as_str();
        if let Some(target) = &call.target
            && let Some(checked) = self.case_call(target, name, &call.args, expr)
        {
            return checked;
        }
        let mut given: Vec<&IdedExpr> = call.target.iter().map(|target| &**target).collect();
        let method = call.target.is_some();
        given.extend(&call.args);
        match (name, method, given.as_slice()) {
            ("size", _, [of]) => self.size(of),
            ("contains", true, [of, part]) => self.on_text(Function::Contains, of, part),
            ("startsWith", true, [of, part]) => self.on_text(Function::StartsWith, of, part),
            ("endsWith", true, [of, part]) => self.on_text(Function::EndsWith, of, part),
            ("matches", _, [of, pattern]) => self.matches(of, pattern),
            ("string", false, [of]) => self.text_of(of),
            ("int", false, [of]) => self.number_of(Function::ToInt, Type::Int, of),
            ("double", false, [of]) => self.number_of(Function::ToDouble, Type::Double, of),
            ("distinct", _, [list]) => self.distinct(list),
            ("sum", _, [list]) => self.sum(list),
            ("average", _, [list]) => self.average(list),
            ("join", true, [list, between]) => self.join(list, between),
            ("earliest", _, [list]) => self.extreme(Function::Earliest, list),
            ("latest", _, [list]) => self.extreme(Function::Latest, list),
            ("share", false, [amount, n, of]) => self.share(amount, n, of),
            _ => match self.time_function(name, method, &given) {
                Some(checked) => checked,
                None => self.no_function(name, expr),
            },
        }
    }

    fn no_function(&mut self, name: &str, expr: &IdedExpr) -> Checked {
        let place = self.name_of_call(expr);
        if FUNCTIONS.contains(&name) {
            let message = format!("`{name}` is not called like this");
            return self.refuse_with_help("E301", place, message, usage(name));
        }
        let message = format!("there is no function `{name}`");
        let help = did_you_mean(name, &FUNCTIONS);
        self.refuse_with_help("E301", place, message, help)
    }

    fn size(&mut self, of: &IdedExpr) -> Checked {
        let of_checked = self.check(of);
        match of_checked.ty {
            Type::String | Type::List { .. } | Type::MapOf(_) | Type::Any => {}
            ref ty => {
                let message = format!("{ty} has no size");
                return self.refuse("E308", self.place(of), message);
            }
        }
        Checked::new(Term::Call(Function::Size, vec![of_checked.term]), Type::Int)
    }

    fn on_text(&mut self, function: Function, of: &IdedExpr, part: &IdedExpr) -> Checked {
        let terms = [of, part].map(|text| {
            let checked = self.check(text);
            self.require(&checked, &[Type::String], text, "this");
            checked.term
        });
        Checked::new(Term::Call(function, terms.into()), Type::Bool)
    }

    fn matches(&mut self, of: &IdedExpr, pattern: &IdedExpr) -> Checked {
        let text = self.check(of);
        self.require(&text, &[Type::String], of, "this");
        let place = self.place(pattern);
        let Some(source) = text_literal(pattern) else {
            let message = "a pattern must be written out, so that it can be checked";
            return self.refuse("E308", place, message);
        };
        if source.len() > LONGEST_PATTERN {
            let message = format!("this pattern has more than {LONGEST_PATTERN} bytes");
            return self.refuse("E306", place, message);
        }
        let built = RegexBuilder::new(source)
            .size_limit(LARGEST_PATTERN)
            .build();
        match built {
            Ok(regex) => {
                let function = Function::Matches(Box::new(regex));
                Checked::new(Term::Call(function, vec![text.term]), Type::Bool)
            }
            Err(regex::Error::CompiledTooBig(_)) => {
                self.refuse("E306", place, "this pattern is too large")
            }
            Err(_) => self.refuse("E300", place, "this is not a regular expression"),
        }
    }

    fn text_of(&mut self, of: &IdedExpr) -> Checked {
        let checked = self.check(of);
        let may = [
            Type::Bool,
            Type::Int,
            Type::Double,
            Type::String,
            Type::Date,
            Type::Time,
            Type::Money,
        ];
        self.require(&checked, &may, of, "what `string` makes a text of");
        Checked::new(
            Term::Call(Function::ToText, vec![checked.term]),
            Type::String,
        )
    }

    fn number_of(&mut self, function: Function, ty: Type, of: &IdedExpr) -> Checked {
        let checked = self.check(of);
        let may = [Type::Int, Type::Double, Type::String];
        self.require(&checked, &may, of, "what a number is made of");
        Checked::new(Term::Call(function, vec![checked.term]), ty)
    }

    /// A list that is walked through, with the kind of its items and its greatest length.
    pub(super) fn walked(
        &mut self,
        list: &IdedExpr,
    ) -> Option<(Term, Type, Option<u32>, Option<String>)> {
        let checked = self.check(list);
        match checked.ty {
            Type::List { item, max } => {
                self.walks(max, list);
                Some((checked.term, *item, max, checked.path))
            }
            Type::Any => Some((checked.term, Type::Any, None, None)),
            ty => {
                let message = format!("a list is needed here, and this is {ty}");
                self.refuse("E304", self.place(list), message);
                None
            }
        }
    }

    fn distinct(&mut self, list: &IdedExpr) -> Checked {
        let Some((term, item, max, path)) = self.walked(list) else {
            return Checked::unknown();
        };
        let item = Box::new(item);
        Checked {
            term: Term::Call(Function::Distinct, vec![term]),
            ty: Type::List { item, max },
            path,
        }
    }

    fn sum(&mut self, list: &IdedExpr) -> Checked {
        let Some((term, item, _, _)) = self.walked(list) else {
            return Checked::unknown();
        };
        let nothing = match item {
            Type::Int | Type::Any => Value::Int(0),
            Type::Double => Value::Double(0.0),
            Type::Money => Value::Money(Money::ZERO),
            ref ty => {
                let message = format!("`sum` adds numbers or money, and this list has {ty}");
                let help = "say what to add: `.map(x, x.amount).sum()`";
                return self.refuse_with_help("E308", self.place(list), message, help);
            }
        };
        Checked::new(Term::Call(Function::Sum(nothing), vec![term]), item)
    }

    fn average(&mut self, list: &IdedExpr) -> Checked {
        let Some((term, item, _, _)) = self.walked(list) else {
            return Checked::unknown();
        };
        if item.is_number() {
            return Checked::new(Term::Call(Function::Average, vec![term]), Type::Double);
        }
        let message = format!("there is no average of a list with {item}");
        let help = match item {
            Type::Money => {
                "money is exact: compare the sum, or take a part with `share(sum, 1, n)`"
            }
            _ => "say of what: `.map(x, x.points).average()`",
        };
        self.refuse_with_help("E308", self.place(list), message, help)
    }

    fn join(&mut self, list: &IdedExpr, between: &IdedExpr) -> Checked {
        let Some((term, item, _, _)) = self.walked(list) else {
            return Checked::unknown();
        };
        let separator = self.check(between);
        self.require(&separator, &[Type::String], between, "what stands between");
        if !item.is_textual() {
            let message = format!("`join` joins texts, and this list has {item}");
            let help = "make texts first: `.map(x, string(x)).join(', ')`";
            return self.refuse_with_help("E308", self.place(list), message, help);
        }
        let ty = if item == Type::Any {
            Type::String
        } else {
            item
        };
        Checked::new(Term::Call(Function::Join, vec![term, separator.term]), ty)
    }

    fn share(&mut self, amount: &IdedExpr, n: &IdedExpr, of: &IdedExpr) -> Checked {
        let mut money = self.check(amount);
        self.coerce(&mut money, &Type::Money, amount);
        self.require(&money, &[Type::Money], amount, "what is shared");
        let mut terms = vec![money.term];
        for number in [n, of] {
            let checked = self.check(number);
            self.require(&checked, &[Type::Int], number, "the parts of a share");
            terms.push(checked.term);
        }
        Checked::new(Term::Call(Function::Share, terms), Type::Money)
    }
}

fn usage(name: &str) -> &'static str {
    match name {
        "add" => "write `add(t, \"3 business days\")`",
        "next" => "write `next(\"0 0 9 * * MON\", t)`",
        "period" => "write `period(\"month\", t)`",
        "share" => "write `share(amount, n, of)`",
        "has" => "write `has(deal.note)`",
        "business_days_between" => "write `business_days_between(a, b)`",
        "exists" | "all" | "filter" | "map" | "exists_one" => "write `list.exists(x, x.field)`",
        "join" => "write `list.join(', ')`",
        "date" | "timestamp" => "write `date('2026-12-20')`",
        _ => "check its arguments",
    }
}
