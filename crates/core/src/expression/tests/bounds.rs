//! Expressions always end, soon: what could cost too much is refused when it is loaded (LANGUAGE 3).

use super::{Expect, Expression, Scope, Type, Value, World, compiled, problems_of, refused, scope};
use crate::expression::Bindings;
use crate::expression::bindings::CaseCall;
use crate::time::Zone;

fn code_of(source: &str) -> &'static str {
    problems_of(source)[0].code
}

#[test]
fn a_searched_list_needs_a_limit() {
    refused(&[
        ("deal.remarks.exists(r, r == 'x')", "E305", "deal.remarks"),
        ("'x' in deal.remarks", "E305", "deal.remarks"),
        ("deal.remarks.join(', ')", "E305", "deal.remarks"),
        ("distinct(deal.remarks)[0]", "E305", "deal.remarks"),
    ]);
    compiled("deal.remarks.size() > 3");
}

#[test]
fn nested_searches_over_long_lists_are_refused() {
    compiled("members.all(a, members.exists(b, a.id == b.id))");
    assert_eq!(
        code_of("members.all(a, members.all(b, members.all(c, a.id != b.id)))"),
        "E306"
    );
}

#[test]
fn long_and_large_expressions_are_refused() {
    let long = format!("'{}' == ''", "x".repeat(1000));
    assert_eq!(code_of(&long), "E306");
    let many = format!("1{}", "+1".repeat(150));
    assert_eq!(code_of(&many), "E306");
    compiled(&format!("1{}", "+1".repeat(95)));
    let deep = format!("{}1{}", "(".repeat(9), ")".repeat(9));
    assert_eq!(code_of(&deep), "E306");
    compiled(&format!("{}1{}", "(".repeat(8), ")".repeat(8)));
    compiled(&format!("{}1", "true?1:".repeat(24)));
    assert_eq!(code_of(&format!("{}1", "true?1:".repeat(25))), "E306");
}

/// Inputs that drove the parser or the evaluator of the crate very far.
#[test]
fn the_known_bombs_are_refused() {
    let ten = "[1,2,3,4,5,6,7,8,9,0]";
    let mut nested = "1".to_owned();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        nested = format!("{ten}.map({name},{nested})");
    }
    let bombs = [
        nested,
        "(".repeat(500),
        "[".repeat(999),
        "{1:".repeat(300),
        "!".repeat(999),
        "-".repeat(999),
        "a.".repeat(499),
        "f(".repeat(400),
        "true?".repeat(199),
        "a&&".repeat(333),
        "'".repeat(999),
        format!("{}x", "--(".repeat(200)),
        "ma[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\x0c\0\0\0\0\0\0\0[[[[[[[putTo?[[[[[[[[[[ep"
            .to_owned(),
        "a||true?map(x,(map(x,(exists({has(a(({'x'?,!a.b(aa(||\"\"f((1a)a.b(\0==?has(exists(a.b(你"
            .to_owned(),
        "[[1],[2]].map(x, x.map(y, y.map(z, z)))".to_owned(),
    ];
    for bomb in bombs {
        let problems = problems_of(&bomb);
        assert!(!problems.is_empty(), "{bomb}");
    }
}

/// The length of a text doubles with every variable; it must run out of steps before it runs out of memory.
#[test]
fn what_grows_at_run_time_runs_out_of_steps() {
    let mut doubling = "g".to_owned();
    let names = ["g", "f", "e", "d", "c", "b", "a"];
    let eight = |x: &str| [x; 8].join("+");
    for pair in names.windows(2) {
        doubling = format!("[{}].map({}, {doubling})[0]", eight(pair[1]), pair[0]);
    }
    let source = format!("['{}'].map(a, {doubling})[0].size()", "x".repeat(300));
    let expression = compiled(&source);
    let failure = expression.evaluate(&World::new()).unwrap_err();
    assert_eq!(failure.message, "this took too many steps");
}

/// A list that is longer than its schema allows, as one that was stored before the schema was narrowed.
struct Endless(World);

impl Bindings for Endless {
    fn get(&self, _name: &str) -> Option<Value> {
        Some(Value::list((0..5_000).map(Value::Int)))
    }

    fn case_call(&self, _call: CaseCall, _argument: &str) -> Option<Value> {
        None
    }

    fn zone(&self) -> Zone {
        self.0.zone()
    }

    fn calendar(&self) -> &crate::calendar::Calendar {
        self.0.calendar()
    }
}

#[test]
fn a_list_longer_than_its_schema_runs_out_of_steps() {
    let scope = Scope::new().with("l", Type::list(Type::Int, 100));
    let source = "l.all(a, l.all(b, a + b >= 0))";
    let expression = Expression::compile(source, &scope, &Expect::Bool).unwrap();
    let failure = expression.evaluate(&Endless(World::new())).unwrap_err();
    assert_eq!(failure.message, "this took too many steps");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    /// Whatever is typed gets an answer, and a problem always lies inside the source, at the edge of characters.
    #[test]
    fn any_input_gets_an_answer(parts in proptest::collection::vec(0_usize..38, 0..50)) {
        const TOKENS: [&str; 38] = [
            "deal", "score", "members", "1", "'x'", "(", ")", "[", "]", "{", "}", "?", ":", ".", "+", "-", "!", "&&",
            "||", "==", " in ", " ", "\0", "=", ",", "\"", "1.5", "size(", ".exists(", "x,", "true", ".map(x,", "has(",
            "你", "deal.amount", "deal.seats", ".filter(s, s", "\n",
        ];
        let source: String = parts.iter().map(|&part| TOKENS[part]).collect();
        match Expression::compile(&source, &scope(), &Expect::Any) {
            Ok(expression) => { let _ = expression.evaluate(&World::new()); }
            Err(problems) => {
                proptest::prop_assert!(!problems.is_empty());
                for problem in problems {
                    proptest::prop_assert!(source.get(problem.start..problem.end).is_some(), "{source:?} {problem:?}");
                }
            }
        }
    }
}
