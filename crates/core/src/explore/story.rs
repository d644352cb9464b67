//! What happens in a made-up story, turn by turn. Making a story shorter is `shorten`'s.

use serde_json::Value as Json;

use crate::{
    case::CaseId,
    command::Patch,
    name::Name,
    outcome::Missing,
    time::Time,
    world::{Deed, Event, Stopped, World},
};

/// One thing that happens.
#[derive(Debug, Clone)]
pub enum Turn {
    /// Somebody does something to the case that was opened last, or opens another.
    Event(Event),
    /// Somebody does something to a child of that case: to the newest of this key.
    Child {
        /// Which of the workflow's `children`.
        of: Name,
        /// The key.
        key: String,
        /// What.
        event: Event,
    },
    /// Time passes until then.
    Wait(Time),
    /// A fact of the host system changes.
    Fact {
        /// Of this kind.
        kind: Name,
        /// About whom.
        subject: String,
        /// Which.
        fact: String,
        /// What it is now; `null`: nothing any more.
        value: Json,
    },
    /// A case that was put into the world changes.
    Case {
        /// Which.
        id: CaseId,
        /// Into this state.
        state: Option<String>,
        /// These values are written.
        data: Patch,
    },
}

/// A story while it is told.
#[derive(Debug, Clone)]
pub struct Story {
    /// The world in which it happens.
    pub world: World,
    /// The case that it is about: the one opened last.
    pub case: Option<CaseId>,
    /// What has happened so far; what was refused is not among it.
    pub turns: Vec<Turn>,
}

impl Story {
    /// One that begins in this world.
    pub fn new(world: World) -> Self {
        Self {
            world,
            case: None,
            turns: Vec::new(),
        }
    }

    /// Lets one thing happen. What is refused, or cannot be, changes nothing. Afterwards what is due at this moment has
    /// fired.
    pub fn play(&mut self, turn: &Turn) -> Result<(), Stopped> {
        match turn {
            Turn::Event(event) => {
                self.case = Some(self.happen(event, self.case)?);
            }
            Turn::Child { of, key, event } => {
                let child = self.child(of, key);
                let none = || Stopped::Impossible("there is no such child".to_owned());
                self.happen(event, Some(child.ok_or_else(none)?))?;
            }
            Turn::Wait(until) if *until <= self.world.now() => {
                return Err(Stopped::Impossible("it is later already".to_owned()));
            }
            Turn::Wait(until) => self.world.advance_to(*until),
            Turn::Fact {
                kind,
                subject,
                fact,
                value,
            } => self.world.set_fact(kind, subject, fact, value.clone()),
            Turn::Case { id, state, data } => {
                let cannot = |problems: Vec<Missing>| {
                    let told = problems.into_iter().map(|problem| problem.message.en);
                    Stopped::Impossible(told.collect::<Vec<_>>().join(" "))
                };
                if !data.is_empty() {
                    self.world.fill_case(*id, data).map_err(cannot)?;
                }
                if let Some(state) = state {
                    self.world.place_case(*id, state).map_err(cannot)?;
                }
            }
        }
        self.world.advance_to(self.world.now());
        self.turns.push(turn.clone());
        Ok(())
    }

    /// The newest child of this key.
    pub fn child(&self, of: &Name, key: &str) -> Option<CaseId> {
        let children = self.world.case(self.case?)?.children_of(of);
        let child = children.into_iter().find(|child| child.key == key)?;
        Some(child.case)
    }

    fn happen(&mut self, event: &Event, about: Option<CaseId>) -> Result<CaseId, Stopped> {
        // Several commands happen all or none.
        let several = matches!(event.deed, Deed::Reply(_) | Deed::Detach(_));
        let before = several.then(|| self.world.clone());
        let happened = self.world.happen(event, about);
        if let (Err(_), Some(before)) = (&happened, before) {
            self.world = before;
        }
        happened
    }
}
