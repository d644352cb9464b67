//! Running scenarios: each on a world of its own that begins the same, with a clock that only `wait` moves.

mod act;
mod expect;
mod reasons;
mod repeats;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use countersign_core::{
    case::{Actor, CaseId, DeliveryId, LinkId, Partner, Person, ServiceId},
    explore::{self, Turn},
    name::Name,
    workflow::Workflow,
    world::{SentMail, World},
};

use crate::{
    Checked,
    diagnostic::{Code, Finding},
    shared::ReferenceList,
};

use super::{
    coverage::Seen,
    report::{Failure, ScenarioResult},
    suite::{Scenario, Step, Suite, Who},
};

use act::Done;

/// A world as it is before each scenario of a test file.
pub(crate) struct Stage<'a> {
    suite: &'a Suite,
    world: World,
    older: &'a [Arc<Workflow>],
    cases: BTreeMap<&'a str, CaseId>,
}

/// A scenario while it runs.
pub(crate) struct Story<'a> {
    suite: &'a Suite,
    scenario: &'a Scenario,
    told: explore::Story,
    /// The child that the step is about, if it is about one; `told` speaks of it then.
    of_child: Option<ChildStep<'a>>,
    /// The cases that were there before, by the names of the test.
    cases: BTreeMap<&'a str, CaseId>,
    /// Kept links by the name that they were kept under.
    kept: BTreeMap<&'a str, Vec<KeptLink>>,
    /// Kept hook calls by the name that they were kept under.
    kept_calls: BTreeMap<&'a str, DeliveryId>,
    /// What was carried out under each key.
    requests: BTreeMap<String, repeats::Request>,
    before: Before,
    /// The names that steps were refused for.
    refused: BTreeSet<String>,
    failures: Vec<Failure>,
    lines: Vec<String>,
}

/// A step that is about a child.
#[derive(Clone, Copy)]
struct ChildStep<'a> {
    /// The story's case.
    parent: Option<CaseId>,
    /// Which of its `children`.
    of: &'a Name,
    key: &'a str,
}

/// How far things were before the step that runs.
#[derive(Default)]
struct Before {
    mail: usize,
    calls: usize,
    incidents: usize,
}

/// A link of a mail that was kept for later.
struct KeptLink {
    email: String,
    action: Name,
    link: LinkId,
}

impl<'a> Stage<'a> {
    /// Sets the stage. What cannot be put on it is found.
    pub(crate) fn set(suite: &'a Suite, checked: &'a Checked, findings: &mut Vec<Finding>) -> Self {
        let mut world = World::new(suite.clock);
        let older = checked.older.get(&suite.workflow.id);
        let older = older.map_or(&[][..], Vec::as_slice);
        for workflow in checked.workflows.iter().chain(older) {
            world.publish(Arc::clone(workflow));
        }
        for list in nearest(&checked.lists, suite.source.path()) {
            world.put_list(&list.name, list.entries.values().cloned());
        }
        for id in suite.partners() {
            let name = id.to_string();
            world.put_partner(Partner { id, name });
        }
        for person in suite.people.values().filter(|person| person.listed) {
            world.put_person(person.person.clone());
        }
        for fact in &suite.facts {
            world.set_fact(&fact.kind, &fact.subject, &fact.fact, fact.value.clone());
        }
        let mut cases = BTreeMap::new();
        for (name, case) in &suite.cases {
            match world.put_case(&case.stub) {
                Ok(id) => {
                    cases.insert(name.as_str(), id);
                }
                Err(problems) => findings.extend(problems.iter().map(|problem| {
                    Finding::new(
                        Code::BadValue,
                        &suite.source,
                        case.span,
                        format!("case `{name}` cannot be: {}", problem.message.en),
                        "write its forms as the workflow wants them",
                    )
                })),
            }
        }
        Self {
            suite,
            world,
            older,
            cases,
        }
    }

    /// The older versions of the workflow that is tested.
    pub(crate) fn older(&self) -> impl Iterator<Item = &'a Arc<Workflow>> {
        self.older.iter()
    }

    /// A story of this name, at its beginning.
    pub(crate) fn begin(&self, name: &str) -> explore::Story {
        explore::Story::new(self.world.clone().seeded(name))
    }

    /// The cases that were there before, by the names of the test.
    pub(crate) fn cases(&self) -> &BTreeMap<&'a str, CaseId> {
        &self.cases
    }

    /// Runs one scenario from its beginning to its end, or to where the story cannot go on.
    /// Gives what happened, too.
    pub(crate) fn run(
        &self,
        scenario: &'a Scenario,
        seen: &mut Seen,
    ) -> (ScenarioResult, Vec<Turn>) {
        let mut story = Story {
            suite: self.suite,
            scenario,
            told: self.begin(&scenario.name),
            of_child: None,
            cases: self.cases.clone(),
            kept: BTreeMap::new(),
            kept_calls: BTreeMap::new(),
            requests: BTreeMap::new(),
            before: Before::default(),
            refused: BTreeSet::new(),
            failures: Vec::new(),
            lines: Vec::new(),
        };
        for step in &scenario.steps {
            if !story.step(step) {
                break;
            }
        }
        seen.note(&story.told.world);
        seen.note_refused(&self.suite.workflow.id, std::mem::take(&mut story.refused));
        let turns = std::mem::take(&mut story.told.turns);
        (story.result(), turns)
    }
}

/// Of lists of one name the one whose file is nearest to the test's.
fn nearest<'l>(lists: &'l [ReferenceList], test: &str) -> Vec<&'l ReferenceList> {
    let common = |list: &ReferenceList| {
        let pairs = list.path.bytes().zip(test.bytes());
        pairs.take_while(|(one, other)| one == other).count()
    };
    let mut nearest: Vec<&ReferenceList> = Vec::new();
    for list in lists {
        match nearest.iter_mut().find(|known| known.name == list.name) {
            Some(known) if common(list) > common(known) => *known = list,
            Some(_) => {}
            None => nearest.push(list),
        }
    }
    nearest
}

impl<'a> Story<'a> {
    /// Carries out one step, of the story's case or of a child of it. Whether the story goes on.
    fn step(&mut self, step: &'a Step) -> bool {
        let Some((of, key)) = &step.child else {
            return self.step_of_case(step);
        };
        let parent = self.told.case;
        match self.child(of, key) {
            Ok(child) => {
                self.told.case = Some(child);
                self.of_child = Some(ChildStep { parent, of, key });
                let goes_on = self.step_of_case(step);
                self.of_child = None;
                self.told.case = parent;
                goes_on
            }
            Err(why) => {
                self.fail(step.span, &step.words, "there is such a child", why);
                false
            }
        }
    }

    /// The newest child of this key.
    pub(super) fn child(&self, of: &Name, key: &str) -> Result<CaseId, String> {
        self.told
            .child(of, key)
            .ok_or_else(|| format!("there is no child `{key}` of `{of}`"))
    }

    /// Carries out one step and looks at what is expected of it. Whether the story goes on.
    fn step_of_case(&mut self, step: &'a Step) -> bool {
        self.before = Before {
            mail: self.told.world.mail().len(),
            calls: self.told.world.calls().len(),
            incidents: self.told.world.incidents().len(),
        };
        let (world, case) = (self.told.world.clone(), self.told.case);
        let turns = self.told.turns.len();
        let done = self.act_often(step);
        if !matches!(done, Done::Well) {
            self.told.world = world;
            self.told.case = case;
            self.told.turns.truncate(turns);
        }
        self.tell(step, &done);
        if !self.came_as_expected(step, &done) {
            return false;
        }
        if let Some(name) = &step.keep_link_as
            && !self.keep_links(step, name)
        {
            return false;
        }
        if let Some(name) = &step.keep_call_as
            && !self.keep_call(step, name)
        {
            return false;
        }
        let mut goes_on = true;
        for expectation in &step.then {
            let met = self.check(expectation);
            goes_on &= met || expectation.key != "state";
        }
        goes_on
    }

    /// Whether it was carried out or refused as the step says.
    fn came_as_expected(&mut self, step: &Step, done: &Done) -> bool {
        if let Done::Refused(refusal) = done {
            self.refused.extend(refusal.reasons.iter().cloned());
        }
        match (done, &step.refused) {
            (Done::Well, None) => true,
            (Done::Well, Some(refused)) => {
                let wanted = format!("refused: {}", list_of(&refused.reasons));
                self.fail(refused.span, &step.words, wanted, "it was carried out");
                false
            }
            (Done::Refused(refusal), None) => {
                let wanted = "it is carried out";
                self.fail(step.span, &step.words, wanted, refusal.told());
                false
            }
            (Done::Refused(refusal), Some(refused)) if refusal.is_for(&refused.reasons) => true,
            (Done::Refused(refusal), Some(refused)) => {
                let wanted = format!("refused: {}", list_of(&refused.reasons));
                self.fail(refused.span, &step.words, wanted, refusal.told());
                // It was refused all the same, so that the story is where it should be.
                true
            }
            (Done::Impossible(why), _) => {
                self.fail(step.span, &step.words, "it can be done", why);
                false
            }
        }
    }

    fn fail(
        &mut self,
        span: crate::source::Span,
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) {
        let place = self.suite.source.line_column(span.start);
        self.failures.push(Failure {
            line: place.line,
            column: place.column,
            what: what.into(),
            expected: expected.into(),
            found: found.into(),
        });
    }

    fn keep_links(&mut self, step: &'a Step, name: &'a str) -> bool {
        let mails = self.told.world.mail().iter().rev();
        let mut with_links = mails.filter(|sent| sent.links().next().is_some());
        let Some(newest) = with_links.next() else {
            let what = format!("keep link as: {name}");
            self.fail(step.span, what, "a mail with a link", "no mail had one");
            return false;
        };
        let same = |sent: &&Arc<SentMail>| {
            (sent.case, sent.at, &sent.mail.message)
                == (newest.case, newest.at, &newest.mail.message)
        };
        let sending = self.told.world.mail().iter().filter(same);
        let links = sending.flat_map(|sent| {
            sent.links().map(|(action, link)| KeptLink {
                email: sent.mail.email.clone(),
                action: action.clone(),
                link,
            })
        });
        let links = links.collect();
        self.kept.insert(name, links);
        true
    }

    fn keep_call(&mut self, step: &'a Step, name: &'a str) -> bool {
        let Some(newest) = self.told.world.calls().last() else {
            let what = format!("keep call as: {name}");
            self.fail(step.span, what, "a hook that was called", "none was");
            return false;
        };
        self.kept_calls.insert(name, newest.id);
        true
    }

    /// Somebody as the directory knows them, or as a stranger.
    fn actor(&self, who: &Who) -> Actor {
        match who {
            Who::System => Actor::Service(ServiceId::new("system")),
            Who::Person(name) => Actor::Person(self.person(name)),
        }
    }

    fn person(&self, name: &str) -> Person {
        match self.told.world.person(name) {
            Some(person) => person.clone(),
            None => self.suite.people[name].person.clone(),
        }
    }

    /// A line of the story.
    fn tell(&mut self, step: &Step, done: &Done) {
        let zone = self.suite.workflow.surroundings.zone;
        let now = self.told.world.now().with_timezone(&zone);
        let came = match done {
            Done::Well => self.news(),
            Done::Refused(refusal) => format!(" → {}", refusal.told()),
            Done::Impossible(why) => format!(" → {why}"),
        };
        let now = now.format("%Y-%m-%d %H:%M");
        self.lines.push(format!("{now}  {}{came}", step.words));
        let incidents = self.told.world.incidents();
        let new = incidents.get(self.before.incidents..).unwrap_or(&[]);
        let told = new
            .iter()
            .map(|(_, incident)| format!("    incident: {}", incident.message.en));
        self.lines.extend(told);
    }

    /// What a step brought about, in short.
    fn news(&self) -> String {
        let case = self.told.case.and_then(|case| self.told.world.case(case));
        let mut news = case.map_or_else(String::new, |case| format!(" → {}", case.state));
        let receivers = self.receivers();
        if !receivers.is_empty() {
            news.push_str(" · mail to ");
            news.push_str(&list_of(&receivers));
        }
        let called = self.called();
        if !called.is_empty() {
            news.push_str(" · called ");
            news.push_str(&list_of(&called));
        }
        news
    }

    fn result(self) -> ScenarioResult {
        let place = self.suite.source.line_column(self.scenario.span.start);
        ScenarioResult {
            file: self.suite.source.path().to_string(),
            workflow: self.suite.workflow.id.to_string(),
            name: self.scenario.name.clone(),
            line: place.line,
            column: place.column,
            failures: self.failures,
            story: self.lines,
            found: false,
        }
    }
}

/// The words with commas between; `nothing` if there is none.
pub(super) fn list_of<'w>(words: impl IntoIterator<Item = &'w String>) -> String {
    let words: Vec<&str> = words.into_iter().map(String::as_str).collect();
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(", ")
    }
}
