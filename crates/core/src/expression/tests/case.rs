//! What an expression asks about the case (SEMANTICS 2, 4), and about what is absent (SEMANTICS 3).

use serde_json::json;

use super::{compiled, fails, gives, holds, refused};
use crate::expression::NamedKind::{Action, State};

#[test]
fn rule_4_the_history_of_the_case_is_asked_for_by_name() {
    holds(&[
        "case.is_in('review')",
        "!case.is_in('approved.acceptance')",
        "case.took('submit')",
        "case.times('submit') == 2",
        "case.last('submit').by == deal.owner",
        "case.last('submit').at < now",
        "!has(case.last('approve').at)",
        "case.visits.review < 10",
        "case.visits['review'] == 2",
        "case.entered.review < now",
        "!has(case.entered.approved)",
        "'review' in case.visits && !('draft' in case.visits)",
    ]);
    gives(&[("case.round", json!(2))]);
    fails(&[
        ("case.last('approve').at", "a value is absent"),
        ("case.visits.draft", "`case.visits[…]` is absent"),
    ]);
}

#[test]
fn states_and_actions_in_texts_are_reported_for_checking() {
    let source = "case.is_in('a.b') && case.took(\"submit\") && case.visits['x.y'] + case.visits.z > case.times('t')";
    let expression = compiled(source);
    let named: Vec<_> = expression
        .named()
        .iter()
        .map(|named| {
            (
                named.kind,
                named.text.as_str(),
                &source[named.start..named.end],
            )
        })
        .collect();
    assert_eq!(
        named,
        [
            (State, "a.b", "'a.b'"),
            (Action, "submit", "\"submit\""),
            (State, "x.y", "'x.y'"),
            (State, "z", "z"),
            (Action, "t", "'t'"),
        ]
    );
    refused(&[
        ("case.is_in(deal.customer)", "E309", "deal.customer"),
        ("case.visits[deal.customer] > 1", "E309", "deal.customer"),
        ("case.took()", "E309", "case.took()"),
        ("case.visited('x')", "E301", "visited"),
    ]);
}

#[test]
fn rule_3_reading_an_absent_field_fails_and_has_guards_it() {
    holds(&[
        "!has(deal.note)",
        "has(deal.customer)",
        "!(has(deal.note) && deal.note.size() > 3)",
        "!has(draft.customer)",
        "!has(starter.id)",
        "!has(draft.owner.name)",
    ]);
    fails(&[
        ("deal.note == 'x'", "`deal.note` is absent"),
        ("deal.note.size() > 0", "`deal.note` is absent"),
        ("draft.owner.name", "`draft.owner.name` is absent"),
        ("starter.id == 'x'", "`starter.id` is absent"),
        ("members.all(m, m.name != '')", "`item.name` is absent"),
    ]);
}

#[test]
fn facts_are_read_entry_by_entry() {
    holds(&[
        "'HCIA' in facts.person['rita'].certificates",
        "members.exists(m, has(facts.person[m.id].certificates))",
        "!has(facts.person['omar'].certificates)",
        "'rita' in facts.person",
        "!(actor.id in facts.person)",
    ]);
    fails(&[(
        "facts.person[actor.id].certificates",
        "`facts.person[…].certificates` is absent",
    )]);
}
