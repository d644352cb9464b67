//! What lies beside the states of a case goes along as well: its child cases, signals that came early, what it watches,
//! turns that were handed over, and reviews that stay open.

use countersign_core::{
    case::{Actor, CaseId, PersonId, ServiceId},
    command::{Act, Command},
    migration::Verdict,
    name::Name,
    world::Request,
};
use serde_json::json;

use super::{FIRST, RENAMED, STATES, Town, object, said};

const KEPT: &str = "  waiting: { edit: { system: [request] }, actions: { shipped: { who: system, keep: true, to: done } } }\n  done:   { end: success }";

const PARENT: &str = "children:
  inspections: { title: Inspections, workflow: inspection, each: \"[request.what, 'More']\", key: item, with: { thing.what: item } }
open: { who: buyer";

const WATCHES: &str = "      passed: { as_soon_as: \"children.inspections.all(c, c.case.end == 'success')\", to: done }
      lapse:  { after: 30 days";

/// The first version with these changes, and the second with these besides.
fn versions(first: &[(&str, &str)], second: &[(&str, &str)], migrate: &str) -> (String, String) {
    let change = |text: String, changes: &[(&str, &str)]| {
        changes.iter().fold(text, |text, (was, now)| {
            assert_eq!(text.matches(was).count(), 1, "`{was}` stands once");
            text.replace(was, now)
        })
    };
    let first = change(FIRST.to_owned(), first);
    let second = change(first.replace("version: 1", "version: 2"), second);
    (first, format!("{second}{migrate}\n"))
}

fn shop() -> Request {
    Request::of(Actor::Service(ServiceId::new("shop")))
}

fn fact(town: &mut Town, value: bool) {
    let kind = Name::parse("person").expect("a name");
    town.world.set_fact(&kind, "bea", "blocked", json!(value));
    let now = town.world.now();
    town.world.advance_to(now);
}

#[test]
fn rule_50_child_cases_go_on_and_wake_their_parent() {
    let (first, second) = versions(
        &[
            ("open: { who: buyer", PARENT),
            (
                "require: [request], to: review }",
                "require: [request], do: [ { open: inspections } ], to: review }",
            ),
            ("      lapse:  { after: 30 days", WATCHES),
        ],
        RENAMED_WITH_CHILDREN,
        STATES,
    );
    let mut town = Town::of_versions(&first, &second);
    let children: Vec<CaseId> = town.now().children.iter().map(|child| child.case).collect();
    assert_eq!(children.len(), 2, "{:?}", town.now().children);
    let found = town.assess(json!({}));
    assert_eq!(found.verdict(), Verdict::Safe, "{found:#?}");
    town.migrate("ola", json!({})).expect("it is safe");
    assert_eq!(town.now().children.len(), 2);
    for child in children {
        assert_eq!(town.now().state.as_str(), "decision");
        let max = town.of("max");
        town.world
            .act(&max, child, Act::new("pass"))
            .expect("it passes");
    }
    let now = town.world.now();
    town.world.advance_to(now);
    assert_eq!(town.now().state.as_str(), "done", "both have passed");
}

const RENAMED_WITH_CHILDREN: &[(&str, &str)] = &[
    ("\n  review:\n", "\n  decision:\n"),
    (
        "do: [ { open: inspections } ], to: review }",
        "do: [ { open: inspections } ], to: decision }",
    ),
];

#[test]
fn rule_50_an_early_signal_waits_for_the_state_of_the_newer_version() {
    let (first, second) = versions(
        &[
            ("  done:   { end: success }", KEPT),
            (
                "approve: { votes: 2, to: done }",
                "approve: { to: waiting }",
            ),
        ],
        &[
            ("  waiting: {", "  shipping: {"),
            ("approve: { to: waiting }", "approve: { to: shipping }"),
            ("what: { type: string }", "item: { type: string }"),
        ],
        "migrate: { 1: { states: { waiting: shipping }, data: { request.what: request.item } } }",
    );
    let mut town = Town::of_versions(&first, &second);
    let early = Act {
        data: object(json!({ "request": { "what": "A lamp" } })),
        ..Act::new("shipped")
    };
    let case = town.case;
    town.world.act(&shop(), case, early).expect("it is kept");
    let found = town.assess(json!({}));
    assert_eq!(found.verdict(), Verdict::Safe, "{found:#?}");
    town.migrate("ola", json!({})).expect("it is safe");
    assert_eq!(town.now().content.early.len(), 1);
    town.act("max", "approve").expect("it goes on");
    assert_eq!(town.now().state.as_str(), "done", "the signal was taken");
    assert_eq!(town.now().content.forms["request"]["item"], "A lamp");
    assert!(town.now().content.early.is_empty());
}

#[test]
fn rule_49_what_a_case_watches_it_watches_after_its_migration() {
    let stop = "      stop: { as_soon_as: \"facts.person[starter.id].blocked\", to: lapsed }\n      lapse:  { after: 30 days";
    let (first, second) = versions(&[("      lapse:  { after: 30 days", stop)], RENAMED, STATES);
    let mut town = Town::of_versions(&first, &second);
    fact(&mut town, false);
    town.migrate("ola", json!({})).expect("it is safe");
    assert_eq!(town.now().state.as_str(), "decision");
    fact(&mut town, true);
    assert_eq!(town.now().state.as_str(), "lapsed");

    // One that is new is looked at, too.
    let (first, second) = versions(&[], &[("      lapse:  { after: 30 days", stop)], "");
    let mut town = Town::of_versions(&first, &second);
    fact(&mut town, false);
    assert_eq!(
        said(&town.assess(json!({}))),
        [("safe_with_default", "stop")]
    );
    town.migrate("ola", json!({})).expect("it is safe");
    fact(&mut town, true);
    assert_eq!(town.now().state.as_str(), "lapsed");
}

#[test]
fn rule_50_a_turn_that_was_handed_over_stays_with_who_got_it() {
    let (first, second) = versions(&[], RENAMED, STATES);
    let mut town = Town::of_versions(&first, &second);
    let (request, case) = (town.of("max"), town.case);
    let command = Command::Delegate {
        to: PersonId::new("bob"),
        reason: "away".into(),
    };
    town.world
        .command(&request, case, &command)
        .expect("bob gets it");
    town.migrate("ola", json!({})).expect("it is safe");
    assert_eq!(
        town.act("max", "approve").expect_err("it is bob's").code(),
        "who"
    );
    town.act("bob", "approve").expect("bob acts for max");
    town.act("mia", "approve").expect("the second vote");
    assert_eq!(town.now().state.as_str(), "done");
}

#[test]
fn rule_50_votes_of_an_open_review_are_judged_by_the_newer_rules() {
    // A decision that has gone: its votes fall, and who gave one votes anew.
    let mut town = Town::of_versions(
        FIRST,
        &FIRST
            .replace("version: 1", "version: 2")
            .replace(
                "approve: { votes: 2, to: done }",
                "accept: { votes: 2, to: done }",
            )
            .replace("{{button.approve}}", "{{button.accept}}"),
    );
    town.act("max", "approve").expect("the first vote");
    let found = town.assess(json!({}));
    assert_eq!(found.verdict(), Verdict::SafeWithDefault, "{found:#?}");
    town.migrate("ola", json!({})).expect("it is safe");
    town.act("max", "accept").expect("he votes anew");
    town.act("mia", "accept").expect("the second vote");
    assert_eq!(town.now().state.as_str(), "done");
}
