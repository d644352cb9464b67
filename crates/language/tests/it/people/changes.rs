//! People who come, go and change while a ballot runs (rules 27 to 31): nothing is passed over in silence.

use countersign_core::{
    case::{Actor, CaseId, GroupId, Person, PersonId},
    command::{Act, Opening},
    outcome::Refusal,
    text::Language,
    time,
    world::{Request, World},
};
use countersign_language::check_files;

use super::files;

struct Town {
    world: World,
    case: CaseId,
}

/// A purchase, the review of which says this besides; opened by bea and in review.
fn town(review: &str) -> Town {
    let workflow = format!(
        "\
roles:
  buyer: {{ is: starter }}
  manager: {{ group: managers }}
  boss: {{ relation: manager_of(starter) }}
forms:
  request: {{ fields: {{ what: {{ type: string }}, kept_out?: {{ type: array, items: {{ type: person }}, maxItems: 9 }} }} }}
open: {{ who: buyer, require: [request], to: review }}
states:
  review:
    enter: [ {{ notify: please }} ]
    review:
{review}
  done: {{ end: success }}
  refused: {{ end: failure }}
messages:
  please: {{ to: reviewers, subject: S, body: \"{{{{case.link}}}}\" }}
"
    );
    let mut checked = check_files(&files(&workflow, "scenarios: {}\n"));
    assert!(!checked.has_errors(), "{:#?}", checked.findings);
    let mut world = World::new(time::from_text("2026-11-23T01:00:00Z").expect("a moment"));
    world.publish(checked.workflows.pop().expect("one workflow"));
    for (id, groups) in [
        ("bea", &[][..]),
        ("max", &["managers"]),
        ("mia", &["managers"]),
        ("moe", &["managers"]),
        ("zoe", &[]),
    ] {
        world.put_person(person(id, groups));
    }
    let case = CaseId(uuid::Uuid::nil());
    Town { world, case }
}

fn person(id: &str, groups: &[&str]) -> Person {
    Person {
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
    }
}

impl Town {
    fn of(&self, who: &str) -> Request {
        Request::of(Actor::Person(
            self.world.person(who).expect("somebody").clone(),
        ))
    }

    fn opened(mut self) -> Self {
        let data = serde_json::json!({ "request": { "what": "A chair" } });
        let opening = Opening {
            data: data.as_object().expect("an object").clone(),
            ..Opening::default()
        };
        let bea = self.of("bea");
        let opened = self.world.open(&bea, "purchase", &opening);
        self.case = opened.expect("bea opens it");
        self
    }

    fn vote(&mut self, who: &str, decision: &str) -> Result<(), Refusal> {
        let who = self.of(who);
        self.world.act(&who, self.case, Act::new(decision))
    }

    fn change(&mut self, who: &str, change: impl FnOnce(&mut Person)) {
        let mut person = self.world.person(who).expect("somebody").clone();
        change(&mut person);
        self.world.put_person(person);
    }

    fn state(&self) -> String {
        let case = self.world.case(self.case).expect("the case");
        case.state.to_string()
    }

    fn assigned(&self) -> Vec<String> {
        let case = self.world.case(self.case).expect("the case");
        let assigned = case
            .ballots
            .last()
            .and_then(|ballot| ballot.assigned.as_ref());
        let assigned = assigned.into_iter().flatten();
        assigned.map(ToString::to_string).collect()
    }

    fn incidents(&self) -> Vec<&str> {
        let incidents = self.world.incidents().iter();
        incidents
            .map(|(_, incident)| incident.code.as_str())
            .collect()
    }
}

fn no_groups(person: &mut Person) {
    person.groups.clear();
}

#[test]
fn rule_30_a_snapshot_asks_those_of_its_entry_whatever_becomes_of_the_group() {
    let review = "      by: manager
      members: snapshot
      decisions: { approve: { votes: all, to: done }, reject: { to: refused } }";
    let mut town = town(review).opened();
    town.world.put_person(person("new", &["managers"]));
    town.change("mia", no_groups);
    assert_eq!(town.vote("new", "approve"), Err(Refusal::Who { at: None }));
    town.vote("max", "approve").expect("max was there");
    town.vote("moe", "approve").expect("moe was there");
    assert_eq!(
        town.state(),
        "review",
        "mia is asked, though she left the group"
    );
    town.vote("mia", "approve").expect("mia was there on entry");
    assert_eq!(town.state(), "done");
}

#[test]
fn rule_30_a_live_group_forgets_who_leaves_and_asks_who_joins() {
    let review = "      by: manager
      decisions: { approve: { votes: all, to: done }, reject: { to: refused } }";
    let mut town = town(review).opened();
    town.world.put_person(person("new", &["managers"]));
    town.change("mia", no_groups);
    for who in ["max", "moe", "new"] {
        assert_eq!(town.state(), "review");
        town.vote(who, "approve").expect("a manager");
    }
    assert_eq!(town.state(), "done");
}

#[test]
fn rule_31_who_may_no_longer_vote_is_replaced_and_told_of() {
    let review = "      by: manager
      assign: 2
      decisions: { approve: { votes: 2, to: done }, reject: { to: refused } }";
    let mut town = town(review).opened();
    let before = town.assigned();
    assert_eq!(before.len(), 2);
    let mails = town.world.mail().len();
    town.change(&before[0], |person| person.disabled = true);
    let after = town.assigned();
    assert_eq!(after.len(), 2, "{after:?}");
    assert!(!after.contains(&before[0]), "{after:?}");
    assert!(after.contains(&before[1]), "{after:?}");
    assert!(
        town.world.mail().len() > mails,
        "whoever was picked instead is told"
    );
    assert_eq!(town.incidents(), ["departed_reviewer"]);
    for who in after {
        town.vote(&who, "approve")
            .expect("who is assigned may vote");
    }
    assert_eq!(town.state(), "done");
}

#[test]
fn rule_31_a_vote_outlives_that_its_voter_leaves() {
    let review = "      by: manager
      assign: 2
      decisions: { approve: { votes: 2, to: done }, reject: { to: refused } }";
    let mut town = town(review).opened();
    let assigned = town.assigned();
    town.vote(&assigned[0], "approve").expect("assigned");
    town.change(&assigned[0], |person| person.disabled = true);
    assert_eq!(
        town.assigned(),
        assigned,
        "nobody takes the place of who has voted"
    );
    assert!(town.incidents().is_empty());
    town.vote(&assigned[1], "approve").expect("assigned");
    assert_eq!(town.state(), "done");
}

#[test]
fn rule_31_preferred_people_are_picked_first() {
    let review = "      by: manager
      assign: 1
      prefer: { voted_in: [review] }
      decisions: { approve: { votes: 1, to: done }, again: { to: review }, reject: { to: refused } }";
    for _ in 0..3 {
        let mut town = town(review).opened();
        let first = town.assigned();
        for visit in 0..6 {
            town.vote(&first[0], "again").expect("assigned");
            assert_eq!(town.assigned(), first, "visit {visit}");
        }
        town.change(&first[0], |person| person.disabled = true);
        assert_ne!(
            town.assigned(),
            first,
            "somebody else where they may no longer"
        );
    }
}

#[test]
fn rule_29_that_the_last_reviewer_left_is_an_incident() {
    let review = "      by: boss
      decisions: { approve: { votes: 1, to: done }, reject: { to: refused } }";
    let mut town = town(review);
    town.change("bea", |bea| {
        bea.attributes.insert("manager".to_owned(), "zoe".into());
    });
    let mut town = town.opened();
    assert!(town.incidents().is_empty());
    town.change("zoe", |zoe| zoe.disabled = true);
    assert_eq!(town.state(), "review");
    assert_eq!(town.incidents(), ["no_reviewer"]);
    town.change("bea", |bea| {
        bea.attributes.insert("manager".to_owned(), "max".into());
    });
    town.vote("max", "approve").expect("bea's manager now");
    assert_eq!(town.state(), "done");
}

#[test]
fn rule_17_an_exclusion_that_cannot_be_reckoned_lets_nobody_decide() {
    let review = "      by: manager
      except: { people: request.kept_out }
      decisions: { approve: { votes: all, to: done }, reject: { to: refused } }";
    let mut town = town(review).opened();
    assert_eq!(town.vote("max", "approve"), Err(Refusal::Except));
    assert_eq!(town.vote("mia", "reject"), Err(Refusal::Except));
    assert_eq!(town.state(), "review");
    assert_eq!(town.incidents(), ["exclusion_failed"]);
}
