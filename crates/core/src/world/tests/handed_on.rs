//! Turns outside of a review that change hands: whoever gets one is mailed, as in a review.

use super::{build::*, processes, shared::workflow, *};
use crate::{outcome::MailPart, workflow::*};

/// A desk at which whoever is a reviewer sorts what comes in.
fn desk() -> Workflow {
    let p = &Paths(&["desk", "done"]);
    let states = vec![
        p.state("desk")
            .with(action("sort", &["reviewer"], p.to("done"))),
        p.state("done").end(End::Success),
    ];
    workflow(
        "desk",
        action("open", &["partner_user"], p.to("desk")),
        states,
    )
}

fn body(town: &Town, message: &str) -> String {
    let mut mails = town.world.mail().iter().rev();
    let mail = mails.find(|sent| sent.mail.message == *message);
    let parts = mail.map(|sent| sent.mail.body.as_slice());
    let texts = parts.unwrap_or_default().iter().map(|part| match part {
        MailPart::Text(text) => text.as_str(),
        MailPart::Button { .. } | MailPart::CaseLink => "?",
    });
    texts.collect()
}

fn lead(town: &Town, message: &str) -> String {
    let mut mails = town.world.mail().iter().rev();
    let mail = mails.find(|sent| sent.mail.message == *message);
    mail.map(|sent| sent.mail.lead.as_str().to_owned())
        .unwrap_or_default()
}

#[test]
fn whoever_gets_a_turn_outside_of_a_review_is_mailed_and_told_when_it_is_settled() {
    let mut town = Town::opened(desk(), json!({}));
    let hand = Command::Delegate {
        to: PersonId::new("bob"),
        reason: "You know *them*.".to_owned(),
    };
    town.world
        .command(&town.of("rita"), town.case, &hand)
        .expect("her turn");
    assert_eq!(town.mailed("handed_on"), ["bob"]);
    assert_eq!(
        body(&town, "handed_on"),
        "Until now it was the turn of rita. Why it was handed to you: You know \\*them\\*\\."
    );
    assert_eq!(
        lead(&town, "handed_on"),
        "It is your turn: **desk**. You are asked as **reviewer**."
    );
    town.act("lena", "sort").expect("it is hers as well");
    let told = town.world.notices().iter();
    let told: Vec<&str> = told.map(|sent| sent.mail.name.as_str()).collect();
    assert_eq!(told, ["bob"], "he need not act any more");
    town.assert_sound();
}

#[test]
fn an_operator_who_takes_a_turn_himself_is_not_mailed_of_it_and_one_that_comes_back_is() {
    let mut town = Town::opened(desk(), json!({}));
    for (from, to) in [("rita", "otto"), ("otto", "rita")] {
        let hand = Command::Reassign {
            from: Some(PersonId::new(from)),
            to: PersonId::new(to),
            reason: "Rita is ill.".to_owned(),
        };
        town.world
            .command(&town.of("otto"), town.case, &hand)
            .expect("an operator may");
    }
    assert_eq!(town.mailed("handed_on"), ["rita"]);
    town.assert_sound();
}

#[test]
fn on_the_partners_side_a_mail_does_not_tell_why_a_turn_was_handed_on() {
    let mut town = Town::opened(processes::deal(Votes::Number(1)), a_deal());
    let hand = Command::Reassign {
        from: Some(PersonId::new("pat")),
        to: PersonId::new("nils"),
        reason: "Pat answers nobody.".to_owned(),
    };
    town.world
        .put_person(person("nils", Some("acme"), &["partner_users"]));
    town.world
        .command(&town.of("otto"), town.case, &hand)
        .expect("an operator may");
    assert_eq!(town.mailed("handed_on"), ["nils"]);
    assert_eq!(
        body(&town, "handed_on"),
        "Until now it was the turn of pat."
    );
}
