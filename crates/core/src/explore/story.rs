//! What happens in a made-up story, turn by turn; and making a story shorter that shows something.

use serde_json::Value as Json;

use crate::{
    case::CaseId,
    command::{Code, Patch},
    name::Name,
    outcome::Missing,
    time::Time,
    world::{Deed, Event, Stopped, World},
};

/// One thing that happens.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every turn is an event; a box would cost each of them"
)]
pub enum Turn {
    /// Somebody does something to the case that was opened last, or opens another.
    Event(Event),
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
                self.case = Some(self.happen(event)?);
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

    fn happen(&mut self, event: &Event) -> Result<CaseId, Stopped> {
        // Several commands happen all or none.
        let several = matches!(event.deed, Deed::Reply(_) | Deed::Detach(_));
        let before = several.then(|| self.world.clone());
        let happened = self.world.happen(event, self.case);
        if let (Err(_), Some(before)) = (&happened, before) {
            self.world = before;
        }
        happened
    }
}

/// The shortest part of a story that still shows it, found by leaving out turns: first many, then one by one.
/// `shows` tells the story again and says after how many of its turns it is shown, with those that could happen;
/// it is asked `most` times at most.
pub(super) fn shortened(
    turns: Vec<Turn>,
    most: usize,
    mut shows: impl FnMut(&[Turn]) -> Option<Vec<Turn>>,
) -> Vec<Turn> {
    let mut best = turns;
    let mut asked = 0;
    let mut size = best.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        let mut shorter = false;
        while from < best.len() && asked < most {
            let rest = best[..from]
                .iter()
                .chain(&best[(from + size).min(best.len())..]);
            let rest: Vec<Turn> = rest.cloned().collect();
            asked += 1;
            match shows(&rest) {
                Some(shown) => {
                    best = shown;
                    shorter = true;
                }
                None => from += size,
            }
        }
        size = if shorter && size == 1 { 1 } else { size / 2 };
    }
    best
}

impl Story {
    /// The shortest story that begins like this one did and ends in what `shown` says of it. `begin` is the world
    /// before it.
    #[must_use]
    pub fn shortest(&self, begin: &World, most: usize, shown: &dyn Fn(&Story) -> bool) -> Story {
        let tell = |turns: &[Turn]| {
            let mut story = Story::new(begin.clone());
            for turn in turns {
                // What depends on what was left out does not happen; the rest may.
                if story.play(turn).is_ok() && shown(&story) {
                    return Some(story);
                }
            }
            None
        };
        let turns = shortened(self.turns.clone(), most, |turns| {
            tell(turns).map(|story| story.turns)
        });
        let turns = plainer(turns, &|turns| tell(turns).map(|story| story.turns));
        tell(&turns).unwrap_or_else(|| self.clone())
    }
}

/// The same story with less in each turn: data, comments and the like that nobody needs.
fn plainer(turns: Vec<Turn>, shows: &dyn Fn(&[Turn]) -> Option<Vec<Turn>>) -> Vec<Turn> {
    let mut best = turns;
    let mut at = 0;
    while at < best.len() {
        let tried = plainer_turns(&best[at]).into_iter().find_map(|turn| {
            let mut turns = best.clone();
            turns[at] = turn;
            shows(&turns).filter(|shown| shown.len() <= best.len())
        });
        match tried {
            Some(shown) => best = shown,
            None => at += 1,
        }
    }
    best
}

/// What a turn could be with a little less in it.
fn plainer_turns(turn: &Turn) -> Vec<Turn> {
    let Turn::Event(event) = turn else {
        return Vec::new();
    };
    let with = |deed: Deed| {
        Turn::Event(Event {
            deed,
            ..event.clone()
        })
    };
    if event.code != Code::Absent {
        let without = Event {
            code: Code::Absent,
            ..event.clone()
        };
        let mut others = vec![Turn::Event(without)];
        others.extend(plainer_deeds(event, with));
        return others;
    }
    plainer_deeds(event, with)
}

fn plainer_deeds(event: &Event, with: impl Fn(Deed) -> Turn) -> Vec<Turn> {
    match &event.deed {
        Deed::Open(workflow, opening) => less(&opening.data)
            .map(|data| {
                let mut opening = opening.clone();
                opening.data = data;
                with(Deed::Open(workflow.clone(), opening))
            })
            .collect(),
        Deed::Edit(data) => less(data).map(|data| with(Deed::Edit(data))).collect(),
        Deed::Act { act, replies } => {
            let mut plainer = Vec::new();
            if !act.comments.is_empty() {
                let mut act = act.clone();
                act.comments.pop();
                plainer.push((act, replies.clone()));
            }
            if act.confirm {
                let mut act = act.clone();
                act.confirm = false;
                plainer.push((act, replies.clone()));
            }
            if !replies.is_empty() {
                plainer.push((act.clone(), Vec::new()));
            }
            plainer.extend(less(&act.data).map(|data| {
                let mut act = act.clone();
                act.data = data;
                (act, replies.clone())
            }));
            let deeds = plainer.into_iter();
            deeds
                .map(|(act, replies)| with(Deed::Act { act, replies }))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The patches with one form or one field less.
fn less(data: &Patch) -> impl Iterator<Item = Patch> + use<> {
    let mut fewer = Vec::new();
    for (form, values) in data {
        let mut without = data.clone();
        without.shift_remove(form);
        fewer.push(without);
        for field in values
            .as_object()
            .into_iter()
            .flat_map(|values| values.keys())
        {
            let mut without = data.clone();
            if let Some(values) = without.get_mut(form).and_then(Json::as_object_mut) {
                values.shift_remove(field);
            }
            fewer.push(without);
        }
    }
    fewer.into_iter()
}
