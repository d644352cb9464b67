//! Making a story shorter that shows something: whole turns are left out, what two turns say is said in one, what nobody
//! needs is taken out of turns, and nobody waits longer than it takes.

use chrono::Duration;
use serde_json::Value as Json;

use crate::{
    command::{Code, Patch},
    world::{Deed, Event, World},
};

use super::story::{Story, Turn};

impl Story {
    /// The shortest story that begins like this one did and ends in what `shown` says of it. `begin` is the world
    /// before it; it is told `most` times at most.
    #[must_use]
    pub fn shortest(&self, begin: &World, most: usize, shown: &dyn Fn(&Story) -> bool) -> Story {
        let mut telling = Telling {
            begin,
            shown,
            left: most,
        };
        let mut best = self.turns.clone();
        loop {
            let before = best.len();
            best = telling.with_fewer_turns(best);
            best = telling.in_fewer_words(best);
            best = telling.without_what_nobody_needs(best);
            if best.len() == before {
                break;
            }
        }
        best = telling.without_waiting_in_vain(best);
        telling.story(&best).unwrap_or_else(|| self.clone())
    }
}

/// Tells stories, and sees whether they still show it.
struct Telling<'a> {
    begin: &'a World,
    shown: &'a dyn Fn(&Story) -> bool,
    left: usize,
}

impl Telling<'_> {
    /// The story of these turns as far as it takes to show it. What depends on what was left out does not happen; the
    /// rest may.
    fn story(&self, turns: &[Turn]) -> Option<Story> {
        let mut story = Story::new(self.begin.clone());
        let mut turns = turns.iter();
        turns
            .any(|turn| story.play(turn).is_ok() && (self.shown)(&story))
            .then_some(story)
    }

    /// The turns of it that happen, if it still shows it, as long as somebody listens.
    fn shows(&mut self, turns: &[Turn]) -> Option<Vec<Turn>> {
        self.left = self.left.checked_sub(1)?;
        self.story(turns).map(|story| story.turns)
    }

    /// The first of these stories that still shows it.
    fn first(&mut self, stories: impl IntoIterator<Item = Vec<Turn>>) -> Option<Vec<Turn>> {
        let mut stories = stories.into_iter();
        stories.find_map(|turns| self.shows(&turns))
    }

    /// Leaves out turns: first many, then one by one.
    fn with_fewer_turns(&mut self, turns: Vec<Turn>) -> Vec<Turn> {
        let mut best = turns;
        let mut size = best.len().div_ceil(2);
        while size > 0 {
            let mut from = 0;
            let mut shorter = false;
            while from < best.len() && self.left > 0 {
                let rest = &best[(from + size).min(best.len())..];
                let rest = [&best[..from], rest].concat();
                match self.shows(&rest) {
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

    /// Says in one turn what two said: what was opened, edited and acted with.
    fn in_fewer_words(&mut self, turns: Vec<Turn>) -> Vec<Turn> {
        let mut best = turns;
        while let Some(shown) = self.first(joined(&best)) {
            best = shown;
        }
        best
    }

    /// The same story with less in each turn: data, comments and the like that nobody needs.
    fn without_what_nobody_needs(&mut self, turns: Vec<Turn>) -> Vec<Turn> {
        let mut best = turns;
        let mut at = 0;
        while at < best.len() {
            let plainer = plainer_turns(&best[at]).into_iter().map(|turn| {
                let mut turns = best.clone();
                turns[at] = turn;
                turns
            });
            match self.first(plainer.collect::<Vec<_>>()) {
                Some(shown) => best = shown,
                None => at += 1,
            }
        }
        best
    }

    /// Waits in each turn just until it shows, to the second.
    fn without_waiting_in_vain(&mut self, turns: Vec<Turn>) -> Vec<Turn> {
        let mut best = turns;
        let mut at = 0;
        while at < best.len() {
            if let Turn::Wait(until) = best[at] {
                let mut before = Story::new(self.begin.clone());
                for turn in &best[..at] {
                    // They all happened before.
                    let _ = before.play(turn);
                }
                let now = before.world.now();
                let (mut short, mut enough) = (0, (until - now).num_seconds());
                while enough - short > 1 {
                    let middle = short + (enough - short) / 2;
                    let mut turns = best.clone();
                    turns[at] = Turn::Wait(now + Duration::seconds(middle));
                    if self.shows(&turns).is_some() {
                        best = turns;
                        enough = middle;
                    } else {
                        short = middle;
                    }
                }
            }
            at += 1;
        }
        best
    }
}

/// The stories with one turn less, of which another says what it said: the one before it, or the one after.
fn joined(turns: &[Turn]) -> Vec<Vec<Turn>> {
    let mut stories = Vec::new();
    for (later, turn) in turns.iter().enumerate() {
        for earlier in (0..later).rev() {
            let (Some(first), Some(second)) = (said_in(&turns[earlier]), said_in(turn)) else {
                continue;
            };
            let mut both = first.clone();
            for (form, values) in second {
                match (both.get_mut(form).and_then(Json::as_object_mut), values) {
                    (Some(known), Json::Object(values)) => known.extend(values.clone()),
                    _ => drop(both.insert(form.clone(), values.clone())),
                }
            }
            for (stays, goes) in [(earlier, later), (later, earlier)] {
                let mut turns = turns.to_vec();
                if let Some(said) = said_in_mut(&mut turns[stays]) {
                    said.clone_from(&both);
                }
                turns.remove(goes);
                stories.push(turns);
            }
        }
    }
    stories
}

/// What a turn writes into forms.
fn said_in(turn: &Turn) -> Option<&Patch> {
    match turn {
        Turn::Event(event) => match &event.deed {
            Deed::Open(_, opening) | Deed::OpenOlder(_, _, opening) => Some(&opening.data),
            Deed::Act { act, .. } => Some(&act.data),
            Deed::Edit(data) => Some(data),
            _ => None,
        },
        _ => None,
    }
}

fn said_in_mut(turn: &mut Turn) -> Option<&mut Patch> {
    match turn {
        Turn::Event(event) => match &mut event.deed {
            Deed::Open(_, opening) | Deed::OpenOlder(_, _, opening) => Some(&mut opening.data),
            Deed::Act { act, .. } => Some(&mut act.data),
            Deed::Edit(data) => Some(data),
            _ => None,
        },
        _ => None,
    }
}

/// What a turn could be with a little less in it.
fn plainer_turns(turn: &Turn) -> Vec<Turn> {
    match turn {
        Turn::Event(event) => plainer_events(event).into_iter().map(Turn::Event).collect(),
        Turn::Child { of, key, event } => {
            let child = |event| Turn::Child {
                of: of.clone(),
                key: key.clone(),
                event,
            };
            plainer_events(event).into_iter().map(child).collect()
        }
        Turn::Wait(_) | Turn::Fact { .. } | Turn::Case { .. } => Vec::new(),
    }
}

fn plainer_events(event: &Event) -> Vec<Event> {
    let without_code = Event {
        code: Code::Absent,
        ..event.clone()
    };
    let with = |deed: Deed| Event {
        deed,
        ..event.clone()
    };
    let without_code = (event.code != Code::Absent).then_some(without_code);
    let plainer = without_code.into_iter();
    plainer.chain(plainer_deeds(event, with)).collect()
}

fn plainer_deeds(event: &Event, with: impl Fn(Deed) -> Event) -> Vec<Event> {
    match &event.deed {
        Deed::Open(workflow, opening) => less(&opening.data)
            .map(|data| {
                let mut opening = opening.clone();
                opening.data = data;
                with(Deed::Open(workflow.clone(), opening))
            })
            .collect(),
        Deed::OpenOlder(workflow, version, opening) => less(&opening.data)
            .map(|data| {
                let mut opening = opening.clone();
                opening.data = data;
                with(Deed::OpenOlder(workflow.clone(), *version, opening))
            })
            .collect(),
        Deed::Migrate { data, reason } => less(data)
            .map(|data| {
                let reason = reason.clone();
                with(Deed::Migrate { data, reason })
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
