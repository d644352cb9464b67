//! Faults within expressions.

use super::{assert_broken, assert_broken_by};

#[test]
fn expressions_are_marked_within() {
    for (code, whole, broken) in [
        (
            "E300",
            "when: case.round < 9",
            "when: case.round < 9 ▶and true",
        ),
        ("E301", "when: case.round < 9", "when: ▶cas.round < 9"),
        (
            "E302",
            "case_title: deal.customer",
            "case_title: deal.▶custommer",
        ),
        (
            "E302",
            "\"您的账号：{{deal.account}}\"",
            "\"您的账号：{{deal.▶acount}}\"",
        ),
        (
            "E303",
            "deal.services.exists(s, s.key)",
            "deal.services.▶key",
        ),
        ("E305", ", maxItems: 20 }", " }"),
        ("E307", "when: case.round < 9", "when: case.round ▶< 'nine'"),
        ("E309", "when: case.round < 9", "when: case.took(▶\"chek\")"),
        (
            "E309",
            "when: case.round < 9",
            "when: case.is_in(▶\"first\")",
        ),
        (
            "E309",
            "when: case.round < 9",
            "when: case.visits.▶revew < 9",
        ),
        (
            "E309",
            "when: case.round < 9",
            "when: \"case.entered[▶'review.frist'] < now\"",
        ),
        (
            "E309",
            "\"You: {{deal.account}}\"",
            "\"You: {{case.is_in(▶'revew')}}\"",
        ),
        (
            "E302",
            "\"You: {{deal.account}}\"",
            "\"You: {{timers.▶lapsed}}\"",
        ),
        ("E301", "when: case.round < 9", "when: ▶timers.lapse < now"),
        ("E301", "when: case.round < 9", "when: ▶cast.size() < 3"),
        ("E308", "when: case.round < 9", "when: ▶case.round"),
        ("E308", "case_title: deal.customer", "case_title: ▶deal"),
    ] {
        if code == "E305" {
            let searched = (
                "\"deal.services.exists(s, s.key)\"",
                "\"▶deal.services.exists(s, s.key)\"",
            );
            assert_broken_by(code, &[(whole, broken), searched]);
        } else {
            assert_broken(code, whole, broken);
        }
    }
}

#[test]
fn what_could_cost_too_much_is_marked_where_it_begins() {
    let long = format!("when: ▶case.round < 9 && '{}' == ''", "字".repeat(1000));
    assert_broken("E306", "when: case.round < 9", &long);
}
