//! What expressions and templates see of a case. Names are read one by one, so that only what an expression reads
//! is looked up; what comes from outside passes through the `Reading`. It decides nothing.

use std::sync::Arc;

use crate::{
    ballot::Count,
    calendar::Calendar,
    case::{Actor, Case, Doer, Person, PersonId, Vote},
    context::LinkedCase,
    expression::{Bindings, CaseCall, Expression, Failure, Type, Value},
    form, limits,
    name::Name,
    reading::Reading,
    text::Language,
    time::{self, Time, Zone},
    workflow::{End, Form, Link, Workflow},
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

    fn case_member(&self, member: &str) -> Option<Value> {
        let case = self.case;
        Some(match member {
            "id" => Value::string(&case.id.to_string()),
            "number" => Value::string(&case.number),
            "title" => Value::string(&case.title),
            "state" => Value::string(case.state.as_str()),
            "round" => Value::Int(i64::from(case.round)),
            "opened_at" => Value::Time(case.opened_at),
            "submitted_at" => Value::Time(case.submitted_at?),
            "end" => Value::string(case.end().map_or("", End::as_str)),
            "visits" => Value::map(self.workflow.states.iter().map(|state| {
                let path = state.path.as_str();
                (path, Value::Int(i64::from(case.visits_of(path))))
            })),
            "entered" => Value::map(
                case.entered
                    .iter()
                    .map(|(path, at)| (path.as_str(), Value::Time(*at))),
            ),
            "link" => Value::string(CASE_LINK),
            _ => return None,
        })
    }

    const CASE: [&'static str; 11] = [
        "id",
        "number",
        "title",
        "state",
        "round",
        "opened_at",
        "submitted_at",
        "end",
        "visits",
        "entered",
        "link",
    ];

    fn person(&self, id: &PersonId) -> Value {
        match self.reading.person(id) {
            Some(person) => person_value(&person),
            None => Value::person([("id", Value::string(id.as_str()))]),
        }
    }

    fn doer(&self, doer: &Doer) -> Value {
        match doer {
            Doer::Person(id) => self.person(id),
            Doer::Service(_) | Doer::Machine | Doer::Timer(_) => system(),
            Doer::Link(_) => Value::person([("id", Value::string(""))]),
        }
    }

    fn actor_value(&self) -> Option<Value> {
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

    fn partner_member(&self, member: &str) -> Option<Value> {
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

    fn fact(&self, kind: &str, subject: &str, member: &str) -> Option<Value> {
        let (kind, shape) = self.workflow.surroundings.facts.get_key_value(kind)?;
        let ty = shape.fields.get(member)?;
        let fact = self.reading.fact(kind, subject)?;
        Value::from_json(fact.values.get(member)?, ty).ok()
    }

    fn facts_of(&self, kind: &str, subject: &str) -> Option<Value> {
        let shape = self.workflow.surroundings.facts.get(kind)?;
        let known = shape
            .fields
            .keys()
            .filter_map(|field| Some((field.as_str(), self.fact(kind, subject, field)?)));
        Some(Value::map(known.collect::<Vec<_>>()))
    }

    fn form(&self, form: &Form) -> Value {
        let content = &self.case.content;
        let ty = form::form_type(form, &self.workflow.surroundings);
        if form.each_reviewer {
            return self.copies(form, &ty);
        }
        let none = serde_json::Map::new();
        let values = content.forms.get(&form.name).unwrap_or(&none);
        record(values, &ty)
    }

    /// The copies of those whose vote stands in the review's last visit or, once decided, stood at the decision.
    fn copies(&self, form: &Form, ty: &Type) -> Value {
        let item = match ty {
            Type::List { item, .. } => item,
            other => other,
        };
        let copies = self
            .case
            .content
            .copies
            .get(&form.name)
            .into_iter()
            .flatten();
        let standing = copies.filter(|copy| {
            let mut ballots = self.case.ballots.iter().rev();
            let last = ballots.find(|ballot| ballot.state == copy.state);
            last.is_some_and(|ballot| {
                let voted = |vote: &Vote| copy.by.person() == Some(&vote.by) && ballot.counts(vote);
                ballot.visit == copy.visit && ballot.votes.iter().any(voted)
            })
        });
        Value::list(standing.map(|copy| {
            let Value::Map(members) = record(&copy.values, item) else {
                return Value::Null;
            };
            let mut members = (*members).clone();
            members.insert("by".into(), self.doer(&copy.by));
            Value::Map(Arc::new(members))
        }))
    }

    fn material(&self, name: &str) -> Value {
        let files = self.case.content.materials.get(name).into_iter().flatten();
        Value::list(files.map(|file| {
            Value::map([
                ("name", Value::string(&file.name)),
                (
                    "size",
                    Value::Int(i64::try_from(file.size).unwrap_or(i64::MAX)),
                ),
                ("type", Value::string(&file.media_type)),
                ("by", self.doer(&file.uploaded_by)),
                ("at", Value::Time(file.uploaded_at)),
            ])
        }))
    }

    fn link(&self, link: &Link) -> Option<Value> {
        let id = self.case.content.links.get(&link.name)?;
        let other = self.reading.case(*id)?;
        if link.same_partner && other.partner != self.case.partner {
            return None;
        }
        Some(self.linked(&other))
    }

    fn linked(&self, other: &LinkedCase) -> Value {
        let case = Value::map([
            ("id", Value::string(&other.id.to_string())),
            ("number", Value::string(&other.number)),
            ("state", Value::string(other.state.as_str())),
            ("end", Value::string(other.end.map_or("", End::as_str))),
        ]);
        let mut members = vec![("case".to_owned(), case)];
        if let Some(id) = &other.partner {
            let name = self
                .reading
                .partner(id)
                .map_or_else(|| id.to_string(), |partner| partner.name.clone());
            let partner = [
                ("id", Value::string(id.as_str())),
                ("name", Value::string(&name)),
            ];
            members.push(("partner".to_owned(), Value::map(partner)));
        }
        let none = serde_json::Map::new();
        for form in other
            .workflow
            .forms
            .values()
            .filter(|form| !form.each_reviewer)
        {
            let values = other.forms.get(&form.name).unwrap_or(&none);
            let ty = form::form_type(form, &other.workflow.surroundings);
            members.push((form.name.to_string(), record(values, &ty)));
        }
        Value::map(members)
    }

    fn list(&self, name: &str) -> Option<Value> {
        let shape = self.workflow.surroundings.lists.get(name)?;
        let list = self.reading.list(name)?;
        let mut ty = vec![("id".to_owned(), Type::String)];
        ty.extend(
            shape
                .fields
                .iter()
                .map(|(field, ty)| (format!("{field}?"), ty.clone())),
        );
        let ty = Type::record(ty.iter().map(|(name, ty)| (name.as_str(), ty.clone())));
        Some(Value::list(
            list.entries
                .values()
                .filter_map(|entry| Value::from_json(entry, &ty).ok()),
        ))
    }

    fn count(&self) -> Option<Count<'a>> {
        if self.without_ballot {
            None
        } else {
            Count::running(self)
        }
    }

    fn vote(&self, vote: &Vote) -> Value {
        Value::map([
            ("by", self.person(&vote.by)),
            ("decision", Value::string(&vote.decision)),
            ("at", Value::Time(vote.at)),
            ("round", Value::Int(i64::from(vote.round))),
        ])
    }

    fn votes_for(&self, decision: &str) -> Option<Value> {
        let count = self.count()?;
        Some(Value::list(
            count
                .standing()
                .filter(|vote| vote.decision == *decision)
                .map(|vote| self.vote(vote)),
        ))
    }

    fn persons<'p>(&self, people: impl IntoIterator<Item = &'p PersonId>) -> Value {
        Value::list(people.into_iter().map(|person| self.person(person)))
    }

    fn state_member(&self, member: &str) -> Option<Value> {
        let state = self.workflow.states.find(self.case.state.as_str())?;
        Some(match member {
            "id" => Value::string(state.path.as_str()),
            "title" => Value::from(state.title.clone()),
            "due" => Value::Time(self.case.due_at()?),
            "waiting_for" => Value::string(&self.waiting_for()),
            _ => return None,
        })
    }

    /// Whom the case waits for, in a sentence; the roles only, for names are not for everybody.
    fn waiting_for(&self) -> String {
        let rows = crate::policy::waiting(self.workflow, self.case, self.reading, &|_| true);
        let mut titles = Vec::new();
        for row in &rows {
            let title = self
                .workflow
                .roles
                .get(&row.role)
                .map_or(&*row.role, |role| role.title.get(self.language));
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        match (titles.is_empty(), self.language) {
            (true, _) => String::new(),
            (false, Language::En) => format!("Waiting for: {}.", titles.join(", ")),
            (false, Language::Zh) => format!("等待：{}。", titles.join("、")),
        }
    }

    fn timer(&self, timer: &str) -> Option<Value> {
        let armed = self
            .case
            .timers
            .iter()
            .find(|armed| armed.timer == *timer)?;
        Some(Value::Time(armed.due?))
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
        let members = |names: &[&str], member: &dyn Fn(&str) -> Option<Value>| {
            let known = names.iter().filter_map(|name| Some((*name, member(name)?)));
            Value::map(known.collect::<Vec<_>>())
        };
        Some(match name {
            "case" => members(&Self::CASE, &|member| self.case_member(member)),
            "actor" => self.actor_value()?,
            "starter" => self.person(self.case.starter.as_ref()?),
            "partner" => {
                let shape = workflow.surroundings.facts.get("partner");
                let mut names = vec!["id", "name"];
                names.extend(
                    shape
                        .iter()
                        .flat_map(|shape| shape.fields.keys())
                        .map(Name::as_str),
                );
                self.case.partner.as_ref()?;
                members(&names, &|member| self.partner_member(member))
            }
            "state" => members(&["id", "title", "due", "waiting_for"], &|member| {
                self.state_member(member)
            }),
            "comment" => Value::string(self.comment),
            "comments" => Value::map([("open", Value::string(OPEN_COMMENTS))]),
            "now" => Value::Time(self.now),
            "today" => Value::Date(time::date_in(self.now, workflow.surroundings.zone)),
            "cast" => Value::list(self.count()?.standing().map(|vote| self.vote(vote))),
            "members" => self.persons(self.count()?.members()),
            "remaining" => self.persons(&self.count()?.remaining()),
            "seats" => self.persons(self.count()?.seats()),
            "votes" => {
                let review = self.count()?.review;
                let names: Vec<&str> = review.decisions.keys().map(Name::as_str).collect();
                members(&names, &|decision| self.votes_for(decision))
            }
            "lists" => {
                let names: Vec<&str> = workflow
                    .surroundings
                    .lists
                    .keys()
                    .map(Name::as_str)
                    .collect();
                members(&names, &|list| self.list(list))
            }
            "timers" => {
                let names: Vec<&str> = self
                    .case
                    .timers
                    .iter()
                    .map(|armed| armed.timer.as_str())
                    .collect();
                members(&names, &|timer| self.timer(timer))
            }
            _ => return None,
        })
    }

    fn member(&self, name: &str, member: &str) -> Option<Value> {
        let shadowed =
            self.workflow.forms.contains_key(name) || self.workflow.links.contains_key(name);
        match name {
            _ if shadowed => self.get(name)?.member(member).cloned(),
            "case" => self.case_member(member),
            "partner" => self.partner_member(member),
            "state" => self.state_member(member),
            "votes" => self.votes_for(member),
            "lists" => self.list(member),
            "timers" => self.timer(member),
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
        let mut taken = self
            .case
            .taken
            .iter()
            .filter(|taken| taken.action == *argument);
        Some(match call {
            CaseCall::IsIn => Value::Bool(self.case.is_in(argument)),
            CaseCall::Took => Value::Bool(taken.any(|taken| taken.fallen.is_none())),
            CaseCall::Times => Value::Int(i64::try_from(taken.count()).unwrap_or(i64::MAX)),
            CaseCall::Last => {
                let last = taken.next_back()?;
                Value::map([("by", self.doer(&last.by)), ("at", Value::Time(last.at))])
            }
        })
    }

    fn zone(&self) -> Zone {
        self.workflow.surroundings.zone
    }

    fn calendar(&self) -> &Calendar {
        &self.workflow.surroundings.calendar
    }
}

/// The values of a form as its fields say. A half-filled value that does not fit (yet) reads as absent.
fn record(values: &serde_json::Map<String, serde_json::Value>, ty: &Type) -> Value {
    let Some(members) = ty.members() else {
        return Value::Null;
    };
    let known = members.iter().filter_map(|(name, member)| {
        let value = values.get(name)?;
        Some((name.as_str(), Value::from_json(value, &member.ty).ok()?))
    });
    Value::map(known.collect::<Vec<_>>())
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
