//! Checking and evaluating expressions: those that are common, and the dearest that the checker lets through.

use countersign_core::{
    calendar::Calendar,
    expression::{Bindings, CaseCall, Expect, Expression, Scope, Type, Value},
    time::Zone,
};
use criterion::Criterion;

/// The longest list that schemas may allow and searches may walk alone.
const LONG: u32 = 1_000;
/// Two lists of this length may be searched one inside the other.
const NESTED: u32 = 316;

/// What the expressions read: lists of numbers and of texts, as long as they may be.
struct Filled {
    calendar: Calendar,
    numbers: Value,
    fewer: Value,
    texts: Value,
    other_texts: Value,
}

impl Filled {
    fn new() -> Self {
        let text = |i: u32, last: char| Value::string(&format!("{}{i:04}{last}", "x".repeat(60)));
        Self {
            calendar: Calendar::default(),
            numbers: Value::list((0..i64::from(LONG)).map(Value::Int)),
            fewer: Value::list((0..i64::from(NESTED)).map(Value::Int)),
            texts: Value::list((0..NESTED).map(|i| text(i, 'a'))),
            other_texts: Value::list((0..NESTED).map(|i| text(i, 'b'))),
        }
    }
}

impl Bindings for Filled {
    fn get(&self, name: &str) -> Option<Value> {
        match name {
            "numbers" => Some(self.numbers.clone()),
            "fewer" => Some(self.fewer.clone()),
            "texts" => Some(self.texts.clone()),
            "others" => Some(self.other_texts.clone()),
            "amount" => Some(Value::Int(1_200_000)),
            "urgent" => Some(Value::Bool(true)),
            _ => None,
        }
    }

    fn case_call(&self, _call: CaseCall, _argument: &str) -> Option<Value> {
        None
    }

    fn zone(&self) -> Zone {
        chrono_tz::Asia::Shanghai
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

fn scope() -> Scope {
    Scope::standard()
        .with("numbers", Type::list(Type::Int, LONG))
        .with("fewer", Type::list(Type::Int, NESTED))
        .with("texts", Type::list(Type::String, NESTED))
        .with("others", Type::list(Type::String, NESTED))
        .with("amount", Type::Int)
        .with("urgent", Type::Bool)
}

pub fn measure(criterion: &mut Criterion) {
    let (scope, filled) = (scope(), Filled::new());
    let mut group = criterion.benchmark_group("expressions");
    let common = "urgent && amount > 1000000 ? 2 : 1";
    group.bench_function("check a common one", |bencher| {
        bencher.iter(|| Expression::compile(common, &scope, &Expect::Any));
    });
    let once = "fewer.all(a, fewer.all(b, a + b >= 0))";
    let repeated = |term: &str| {
        let fits = |times: usize| {
            let source = vec![term; times].join(" && ");
            Expression::compile(&source, &scope, &Expect::Any).ok()
        };
        (1..10).map_while(fits).last().expect("one is allowed")
    };
    let all = [
        ("evaluate a common one", compiled(common, &scope)),
        (
            "evaluate a search of 1,000",
            compiled("numbers.exists(n, n == 999)", &scope),
        ),
        (
            "evaluate nested searches, as many as are let through (goal 10 ms)",
            repeated(once),
        ),
        (
            "evaluate nested comparisons of texts, as many as are let through (goal 10 ms)",
            repeated("texts.all(a, others.all(b, a != b))"),
        ),
        (
            "evaluate nested maps, as many as are let through (goal 10 ms)",
            repeated("fewer.all(a, fewer.map(b, a + b).size() >= 0)"),
        ),
    ];
    for (name, expression) in all {
        assert!(
            expression.evaluate(&filled).is_ok(),
            "{name}: {:?}",
            expression.evaluate(&filled)
        );
        group.bench_function(name, |bencher| {
            bencher.iter(|| expression.evaluate(&filled));
        });
    }
    group.finish();
}

fn compiled(source: &str, scope: &Scope) -> Expression {
    Expression::compile(source, scope, &Expect::Any)
        .unwrap_or_else(|problems| panic!("{source}: {problems:?}"))
}
