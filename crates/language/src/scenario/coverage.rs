//! Coverage: which actions, decisions, timers and ways on no scenario took. It is read from the histories
//! that the scenarios left behind.

use std::{collections::BTreeSet, sync::Arc};

use countersign_core::{
    history::What,
    name::Name,
    workflow::{Choice, State, StateId, StatePath, Target, Votes, Workflow},
    world::World,
};

use crate::{
    diagnostic::{Code, Finding},
    source::{Source, Span},
    yaml::Yaml,
};

/// What the scenarios took of a workflow.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The workflow.
    pub workflow: Name,
    /// How many of its ways were taken.
    pub taken: usize,
    /// How many there are.
    pub all: usize,
    /// A finding (W402) for each that was not, at its place in the workflow's file.
    pub missed: Vec<Finding>,
    /// A finding (W402) for each rule and limit that refused nothing in any scenario.
    pub never_refused: Vec<Finding>,
}

/// A way that a case can go, or something that can happen to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    state: StatePath,
    kind: Kind,
    name: Name,
    /// Of several targets this one.
    to: Option<StatePath>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Open,
    Action,
    Decision,
    Timer,
    Otherwise,
}

/// The ways that were taken so far, and the names that something was refused for, of all workflows.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ways: BTreeSet<(Name, Way)>,
    refused: BTreeSet<(Name, String)>,
}

impl Seen {
    /// Adds what others have seen.
    pub(crate) fn add(&mut self, other: Self) {
        self.ways.extend(other.ways);
        self.refused.extend(other.refused);
    }

    /// Notes for which names steps of a scenario of this workflow were refused.
    pub(crate) fn note_refused(&mut self, workflow: &Name, names: BTreeSet<String>) {
        let names = names.into_iter();
        self.refused
            .extend(names.map(|name| (workflow.clone(), name)));
    }

    /// Notes what happened in a world.
    pub(crate) fn note(&mut self, world: &World) {
        for case in world.cases() {
            let workflow = world.workflow_of(case);
            let history = world.history(case.id);
            // Where it has been in an older version says nothing of this one's ways.
            let newest = world.workflow(&workflow.id);
            let moved = history
                .iter()
                .any(|sealed| sealed.entry.what == What::Migrate);
            if moved || newest.is_some_and(|newest| newest.version != workflow.version) {
                continue;
            }
            let mut at: Option<StatePath> = None;
            for sealed in history {
                let entry = &sealed.entry;
                if entry.what == What::Opened {
                    let way = entry.to.as_ref().and_then(|to| opened(&workflow, to));
                    self.ways.extend(way.map(|way| (workflow.id.clone(), way)));
                }
                let from = entry.from.clone().or_else(|| at.clone());
                if let Some(leaf) = from.and_then(|path| workflow.states.find(path.as_str())) {
                    let way = way(
                        &workflow,
                        leaf,
                        entry.what,
                        entry.action.as_ref(),
                        entry.to.as_ref(),
                    );
                    self.ways.extend(way.map(|way| (workflow.id.clone(), way)));
                }
                at = entry.to.clone().or(at);
            }
        }
    }

    /// What of a workflow was taken. `file` is its text, by which places are found.
    pub(crate) fn coverage(&self, workflow: &Arc<Workflow>, file: &(Source, Yaml)) -> Coverage {
        let ways = ways(workflow);
        let all = ways.len();
        let missed: Vec<Finding> = ways
            .into_iter()
            .filter(|way| !self.ways.contains(&(workflow.id.clone(), way.clone())))
            .map(|way| finding(&way, file))
            .collect();
        let rules = workflow.rules.values();
        let rules = rules.map(|rule| ("rules", &rule.name, "the rule"));
        let limits = workflow.limits.values();
        let limits = limits.map(|limit| ("limits", &limit.name, "the limit"));
        let never_refused = rules.chain(limits).filter(|(_, name, _)| {
            let refused = (workflow.id.clone(), name.to_string());
            !self.refused.contains(&refused)
        });
        let never_refused = never_refused
            .map(|(section, name, what)| unrefused(section, name, what, file))
            .collect();
        Coverage {
            workflow: workflow.id.clone(),
            taken: all - missed.len(),
            all,
            missed,
            never_refused,
        }
    }
}

/// Where a case began, if it could have begun in several states.
fn opened(workflow: &Workflow, to: &StatePath) -> Option<Way> {
    let choice = chosen(&workflow.open.target)?;
    let begins = branch_to(workflow, choice, to)?;
    openings(workflow).find(|way| way.to.as_ref() == Some(&path_of(workflow, begins)))
}

/// The states in which a case can begin, where there are several.
fn openings(workflow: &Workflow) -> impl Iterator<Item = Way> {
    let choice = chosen(&workflow.open.target).filter(|choice| !choice.conditional.is_empty());
    let states: BTreeSet<StateId> = choice.into_iter().flat_map(Choice::states).collect();
    let name = Name::parse("open").ok();
    states.into_iter().filter_map(move |state| {
        Some(Way {
            state: StatePath::new("open"),
            kind: Kind::Open,
            name: name.clone()?,
            to: Some(path_of(workflow, state)),
        })
    })
}

/// The way that an entry of the history tells of.
fn way(
    workflow: &Workflow,
    leaf: &State,
    what: What,
    name: Option<&Name>,
    to: Option<&StatePath>,
) -> Option<Way> {
    let mut around = workflow.states.outward(leaf.id);
    let (state, kind, name, choice) = match what {
        What::Action => {
            let name = name?;
            let state = around.find(|state| state.actions.contains_key(name))?;
            let choice = chosen(&state.actions[name].target);
            (state, Kind::Action, name.clone(), choice)
        }
        What::Decision | What::Vote => {
            let name = name?;
            let state = around.find(|state| has_decision(state, name))?;
            let decision = &state.review.as_ref()?.decisions[name];
            if what == What::Vote && !matches!(decision.votes, Votes::Recorded) {
                return None;
            }
            let choice = chosen(&decision.action.target);
            (state, Kind::Decision, name.clone(), choice)
        }
        What::Timer => {
            let name = name?;
            let state = around.find(|state| state.timers.contains_key(name))?;
            let choice = state.timers[name].target.as_ref();
            (state, Kind::Timer, name.clone(), choice)
        }
        What::Otherwise => {
            let state = around.find(|state| state.review.is_some())?;
            let choice = &state.review.as_ref()?.otherwise.as_ref()?.to;
            let name = Name::parse("otherwise").ok()?;
            (state, Kind::Otherwise, name, Some(choice))
        }
        What::Assigned
        | What::Claimed
        | What::Released
        | What::Delegated
        | What::Reassigned
        | What::Opened
        | What::VoteTakenBack
        | What::Voided
        | What::Edit
        | What::Comment
        | What::Reply
        | What::Attached
        | What::Detached
        | What::Child
        | What::Hold
        | What::Resume
        | What::Move
        | What::Kept
        | What::Incident
        | What::Migrate
        | What::MigrationUndone
        | What::Settled => return None,
    };
    let branch = choice.filter(|choice| !choice.conditional.is_empty());
    let branch = branch.and_then(|choice| branch_to(workflow, choice, to?));
    Some(Way {
        state: state.path.clone(),
        kind,
        name,
        to: branch.map(|state| path_of(workflow, state)),
    })
}

fn has_decision(state: &State, name: &Name) -> bool {
    let review = state.review.as_ref();
    review.is_some_and(|review| review.decisions.contains_key(name))
}

fn chosen(target: &Target) -> Option<&Choice> {
    match target {
        Target::To(choice) => Some(choice),
        Target::Stay | Target::Resume(_) => None,
    }
}

fn branch_to(workflow: &Workflow, choice: &Choice, to: &StatePath) -> Option<StateId> {
    let tree = workflow.states.tree();
    let leaf = workflow.states.find(to.as_str())?;
    choice
        .states()
        .find(|state| tree.leaf_of(*state) == leaf.id)
}

fn path_of(workflow: &Workflow, state: StateId) -> StatePath {
    workflow.states.get(state).path.clone()
}

/// Every way that there is, in document order.
fn ways(workflow: &Workflow) -> Vec<Way> {
    let mut ways: Vec<Way> = openings(workflow).collect();
    let mut add = |state: &State, kind: Kind, name: &Name, choice: Option<&Choice>| {
        let way = |to: Option<StatePath>| Way {
            state: state.path.clone(),
            kind,
            name: name.clone(),
            to,
        };
        match choice.filter(|choice| !choice.conditional.is_empty()) {
            Some(choice) => {
                let targets: BTreeSet<StateId> = choice.states().collect();
                let targets = targets.into_iter();
                ways.extend(targets.map(|to| way(Some(path_of(workflow, to)))));
            }
            None => ways.push(way(None)),
        }
    };
    for state in workflow.states.iter() {
        for (name, action) in &state.actions {
            add(state, Kind::Action, name, chosen(&action.target));
        }
        if let Some(review) = &state.review {
            for (name, decision) in &review.decisions {
                add(state, Kind::Decision, name, chosen(&decision.action.target));
            }
            if let (Some(otherwise), Ok(name)) = (&review.otherwise, Name::parse("otherwise")) {
                add(state, Kind::Otherwise, &name, Some(&otherwise.to));
            }
        }
        for (name, timer) in &state.timers {
            add(state, Kind::Timer, name, timer.target.as_ref());
        }
    }
    ways
}

fn finding(way: &Way, (source, root): &(Source, Yaml)) -> Finding {
    let Way {
        state, name, kind, ..
    } = way;
    let what = match kind {
        Kind::Open => "the opening".to_owned(),
        Kind::Action => format!("the action `{name}`"),
        Kind::Decision => format!("the decision `{name}`"),
        Kind::Timer => format!("the timer `{name}`"),
        Kind::Otherwise => "`otherwise`".to_owned(),
    };
    let to = way.to.as_ref();
    let to = to.map_or_else(String::new, |to| format!(" to `{to}`"));
    let of = match kind {
        Kind::Open => String::new(),
        Kind::Action | Kind::Decision | Kind::Timer | Kind::Otherwise => format!(" of `{state}`"),
    };
    let message = format!("no scenario takes {what}{of}{to}");
    let help = "add a scenario that takes it, or take it out of the workflow";
    let span = place(way, root);
    Finding::new(Code::Untested, source, span, message, help).label("never taken")
}

fn unrefused(section: &str, name: &str, what: &str, (source, root): &(Source, Yaml)) -> Finding {
    let message = format!("no scenario shows what {what} `{name}` refuses");
    let help = "add a step with `refused` that names it, or take it out of the workflow";
    let entry = root.find(&[section, name]);
    let span = entry.map_or(Span::new(0, 0), |entry| entry.key.span);
    Finding::new(Code::Untested, source, span, message, help).label("never refuses")
}

/// The key of the way in the workflow's file.
fn place(way: &Way, root: &Yaml) -> Span {
    if way.kind == Kind::Open {
        let entry = root.find(&["open", "to"]);
        return entry.map_or(Span::new(0, 0), |entry| entry.key.span);
    }
    let mut path: Vec<&str> = Vec::new();
    for name in way.state.as_str().split('.') {
        let tracks = [&path[..], &["tracks", name]].concat();
        path = match root.find(&tracks) {
            Some(_) => tracks,
            None => [&path[..], &["states", name]].concat(),
        };
    }
    path.extend(match way.kind {
        Kind::Open => &[][..],
        Kind::Action => &["actions"][..],
        Kind::Decision => &["review", "decisions"],
        Kind::Timer => &["timers"],
        Kind::Otherwise => &["review"],
    });
    path.push(way.name.as_str());
    let entry = root.find(&path);
    entry.map_or(Span::new(0, 0), |entry| entry.key.span)
}
