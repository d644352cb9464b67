//! Finding cases by what they hold: what a link asks for becomes a [`CaseQuery`], which a store answers from its
//! tables and `World` from memory. Reading the cases that were found is `sight`'s.

use serde_json::Value as Json;

use crate::{
    case::{CaseId, PartnerId},
    context::LinkedCase,
    expression::{Failure, Value},
    form,
    name::Name,
    sight::Sight,
    workflow::{Link, StatePath},
};

/// Which cases are wanted. They are given newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseQuery {
    /// Of this workflow, in any version.
    pub workflow: Name,
    /// Whose.
    pub whose: Whose,
    /// In one of these states (an outer one means any inner one); empty: in any.
    pub states: Vec<StatePath>,
    /// Whose fields hold these values: the path below `forms`, joined by dots, and the value as JSON text. A field that
    /// holds a list holds each of its entries; the path goes on in each of them.
    pub matches: Vec<(String, String)>,
    /// Not this one.
    pub but: CaseId,
    /// At most so many. Whoever answers may give more, for some may change within a batch.
    pub most: u32,
}

/// Whose cases are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Whose {
    /// Those of all partners.
    Anybody,
    /// Those of this partner; `None`: those that have none.
    Of(Option<PartnerId>),
}

impl CaseQuery {
    /// What a link asks for. Fails while what it matches by is not filled in.
    pub(crate) fn of(sight: &Sight<'_>, link: &Link) -> Result<Self, Failure> {
        let whose = if link.same_partner {
            Whose::Of(sight.case.partner.clone())
        } else {
            Whose::Anybody
        };
        let mut matches = Vec::with_capacity(link.matches.len());
        for wanted in &link.matches {
            let value = wanted.value.evaluate(sight)?;
            if matches!(value, Value::Null) {
                return Err(Failure::new("what the link matches by is not filled in"));
            }
            let path: Vec<&str> = wanted.field.iter().map(Name::as_str).collect();
            matches.push((path.join("."), kept(&value).to_string()));
        }
        Ok(Self {
            workflow: link.workflow.clone(),
            whose,
            states: link.states.clone(),
            matches,
            but: sight.case.id,
            most: link.many.unwrap_or(1),
        })
    }

    /// Whether a case is one of those wanted.
    pub fn takes(&self, case: &LinkedCase) -> bool {
        let in_state = |state: &StatePath| {
            let mut places = case.tracks.iter().chain([&case.state]);
            places.any(|place| place.is_in(state.as_str()))
        };
        let holds = |(path, value): &(String, String)| held(case, path, value).unwrap_or(false);
        case.workflow.id == self.workflow
            && case.id != self.but
            && match &self.whose {
                Whose::Anybody => true,
                Whose::Of(partner) => case.partner == *partner,
            }
            && (self.states.is_empty() || self.states.iter().any(in_state))
            && self.matches.iter().all(holds)
    }

    /// Corrects an answer after a case has changed: it is in the answer exactly if it is wanted, at its place.
    pub fn correct(&self, answer: &mut Vec<CaseId>, case: &LinkedCase) {
        answer.retain(|id| *id != case.id);
        if self.takes(case) {
            let place = answer.partition_point(|id| *id > case.id);
            answer.insert(place, case.id);
        }
    }
}

/// A value as forms keep it: people by their id, numbers in one notation.
fn kept(value: &Value) -> Json {
    match value {
        Value::Person(members) => members.get("id").map_or(Json::Null, Value::to_json),
        Value::Double(number) => form::kept_number(*number),
        other => other.to_json(),
    }
}

/// Whether a case holds this value at a path below its forms; `None`: it has no such field.
fn held(case: &LinkedCase, path: &str, value: &str) -> Option<bool> {
    let mut names = path.splitn(3, '.');
    let form = case.forms.get(names.next()?)?;
    let field = form.get(names.next()?)?;
    let member = names.next();
    let holds = |one: &Json| {
        let one = member.map_or(Some(one), |member| one.get(member));
        one.map(Json::to_string).is_some_and(|text| text == value)
    };
    Some(match field {
        Json::Array(entries) => entries.iter().any(holds),
        one => holds(one),
    })
}
