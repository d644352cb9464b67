//! Incidents: told once, settled when an operator looks again and the cause is gone.

use super::{Town, a_deal, person, processes::panel};
use crate::{command::Command, history::What, outcome::Refusal};

/// A panel of three experts that lacks one.
fn lacking() -> Town {
    let mut town = Town::new(panel());
    town.open("pat", "panel", a_deal()).expect("pat may");
    town.act("mia", "agree").expect("a manager may");
    town.world.put_person(person("ed", None, &[]));
    town.act("pat", "submit").expect("agreed");
    town
}

fn open(town: &Town) -> Vec<String> {
    let incidents = town.world.incidents().iter();
    incidents
        .map(|(_, incident)| incident.code.clone())
        .collect()
}

fn look_again(town: &mut Town, who: &str) -> Result<(), Refusal> {
    let (_, incident) = town.world.incidents()[0].clone();
    let command = Command::LookInto { incident };
    town.world.command(&town.of(who), town.case, &command)
}

#[test]
fn rule_31_an_incident_is_settled_when_its_cause_is_gone_and_no_sooner() {
    let mut town = lacking();
    assert_eq!(open(&town), ["too_few_reviewers"]);
    let etag = town.case().etag;
    look_again(&mut town, "otto").expect("an operator may look");
    assert_eq!(open(&town), ["too_few_reviewers"]);
    assert_eq!(town.case().etag, etag, "nothing has changed");
    assert_eq!(look_again(&mut town, "mia"), Err(Refusal::Who { at: None }));

    town.world.put_person(person("ed", None, &["experts"]));
    assert_eq!(open(&town), ["too_few_reviewers"], "until somebody looks");
    look_again(&mut town, "otto").expect("an operator may look");
    assert!(open(&town).is_empty());
    let history = town.world.history(town.case);
    let last = history.last().expect("entries");
    assert_eq!(last.entry.what, What::Settled);
    town.assert_sound();
}

#[test]
fn rule_31_what_comes_back_is_told_again() {
    let mut town = lacking();
    town.world.put_person(person("ed", None, &["experts"]));
    look_again(&mut town, "otto").expect("an operator may look");
    town.world.put_person(person("ed", None, &[]));
    assert_eq!(open(&town), ["too_few_reviewers"]);
    town.assert_sound();
}

#[test]
fn rule_41_nothing_is_settled_while_the_case_is_on_hold() {
    let mut town = lacking();
    let hold = Command::Hold {
        reason: "asked by legal".into(),
    };
    town.world
        .command(&town.of("otto"), town.case, &hold)
        .expect("an operator may");
    assert_eq!(look_again(&mut town, "otto"), Err(Refusal::OnHold));
    assert_eq!(open(&town), ["too_few_reviewers"]);
}

#[test]
fn rule_31_what_has_ended_needs_nobody_any_more() {
    let mut town = lacking();
    let end = Command::Move {
        to: "failed".into(),
        reason: "nobody is left".into(),
    };
    town.world
        .command(&town.of("otto"), town.case, &end)
        .expect("an operator may");
    assert!(open(&town).is_empty(), "settled with the end");
}
