//! Committing a step to the world, and waking the cases that read what it changed (rule 49).

use std::sync::Arc;

use crate::{
    case::{Actor, Case, CaseId, Channel, Purpose, Watch},
    command::Command,
    outcome::{Content, PlaceChange, Step},
};

use super::{Counted, Kept, MadeCall, Request, SentMail, World};

/// How far cases may wake one another; in a service each waking is a commit of its own, and somebody would see them.
const MOST_WAKINGS: u32 = 32;

impl World {
    pub(super) fn commit(&mut self, step: Step) {
        let id = step.case.id;
        self.steps += 1;
        let children = step.children;
        for change in &step.limits {
            if let PlaceChange::Counted { amount, at } = change.change {
                Arc::make_mut(&mut self.counted).push(Counted {
                    key: change.key.clone(),
                    amount,
                    at,
                });
            }
        }
        let at = step
            .entries
            .last()
            .map_or(self.now, |entry| entry.entry.recorded_at);
        for delivery in step.deliveries {
            match delivery.content {
                // A courtesy that asks for nothing: stories tell of what the workflow sends.
                Content::Mail(mail) if mail.purpose == Purpose::Settled => {
                    self.notices.push(Arc::new(SentMail {
                        id: delivery.id,
                        case: id,
                        at,
                        mail,
                    }));
                }
                Content::Mail(mail) => self.mail.push(Arc::new(SentMail {
                    id: delivery.id,
                    case: id,
                    at,
                    mail,
                })),
                Content::Hook(hook) => {
                    let at = hook.called_at;
                    self.calls.push(Arc::new(MadeCall {
                        id: delivery.id,
                        case: id,
                        at,
                        hook,
                    }));
                }
            }
        }
        self.incidents
            .retain(|(case, incident)| *case != id || !step.settled.contains(&incident.cause));
        self.incidents
            .extend(step.incidents.into_iter().map(|incident| (id, incident)));
        let before = self.cases.remove(&id).map(Arc::unwrap_or_clone);
        let (mut history, mut access) = before
            .map(|kept| (kept.history, kept.access))
            .unwrap_or_default();
        history.extend(step.entries.into_iter().map(Arc::new));
        access.retain(|subject| !step.hidden.contains(subject));
        access.extend(step.access);
        let kept = Kept {
            case: step.case,
            history,
            waiting: step.waiting,
            access,
        };
        self.cases.insert(id, Arc::new(kept));
        for child in &children {
            self.open_child(child);
        }
        self.wake_watchers(id);
    }

    /// Lets cases look again that read this one.
    pub(super) fn wake_watchers(&mut self, changed: CaseId) {
        let changes = self.case(changed).map_or_else(Vec::new, Watch::changed);
        let watches = |case: &Case| changes.iter().any(|watch| case.watches.contains(watch));
        self.wake(|case| case.id != changed && watches(case));
    }

    /// Lets cases look again at their ballots, moments and what they wait for.
    pub(super) fn wake(&mut self, concerned: impl Fn(&Case) -> bool) {
        if self.waking == MOST_WAKINGS {
            return;
        }
        self.waking += 1;
        let running = self
            .cases
            .values()
            .map(|kept| &kept.case)
            .filter(|case| case.end().is_none());
        let concerned: Vec<CaseId> = running
            .filter(|case| concerned(case))
            .map(|case| case.id)
            .collect();
        let machine = Request {
            channel: Channel::Timer,
            ..Request::of(Actor::Machine)
        };
        for id in concerned {
            // Never refused: it only looks again.
            let _ = self.command(&machine, id, &Command::Recount);
        }
        self.waking -= 1;
    }
}
