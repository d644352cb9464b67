//! Any text as an expression: it is checked or refused, every problem lies inside it at the edge of characters, and what
//! is let through is evaluated within bounds.
#![no_main]

use std::sync::LazyLock;

use countersign_core::{
    calendar::Calendar,
    expression::{Bindings, CaseCall, Expect, Expression, Scope, Type, Value},
    time::Zone,
};
use libfuzzer_sys::fuzz_target;

static SCOPE: LazyLock<Scope> = LazyLock::new(|| {
    let deal = Type::record([
        ("customer", Type::String),
        ("amount", Type::Money),
        ("seats", Type::Int),
        ("discount", Type::Double),
        ("urgent", Type::Bool),
        ("close_date", Type::Date),
        ("tags", Type::list(Type::String, 100)),
        ("remarks", Type::unbounded_list(Type::String)),
        ("note?", Type::String),
    ]);
    Scope::standard()
        .with("deal", deal)
        .with("numbers", Type::list(Type::Int, 300))
        .with("members", Type::engine_list(Type::Person))
        .with("actor", Type::Person)
});

/// Lists as long as their kinds allow, and all else without a value.
struct Filled(Calendar);

impl Bindings for Filled {
    fn get(&self, name: &str) -> Option<Value> {
        match name {
            "numbers" => Some(Value::list((0..300).map(Value::Int))),
            "deal" => Some(Value::map([
                ("customer", Value::string("北风 Northwind")),
                ("seats", Value::Int(12)),
                ("discount", Value::Double(2.5)),
                ("urgent", Value::Bool(true)),
                (
                    "tags",
                    Value::list((0..100).map(|at| Value::string(&format!("tag {at}")))),
                ),
            ])),
            _ => None,
        }
    }

    fn case_call(&self, call: CaseCall, _argument: &str) -> Option<Value> {
        match call {
            CaseCall::IsIn | CaseCall::Took => Some(Value::Bool(true)),
            CaseCall::Times => Some(Value::Int(2)),
            CaseCall::Last => None,
        }
    }

    fn zone(&self) -> Zone {
        chrono_tz::Asia::Shanghai
    }

    fn calendar(&self) -> &Calendar {
        &self.0
    }
}

fuzz_target!(|source: &str| {
    match Expression::compile(source, &SCOPE, &Expect::Any) {
        Ok(expression) => {
            // A failure is an answer too.
            let _ = expression.evaluate(&Filled(Calendar::default()));
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(
                    source.get(problem.start..problem.end).is_some(),
                    "{problem:?}"
                );
            }
        }
    }
});
