//! The working state of one command: a copy of the case, and everything that will be committed with it. Rules
//! are elsewhere; a run that is refused is thrown away.

use std::{cell::RefCell, collections::BTreeSet};

use serde_json::Value as Json;

use crate::{
    case::{Actor, Case, Channel, DeliveryId, Doer, Lifecycle, PersonId},
    command::Command,
    context::Context,
    expression::{Expression, Failure, Value},
    history::Change,
    machine::Slot,
    name::Name,
    outcome::{Incident, LimitChange, NewChild, NewDelivery, Refusal},
    reading::Reading,
    sight::Sight,
    text::Text,
    time::Time,
    workflow::{RoleIs, State, StateId, Workflow},
};

use super::{letters::Deferred, seal::Draft};

/// One command under way.
pub(super) struct Run<'a> {
    pub workflow: &'a Workflow,
    pub ctx: &'a Context<'a>,
    pub reading: &'a Reading<'a>,
    /// The moment of the step: that of the command, or when a timer was due.
    pub now: Time,
    /// The case as it is so far.
    pub case: Case,
    pub cause: Cause,
    /// Whose kept signal is being taken, instead of the command of the actor.
    pub speaks: Option<Actor>,
    pub entries: Vec<Draft>,
    pub deliveries: Vec<NewDelivery>,
    pub children: Vec<NewChild>,
    pub limits: Vec<LimitChange>,
    pub incidents: Vec<Incident>,
    /// The cause of the incident that is looked into.
    pub looked_into: Option<String>,
    /// The causes of incidents that are gone.
    pub settled: Vec<String>,
    /// Who was asked and need not act any more, until the move is over.
    pub relieved: BTreeSet<PersonId>,
    /// Reminders that need not go.
    pub unsent: Vec<DeliveryId>,
    /// Mails and hook calls of the move under way: made when it is over.
    pub deferred: Vec<Deferred<'a>>,
    /// Changed places that no entry tells of yet.
    pub changes: Vec<Change>,
    pub content_changed: bool,
    /// A revision was counted for this command.
    pub revised: bool,
    /// Something happened that must be committed.
    pub touched: bool,
    /// Counts ids made in this command.
    pub made: u32,
    failures: RefCell<Vec<Failed>>,
}

/// An expression that failed in this run.
#[derive(Debug)]
struct Failed {
    /// Its source or its place: what it is told once for.
    place: String,
    why: Failure,
    /// It stands where data may still be missing (rule 17): the history tells it, no operator is called.
    waits: bool,
}

/// Who and what causes the step under way.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    pub doer: Doer,
    pub role: Option<Name>,
    pub channel: Channel,
    /// The text given with the step.
    pub comment: String,
    /// Whether it comes from the starter's side.
    pub starter_side: bool,
    /// The state that declares what is under way.
    pub at: Option<StateId>,
    /// In whose place it is done.
    pub instead_of: Vec<PersonId>,
}

impl Cause {
    /// Nobody but a timer.
    pub fn of_timer(name: Name) -> Self {
        Self {
            doer: Doer::Timer(name),
            role: None,
            channel: Channel::Timer,
            comment: String::new(),
            starter_side: false,
            at: None,
            instead_of: Vec::new(),
        }
    }
}

/// A point of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    entries: usize,
    deliveries: usize,
    children: usize,
    limits: usize,
    incidents: usize,
    unsent: usize,
}

impl<'a> Run<'a> {
    pub fn new(
        workflow: &'a Workflow,
        case: Case,
        ctx: &'a Context<'a>,
        reading: &'a Reading<'a>,
    ) -> Self {
        let cause = Cause {
            doer: ctx.actor.doer(),
            role: None,
            channel: ctx.channel,
            comment: String::new(),
            starter_side: false,
            at: None,
            instead_of: Vec::new(),
        };
        Self {
            workflow,
            ctx,
            reading,
            now: ctx.now,
            case,
            cause,
            speaks: None,
            entries: Vec::new(),
            deliveries: Vec::new(),
            children: Vec::new(),
            limits: Vec::new(),
            incidents: Vec::new(),
            looked_into: None,
            settled: Vec::new(),
            relieved: BTreeSet::new(),
            unsent: Vec::new(),
            deferred: Vec::new(),
            changes: Vec::new(),
            content_changed: false,
            revised: false,
            touched: false,
            made: 0,
            failures: RefCell::default(),
        }
    }

    /// Judges a command of somebody and carries it out on the copy.
    pub fn command(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::FireTimers => {
                self.fire_due_timers();
                self.look_again();
                return Ok(());
            }
            Command::Recount => {
                self.look_again();
                return Ok(());
            }
            Command::NotOpened { child, why } => {
                self.not_opened(*child, why);
                return Ok(());
            }
            Command::LookInto { incident } => return self.look_into(incident),
            Command::Hold { reason } => self.hold(reason)?,
            Command::Resume { reason } => self.go_on(reason)?,
            Command::Move { to, reason } => self.put(to, reason)?,
            Command::Act(act) if self.is_signal() => return self.signal(act),
            // These change the workflow of the run: `migrate` makes a run of its own.
            Command::Migrate { .. } | Command::UndoMigration { .. } => return Ok(()),
            Command::Act(act) => self.act(act)?,
            Command::TakeBack { decision } => self.take_back(decision)?,
            Command::Claim => self.claim()?,
            Command::Release { reason } => self.release(reason)?,
            Command::Delegate { to, reason } => self.delegate(to, reason)?,
            Command::Reassign { from, to, reason } => self.reassign(from.as_ref(), to, reason)?,
            Command::Edit { data } => self.edit(data)?,
            Command::Comment(comment) => self.comment(comment)?,
            Command::Reply(reply) => self.reply(reply)?,
            Command::Attach { material, file } => self.attach(material, file)?,
            Command::Detach { material, file } => self.detach(material, *file)?,
        }
        self.settle()
    }

    /// Who acts in the step under way.
    pub fn actor(&self) -> &Actor {
        self.speaks.as_ref().unwrap_or(self.ctx.actor)
    }

    /// The leaf where the case is, or the state with tracks.
    pub fn leaf(&self) -> &'a State {
        let states = &self.workflow.states;
        match states.find(self.case.state.as_str()) {
            Some(state) => state,
            // A stored case of this version is always in one of its states; the first stands in for a broken row.
            None => states.get(Slot(0)),
        }
    }

    /// The states that the case is in, inner ones first.
    pub fn states(&self) -> impl Iterator<Item = &'a State> + use<'a> {
        self.case.states(&self.workflow.states).into_iter()
    }

    /// The state whose review is meant by what is under way.
    pub fn reviewing_here(&self) -> Option<&'a State> {
        let id = self.sight().reviewing()?.id;
        Some(self.workflow.states.get(id))
    }

    /// The states that have a review, of each track at most one.
    pub fn reviewing(&self) -> Vec<&'a State> {
        let all = self.states();
        all.filter(|state| state.review.is_some()).collect()
    }

    /// What expressions see now.
    pub fn sight(&self) -> Sight<'_> {
        let actor = match &self.cause.doer {
            Doer::Timer(_) => &Actor::Machine,
            Doer::Person(_) | Doer::Service(_) | Doer::Link(_) | Doer::Machine => self.actor(),
        };
        let sight = Sight::new(self.workflow, &self.case, self.reading, self.now, actor);
        Sight {
            comment: &self.cause.comment,
            at: self.cause.at,
            ..sight
        }
    }

    /// What expressions of a state see now.
    pub fn sight_at(&self, state: &State) -> Sight<'_> {
        Sight {
            at: Some(state.id),
            ..self.sight()
        }
    }

    /// Does something as from within a state: votes and `state` are those of its track.
    pub fn within(&mut self, state: StateId, doing: impl FnOnce(&mut Self)) {
        let before = self.cause.at.replace(state);
        doing(self);
        self.cause.at = before;
    }

    /// The people that an expression names; nobody if it fails.
    pub fn people(&self, expression: &Expression) -> Vec<PersonId> {
        self.value(expression)
            .map(|value| Sight::people(&value))
            .unwrap_or_default()
    }

    /// The value of an expression; a failure is written down once and counts as nothing.
    pub fn value(&self, expression: &Expression) -> Option<Value> {
        let result = expression.evaluate(&self.sight());
        self.or_note_in(expression, result)
    }

    /// The truth of an expression; a failure is written down once and counts as false.
    pub fn is_true(&self, expression: &Expression) -> bool {
        let result = self.sight().truth(expression);
        self.or_note_in(expression, result).unwrap_or(false)
    }

    fn or_note_in<T>(&self, expression: &Expression, result: Result<T, Failure>) -> Option<T> {
        self.or_note(expression.source(), result)
    }

    /// Keeps what is there, and writes a failure down: where, and why.
    pub fn or_note<T>(&self, place: &str, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => self.note(place, failure, false),
        }
    }

    /// The same where an expression may wait for data: of that the history tells, but nobody has to be called.
    pub fn or_wait<T>(&self, place: &str, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => self.note(place, failure, true),
        }
    }

    fn note<T>(&self, place: &str, why: Failure, waits: bool) -> Option<T> {
        // What is not loaded yet reads as absent: that is no failure of the workflow, and this run comes to nothing.
        if self.reading.is_complete() {
            let place = place.to_owned();
            self.failures
                .borrow_mut()
                .push(Failed { place, why, waits });
        }
        None
    }

    /// Whether this role is the starter's.
    pub fn is_starters(&self, role: &str) -> bool {
        self.workflow
            .roles
            .get(role)
            .is_some_and(|role| matches!(role.is, RoleIs::Starter))
    }

    /// Something needs an operator: told once for each cause.
    pub fn incident(&mut self, cause: String, code: &str, message: Text) {
        if self.looked_into.as_ref() == Some(&cause) {
            // It is told of, and still so.
            self.case.failures.insert(cause);
        } else if self.case.failures.insert(cause.clone()) {
            let mut draft = Draft::of(crate::history::What::Incident);
            draft.text = Some(message.en.clone());
            self.write(draft);
            self.incidents.push(Incident {
                code: code.to_owned(),
                message,
                cause,
                state: Some(self.case.state.clone()),
            });
        }
    }

    /// Run-time failures of expressions are written down, once for each cause; those that do not just wait for data
    /// become incidents.
    pub fn tell_failures(&mut self) {
        for Failed { place, why, waits } in self.failures.take() {
            if waits {
                let cause = format!("{place}: {why}");
                if self.case.failures.insert(cause) {
                    let text = format!("Not reckoned: `{place}`: {why}.");
                    self.write(Draft::of(crate::history::What::Incident).saying(&text));
                }
                continue;
            }
            let message = Text::new(
                format!("An expression failed and counts as not satisfied: `{place}`: {why}."),
                format!("表达式运行失败，按不满足处理：`{place}`：{why}。"),
            );
            self.incident(format!("expression {place}"), "expression_failed", message);
        }
    }

    /// Whether the case runs.
    pub fn is_running(&self) -> bool {
        matches!(self.case.lifecycle, Lifecycle::Running)
    }

    /// How far the run has come, to go back to when a step in it comes to nothing.
    pub fn marks(&self) -> Marks {
        Marks {
            entries: self.entries.len(),
            deliveries: self.deliveries.len(),
            children: self.children.len(),
            limits: self.limits.len(),
            incidents: self.incidents.len(),
            unsent: self.unsent.len(),
        }
    }

    /// Forgets what was to be committed since then; the caller puts the case back.
    pub fn back_to(&mut self, marks: Marks) {
        self.entries.truncate(marks.entries);
        self.deliveries.truncate(marks.deliveries);
        self.children.truncate(marks.children);
        self.limits.truncate(marks.limits);
        self.incidents.truncate(marks.incidents);
        self.deferred.clear();
        self.relieved.clear();
        self.unsent.truncate(marks.unsent);
        self.changes.clear();
    }

    /// An entry of this step, with the changes that no entry tells of yet.
    pub fn write(&mut self, mut draft: Draft) {
        draft.changes = std::mem::take(&mut self.changes);
        if draft.from.is_none() && draft.what.is_done_somewhere() {
            draft.from = self.track_leaf();
        }
        draft.stamp(self);
        self.entries.push(draft);
        self.touched = true;
    }

    /// More about the step, for its entry.
    pub fn detail(pairs: &[(&str, Json)]) -> Json {
        let pairs = pairs.iter().filter(|(_, value)| !value.is_null());
        let map: serde_json::Map<_, _> = pairs
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect();
        if map.is_empty() {
            Json::Null
        } else {
            Json::Object(map)
        }
    }
}
