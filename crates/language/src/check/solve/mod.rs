//! Whether something can be that makes some conditions true and others not: truths, words, and sums of numbers and dates
//! that are compared (see [`Formula`]). "Never" is certain, and a record that is shown is one; of everything else it is
//! said that it cannot be told.

mod about;
mod clause;
mod linear;
mod search;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use countersign_core::{
    expression::{FINENESS, Formula, Kind, Value},
    money::Money,
};

/// How many settings are looked at before a question is given up.
pub(super) const MOST_STEPS: usize = 50_000;

/// A condition, and whether it is to be true; if not, it may be false or fail.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    pub(super) formula: Formula,
    pub(super) holds: bool,
}

impl Demand {
    pub(super) fn that(formula: Formula) -> Self {
        let holds = true;
        Self { formula, holds }
    }

    pub(super) fn not(formula: Formula) -> Self {
        let holds = false;
        Self { formula, holds }
    }
}

/// What a place can hold.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) kind: Kind,
    /// The words, if it has only these.
    pub(super) words: Option<Vec<String>>,
    /// In units of its kind.
    pub(super) least: Option<i128>,
    pub(super) most: Option<i128>,
    pub(super) may_be_absent: bool,
    /// Whether it can be all of this whatever other places are.
    pub(super) is_free: bool,
}

impl Variable {
    /// Anything of this kind.
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            words: None,
            least: None,
            most: None,
            may_be_absent: false,
            is_free: true,
        }
    }
}

/// What places hold, in an example; `None`: nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Record(pub(super) BTreeMap<String, Option<Value>>);

/// What became of a question.
#[derive(Debug)]
pub(super) enum Answer {
    /// It cannot be.
    Never,
    /// It can; for example so.
    Yes(Record),
    /// It cannot be told, but if it can be then like this.
    Perhaps(Record),
    /// There is too much to look at.
    TooLarge,
}

/// Whether all demands can be met at once. `variable` says what places can hold.
pub(super) fn can(demands: &[Demand], variable: &dyn Fn(&str) -> Variable) -> Answer {
    search::Search::new(demands, variable).answer()
}

impl Record {
    /// In words, places in the order of the alphabet: `amount = "5.00", note not filled in`.
    pub(super) fn words(&self) -> String {
        let parts = self.0.iter().map(|(place, value)| match value {
            Some(value) => format!("{place} = {}", value.to_json()),
            None => format!("{place} not filled in"),
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A number of units as a value.
fn value_of(kind: Kind, number: i128) -> Value {
    let whole = || i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX });
    match kind {
        Kind::Money => Value::Money(Money::from_hundredths(whole())),
        Kind::Day => {
            let date = i32::try_from(number).ok();
            let date = date.and_then(NaiveDate::from_num_days_from_ce_opt);
            date.map_or(Value::Null, Value::Date)
        }
        Kind::Moment => DateTime::from_timestamp_millis(whole()).map_or(Value::Null, Value::Time),
        #[expect(
            clippy::cast_precision_loss,
            reason = "an example may be a little off its border"
        )]
        Kind::Number => Value::Double(number as f64 / FINENESS as f64),
        Kind::Whole | Kind::Truth | Kind::Word => Value::Int(whole()),
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::expression::{Expect, Expression, Scope, Type};

    use super::*;

    fn formula(source: &str) -> Formula {
        let form = Type::record([
            ("a", Type::Int),
            ("b", Type::Int),
            ("cost", Type::Money),
            ("rate", Type::Double),
            ("day", Type::Date),
            ("until", Type::Date),
            ("kind", Type::String),
            ("name", Type::String),
            ("holder", Type::String),
            ("owner", Type::String),
            ("urgent", Type::Bool),
            ("list", Type::list(Type::String, 5)),
        ]);
        let scope = Scope::standard().with("d", form).with("other", Type::Bool);
        let compiled = Expression::compile(source, &scope, &Expect::Bool)
            .unwrap_or_else(|problems| panic!("{source}: {problems:?}"));
        compiled.formula(&|place| {
            Some(match place {
                "d.a" | "d.b" => Kind::Whole,
                "d.cost" => Kind::Money,
                "d.rate" => Kind::Number,
                "d.day" | "d.until" => Kind::Day,
                "d.kind" | "d.name" | "d.holder" | "d.owner" => Kind::Word,
                "d.urgent" => Kind::Truth,
                _ => return None,
            })
        })
    }

    fn variable(place: &str) -> Variable {
        let kind = match place {
            "d.cost" => Kind::Money,
            "d.rate" => Kind::Number,
            "d.day" | "d.until" => Kind::Day,
            "d.kind" | "d.name" | "d.holder" | "d.owner" => Kind::Word,
            "d.urgent" => Kind::Truth,
            _ => Kind::Whole,
        };
        let words = ["x", "y"].map(str::to_owned).to_vec();
        Variable {
            words: (place == "d.kind").then_some(words),
            may_be_absent: place == "d.b",
            ..Variable::of(kind)
        }
    }

    /// `never`, `perhaps`, or an example, of what is true (`T:`) and what is not (`N:`).
    fn asked(demands: &[&str]) -> String {
        let demands: Vec<Demand> = demands
            .iter()
            .map(|demand| match demand.split_at(2) {
                ("T:", source) => Demand::that(formula(source)),
                (_, source) => Demand::not(formula(source)),
            })
            .collect();
        match can(&demands, &variable) {
            Answer::Never => "never".to_owned(),
            Answer::Yes(record) => record.words(),
            Answer::Perhaps(_) => "perhaps".to_owned(),
            Answer::TooLarge => "too large".to_owned(),
        }
    }

    #[test]
    fn answers_what_can_be_within_the_fragment() {
        for (demands, answer) in [
            (&["T:d.a > 3 && d.a < 4"][..], "never"),
            (&["T:d.rate > 3.0 && d.rate < 3.1"], "d.rate = 3.05"),
            (&["T:d.cost >= 5", "N:d.cost > 5"], r#"d.cost = "5.00""#),
            (&["N:d.cost < 5", "N:d.cost >= 5"], "never"),
            (&["N:d.kind == 'x'", "N:d.kind == 'y'"], "never"),
            (&["N:d.kind in ['x', 'z']"], r#"d.kind = "y""#),
            (&["T:d.a - d.b > 5", "T:d.b >= 3", "N:d.a > 8"], "never"),
            (&["T:d.a + d.b > 5", "T:2 * d.a < 4", "T:d.b == 4"], "never"),
            (
                &[
                    "T:add(d.day, '3 days') > d.until",
                    "T:d.until > add(d.day, '2 days')",
                ],
                "never",
            ),
            (
                &["T:d.urgent == (d.a > 3)", "T:d.urgent", "N:d.a > 3"],
                "never",
            ),
            (&["N:d.a > 1", "N:!(d.a > 1)"], "never"),
            // What is not filled in makes neither true.
            (&["N:d.b > 1", "N:d.b <= 1"], "d.b not filled in"),
            (&["N:d.b > 1", "N:d.b <= 1", "T:has(d.b)"], "never"),
            (
                &["T:d.b > 1 || d.urgent", "N:has(d.b)"],
                "d.b not filled in, d.urgent = true",
            ),
            (
                &["T:d.urgent ? d.a > 5 : d.a > 7", "N:d.a > 6"],
                "d.a = 6, d.urgent = true",
            ),
            (&["T:d.list.size() > 3", "T:d.list.size() < 3"], "never"),
            // Outside of the fragment only contradictions are certain.
            (&["T:d.list.exists(x, x == 'a')"], "perhaps"),
            (
                &["T:d.list.exists(x, x == 'a')", "T:d.a > 3 && d.a < 4"],
                "never",
            ),
            (
                &["T:case.took('go')", "N:case.took('go') || d.urgent"],
                "never",
            ),
            (&["T:d.a % 2 == 0"], "perhaps"),
        ] {
            assert_eq!(asked(demands), answer, "{demands:?}");
        }
    }

    #[test]
    fn words_of_several_places_are_compared() {
        for (demands, answer) in [
            (
                &[
                    "T:d.name == d.holder",
                    "T:d.holder == 'a'",
                    "N:d.name == 'a'",
                ][..],
                "never",
            ),
            (
                &[
                    "T:d.name == d.holder",
                    "T:d.holder == d.owner",
                    "N:d.name == d.owner",
                ],
                "never",
            ),
            (&["T:d.kind == d.name", "N:d.name in ['x', 'y']"], "never"),
            (&["N:d.name == d.name"], "never"),
            (
                &["T:d.name == d.holder", "N:d.name == 'a'"],
                r#"d.holder = "something else", d.name = "something else""#,
            ),
            (
                &["T:d.name != d.holder && d.holder != d.owner && d.name != d.owner"],
                r#"d.holder = "something else!", d.name = "something else", d.owner = "anything else""#,
            ),
        ] {
            assert_eq!(asked(demands), answer, "{demands:?}");
        }
    }

    #[test]
    fn sums_of_several_places_have_an_example() {
        let record = asked(&["T:d.a - d.b > 5", "T:d.b >= 3"]);
        assert_eq!(record, "d.a = 9, d.b = 3");
        let days = asked(&["T:d.until < d.day", "T:d.day >= '2026-01-05'"]);
        assert!(days.contains("d.day = \"2026-01-05\""), "{days}");
    }
}
