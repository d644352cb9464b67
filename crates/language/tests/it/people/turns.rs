//! Turns that change hands: absence and substitutes, delegation, reassignment, claims (rules 28 and 34).

use super::{assert_told, codes};

/// Somebody asks, managers decide; `review` is what the review says besides, `state` what its state does.
fn workflow(review: &str, state: &str) -> String {
    format!(
        "\
roles:
  buyer: {{ is: starter }}
  manager: {{ group: managers }}
  auditor: {{ group: auditors }}
forms:
  request: {{ fields: {{ what: {{ type: string }} }} }}
open: {{ who: buyer, require: [request], to: review }}
states:
  review:
    {state}
    enter: [ {{ notify: please }} ]
    actions: {{ withdraw: {{ who: buyer, to: dropped }} }}
    review:
      by: manager
      {review}
      decisions: {{ approve: {{ votes: VOTES, to: check }}, reject: {{ to: dropped }} }}
  check:
    enter: [ {{ notify: please }} ]
    review: {{ by: auditor, except: {{ voted_in: [review] }}, decisions: {{ pass: {{ to: done }}, fail: {{ to: dropped }} }} }}
  done: {{ end: success }}
  dropped: {{ end: failure }}
messages:
  please: {{ to: reviewers, subject: S, body: \"{{{{case.link}}}}\" }}
"
    )
}

fn needing(votes: &str) -> String {
    workflow("self_review: never", "title: Review")
        .replace("VOTES", votes)
        .replace(
            "decisions: { approve",
            "otherwise: { to: dropped }\n      decisions: { approve",
        )
}

const PEOPLE: &str = "\
people:
  bea: {}
  max: { in: [managers] }
  mia: { in: [managers] }
  sam: { in: [auditors] }
  ann: { in: [auditors] }
  zoe: {}
  otto: { in: [operators] }
scenarios:
";

#[test]
fn rule_28_a_substitute_votes_for_who_is_away_and_both_are_held_to_it() {
    let away = PEOPLE.replace(
        "mia: { in: [managers] }",
        "mia: { in: [managers], away: { from: 2026-11-23 00:00, until: 2026-11-25 00:00 }, substitute: sam }",
    );
    assert_told(
        &needing("all"),
        &format!(
            "{away}
  the substitute votes, and has then voted as an auditor too:
    - bea opens: {{ request: {{ what: A chair }} }}
      then: {{ mail: [max, mia, sam], may: [sam approve], may_not: {{ zoe approve: who }} }}
    - max: approve
      then: {{ state: review }}
    - sam: approve
      then: {{ state: check, mail: [ann] }}
    - sam: pass
      refused: except
    - ann: pass
      then: {{ end: success }}
  one seat has one vote:
    - bea opens: {{ request: {{ what: A chair }} }}
    - sam: approve
      then: {{ state: review }}
    - sam: approve
      refused: voted
    - mia: approve
      refused: voted
    - sam takes back: approve
    - mia: approve
      then: {{ state: review }}
    - sam: approve
      refused: voted
    - max: approve
      then: {{ state: check }}
  away people count, and afterwards the substitute is nobody:
    - bea opens: {{ request: {{ what: A chair }} }}
    - max: approve
      then: {{ state: review }}
    - wait: 2 days
    - sam: approve
      refused: who
    - mia: approve
      then: {{ state: check, mail: [sam, ann] }}
"
        ),
    );
}

#[test]
fn rule_28_somebody_with_a_vote_of_his_own_never_votes_in_a_second_name() {
    let own = PEOPLE.replace(
        "mia: { in: [managers] }",
        "mia: { in: [managers], away: true, substitute: max }",
    );
    assert_told(
        &needing("all"),
        &format!(
            "{own}
  twice in two names is refused:
    - bea opens: {{ request: {{ what: A chair }} }}
      then: {{ mail: [max, mia] }}
    - max: approve
      then: {{ state: review }}
    - max: approve
      refused: voted
"
        ),
    );
    let starter = PEOPLE.replace(
        "mia: { in: [managers] }",
        "mia: { in: [managers], away: true, substitute: bea }",
    );
    assert_told(
        &needing("all"),
        &format!(
            "{starter}
  nobody decides on his own case for somebody else:
    - bea opens: {{ request: {{ what: A chair }} }}
      then: {{ mail: [max, mia] }}
    - bea: approve
      refused: except
"
        ),
    );
}

#[test]
fn a_turn_that_is_delegated_is_the_others_and_separation_of_duties_goes_through_the_chain() {
    assert_told(
        &needing("2"),
        &format!(
            "{PEOPLE}
  both names count:
    - bea opens: {{ request: {{ what: A chair }} }}
    - max delegates: ann
      then: {{ mail: [ann], may: [ann approve], may_not: {{ max approve: who }} }}
    - ann: approve
    - ann: approve
      refused: voted
    - mia: approve
      then: {{ state: check, mail: [sam] }}
    - ann: pass
      refused: except
  it goes on, and comes back:
    - bea opens: {{ request: {{ what: A chair }} }}
    - max delegates: zoe
    - zoe delegates: ann
      then: {{ may: [ann approve], may_not: {{ zoe approve: who, max approve: who }} }}
    - ann delegates: max
      then: {{ may: [max approve], may_not: {{ ann approve: who, zoe approve: who }} }}
  not to whoever may not, nor to whoever votes anyway, nor by whoever has no turn:
    - bea opens: {{ request: {{ what: A chair }} }}
    - max delegates: bea
      refused: except
    - max delegates: mia
      refused: to
    - zoe delegates: ann
      refused: who
    - max: approve
    - max delegates: ann
      refused: voted
  an operator reassigns:
    - bea opens: {{ request: {{ what: A chair }} }}
    - otto reassigns: {{ mia: zoe }}
      comment: On leave for long.
      then: {{ may: [zoe approve], may_not: {{ mia approve: who }} }}
    - max reassigns: {{ max: ann }}
      refused: who
"
        ),
    );
}

#[test]
fn a_claimed_turn_is_one_persons_until_it_is_released_or_lapses() {
    let claimed = workflow("self_review: never", "claim: 4 business hours").replace("VOTES", "1");
    assert_told(
        &claimed,
        &format!(
            "{PEOPLE}
  claimed, released, claimed by another:
    - bea opens: {{ request: {{ what: A chair }} }}
    - max claims:
      then: {{ may: [max approve, bea withdraw], may_not: {{ mia approve: not_here }} }}
    - mia claims:
      refused: not_here
    - mia releases:
      refused: who
    - max releases:
    - mia claims:
    - max: approve
      refused: not_here
    - otto releases:
    - max: approve
      then: {{ state: check }}
  it lapses at its moment:
    - bea opens: {{ request: {{ what: A chair }} }}
    - max claims:
    - wait: 3 hours
    - mia: approve
      refused: not_here
    - wait: 1 hour
    - mia: approve
      then: {{ state: check }}
  what was claimed can be handed over:
    - bea opens: {{ request: {{ what: A chair }} }}
    - max claims:
    - max delegates: ann
    - ann: approve
      then: {{ state: check }}
  elsewhere nothing is claimed:
    - bea opens: {{ request: {{ what: A chair }} }}
    - max: approve
    - sam claims:
      refused: not_here
"
        ),
    );
    assert_eq!(codes(&claimed), [""; 0]);
    assert_eq!(
        codes(
            &claimed
                .replace("votes: 1", "votes: 2")
                .replace("self_review: never", "otherwise: { to: dropped }")
        ),
        ["E225"]
    );
}

#[test]
fn rule_34_what_was_mailed_for_a_turn_dies_when_it_is_handed_on() {
    let with_buttons = needing("1")
        .replace(
            "enter: [ { notify: please } ]\n    actions",
            "enter: [ { notify: ask } ]\n    actions",
        )
        .replace(
            "messages:",
            "messages:\n  ask: { to: reviewers, subject: S, body: \"{{button.approve}}\" }",
        );
    let alone = PEOPLE.replace("  mia: { in: [managers] }\n", "");
    assert_told(
        &with_buttons,
        &format!(
            "{alone}
  delegated:
    - bea opens: {{ request: {{ what: A chair }} }}
      keep link as: first
    - max delegates: ann
      then: {{ mail: [ann] }}
    - max: approve
      link: first
      refused: link
    - ann: approve
      then: {{ state: check }}
  reassigned:
    - bea opens: {{ request: {{ what: A chair }} }}
      keep link as: first
    - otto reassigns: {{ max: ann }}
      comment: Max is ill.
    - max: approve
      link: first
      refused: link
    - ann: approve
      then: {{ state: check }}
"
        ),
    );
}
