//! Ballots: one vote for each person, who may vote, what is decided, what stands (rules 26 to 34).

use serde_json::json;

use super::{build::*, processes::*, *};
use crate::{
    case::Fallen,
    workflow::{SelfReview, Votes},
};

fn in_review(votes: Votes) -> Town {
    let mut town = Town::opened(deal(votes), a_deal());
    town.act("pat", "submit").expect("a complete deal");
    town
}

fn approving() -> Act {
    filled("approve", json!({ "evaluation": { "grade": "A" } }))
}

#[test]
fn rule_26_one_person_has_one_vote() {
    let mut town = in_review(Votes::Number(2));
    town.acts("rita", approving()).expect("a reviewer may");
    assert_eq!(town.state(), "review");
    assert_eq!(town.acts("rita", approving()), Err(Refusal::Voted));
    town.acts("omar", approving()).expect("another reviewer");
    assert_eq!(town.state(), "approved.result_ready");
    assert_eq!(
        town.act("lena", "approve")
            .map_err(|refusal| refusal.code()),
        Err("not_here")
    );
}

#[test]
fn rule_26_another_decision_replaces_the_vote_and_a_vote_can_be_taken_back() {
    let mut town = in_review(Votes::Number(2));
    town.acts("rita", approving()).expect("a reviewer may");
    let back = Command::TakeBack {
        decision: name("approve"),
    };
    town.world
        .command(&town.of("rita"), town.case, &back)
        .expect("her own vote");
    assert_eq!(
        town.case().ballots[0].votes[0].fallen,
        Some(Fallen::TakenBack)
    );
    town.acts("rita", approving()).expect("she votes anew");
    town.acts("rita", saying("reject", None))
        .expect("she changes her mind");
    assert_eq!(
        town.case().ballots[0].votes[1].fallen,
        Some(Fallen::Replaced)
    );
    assert_eq!(town.state(), "rejected");
}

#[test]
fn rule_28_neither_the_starter_nor_his_partner_decide() {
    let mut town = in_review(Votes::Number(1));
    assert_eq!(town.acts("paul", approving()), Err(Refusal::Except));
    assert_eq!(
        town.acts("nina", approving()),
        Err(Refusal::NotFound),
        "another partner never learns of it"
    );
    assert_eq!(
        town.acts("mia", approving())
            .map_err(|refusal| refusal.code()),
        Err("not_found")
    );
    assert_eq!(town.act("pat", "approve"), Err(Refusal::Who { at: None }));
}

#[test]
fn rule_28_colleagues_may_where_the_review_says_so() {
    let mut workflow = deal(Votes::Number(1));
    let mut states: Vec<_> = workflow.states.iter().cloned().collect();
    if let Some(review) = &mut states[1].review {
        review.self_review = SelfReview::Colleagues;
    }
    workflow.states = crate::workflow::States::new(states, workflow.states.tree().clone());
    let mut town = Town::opened(workflow, a_deal());
    town.act("pat", "submit").expect("a complete deal");
    town.acts("paul", approving()).expect("a colleague may");
}

#[test]
fn rule_30_who_joins_a_live_group_gets_the_message_of_the_visit_once() {
    let mut town = in_review(Votes::Number(2));
    let before = town.mailed("review_wanted").len();
    for _ in 0..2 {
        town.world.put_person(person("zoe", None, &["reviewers"]));
        assert_eq!(town.mailed("review_wanted").len(), before + 1);
        assert_eq!(town.mailed("review_wanted").last(), Some(&"zoe"));
    }
    town.world.put_person(person("yves", None, &["managers"]));
    assert_eq!(town.mailed("review_wanted").len(), before + 1);
    town.assert_sound();
}

#[test]
fn rule_29_everybody_voted_and_nothing_happened_goes_on_by_otherwise() {
    let mut town = panel_in(&["ed", "eva", "eli"]);
    let score = |points: i64| json!({ "score": { "points": points } });
    town.acts("ed", filled("approve", score(80)))
        .expect("assigned");
    town.acts(
        "eva",
        Act {
            comments: saying("reject", None).comments,
            ..filled("reject", score(20))
        },
    )
    .expect("assigned");
    assert_eq!(town.state(), "evaluation.experts");
    town.act("eli", "request_changes").expect("assigned");
    assert_eq!(town.state(), "evaluation.sign_off");
    assert_eq!(
        town.mailed("review_wanted")[3..],
        ["mia", "omar"],
        "not eva: she voted as an expert"
    );
}

#[test]
fn rule_29_a_member_who_leaves_decides_a_vote_of_all() {
    let mut town = in_review(Votes::All);
    town.acts("rita", approving()).expect("a reviewer may");
    town.acts("omar", approving()).expect("a reviewer may");
    assert_eq!(town.state(), "review");
    town.world.put_person(person("lena", None, &[]));
    assert_eq!(town.state(), "approved.result_ready");
    town.assert_sound();
}

#[test]
fn majority_is_more_than_half_of_the_members() {
    let mut town = in_review(Votes::Majority);
    town.acts("rita", approving()).expect("a reviewer may");
    assert_eq!(town.state(), "review");
    town.acts("lena", approving()).expect("a reviewer may");
    assert_eq!(town.state(), "approved.result_ready");
}

#[test]
fn a_number_of_votes_can_be_reckoned() {
    for (amount, left) in [("300000.00", true), ("2000000.00", false)] {
        let mut town = Town::opened(
            deal(Votes::Reckoned(cel("deal.amount > 1000000 ? 2 : 1"))),
            a_deal(),
        );
        town.edit("pat", json!({ "deal": { "amount": amount } }))
            .expect("his to change");
        town.act("pat", "submit").expect("a complete deal");
        town.acts("rita", approving()).expect("a reviewer may");
        assert_eq!(town.state() != "review", left, "{amount}");
    }
}

/// A panel under way whose three experts are assigned.
fn panel_in(experts: &[&str]) -> Town {
    let mut town = Town::opened(panel(), a_deal());
    assert_eq!(Town::missing(town.act("pat", "submit")), ["agree"]);
    town.act("mia", "agree").expect("a manager may");
    town.act("pat", "submit").expect("agreed");
    let mut assigned: Vec<_> = town.case().ballots[0].assigned.clone().unwrap_or_default();
    assigned.sort();
    let mut experts: Vec<_> = experts.iter().map(|id| PersonId::new(*id)).collect();
    experts.sort();
    assert_eq!(assigned, experts);
    town
}

#[test]
fn rule_27_an_action_stands_until_what_it_covers_changes_or_it_is_voided() {
    let mut town = Town::opened(panel(), a_deal());
    town.act("mia", "agree").expect("a manager may");
    town.edit("pat", json!({ "deal": { "note": "changed" } }))
        .expect("his to change");
    assert_eq!(Town::missing(town.act("pat", "submit")), ["agree"]);
    town.act("mia", "agree").expect("again");
    town.act("mia", "disagree").expect("she takes it back");
    assert_eq!(Town::missing(town.act("pat", "submit")), ["agree"]);
    town.act("mia", "agree").expect("again");
    town.act("pat", "submit").expect("agreed");
}

#[test]
fn rule_27_whose_vote_fell_with_what_it_was_about_is_asked_anew() {
    let mut workflow = deal(Votes::Number(2));
    let mut states: Vec<_> = workflow.states.iter().cloned().collect();
    states[1].edit = states[0].edit.clone();
    workflow.states = crate::workflow::States::new(states, workflow.states.tree().clone());
    let mut town = Town::opened(workflow, a_deal());
    town.act("pat", "submit").expect("a complete deal");
    let asked = town.mailed("review_wanted").len();
    town.acts("rita", approving()).expect("a reviewer may");
    town.edit("pat", json!({ "deal": { "note": "changed" } }))
        .expect("his to change");
    assert_eq!(
        town.case().ballots[0].votes[0].fallen,
        Some(Fallen::Changed)
    );
    assert_eq!(town.mailed("review_wanted")[asked..], ["rita"]);
    town.edit("pat", json!({ "deal": { "note": "again" } }))
        .expect("his to change");
    assert_eq!(town.mailed("review_wanted").len(), asked + 1, "once");
    town.acts("rita", approving()).expect("again");
    town.assert_sound();
}

#[test]
fn rule_27_after_resume_earlier_ballots_stay_and_returns_do_not_carry_over() {
    let mut town = panel_in(&["ed", "eva", "eli"]);
    for expert in ["ed", "eva"] {
        town.acts(
            expert,
            filled("approve", json!({ "score": { "points": 70 } })),
        )
        .expect("assigned");
    }
    assert_eq!(town.state(), "evaluation.sign_off");
    assert_eq!(
        town.with_code("eva", "sign", Code::Good),
        Err(Refusal::Except),
        "she voted as an expert"
    );
    assert_eq!(town.act("mia", "sign"), Err(Refusal::CodeNeeded));
    town.with_code("mia", "sign", Code::Good)
        .expect("one of two");
    town.act("omar", "request_changes").expect("a manager may");
    assert_eq!(town.state(), "changes_requested");
    town.act("pat", "resubmit").expect("nothing changed");
    assert_eq!(
        (town.state(), town.case().round),
        ("evaluation.sign_off", 2)
    );
    let ballot = town.case().ballots.last().expect("a ballot");
    let votes: Vec<_> = ballot
        .votes
        .iter()
        .map(|vote| (vote.by.as_str(), &*vote.decision))
        .collect();
    assert_eq!(votes, [("mia", "sign")], "the return does not carry over");
    town.with_code("omar", "sign", Code::Good)
        .expect("the second of two");
    assert_eq!(town.state(), "passed");
}

#[test]
fn rule_27_votes_on_something_that_changed_do_not_carry_over() {
    let mut town = panel_in(&["ed", "eva", "eli"]);
    for expert in ["ed", "eva"] {
        town.acts(
            expert,
            filled("approve", json!({ "score": { "points": 70 } })),
        )
        .expect("assigned");
    }
    town.with_code("mia", "sign", Code::Good)
        .expect("one of two");
    town.act("omar", "request_changes").expect("a manager may");
    town.edit("pat", json!({ "deal": { "note": "changed" } }))
        .expect("his to change");
    town.act("pat", "resubmit").expect("complete");
    let ballot = town.case().ballots.last().expect("a ballot");
    assert!(ballot.votes.is_empty());
}

#[test]
fn rule_31_fewer_than_asked_is_an_incident_and_one_who_leaves_is_replaced() {
    let mut town = Town::new(panel());
    town.world.put_person(person("ely", None, &["experts"]));
    town.open("pat", "panel", a_deal()).expect("pat may");
    town.act("mia", "agree").expect("a manager may");
    town.act("pat", "submit").expect("agreed");
    let assigned = town.case().ballots[0].assigned.clone().unwrap_or_default();
    assert_eq!(assigned.len(), 3);
    let gone = assigned[0].clone();
    town.world.put_person(person(gone.as_str(), None, &[]));
    let now = town.case().ballots[0].assigned.clone().unwrap_or_default();
    let joined = now.iter().find(|person| !assigned.contains(person));
    let joined = joined.expect("somebody else").as_str();
    assert_eq!(
        town.mailed("review_wanted")[3..],
        [joined],
        "who joins is told"
    );
    assert!(now.len() == 3 && !now.contains(&gone), "{now:?}");
    town.world.put_person(person(now[0].as_str(), None, &[]));
    assert_eq!(
        town.case().ballots[0].assigned.as_ref().map(Vec::len),
        Some(2)
    );
    let codes: Vec<_> = town
        .world
        .incidents()
        .iter()
        .map(|(_, incident)| incident.code.as_str())
        .collect();
    assert_eq!(codes, ["too_few_reviewers"]);
}

#[test]
fn rule_31_the_least_loaded_are_assigned() {
    let mut town = Town::new(panel());
    for id in ["e4", "e5", "e6"] {
        town.world.put_person(person(id, None, &["experts"]));
    }
    let mut all = Vec::new();
    for _ in 0..2 {
        town.open("pat", "panel", a_deal()).expect("pat may");
        town.act("mia", "agree").expect("a manager may");
        town.act("pat", "submit").expect("agreed");
        all.extend(town.case().ballots[0].assigned.clone().unwrap_or_default());
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 6, "nobody twice while others have nothing to do");
}

#[test]
fn rule_6_copies_of_reviewers_are_a_list_of_those_whose_vote_counted() {
    let mut workflow = panel();
    let mut states: Vec<_> = workflow.states.iter().cloned().collect();
    if let Some(review) = &mut states[3].review {
        let sign = review.decisions.get_mut("sign").expect("a decision");
        sign.action.when = Some(cel("score.map(s, s.points).average() >= 60"));
        sign.action.require.clear();
    }
    workflow.states = crate::workflow::States::new(states, workflow.states.tree().clone());
    for (points, offered) in [(40, false), (60, true)] {
        let mut town = Town::opened(workflow.clone(), a_deal());
        town.act("mia", "agree").expect("a manager may");
        town.act("pat", "submit").expect("agreed");
        town.acts(
            "ed",
            filled("approve", json!({ "score": { "points": points } })),
        )
        .expect("assigned");
        town.acts(
            "eva",
            filled("approve", json!({ "score": { "points": 60 } })),
        )
        .expect("assigned");
        assert_eq!(town.act("mia", "sign").is_ok(), offered, "{points}");
        let ids: Vec<String> = town
            .world
            .offers(&town.of("omar"), town.case)
            .iter()
            .map(|offer| offer.id.to_string())
            .collect();
        assert_eq!(ids.contains(&"sign".to_owned()), offered);
    }
}

#[test]
fn rule_34_plain_actions_know_no_self_review() {
    let mut town = in_review(Votes::Number(1));
    town.acts("paul", saying("withdraw", None))
        .expect("the starter's side may withdraw");
    assert_eq!(town.state(), "withdrawn");
}
