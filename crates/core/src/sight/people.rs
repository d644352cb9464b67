//! What `actor`, `starter` and `partner` bind, and how whoever did something reads. Not for who may do what.

use super::{Sight, members};
use crate::{
    case::{Actor, Doer, Person, PersonId},
    expression::Value,
    name::Name,
};

impl Sight<'_> {
    pub(super) fn actor_value(&self) -> Option<Value> {
        match self.actor {
            Actor::Person(person) => Some(person_value(person)),
            Actor::Service(_) => Some(system()),
            Actor::LinkHolder(holder) => Some(match &holder.person {
                Some(person) => person_value(person),
                None => Value::person([
                    ("id", Value::string("")),
                    ("email", Value::string(&holder.email)),
                ]),
            }),
            Actor::Machine => None,
        }
    }

    pub(super) fn person(&self, id: &PersonId) -> Value {
        match self.reading.person(id) {
            Some(person) => person_value(&person),
            None => Value::person([("id", Value::string(id.as_str()))]),
        }
    }

    pub(super) fn persons<'p>(&self, people: impl IntoIterator<Item = &'p PersonId>) -> Value {
        Value::list(people.into_iter().map(|person| self.person(person)))
    }

    pub(super) fn doer(&self, doer: &Doer) -> Value {
        match doer {
            Doer::Person(id) => self.person(id),
            Doer::Service(_) | Doer::Machine | Doer::Timer(_) => system(),
            Doer::Link(_) => Value::person([("id", Value::string(""))]),
        }
    }

    pub(super) fn partner_value(&self) -> Option<Value> {
        self.case.partner.as_ref()?;
        let shape = self.workflow.surroundings.facts.get("partner");
        let facts = shape.iter().flat_map(|shape| shape.fields.keys());
        let mut names = vec!["id", "name"];
        names.extend(facts.map(Name::as_str));
        Some(members(&names, &|member| self.partner_member(member)))
    }

    pub(super) fn partner_member(&self, member: &str) -> Option<Value> {
        let id = self.case.partner.as_ref()?;
        match member {
            "id" => Some(Value::string(id.as_str())),
            "name" => {
                let name = self
                    .reading
                    .partner(id)
                    .map_or_else(|| id.to_string(), |partner| partner.name.clone());
                Some(Value::string(&name))
            }
            fact => self.fact("partner", id.as_str(), fact),
        }
    }
}

fn person_value(person: &Person) -> Value {
    let mut members = vec![
        ("id", Value::string(person.id.as_str())),
        ("name", Value::string(&person.name)),
        ("email", Value::string(&person.email)),
        ("language", Value::string(&person.language.to_string())),
        (
            "groups",
            Value::list(
                person
                    .groups
                    .iter()
                    .map(|group| Value::string(group.as_str())),
            ),
        ),
    ];
    if let Some(partner) = &person.partner {
        members.push(("partner", Value::string(partner.as_str())));
    }
    Value::person(members)
}

fn system() -> Value {
    Value::person([
        ("id", Value::string("system")),
        ("name", Value::string("system")),
    ])
}
