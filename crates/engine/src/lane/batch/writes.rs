//! What a batch has gathered to write, and the cases that it holds in memory meanwhile.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use countersign_core::{
    case::{Case, CaseId, HeldPlace, Watch},
    context::{Inputs, LimitKey, LinkedCase, Needs},
    outcome::{LimitChange, PlaceChange, Step, Subject, Waiting},
    time::Time,
    workflow::Workflow,
};

use super::{Committed, outbox};
use crate::{
    HookForms, Registry,
    ports::store::{Batch, CaseWrite},
};

/// A case of a batch: as it was loaded or opened, then as each step leaves it.
pub(super) struct CaseInHand {
    pub case: Case,
    etag_before: u64,
    content_changed: bool,
    waiting: Option<Vec<Waiting>>,
    access: BTreeSet<Subject>,
    hidden: BTreeSet<Subject>,
    watches_before: BTreeSet<Watch>,
}

impl CaseInHand {
    pub(super) fn loaded(case: Case) -> Self {
        let etag_before = case.etag;
        Self {
            watches_before: case.watches.clone(),
            case,
            etag_before,
            content_changed: false,
            waiting: None,
            access: BTreeSet::new(),
            hidden: BTreeSet::new(),
        }
    }

    /// A case that the batch opens. Before the step that opens it is taken over, it holds no place of a limit: what it holds
    /// then is counted against the next opening of the same batch.
    pub(super) fn opened(case: &Case) -> Self {
        let before = Case {
            held: Vec::new(),
            ..case.clone()
        };
        Self {
            etag_before: 0,
            content_changed: true,
            watches_before: BTreeSet::new(),
            ..Self::loaded(before)
        }
    }

    pub(super) fn is_changed(&self) -> bool {
        self.waiting.is_some()
    }

    pub(super) fn take(&mut self, step: Step) {
        self.content_changed |= step.content_changed;
        self.waiting = Some(step.waiting);
        // What the later step says counts.
        self.access.retain(|who| !step.hidden.contains(who));
        self.hidden.retain(|who| !step.access.contains(who));
        self.access.extend(step.access);
        self.hidden.extend(step.hidden);
        self.case = step.case;
    }

    /// Lets other cases of the batch read and find this one as it is now.
    pub(super) fn refresh(&self, inputs: &mut Inputs, registry: &Registry) {
        let Some(workflow) = registry.get(&self.case.workflow, self.case.version) else {
            inputs.cases.remove(&self.case.id);
            return;
        };
        let case = Arc::new(LinkedCase::of(&self.case, workflow));
        for (query, found) in &mut inputs.found {
            query.correct(found, &case);
        }
        inputs.cases.insert(case.id, Some(case));
    }

    fn into_write(self) -> Option<CaseWrite> {
        let search = search_text(&self.case);
        let rewatched = self.watches_before != self.case.watches;
        Some(CaseWrite {
            waiting: self.waiting?,
            watches: rewatched.then(|| self.case.watches.clone()),
            case: self.case,
            etag_before: self.etag_before,
            content_changed: self.content_changed,
            access: self.access,
            hidden: self.hidden,
            search,
        })
    }
}

/// What a search finds a case by.
fn search_text(case: &Case) -> String {
    let mut text = format!("{} {}", case.number, case.title);
    for value in case.content.forms.values().flat_map(|form| form.values()) {
        if let Some(words) = value.as_str() {
            text.push(' ');
            text.push_str(words);
        }
    }
    text.to_lowercase()
}

/// Everything gathered so far.
#[derive(Default)]
pub(super) struct Writes {
    pub batch: Batch,
    /// Whether there is anything to commit besides cases.
    pub something: bool,
    /// Whether deliveries became due besides new ones.
    pub deliveries_are_due: bool,
    counted: Vec<Counted>,
    timers: bool,
}

/// A change of a limit in this batch, which the store does not know yet.
struct Counted {
    key: LimitKey,
    /// For `within`: the moment that is counted.
    at: Option<Time>,
    delta: i64,
}

impl Counted {
    /// Takes over what it changes for what places under this key are held.
    fn held_for(&self, key: &LimitKey, holders: &mut BTreeMap<String, i64>) {
        let Some((mut all, value)) = self.key.held_for() else {
            return;
        };
        all.since = key.since;
        let counts = match (self.at, key.since) {
            (Some(at), Some(since)) => at > since,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if all == *key && counts {
            *holders.entry(value.to_owned()).or_insert(0) += self.delta;
            holders.retain(|_, times| *times > 0);
        }
    }

    /// Whether it changes what is known under this key.
    fn concerns(&self, key: &LimitKey) -> bool {
        let same = self.key.workflow == key.workflow
            && self.key.limit == key.limit
            && self.key.key == key.key;
        same && match (self.at, key.since) {
            (Some(at), Some(since)) => at > since,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl Writes {
    /// Takes a step over, all but the case itself.
    pub(super) fn take(
        &mut self,
        workflow: &Workflow,
        held_before: &[HeldPlace],
        step: &Step,
        inputs: &mut Inputs,
        hook_forms: &HookForms,
    ) {
        let id = step.case.id;
        for change in &step.limits {
            self.count(held_before, change, inputs);
            self.batch.limits.push((id, change.clone()));
        }
        self.batch
            .entries
            .extend(step.entries.iter().map(|entry| (id, entry.clone())));
        self.batch.unsent.extend(&step.unsent);
        for delivery in &step.deliveries {
            self.batch.deliveries.push(outbox::delivery(
                workflow, &step.case, delivery, inputs, hook_forms,
            ));
        }
        self.batch
            .links
            .extend(step.case.mail_links.iter().map(|link| (link.id, id)));
        self.batch.children.extend(step.children.iter().cloned());
        self.timers |= !step.children.is_empty();
        for file in step
            .case
            .content
            .materials
            .values()
            .flatten()
            .filter(|_| step.content_changed)
        {
            self.batch.files.push((file.id, id, file.sha256.clone()));
        }
        let settled = step.settled.iter().map(|cause| (id, cause.clone()));
        self.batch.settled.extend(settled);
        let at = step.entries.last().map(|entry| entry.entry.recorded_at);
        for incident in &step.incidents {
            self.batch.incidents.push((
                Some(id),
                incident.clone(),
                at.unwrap_or(step.case.opened_at),
            ));
        }
        self.timers |= step.case.next_due().is_some();
        self.something = true;
    }

    /// A child case waits no longer to be opened: it is, or cannot be.
    pub(super) fn opened(&mut self, child: CaseId) {
        self.batch.opened.push(child);
        self.something = true;
    }

    /// A case was due or woken, and had nothing to do.
    pub(super) fn rest(&mut self, case: CaseId, next: Option<Time>) {
        self.batch.rested.push((case, next));
        self.something = true;
    }

    fn count(&mut self, held_before: &[HeldPlace], change: &LimitChange, inputs: &mut Inputs) {
        let held = || {
            let same =
                |place: &&HeldPlace| place.limit == change.key.limit && place.key == change.key.key;
            held_before
                .iter()
                .find(same)
                .map_or(0, |place| place.amount)
        };
        let (at, delta) = match change.change {
            PlaceChange::Counted { amount, at } => (Some(at), amount),
            PlaceChange::Held { amount } => (None, amount - held()),
            PlaceChange::Released => (None, -held()),
        };
        let counted = Counted {
            key: change.key.clone(),
            at,
            delta,
        };
        for (_, used) in inputs
            .usage
            .iter_mut()
            .filter(|(key, _)| counted.concerns(key))
        {
            *used += delta;
        }
        for (key, holders) in &mut inputs.holders {
            counted.held_for(key, holders);
        }
        self.counted.push(counted);
    }

    /// Adds what this batch has counted to what was just loaded.
    pub(super) fn count_into(&self, inputs: &mut Inputs, loaded: &Needs) {
        for key in &loaded.holders {
            if let Some(holders) = inputs.holders.get_mut(key) {
                for counted in &self.counted {
                    counted.held_for(key, holders);
                }
            }
        }
        for key in &loaded.usage {
            if let Some(used) = inputs.usage.get_mut(key) {
                *used += self
                    .counted
                    .iter()
                    .filter(|c| c.concerns(key))
                    .map(|c| c.delta)
                    .sum::<i64>();
            }
        }
    }

    /// The rows, and what they wake; `None` if there is nothing to commit.
    pub(super) fn finish(
        mut self,
        cases: HashMap<CaseId, CaseInHand>,
        now: Time,
    ) -> (Option<Batch>, Committed) {
        let woken = Committed {
            deliveries: self.deliveries_are_due || !self.batch.deliveries.is_empty(),
            timers: self.timers,
        };
        // What a case has come to since counts.
        self.batch
            .rested
            .retain(|(id, _)| !cases.get(id).is_some_and(CaseInHand::is_changed));
        self.batch.cases = cases
            .into_values()
            .filter_map(CaseInHand::into_write)
            .collect();
        // Rows are locked in the order of ids everywhere, so that lanes never wait in a ring.
        self.batch.cases.sort_by_key(|write| write.case.id);
        self.batch.at = Some(now);
        let something = self.something || !self.batch.cases.is_empty();
        (something.then_some(self.batch), woken)
    }
}
