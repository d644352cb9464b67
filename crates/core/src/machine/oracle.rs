//! A second walker, which knows nothing of statig, and random trees on which both must agree, in each region of them: the
//! tracks of a state are walked one by one, as their machines are. Tests only.

use super::{Flow, MAX_DEPTH, Reaction, Slot, Tree, TreeState, Verdict, dispatch, start, stop};

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
            Reaction::NotMine => at = outward(states, slot),
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

/// The states of its region from `slot` outward: a track's own is the last of its region.
fn up(states: &[TreeState], slot: Slot) -> Vec<Slot> {
    std::iter::successors(Some(slot), |at| outward(states, *at)).collect()
}

/// The state around this one that the same machine walks.
fn outward(states: &[TreeState], at: Slot) -> Option<Slot> {
    let parent = states[at.index()].parent?;
    (!states[parent.index()].tracks).then_some(parent)
}

/// The outermost state of its region. Those at the top of the tree are of one region.
fn top(states: &[TreeState], slot: Slot) -> Slot {
    let top = up(states, slot).pop().expect("it is in its own region");
    match states[top.index()].parent {
        Some(_) => top,
        None => Slot(0),
    }
}

/// How many states lie around this one, whichever machine walks them.
fn depth(states: &[TreeState], slot: Slot) -> usize {
    std::iter::successors(Some(slot), |at| states[at.index()].parent).count()
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
            outer < index && depth(&states, slot(outer)) < MAX_DEPTH && random.below(12) != 0;
        states.push(TreeState {
            parent: fits.then(|| slot(outer)),
            ..TreeState::default()
        });
    }
    for index in 0..count {
        let inner: Vec<usize> = (0..count)
            .filter(|other| states[*other].parent == Some(slot(index)))
            .collect();
        if inner.len() > 1 && random.below(4) == 0 {
            states[index].tracks = true;
        } else if !inner.is_empty() {
            states[index].start = Some(slot(inner[random.below(inner.len())]));
        }
    }
    states
}

/// How often what was looked at.
#[derive(Default)]
struct Seen {
    checks: usize,
    walks_inside_an_outer_state: usize,
    walks_in_tracks: usize,
}

/// What each state makes of an event that comes to this leaf. A machine goes where its region goes: what lies in another
/// is the caller's to move.
fn answers(states: &[TreeState], from: Slot, random: &mut Random) -> Vec<Reaction> {
    let region: Vec<Slot> = (0..states.len())
        .map(slot)
        .filter(|other| top(states, *other) == top(states, from))
        .collect();
    let around = up(states, from);
    let answer = |_| match random.below(8) {
        0 => Reaction::Stay,
        1 if random.below(2) == 0 => Reaction::Hand,
        1 => Reaction::Refused,
        2..=4 => Reaction::NotMine,
        5 => Reaction::MoveTo(around[random.below(around.len())]),
        _ => Reaction::MoveTo(region[random.below(region.len())]),
    };
    (0..states.len()).map(answer).collect()
}

/// Both walk from this leaf alike.
fn walk_alike(
    tree: &Tree,
    states: &[TreeState],
    from: Slot,
    answers: &[Reaction],
    seen: &mut Seen,
) {
    let recorder = || Recorder {
        answers,
        log: vec![],
    };
    let (mut ours, mut theirs) = (recorder(), recorder());
    let verdict = dispatch(tree, from, &mut ours);
    let expected = by_hand(states, from, &mut theirs);
    assert_eq!(
        (verdict, &ours.log),
        (expected, &theirs.log),
        "from {from:?}: {states:?}"
    );
    seen.checks += 1;
    let mut asked = theirs.log.iter().rev();
    let taken = asked.find(|(kind, _)| *kind == '?');
    if let Some(Reaction::MoveTo(named)) = taken.map(|(_, at)| answers[usize::from(*at)]) {
        seen.walks_inside_an_outer_state +=
            usize::from(named != from && tree.contains(named, from));
        seen.walks_in_tracks += usize::from(tree.region(from).is_some());
    }
}

/// Both begin at this state, and end there, alike.
fn begin_and_end_alike(tree: &Tree, states: &[TreeState], at: Slot) {
    let mut flow = Recorder {
        answers: &[],
        log: vec![],
    };
    let leaf = start(tree, at, &mut flow);
    stop(tree, leaf, &mut flow);
    let around = up(states, leaf).into_iter();
    let entries = around.clone().rev().map(|slot| ('+', slot.0));
    let expected = entries.chain(around.map(|slot| ('-', slot.0)));
    assert_eq!(flow.log, expected.collect::<Vec<_>>(), "{at:?}: {states:?}");
    let track = Some(top(states, at)).filter(|top| states[top.index()].parent.is_some());
    assert_eq!(tree.region(at), track, "{at:?}: {states:?}");
}

#[test]
fn statig_agrees_with_a_walker_of_its_own_on_random_trees() {
    let mut seen = Seen::default();
    for seed in 1..=200u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let states = random_states(&mut random);
        let tree = Tree::build(&states).expect("the generator makes sound trees");
        for from in (0..states.len()).map(slot).filter(|at| tree.is_leaf(*at)) {
            for _ in 0..3 {
                let answers = answers(&states, from, &mut random);
                walk_alike(&tree, &states, from, &answers, &mut seen);
            }
        }
        for at in (0..states.len()).map(slot) {
            begin_and_end_alike(&tree, &states, at);
            seen.checks += 1;
        }
    }
    let Seen {
        checks,
        walks_inside_an_outer_state: subtle,
        walks_in_tracks,
    } = seen;
    assert!(checks > 5_000, "only {checks} checks");
    assert!(subtle > 500, "only {subtle} of the subtle kind");
    assert!(walks_in_tracks > 500, "only {walks_in_tracks} in tracks");
}
