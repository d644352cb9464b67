//! Expressions, rule by rule (LANGUAGE 3, SEMANTICS 3, 4, 9, 10). Here is what they read; the rules are in the parts.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod bounds;
mod case;
mod kinds;
mod lists;
mod money;
mod parsers;
mod problems;
mod reading;
mod times;

use std::cell::RefCell;

use serde_json::{Value as Json, json};

use super::*;
use crate::calendar::Calendar;
use crate::time::{self, Zone};

pub(super) const SHANGHAI: Zone = chrono_tz::Asia::Shanghai;

/// What expressions read in these tests; it keeps a list of what was asked for.
pub(super) struct World {
    calendar: Calendar,
    asked: RefCell<Vec<String>>,
}

impl World {
    pub fn new() -> Self {
        let holidays = [time::date_from_text("2027-01-01").unwrap()];
        let calendar = Calendar::new("mon-fri", "09:00-18:00", holidays, []).unwrap();
        Self {
            calendar,
            asked: RefCell::new(Vec::new()),
        }
    }
}

fn data() -> Json {
    json!({
        "deal": { "customer": "北风 Northwind", "amount": "330000.00", "close_date": "2026-12-20",
                  "discount": 2.5, "seats": 12, "urgent": true, "tags": ["a", "b", "a"], "owner": { "id": "pat", "name": "Pat" } },
        "draft": {},
        "sow": { "services": [
            { "id": "cce", "name": { "en": "Containers", "zh": "容器" }, "advanced": true, "key": false, "price": "10.10" },
            { "id": "obs", "name": "Storage", "advanced": false, "key": false, "price": "0.20" },
            { "id": "cce", "name": { "en": "Container engine", "zh": "容器引擎" }, "advanced": true, "key": false, "price": "5.00" } ] },
        "score": [{ "points": 70 }, { "points": 55 }],
        "empty": [],
        "members": [{ "id": "rita", "name": "Rita" }, { "id": "omar" }],
        "actor": { "id": "omar", "name": "Omar M.", "groups": ["deal_reviewers"] },
        "milestones": { "dates": ["2026-12-20", "2026-11-01"] },
        "payment": { "quarter": { "id": "2026q3", "name": "2026 Q3", "ends": "2026-09-30", "claim_until": "2026-12-31" } },
        "facts": { "person": { "rita": { "certificates": ["HCIA"] } } },
        "case": { "round": 2, "visits": { "review": 2 }, "entered": { "review": "2026-11-22T01:00:00Z" } },
        "now": "2026-11-22T01:30:00Z",
        "today": "2026-11-22"
    })
}

pub(super) fn scope() -> Scope {
    let service = Type::record([
        ("id", Type::String),
        ("name", Type::Text),
        ("advanced", Type::Bool),
        ("key", Type::Bool),
        ("price", Type::Money),
    ]);
    let quarter = Type::record([
        ("id", Type::String),
        ("name", Type::Text),
        ("ends", Type::Date),
        ("claim_until", Type::Date),
    ]);
    let deal = Type::record([
        ("customer", Type::String),
        ("amount", Type::Money),
        ("close_date", Type::Date),
        ("discount", Type::Double),
        ("seats", Type::Int),
        ("urgent", Type::Bool),
        ("tags", Type::list(Type::String, 10)),
        ("remarks", Type::unbounded_list(Type::String)),
        ("owner", Type::Person),
        ("note?", Type::String),
    ]);
    let person_facts = Type::record([("certificates", Type::list(Type::String, 20))]);
    let dates = Type::record([("dates", Type::list(Type::Date, 10))]);
    Scope::standard()
        .with("deal", deal.clone())
        .with("draft", deal)
        .with("sow", Type::record([("services", Type::list(service, 50))]))
        .with(
            "score",
            Type::engine_list(Type::record([("points", Type::Int)])),
        )
        .with("empty", Type::engine_list(Type::Int))
        .with("members", Type::engine_list(Type::Person))
        .with("actor", Type::Person)
        .with("milestones", dates)
        .with("payment", Type::record([("quarter", quarter)]))
        .with(
            "facts",
            Type::record([("person", Type::map_of(person_facts))]),
        )
}

impl Bindings for World {
    fn get(&self, name: &str) -> Option<Value> {
        self.asked.borrow_mut().push(name.to_owned());
        let data = data();
        let json = data.get(name)?;
        Some(Value::from_json(json, scope().get(name).unwrap()).unwrap())
    }

    fn member(&self, name: &str, member: &str) -> Option<Value> {
        let value = self.get(name)?.member(member).cloned();
        self.asked.borrow_mut().pop();
        self.asked.borrow_mut().push(format!("{name}.{member}"));
        value
    }

    fn case_call(&self, call: CaseCall, argument: &str) -> Option<Value> {
        match (call, argument) {
            (CaseCall::IsIn, state) => Some(Value::Bool(state == "review")),
            (CaseCall::Took, action) => Some(Value::Bool(action == "submit")),
            (CaseCall::Times, "submit") => Some(Value::Int(2)),
            (CaseCall::Times, _) => Some(Value::Int(0)),
            (CaseCall::Last, "submit") => Some(Value::map([
                ("by", Value::person([("id", Value::string("pat"))])),
                (
                    "at",
                    Value::Time(time::from_text("2026-11-22T01:00:00Z").unwrap()),
                ),
            ])),
            (CaseCall::Last, _) => None,
        }
    }

    fn zone(&self) -> Zone {
        SHANGHAI
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

pub(super) fn compiled(source: &str) -> Expression {
    match Expression::compile(source, &scope(), &Expect::Any) {
        Ok(expression) => expression,
        Err(problems) => panic!("{source}: {problems:?}"),
    }
}

pub(super) fn evaluated(source: &str) -> Result<Value, Failure> {
    compiled(source).evaluate(&World::new())
}

/// Each expression gives this JSON.
pub(super) fn gives(cases: &[(&str, Json)]) {
    for (source, expected) in cases {
        let value = evaluated(source).map(|value| value.to_json());
        assert_eq!(value.as_ref(), Ok(expected), "{source}");
    }
}

/// Each expression is true.
pub(super) fn holds(sources: &[&str]) {
    for source in sources {
        assert_eq!(evaluated(source), Ok(Value::Bool(true)), "{source}");
    }
}

/// Each expression fails when it is evaluated, with this message.
pub(super) fn fails(cases: &[(&str, &str)]) {
    for (source, message) in cases {
        assert_eq!(evaluated(source), Err(Failure::new(*message)), "{source}");
    }
}

pub(super) fn problems_of(source: &str) -> Vec<Problem> {
    match Expression::compile(source, &scope(), &Expect::Any) {
        Ok(_) => panic!("{source} should be refused"),
        Err(problems) => problems,
    }
}

/// Each expression is refused with this code alone, at this place in the source.
pub(super) fn refused(cases: &[(&str, &str, &str)]) {
    for (source, code, place) in cases {
        let problems = problems_of(source);
        assert_eq!(problems.len(), 1, "{source}: {problems:?}");
        let problem = &problems[0];
        assert_eq!(problem.code, *code, "{source}: {problem:?}");
        assert_eq!(
            &source[problem.start..problem.end],
            *place,
            "{source}: {problem:?}"
        );
    }
}
