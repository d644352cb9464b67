//! Panels: several groups that review at once, each with its own people and numbers (rules 26 to 30).

use super::{assert_told, codes};

const HEAD: &str = "\
roles:
  buyer: { is: starter }
  lawyer: { group: lawyers }
  controller: { group: controllers }
forms:
  request: { fields: { cost?: { type: money }, grade?: { type: string } } }
open: { who: buyer, to: draft }
messages:
  please: { to: reviewers, subject: S, body: \"{{case.link}}\" }
";

const PEOPLE: &str = "\
people:
  bea: {}
  lea: { in: [lawyers] }
  leo: { in: [lawyers] }
  cora: { in: [controllers] }
  cid: { in: [controllers] }
  both: { in: [lawyers, controllers] }
scenarios:
";

/// Draft, a review with these panels and decisions, done; the request may be changed meanwhile.
fn reviewed(review: &str) -> String {
    format!(
        "{HEAD}states:
  draft:
    edit: {{ buyer: [request] }}
    actions: {{ submit: {{ who: buyer, require: [request], to: review }} }}
  review:
    edit: {{ buyer: [request] }}
    enter: [ {{ notify: please }} ]
    review:
{review}
  done: {{ end: success }}
  refused: {{ end: failure }}
"
    )
}

fn assert_reviewed(review: &str, scenarios: &str) {
    assert_told(&reviewed(review), &format!("{PEOPLE}{scenarios}"));
}

const TWO: &str = "      panels:
        legal: { title: { en: Legal, zh: 法务 }, by: lawyer, votes: { reject: 1 } }
        money: { by: controller, when: request.cost > 1000, votes: { approve: 1 } }
      covers: []
      decisions:
        approve: { votes: 2, to: done }
        reject: { panels: any, to: refused }";

#[test]
fn rule_29_a_decision_happens_when_every_open_panel_has_reached_it() {
    assert_reviewed(
        TWO,
        "
  both panels:
    - bea opens: { request: { cost: 5000 } }
    - bea: submit
      then: { mail: [lea, leo, cora, cid, both], votes: { approve: 0 of 3, legal: { approve: 0 of 2 }, money: { approve: 0 of 1 } } }
    - cora: approve
      then: { state: review, votes: { money: { approve: 1 of 1 }, legal: { approve: 0 of 2 } }, may_not: { cora approve: voted } }
    - lea: approve
      then: { state: review }
    - cora takes back: approve
      then: { votes: { approve: 1 of 3, money: { approve: 0 of 1 } } }
    - leo: approve
      then: { state: review }
    - cid: approve
      then: { state: done }
  one panel is not opened:
    - bea opens: { request: { cost: 10 } }
    - bea: submit
      then: { mail: [lea, leo, both], votes: { approve: 0 of 2 }, may_not: { cora approve: who } }
    - lea: approve
    - leo: approve
      then: { state: done }
  one panel is enough to refuse:
    - bea opens: { request: { cost: 5000 } }
    - bea: submit
    - lea: approve
    - cid: reject
      then: { state: refused }
",
    );
}

#[test]
fn rule_29_a_panel_opens_and_closes_with_what_it_reads() {
    assert_reviewed(
        TWO,
        "
  dearer after a while:
    - bea opens: { request: { cost: 10 } }
    - bea: submit
    - lea: approve
    - bea edits: { request: { cost: 2000 } }
      then: { mail: [cora, cid], may: [cora approve] }
    - leo: approve
      then: { state: review }
    - bea edits: { request: { cost: 20 } }
      then: { state: done }
",
    );
}

#[test]
fn rule_26_one_vote_for_each_person_and_panel() {
    assert_reviewed(
        TWO,
        "
  in all that ask:
    - bea opens: { request: { cost: 5000 } }
    - bea: submit
    - both: approve
      then: { votes: { approve: 2 of 3, legal: { approve: 1 of 2 }, money: { approve: 1 of 1 } } }
    - both: approve
      refused: voted
    - lea: approve
      then: { state: done }
  in one:
    - bea opens: { request: { cost: 5000 } }
    - bea: submit
    - both: approve
      panel: legal
      then: { votes: { legal: { approve: 1 }, money: { approve: 0 } }, may: [both approve] }
    - both: approve
      panel: legal
      refused: voted
    - lea: approve
      panel: money
      refused: who
    - both: approve
      panel: money
      then: { votes: { legal: { approve: 1 }, money: { approve: 1 } } }
",
    );
}

#[test]
fn rule_7_votes_carry_their_panel_and_each_panel_counts_its_own() {
    assert_reviewed(
        "      panels:
        legal: { by: lawyer, votes: { approve: \"cast.size() == members.size() && cast.all(v, v.panel == 'legal') ? 1 : 9\" } }
        money: { by: controller, votes: { approve: majority } }
      decisions:
        approve: { to: done }
        reject: { panels: any, votes: all, to: refused }
      otherwise: { to: draft }",
        "
  all of one, most of the other:
    - bea opens: { request: { cost: 5000 } }
    - bea: submit
    - lea: approve
    - leo: approve
      then: { votes: { legal: { approve: 2 of 9 }, money: { approve: 0 of 2 } } }
    - cora: approve
    - cid: approve
      then: { state: review }
    - both: reject
      panel: legal
      then: { state: done }
  nothing is agreed on:
    - bea opens: { request: { cost: 5000 } }
    - bea: submit
    - lea: approve
    - leo: approve
    - both: approve
    - cora: reject
    - cid: reject
      then: { state: draft }
",
    );
}

#[test]
fn rule_30_a_panel_that_is_fixed_asks_those_of_when_it_opened() {
    assert_reviewed(
        "      members: snapshot
      panels:
        legal: { by: lawyer, votes: { approve: all } }
      decisions:
        approve: { to: done }
        reject: { panels: any, votes: 9, to: refused }
      otherwise: { to: draft }",
        "
  all three:
    - bea opens: { request: { cost: 1 } }
    - bea: submit
      then: { votes: { legal: { approve: 0 of 3 } } }
    - lea: approve
    - leo: approve
    - both: approve
      then: { state: done }
",
    );
}

#[test]
fn a_panel_whose_condition_fails_stays_open() {
    assert_reviewed(
        TWO,
        "
  nothing said of the cost:
    - bea opens: { request: { grade: A } }
    - bea: submit
      then: { votes: { money: { approve: 0 of 1 } } }
    - lea: approve
    - leo: approve
      then: { state: review }
    - cora: approve
      then: { state: done }
",
    );
}

#[test]
fn what_panels_exclude_is_told() {
    let found = |review: &str| {
        let mut found = codes(&reviewed(review));
        // Most of these reviews lead to one end only.
        found.retain(|code| code != "E209");
        found
    };
    let nothing: [&str; 0] = [];
    assert_eq!(found(TWO), nothing);
    for (review, code) in [
        (
            "      by: lawyer\n      panels: { a: { by: lawyer } }\n      decisions: { approve: { to: done } }",
            "E105",
        ),
        (
            "      panels: { a: { by: lawyer } }\n      assign: 2\n      decisions: { approve: { to: done } }",
            "E105",
        ),
        (
            "      by: lawyer\n      decisions: { approve: { panels: any, to: done } }",
            "E105",
        ),
        (
            "      panels: { a: { by: lawyer } }\n      decisions: { approve: { panels: most, to: done } }",
            "E107",
        ),
        (
            "      panels: { a: { by: lawyer, votes: { aprove: 2 } } }\n      decisions: { approve: { to: done } }",
            "E223",
        ),
        (
            "      panels: { a: { by: lawyer, votes: { approve: recorded } } }\n      decisions: { approve: { to: done } }",
            "E107",
        ),
        (
            "      panels: { a: {} }\n      decisions: { approve: { to: done } }",
            "E104",
        ),
        (
            "      panels: {}\n      decisions: { approve: { to: done } }",
            "E107",
        ),
        (
            "      panels: { a: { by: buyer } }\n      decisions: { approve: { to: done } }",
            "E213",
        ),
        (
            "      panels: { a: { by: lawyer }, b: { by: controller } }\n      decisions: { approve: { to: done }, reject: { to: refused } }",
            "E211",
        ),
        (
            "      panels: { a: { by: lawyer, votes: { approve: 2, reject: 2 } } }\n      decisions: { approve: { to: done }, reject: { panels: any, to: refused } }",
            "E211",
        ),
    ] {
        assert_eq!(found(review), [code], "{review}");
    }
}
