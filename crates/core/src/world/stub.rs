//! Cases that a scenario puts into the world as they are, for others to link to.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    case::{Actor, Case, CaseId, Content, Lifecycle, PartnerId, PersonId},
    command::Patch,
    context::Needs,
    form, limits,
    name::Name,
    outcome::Missing,
    reading::Reading,
    sight::Sight,
    step,
    text::Text,
    workflow::{StateKind, StatePath, Workflow},
};

use super::{Kept, MOST_LOADS, World};

/// A case that is simply there.
#[derive(Debug, Clone, Default)]
pub struct Stub {
    /// Its workflow, published before.
    pub workflow: String,
    /// Whose it is.
    pub partner: Option<PartnerId>,
    /// Who opened it.
    pub starter: Option<PersonId>,
    /// The state's path.
    pub state: String,
    /// Its forms.
    pub data: Patch,
}

impl World {
    /// Puts a case into the world without a step: no mail, no timers, no history.
    pub fn put_case(&mut self, stub: &Stub) -> Result<CaseId, Vec<Missing>> {
        let Some(workflow) = self.workflow(&stub.workflow) else {
            return Err(missing(
                "workflow",
                "There is no such workflow.",
                "没有这样的流程。",
            ));
        };
        let content = self.filled(&workflow, &Content::default(), &stub.data)?;
        let id = self.new_case_id();
        let number = format!("{}-{}", stub.workflow, self.cases.len() + 1);
        let case = Case {
            id,
            number,
            workflow: workflow.id.clone(),
            version: workflow.version,
            partner: stub.partner.clone(),
            starter: stub.starter.clone(),
            opened_at: self.now,
            title: String::new(),
            lifecycle: Lifecycle::Running,
            state: StatePath::new(""),
            visits: BTreeMap::new(),
            entered: BTreeMap::new(),
            left: BTreeSet::new(),
            last_inner: BTreeMap::new(),
            due: BTreeMap::new(),
            round: 1,
            revision: 1,
            submitted_at: None,
            etag: 1,
            entries: 0,
            head: None,
            timers: Vec::new(),
            ballots: Vec::new(),
            taken: Vec::new(),
            mandates: Vec::new(),
            claim: None,
            mail_links: Vec::new(),
            awaited: Vec::new(),
            held: Vec::new(),
            touched: BTreeMap::new(),
            failures: BTreeSet::new(),
            watches: BTreeSet::new(),
            tracks: BTreeMap::new(),
            paused: BTreeMap::new(),
            children: Vec::new(),
            parent: None,
            migrated: None,
            since_review: BTreeMap::default(),
            asked: Vec::new(),
            held_mails: Vec::new(),
            content,
        };
        let kept = Kept {
            case,
            history: Vec::new(),
            waiting: Vec::new(),
            access: BTreeSet::new(),
        };
        self.cases.insert(id, Arc::new(kept));
        self.derive(id, &stub.data)?;
        match self.place_case(id, &stub.state) {
            Ok(()) => Ok(id),
            Err(problem) => {
                self.cases.remove(&id);
                Err(problem)
            }
        }
    }

    /// Puts a case that was put into the world into another state, and wakes those that link to it.
    pub fn place_case(&mut self, id: CaseId, state: &str) -> Result<(), Vec<Missing>> {
        let now = self.now;
        let unknown = || missing("state", "There is no such state.", "没有这样的状态。");
        let Some(case) = self.case(id) else {
            return Err(unknown());
        };
        let workflow = self.workflow_of(case);
        let states = &workflow.states;
        let Some(target) = states.find(state) else {
            return Err(unknown());
        };
        let Some(kept) = self.cases.get_mut(&id).map(Arc::make_mut) else {
            return Err(unknown());
        };
        kept.case.place(states, target.id);
        kept.case.etag += 1;
        for state in kept.case.states(states) {
            *kept.case.visits.entry(state.path.clone()).or_insert(0) += 1;
            kept.case.entered.insert(state.path.clone(), now);
        }
        let ended = kept.case.leaves(states).into_iter();
        let ended = { ended }.find_map(|leaf| match leaf.kind {
            StateKind::End(end) => Some(end),
            StateKind::Leaf | StateKind::Outer { .. } | StateKind::Tracks => None,
        });
        kept.case.lifecycle = match ended {
            Some(end) => Lifecycle::Ended { end, at: now },
            None => Lifecycle::Running,
        };
        self.hold(id);
        self.wake_watchers(id);
        Ok(())
    }

    /// Writes into the forms of a case without a step, and wakes those that link to it.
    pub fn fill_case(&mut self, id: CaseId, data: &Patch) -> Result<(), Vec<Missing>> {
        let Some(case) = self.case(id) else {
            return Err(missing("case", "There is no such case.", "没有这个申请。"));
        };
        let content = self.filled(&self.workflow_of(case), &case.content, data)?;
        if let Some(kept) = self.cases.get_mut(&id).map(Arc::make_mut) {
            kept.case.content = content;
            kept.case.etag += 1;
        }
        self.derive(id, data)?;
        self.hold(id);
        self.wake_watchers(id);
        Ok(())
    }

    /// Lets it take the places in limits that cases like it have taken.
    fn hold(&mut self, id: CaseId) {
        let Some(case) = self.case(id) else { return };
        let workflow = self.workflow_of(case);
        let mut needs = Needs::default();
        for _ in 0..MOST_LOADS {
            let Some(case) = self.case(id) else { return };
            let inputs = self.load(&needs);
            let reading = Reading::new(&inputs, &Actor::Machine);
            let sight = Sight::new(&workflow, case, &reading, self.now, &Actor::Machine);
            let held = limits::held(&sight);
            if reading.is_complete() {
                if let Some(kept) = self.cases.get_mut(&id).map(Arc::make_mut) {
                    kept.case.held = held;
                }
                break;
            }
            needs.add(reading.missing());
        }
    }

    /// The content with these values written into it.
    fn filled(
        &self,
        workflow: &Workflow,
        before: &Content,
        data: &Patch,
    ) -> Result<Content, Vec<Missing>> {
        let mut needs = Needs::default();
        for _ in 0..MOST_LOADS {
            let inputs = self.load(&needs);
            let reading = Reading::new(&inputs, &Actor::Machine);
            let mut filled = before.clone();
            let result = form::apply(workflow, &mut filled, data, None, &reading);
            if reading.is_complete() {
                return result.map(|_| filled);
            }
            needs.add(reading.missing());
        }
        Ok(before.clone())
    }

    /// Reckons what follows from what was written; what the test writes itself stays.
    fn derive(&mut self, id: CaseId, data: &Patch) -> Result<(), Vec<Missing>> {
        let Some(case) = self.case(id).cloned() else {
            return Ok(());
        };
        let workflow = self.workflow_of(&case);
        let mut needs = Needs::default();
        for _ in 0..MOST_LOADS {
            let inputs = self.load(&needs);
            let reading = Reading::new(&inputs, &Actor::Machine);
            let mut derived = case.clone();
            step::derive(&workflow, &mut derived, &reading, self.now);
            if reading.is_complete() {
                let content = self.filled(&workflow, &derived.content, data)?;
                if let Some(kept) = self.cases.get_mut(&id).map(Arc::make_mut) {
                    kept.case.content = content;
                }
                break;
            }
            needs.add(reading.missing());
        }
        Ok(())
    }

    /// The case that somebody's scenario knows by this number.
    pub fn numbered(&self, number: &str) -> Option<&Case> {
        self.cases().find(|case| case.number == number)
    }

    /// The link that a case has under this name.
    pub fn linked_case(&self, id: CaseId, link: &Name) -> Option<CaseId> {
        self.case(id)?.content.links.get(link).copied()
    }
}

fn missing(name: &str, en: &str, zh: &str) -> Vec<Missing> {
    vec![Missing {
        name: name.to_owned(),
        message: Text::new(en, zh),
        at: None,
    }]
}
