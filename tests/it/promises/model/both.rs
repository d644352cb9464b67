//! Plays a turn in the world and in the engine. How the two are compared is `same`'s.

use countersign_core::{
    case::{Actor, CaseId, Channel},
    command::{Code, Command},
    explore::Turn,
    outcome::Refusal,
    time::Time,
    world::{Deed, Event, Stopped, World, made_up},
};
use countersign_engine::{
    Answered, Error, Manner,
    ports::{deliveries::DeliveryContent, reader::DeliveryQuery, store::CaseAddress},
};

use super::{
    real,
    same::{Told, awaited, differences},
    stage::Stage,
};

/// What a turn came to: done, or the code of the refusal.
pub(super) type Outcome = Result<(), String>;

/// How the world and the engine differ.
pub(super) type Differs = String;

/// A story while it is told twice.
pub(super) struct Both {
    stage: Stage,
    /// Each case in the world and in the engine, in order of opening.
    cases: Vec<(CaseId, CaseId)>,
    files: u64,
    turns: usize,
}

/// How closely a case is looked at.
enum Look {
    /// As it stands; whose turn it is by the inboxes of one in so many people, each in turn.
    Glance(usize),
    /// With all inboxes and the whole history.
    Whole,
}

/// After each turn the inboxes of one in so many people are looked at.
const ONE_IN: usize = 4;

impl Both {
    pub(super) fn new(stage: Stage) -> Self {
        Self {
            stage,
            cases: Vec::new(),
            files: 0,
            turns: 0,
        }
    }

    pub(super) fn world(&self) -> &World {
        &self.stage.world
    }

    /// The world's case that was opened last.
    pub(super) fn newest(&self) -> Option<CaseId> {
        self.cases.last().map(|(model, _)| *model)
    }

    /// Lets a turn happen in both.
    pub(super) async fn play(&mut self, turn: &Turn) -> Result<Outcome, Differs> {
        let (model, real) = match turn {
            Turn::Event(event) => self.happen(event).await,
            Turn::Wait(until) => {
                self.wait(*until).await;
                (Ok(()), Ok(()))
            }
            Turn::Child { .. } | Turn::Fact { .. } | Turn::Case { .. } => return Ok(Ok(())),
        };
        if model != real {
            return Err(format!("the world: {model:?}\nthe engine: {real:?}"));
        }
        // What is due at this moment has fired afterwards.
        self.wait(self.world().now()).await;
        if let Some(newest) = self.cases.last().copied() {
            self.turns += 1;
            self.compare(newest, Look::Glance(self.turns)).await?;
        }
        let due = self.stage.engine.next_timer().await.expect("it is read");
        let expected = self.world().next_due().map(|(due, _)| due);
        if due != expected {
            return Err(format!(
                "next due: the world {expected:?}, the engine {due:?}"
            ));
        }
        Ok(model)
    }

    /// Compares all cases, and says how many there are.
    pub(super) async fn end(&self) -> Result<usize, Differs> {
        for pair in &self.cases {
            self.compare(*pair, Look::Whole).await?;
        }
        Ok(self.cases.len())
    }

    async fn happen(&mut self, event: &Event) -> (Outcome, Outcome) {
        let pair = self.cases.last().copied();
        let about = pair.map(|(model, _)| model);
        let actor = self.world().actor(&event.by, about, event.deed.action());
        let actor = actor.expect("nobody comes by a link here");
        let real = match (&event.deed, pair) {
            (Deed::Open(workflow, opening), _) => {
                let manner = Manner::plain(Channel::Scenario);
                let engine = &self.stage.engine;
                let opened = engine.open_case(actor, manner, workflow, opening.clone());
                opened
                    .await
                    .map(opened_case)
                    .map_err(|error| code_of(&error))
            }
            (_, Some((_, real))) => self.command(event, actor, real).await.map(|()| real),
            (_, None) => Err("impossible".to_owned()),
        };
        let model = self.in_world(event, about);
        if let (Deed::Open(..), Ok(model), Ok(real)) = (&event.deed, &model, &real) {
            self.cases.push((*model, *real));
        }
        (model.map(|_| ()), real.map(|_| ()))
    }

    /// Lets the event happen in the world. As in the engine a code is given once it is asked for.
    fn in_world(&mut self, event: &Event, about: Option<CaseId>) -> Result<CaseId, String> {
        let world = &mut self.stage.world;
        let mut happened = match event.code {
            Code::Good => {
                let code = Code::Absent;
                let event = event.clone();
                world.happen(&Event { code, ..event }, about)
            }
            Code::Absent | Code::Bad => world.happen(event, about),
        };
        let is_asked = matches!(happened, Err(Stopped::Refused(Refusal::CodeNeeded)));
        if is_asked && event.code == Code::Good {
            happened = world.happen(event, about);
        }
        happened.map_err(|stopped| match stopped {
            Stopped::Refused(refusal) => refusal.code().to_owned(),
            Stopped::Impossible(_) => "impossible".to_owned(),
        })
    }

    /// Gives the engine the commands of an event.
    async fn command(&mut self, event: &Event, actor: Actor, id: CaseId) -> Outcome {
        let address = CaseAddress::Id(id);
        let case = self.stage.engine.reader().case(&address).await;
        let case = case.expect("it is read").expect("it was opened");
        self.files += 1;
        let (by, now, salt) = (actor.doer(), self.world().now(), self.files);
        let commands = event.deed.commands(&case, &|name, size| {
            made_up(name, size, &by, now, &format!("real {salt} {name}"))
        });
        for command in commands.map_err(|_| "impossible".to_owned())? {
            let given = match event.code {
                Code::Bad => Some("no code".to_owned()),
                Code::Absent | Code::Good => None,
            };
            let done = self.give(&actor, &address, &command, given).await;
            let done = match (done, event.code) {
                (Err(code), Code::Good) if code == "code_needed" => {
                    let mailed = self.mailed_code(&address).await;
                    self.give(&actor, &address, &command, mailed).await
                }
                (done, _) => done,
            };
            done?;
        }
        Ok(())
    }

    async fn give(
        &self,
        actor: &Actor,
        address: &CaseAddress,
        command: &Command,
        code: Option<String>,
    ) -> Outcome {
        let manner = Manner::plain(Channel::Scenario);
        let (address, command) = (address.clone(), command.clone());
        let engine = &self.stage.engine;
        let done = engine.command(actor.clone(), manner, address, command, None, code);
        done.await.map(|_| ()).map_err(|error| code_of(&error))
    }

    /// The code that was mailed last.
    async fn mailed_code(&self, address: &CaseAddress) -> Option<String> {
        let query = DeliveryQuery {
            kind: None,
            status: None,
            case: Some(address.clone()),
            cursor: None,
            limit: 20,
        };
        let engine = &self.stage.engine;
        let mailed = engine
            .reader()
            .deliveries(&query)
            .await
            .expect("it is read");
        let mut mailed = mailed.items.into_iter();
        let mail = mailed.find(|delivery| match &delivery.content {
            Some(DeliveryContent::Mail(mail)) => mail.message == "confirmation_code",
            _ => false,
        })?;
        Some(engine.confirmation_codes().of(mail.id.0))
    }

    /// Lets time pass in both: each timer fires at its moment.
    async fn wait(&mut self, until: Time) {
        self.stage.world.advance_to(until);
        let Stage { engine, clock, .. } = &self.stage;
        let mut last = None;
        loop {
            let due = engine.next_timer().await.expect("it is read");
            let Some(due) = due.filter(|due| *due <= until && Some(*due) != last) else {
                break;
            };
            clock.advance(due - engine.now());
            let fired = engine.fire_due_timers().await.expect("timers fire");
            assert_eq!(fired.failed, [], "timers could not be fired");
            last = Some(due);
        }
        clock.advance(until - engine.now());
    }

    /// A case in both: as it stands, whose turn it is, and what has happened.
    async fn compare(&self, (model, real): (CaseId, CaseId), look: Look) -> Result<(), Differs> {
        let world = self.world();
        let (people, history): (Vec<_>, _) = match look {
            Look::Glance(turn) => {
                let people = world.people().skip(turn % ONE_IN);
                (people.step_by(ONE_IN).collect(), false)
            }
            Look::Whole => (world.people().collect(), true),
        };
        let expected = world.case(model).expect("it was opened");
        let waiting = awaited(&people, world.waiting(model));
        let entries = world.history(model).iter().map(|entry| &**entry);
        let entries = entries.filter(|_| history);
        let expected = Told::of(expected, entries, &waiting);
        let found = real::told(&self.stage.engine, &people, history, real).await;
        differences(&expected, &found)
    }
}

fn opened_case(answered: Answered) -> CaseId {
    match answered {
        Answered::Fresh(scene) => scene.case.as_ref().expect("it was opened").id,
        Answered::Replayed(_) => unreachable!("no key was given"),
    }
}

fn code_of(error: &Error) -> String {
    match error {
        Error::Refused(refused) => refused.refusal.code().to_owned(),
        Error::NotFound => "not_found".to_owned(),
        other => panic!("it is no refusal: {other}"),
    }
}
