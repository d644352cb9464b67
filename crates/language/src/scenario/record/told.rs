//! The history as steps of a story. What one command did stands under one etag; what timers and the engine did by
//! themselves, the story's clock does again.

use countersign_core::{
    case::{Doer, EarlySignal},
    history::{Change, SealedEntry, What},
    name::Name,
    time::Time,
    workflow::{Action, Effect, StateKind, StatePath, Workflow},
};
use serde_json::{Map, Value as Json, json};

use super::{Recorded, Untellable, mask::Mask, people};
use crate::scenario::write::Line;

/// The steps, in order.
pub(super) fn lines<'w>(
    recorded: &Recorded<'w>,
    mask: &mut Mask<'w>,
) -> Result<Vec<Line>, Untellable> {
    let mut teller = Teller {
        recorded,
        mask,
        now: recorded.case.opened_at,
        lines: Vec::new(),
    };
    let commands = recorded
        .history
        .chunk_by(|one, other| one.entry.etag == other.entry.etag);
    for command in commands {
        // A case may be opened and handed in by one command; a story tells of two steps.
        let acts = |sealed: &SealedEntry| sealed.entry.what == What::Action;
        let second = command.iter().position(acts).filter(|at| {
            command[0].entry.what == What::Opened
                && command[*at].entry.actor == command[0].entry.actor
        });
        let (one, other) = command.split_at(second.unwrap_or(command.len()));
        teller.command(one)?;
        teller.command(other)?;
    }
    teller.end();
    Ok(teller.lines)
}

struct Teller<'r, 'w> {
    recorded: &'r Recorded<'w>,
    mask: &'r mut Mask<'w>,
    /// What the story's clock shows.
    now: Time,
    lines: Vec<Line>,
}

impl Teller<'_, '_> {
    /// What one command did.
    fn command(&mut self, command: &[SealedEntry]) -> Result<(), Untellable> {
        let Some(first) = command.first() else {
            return Ok(());
        };
        let line = match &first.entry.actor {
            Doer::Timer(_) | Doer::Machine => None,
            Doer::Person(_) | Doer::Service(_) | Doer::Link(_) => self.line(first, command)?,
        };
        let moved = command
            .iter()
            .rev()
            .find_map(|sealed| sealed.entry.to.clone());
        let Some(mut line) = line else {
            // The clock does it: what it led to is worth a look.
            if let Some(state) = moved
                && self.wait_until(first.entry.recorded_at)
            {
                self.expect_state(&state);
            }
            return Ok(());
        };
        self.wait_until(first.entry.recorded_at);
        if let Some(state) = moved.filter(|_| self.tells_states()) {
            line.beside("then", json!({ "state": state }));
        }
        self.lines.push(line);
        Ok(())
    }

    /// How the case ended, or where it is.
    fn end(&mut self) {
        let case = self.recorded.case;
        let end = case.end();
        if let (Some(end), Some(last)) = (end, self.lines.last_mut()) {
            let state = case.state.to_string();
            last.beside("then", json!({ "state": state, "end": end.as_str() }));
        }
    }

    /// Where tracks run, an entry tells of one of them.
    fn tells_states(&self) -> bool {
        let mut states = self.recorded.workflow.states.iter();
        !states.any(|state| matches!(state.kind, StateKind::Tracks))
    }

    /// Moves the story's clock; whether it has moved.
    fn wait_until(&mut self, until: Time) -> bool {
        let moves = until > self.now;
        if moves {
            let local = local(until, self.recorded.workflow);
            self.lines.push(Line::new("wait until", json!(local)));
            self.now = until;
        }
        moves
    }

    fn expect_state(&mut self, state: &StatePath) {
        let tells = self.tells_states();
        if let Some(last) = self.lines.last_mut().filter(|_| tells) {
            last.beside("then", json!({ "state": state }));
        }
    }

    /// The step that the first entry tells of; `None` if it tells of none.
    fn line(
        &mut self,
        first: &SealedEntry,
        command: &[SealedEntry],
    ) -> Result<Option<Line>, Untellable> {
        let SealedEntry {
            entry, personal, ..
        } = first;
        if personal.digest(&first.salt) != entry.digest {
            return Err(Untellable::Erased(entry.entry));
        }
        let who = who(&entry.actor);
        let verb = |verb: &str| format!("{who} {verb}");
        let material = || entry.action.as_ref().map_or("", Name::as_str);
        let text = personal.text.as_deref().unwrap_or_default();
        let text = json!(self.mask.text(text));
        let detail = |name: &str| personal.detail.get(name);
        let line = match entry.what {
            What::Opened => Line::new(&verb("opens"), self.opened(first)),
            What::Action | What::Vote => self.action(&who, first, command),
            What::VoteTakenBack => Line::new(&verb("takes back"), json!(entry.action)),
            What::Edit | What::Reply => {
                let data = self.data(&personal.changes, &[]);
                let nothing = data.as_object().is_none_or(Map::is_empty);
                let data = if nothing { Json::Null } else { data };
                let mut line = Line::new(&verb("edits"), data);
                self.said(&mut line, command);
                line
            }
            What::Comment => self.comment(&who, first),
            What::Attached => Line::new(&verb("edits"), json!({ material(): detail("name") })),
            What::Detached => Line::new(&verb("edits"), json!({ material(): [] })),
            What::Hold => Line::new(&verb("holds"), text),
            What::Resume => Line::new(&verb("resumes"), text),
            What::Move => because(Line::new(&verb("moves"), json!(entry.to)), text),
            What::Claimed => Line::new(&verb("claims"), Json::Null),
            What::Released => Line::new(&verb("releases"), Json::Null),
            What::Delegated => Line::new(&verb("delegates"), json!(detail("to"))),
            What::Reassigned => {
                let from = detail("from").and_then(Json::as_str).unwrap_or_default();
                let turn = json!({ from: detail("to") });
                because(Line::new(&verb("reassigns"), turn), text)
            }
            What::Kept => self.kept(&who, first),
            What::Settled => return Ok(None),
            What::Voided
            | What::Assigned
            | What::Decision
            | What::Otherwise
            | What::Timer
            | What::Child
            | What::Migrate
            | What::MigrationUndone
            | What::Incident => {
                return Err(Untellable::NoWords {
                    entry: entry.entry,
                    what: entry.what,
                });
            }
        };
        Ok(Some(line))
    }

    fn opened(&mut self, first: &SealedEntry) -> Json {
        let set = written_by(&self.recorded.workflow.open.effects);
        let mut members = Map::new();
        if let Some(person) = first.personal.detail.get("on_behalf_of") {
            members.insert("on_behalf_of".to_owned(), person.clone());
        }
        let links = self.recorded.linked.iter();
        members.extend(links.map(|(link, _)| (link.to_string(), json!(link))));
        if let Json::Object(data) = self.data(&first.personal.changes, &set) {
            members.extend(data);
        }
        Json::Object(members)
    }

    fn action(&mut self, who: &str, first: &SealedEntry, command: &[SealedEntry]) -> Line {
        let mut line = Line::new(who, json!(first.entry.action));
        let set: Vec<String> = actions(self.recorded.workflow, first.entry.action.as_ref())
            .flat_map(|action| written_by(&action.effects))
            .collect();
        if let Json::Object(data) = self.data(&first.personal.changes, &set) {
            for (form, values) in data {
                line.beside(&form, values);
            }
        }
        self.said(&mut line, command);
        let detail = &first.personal.detail;
        // A vote that counts in several panels has named none.
        let panels = detail.get("panels").and_then(Json::as_array);
        if let Some([panel]) = panels.map(Vec::as_slice) {
            line.beside("panel", panel.clone());
        }
        for how in ["confirm", "code"] {
            if let Some(value) = detail.get(how) {
                line.beside(how, value.clone());
            }
        }
        line
    }

    /// A signal that came early. What it brought stands where it was taken, or still with the case; of one that a newer
    /// one replaced nobody knows.
    fn kept(&mut self, who: &str, first: &SealedEntry) -> Line {
        let entry = &first.entry;
        let mut later = self.recorded.history.iter();
        let taken = later.find(|sealed| {
            let after = sealed.entry.entry > entry.entry && sealed.entry.actor == entry.actor;
            after && sealed.entry.what != What::Comment && sealed.entry.action == entry.action
        });
        if let Some(taken) = taken.filter(|taken| taken.entry.what == What::Action) {
            return self.action(who, taken, &[]);
        }
        let mut line = Line::new(who, json!(entry.action));
        let mut waiting = self.recorded.case.content.early.iter();
        let waits = |signal: &&EarlySignal| Some(&signal.action) == entry.action.as_ref();
        let waiting = waiting.find(waits).filter(|_| taken.is_none());
        for (form, values) in waiting.into_iter().flat_map(|signal| &signal.data) {
            let values = values.as_object().into_iter().flatten();
            let values: Map<String, Json> = values
                .filter_map(|(field, value)| {
                    Some((field.clone(), self.mask.field(form, field, value)?))
                })
                .collect();
            line.beside(form, Json::Object(values));
        }
        line
    }

    /// What was written, by form, but for what the workflow wrote itself.
    fn data(&mut self, changes: &[Change], set: &[String]) -> Json {
        let mut forms = Map::new();
        for Change { at, now, .. } in changes.iter().filter(|change| !is_in(set, &change.at)) {
            let Some((form, field)) = at.split_once('.') else {
                continue;
            };
            if let Some(value) = self.mask.field(form, field, now) {
                let values = forms.entry(form.to_owned()).or_insert_with(|| json!({}));
                values[field] = value;
            }
        }
        Json::Object(forms)
    }

    /// The comments and replies that came with a command.
    fn said(&self, line: &mut Line, command: &[SealedEntry]) {
        let mut said: [(&str, Map<String, Json>); 3] = [
            ("comment", Map::new()),
            ("internal", Map::new()),
            ("reply", Map::new()),
        ];
        for sealed in command {
            let detail = &sealed.personal.detail;
            let (kind, at) = if sealed.entry.what == What::Reply {
                (2, self.answered(sealed))
            } else if sealed.entry.what == What::Comment {
                let internal = detail.get("internal").is_some();
                (
                    usize::from(internal),
                    detail.get("at").and_then(Json::as_str),
                )
            } else {
                continue;
            };
            let text = sealed.personal.text.as_deref().unwrap_or_default();
            let at = at.unwrap_or("case").to_owned();
            said[kind].1.insert(at, json!(self.mask.text(text)));
        }
        for (key, texts) in said {
            if !texts.is_empty() {
                line.beside(key, Json::Object(texts));
            }
        }
    }

    fn comment(&self, who: &str, first: &SealedEntry) -> Line {
        let mut line = Line::new(&format!("{who} comments"), Json::Null);
        let text = self
            .mask
            .text(first.personal.text.as_deref().unwrap_or_default());
        let at = first.personal.detail.get("at").and_then(Json::as_str);
        let said = json!({ at.unwrap_or("case"): text });
        if first.personal.detail.get("internal").is_some() {
            line.beside("internal", said);
        } else {
            line = Line::new(&format!("{who} comments"), said);
        }
        line
    }

    /// The place of the comment that a reply answers.
    fn answered(&self, reply: &SealedEntry) -> Option<&str> {
        let id = reply.personal.detail.get("comment")?.as_str()?;
        let mut comments = self.recorded.case.content.comments.iter();
        let comment = comments.find(|comment| comment.id.to_string() == id)?;
        comment.at.as_deref()
    }
}

/// A moment as stories write it: in the workflow's zone, with thousandths of a second where it has some.
pub(super) fn local(time: Time, workflow: &Workflow) -> String {
    let local = time.with_timezone(&workflow.surroundings.zone);
    let format = match local.timestamp_subsec_millis() {
        0 => "%Y-%m-%d %H:%M:%S",
        _ => "%Y-%m-%d %H:%M:%S%.3f",
    };
    local.format(format).to_string()
}

/// A step with the reason for it.
fn because(mut line: Line, reason: Json) -> Line {
    line.beside("comment", reason);
    line
}

/// How the story calls somebody.
fn who(actor: &Doer) -> String {
    match actor {
        Doer::Person(id) => id.to_string(),
        Doer::Link(_) => people::STRANGER.to_owned(),
        Doer::Service(_) | Doer::Timer(_) | Doer::Machine => "system".to_owned(),
    }
}

/// Actions and decisions of this name.
fn actions<'a>(workflow: &'a Workflow, name: Option<&Name>) -> impl Iterator<Item = &'a Action> {
    let states = workflow.states.iter();
    states.flat_map(move |state| {
        let name = name.cloned();
        let action = name.as_ref().and_then(|name| state.actions.get(name));
        let decision = name.as_ref().and_then(|name| {
            let review = state.review.as_ref()?;
            Some(&review.decisions.get(name)?.action)
        });
        action.into_iter().chain(decision)
    })
}

/// The places that effects write.
fn written_by(effects: &[Effect]) -> Vec<String> {
    let mut places = Vec::new();
    for effect in effects {
        if let Effect::Set(values) = effect {
            places.extend(values.iter().map(|value| value.place.to_string()));
        }
    }
    places
}

/// Whether a place is one of these, or in one of them.
fn is_in(places: &[String], at: &str) -> bool {
    places.iter().any(|place| {
        at.strip_prefix(place.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
