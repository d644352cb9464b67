//! What a step does to the world, as the events of which it is made. A step with several parts happens as a whole or
//! not at all: whoever calls puts the world back after a refusal.

use countersign_core::{
    case::{Actor, CaseId, DeliveryId, LinkId, PersonId},
    command::{Act, Code, NewComment, Opening},
    explore::Turn,
    name::Name,
    outcome::Refusal,
    time::{self, Time},
    world::{By, Deed, Event, Said, Stopped},
};

use crate::scenario::suite::{
    Acts, Comments, Does, Edits, Files, Opens, SetChild, SetFact, Sets, Step, Who,
};

use super::{ChildStep, Story, reasons::Refused};

/// What came of a step.
pub(super) enum Done {
    Well,
    Refused(Refused),
    /// The story has no such thing at this point.
    Impossible(String),
}

impl From<Refusal> for Done {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Refused::new(&refusal))
    }
}

impl From<Stopped> for Done {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Refused(refusal) => refusal.into(),
            Stopped::Impossible(why) => Self::Impossible(why),
        }
    }
}

impl<'a> Story<'a> {
    /// Carries it out as often as the step says, as long as it goes well.
    pub(super) fn act_often(&mut self, step: &'a Step) -> Done {
        for _ in 1..step.times {
            let done = self.act(step);
            if !matches!(done, Done::Well) {
                return done;
            }
        }
        self.act(step)
    }

    fn act(&mut self, step: &'a Step) -> Done {
        let around = &self.suite.workflow.surroundings;
        let done = match &step.does {
            Does::Wait(length) => {
                let now = self.told.world.now();
                self.wait(time::add(now, length, &around.calendar, around.zone))
            }
            Does::WaitUntil(until) => self.wait(*until),
            Does::Set(sets) => self.set(sets),
            Does::Act(acts) => match self.known_request(acts) {
                Ok(true) => Ok(()),
                Ok(false) => self
                    .happen(&step.does, step.code)
                    .inspect(|()| self.remember_request(acts)),
                Err(why) => Err(Done::Impossible(why)),
            },
            deed => self.happen(deed, step.code),
        };
        done.err().unwrap_or(Done::Well)
    }

    fn wait(&mut self, until: Time) -> Result<(), Done> {
        let now = self.told.world.now();
        if until < now {
            let why = "it is later already, and time does not run backwards";
            return Err(Done::Impossible(why.to_owned()));
        }
        if until > now {
            self.told.play(&Turn::Wait(until))?;
        }
        Ok(())
    }

    fn happen(&mut self, does: &Does, code: Code) -> Result<(), Done> {
        for event in self.events(does, code)? {
            self.play(event)?;
        }
        Ok(())
    }

    /// Lets an event happen to the story's case, or to the child that the step is about.
    fn play(&mut self, event: Event) -> Result<(), Done> {
        let Some(ChildStep { parent, of, key }) = self.of_child else {
            return Ok(self.told.play(&Turn::Event(event))?);
        };
        let child = std::mem::replace(&mut self.told.case, parent);
        let (of, key) = (of.clone(), key.to_owned());
        let played = self.told.play(&Turn::Child { of, key, event });
        self.told.case = child;
        Ok(played?)
    }

    /// The events that a step is made of.
    fn events(&self, does: &Does, code: Code) -> Result<Vec<Event>, Done> {
        let (by, deeds) = match does {
            Does::Wait(_) | Does::WaitUntil(_) | Does::Set(_) => return Ok(Vec::new()),
            Does::Open(opens) => (self.by(&opens.who), self.opens(opens)),
            Does::Act(acts) => (self.acting_by(acts)?, vec![self.acts(acts)?]),
            Does::Edit(edits) => (self.by(&edits.who), edited(edits)),
            Does::Comment(comments) => (self.by(&comments.who), commented(comments)),
            Does::TakeBack(who, decision) => (self.by(who), vec![Deed::TakeBack(decision.clone())]),
            Does::Hold(who, reason) => (self.by(who), vec![Deed::Hold(reason.clone())]),
            Does::Resume(who, reason) => (self.by(who), vec![Deed::Resume(reason.clone())]),
            Does::Turn(who, command) => (self.by(who), vec![Deed::Turn(command.clone())]),
            Does::Move(moves) => {
                let (to, reason) = (moves.to.clone(), moves.reason.clone());
                (self.by(&moves.who), vec![Deed::Move { to, reason }])
            }
            Does::Migrate(migrates) => {
                let (data, reason) = (migrates.data.clone(), migrates.reason.clone());
                let migrate = Deed::Migrate { data, reason };
                (self.by(&migrates.who), vec![migrate])
            }
        };
        let event = |deed| Event {
            by: by.clone(),
            code,
            deed,
        };
        Ok(deeds.into_iter().map(event).collect())
    }

    fn by(&self, who: &Who) -> By {
        match who {
            Who::System => By::Service,
            Who::Person(name) => By::Person(Box::new(self.person(name))),
        }
    }

    fn opens(&self, opens: &Opens) -> Vec<Deed> {
        let links = opens
            .links
            .iter()
            .filter_map(|(link, case)| Some((link.clone(), *self.cases.get(case.as_str())?)));
        let opening = Opening {
            data: opens.data.clone(),
            links: links.collect(),
            on_behalf_of: opens.on_behalf_of.as_ref().map(PersonId::new),
            then: None,
            parent: None,
        };
        let id = self.suite.workflow.id.clone();
        let open = match opens.version {
            Some(version) => Deed::OpenOlder(id, version, opening),
            None => Deed::Open(id, opening),
        };
        std::iter::once(open)
            .chain(attached(&opens.files))
            .collect()
    }

    fn acts(&self, acts: &Acts) -> Result<Deed, Done> {
        let comments = acts.comments.iter().map(|said| comment(said, false));
        let internal = acts.internal.iter().map(|said| comment(said, true));
        Ok(Deed::Act {
            act: Act {
                data: acts.data.clone(),
                comments: comments.chain(internal).collect(),
                confirm: acts.confirm,
                panel: acts.panel.as_ref().map(ToString::to_string),
                delivery: acts
                    .answers
                    .as_ref()
                    .map(|kept| self.kept_call(kept))
                    .transpose()?,
                ..Act::new(acts.action.as_str())
            },
            replies: acts.replies.clone(),
        })
    }

    fn kept_call(&self, kept: &str) -> Result<DeliveryId, Done> {
        let call = self.kept_calls.get(kept).copied();
        call.ok_or_else(|| Done::Impossible(format!("no call was kept as `{kept}`")))
    }

    fn acting_by(&self, acts: &Acts) -> Result<By, Done> {
        match &acts.link {
            Some(kept) => self.kept_link(acts, kept).map(By::Link),
            None => Ok(self.by(&acts.who)),
        }
    }

    /// A link that was kept: the person's own of that mail, or else anybody's.
    fn kept_link(&self, acts: &Acts, kept: &str) -> Result<LinkId, Done> {
        let email = match &acts.who {
            Who::Person(name) => self.person(name).email,
            Who::System => String::new(),
        };
        let links = self.kept.get(kept).map_or(&[][..], Vec::as_slice);
        let for_it = || links.iter().filter(|link| link.action == acts.action);
        let own = for_it().find(|link| link.email.eq_ignore_ascii_case(&email));
        let link = own.or_else(|| for_it().next());
        link.map(|link| link.link).ok_or_else(|| {
            let action = &acts.action;
            Done::Impossible(format!("the mail kept as `{kept}` has no link to {action}"))
        })
    }

    /// The actor of an action: whoever is a link holder in it comes by the newest link that was mailed to him,
    /// dead or alive.
    pub(super) fn acting(&self, case: CaseId, who: &Who, action: &Name) -> Actor {
        let acting = self
            .told
            .world
            .actor(&self.by(who), Some(case), Some(action.as_str()));
        acting.unwrap_or_else(|_| self.actor(who))
    }

    fn set(&mut self, sets: &Sets) -> Result<(), Done> {
        for SetFact {
            kind,
            subject,
            fact,
            value,
        } in &sets.facts
        {
            self.told.play(&Turn::Fact {
                kind: kind.clone(),
                subject: subject.clone(),
                fact: fact.clone(),
                value: value.clone(),
            })?;
        }
        for set in &sets.cases {
            let Some(id) = self.cases.get(set.case.as_str()).copied() else {
                continue;
            };
            let turn = Turn::Case {
                id,
                state: set.state.clone(),
                data: set.data.clone(),
            };
            self.put(&set.case, &turn)?;
        }
        for set in &sets.children {
            self.set_child(set)?;
        }
        Ok(())
    }

    /// What happens to a child of the story's case, without its own story.
    fn set_child(&mut self, set: &SetChild) -> Result<(), Done> {
        self.the_case()?;
        let child = self.child(&set.of, &set.key).map_err(Done::Impossible)?;
        let turn = Turn::Case {
            id: child,
            state: set.state.clone(),
            data: set.data.clone(),
        };
        self.put(&set.key, &turn)
    }

    /// A case of this name becomes otherwise.
    fn put(&mut self, case: &str, turn: &Turn) -> Result<(), Done> {
        self.told.play(turn).map_err(|stopped| match stopped {
            Stopped::Impossible(why) => {
                Done::Impossible(format!("case `{case}` cannot be so: {why}"))
            }
            stopped @ Stopped::Refused(_) => stopped.into(),
        })
    }

    /// The case that the story is about.
    pub(super) fn the_case(&self) -> Result<CaseId, Done> {
        self.told
            .case
            .ok_or_else(|| Done::Impossible("no case was opened yet in this scenario".to_owned()))
    }
}

fn edited(edits: &Edits) -> Vec<Deed> {
    let data = (!edits.data.is_empty()).then(|| Deed::Edit(edits.data.clone()));
    let replies = edits.replies.iter().cloned().map(Deed::Reply);
    let data = data.into_iter().chain(attached(&edits.files));
    data.chain(replies).collect()
}

fn attached(files: &Files) -> impl Iterator<Item = Deed> {
    files.iter().flat_map(|(material, files)| {
        let detach = files.is_empty().then(|| Deed::Detach(material.clone()));
        let attach = files.iter().map(|(name, size)| Deed::Attach {
            material: material.clone(),
            name: name.clone(),
            size: *size,
        });
        detach.into_iter().chain(attach)
    })
}

fn commented(comments: &Comments) -> Vec<Deed> {
    let open = comments.open.iter().map(|said| comment(said, false));
    let internal = comments.internal.iter().map(|said| comment(said, true));
    open.chain(internal).map(Deed::Comment).collect()
}

fn comment(said: &Said, internal: bool) -> NewComment {
    NewComment {
        at: said.at.clone(),
        text: said.text.clone(),
        internal,
    }
}
