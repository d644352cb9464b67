//! A second walker of whole cases, with tracks within tracks, which knows no machine and no region: on random workflows it
//! must leave and enter the same states in the same order as the step.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Town, build::*, shared::workflow};
use crate::{explore::Chance, workflow::*};

/// A tree of states by hand: parents before children.
struct Plan {
    parents: Vec<Option<usize>>,
    tracks: Vec<bool>,
}

impl Plan {
    fn random(chance: &mut Chance) -> Self {
        let count = 4 + chance.below(11);
        let mut parents: Vec<Option<usize>> = vec![None];
        for index in 1..count {
            let outer = chance.below(index);
            let deep = around(&parents, outer).len() >= 6;
            parents.push((!deep && chance.percent(85)).then_some(outer));
        }
        let inner = |of| parents.iter().filter(|parent| **parent == Some(of)).count();
        let tracks = (0..count).map(|at| inner(at) > 1 && chance.percent(50));
        Self {
            tracks: tracks.collect(),
            parents,
        }
    }

    fn inside(&self, of: usize) -> impl DoubleEndedIterator<Item = usize> {
        let all = 0..self.parents.len();
        all.filter(move |at| self.parents[*at] == Some(of))
    }

    /// From the state outward.
    fn outward(&self, at: usize) -> Vec<usize> {
        around(&self.parents, at)
    }

    fn contains(&self, outer: usize, inner: usize) -> bool {
        self.outward(inner).contains(&outer)
    }

    /// The states that are left with this one, in order: inner ones first, tracks as they are written.
    fn left(&self, at: usize, active: &BTreeSet<usize>, log: &mut Vec<String>) {
        for inner in self.inside(at).filter(|inner| active.contains(inner)) {
            self.left(inner, active, log);
        }
        log.push(format!("out_{at}"));
    }

    /// The states that are entered with this one on the way to the named state.
    fn entered(
        &self,
        at: usize,
        named: usize,
        log: &mut Vec<String>,
        active: &mut BTreeSet<usize>,
    ) {
        log.push(format!("in_{at}"));
        active.insert(at);
        self.entered_inside(at, named, log, active);
    }

    fn entered_inside(
        &self,
        at: usize,
        named: usize,
        log: &mut Vec<String>,
        active: &mut BTreeSet<usize>,
    ) {
        let meant = self.inside(at).find(|inner| self.contains(*inner, named));
        let next: Vec<usize> = match meant {
            _ if self.tracks[at] => self.inside(at).collect(),
            Some(meant) => vec![meant],
            None => self.inside(at).take(1).collect(),
        };
        for inner in next {
            self.entered(inner, named, log, active);
        }
    }

    /// What a case does that is in these states and goes to the named one, which an action names that moves.
    fn walk(&self, active: &mut BTreeSet<usize>, named: usize) -> Vec<String> {
        // What stays: the states around the named one that the case is in, and that state if the case is inside it.
        let stays: Vec<usize> = self
            .outward(named)
            .into_iter()
            .filter(|at| active.contains(at))
            .collect();
        let mut log = Vec::new();
        let Some(turn) = stays.first().copied() else {
            let top = *self.outward(named).last().expect("itself at least");
            let roots = active.iter().filter(|at| self.parents[**at].is_none());
            for root in roots.copied().collect::<Vec<_>>() {
                self.left(root, active, &mut log);
            }
            active.clear();
            log.push("do".to_owned());
            self.entered(top, named, &mut log, active);
            return log;
        };
        // A leaf that is named by itself is left and entered.
        let (around, is_leaf) = (self.parents[turn], self.inside(turn).next().is_none());
        let leaves = is_leaf && turn == named;
        let goes: Vec<usize> = if leaves {
            vec![turn]
        } else if turn != named && self.tracks[turn] {
            unreachable!("all tracks of a state are active, and so is one around the named state")
        } else {
            let inner = self.inside(turn).filter(|at| active.contains(at));
            inner.collect()
        };
        for at in goes {
            self.left(at, active, &mut log);
            active.retain(|state| !self.contains(at, *state));
        }
        log.push("do".to_owned());
        if leaves {
            debug_assert!(around.is_none_or(|around| active.contains(&around)));
            self.entered(turn, named, &mut log, active);
        } else {
            self.entered_inside(turn, named, &mut log, active);
        }
        log
    }

    fn paths(&self) -> Paths {
        let path = |at| {
            let mut names: Vec<String> =
                self.outward(at).iter().map(|at| format!("s{at}")).collect();
            names.reverse();
            &*names.join(".").leak()
        };
        Paths((0..self.parents.len()).map(path).collect::<Vec<_>>().leak())
    }

    /// From each state an action leads to each; entries, exits and actions call hooks that tell of them.
    fn workflow(&self) -> Workflow {
        let paths = self.paths();
        let call = |hook: String| Effect::Call(name(&hook));
        let states = paths.0.iter().enumerate().map(|(at, path)| {
            let mut state = paths.state(path).enter(call(format!("in_{at}")));
            state.exit.push(call(format!("out_{at}")));
            if self.tracks[at] {
                state.kind = StateKind::Tracks;
            }
            (0..paths.0.len()).fold(state, |state, to| {
                let go = action(
                    &format!("from_{at}_to_{to}"),
                    &["applicant"],
                    paths.to(paths.0[to]),
                );
                state.with(doing(go, vec![call("do".to_owned())]))
            })
        });
        let states = states.collect();
        let open = action("open", &["partner_user"], paths.to(paths.0[0]));
        workflow("walk", open, states)
    }
}

fn around(parents: &[Option<usize>], at: usize) -> Vec<usize> {
    std::iter::successors(Some(at), |at| parents[*at]).collect()
}

/// The states that a case is in, by their places.
fn active(town: &Town) -> BTreeSet<usize> {
    let case = town.case();
    let workflow = town.world.workflow_of(case);
    let states = case.states(&workflow.states).into_iter();
    states.map(|state| state.id.index()).collect()
}

#[test]
fn rule_37_cases_in_tracks_walk_as_a_plain_model_does() {
    let (mut walks, mut in_tracks, mut across) = (0, 0, 0);
    for seed in 1..=150 {
        let mut chance = Chance::new(seed);
        let plan = Plan::random(&mut chance);
        let told = format!("seed {seed}: {:?} {:?}", plan.parents, plan.tracks);
        let mut town = Town::opened(plan.workflow(), json!({}));
        let (mut log, mut expected) = (Vec::new(), BTreeSet::new());
        plan.entered(0, 0, &mut log, &mut expected);
        assert_eq!(called(&town, 0), log, "{told}");
        for _ in 0..12 {
            assert_eq!(active(&town), expected, "{told}");
            let here: Vec<usize> = expected.iter().copied().collect();
            let from = *chance.pick(&here).expect("a case is somewhere");
            let to = chance.below(plan.parents.len());
            let before = town.world.calls().len();
            let was = expected.clone();
            let log = plan.walk(&mut expected, to);
            town.act("pat", &format!("from_{from}_to_{to}"))
                .unwrap_or_else(|refusal| panic!("{told}, from {from} to {to}: {refusal:?}"));
            assert_eq!(
                called(&town, before),
                log,
                "{told}, {was:?}, from {from} to {to}"
            );
            walks += 1;
            let many = |states: &BTreeSet<usize>| states.iter().any(|at| plan.tracks[*at]);
            in_tracks += usize::from(many(&was));
            across += usize::from(!plan.contains(from, to) && was.contains(&to));
        }
    }
    assert!(
        walks == 1800 && in_tracks > 400,
        "only {in_tracks} walks in tracks"
    );
    assert!(across > 50, "only {across} walks from one track to another");
}

fn called(town: &Town, since: usize) -> Vec<String> {
    let calls = town.world.calls()[since..].iter();
    calls.map(|call| call.hook.hook.to_string()).collect()
}
