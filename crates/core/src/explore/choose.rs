//! What could happen next. Most of it is what the core says is offered to somebody, filled in as people are known to
//! fill it in; some is forbidden, wrong or late. It never looks at what the outcome would be.

use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value as Json, json};

use crate::{
    case::{Case, CaseId, LinkHolder, Person},
    command::{Act, Code, NewComment, Opening, Patch},
    name::Name,
    outcome::Subject,
    policy::OPERATORS,
    view::Offer,
    workflow::{Material, Workflow},
    world::{By, Deed, Event, Said, World},
};

use super::{
    chance::Chance,
    story::Turn,
    values::{Filler, Known},
};

/// Somebody who makes up stories about cases of one workflow.
#[derive(Debug, Clone)]
pub struct Explorer {
    pub(super) workflow: Arc<Workflow>,
    pub(super) people: Vec<Person>,
    cases: Vec<CaseId>,
    known: Known,
    /// Whether the workflow is an older version than the newest.
    is_older: bool,
    pub(super) chance: Chance,
}

impl Explorer {
    /// Of this workflow, with these people, and these cases to link to.
    pub fn new(
        workflow: Arc<Workflow>,
        people: Vec<Person>,
        cases: Vec<CaseId>,
        known: Known,
        chance: Chance,
    ) -> Self {
        Self {
            workflow,
            people,
            cases,
            known,
            is_older: false,
            chance,
        }
    }

    /// The same of an older version, in which cases are opened then.
    #[must_use]
    pub fn of_older(&self, workflow: Arc<Workflow>) -> Self {
        Self {
            workflow,
            is_older: true,
            ..self.clone()
        }
    }

    /// Begins again with other chances.
    pub fn reseed(&mut self, chance: Chance) {
        self.chance = chance;
    }

    /// A number below this, for whoever decides how a story begins.
    pub fn below(&mut self, number: usize) -> usize {
        self.chance.below(number)
    }

    /// What could happen next.
    pub fn turn(&mut self, world: &World, about: Option<CaseId>) -> Turn {
        let Some(case) = about.and_then(|id| world.case(id)) else {
            return self.opening(world);
        };
        if case.end().is_some() && self.chance.percent(70) {
            return self.opening(world);
        }
        match self.chance.below(100) {
            0..10 => self.wait(world),
            10..14 => self.outside(world),
            14..17 => self.opening(world),
            17..27 => self.hostile(world, case),
            27..34 => self.hands(world, case),
            34..46 => self.of_child(world, case),
            _ => self.offered(world, case),
        }
    }

    fn opening(&mut self, world: &World) -> Turn {
        let require = &self.workflow.open.require;
        let mut forms: Vec<Name> = self.workflow.forms.keys().cloned().collect();
        let required = |form: &Name| require.iter().any(|word| word.name() == form.as_str());
        forms.retain(|form| required(form) || self.chance.percent(40));
        let mut opening = Opening {
            data: self.forms(world, &forms),
            ..Opening::default()
        };
        for (name, link) in &self.workflow.links {
            let fitting = self.cases.iter().filter(|id| {
                let case = world.case(**id);
                case.is_some_and(|case| case.workflow == link.workflow)
            });
            let fitting: Vec<CaseId> = fitting.copied().collect();
            let picked = self.chance.pick(&fitting);
            opening.links.extend(picked.map(|id| (name.clone(), *id)));
        }
        let by = if self.workflow.open.who.system && self.chance.percent(50) {
            opening.on_behalf_of = self
                .chance
                .pick(&self.people)
                .map(|person| person.id.clone());
            By::Service
        } else {
            self.anybody()
        };
        let id = self.workflow.id.clone();
        let deed = if self.is_older {
            Deed::OpenOlder(id, self.workflow.version, opening)
        } else {
            Deed::Open(id, opening)
        };
        event(by, Code::Good, deed)
    }

    /// An operator moves a case to this version, with values for what it may lack or without. `None`: nobody is one.
    pub fn migration(&mut self, world: &World) -> Option<Turn> {
        let mut people = self.people.iter();
        let operator = people.find(|person| person.is_in(OPERATORS))?.clone();
        let mut forms: Vec<Name> = self.workflow.forms.keys().cloned().collect();
        let supplies = self.chance.percent(50);
        forms.retain(|_| supplies && self.chance.percent(60));
        let deed = Deed::Migrate {
            data: self.forms(world, &forms),
            reason: "There are new rules.".to_owned(),
        };
        Some(event(By::Person(Box::new(operator)), Code::Absent, deed))
    }

    /// Until a timer fires, just before or just after, or for some time.
    fn wait(&mut self, world: &World) -> Turn {
        let now = world.now();
        let day = Duration::days(1);
        let due = world.next_due().map(|(due, _)| due);
        let until = match (due, self.chance.below(6)) {
            (Some(due), 0..3) => due,
            (Some(due), 3) if due - Duration::seconds(1) > now => due - Duration::seconds(1),
            (_, 4) => now + Duration::hours(1),
            _ => now + day * [1, 3, 31, 400][self.chance.below(4)],
        };
        // Scenarios tell time in whole seconds.
        let rest = i64::from(until.timestamp_subsec_millis());
        let up = if rest == 0 { 0 } else { 1000 - rest };
        Turn::Wait(until + Duration::milliseconds(up))
    }

    /// Facts and cases that others keep.
    fn outside(&mut self, world: &World) -> Turn {
        let facts = &self.workflow.surroundings.facts;
        let kinds: Vec<_> = facts.iter().collect();
        let case = self.chance.pick(&self.cases).copied();
        let case = case
            .and_then(|id| world.case(id))
            .filter(|_| kinds.is_empty() || self.chance.percent(50));
        if let Some(case) = case {
            let states = world.workflow_of(case);
            let leaves: Vec<String> = states
                .states
                .iter()
                .map(|state| state.path.to_string())
                .collect();
            return Turn::Case {
                id: case.id,
                state: self.chance.pick(&leaves).cloned(),
                data: Patch::new(),
            };
        }
        let Some((kind, shape)) = self.chance.pick(&kinds).copied() else {
            return self.wait(world);
        };
        let fields: Vec<_> = shape.fields.iter().collect();
        let Some((fact, ty)) = self.chance.pick(&fields).copied() else {
            return self.wait(world);
        };
        let values: &[Json] = match ty {
            crate::expression::Type::Bool => &[json!(true), json!(false), json!(null)],
            _ => &[json!(null)],
        };
        let value = self.chance.pick(values).cloned().unwrap_or_default();
        let person = self.chance.pick(&self.people);
        let subject = person.map(|person| match (&person.partner, kind.as_str()) {
            (Some(partner), "partner") => partner.to_string(),
            _ => person.id.to_string(),
        });
        Turn::Fact {
            kind: kind.clone(),
            subject: subject.unwrap_or_default(),
            fact: fact.to_string(),
            value,
        }
    }

    /// What somebody could do, and what is missing for it first.
    pub(super) fn offered(&mut self, world: &World, case: &Case) -> Turn {
        let person = self.somebody_awaited(world, case);
        let Some(person) = person else {
            return self.by_service(world, case);
        };
        let by = By::Person(Box::new(person));
        let mut offers = offers_of(world, case, &by);
        let links = case.mail_links.iter().rev();
        let links: Vec<_> = links
            .filter_map(|link| world.link_holder(link.id))
            .collect();
        if offers.is_empty()
            && let Some(crate::case::Actor::LinkHolder(LinkHolder { link, .. })) =
                self.chance.pick(&links)
        {
            let by = By::Link(*link);
            offers = offers_of(world, case, &by);
            return self.take(world, case, by, &offers);
        }
        self.take(world, case, by, &offers)
    }

    fn take(&mut self, world: &World, case: &Case, by: By, offers: &[Offer]) -> Turn {
        let Some(offer) = self.chance.pick(offers) else {
            return if self.chance.percent(50) {
                self.by_service(world, case)
            } else {
                self.wait(world)
            };
        };
        let missing = |name: &str| offer.missing.iter().any(|missing| missing.name == name);
        let wanted: Vec<&Material> = self
            .workflow
            .materials
            .values()
            .filter(|material| missing(&material.name))
            .collect();
        if let Some(material) = self.chance.pick(&wanted).copied() {
            let deed = attach(material, false);
            return event(by, Code::Absent, deed);
        }
        let mut forms: Vec<Name> = offer.forms.clone();
        let required = self.workflow.forms.keys().filter(|form| missing(form));
        forms.extend(required.cloned());
        let unmet = offer
            .missing
            .iter()
            .any(|missing| self.workflow.rules.contains_key(missing.name.as_str()));
        if unmet && self.chance.percent(60) {
            return self.edit(world, by);
        }
        let mut act = Act {
            data: self.forms(world, &forms),
            confirm: self.chance.percent(95),
            ..Act::new(offer.id.as_str())
        };
        if offer.comment || self.chance.percent(10) {
            act.comments.push(self.comment());
        }
        let replies = if missing("replies") {
            open_places(case)
        } else {
            Vec::new()
        };
        let replies = replies.into_iter().map(|at| Said {
            at,
            text: "Done.".to_owned(),
        });
        let code = if self.chance.percent(90) {
            Code::Good
        } else {
            Code::Bad
        };
        let deed = Deed::Act {
            act,
            replies: replies.collect(),
        };
        event(by, code, deed)
    }

    /// What a service may do here.
    fn by_service(&mut self, world: &World, case: &Case) -> Turn {
        let leaf = self.workflow.states.find(case.state.as_str());
        let states = leaf
            .into_iter()
            .flat_map(|leaf| self.workflow.states.outward(leaf.id));
        let actions = states.flat_map(|state| state.actions.values());
        let actions: Vec<&Name> = actions
            .filter(|action| action.who.system)
            .map(|action| &action.name)
            .collect();
        let Some(action) = self.chance.pick(&actions).map(|name| (*name).clone()) else {
            return self.wait(world);
        };
        let mut act = Act::new(action.as_str());
        if self.chance.percent(60) {
            act.comments.push(self.comment());
        }
        let replies = Vec::new();
        event(By::Service, Code::Absent, Deed::Act { act, replies })
    }

    /// Something that is likely to be refused, or should be.
    pub(super) fn hostile(&mut self, world: &World, case: &Case) -> Turn {
        let by = if self.chance.percent(10) {
            By::Service
        } else {
            self.anybody()
        };
        let actions: Vec<&Name> = self.workflow.action_names().collect();
        let action = self.chance.pick(&actions).map(|name| (*name).clone());
        let materials: Vec<&Material> = self.workflow.materials.values().collect();
        let material = self
            .chance
            .pick(&materials)
            .map(|material| (*material).clone());
        let deed = match (self.chance.below(12), action, material) {
            (0, _, Some(material)) => attach(&material, self.chance.percent(50)),
            (1, _, Some(material)) => Deed::Detach(material.name),
            (2, Some(decision), _) => Deed::TakeBack(decision),
            (3, _, _) => Deed::Hold("Wait.".to_owned()),
            (4, _, _) => Deed::Resume("Go on.".to_owned()),
            (5, _, _) => Deed::Comment(self.comment()),
            (6, _, _) => Deed::Reply(Said {
                at: open_places(case).pop().flatten(),
                text: "Seen.".to_owned(),
            }),
            (7 | 8, Some(action), _) => {
                let forms: Vec<Name> = self.workflow.forms.keys().cloned().collect();
                let mut act = Act {
                    data: self.forms(world, &forms),
                    confirm: true,
                    ..Act::new(action.as_str())
                };
                act.comments.push(self.comment());
                let replies = Vec::new();
                Deed::Act { act, replies }
            }
            (9 | 10, Some(action), _) => Deed::Act {
                act: Act {
                    confirm: true,
                    comments: vec![self.comment()],
                    ..Act::new(action.as_str())
                },
                replies: Vec::new(),
            },
            _ => return self.edit(world, by),
        };
        event(by, Code::Good, deed)
    }

    /// A draft of some form, or of one field.
    fn edit(&mut self, world: &World, by: By) -> Turn {
        let forms: Vec<Name> = self.workflow.forms.keys().cloned().collect();
        let Some(form) = self.chance.pick(&forms).cloned() else {
            return self.wait(world);
        };
        let whole = self.chance.percent(60);
        let mut filler = self.filler(world);
        let values = if whole {
            filler.form(&form)
        } else {
            filler.one_field(&form)
        };
        let data = Patch::from_iter([(form.to_string(), values)]);
        event(by, Code::Absent, Deed::Edit(data))
    }

    fn forms(&mut self, world: &World, forms: &[Name]) -> Patch {
        let mut filler = self.filler(world);
        let forms = forms.iter();
        forms
            .map(|form| (form.to_string(), filler.form(form)))
            .collect()
    }

    fn filler<'a>(&'a mut self, world: &'a World) -> Filler<'a> {
        Filler {
            workflow: &self.workflow,
            known: &self.known,
            world,
            chance: &mut self.chance,
        }
    }

    fn comment(&mut self) -> NewComment {
        let forms = self.workflow.forms.values();
        let fields = forms.flat_map(|form| {
            let fields = form.fields.keys();
            fields.map(move |field| format!("{}.{field}", form.name))
        });
        let places: Vec<String> = fields.collect();
        let whole = self.chance.percent(50);
        let at = self.chance.pick(&places).filter(|_| !whole).cloned();
        NewComment {
            at,
            text: "Please look at this.".to_owned(),
            internal: self.chance.percent(5),
        }
    }

    pub(super) fn anybody(&mut self) -> By {
        match self.chance.pick(&self.people) {
            Some(person) => By::Person(Box::new(person.clone())),
            None => By::Service,
        }
    }

    /// Mostly one of those whose turn it is.
    pub(super) fn somebody_awaited(&mut self, world: &World, case: &Case) -> Option<Person> {
        let waiting = world.waiting(case.id);
        let is_awaited = |person: &&Person| {
            waiting.iter().any(|row| {
                let named = match &row.who {
                    Subject::Person(id) => *id == person.id,
                    Subject::Group(group) => person.is_in(group.as_str()),
                    Subject::Partner(partner) => person.partner.as_ref() == Some(partner),
                };
                named && !row.but.contains(&person.id)
            })
        };
        let awaited: Vec<&Person> = self.people.iter().filter(is_awaited).collect();
        let one = if self.chance.percent(75) {
            self.chance.pick(&awaited).copied()
        } else {
            None
        };
        one.or_else(|| self.chance.pick(&self.people)).cloned()
    }
}

pub(super) fn event(by: By, code: Code, deed: Deed) -> Turn {
    Turn::Event(Event { by, code, deed })
}

/// A file that the material takes, or one that it does not.
fn attach(material: &Material, wrong: bool) -> Deed {
    let extension = material.accept.first().map_or("pdf", String::as_str);
    let name = if wrong {
        "other.bin".to_owned()
    } else {
        format!("file.{extension}")
    };
    Deed::Attach {
        material: material.name.clone(),
        name,
        size: if wrong {
            material.max_bytes + 1
        } else {
            crate::world::SIZE
        },
    }
}

/// The places of open comments without an answer, each once.
fn open_places(case: &Case) -> Vec<Option<String>> {
    let comments = case.content.comments.iter();
    let open =
        comments.filter(|comment| comment.open && !comment.internal && !comment.is_answered());
    let mut places: Vec<Option<String>> = Vec::new();
    for comment in open {
        if !places.contains(&comment.at) {
            places.push(comment.at.clone());
        }
    }
    places
}

fn offers_of(world: &World, case: &Case, by: &By) -> Vec<Offer> {
    let Ok(actor) = world.actor(by, Some(case.id), None) else {
        return Vec::new();
    };
    let request = crate::world::Request::of(actor).with_code(Code::Good);
    world.offers(&request, case.id)
}
