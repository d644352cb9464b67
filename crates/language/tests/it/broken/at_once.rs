//! `as_soon_as` timers that are true together, and what waits in tracks.

use super::analyses::{assert_found, assert_nothing, with};

fn timers(timers: &str) -> String {
    with(
        "      keep: { who: clerk, to: voting }\n      drop: { who: buyer, to: dropped }\n",
        &format!("      drop: {{ who: buyer, to: dropped }}\n    timers:\n{timers}"),
    )
}

#[test]
fn two_timers_that_are_true_at_once_are_told_with_an_example() {
    let two = |one: &str, other: &str| {
        timers(&format!(
            "      low: {{ as_soon_as: {one}, to: voting }}\n      high: {{ as_soon_as: ▶{other}, to: done }}\n"
        ))
    };
    assert_found(
        "W408",
        &two("order.pieces <= 10", "order.pieces >= 10"),
        "`low` and `high` can be true at once, for example for `order.pieces = 10`",
    );
    assert_nothing(&two("order.pieces <= 10", "order.pieces > 10").replace('▶', ""));
    let same = timers(
        "      low: { as_soon_as: order.pieces <= 10, to: voting }\n      high: { as_soon_as: order.urgent, to: voting }\n",
    );
    assert_nothing(&same);
}

#[test]
fn a_ring_of_conditions_that_are_written_otherwise_is_found() {
    let ring = |back: &str| {
        timers("      on: { as_soon_as: ▶order.urgent, to: turning }\n").replacen(
            "  done: { end: success }\n",
            &format!(
                "  turning:\n    actions: {{ stop: {{ who: clerk, to: voting }} }}\n    timers: {{ back: {{ as_soon_as: {back}, to: sorting }} }}\n  done: {{ end: success }}\n"
            ),
            1,
        )
    };
    assert_found(
        "E216",
        &ring("order.urgent == true && order.pieces > 3"),
        "`on`, `back` lead round for ever for `order.pieces = 4, order.urgent = true`",
    );
    assert_nothing(&ring("order.urgent == false").replace('▶', ""));
}

#[test]
fn a_state_in_a_track_is_asked_too_unless_another_track_leads_the_case_on() {
    let tracks = |one: &str, other: &str| {
        with(
            "  done: { end: success }\n",
            &format!(
                "  both:\n    tracks:\n      one: {{ start: first, states: {{ ▶first: {{ {one} }}, passed: {{}} }} }}\n      other: {{ start: second, states: {{ second: {{ {other} }}, ready: {{}} }} }}\n    timers: {{ over: {{ as_soon_as: \"case.is_in('both.one.passed')\", to: done }} }}\n  done: {{ end: success }}\n"
            ),
        )
        .replacen("yes: { to: done }", "yes: { to: both }", 1)
    };
    let stuck = "timers: { pass: { as_soon_as: order.pieces > 50, to: passed } }";
    let ready = "actions: { finish: { who: clerk, to: ready } }";
    let boss = "actions: { pass: { who: boss, to: passed } }";
    let over = "actions: { finish: { who: clerk, to: ready }, leave: { who: clerk, to: dropped } }";
    // What the timer around them reads is not looked into, so that being stuck is not certain.
    assert_nothing(&tracks(stuck, ready).replace('▶', ""));
    assert_nothing(&tracks(stuck, over).replace('▶', ""));
    let alone = |text: String| {
        let around = text.find("    timers: { over").expect("it is there");
        let end = text[around..].find('\n').expect("a line");
        let rest = text[around + end + 1..].to_owned();
        let way = "    actions: { call_off: { who: buyer, when: order.urgent, to: done } }\n";
        format!("{}{way}{rest}", &text[..around])
    };
    assert_found(
        "E234",
        &alone(tracks(stuck, ready)),
        r"a case can be stuck in `both.one.first`: for `order.pieces = 1, order.urgent = false` nothing leads on",
    );
    let named = alone(tracks(boss, ready)).replacen("when: order.urgent, ", "", 1);
    assert_nothing(&named.replace('▶', ""));
    assert_nothing(&alone(tracks(stuck, over)).replace('▶', ""));
}

#[test]
fn rule_5_timers_have_no_actor() {
    let timer = timers("      on: { as_soon_as: ▶actor.id == 'a', to: voting }\n");
    assert_found("E301", &timer, "`actor` is not known here");
}

#[test]
fn rule_47_what_set_writes_is_of_the_fields_kind() {
    let set = |value: &str| {
        let effect =
            format!("require: [order, cheap], do: [ {{ set: {{ {value} }} }} ], to: sorting");
        with("require: [order, cheap], to: sorting", &effect)
    };
    assert_found("E308", &set("order.pieces: ▶order.kind"), "is needed here");
    assert_found("E308", &set("order.until: ▶order.cost"), "is needed here");
    assert_nothing(&set("order.pieces: order.pieces + 1"));
}
