//! A whole world in memory: people, facts, lists, cases, their history, mail and a clock that only the caller moves.
//! It applies steps and nothing else: scenario tests and the explorer run on it, and an engine over each store is held
//! to it in random stories, so that nobody interprets a step a second time. It keeps nothing and is not fast.

mod apply;
mod children;
mod event;
mod load;
mod migration;
mod outside;
mod stub;

#[cfg(test)]
mod tests;

pub use event::{By, Deed, Event, SIZE, Said, Stopped, made_up};
pub use stub::Stub;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    case::{
        Actor, Case, CaseId, Channel, DeliveryId, LinkHolder, LinkId, Partner, PartnerId, Person,
        PersonId,
    },
    command::{Act, Code, Command, Opening},
    context::{Context, Fact, FactKey, Inputs, LimitKey, List, Needs},
    expression::{Expression, Failure},
    history::{Hash, SealedEntry},
    name::Name,
    outcome::{Hook, Incident, Mail, MailPart, Outcome, Refusal, Subject, Waiting},
    policy::{Policy, Visible},
    reading::Reading,
    sight::{Past, Sight},
    step,
    time::Time,
    view::{Offer, Tally},
    workflow::Workflow,
};

/// How often a step is run before it is given up: three times it may ask for more (rule 49).
const MOST_LOADS: u32 = 4;

/// Everything there is, at one moment. A clone shares with it what stays the same: stories begin, and are taken back, often.
#[derive(Debug, Clone)]
pub struct World {
    now: Time,
    workflows: Arc<BTreeMap<Name, BTreeMap<u32, Arc<Workflow>>>>,
    people: Arc<BTreeMap<PersonId, Arc<Person>>>,
    partners: Arc<BTreeMap<PartnerId, Arc<Partner>>>,
    facts: Arc<BTreeMap<FactKey, Arc<Fact>>>,
    lists: Arc<BTreeMap<Name, Arc<List>>>,
    cases: BTreeMap<CaseId, Arc<Kept>>,
    sequences: BTreeMap<String, u64>,
    counted: Arc<Vec<Counted>>,
    mail: Vec<Arc<SentMail>>,
    notices: Vec<Arc<SentMail>>,
    calls: Vec<Arc<MadeCall>>,
    incidents: Vec<(CaseId, Incident)>,
    steps: u64,
    waking: u32,
    seed: Hash,
}

/// A case as a store would keep it.
#[derive(Debug, Clone)]
struct Kept {
    case: Case,
    history: Vec<Arc<SealedEntry>>,
    waiting: Vec<Waiting>,
    access: BTreeSet<Subject>,
}

/// A step that a `within` limit counts.
#[derive(Debug, Clone)]
struct Counted {
    key: LimitKey,
    amount: i64,
    at: Time,
}

/// A mail that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SentMail {
    /// Its id.
    pub id: DeliveryId,
    /// Of which case.
    pub case: CaseId,
    /// When.
    pub at: Time,
    /// What.
    pub mail: Mail,
}

impl SentMail {
    /// Its buttons: the action of each, and the link.
    pub fn links(&self) -> impl Iterator<Item = (&Name, LinkId)> {
        self.mail.body.iter().filter_map(|part| match part {
            MailPart::Button { action, link, .. } => Some((action, *link)),
            MailPart::Text(_) | MailPart::CaseLink => None,
        })
    }
}

/// A hook that was called.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeCall {
    /// Its id; the answer names it.
    pub id: DeliveryId,
    /// Of which case.
    pub case: CaseId,
    /// When.
    pub at: Time,
    /// What.
    pub hook: Hook,
}

/// How a command comes.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who gives it.
    pub actor: Actor,
    /// By which way.
    pub channel: Channel,
    /// What is known of the code that came with it.
    pub code: Code,
    /// The etag that the caller believes in.
    pub if_match: Option<u64>,
}

impl Request {
    /// Of this actor, with nothing besides.
    pub fn of(actor: Actor) -> Self {
        Self {
            actor,
            channel: Channel::Scenario,
            code: Code::Absent,
            if_match: None,
        }
    }

    /// With a good or bad code.
    #[must_use]
    pub fn with_code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// With an `If-Match`.
    #[must_use]
    pub fn with_if_match(mut self, etag: u64) -> Self {
        self.if_match = Some(etag);
        self
    }
}

impl World {
    /// An empty world at this moment.
    pub fn new(now: Time) -> Self {
        Self {
            now,
            workflows: Arc::default(),
            people: Arc::default(),
            partners: Arc::default(),
            facts: Arc::default(),
            lists: Arc::default(),
            cases: BTreeMap::new(),
            sequences: BTreeMap::new(),
            counted: Arc::default(),
            mail: Vec::new(),
            notices: Vec::new(),
            calls: Vec::new(),
            incidents: Vec::new(),
            steps: 0,
            waking: 0,
            seed: Hash::of(&[]),
        }
    }

    /// The same world with other chances: what its steps draw by lot follows from this text.
    #[must_use]
    pub fn seeded(mut self, by: &str) -> Self {
        self.seed = Hash::of(by.as_bytes());
        self
    }

    /// Opens a case of the newest version of a workflow.
    ///
    /// # Panics
    /// If there is no such workflow.
    pub fn open(
        &mut self,
        request: &Request,
        workflow: &str,
        opening: &Opening,
    ) -> Result<CaseId, Refusal> {
        let workflow = self
            .workflow(workflow)
            .expect("a workflow that was published");
        let id = self.new_case_id();
        self.open_as(request, &workflow, opening, id)?;
        Ok(id)
    }

    /// Opens a case under this id. A child whose parent has ended is not opened, and nothing is said.
    fn open_as(
        &mut self,
        request: &Request,
        workflow: &Arc<Workflow>,
        opening: &Opening,
        id: CaseId,
    ) -> Result<(), Refusal> {
        let year = chrono::Datelike::year(&self.now.with_timezone(&workflow.surroundings.zone));
        let series = workflow.number.series(year);
        let sequence = self.sequences.get(&series).copied().unwrap_or(0) + 1;
        let number = workflow.number.format(year, sequence);
        let mut needs = step::opening_needs(workflow, opening, &request.actor);
        let outcome = self.stepped(request, &mut needs, |ctx| {
            step::open(workflow, opening, id, &number, ctx)
        });
        match outcome {
            Outcome::Done(step) => {
                self.sequences.insert(series, sequence);
                self.commit(*step);
                Ok(())
            }
            Outcome::Refused(refusal) => Err(refusal),
            Outcome::Unchanged => Ok(()),
            Outcome::Missing(_) => Err(Refusal::NotFound),
        }
    }

    /// Gives a command on a case. Timers that are due by now fire first, and stay fired if it is refused.
    pub fn command(
        &mut self,
        request: &Request,
        id: CaseId,
        command: &Command,
    ) -> Result<(), Refusal> {
        let Some(kept) = self.cases.get(&id) else {
            return Err(Refusal::NotFound);
        };
        let case = &kept.case;
        let workflow = self.workflow_of(case);
        let mut needs = step::needs(&workflow, case, command, &request.actor);
        let mut fired = None;
        let outcome = self.stepped(request, &mut needs, |ctx| {
            let handled = step::handle(&workflow, case, command, ctx);
            fired = handled.fired;
            handled.outcome
        });
        if let Some(step) = fired {
            self.commit(*step);
        }
        match outcome {
            Outcome::Done(step) => {
                self.commit(*step);
                Ok(())
            }
            Outcome::Unchanged => Ok(()),
            Outcome::Refused(refusal) => Err(refusal),
            Outcome::Missing(_) => Err(Refusal::NotFound),
        }
    }

    /// Takes an action or votes.
    pub fn act(&mut self, request: &Request, id: CaseId, act: Act) -> Result<(), Refusal> {
        self.command(request, id, &Command::Act(act))
    }

    /// Moves the clock, and fires what becomes due on the way: over all cases, earliest first, several at the same
    /// moment by case id.
    pub fn advance_to(&mut self, until: Time) {
        while let Some((due, id)) = self.next_due().filter(|(due, _)| *due <= until) {
            self.now = self.now.max(due);
            let before = self.cases.get(&id).map(|kept| kept.case.etag);
            let machine = Request {
                channel: Channel::Timer,
                ..Request::of(Actor::Machine)
            };
            let done = self.command(&machine, id, &Command::FireTimers);
            if done.is_err() || self.cases.get(&id).map(|kept| kept.case.etag) == before {
                break;
            }
        }
        self.now = self.now.max(until);
    }

    /// When the next timer of any case fires, and of which case.
    pub fn next_due(&self) -> Option<(Time, CaseId)> {
        self.cases
            .values()
            .filter_map(|kept| Some((kept.case.next_due()?, kept.case.id)))
            .min()
    }

    /// The moment.
    pub fn now(&self) -> Time {
        self.now
    }

    /// A case.
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(&id).map(|kept| &kept.case)
    }

    /// All cases, in order of opening.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values().map(|kept| &kept.case)
    }

    /// The history of a case.
    pub fn history(&self, id: CaseId) -> &[Arc<SealedEntry>] {
        self.cases.get(&id).map_or(&[], |kept| &kept.history)
    }

    /// Whose turn it is in a case.
    pub fn waiting(&self, id: CaseId) -> &[Waiting] {
        self.cases.get(&id).map_or(&[], |kept| &kept.waiting)
    }

    /// By which rows lists find a case.
    pub fn access(&self, id: CaseId) -> BTreeSet<Subject> {
        self.cases
            .get(&id)
            .map(|kept| kept.access.clone())
            .unwrap_or_default()
    }

    /// All mail so far, oldest first.
    pub fn mail(&self) -> &[Arc<SentMail>] {
        &self.mail
    }

    /// Mails that tell somebody that nothing is to be done any more, oldest first.
    pub fn notices(&self) -> &[Arc<SentMail>] {
        &self.notices
    }

    /// All hook calls so far, oldest first.
    pub fn calls(&self) -> &[Arc<MadeCall>] {
        &self.calls
    }

    /// What needs an operator.
    pub fn incidents(&self) -> &[(CaseId, Incident)] {
        &self.incidents
    }

    /// What somebody could do on a case now, as the pages and the API show it.
    pub fn offers(&self, request: &Request, id: CaseId) -> Vec<Offer> {
        self.looked(request, id, step::offers).unwrap_or_default()
    }

    /// How the running reviews of a case stand.
    pub fn tallies(&self, request: &Request, id: CaseId) -> Vec<Tally> {
        self.looked(request, id, step::tallies).unwrap_or_default()
    }

    /// What somebody sees of a case. `None`: not even that it is there.
    pub fn visible(&self, request: &Request, id: CaseId) -> Option<Visible> {
        self.looked(request, id, |workflow, case, _, reading| {
            let policy = Policy::new(workflow, case, &request.actor, reading);
            policy.sees_case().then(|| policy.visible())
        })?
    }

    /// Whether something is true of a case, looked at from outside: votes that were cast before its last move are seen
    /// too. Nobody acts.
    pub fn is_true(&self, id: CaseId, expression: &Expression) -> Result<bool, Failure> {
        let request = Request::of(Actor::Machine);
        let seen = self.looked(&request, id, |workflow, case, ctx, reading| {
            Past(Sight::new(workflow, case, reading, ctx.now, ctx.actor)).truth(expression)
        });
        seen.unwrap_or_else(|| Err(Failure::new("what it reads cannot be loaded")))
    }

    /// Whoever came by a mail link. `None`: no mail had it.
    pub fn link_holder(&self, link: LinkId) -> Option<Actor> {
        let sent = self
            .mail
            .iter()
            .find(|sent| sent.links().any(|(_, id)| id == link))?;
        let (email, language) = (sent.mail.email.clone(), sent.mail.language);
        let person = self
            .people
            .values()
            .find(|person| person.email.eq_ignore_ascii_case(&email));
        let person = person.map(|person| (**person).clone());
        Some(Actor::LinkHolder(LinkHolder {
            link,
            email,
            language,
            person,
        }))
    }

    /// The newest version of a workflow.
    pub fn workflow(&self, id: &str) -> Option<Arc<Workflow>> {
        self.workflows.get(id)?.values().next_back().cloned()
    }

    /// This version of a workflow.
    pub fn version(&self, id: &str, version: u32) -> Option<Arc<Workflow>> {
        self.workflows.get(id)?.get(&version).cloned()
    }

    /// The version of the workflow that a case runs on.
    ///
    /// # Panics
    /// If it was never published.
    pub fn workflow_of(&self, case: &Case) -> Arc<Workflow> {
        let versions = self.workflows.get(&case.workflow);
        versions
            .and_then(|versions| versions.get(&case.version))
            .cloned()
            .expect("cases run on published versions")
    }

    /// Steps with what is loaded, and loads what the step asks for besides.
    fn stepped(
        &self,
        request: &Request,
        needs: &mut Needs,
        mut step: impl FnMut(&Context<'_>) -> Outcome,
    ) -> Outcome {
        let mut outcome = Outcome::Unchanged;
        for _ in 0..MOST_LOADS {
            let inputs = self.load(needs);
            outcome = step(&self.context(request, &inputs));
            match &outcome {
                Outcome::Missing(more) => needs.add(more.clone()),
                Outcome::Done(_) | Outcome::Refused(_) | Outcome::Unchanged => break,
            }
        }
        outcome
    }

    /// Looks at a case without changing it.
    fn looked<T>(
        &self,
        request: &Request,
        id: CaseId,
        look: impl Fn(&Workflow, &Case, &Context<'_>, &Reading<'_>) -> T,
    ) -> Option<T> {
        let case = self.case(id)?;
        let workflow = self.workflow_of(case);
        let mut needs = Needs::default();
        for _ in 0..MOST_LOADS {
            let inputs = self.load(&needs);
            let reading = Reading::new(&inputs, &request.actor)
                .at(self.now)
                .holding(&case.held);
            let seen = look(&workflow, case, &self.context(request, &inputs), &reading);
            if reading.is_complete() {
                return Some(seen);
            }
            needs.add(reading.missing());
        }
        None
    }

    fn context<'c>(&self, request: &'c Request, inputs: &'c Inputs) -> Context<'c> {
        Context {
            now: self.now,
            actor: &request.actor,
            channel: request.channel,
            if_match: request.if_match,
            code: request.code,
            inputs,
            seed: *Hash::of(&[&self.seed.bytes()[..], &self.steps.to_be_bytes()].concat()).bytes(),
        }
    }

    fn new_case_id(&self) -> CaseId {
        CaseId(uuid::Uuid::from_u128(self.cases.len() as u128 + 1))
    }
}
