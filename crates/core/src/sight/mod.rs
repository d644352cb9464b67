//! What expressions and templates see of a case. Names are read one by one, so that only what an expression reads
//! is looked up; what comes from outside passes through the `Reading`. It decides nothing.

mod beside;
mod case;
mod content;
mod outside;
mod past;
mod people;
mod votes;

pub(crate) use beside::Beside;
pub use past::Past;

use crate::{
    calendar::Calendar,
    case::{Actor, Case, PersonId},
    expression::{Bindings, CaseCall, Expression, Failure, Value},
    limits,
    name::Name,
    reading::Reading,
    table,
    text::Language,
    time::{self, Time, Zone},
    workflow::{StateId, Workflow},
};

/// Stands in a rendered text for the address of the case's page.
pub(crate) const CASE_LINK: &str = "\u{E000}case.link\u{E000}";
/// Stands in a rendered text for the open comments.
pub(crate) const OPEN_COMMENTS: &str = "\u{E000}comments.open\u{E000}";

/// A case at a moment, as expressions see it.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// The workflow of the case.
    pub workflow: &'a Workflow,
    /// The case.
    pub case: &'a Case,
    /// Everything from outside.
    pub reading: &'a Reading<'a>,
    /// The moment.
    pub now: Time,
    /// Who acts; for timers the machine.
    pub actor: &'a Actor,
    /// The text given with the step.
    pub comment: &'a str,
    /// The language of texts in `state.waiting_for`.
    pub language: Language,
    /// The state whose expression it is: of its track are votes and `state`.
    pub at: Option<StateId>,
    /// Of several panels the one whose votes and members are meant; `None`: all.
    pub panel: Option<&'a Name>,
    /// Whether votes and members are hidden: while it is reckoned who is a member.
    pub without_ballot: bool,
}

impl<'a> Sight<'a> {
    /// What this actor's expressions see.
    pub fn new(
        workflow: &'a Workflow,
        case: &'a Case,
        reading: &'a Reading<'a>,
        now: Time,
        actor: &'a Actor,
    ) -> Self {
        Self {
            workflow,
            case,
            reading,
            now,
            actor,
            comment: "",
            language: Language::En,
            at: None,
            panel: None,
            without_ballot: false,
        }
    }

    /// Whether it is true.
    pub fn truth(&self, expression: &Expression) -> Result<bool, Failure> {
        let value = expression.evaluate(self)?;
        value
            .as_bool()
            .ok_or_else(|| Failure::new("it is neither true nor false"))
    }

    /// The people that a value names: a person, or a list of persons.
    pub fn people(value: &Value) -> Vec<PersonId> {
        match value {
            Value::List(items) => items.iter().flat_map(Self::people).collect(),
            Value::Person(_) | Value::Map(_) => {
                let id = value.member("id").and_then(Value::as_str);
                id.map(PersonId::new).into_iter().collect()
            }
            Value::String(id) => vec![PersonId::new(&**id)],
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Double(_)
            | Value::Text(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Money(_) => Vec::new(),
        }
    }
}

impl Bindings for Sight<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        let workflow = self.workflow;
        if let Some(form) = workflow.forms.get(name) {
            return Some(self.form(form));
        }
        if workflow.materials.contains_key(name) {
            return Some(self.material(name));
        }
        if let Some(link) = workflow.links.get(name) {
            return self.link(link);
        }
        if let Some(found) = workflow.tables.get(name) {
            return table::value(self, found).ok();
        }
        Some(match name {
            "case" => self.case_value(),
            "actor" => self.actor_value()?,
            "starter" => self.person(self.case.starter.as_ref()?),
            "partner" => self.partner_value()?,
            "state" => self.state_value(),
            "comment" => Value::string(self.comment),
            "comments" => Value::map([("open", Value::string(OPEN_COMMENTS))]),
            "now" => Value::Time(self.now),
            "today" => Value::Date(time::date_in(self.now, workflow.surroundings.zone)),
            "cast" => Value::list(self.count()?.standing().map(|vote| self.vote(vote))),
            "members" => self.persons(&self.count()?.members()),
            "remaining" => self.persons(&self.count()?.remaining()),
            "seats" => self.persons(&self.seats()?),
            "votes" => self.votes()?,
            "lists" => self.lists(),
            "timers" => self.timers(),
            "children" => self.all_children(),
            _ => return None,
        })
    }

    fn member(&self, name: &str, member: &str) -> Option<Value> {
        if let Some(form) = self.workflow.forms.get(name) {
            return self.field(form, member);
        }
        if let Some(link) = self.workflow.links.get(name) {
            return self.linked_member(link, member);
        }
        match name {
            _ if self.workflow.tables.contains_key(name) => self.get(name)?.member(member).cloned(),
            "case" => self.case_member(member),
            "partner" => self.partner_member(member),
            "state" => self.state_member(member),
            "votes" => self.votes_for(member),
            "lists" => self.list(member),
            "timers" => self.timer(member),
            "children" => self.children(member),
            "limits" => {
                let left = limits::left(self, self.workflow.limits.get(member)?)?;
                Some(Value::map([("left", left)]))
            }
            _ => self.get(name)?.member(member).cloned(),
        }
    }

    fn entry(&self, name: &str, member: &str, key: &str) -> Option<Value> {
        if name == "facts" {
            self.facts_of(member, key)
        } else {
            self.member(name, member)?.member(key).cloned()
        }
    }

    fn case_call(&self, call: CaseCall, argument: &str) -> Option<Value> {
        self.called(call, argument)
    }

    fn zone(&self) -> Zone {
        self.workflow.surroundings.zone
    }

    fn calendar(&self) -> &Calendar {
        &self.workflow.surroundings.calendar
    }
}

/// Those of these members that there are, in this order.
fn members(names: &[&str], member: &dyn Fn(&str) -> Option<Value>) -> Value {
    let known = names.iter().filter_map(|name| Some((*name, member(name)?)));
    Value::map(known.collect::<Vec<_>>())
}
