//! The rules of the semantics, each on a small workflow in a world of a few people. Names of tests name the rule.

mod build;
mod handed_on;
mod incidents;
mod limits_and_links;
mod made_up;
mod processes;
mod refusals;
mod rounds;
mod rules;
mod shared;
mod story;
mod timers;
mod tracks;
mod votes;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::{
    case::{Actor, Case, CaseId, GroupId, Partner, PartnerId, Person, PersonId, ServiceId},
    command::{Act, Code, Command, NewComment, NewReply, Opening},
    outcome::Refusal,
    text::Language,
    time::{self, Time},
    workflow::Workflow,
};

use super::{Request, World};

/// Monday, 23 November 2026, 09:00 in Shanghai.
const MONDAY: &str = "2026-11-23T01:00:00Z";

/// A world with its people, and the case that a test is about.
struct Town {
    world: World,
    case: CaseId,
}

fn at(text: &str) -> Time {
    time::from_text(text).expect("a moment")
}

fn person(id: &str, partner: Option<&str>, groups: &[&str]) -> Person {
    Person {
        id: PersonId::new(id),
        name: id.to_owned(),
        email: format!("{id}@example.com"),
        language: if id == "wei" {
            Language::Zh
        } else {
            Language::En
        },
        timezone: None,
        partner: partner.map(PartnerId::new),
        groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
        attributes: serde_json::Map::new(),
        away: None,
        stands_in: Vec::new(),
        mail: crate::case::MailHabits::default(),
        disabled: false,
    }
}

fn people() -> Vec<Person> {
    vec![
        person("pat", Some("acme"), &["partner_users"]),
        person("paul", Some("acme"), &["partner_users", "reviewers"]),
        person("nina", Some("nordwind"), &["partner_users"]),
        person("rita", None, &["reviewers"]),
        person("lena", None, &["reviewers"]),
        person("omar", None, &["reviewers", "managers"]),
        person("ed", None, &["experts"]),
        person("eva", None, &["experts", "managers"]),
        person("eli", None, &["experts"]),
        person("mia", None, &["managers"]),
        person("ada", None, &["administrators"]),
        person("otto", None, &["operators"]),
        person("bob", None, &[]),
    ]
}

impl Town {
    fn new(workflow: Workflow) -> Self {
        let mut world = World::new(at(MONDAY));
        for person in people() {
            world.put_person(person);
        }
        for id in ["acme", "nordwind"] {
            world.put_partner(Partner {
                id: PartnerId::new(id),
                name: id.to_uppercase(),
            });
        }
        world.publish(Arc::new(workflow));
        Self {
            world,
            case: CaseId(uuid::Uuid::nil()),
        }
    }

    /// Opened by pat, with this content.
    fn opened(workflow: Workflow, data: Json) -> Self {
        let id = workflow.id.clone();
        let mut town = Self::new(workflow);
        town.open("pat", &id, data).expect("pat may open it");
        town
    }

    fn open(&mut self, who: &str, workflow: &str, data: Json) -> Result<(), Refusal> {
        let opening = Opening {
            data: object(data),
            ..Opening::default()
        };
        self.case = self.world.open(&self.of(who), workflow, &opening)?;
        Ok(())
    }

    fn of(&self, who: &str) -> Request {
        match who {
            "erp" => Request::of(Actor::Service(ServiceId::new("erp"))),
            who => Request::of(Actor::Person(
                self.world.person(who).expect("somebody").clone(),
            )),
        }
    }

    fn act(&mut self, who: &str, action: &str) -> Result<(), Refusal> {
        self.acts(who, Act::new(action))
    }

    fn acts(&mut self, who: &str, act: Act) -> Result<(), Refusal> {
        self.world.act(&self.of(who), self.case, act)
    }

    fn with_code(&mut self, who: &str, action: &str, code: Code) -> Result<(), Refusal> {
        self.world
            .act(&self.of(who).with_code(code), self.case, Act::new(action))
    }

    fn edit(&mut self, who: &str, data: Json) -> Result<(), Refusal> {
        self.world.command(
            &self.of(who),
            self.case,
            &Command::Edit { data: object(data) },
        )
    }

    fn case(&self) -> &Case {
        self.world.case(self.case).expect("the case")
    }

    fn state(&self) -> &str {
        self.case().state.as_str()
    }

    fn wait_until(&mut self, moment: &str) {
        self.world.advance_to(at(moment));
    }

    /// Whom mails of this message went to, in order of sending.
    fn mailed(&self, message: &str) -> Vec<&str> {
        let mail = self
            .world
            .mail()
            .iter()
            .filter(|sent| sent.mail.message == *message);
        mail.map(|sent| sent.mail.email.trim_end_matches("@example.com"))
            .collect()
    }

    /// The names of what is missing.
    fn missing(result: Result<(), Refusal>) -> Vec<String> {
        match result {
            Err(Refusal::Missing(missing)) => {
                missing.into_iter().map(|missing| missing.name).collect()
            }
            other => panic!("{other:?} is not missing"),
        }
    }

    fn assert_sound(&self) {
        for case in self.world.cases() {
            let history = self.world.history(case.id);
            let mut head = None;
            for (position, sealed) in history.iter().enumerate() {
                assert_eq!(sealed.entry.entry, position as u64 + 1);
                assert_eq!(sealed.previous, head);
                assert_eq!(
                    sealed.hash,
                    crate::history::SealedEntry::chain(&sealed.entry, head)
                );
                assert_eq!(sealed.entry.digest, sealed.personal.digest(&sealed.salt));
                head = Some(sealed.hash);
            }
            assert!(
                history.is_empty() || (case.head == head && case.entries == history.len() as u64)
            );
        }
    }
}

fn object(json: Json) -> serde_json::Map<String, Json> {
    match json {
        Json::Object(object) => object,
        _ => serde_json::Map::new(),
    }
}

fn saying(action: &str, at: Option<&str>) -> Act {
    let comment = NewComment {
        at: at.map(str::to_owned),
        text: "Please add the tax.".into(),
        internal: false,
    };
    Act {
        comments: vec![comment],
        ..Act::new(action)
    }
}

fn filled(action: &str, data: Json) -> Act {
    Act {
        data: object(data),
        ..Act::new(action)
    }
}

fn reply(town: &Town) -> NewReply {
    let comment = town.case().content.comments.first().expect("a comment");
    NewReply {
        comment: comment.id,
        text: "Tax added.".into(),
    }
}

fn a_deal() -> Json {
    json!({ "deal": { "customer": "Northwind", "amount": "300000.00", "email": "bob@example.com", "until": "2026-12-31" } })
}
