//! Timers and mail links (rules 37 to 41, 48).

use super::{build::*, processes::*, *};
use crate::{case::LinkId, history::What, workflow::Votes};

fn invited() -> Town {
    let mut town = Town::new(invitation());
    town.open("ada", "invitation", a_deal())
        .expect("an administrator may");
    town
}

/// The newest link that was mailed.
fn link(town: &Town) -> LinkId {
    let sent = town
        .world
        .mail()
        .iter()
        .rev()
        .find_map(|sent| sent.links().next().map(|(_, link)| link));
    sent.expect("a mail with a link")
}

fn accept(town: &mut Town, link: LinkId) -> Result<(), Refusal> {
    let holder = town
        .world
        .link_holder(link)
        .expect("a link that was mailed");
    town.world.act(
        &Request::of(holder).with_code(Code::Good),
        town.case,
        Act::new("accept"),
    )
}

#[test]
fn rule_38_a_link_is_good_until_the_last_millisecond_and_the_timer_wins_at_its_moment() {
    for (moment, state, taken) in [
        ("2026-11-30T00:59:59.999Z", "accepted", true),
        ("2026-11-30T01:00:00Z", "expired", false),
    ] {
        let mut town = invited();
        let link = link(&town);
        // Not `advance_to`: the scheduler is late, and the command itself finds the timer due.
        town.world.now = at(moment);
        assert_eq!(accept(&mut town, link).is_ok(), taken, "{moment}");
        assert_eq!(town.state(), state);
        town.assert_sound();
    }
}

#[test]
fn rule_48_a_new_visit_writes_new_links_and_a_reminder_mails_the_same() {
    let mut town = invited();
    let first = link(&town);
    town.wait_until("2026-11-28T01:00:00Z");
    assert_eq!(town.mailed("invite"), ["bob", "bob"]);
    assert_eq!(link(&town), first);
    town.act("ada", "resend").expect("one a day");
    let second = link(&town);
    assert_ne!(second, first);
    assert_eq!(accept(&mut town, first), Err(Refusal::DeadLink));
    town.wait_until("2026-12-04T01:00:00Z");
    assert_eq!(town.state(), "waiting", "seven days anew");
    accept(&mut town, second).expect("the new one");
    assert_eq!(town.world.calls().len(), 1);
}

#[test]
fn rule_42_silence_is_consent_and_the_timer_is_who_did_it() {
    let mut town = invited();
    town.wait_until("2026-11-30T01:00:00Z");
    assert_eq!(town.state(), "expired");
    let history = town.world.history(town.case);
    let fired = history
        .iter()
        .rfind(|entry| entry.entry.what == What::Timer);
    let fired = &fired.expect("a timer fired").entry;
    let doer = crate::case::Doer::Timer(crate::name::Name::parse("expire").expect("a name"));
    assert_eq!(fired.actor, doer);
    assert_eq!(
        fired.to.as_ref().map(crate::workflow::StatePath::as_str),
        Some("expired")
    );
}

#[test]
fn a_link_opens_the_action_that_it_was_mailed_for_and_no_other() {
    let mut town = invited();
    let holder = town
        .world
        .link_holder(link(&town))
        .expect("a link that was mailed");
    for action in ["decline", "resend"] {
        let refused = town
            .world
            .act(&Request::of(holder.clone()), town.case, Act::new(action));
        assert_eq!(refused, Err(Refusal::Who { at: None }), "{action}");
    }
}

#[test]
fn rule_40_reminders_count_from_the_due_time_and_stop_after_so_many() {
    let mut town = Town::opened(deal(Votes::Number(1)), a_deal());
    town.act("pat", "submit").expect("a complete deal");
    assert_eq!(town.case().due_at(), Some(at("2026-11-26T01:00:00Z")));
    assert_eq!(town.mailed("review_wanted").len(), 3);
    town.wait_until("2026-11-26T00:59:59Z");
    assert_eq!(town.mailed("review_wanted").len(), 3);
    town.wait_until("2026-11-26T01:00:00Z");
    assert_eq!(town.mailed("review_wanted").len(), 6);
    town.wait_until("2027-02-01T01:00:00Z");
    assert_eq!(
        town.mailed("review_wanted").len(),
        3 + 5 * 3,
        "five times and no sixth"
    );
    let fired = town
        .world
        .history(town.case)
        .iter()
        .filter(|sealed| sealed.entry.what == What::Timer);
    let fired: Vec<_> = fired
        .map(|sealed| time::to_text(sealed.entry.recorded_at))
        .collect();
    assert_eq!(
        fired[..3],
        [
            "2026-11-26T01:00:00.000Z",
            "2026-11-27T01:00:00.000Z",
            "2026-11-30T01:00:00.000Z"
        ]
    );
}

#[test]
fn rule_40_a_moment_is_reckoned_anew_when_its_data_change_and_rests_without_them() {
    let mut town = Town::opened(payment(), serde_json::json!({}));
    assert_eq!(town.world.next_due(), None, "no date yet");
    town.edit("pat", a_deal()).expect("his to change");
    assert_eq!(
        town.world.next_due(),
        Some((at("2026-12-31T16:00:00Z"), town.case)),
        "the end of that day"
    );
    town.edit(
        "pat",
        serde_json::json!({ "deal": { "until": "2026-11-30" } }),
    )
    .expect("his to change");
    town.wait_until("2026-11-30T15:59:59Z");
    assert_eq!(town.state(), "filling");
    town.wait_until("2026-11-30T16:00:00Z");
    assert_eq!(town.state(), "cancelled");
    let last = town.world.history(town.case).last().expect("an entry");
    assert_eq!(last.entry.actor, crate::case::Doer::Timer(name("too_late")));
}

#[test]
fn rule_41_on_hold_nothing_fires_and_what_became_due_fires_on_resuming() {
    let mut town = Town::opened(deal(Votes::Number(1)), a_deal());
    town.act("pat", "submit").expect("a complete deal");
    town.act("rita", "request_changes")
        .expect_err("without a comment");
    town.acts("rita", saying("request_changes", None))
        .expect("a reviewer may");
    let hold = Command::Hold {
        reason: "asked by legal".into(),
    };
    assert_eq!(
        town.world.command(&town.of("rita"), town.case, &hold),
        Err(Refusal::Who { at: None })
    );
    town.world
        .command(&town.of("otto"), town.case, &hold)
        .expect("an operator may");
    town.wait_until("2027-02-01T01:00:00Z");
    assert_eq!(town.state(), "changes_requested");
    assert_eq!(town.act("pat", "resubmit"), Err(Refusal::OnHold));
    let resume = Command::Resume {
        reason: "done".into(),
    };
    town.world
        .command(&town.of("otto"), town.case, &resume)
        .expect("an operator may");
    assert_eq!(town.state(), "withdrawn");
    town.assert_sound();
}

#[test]
fn an_operator_moves_a_case_without_exits_and_entries() {
    let mut town = Town::opened(deal(Votes::Number(1)), a_deal());
    let move_to = |to: &str| Command::Move {
        to: to.into(),
        reason: "by mistake".into(),
    };
    assert_eq!(
        town.world
            .command(&town.of("pat"), town.case, &move_to("review")),
        Err(Refusal::Who { at: None })
    );
    town.world
        .command(&town.of("otto"), town.case, &move_to("review"))
        .expect("an operator may");
    assert_eq!(
        (town.state(), town.mailed("review_wanted").len()),
        ("review", 0)
    );
    town.acts("rita", saying("reject", None))
        .expect("the ballot is open");
    town.world
        .command(&town.of("otto"), town.case, &move_to("withdrawn"))
        .expect("the operator's cancel");
    assert!(town.case().end().is_some() && town.world.next_due().is_none());
}

#[test]
fn rule_37_ending_kills_links_timers_and_ballots() {
    let mut town = invited();
    let link = link(&town);
    accept(&mut town, link).expect("in time");
    let case = town.case();
    assert!(case.mail_links.is_empty() && case.timers.is_empty() && case.awaited.is_empty());
    assert_eq!(accept(&mut town, link), Err(Refusal::DeadLink));
}
