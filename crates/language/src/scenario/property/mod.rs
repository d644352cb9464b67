//! Properties: `always` and `never` are held to after each step of every scenario, and of stories that the explorer
//! makes up: it goes on where the scenarios of the file leave off, does what is offered and what is forbidden, and waits
//! for timers. A story that breaks a property is made as short as can be and shown as a scenario.

mod known;
mod tell;

use std::sync::Arc;

use countersign_core::{
    case::{Case, CaseId, Person},
    explore::{Chance, Explorer, Story, Turn},
    world::World,
};

use super::{
    report::{Failure, MadeUp, ScenarioResult},
    run::Stage,
    suite::{Property, PropertyKind, Suite},
};

pub(super) use tell::{Names, scenario};

/// How many turns are made up behind the beginning that is taken from a scenario.
const TURNS: usize = 10;
/// How often a story is told again to make it shorter.
const MOST_TELLINGS: usize = 1000;
/// How many stories are made up in one run for all test files together, if nothing else is asked: few enough for all
/// shipped scenarios to be told in a second, and enough for one file to be tried hard while somebody writes it.
const BUDGET: u32 = 1500;
/// However many files share the budget, each gets so many.
pub(super) const FEWEST: u32 = 20;
/// However few they are, each gets no more: one file is told on one processor, in a second too.
const MOST: u32 = 1000;

/// How hard properties are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tries {
    /// How many stories are made up for each test file that has properties. `None`: a budget is divided among the test
    /// files of the run, by their number and no clock, so that the same files are always tried alike.
    pub runs: Option<u32>,
    /// Where the chances begin; the same seed makes the same stories.
    pub seed: u64,
}

impl Tries {
    /// The same, with the budget divided among so many test files.
    pub(super) fn divided(self, files: usize) -> Self {
        let files = u32::try_from(files).unwrap_or(u32::MAX).max(1);
        let share = (BUDGET / files).clamp(FEWEST, MOST);
        Self {
            runs: self.runs.or(Some(share)),
            ..self
        }
    }
}

/// What came of the properties of a test file.
#[derive(Default)]
pub(super) struct Held {
    pub(super) results: Vec<ScenarioResult>,
    pub(super) made_up: MadeUp,
}

/// A property and the story that breaks it.
struct Broken {
    name: String,
    story: Story,
    case: CaseId,
}

/// Holds the properties of a test file to the stories of its scenarios, and to others.
pub(super) fn hold(
    suite: &Suite,
    stage: &Stage<'_>,
    scenarios: &[(String, Vec<Turn>)],
    tries: Tries,
) -> Held {
    if suite.properties.is_empty() {
        return Held::default();
    }
    let mut broken: Vec<Option<Broken>> = suite.properties.iter().map(|_| None).collect();
    let beginnings: Vec<Beginnings<'_>> = scenarios
        .iter()
        .map(|(name, turns)| {
            let mut story = stage.begin(name);
            let mut after = vec![(story.world.clone(), story.case)];
            for turn in turns {
                if story.play(turn).is_ok() {
                    look(suite, stage, name, &story, &mut broken);
                }
                after.push((story.world.clone(), story.case));
            }
            Beginnings { turns, after }
        })
        .collect();
    let people: Vec<Person> = suite
        .people
        .values()
        .map(|person| person.person.clone())
        .collect();
    let cases = stage.cases().values().copied().collect();
    let known = known::known(suite);
    let workflow = suite.workflow.clone();
    let mut explorer = Explorer::new(workflow, people, cases, known, Chance::new(0));
    let mut older: Vec<Explorer> = stage
        .older()
        .map(|older| explorer.of_older(Arc::clone(older)))
        .collect();
    let mut stories = 0;
    for run in 0..tries.runs.unwrap_or(FEWEST) {
        if broken.iter().all(Option::is_some) {
            break;
        }
        stories += 1;
        let name = format!("story {} of seed {}", run + 1, tries.seed);
        explorer.reseed(Chance::of(&format!("{} {name}", suite.workflow.id)));
        let opened = stage.begin(&name);
        let migrates = !older.is_empty() && explorer.below(2) == 0;
        let mut story = if migrates {
            let of = explorer.below(older.len());
            older[of].reseed(Chance::of(&format!("{} before {name}", suite.workflow.id)));
            let story = migrated(opened, &mut older[of], &mut explorer);
            look(suite, stage, &name, &story, &mut broken);
            story
        } else {
            begin(opened, &name, &mut explorer, &beginnings)
        };
        for _ in 0..TURNS {
            let turn = explorer.turn(&story.world, story.case);
            if story.play(&turn).is_ok() {
                look(suite, stage, &name, &story, &mut broken);
            }
        }
    }
    let properties = suite.properties.iter().zip(broken);
    let results = properties.map(|(property, broken)| result(suite, stage, property, broken));
    Held {
        results: results.collect(),
        made_up: MadeUp { stories, files: 1 },
    }
}

/// A scenario, and the world and its case before its first turn and after each.
struct Beginnings<'a> {
    turns: &'a [Turn],
    after: Vec<(World, Option<CaseId>)>,
}

/// Begins like some scenario, or with nothing. What was looked at there already is not looked at again.
fn begin(
    mut story: Story,
    name: &str,
    explorer: &mut Explorer,
    beginnings: &[Beginnings<'_>],
) -> Story {
    let Some(Beginnings { turns, after }) = beginnings.get(explorer.below(beginnings.len() + 1))
    else {
        return story;
    };
    let length = explorer.below(turns.len() + 1);
    let (world, case) = &after[length];
    if draws_by_lot(world) {
        // Under another name others are drawn.
        for turn in turns.iter().take(length) {
            // What the lot has made impossible does not happen.
            let _ = story.play(turn);
        }
        return story;
    }
    Story {
        world: world.clone().seeded(name),
        case: *case,
        turns: turns[..length].to_vec(),
    }
}

/// Begins in an older version, and is moved to the newest if that can be.
fn migrated(mut story: Story, older: &mut Explorer, newest: &mut Explorer) -> Story {
    for _ in 0..=older.below(TURNS) {
        let turn = older.turn(&story.world, story.case);
        // What is refused does not happen.
        let _ = story.play(&turn);
    }
    if let Some(turn) = newest.migration(&story.world) {
        let _ = story.play(&turn);
    }
    story
}

/// Whether somebody was picked by lot in this world.
fn draws_by_lot(world: &World) -> bool {
    let mut ballots = world.cases().flat_map(|case| &case.ballots);
    ballots.any(|ballot| ballot.assigned.is_some())
}

/// Looks which properties a story breaks as it stands, and keeps the shortest one that does.
fn look(
    suite: &Suite,
    stage: &Stage<'_>,
    name: &str,
    story: &Story,
    broken: &mut [Option<Broken>],
) {
    for (property, broken) in suite.properties.iter().zip(broken) {
        if broken.is_some() || breaks(suite, property, &story.world).is_none() {
            continue;
        }
        let begin = stage.begin(name).world;
        let shown = |story: &Story| breaks(suite, property, &story.world).is_some();
        let shortest = story.shortest(&begin, MOST_TELLINGS, &shown);
        *broken = breaks(suite, property, &shortest.world).map(|case| Broken {
            name: name.to_owned(),
            case,
            story: shortest,
        });
    }
}

/// The case for which a property does not hold.
fn breaks(suite: &Suite, property: &Property, world: &World) -> Option<CaseId> {
    let ours = |id: &CaseId| {
        let case = world.case(*id);
        // What is said of this version is not said of older ones.
        let is_ours = |case: &Case| {
            case.workflow == suite.workflow.id && case.version == suite.workflow.version
        };
        case.is_some_and(is_ours) && !world.history(*id).is_empty()
    };
    let mut cases = world.cases().map(|case| case.id).filter(ours);
    cases.find(|id| {
        // What fails is not satisfied, here as everywhere.
        let is_true = world.is_true(*id, &property.check) == Ok(true);
        is_true != (property.kind == PropertyKind::Always)
    })
}

fn result(
    suite: &Suite,
    stage: &Stage<'_>,
    property: &Property,
    broken: Option<Broken>,
) -> ScenarioResult {
    let place = suite.source.line_column(property.span.start);
    let name = format!("{}: {}", property.kind.as_str(), property.name);
    let mut result = ScenarioResult {
        file: suite.source.path().to_string(),
        workflow: suite.workflow.id.to_string(),
        name: name.clone(),
        line: place.line,
        column: place.column,
        failures: Vec::new(),
        story: Vec::new(),
        found: true,
    };
    if let Some(Broken {
        name: story_name,
        story,
        case,
    }) = broken
    {
        let source = property.check.source();
        let value = story.world.is_true(case, &property.check);
        let value = match value {
            Ok(value) => format!("it is {value}"),
            Err(failure) => format!("it has no value: {failure}"),
        };
        let state = story.world.case(case).map(|case| case.state.to_string());
        let state = state.unwrap_or_default();
        let steps = story.turns.len();
        result.failures.push(Failure {
            line: place.line,
            column: place.column,
            what: name,
            expected: format!("{} true: {source}", property.kind.as_str()),
            found: format!("{value} in `{state}`, after {steps} steps"),
        });
        let names = Names {
            suite,
            cases: stage.cases(),
        };
        // Beside what happens to a child, `state` would be that child's.
        let of_child = matches!(story.turns.last(), Some(Turn::Child { .. }));
        let ends = (story.case == Some(case) && !of_child).then_some(state);
        result.story = scenario(&story_name, &story, &names, ends.as_deref());
    }
    result
}
