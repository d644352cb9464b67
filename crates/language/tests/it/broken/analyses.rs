//! What can be told of a workflow before it has a case: ends, ways on, people, quorums and conditions. Each fault is
//! found at its place, with an example that shows it; what is right or cannot be told is not called wrong.

use countersign_language::{check_files, source::Files};

use super::{place_of_mark, shown};

const WORKFLOW: &str = "\
workflow: order
version: 1
title: Order
roles:
  buyer: { is: starter }
  clerk: { group: clerks }
  owner: { person: order.owner }
  both: { person: \"[order.owner, order.second]\" }
  boss: { relation: manager_of(starter) }
forms:
  order:
    fields:
      cost: { type: money, minimum: 1 }
      pieces: { type: integer, minimum: 1, maximum: 99 }
      from: { type: date }
      until: { type: date }
      kind: { enum: [goods, service] }
      urgent: { type: boolean }
      owner: { type: person }
      second: { type: person }
      note?: { type: string, maxLength: 80 }
      parts?: { type: array, items: { type: string }, maxItems: 9 }
rules:
  cheap: { check: order.cost <= 100000, else: Too much. }
open: { who: buyer, to: draft }
states:
  draft:
    edit: { buyer: [order] }
    actions:
      submit: { who: buyer, require: [order, cheap], to: sorting }
  sorting:
    actions:
      keep: { who: clerk, to: voting }
      drop: { who: buyer, to: dropped }
  voting:
    enter: [ { notify: asked } ]
    review:
      by: clerk
      decisions:
        yes: { to: done }
        no: { to: draft }
  done: { end: success }
  dropped: { end: neutral }
messages:
  asked: { to: reviewers, subject: Order, body: Please decide. }
";

/// The workflow with another state `sorting` or `voting`, or another part.
pub(super) fn with(from: &str, to: &str) -> String {
    assert_eq!(WORKFLOW.matches(from).count(), 1, "`{from}`");
    WORKFLOW.replacen(from, to, 1)
}

const ACTIONS: &str =
    "      keep: { who: clerk, to: voting }\n      drop: { who: buyer, to: dropped }\n";

fn sorting(actions: &str) -> String {
    with(ACTIONS, actions)
}

fn check(text: &str) -> countersign_language::Checked {
    let mut files = Files::default();
    files.add("order.yaml", text);
    check_files(&files)
}

/// Exactly this one finding, at the mark, that says this.
#[track_caller]
pub(super) fn assert_found(code: &str, marked: &str, says: &str) {
    let checked = check(&marked.replace('▶', ""));
    let shown = shown(&checked.findings);
    let [found] = checked.findings.as_slice() else {
        panic!("{code}: exactly one finding is expected: {shown:#?}");
    };
    let place = found.place();
    assert_eq!(
        (found.code.as_str(), (place.line, place.column)),
        (code, place_of_mark(marked)),
        "{shown:#?}"
    );
    assert!(found.message.contains(says), "{shown:#?}");
}

#[track_caller]
pub(super) fn assert_nothing(text: &str) {
    let shown = shown(&check(text).findings);
    assert!(shown.is_empty(), "{shown:#?}");
}

#[test]
fn the_whole_workflow_is_sound() {
    let checked = check(WORKFLOW);
    assert!(
        checked.findings.is_empty(),
        "{:#?}",
        shown(&checked.findings)
    );
    assert!(checked.notes.is_empty(), "{:#?}", shown(&checked.notes));
}

#[test]
fn an_end_can_always_be_reached() {
    let ring = with("        no: { to: draft }", "        no: { to: aside }").replacen(
        "  done: { end",
        "  ▶aside: { actions: { on: { who: clerk, to: beside } } }\n  beside: { actions: { back: { who: clerk, to: aside } } }\n  done: { end",
        1,
    );
    assert_found(
        "E231",
        &ring,
        "a case comes here by `draft → sorting → voting → aside`, and then can only go on like `aside → beside → aside`",
    );
}

#[test]
fn a_case_is_not_stuck_for_what_it_holds() {
    for (one, other, example) in [
        (
            "order.cost < 1000",
            "order.cost > 1000",
            r#"for `order.cost = "1000.00"`"#,
        ),
        (
            "order.kind == 'goods'",
            "order.kind == 'service' && order.urgent",
            r#"for `order.kind = "service", order.urgent = false`"#,
        ),
        (
            "order.until > add(order.from, '7 days')",
            "order.until < add(order.from, '7 days')",
            "order.until = ",
        ),
        (
            "order.cost * 2 > 50 || order.pieces > 5",
            "order.pieces == 5",
            r#"for `order.cost = "1.00", order.pieces = 1`"#,
        ),
        (
            "has(order.note)",
            "order.note == ''",
            "for `order.note not filled in`",
        ),
        (
            "order.parts.size() > 1",
            "order.parts.size() == 1",
            "order.parts.size()",
        ),
        ("case.round < 3", "case.round == 3", "for `case.round = 4`"),
    ] {
        let broken = sorting(&format!(
            "      keep: {{ who: clerk, when: \"{one}\", to: voting }}\n      drop: {{ who: buyer, when: \"{other}\", to: dropped }}\n"
        ));
        let broken = broken.replace("  sorting:\n", "  ▶sorting:\n");
        assert_found("E234", &broken, example);
    }
}

#[test]
fn what_leads_on_for_certain_or_may_change_is_not_stuck() {
    for actions in [
        // One is always true.
        "      keep: { who: clerk, when: order.cost < 1000, to: voting }\n      drop: { who: buyer, when: order.cost >= 1000, to: dropped }\n",
        // The form asks for at least 1, and was complete on the way here.
        "      keep: { who: clerk, when: order.cost >= 1, to: voting }\n      drop: { who: buyer, when: order.cost < 9999, to: dropped }\n",
        // A timer leads on.
        "      keep: { who: clerk, when: order.cost < 1000, to: voting }\n    timers: { late: { after: 3 days, to: dropped } }\n",
        // Somebody can change what the condition reads.
        "      keep: { who: clerk, when: order.cost < 1000, to: voting }\n      drop: { who: buyer, when: order.cost > 1000, to: dropped }\n    edit: { clerk: [order] }\n",
        // The time comes.
        "      keep: { who: clerk, when: today > order.until, to: voting }\n      drop: { who: clerk, when: today > order.from, to: dropped }\n",
    ] {
        assert_nothing(&sorting(actions));
    }
}

#[test]
fn somebody_is_there_to_go_on() {
    let alone =
        |actions: &str| sorting(actions).replacen("no: { to: draft }", "no: { to: dropped }", 1);
    let optional = alone("      keep: { who: owner, to: voting }\n").replacen(
        "owner: { type: person }",
        "owner?: { type: person }",
        1,
    );
    assert_found(
        "W406",
        &optional.replace("  sorting:\n", "  ▶sorting:\n"),
        "only `owner` can act, and that is nobody while `order.owner` is not filled in",
    );
    assert_nothing(&alone("      keep: { who: owner, to: voting }\n"));
    assert_nothing(&alone("      keep: { who: [owner, clerk], to: voting }\n"));
    let boss = alone("      keep: { who: boss, to: voting }\n");
    assert_found(
        "W406",
        &boss.replace("  sorting:\n", "  ▶sorting:\n"),
        "nobody where the directory names no `manager` of `starter`",
    );
    let named = with("      by: clerk\n", "      by: ▶owner\n");
    assert_found(
        "W406",
        &named,
        "if `order.owner` has opened the case, nobody may decide",
    );
    let guarded = with("      by: clerk\n", "      by: owner\n").replacen(
        "check: order.cost <= 100000",
        "check: order.owner.id != starter.id",
        1,
    );
    assert_nothing(&guarded);
}

#[test]
fn somebody_can_take_each_action() {
    for (actions, why) in [
        (
            "      keep: { who: clerk, to: voting }\n      ▶drop: { who: clerk, except: { roles: [clerk] }, to: dropped }\n",
            "who has the role `clerk` is excluded by `except`",
        ),
        (
            "      keep: { who: clerk, to: voting }\n      drop: { who: clerk, require: [▶yes], to: dropped }\n",
            "it requires `yes`, which is never offered before",
        ),
    ] {
        let broken = sorting(actions).replacen("no: { to: draft }", "no: { to: dropped }", 1);
        assert_found("E232", &broken, why);
    }
    // It can have been decided in an earlier round.
    assert_nothing(&sorting(
        "      keep: { who: clerk, to: voting }\n      drop: { who: clerk, require: [no], to: dropped }\n",
    ));
    let hidden = "    actions: { ▶drop: { who: clerk, to: dropped } }\n    start: first\n    states:\n      first: { actions: { drop: { who: buyer, to: second } } }\n      second: { actions: { drop: { who: clerk, to: voting } } }\n";
    let hidden = with(&format!("    actions:\n{ACTIONS}"), hidden);
    assert_found(
        "E232",
        &hidden,
        "every inner state has one of the same name",
    );
}

#[test]
fn so_many_people_can_vote() {
    const NAMED: &str = "check: order.owner.id != starter.id";
    let guarded = |text: String| text.replacen("check: order.cost <= 100000", NAMED, 1);
    let one = with("      by: clerk\n", "      by: owner\n").replacen(
        "yes: { to: done }",
        "yes: { votes: ▶2, to: done }",
        1,
    );
    assert_found(
        "E233",
        &guarded(one),
        "`yes` needs 2 votes, and at most 1 can be given: `owner` is one person",
    );
    let two = with("      by: clerk\n", "      by: both\n").replacen(
        "yes: { to: done }",
        "yes: { votes: ▶3, to: done }",
        1,
    );
    assert_found("E233", &two, "`both` is 2 people");
    let assigned = with(
        "      by: clerk\n",
        "      by: clerk\n      assign: 2\n      otherwise: { to: draft }\n",
    )
    .replacen("yes: { to: done }", "yes: { votes: ▶3, to: done }", 1);
    assert_found("E233", &assigned, "2 people are assigned");
    let chain = "        yes: { votes: 2, to: second }\n        no: { votes: 2, to: draft }\n      otherwise: { to: draft }\n  second:\n    enter: [ { notify: asked } ]\n    review: { by: both, except: { voted_in: [voting] }, decisions: { ▶yes: { to: done } } }\n";
    let chain = with(
        "        yes: { to: done }\n        no: { to: draft }\n",
        chain,
    )
    .replacen("      by: clerk\n", "      by: both\n", 1);
    assert_found(
        "E233",
        &chain,
        "and 2 of them must have voted in `voting` before",
    );
}

#[test]
fn each_condition_can_be_true_and_each_branch_be_chosen() {
    for (from, to, says) in [
        (
            "keep: { who: clerk, to",
            "keep: { who: clerk, when: ▶order.cost > 5 && order.cost < 4, to",
            "`keep` is never offered",
        ),
        (
            "keep: { who: clerk, to",
            "keep: { who: clerk, when: ▶order.cost < 1, to",
            "`keep` is never offered",
        ),
        (
            "check: order.cost <= 100000",
            "check: ▶order.pieces > 5 && order.pieces < 5",
            "nothing ever satisfies the rule `cheap`",
        ),
        (
            "keep: { who: clerk, to: voting }",
            "keep: { who: clerk, to: { voting: order.cost > 100, ▶done: order.cost > 1000, dropped: otherwise } }",
            r#"what is before it always is, `voting` for example for `order.cost = "1000.01"`"#,
        ),
        (
            "keep: { who: clerk, to: voting }",
            "keep: { who: clerk, to: { voting: order.urgent, done: \"!order.urgent\", ▶dropped: otherwise } }",
            "`dropped` is never chosen: what is before it always is, `voting` for example for `order.urgent = true`",
        ),
        (
            "keep: { who: clerk, to: voting }",
            "keep: { who: clerk, to: voting }\n      late: { who: clerk, to: { voting: order.until >= order.from, done: \"add(order.until, '2 days') < order.from\", ▶dropped: \"order.until < order.from && add(order.until, '5 days') < order.from\", draft: otherwise } }",
            "`dropped` is never chosen",
        ),
    ] {
        assert_found("E312", &with(from, to), says);
    }
    // What may be left out, or was not required, makes neither branch true.
    for (from, to) in [
        (
            "keep: { who: clerk, to: voting }",
            "keep: { who: clerk, to: { voting: order.note == '', done: order.note != '', dropped: otherwise } }",
        ),
        (
            "submit: { who: buyer, require: [order, cheap], to: sorting }",
            "submit: { who: buyer, require: [cheap], to: { sorting: order.urgent, done: \"!order.urgent\", dropped: otherwise } }",
        ),
    ] {
        assert_nothing(&with(from, to));
    }
}

#[test]
fn buttons_can_be_told_apart() {
    let alike = |one: &str, other: &str| {
        sorting(&format!(
            "      keep: {{ title: Go on, who: clerk, when: {one}, to: voting }}\n      ▶drop: {{ title: Go on, who: clerk, when: {other}, to: dropped }}\n"
        ))
    };
    assert_found(
        "W407",
        &alike("order.cost <= 1000", "order.cost >= 1000"),
        r#"can be offered at once, for example for `order.cost = "1000.00"`"#,
    );
    assert_nothing(&alike("order.cost <= 1000", "order.cost > 1000").replace('▶', ""));
}

#[test]
fn what_cannot_be_told_is_said_to_be_not_analysed() {
    for (from, to) in [
        (
            "keep: { who: clerk, to",
            "keep: { who: clerk, when: ▶case.took('submit'), to",
        ),
        (
            "check: order.cost <= 100000",
            "check: ▶\"order.parts.exists(p, p == 'x')\"",
        ),
        (
            "keep: { who: clerk, to: voting }",
            "keep: { who: clerk, to: { voting: ▶order.pieces % 2 == 0, dropped: order.urgent, draft: otherwise } }",
        ),
    ] {
        let marked = with(from, to);
        let checked = check(&marked.replace('▶', ""));
        let shown = (shown(&checked.findings), shown(&checked.notes));
        assert!(checked.findings.is_empty(), "{shown:#?}");
        let first = checked.notes.first().expect("something is not analysed");
        let place = first.place();
        assert_eq!(
            (first.code.as_str(), (place.line, place.column)),
            ("N501", place_of_mark(&marked)),
            "{shown:#?}"
        );
    }
}
