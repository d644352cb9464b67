//! Kinds of values and how they go together (LANGUAGE 3, SEMANTICS 9).

use serde_json::json;

use super::{Expect, Expression, Type, Value, fails, gives, holds, refused, scope};
use crate::expression::NotOfType;

#[test]
fn json_integers_are_whole_numbers() {
    gives(&[
        ("deal.seats + 1", json!(13)),
        ("deal.seats - 20", json!(-8)),
        ("deal.seats / 5", json!(2)),
        ("deal.seats % 5", json!(2)),
        ("-deal.seats", json!(-12)),
        ("2 + 3 * 4 - 1", json!(13)),
    ]);
}

#[test]
fn whole_numbers_and_numbers_compare_with_each_other() {
    holds(&[
        "deal.seats > 11.5",
        "deal.discount < 3",
        "deal.discount == 2.5",
        "2 == 2.0",
        "deal.seats in [12.0, 1]",
        "9007199254740993 > 9007199254740992.0",
    ]);
    gives(&[
        ("deal.discount * 2", json!(5.0)),
        ("deal.seats + 0.5", json!(12.5)),
        ("double(3) / 2.0", json!(1.5)),
        ("int(2.9)", json!(2)),
        ("int('42') + 1", json!(43)),
    ]);
}

#[test]
fn numbers_that_do_not_fit_fail() {
    fails(&[
        (
            "9223372036854775807 + deal.seats",
            "a number grows too large",
        ),
        ("deal.seats / 0", "a number is divided by zero"),
        ("deal.seats % 0", "a number is divided by zero"),
        ("deal.discount / 0.0", "a number is divided by zero"),
        ("1e308 * deal.discount * 10", "a number grows too large"),
        ("int(deal.customer)", "a text is not a whole number"),
    ]);
}

#[test]
fn texts_have_cels_own_functions() {
    holds(&[
        "deal.customer.contains('North')",
        "deal.customer.startsWith('北风')",
        "deal.customer.endsWith('wind')",
        "deal.customer.matches('^北. [A-Z][a-z]+$')",
        "matches(deal.customer, 'wind$')",
        "deal.customer.size() == 12",
        "size('北风') == 2",
        "'a' < 'b'",
        "'a' + 'b' == \"ab\"",
        r"'it\'s' == 'it\x27s'",
        "string(deal.seats) == '12'",
        "string(deal.urgent) + string(2.5) == 'true2.5'",
    ]);
}

#[test]
fn texts_in_two_languages_are_joined_in_both() {
    gives(&[
        ("payment.quarter.name + '!'", json!("2026 Q3!")),
        (
            "sow.services[0].name + '/' + sow.services[1].name",
            json!({ "en": "Containers/Storage", "zh": "容器/Storage" }),
        ),
        ("payment.quarter.id + '/' + 'x'", json!("2026q3/x")),
    ]);
    holds(&[
        "sow.services[0].name == 'Containers'",
        "sow.services[0].name == '容器'",
        "sow.services[0].name != 'Storage'",
    ]);
    refused(&[
        ("sow.services[0].name < 'x'", "E307", "<"),
        (
            "sow.services[0].name.size()",
            "E308",
            "sow.services[0].name",
        ),
    ]);
}

#[test]
fn a_failure_does_not_matter_where_the_other_side_decides() {
    holds(&[
        "true || deal.note == 'x'",
        "deal.note == 'x' || true",
        "!(false && deal.note == 'x')",
        "!(deal.note == 'x' && false)",
        "[1, 0].exists(x, 10 / x == 10)",
        "[0, 1].exists(x, 10 / x == 10)",
        "!([0, 1].all(x, 10 / x == 3))",
    ]);
    fails(&[
        ("deal.note == 'x' || false", "`deal.note` is absent"),
        ("[0, 1].all(x, 10 / x == 10)", "a number is divided by zero"),
        (
            "[0, 1].exists(x, 10 / x == 3)",
            "a number is divided by zero",
        ),
    ]);
}

#[test]
fn only_the_chosen_value_is_evaluated() {
    gives(&[
        ("deal.urgent ? 2 : 1 / 0", json!(2)),
        ("deal.amount > 1000000 ? 2 : 1", json!(1)),
        (
            "deal.seats > 20 ? 'l' : deal.seats > 10 ? 'm' : 's'",
            json!("m"),
        ),
        ("deal.urgent ? 1 : 2.5", json!(1.0)),
    ]);
}

#[test]
fn persons_are_equal_by_id() {
    holds(&[
        "actor in members",
        "members[1] == actor",
        "deal.owner != actor",
        "members.exists(m, m == actor)",
        "actor.id == 'omar' && 'deal_reviewers' in actor.groups",
        "!has(members[1].name)",
    ]);
    refused(&[("actor == 'omar'", "E307", "==")]);
}

#[test]
fn records_can_be_written_out() {
    gives(&[
        (
            "{'customer': deal.customer, 'seats': deal.seats + 1}",
            json!({ "customer": "北风 Northwind", "seats": 13 }),
        ),
        ("{'a': {'b': 2}}.a.b", json!(2)),
    ]);
    refused(&[
        ("{'a': 1, 'a': 2}", "E300", "'a'"),
        ("{deal.customer: 1}", "E307", "deal.customer"),
    ]);
}

#[test]
fn the_place_of_an_expression_says_what_it_must_give() {
    let give =
        |source: &str, expect: Expect| Expression::compile(source, &scope(), &expect).is_ok();
    let date = || Expect::Exactly(Type::Date);
    let cases = [
        ("deal.urgent", Expect::Bool, true),
        ("deal.seats", Expect::Bool, false),
        ("sow.services", Expect::Bool, false),
        ("deal.urgent ? 2 : 1", Expect::Votes, true),
        ("members.size() * 2 > 3", Expect::Votes, true),
        ("2.5", Expect::Votes, false),
        ("deal.amount", Expect::Amount, true),
        ("payment.quarter.claim_until", Expect::Moment, true),
        ("now", Expect::Moment, true),
        ("deal.seats", Expect::Moment, false),
        ("deal.amount", Expect::Shown, true),
        ("payment.quarter", Expect::Shown, true),
        ("deal", Expect::Shown, false),
        ("actor", Expect::Person, true),
        ("members", Expect::Person, false),
        ("members", Expect::People, true),
        ("deal.customer", Expect::Names, true),
        ("deal.tags", Expect::Names, true),
        ("deal.seats", Expect::Names, false),
        ("sow.services.map(s, s.id)", Expect::Key, true),
        ("sow.services", Expect::Key, false),
        ("sow.services", Expect::List, true),
        ("'2026-12-20'", date(), true),
        ("'soon'", date(), false),
        ("today", date(), true),
        ("now", date(), false),
        ("5", Expect::Exactly(Type::Money), true),
        ("deal.seats", Expect::Exactly(Type::Money), false),
        ("5", Expect::Exactly(Type::Double), true),
        ("'2026-12-20'", Expect::Exactly(Type::Time), false),
        ("'x'", Expect::Exactly(Type::Text), true),
        (
            "[1, 2.5]",
            Expect::Exactly(Type::list(Type::Money, 5)),
            true,
        ),
    ];
    for (source, expect, fine) in cases {
        assert_eq!(give(source, expect.clone()), fine, "{source} as {expect:?}");
    }
}

#[test]
fn literals_become_what_they_are_needed_as() {
    let value = |source: &str, ty: Type| {
        let expression = Expression::compile(source, &scope(), &Expect::Exactly(ty)).unwrap();
        expression.evaluate(&super::World::new()).unwrap().to_json()
    };
    assert_eq!(value("5", Type::Money), json!("5.00"));
    assert_eq!(value("5", Type::Double), json!(5.0));
    assert_eq!(
        value("[1, 0.5]", Type::list(Type::Money, 2)),
        json!(["1.00", "0.50"])
    );
    assert_eq!(value("'2026-12-20'", Type::Date), json!("2026-12-20"));
}

#[test]
fn values_come_from_json_by_their_kind() {
    let people = Type::list(Type::Person, 3);
    let cases = [
        (json!(5), Type::Double, Value::Double(5.0)),
        (json!(5.0), Type::Int, Value::Int(5)),
        (json!("x"), Type::String, Value::string("x")),
        (json!(null), Type::Int, Value::Null),
        (
            json!({ "a": null }),
            Type::record([("a?", Type::Int)]),
            Value::map::<&str>([]),
        ),
        (
            json!({ "b": 1 }),
            Type::record([("a?", Type::Int)]),
            Value::map::<&str>([]),
        ),
        (
            json!(["pat"]),
            people,
            Value::list([Value::person([("id", Value::string("pat"))])]),
        ),
    ];
    for (json, ty, value) in cases {
        assert_eq!(Value::from_json(&json, &ty), Ok(value), "{json}");
    }
    let services = Type::record([("s", Type::list(Type::record([("on", Type::Date)]), 3))]);
    let wrong = json!({ "s": [{ "on": "2026-12-20" }, { "on": "soon" }] });
    assert_eq!(
        Value::from_json(&wrong, &services),
        Err(NotOfType {
            path: "s.1.on".to_owned(),
            expected: "a date".to_owned()
        })
    );
    for (json, ty) in [
        (json!(5.5), Type::Int),
        (json!(5.5), Type::Money),
        (json!("5"), Type::Int),
        (json!("2026-12-20"), Type::Time),
        (json!({ "name": "Pat" }), Type::Person),
        (json!(1e300), Type::Int),
    ] {
        assert!(Value::from_json(&json, &ty).is_err(), "{json} as {ty}");
    }
}
