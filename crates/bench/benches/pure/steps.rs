//! Steps of the shipped deal registration, as a lane runs them: everything is loaded.

use std::{collections::BTreeMap, sync::Arc};

use countersign_core::{
    case::{Actor, Case, CaseId, Channel, GroupId, Partner, PartnerId, Person, PersonId},
    command::{Act, Code, Command, Opening},
    context::{Context, Inputs},
    outcome::{Outcome, Step},
    step,
    text::Language,
    time::{self, Time},
    workflow::Workflow,
};
use countersign_language::check_files;
use criterion::Criterion;
use serde_json::json;
use uuid::Uuid;

use crate::workflows::shipped;

pub fn measure(criterion: &mut Criterion) {
    let checked = check_files(&shipped());
    let workflow = checked
        .workflow("deal_registration")
        .expect("it is shipped");
    let office = Office::new();
    let (draft, submit) = (office.open(workflow), command("submit", &json!({})));
    let review = office.done(workflow, &draft, &submit, "pat");
    let evaluation = json!({ "evaluation": { "grade": "A", "summary": "good" } });
    let approve = command("approve", &evaluation);
    let mut group = criterion.benchmark_group("steps");
    group.bench_function("open a case", |bencher| {
        bencher.iter(|| office.open(workflow));
    });
    group.bench_function("submit", |bencher| {
        bencher.iter(|| office.done(workflow, &draft, &submit, "pat"));
    });
    group.bench_function("vote, of two that decide", |bencher| {
        bencher.iter(|| office.done(workflow, &review, &approve, "rita"));
    });
    group.finish();
}

/// The people of the story, and the moment.
struct Office {
    inputs: Inputs,
    now: Time,
}

impl Office {
    fn new() -> Self {
        let mut inputs = Inputs::default();
        let acme = PartnerId::new("acme");
        let everybody = [
            ("pat", Some(&acme), "partner_users"),
            ("rita", None, "deal_reviewers"),
            ("omar", None, "deal_reviewers"),
        ];
        let mut groups: BTreeMap<GroupId, Vec<PersonId>> = BTreeMap::new();
        for (id, partner, group) in everybody {
            let person = person(id, partner.cloned(), group);
            groups
                .entry(GroupId::new(group))
                .or_default()
                .push(person.id.clone());
            inputs
                .people
                .insert(person.id.clone(), Some(Arc::new(person)));
        }
        inputs.groups = groups
            .into_iter()
            .map(|(group, people)| (group, Arc::new(people)))
            .collect();
        let name = "Acme".to_owned();
        inputs
            .partners
            .insert(acme.clone(), Some(Arc::new(Partner { id: acme, name })));
        let now = time::from_text("2026-11-23T02:00:00Z").expect("a moment");
        Self { inputs, now }
    }

    fn actor(&self, id: &str) -> Actor {
        let person = self.inputs.people.get(id).and_then(Option::as_ref);
        Actor::Person(Person::clone(person.expect("one of the office")))
    }

    fn context<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        Context {
            now: self.now,
            actor,
            channel: Channel::Api,
            if_match: None,
            code: Code::Absent,
            inputs: &self.inputs,
            seed: [7; 32],
        }
    }

    fn open(&self, workflow: &Workflow) -> Case {
        let data = json!({ "deal": { "customer": "Northwind", "amount": "1200000.00", "close_date": "2026-12-20" } });
        let opening = Opening {
            data: data.as_object().cloned().unwrap_or_default(),
            ..Opening::default()
        };
        let (id, actor) = (CaseId(Uuid::from_u128(1)), self.actor("pat"));
        step_of(step::open(
            workflow,
            &opening,
            id,
            "DR-2026-00001",
            &self.context(&actor),
        ))
        .case
    }

    fn done(&self, workflow: &Workflow, case: &Case, command: &Command, by: &str) -> Case {
        let actor = self.actor(by);
        step_of(step::handle(workflow, case, command, &self.context(&actor)).outcome).case
    }
}

fn command(action: &str, data: &serde_json::Value) -> Command {
    let data = data.as_object().cloned().unwrap_or_default();
    Command::Act(Act {
        data,
        ..Act::new(action)
    })
}

fn step_of(outcome: Outcome) -> Step {
    match outcome {
        Outcome::Done(step) => *step,
        Outcome::Refused(refusal) => panic!("refused: {refusal:?}"),
        Outcome::Missing(needs) => panic!("not loaded: {needs:?}"),
        Outcome::Unchanged => panic!("nothing changed"),
    }
}

fn person(id: &str, partner: Option<PartnerId>, group: &str) -> Person {
    Person {
        id: PersonId::new(id),
        name: id.to_owned(),
        email: format!("{id}@example.com"),
        language: Language::En,
        timezone: None,
        partner,
        groups: [GroupId::new(group)].into(),
        attributes: serde_json::Map::new(),
        away: None,
        stands_in: Vec::new(),
        mail: countersign_core::case::MailHabits::default(),
        disabled: false,
    }
}
