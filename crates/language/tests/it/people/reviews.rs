//! Reviews: whom a ballot asks, who joins and leaves it, recorded votes, quorums (rules 26 to 34).

use super::assert_told;

const ROLES: &str = "\
roles:
  buyer: { is: starter }
  manager: { group: managers }
  expert: { group: experts }
  chair: { group: chairs }
  extra: { person: request.extra }
forms:
  request: { fields: { what: { type: string }, cost?: { type: money }, extra?: { type: person } } }
  recusal: { fields: { who: { type: array, items: { type: person }, maxItems: 9 } } }
open: { who: buyer, to: draft }
messages:
  please: { to: reviewers, subject: S, body: \"{{case.link}}\" }
  ask_expert: { to: expert, subject: S, body: \"{{case.link}}\" }
";

const PEOPLE: &str = "\
people:
  bea: {}
  max: { in: [managers] }
  mia: { in: [managers] }
  moe: { in: [managers] }
  eva: { in: [experts] }
  eli: { in: [experts] }
  zoe: {}
  cleo: { in: [chairs] }
  otto: { in: [operators] }
scenarios:
";

/// Draft, this review, done; `review` is the body of the state.
fn reviewed(review: &str) -> String {
    format!(
        "{ROLES}states:
  draft:
    edit: {{ buyer: [request] }}
    actions: {{ submit: {{ who: buyer, require: [request], to: review }}, drop: {{ who: buyer, to: dropped }} }}
  review:
    enter: [ {{ notify: please }} ]
{review}
  done: {{ end: success }}
  dropped: {{ end: failure }}
"
    )
}

fn assert_reviewed(review: &str, scenarios: &str) {
    assert_told(&reviewed(review), &format!("{PEOPLE}{scenarios}"));
}

#[test]
fn rule_31_the_same_people_as_last_time_are_asked_alone_while_they_may() {
    assert_reviewed(
        "    review:
      by: manager
      prefer: { voted_in: [review] }
      decisions: { approve: { votes: 2, to: done }, send_back: { to: draft } }",
        "
  the same reviewer, and then the others:
    - bea opens: { request: { what: A chair } }
    - bea: submit
      then: { mail: [max, mia, moe] }
    - mia: send_back
    - bea: submit
      then: { mail: [mia], may: [mia approve], may_not: { max approve: who } }
    - mia: approve
      then: { state: review, mail: [max, moe], may: [max approve] }
    - max: approve
      then: { state: done }
",
    );
    assert_reviewed(
        "    review:
      by: manager
      assign: 1
      prefer: { voted_in: [review] }
      decisions: { approve: { to: done }, send_back: { to: draft } }
    actions:
      leave: { who: chair, to: draft }",
        "
  picked again:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - cleo: leave
    - bea: submit
",
    );
}

#[test]
fn rule_32_who_is_added_joins_this_visit() {
    let review = "    review:
      by: manager
      decisions: { approve: { votes: all, to: done }, send_back: { to: draft } }
    actions:
      ask: { who: chair, do: [ { add_reviewers: expert } ] }
      ask_one: { who: chair, do: [ { add_reviewers: extra } ] }
    timers:
      escalate: { after: 3 days, do: [ { add_reviewers: chair } ] }";
    assert_reviewed(
        review,
        "
  all of the larger ballot:
    - bea opens: { request: { what: A chair, extra: zoe } }
    - bea: submit
    - max: approve
    - mia: approve
    - cleo: ask
      then: { state: review, mail: [eva, eli], may: [eva approve] }
    - cleo: ask
      then: { mail: [] }
    - cleo: ask_one
      then: { mail: [zoe], may: [zoe approve] }
    - moe: approve
    - eva: approve
    - eli: approve
      then: { state: review, votes: { approve: 5 } }
    - zoe: approve
      then: { state: done }
  the next visit knows nothing of it:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - cleo: ask
    - eva: send_back
    - bea: submit
      then: { mail: [max, mia, moe], may_not: { eva approve: who } }
  escalation adds whoever stands above:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - wait: 3 days
      then: { mail: [cleo], may: [cleo approve] }
",
    );
}

#[test]
fn rule_30_a_snapshot_is_fixed_on_entry() {
    assert_reviewed(
        "    review:
      by: manager
      members: snapshot
      decisions: { approve: { votes: all, to: done }, send_back: { to: draft } }",
        "
  all of then:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - max: approve
    - mia: approve
      then: { state: review }
    - moe: approve
      then: { state: done }
",
    );
}

#[test]
fn rule_27_recusal_makes_a_vote_fall() {
    assert_reviewed(
        "    edit: { chair: [recusal] }
    review:
      by: manager
      except: { people: \"has(recusal.who) ? recusal.who : []\" }
      decisions: { approve: { votes: majority, covers: [request], to: done }, send_back: { to: draft } }
      otherwise: { to: draft }",
        "
  a member recuses himself:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - max: approve
      then: { votes: { approve: 1 } }
    - cleo edits: { recusal: { who: [max] } }
      then: { votes: { approve: 0 }, may_not: { max approve: except } }
    - mia: approve
      then: { state: review }
    - moe: approve
      then: { state: done }
",
    );
}

#[test]
fn rule_33_recorded_votes_are_closed_by_the_chair() {
    assert_reviewed(
        "    review:
      by: manager
      decisions: { yes_vote: { votes: recorded }, no_vote: { votes: recorded }, abstain: { votes: recorded } }
    actions:
      close:
        who: chair
        when: cast.size() * 2 > seats.size()
        to: { done: votes.yes_vote.size() > votes.no_vote.size(), dropped: otherwise }",
        "
  majority of those present who do not abstain:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - max: yes_vote
      then: { may_not: { cleo close: when } }
    - mia: abstain
      then: { state: review, may: [cleo close] }
    - cleo: close
      then: { state: done }
  the chair has the last word:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - max: no_vote
    - mia: yes_vote
    - moe: abstain
      then: { state: review }
    - cleo: close
      then: { state: dropped }
",
    );
}

#[test]
fn rule_29_a_quorum_may_have_a_condition() {
    assert_reviewed(
        "    review:
      by: [manager, expert]
      decisions:
        approve: { votes: \"cast.size() * 2 > seats.size() && votes.approve.exists(v, 'experts' in v.by.groups) && votes.approve.size() > votes.reject.size()\", to: done }
        reject: { votes: majority, to: dropped }
      otherwise: { to: draft }",
        "
  three of five and an expert among them:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - max: approve
    - mia: approve
    - moe: approve
      then: { state: review }
    - eva: approve
      then: { state: done }
",
    );
}

#[test]
fn rule_29_that_nobody_may_vote_is_told_and_not_passed_over() {
    let told = reviewed(
        "    review:
      by: extra
      decisions: { approve: { to: done }, send_back: { votes: all, to: draft } }
      otherwise: { to: dropped }",
    );
    assert_told(
        &told,
        &format!(
            "{PEOPLE}
  nobody is named:
    - bea opens: {{ request: {{ what: A chair }} }}
    - bea: submit
      then: {{ state: review, mail: [] }}
    - otto moves: draft
      comment: Name somebody.
    - bea edits: {{ request: {{ extra: zoe }} }}
    - bea: submit
      then: {{ state: review, mail: [zoe] }}
    - zoe: approve
      then: {{ state: done }}
"
        ),
    );
}

#[test]
fn who_is_consulted_gives_an_opinion_and_no_vote() {
    assert_reviewed(
        "    show: { expert: [request] }
    review:
      by: manager
      decisions: { approve: { to: done }, send_back: { to: draft } }
    actions:
      consult: { who: manager, do: [ { notify: ask_expert } ] }",
        "
  an expert is asked, and the managers decide:
    - bea opens: { request: { what: A chair } }
    - bea: submit
    - eva: consult
      refused: who
    - max: consult
      then: { state: review, mail: [eva, eli], may_not: { eva approve: who }, eva sees: [request] }
    - eva comments: A good chair.
      then: { state: review, votes: { approve: 0 } }
    - max: approve
      then: { state: done }
",
    );
}

#[test]
fn authority_is_limited_by_what_is_known_of_a_person() {
    let review = "    review:
      by: manager
      except: { people: \"seats.filter(p, !has(facts.person[p.id].limit) || facts.person[p.id].limit < request.cost)\" }
      decisions: { approve: { to: done }, send_back: { to: draft } }";
    assert_told(
        &reviewed(review),
        &PEOPLE.replace("scenarios:\n", "facts:\n  person: { max: { limit: 1000 }, mia: { limit: 50000 } }\nscenarios:\n")
            .replace("scenarios:\n", "scenarios:
  only whoever may approve so much is asked:
    - bea opens: { request: { what: A chair, cost: 20000 } }
    - bea: submit
      then: { mail: [mia], may: [mia approve], may_not: { max approve: except, moe approve: except } }
    - mia: approve
      then: { state: done }
"),
    );
}
