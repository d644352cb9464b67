//! Checks a parsed expression against the names and kinds that there are, and lowers it to a [`Term`].

mod calls;
mod choices;
mod listing;
mod literals;
mod names;
mod operators;
mod places;
mod search;
mod times;

use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, operators as cel_operators};

use super::problem::{Expect, Problem};
use super::scope::Scope;
use super::syntax::{self, Parsed};
use super::term::{Slot, Term};
use super::types::Type;
use super::value::Value;
use super::{Compiled, Named};

/// Steps that nested searches may need at most: the product of the lengths of their lists.
const MOST_PRODUCT: u64 = 100_000;

/// Steps that a whole expression may need at most.
const MOST_STEPS: u64 = 1_000_000;

/// Checks a whole expression.
pub(super) fn check(
    source: &str,
    scope: &Scope,
    expect: &Expect,
) -> Result<Compiled, Vec<Problem>> {
    let read = syntax::read(source).map_err(|problem| vec![problem])?;
    if let Some(parsed) = read.parse_without_places()
        && let Ok(compiled) = check_parsed(source, &parsed, scope, expect)
        && compiled.named.is_empty()
    {
        return Ok(compiled);
    }
    // Something has to be told, or what it names to be looked up: now places count.
    let parsed = read.parse().map_err(|problem| vec![problem])?;
    check_parsed(source, &parsed, scope, expect)
}

fn check_parsed(
    source: &str,
    parsed: &Parsed<'_>,
    scope: &Scope,
    expect: &Expect,
) -> Result<Compiled, Vec<Problem>> {
    let mut checker = Checker::new(scope, parsed);
    let mut root = checker.check(&parsed.root);
    checker.expect(&mut root, expect, &parsed.root);
    checker.bound(source);
    if !checker.problems.is_empty() {
        return Err(checker.problems);
    }
    Ok(Compiled {
        source: source.to_owned(),
        ty: root.ty,
        term: root.term,
        slots: checker.slots,
        roots: checker.roots,
        reads: checker.reads,
        named: checker.named,
        reads_clock: checker.reads_clock,
    })
}

/// A part of an expression that was checked.
struct Checked {
    term: Term,
    ty: Type,
    /// The dotted path that it reads, if it is one.
    path: Option<String>,
}

impl Checked {
    fn new(term: Term, ty: Type) -> Self {
        Self {
            term,
            ty,
            path: None,
        }
    }

    /// Stands for something about which a problem was reported, so that nothing else is said about it.
    fn unknown() -> Self {
        Self::new(Term::Literal(Value::Null), Type::Any)
    }
}

struct Local {
    name: String,
    ty: Type,
    path: Option<String>,
}

struct Checker<'a> {
    scope: &'a Scope,
    parsed: &'a Parsed<'a>,
    locals: Vec<Local>,
    slots: Vec<Slot>,
    roots: Vec<String>,
    reads: Vec<String>,
    named: Vec<Named>,
    reads_clock: bool,
    problems: Vec<Problem>,
    parts: usize,
    /// How often what is being checked may be evaluated.
    repeats: u64,
    steps: u64,
}

impl<'a> Checker<'a> {
    fn new(scope: &'a Scope, parsed: &'a Parsed<'a>) -> Self {
        Self {
            scope,
            parsed,
            locals: Vec::new(),
            slots: Vec::new(),
            roots: Vec::new(),
            reads: Vec::new(),
            named: Vec::new(),
            reads_clock: false,
            problems: Vec::new(),
            parts: 0,
            repeats: 1,
            steps: 0,
        }
    }

    /// Checks a part whose value is used, and notes what it reads.
    fn check(&mut self, expr: &IdedExpr) -> Checked {
        let checked = self.resolve(expr);
        if let Some(path) = &checked.path
            && !self.reads.contains(path)
        {
            self.reads.push(path.clone());
        }
        checked
    }

    /// Checks a part without noting its path: a longer path may follow.
    fn resolve(&mut self, expr: &IdedExpr) -> Checked {
        self.parts += 1;
        self.steps = self.steps.saturating_add(self.repeats);
        match &expr.expr {
            Expr::Literal(literal) => self.literal(literal, expr),
            Expr::Ident(name) => self.name(name, expr),
            Expr::Select(select) if select.test => self.has(&select.operand, &select.field, expr),
            Expr::Select(select) => self.select(&select.operand, &select.field, expr),
            Expr::Call(call) => self.call(call, expr),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension, expr),
            Expr::List(list) => self.list(&list.elements, expr),
            Expr::Map(map) => self.map(&map.entries, expr),
            Expr::Struct(_) | Expr::Unspecified => {
                let place = self.place(expr);
                self.refuse("E300", place, "this is not an expression")
            }
        }
    }

    fn call(&mut self, call: &CallExpr, expr: &IdedExpr) -> Checked {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (cel_operators::CONDITIONAL, [condition, yes, no]) => {
                self.conditional(condition, yes, no, expr)
            }
            (cel_operators::LOGICAL_AND, [left, right]) => self.junction(Term::And, left, right),
            (cel_operators::LOGICAL_OR, [left, right]) => self.junction(Term::Or, left, right),
            (cel_operators::LOGICAL_NOT, [operand]) => {
                let operand = self.truth(operand);
                Checked::new(Term::Not(Box::new(operand)), Type::Bool)
            }
            (cel_operators::NEGATE, [operand]) => self.negation(operand, expr),
            (cel_operators::INDEX, [of, key]) => self.index(of, key, expr),
            (cel_operators::IN, [item, list]) => self.membership(item, list, expr),
            (sign, [left, right]) if operators::is_operator(sign) => {
                self.operator(sign, left, right, expr)
            }
            _ => self.function(call, expr),
        }
    }

    /// Reports a problem and gives something that causes no others.
    fn refuse(
        &mut self,
        code: &'static str,
        place: (usize, usize),
        message: impl Into<String>,
    ) -> Checked {
        self.problems.push(Problem::new(code, place, message));
        Checked::unknown()
    }

    fn refuse_with_help(
        &mut self,
        code: &'static str,
        place: (usize, usize),
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Checked {
        let problem = Problem::new(code, place, message).help(help);
        self.problems.push(problem);
        Checked::unknown()
    }

    /// Is the result what the place of the expression needs?
    fn expect(&mut self, root: &mut Checked, expect: &Expect, expr: &IdedExpr) {
        if let Expect::Exactly(wanted) = expect {
            self.coerce(root, wanted, expr);
            if matches!(
                (&root.term, wanted),
                (Term::Literal(Value::Date(_)), Type::Time)
            ) {
                root.ty = Type::Date;
            }
        }
        if self.problems.is_empty() && !expect.accepts(&root.ty) {
            let message = format!("this gives {}; {} is needed here", root.ty, expect.wanted());
            let help = match (expect, &root.ty) {
                (Expect::Bool, Type::List { .. }) => {
                    "ask something about it: `.exists(x, …)`, `.all(x, …)`, `.size() > 0`"
                }
                (Expect::Bool, _) => "compare it with something",
                _ => "write an expression that gives what is needed",
            };
            let place = self.place(expr);
            self.refuse_with_help("E308", place, message, help);
        }
    }

    /// Is it small enough?
    fn bound(&mut self, source: &str) {
        if self.parts > syntax::MOST_PARTS {
            self.problems.push(syntax::too_many_parts(source));
        } else if self.steps > MOST_STEPS && !self.problems.iter().any(|p| p.code == "E306") {
            let message = format!("this expression could need {} steps", self.steps);
            let help = format!("{MOST_STEPS} are allowed: search shorter lists, or fewer of them");
            self.refuse_with_help("E306", (0, source.len()), message, help);
        }
    }

    fn slot(&mut self, name: &str, member: Option<&str>) -> Term {
        let slot = Slot {
            name: Arc::from(name),
            member: member.map(Arc::from),
        };
        let known = self.slots.iter().position(|other| *other == slot);
        Term::Slot(known.unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        }))
    }
}
