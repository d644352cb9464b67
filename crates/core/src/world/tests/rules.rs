//! Clauses of rules that no other story shows: what services open, what stays, what happens once, and in which order.

use serde_json::json;

use super::{build::*, processes::*, *};
use crate::{
    history::What,
    outcome::MailPart,
    workflow::{Effect, States, Target, Votes, Workflow},
};

/// The workflow with another state at the place of the one of this path.
fn with_state(
    mut workflow: Workflow,
    path: &str,
    change: impl FnOnce(&mut crate::workflow::State),
) -> Workflow {
    let mut states: Vec<_> = workflow.states.iter().cloned().collect();
    let state = states.iter_mut().find(|state| state.path.as_str() == path);
    change(state.expect("a state"));
    workflow.states = States::new(states, workflow.states.tree().clone());
    workflow
}

/// What happened since, each with the time at which it counts.
fn since(town: &Town, entries: usize) -> Vec<(What, String)> {
    let history = town.world.history(town.case)[entries..].iter();
    history
        .map(|sealed| (sealed.entry.what, time::to_text(sealed.entry.recorded_at)))
        .collect()
}

fn hold(town: &mut Town, hold: bool) {
    let reason = "asked by legal".to_owned();
    let command = if hold {
        Command::Hold { reason }
    } else {
        Command::Resume { reason }
    };
    let otto = town.of("otto");
    town.world
        .command(&otto, town.case, &command)
        .expect("an operator may");
}

#[test]
fn rule_8_texts_tell_the_state_its_due_time_whom_it_waits_for_the_comment_and_timers() {
    let mut workflow = deal(Votes::Number(1));
    let texts = [
        (
            "review_wanted",
            "{{state.title}} by {{state.due}}. {{state.waiting_for}} {{timers.remind}}",
        ),
        ("to_fix", "{{state.title}}: {{comment}}"),
    ];
    for (message, text) in texts {
        let message = workflow.messages.get_mut(message).expect("declared");
        message.body = template(text);
    }
    let mut town = Town::opened(workflow, a_deal());
    town.act("pat", "submit").expect("a complete deal");
    let told = |town: &Town| {
        let sent = town.world.mail().last().expect("a mail");
        let text = sent.mail.body.iter().map(|part| match part {
            MailPart::Text(text) => text.as_str(),
            MailPart::Button { .. } | MailPart::CaseLink => "",
        });
        text.collect::<String>()
    };
    // Escaped, for a mail is Markdown.
    let asked = "review by Thu 26 Nov 2026 09\\:00 UTC\\+8. Waiting for\\: reviewer\\. Thu 26 Nov 2026 09\\:00 UTC\\+8";
    assert_eq!(told(&town), asked);
    town.acts("rita", saying("request_changes", None))
        .expect("a reviewer may");
    assert!(
        told(&town).contains("Please add the tax"),
        "{}",
        told(&town)
    );
}

#[test]
fn rule_17_what_fails_is_written_down_once_for_each_cause() {
    let mut workflow = deal(Votes::Number(1));
    let message = workflow.messages.get_mut("review_wanted");
    message.expect("declared").body = template("{{deal.note}}");
    let mut town = Town::opened(workflow, a_deal());
    town.act("pat", "submit").expect("a complete deal");
    let written = |town: &Town| {
        let all = since(town, 0).into_iter();
        all.filter(|(what, _)| *what == What::Incident).count()
    };
    assert_eq!((town.mailed("review_wanted").len(), written(&town)), (3, 1));
    town.wait_until("2027-02-01T01:00:00Z");
    assert_eq!(
        (town.mailed("review_wanted").len(), written(&town)),
        (18, 1)
    );
}

#[test]
fn rule_23_a_case_that_a_service_opens_has_a_starter_only_if_it_says_so() {
    let mut workflow = deal(Votes::Number(1));
    workflow.open.who.system = true;
    let mut town = Town::new(workflow);
    town.open("erp", "deal", json!({})).expect("services may");
    assert_eq!((&town.case().starter, &town.case().partner), (&None, &None));
    let opening = Opening {
        on_behalf_of: Some(PersonId::new("pat")),
        ..Opening::default()
    };
    let erp = town.of("erp");
    let case = town
        .world
        .open(&erp, "deal", &opening)
        .expect("services may");
    town.case = case;
    let partner = Some(PartnerId::new("acme"));
    assert_eq!(
        (&town.case().starter, &town.case().partner),
        (&Some(PersonId::new("pat")), &partner)
    );
    town.acts("pat", filled("submit", a_deal()))
        .expect("it is his");
    assert_eq!(town.act("paul", "approve"), Err(Refusal::Except));
}

#[test]
fn rule_33_what_is_required_is_asked_of_each_voter_and_what_it_does_happens_once() {
    let workflow = with_state(deal(Votes::Number(2)), "review", |review| {
        let review = review.review.as_mut().expect("it is reviewed");
        let approve = review.decisions.get_mut("approve").expect("a decision");
        approve.action.effects = vec![Effect::Call(name("pay"))];
    });
    let mut town = Town::opened(workflow, a_deal());
    town.act("pat", "submit").expect("a complete deal");
    let approving = |grade: &str| filled("approve", json!({ "evaluation": { "grade": grade } }));
    for who in ["rita", "omar"] {
        assert!(town.world.calls().is_empty(), "not with a vote alone");
        let missing = Town::missing(town.acts(
            who,
            filled("approve", json!({ "evaluation": { "grade": null } })),
        ));
        assert_eq!(missing, ["evaluation"], "{who}");
        town.acts(who, approving("A")).expect("a reviewer may");
    }
    assert_eq!(town.state(), "approved.result_ready");
    assert_eq!(town.world.calls().len(), 1);
}

#[test]
fn rule_37_an_action_that_stays_leaves_timers_links_and_ballots_alone() {
    let workflow = with_state(deal(Votes::Number(2)), "review", |review| {
        let stays = action("remark", &["applicant"], Target::Stay);
        review.actions.insert(stays.name.clone(), stays);
    });
    let mut town = Town::opened(workflow, a_deal());
    town.act("pat", "submit").expect("a complete deal");
    town.acts(
        "rita",
        filled("approve", json!({ "evaluation": { "grade": "A" } })),
    )
    .expect("one of two");
    let before = town.case().clone();
    town.wait_until("2026-11-24T01:00:00Z");
    town.act("pat", "remark").expect("the starter may");
    let after = town.case();
    assert_eq!(after.timers, before.timers);
    assert_eq!(after.mail_links, before.mail_links);
    assert_eq!(after.ballots, before.ballots);
    assert_eq!(after.visits, before.visits);
    assert_eq!(after.due_at(), before.due_at());

    let mut town = Town::new(invitation());
    town.open("ada", "invitation", a_deal()).expect("she may");
    assert!(!town.case().mail_links.is_empty(), "links there are too");
}

#[test]
fn rule_38_a_late_command_finds_each_timer_fired_at_its_own_moment_and_in_order() {
    let mut late = Town::opened(deal(Votes::Number(1)), a_deal());
    late.act("pat", "submit").expect("a complete deal");
    let mut punctual = Town::opened(deal(Votes::Number(1)), a_deal());
    punctual.act("pat", "submit").expect("a complete deal");
    let entries = late.world.history(late.case).len();
    let moment = "2026-11-30T02:00:00Z";
    punctual.wait_until(moment);
    // Nobody fires a timer in between: the command finds them due.
    late.world.now = at(moment);
    for town in [&mut late, &mut punctual] {
        town.acts("rita", saying("reject", None)).expect("she may");
    }
    let fired = since(&late, entries);
    let times: Vec<&str> = fired[..3]
        .iter()
        .map(|(what, at)| {
            assert_eq!(*what, What::Timer);
            at.as_str()
        })
        .collect();
    assert_eq!(
        times,
        [
            "2026-11-26T01:00:00.000Z",
            "2026-11-27T01:00:00.000Z",
            "2026-11-30T01:00:00.000Z"
        ]
    );
    assert_eq!(
        fired,
        since(&punctual, entries),
        "a late scheduler changes nothing"
    );
    assert_eq!(
        late.mailed("review_wanted"),
        punctual.mailed("review_wanted")
    );
}

#[test]
fn rule_41_what_became_due_on_hold_fires_in_order_on_resuming() {
    let mut town = Town::opened(deal(Votes::Number(1)), a_deal());
    town.act("pat", "submit").expect("a complete deal");
    hold(&mut town, true);
    town.wait_until("2026-12-02T02:00:00Z");
    let entries = town.world.history(town.case).len();
    hold(&mut town, false);
    let fired: Vec<What> = since(&town, entries)
        .iter()
        .map(|(what, _)| *what)
        .collect();
    assert_eq!(
        fired,
        [
            What::Resume,
            What::Timer,
            What::Timer,
            What::Timer,
            What::Timer,
            What::Timer
        ]
    );
    let fired = since(&town, entries + 1);
    let times = fired.iter().map(|(_, at)| &at[..10]);
    let days = [
        "2026-11-26",
        "2026-11-27",
        "2026-11-30",
        "2026-12-01",
        "2026-12-02",
    ];
    assert_eq!(times.collect::<Vec<_>>(), days);
}
