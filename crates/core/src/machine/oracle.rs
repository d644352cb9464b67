//! A second walker, which knows nothing of statig, and random trees on which both must agree. Tests only.

use super::{Flow, MAX_DEPTH, Reaction, Slot, Tree, TreeState, Verdict, dispatch, start};

/// Repeatable random numbers (xorshift): a failure names its seed, and comes again with it.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("below a usize")
    }
}

struct Recorder<'a> {
    answers: &'a [Reaction],
    log: Vec<(char, u8)>,
}

impl Flow for Recorder<'_> {
    fn react(&mut self, at: Slot) -> Reaction {
        self.log.push(('?', at.0));
        self.answers[at.index()]
    }
    fn leave(&mut self, at: Slot) {
        self.log.push(('-', at.0));
    }
    fn effects(&mut self) {
        self.log.push(('!', 0));
    }
    fn enter(&mut self, at: Slot) {
        self.log.push(('+', at.0));
    }
}

/// The same rules by hand, from the plain list of states.
fn by_hand(states: &[TreeState], from: Slot, flow: &mut Recorder<'_>) -> Verdict {
    let mut at = Some(from);
    while let Some(slot) = at {
        match flow.react(slot) {
            Reaction::NotMine => at = states[slot.index()].parent,
            Reaction::Refused => return Verdict::Refused,
            Reaction::Hand => return Verdict::Handed,
            Reaction::Stay => {
                flow.effects();
                return Verdict::Stayed;
            }
            Reaction::MoveTo(named) => {
                let to = leaf(states, named);
                let mut kept = up(states, from);
                // What stays: the states around the named one, and the named one itself if it is around the leaf.
                let around_named = up(states, named);
                kept.retain(|slot| {
                    around_named.contains(slot) && (*slot != named || named != from)
                });
                for slot in up(states, from)
                    .into_iter()
                    .filter(|slot| !kept.contains(slot))
                {
                    flow.leave(slot);
                }
                flow.effects();
                for slot in up(states, to)
                    .into_iter()
                    .rev()
                    .filter(|slot| !kept.contains(slot))
                {
                    flow.enter(slot);
                }
                return Verdict::Moved { from, to };
            }
        }
    }
    Verdict::Unhandled
}

fn up(states: &[TreeState], slot: Slot) -> Vec<Slot> {
    std::iter::successors(Some(slot), |at| states[at.index()].parent).collect()
}

fn leaf(states: &[TreeState], slot: Slot) -> Slot {
    states[slot.index()]
        .start
        .map_or(slot, |start| leaf(states, start))
}

fn slot(index: usize) -> Slot {
    Slot(u8::try_from(index).expect("at most 256 states"))
}

fn random_states(random: &mut Random) -> Vec<TreeState> {
    let count = if random.below(20) == 0 {
        256
    } else {
        2 + random.below(60)
    };
    let mut states: Vec<TreeState> = vec![];
    for index in 0..count {
        // Half of the time inside the newest states, so that trees grow deep as well as wide.
        let outer = if random.below(2) == 0 {
            index.saturating_sub(1 + random.below(3))
        } else {
            random.below(index + 1)
        };
        let fits =
            outer < index && up(&states, slot(outer)).len() < MAX_DEPTH && random.below(12) != 0;
        states.push(TreeState {
            parent: fits.then(|| slot(outer)),
            ..TreeState::default()
        });
    }
    for index in 0..count {
        let inner: Vec<usize> = (0..count)
            .filter(|other| states[*other].parent == Some(slot(index)))
            .collect();
        if !inner.is_empty() {
            states[index].start = Some(slot(inner[random.below(inner.len())]));
        }
    }
    states
}

#[test]
fn statig_agrees_with_a_walker_of_its_own_on_random_trees() {
    let mut checks = 0;
    let mut walks_inside_an_outer_state = 0;
    for seed in 1..=200u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let states = random_states(&mut random);
        let tree = Tree::build(&states).expect("the generator makes sound trees");
        for from in (0..states.len()).map(slot).filter(|at| tree.is_leaf(*at)) {
            for _ in 0..3 {
                let answers: Vec<Reaction> = (0..states.len())
                    .map(|_| match random.below(8) {
                        0 => Reaction::Stay,
                        1 => Reaction::Refused,
                        2..=4 => Reaction::NotMine,
                        5 => Reaction::MoveTo(tree.path(from)[random.below(tree.path(from).len())]),
                        _ => Reaction::MoveTo(slot(random.below(states.len()))),
                    })
                    .collect();
                let mut ours = Recorder {
                    answers: &answers,
                    log: vec![],
                };
                let mut theirs = Recorder {
                    answers: &answers,
                    log: vec![],
                };
                let verdict = dispatch(&tree, from, &mut ours);
                let expected = by_hand(&states, from, &mut theirs);
                assert_eq!(
                    (verdict, ours.log),
                    (expected, theirs.log.clone()),
                    "seed {seed}, from {from:?}: {states:?}"
                );
                checks += 1;
                let taken = theirs
                    .log
                    .iter()
                    .rfind(|(kind, _)| *kind == '?')
                    .map(|(_, at)| answers[usize::from(*at)]);
                if let Some(Reaction::MoveTo(named)) = taken {
                    walks_inside_an_outer_state +=
                        usize::from(named != from && tree.contains(named, from));
                }
            }
        }
        for at in (0..states.len()).map(slot) {
            let mut flow = Recorder {
                answers: &[],
                log: vec![],
            };
            let leaf = start(&tree, at, &mut flow);
            let entries = up(&states, leaf)
                .into_iter()
                .rev()
                .map(|slot| ('+', slot.0));
            assert_eq!(flow.log, entries.collect::<Vec<_>>(), "seed {seed}");
            checks += 1;
        }
    }
    assert!(checks > 5_000, "only {checks} checks");
    assert!(
        walks_inside_an_outer_state > 500,
        "only {walks_inside_an_outer_state} of the subtle kind"
    );
}
