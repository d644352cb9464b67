//! Lists: searching, counting, adding up (SEMANTICS 9).

use serde_json::json;

use super::{fails, gives, holds, refused};

#[test]
fn lists_are_searched_as_in_cel() {
    holds(&[
        "sow.services.exists(s, s.advanced)",
        "!sow.services.exists(s, s.key)",
        "!sow.services.all(s, s.advanced)",
        "empty.all(x, x > 5)",
        "!empty.exists(x, x > 5)",
        "sow.services.exists_one(s, !s.advanced)",
        "!sow.services.exists_one(s, s.advanced)",
        "'a' in deal.tags",
        "!('c' in deal.tags)",
        "deal.tags == ['a', 'b', 'a']",
        "deal.tags + ['c'] == ['a', 'b', 'a', 'c']",
        "sow.services.exists(s, sow.services.exists(t, t.id == s.id && t.price < s.price))",
    ]);
    gives(&[
        ("sow.services.filter(s, s.advanced).size()", json!(2)),
        ("sow.services.map(s, s.id)", json!(["cce", "obs", "cce"])),
        (
            "sow.services.map(s, s.advanced, s.price)",
            json!(["10.10", "5.00"]),
        ),
        ("score.map(s, s.points * 2)", json!([140, 110])),
        ("score[1].points", json!(55)),
        ("size(deal.tags)", json!(3)),
    ]);
}

#[test]
fn entries_that_were_picked_are_distinct_by_id() {
    gives(&[
        (
            "distinct(sow.services.filter(s, s.advanced)).size()",
            json!(1),
        ),
        ("distinct(deal.tags)", json!(["a", "b"])),
        ("distinct([1, 1.0, 2])", json!([1.0, 2.0])),
        ("distinct(sow.services).map(s, s.id)", json!(["cce", "obs"])),
    ]);
}

#[test]
fn numbers_and_texts_are_put_together() {
    gives(&[
        ("score.map(s, s.points).sum()", json!(125)),
        ("empty.sum()", json!(0)),
        ("score.map(s, s.points).average()", json!(62.5)),
        ("deal.tags.join(', ')", json!("a, b, a")),
        ("deal.tags.filter(t, t == 'z').join(', ')", json!("")),
        (
            "sow.services.map(s, s.name).join('/')",
            json!({ "en": "Containers/Storage/Container engine", "zh": "容器/Storage/容器引擎" }),
        ),
    ]);
    holds(&[
        "score.map(s, s.points).average() >= 60",
        "score.map(s, s.points).average() == 62.5",
    ]);
}

#[test]
fn nothing_has_no_average() {
    fails(&[
        ("empty.average()", "a list without entries has no average"),
        ("empty[0]", "a list has no item at this position"),
        ("score[-1].points", "a list has no item at this position"),
    ]);
}

#[test]
fn lists_of_the_wrong_kind_are_refused() {
    refused(&[
        ("deal.tags.sum()", "E308", "deal.tags"),
        ("deal.tags.average()", "E308", "deal.tags"),
        ("score.join(',')", "E308", "score"),
        ("deal.tags.map(t, t + 1)", "E307", "+"),
        ("1 in deal.tags", "E307", "in"),
        ("'a' in deal.customer", "E304", "in"),
        ("[1, 'a']", "E307", "[1, 'a']"),
        ("deal.amount.exists(x, x > 1)", "E304", "deal.amount"),
        ("deal.customer.all(x, true)", "E304", "deal.customer"),
        ("deal.tags['a']", "E308", "'a'"),
        ("deal.tags == 'a'", "E307", "=="),
    ]);
}

#[test]
fn a_field_of_a_list_is_a_mistake_of_its_own() {
    refused(&[
        ("sow.services.key", "E303", "key"),
        ("score.points > 3", "E303", "points"),
    ]);
}
