//! The order of judging (rule 12), and that explanations say the same as commands.

use serde_json::json;

use super::{build::*, processes::*, *};
use crate::{outcome::Missing, workflow::*};

fn code(result: Result<(), Refusal>) -> &'static str {
    result.expect_err("a refusal").code()
}

#[test]
fn rule_12_the_first_that_fails_is_the_answer() {
    let mut town = Town::opened(deal(Votes::Number(1)), json!({}));
    assert_eq!(code(town.act("nina", "submit")), "not_found");
    assert_eq!(code(town.act("pat", "submitt")), "unknown_action");
    let Err(Refusal::UnknownAction { nearest }) = town.act("pat", "submitt") else {
        panic!("no such action")
    };
    assert_eq!(nearest, Some(name("submit")));
    let stale = town.of("pat").with_if_match(99);
    assert_eq!(
        code(town.world.act(&stale, town.case, Act::new("submit"))),
        "stale"
    );
    assert_eq!(
        code(town.act("otto", "submit")),
        "who",
        "operators see the case, and decide nothing"
    );
    assert_eq!(code(town.act("pat", "resubmit")), "not_here");
    assert_eq!(code(town.act("pat", "submit")), "refused");
    assert_eq!(
        code(town.edit("pat", json!({ "deal": { "amount": "much" } }))),
        "invalid"
    );
    assert_eq!(
        code(town.edit("pat", json!({ "deal": { "unknown": 1 } }))),
        "invalid"
    );
    assert_eq!(code(town.open("ada", "deal", json!({}))), "who");
}

#[test]
fn rule_12_a_refusal_changes_nothing() {
    let mut town = Town::opened(deal(Votes::Number(1)), json!({}));
    let before = town.case().clone();
    town.acts(
        "pat",
        filled("submit", json!({ "deal": { "customer": "Northwind" } })),
    )
    .expect_err("half filled");
    assert_eq!(*town.case(), before);
}

#[test]
fn rule_12_all_that_is_missing_is_told_in_the_order_written() {
    let mut workflow = deal(Votes::Number(1));
    let mut states: Vec<_> = workflow.states.iter().cloned().collect();
    let submit = states[0].actions.get_mut("submit").expect("an action");
    submit.require = vec![
        form("deal"),
        Requirement::Rule(name("large")),
        Requirement::Material(name("report")),
        Requirement::Comment,
        Requirement::Code,
    ];
    submit.confirm = Some(Confirm {
        when: None,
        text: template("I confirm."),
    });
    workflow.states = States::new(states, workflow.states.tree().clone());
    workflow.rules.insert(
        name("large"),
        Rule {
            name: name("large"),
            check: cel("deal.amount > 1000000"),
            otherwise: template("At least a million; you have {{deal.amount}}."),
            at: Some(Place::Field(name("deal"), name("amount"))),
            line: 0,
        },
    );
    // What is empty is told once, by its form: a rule that reads it waits.
    let mut without = a_deal();
    let deal = without["deal"].as_object_mut().expect("a form");
    deal.remove("amount");
    let mut empty = Town::opened(workflow.clone(), without);
    let missing = Town::missing(empty.act("pat", "submit"));
    assert_eq!(missing, ["deal", "report", "comment", "confirm", "code"]);
    let offer = empty.world.offers(&empty.of("pat"), empty.case).remove(0);
    assert!(!offer.allowed && offer.missing.iter().all(|missing| missing.name != "large"));
    let mut town = Town::opened(workflow, a_deal());
    let offer = town.world.offers(&town.of("pat"), town.case).remove(0);
    let names = |missing: &[Missing]| {
        missing
            .iter()
            .map(|missing| missing.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&offer.missing),
        ["large", "report"],
        "what comes with the click is asked for, not missing"
    );
    assert!(offer.confirm.is_some() && offer.comment && offer.code && !offer.allowed);
    let Err(Refusal::Missing(missing)) = town.act("pat", "submit") else {
        panic!("something is missing")
    };
    assert_eq!(
        names(&missing),
        ["large", "report", "comment", "confirm", "code"]
    );
    assert!(
        missing[0].message.en.contains("300"),
        "{:?}",
        missing[0].message
    );
    town.edit("pat", json!({ "deal": { "amount": "2000000.00" } }))
        .expect("his to change");
    let missing = Town::missing(town.with_code("pat", "submit", Code::Bad));
    assert_eq!(missing, ["report", "comment", "confirm", "code"]);
}

#[test]
fn offers_are_what_may_be_done() {
    let mut town = Town::opened(deal(Votes::Number(1)), a_deal());
    let offers = |town: &Town, who: &str| -> Vec<(String, bool)> {
        let offers = town.world.offers(&town.of(who), town.case);
        offers
            .into_iter()
            .map(|offer| (offer.id.to_string(), offer.allowed))
            .collect()
    };
    let said = |pairs: &[(&str, bool)]| {
        pairs
            .iter()
            .map(|(id, allowed)| ((*id).to_owned(), *allowed))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        offers(&town, "pat"),
        said(&[("submit", true), ("discard", true)])
    );
    assert_eq!(offers(&town, "rita"), []);
    town.act("pat", "submit").expect("a complete deal");
    assert_eq!(offers(&town, "pat"), said(&[("withdraw", true)]));
    assert_eq!(
        offers(&town, "rita"),
        said(&[
            ("approve", true),
            ("reject", true),
            ("request_changes", true)
        ])
    );
    let paul = said(&[
        ("approve", false),
        ("reject", false),
        ("request_changes", false),
        ("withdraw", true),
    ]);
    assert_eq!(offers(&town, "paul"), paul);
    let tallies = town.world.tallies(&town.of("rita"), town.case);
    let [tally] = tallies.as_slice() else {
        panic!("one review runs: {tallies:?}");
    };
    assert_eq!(tally.may_vote.len(), 3);
}

#[test]
fn a_review_that_somebody_has_claimed_can_be_voted_in_by_nobody_else() {
    let mut workflow = deal(Votes::Number(1));
    let mut states: Vec<_> = workflow.states.iter().cloned().collect();
    states[1].claim = Some("4 hours".parse().expect("a length"));
    workflow.states = crate::workflow::States::new(states, workflow.states.tree().clone());
    let mut town = Town::opened(workflow, a_deal());
    town.act("pat", "submit").expect("a complete deal");
    let may_vote = |town: &Town| {
        let tallies = town.world.tallies(&town.of("rita"), town.case);
        tallies[0].may_vote.clone()
    };
    assert_eq!(may_vote(&town).len(), 3);
    let (rita, case) = (town.of("rita"), town.case);
    town.world
        .command(&rita, case, &Command::Claim)
        .expect("her turn too");
    assert_eq!(may_vote(&town), [PersonId::new("rita")]);
    let omar = town.act("omar", "approve").map_err(|no| no.code());
    assert_eq!(omar, Err("not_here"));
    town.world
        .command(
            &rita,
            case,
            &Command::Release {
                reason: String::new(),
            },
        )
        .expect("she has it");
    assert_eq!(may_vote(&town).len(), 3);
}

#[test]
fn rule_46_an_answer_counts_once_and_in_its_visit() {
    let mut town = Town::opened(payment(), a_deal());
    town.act("pat", "submit").expect("a complete deal");
    town.act("rita", "approve").expect("a reviewer may");
    town.act("lena", "approve").expect("a reviewer may");
    assert_eq!(town.state(), "paying");
    let first = town.world.calls()[0].id;
    let answer = |action: &str, delivery| Act {
        delivery: Some(delivery),
        ..saying(action, None)
    };
    town.acts("erp", answer("failed", first))
        .expect("the bank sent it back");
    assert_eq!(town.state(), "correction");
    town.act("pat", "resubmit").expect("corrected");
    town.act("rita", "approve").expect("votes anew");
    town.act("lena", "approve").expect("votes anew");
    assert_eq!(
        code(town.acts("erp", answer("paid", first))),
        "not_here",
        "the answer to the first call"
    );
    let second = town.world.calls()[1].id;
    town.acts("erp", answer("paid", second)).expect("paid");
    assert_eq!(town.state(), "paid");
    assert_eq!(code(town.acts("erp", answer("paid", second))), "not_here");
    assert_eq!(code(town.act("pat", "paid")), "who");
}
