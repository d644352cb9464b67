//! Rule 50: a running case moved to a newer version of its workflow, on the core's world.

mod beside;
mod older;
mod tracks;

use std::sync::Arc;

use countersign_core::{
    case::{Actor, CaseId, GroupId, Person, PersonId},
    command::{Act, Command, Opening},
    migration::{Assessment, Verdict},
    outcome::Refusal,
    text::Language,
    time,
    workflow::Workflow,
    world::{Request, World},
};
use countersign_language::{check_files, source::Files};
use serde_json::{Value as Json, json};

const SHARED: &str = "shared: 1\nlanguages: [en]\ncalendars: { office: { week: mon-fri, hours: \"09:00-18:00\" } }\nfacts: { person: { blocked: boolean } }\n";

const INSPECTION: &str = "workflow: inspection\nversion: 1\nroles: { clerk: { group: managers } }\nforms: { thing: { fields: { what: { type: string } } } }\nopen: { who: clerk, to: running }\nstates:\n  running: { edit: { clerk: [thing] }, actions: { pass: { who: clerk, to: passed }, stop: { who: clerk, to: stopped } } }\n  passed: { end: success }\n  stopped: { end: neutral }\n";

const FIRST: &str = r#"
workflow: purchase
version: 1
number: "PR-{year}-{seq:5}"
title: Purchase
roles:
  buyer:   { is: starter }
  manager: { group: managers }
forms:
  request: { fields: { what: { type: string }, cost: { type: money }, note?: { type: text } } }
open: { who: buyer, to: draft }
states:
  draft:
    edit: { buyer: [request] }
    actions: { submit: { who: buyer, require: [request], to: review } }
  review:
    enter: [ { notify: decide } ]
    exit: [ { notify: left } ]
    review:
      by: manager
      decisions: { approve: { votes: 2, to: done }, send_back: { require: [comment], to: draft } }
    timers:
      remind: { every: 1 day, do: [ { notify: decide } ] }
      lapse:  { after: 30 days, to: lapsed }
  done:   { end: success }
  lapsed: { end: failure }
messages:
  decide: { to: reviewers, subject: Decide, body: "{{button.approve}}" }
  left:   { to: manager, subject: Left, body: Left }
"#;

struct Town {
    world: World,
    case: CaseId,
    newer: Arc<Workflow>,
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "calls read better without a borrow"
)]
fn object(json: Json) -> serde_json::Map<String, Json> {
    json.as_object().expect("an object").clone()
}

#[track_caller]
fn compile(older: Option<&str>, text: &str) -> Arc<Workflow> {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("inspection.yaml", INSPECTION);
    files.add("purchase.yaml", text);
    if let Some(older) = older {
        files.add("versions/purchase.1.yaml", older);
    }
    let mut checked = check_files(&files);
    assert!(!checked.has_errors(), "{:#?}", checked.findings);
    checked.workflows.pop().expect("the purchase comes last")
}

/// The workflow of child cases.
fn inspection() -> Arc<Workflow> {
    let mut files = Files::default();
    files.add("inspection.yaml", INSPECTION);
    let mut checked = check_files(&files);
    assert!(!checked.has_errors(), "{:#?}", checked.findings);
    checked.workflows.pop().expect("one workflow")
}

/// Version 2 of the workflow: these changes, and this `migrate`.
fn second(changes: &[(&str, &str)], migrate: &str) -> String {
    let mut text = FIRST.replace("version: 1", "version: 2");
    for (was, now) in changes {
        assert_eq!(text.matches(was).count(), 1, "`{was}` stands once");
        text = text.replace(was, now);
    }
    format!("{text}{migrate}\n")
}

impl Town {
    /// A case in review with one vote, and version 2 published.
    fn with(changes: &[(&str, &str)], migrate: &str) -> Self {
        let mut town = Self::of_versions(FIRST, &second(changes, migrate));
        town.act("max", "approve").expect("max approves");
        town
    }

    /// A case of the first in review, and the second published.
    fn of_versions(first: &str, second: &str) -> Self {
        let mut world = World::new(time::from_text("2026-11-23T01:00:00Z").expect("a moment"));
        world.publish(inspection());
        world.publish(compile(None, first));
        let people: [(&str, &[&str]); 5] = [
            ("bob", &[]),
            ("bea", &[]),
            ("max", &["managers"]),
            ("mia", &["managers"]),
            ("ola", &["operators"]),
        ];
        for (id, groups) in people {
            world.put_person(Person {
                id: PersonId::new(id),
                name: id.to_owned(),
                email: format!("{id}@example.com"),
                language: Language::En,
                timezone: None,
                partner: None,
                groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
                disabled: false,
                attributes: serde_json::Map::new(),
                away: None,
                stands_in: Vec::new(),
                mail: countersign_core::case::MailHabits::default(),
            });
        }
        let newer = compile(Some(first), second);
        let mut town = Self {
            world,
            case: CaseId(uuid::Uuid::nil()),
            newer: newer.clone(),
        };
        let opening = Opening {
            data: object(
                json!({ "request": { "what": "A chair", "cost": "120.00", "note": "x" } }),
            ),
            ..Opening::default()
        };
        let bea = town.of("bea");
        town.case = town
            .world
            .open(&bea, "purchase", &opening)
            .expect("it opens");
        town.act("bea", "submit").expect("it is submitted");
        town.world.publish(newer);
        town
    }

    fn of(&self, who: &str) -> Request {
        Request::of(Actor::Person(
            self.world.person(who).expect("somebody").clone(),
        ))
    }

    fn act(&mut self, who: &str, action: &str) -> Result<(), Refusal> {
        let (request, case) = (self.of(who), self.case);
        self.world.act(&request, case, Act::new(action))
    }

    fn wait(&mut self, days: i64) {
        let until = self.world.now() + chrono::TimeDelta::days(days);
        self.world.advance_to(until);
    }

    fn assess(&self, data: Json) -> Assessment {
        self.world
            .assess_migration(&self.of("ola"), self.case, &self.newer, &object(data))
            .expect("there is a case")
    }

    fn migrate(&mut self, who: &str, data: Json) -> Result<(), Refusal> {
        let (request, case) = (self.of(who), self.case);
        let command = Command::Migrate {
            to: self.newer.clone(),
            data: object(data),
            reason: "new rules".into(),
        };
        self.world.command(&request, case, &command)
    }

    fn undo(&mut self) -> Result<(), Refusal> {
        let (request, case) = (self.of("ola"), self.case);
        let older = compile(None, FIRST);
        let command = Command::UndoMigration {
            to: older,
            reason: "too early".into(),
        };
        self.world.command(&request, case, &command)
    }

    fn now(&self) -> &countersign_core::case::Case {
        self.world.case(self.case).expect("there is a case")
    }
}

fn said(assessment: &Assessment) -> Vec<(&'static str, &str)> {
    let remarks = assessment.remarks.iter();
    remarks
        .map(|remark| (remark.verdict.as_str(), remark.name.as_str()))
        .collect()
}

const RENAMED: &[(&str, &str)] = &[
    ("\n  review:\n", "\n  decision:\n"),
    ("to: review }", "to: decision }"),
];
const STATES: &str = "migrate: { 1: { states: { review: decision } } }";

#[test]
fn rule_50_a_renamed_state_takes_its_ballot_timers_and_links_along() {
    let mut town = Town::with(RENAMED, STATES);
    town.wait(2);
    let (before, mails) = (town.now().clone(), town.world.mail().len());
    assert_eq!(
        town.assess(json!({})).verdict(),
        Verdict::Safe,
        "{:#?}",
        town.assess(json!({}))
    );
    town.migrate("ola", json!({})).expect("it is safe");
    assert_eq!(town.world.mail().len(), mails, "no exit, no enter");
    let case = town.now();
    assert_eq!((case.version, case.state.as_str()), (2, "decision"));
    assert_eq!(case.visits_of("decision"), 1);
    let dues = |case: &countersign_core::case::Case| -> Vec<_> {
        case.timers
            .iter()
            .map(|timer| (timer.timer.clone(), timer.due))
            .collect()
    };
    assert_eq!(dues(case), dues(&before), "timers go on");
    assert_eq!(
        case.mail_links.len(),
        before.mail_links.len(),
        "so do links"
    );
    town.act("mia", "approve").expect("the second vote");
    assert_eq!(
        town.now().state.as_str(),
        "done",
        "the first vote went along"
    );
}

#[test]
fn rule_50_timers_are_kept_restarted_or_dropped_as_stated() {
    let migrate = "migrate: { 1: { timers: { remind: restart, lapse: drop } } }";
    let mut town = Town::with(&[], migrate);
    town.wait(2);
    town.world
        .advance_to(town.world.now() + chrono::TimeDelta::hours(6));
    town.migrate("ola", json!({})).expect("it is safe");
    let tomorrow = town.world.now() + chrono::TimeDelta::days(1);
    let timers = &town.now().timers;
    assert_eq!(timers.len(), 1, "{timers:?}");
    assert_eq!(
        (timers[0].timer.as_str(), timers[0].due),
        ("remind", Some(tomorrow))
    );
    town.wait(2);
    let after = Some(tomorrow + chrono::TimeDelta::days(2));
    assert_eq!(town.now().timers[0].due, after, "reckoned from the restart");
}

#[test]
fn new_and_vanished_timers_are_told_as_defaults() {
    let changes = [(
        "      lapse:  { after: 30 days, to: lapsed }",
        "      late: { after: 9 days, to: lapsed }",
    )];
    let mut town = Town::with(&changes, "");
    town.wait(20);
    let found = town.assess(json!({}));
    assert_eq!(found.verdict(), Verdict::SafeWithDefault);
    assert_eq!(
        said(&found),
        [
            ("safe_with_default", "late"),
            ("safe_with_default", "lapse")
        ]
    );
    town.migrate("ola", json!({})).expect("it is safe");
    assert_eq!(
        town.now().state.as_str(),
        "review",
        "the new timer starts now"
    );
    town.wait(9);
    assert_eq!(town.now().state.as_str(), "lapsed");
}

#[test]
fn a_value_that_the_newer_version_wants_must_come_from_somewhere() {
    let cost = (
        "cost: { type: money }",
        "cost: { type: money }, centre: { type: string }",
    );
    let mut town = Town::with(&[cost], "");
    let found = town.assess(json!({}));
    assert_eq!(
        (found.verdict(), said(&found)),
        (Verdict::NeedsInput, vec![("needs_input", "request")])
    );
    let refused = town.migrate("ola", json!({})).expect_err("it needs input");
    assert_eq!(refused.code(), "refused");
    assert_eq!(town.now().version, 1);
    let data = json!({ "request": { "centre": "K7" } });
    assert_eq!(
        town.assess(data.clone()).verdict(),
        Verdict::SafeWithDefault,
        "its vote covers the form"
    );
    town.migrate("ola", data).expect("it has it now");
    assert_eq!(town.now().content.forms["request"]["centre"], "K7");

    let migrate = "migrate: { 1: { set: { request.centre: \"'K1'\" } } }";
    let mut town = Town::with(&[cost], migrate);
    town.migrate("ola", json!({})).expect("`set` fills it in");
    assert_eq!(town.now().content.forms["request"]["centre"], "K1");
}

#[test]
fn renamed_fields_keep_their_values_and_vanished_ones_leave_the_case() {
    let changes = [
        ("what: { type: string }", "item: { type: string }"),
        (", note?: { type: text }", ""),
    ];
    let migrate = "migrate: { 1: { data: { request.what: request.item } } }";
    let mut town = Town::with(&changes, migrate);
    let found = town.assess(json!({}));
    assert_eq!(said(&found), [("safe_with_default", "request.note")]);
    town.migrate("ola", json!({})).expect("it is safe");
    let form = Json::Object(town.now().content.forms["request"].clone());
    assert_eq!(form, json!({ "item": "A chair", "cost": "120.00" }));
    let last = town
        .world
        .history(town.case)
        .last()
        .expect("an entry")
        .clone();
    let changes: Vec<_> = last
        .personal
        .changes
        .iter()
        .map(|change| change.at.as_str())
        .collect();
    assert_eq!(changes, ["request.what", "request.item", "request.note"]);
    town.act("mia", "approve")
        .expect("the vote of max still stands");
    assert_eq!(town.now().state.as_str(), "done");
}

#[test]
fn a_case_without_a_way_stays() {
    {
        let migrate = "migrate: { 1: { stay: [review] } }";
        let mut town = Town::with(RENAMED, migrate);
        let found = town.assess(json!({}));
        assert_eq!(
            (found.verdict(), found.to.clone()),
            (Verdict::Impossible, None)
        );
        assert!(
            found.remarks[0].message.zh.contains("保留原版本"),
            "{found:?}"
        );
        let refused = town.migrate("ola", json!({})).expect_err("it stays");
        assert_eq!(refused.code(), "refused");
    }
    let mut town = Town::with(RENAMED, STATES);
    town.act("mia", "approve").expect("it ends");
    assert_eq!(
        town.assess(json!({})).verdict(),
        Verdict::Impossible,
        "what is over stays"
    );
}

#[test]
fn votes_are_counted_by_the_newer_rules_at_once() {
    let mut town = Town::with(&[("votes: 2, ", "")], "");
    let found = town.assess(json!({}));
    assert_eq!(found.verdict(), Verdict::SafeWithDefault);
    assert_eq!(
        found
            .to
            .as_ref()
            .map(countersign_core::workflow::StatePath::as_str),
        Some("done")
    );
    town.migrate("ola", json!({})).expect("it is decided");
    assert_eq!(town.now().state.as_str(), "done");
}

#[test]
fn only_operators_migrate_and_say_why() {
    let mut town = Town::with(&[], "");
    assert_eq!(
        town.migrate("max", json!({}))
            .expect_err("a manager")
            .code(),
        "who"
    );
    let (request, case) = (town.of("ola"), town.case);
    let to = town.newer.clone();
    let command = Command::Migrate {
        to,
        data: object(json!({})),
        reason: " ".into(),
    };
    let refused = town.world.command(&request, case, &command);
    assert_eq!(refused.expect_err("no reason").code(), "invalid");
}

#[test]
fn a_migration_is_taken_back_while_nothing_has_followed() {
    let migrate = "migrate: { 1: { states: { review: decision }, set: { request.cost: request.cost * 2 }, timers: { remind: drop } } }";
    let mut town = Town::with(RENAMED, migrate);
    town.wait(3);
    let before = town.now().clone();
    town.migrate("ola", json!({})).expect("it is safe");
    assert_eq!(town.now().content.forms["request"]["cost"], "240.00");
    town.undo().expect("nothing has followed");
    let after = town.now().clone();
    assert_eq!(
        (after.version, &after.state, &after.timers),
        (1, &before.state, &before.timers)
    );
    assert_eq!(after.content, before.content);
    assert_eq!(after.ballots, before.ballots);
    assert_eq!(after.etag, before.etag + 2);
    assert_eq!(
        town.undo().expect_err("it was taken back").code(),
        "not_here"
    );

    town.migrate("ola", json!({})).expect("it goes again");
    town.act("max", "approve")
        .expect("max votes anew: the cost has changed");
    assert_eq!(
        town.undo().expect_err("something has followed").code(),
        "not_here"
    );
}

#[test]
fn several_versions_run_side_by_side() {
    let mut town = Town::with(&[("votes: 2, ", "")], "");
    let first = town.case;
    let bea = town.of("bea");
    let data = object(json!({ "request": { "what": "A lamp", "cost": "9.00" } }));
    let opening = Opening {
        data,
        ..Opening::default()
    };
    town.case = town
        .world
        .open(&bea, "purchase", &opening)
        .expect("it opens");
    town.act("bea", "submit").expect("it is submitted");
    town.act("max", "approve").expect("one vote is enough");
    assert_eq!((town.now().version, town.now().state.as_str()), (2, "done"));
    town.case = first;
    assert_eq!(
        (town.now().version, town.now().state.as_str()),
        (1, "review")
    );
    town.act("mia", "approve").expect("two were needed");
    assert_eq!(town.now().state.as_str(), "done");
}
