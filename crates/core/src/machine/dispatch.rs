//! One event through statig: asking states from the leaf outward, then exits, effects and entries. Decides nothing itself.

use super::place::{Path, Place, Region};
use super::tree::{Slot, Tree};
use statig::blocking::{
    Handled, InitializedStateMachine, IntoStateMachine, IntoStateMachineExt, Outcome, State, Super,
    Superstate, Transition,
};

/// What the caller knows of one event: looked up, judged by its guards, and appended to its own context.
///
/// None of its methods may panic: statig undoes nothing.
pub trait Flow {
    /// What the state makes of the event. Asked from the leaf outward until one of them knows it.
    fn react(&mut self, at: Slot) -> Reaction;
    /// The case leaves the state; inner states are left before outer ones.
    fn leave(&mut self, at: Slot);
    /// The event's own effects: once for each event that moved or stayed, after all exits and before all entries.
    fn effects(&mut self);
    /// The case enters the state; outer states are entered before inner ones.
    fn enter(&mut self, at: Slot);
}

/// A state's answer to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It does not know the event; the state around it is asked.
    NotMine,
    /// It takes the event without moving: nothing is left or entered.
    Stay,
    /// It knows the event and says no. The states around are not asked: an inner action shadows an outer one.
    Refused,
    /// It leads to the named state, and on to that state's leaf.
    ///
    /// The leaf's own state is left and entered again. An outer state named from inside is not left: everything
    /// inside it is, and is entered again from its start.
    MoveTo(Slot),
    /// It takes the event, and what that leads to lies in another region: the caller moves that one.
    Hand,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The case moved between these leaves, or left and entered the same one.
    Moved {
        /// Where it rested.
        from: Slot,
        /// Where it rests now.
        to: Slot,
    },
    /// A state took the event without moving.
    Stayed,
    /// A state took the event, and another region has to move.
    Handed,
    /// A state that knows the event refused it.
    Refused,
    /// No state knows the event.
    Unhandled,
}

/// Hands one event to the region whose machine rests at `from` (a leaf), and says what became of it. The region's
/// machine knows nothing of the states around its track: they belong to the machine of another region.
///
/// Placing the case is silent: `enter` is called for states that the event enters, and for no others.
pub fn dispatch(tree: &Tree, from: Slot, flow: &mut dyn Flow) -> Verdict {
    let mut run = Run::new(tree, flow);
    let mut machine = resumed(&mut run, from);
    machine.step_with_context(&mut run);
    run.verdict
}

/// Begins at a state of a region: entries from the top of the region down to its leaf, which is returned.
pub fn start(tree: &Tree, at: Slot, flow: &mut dyn Flow) -> Slot {
    placed(&mut Run::new(tree, flow), at).state().path().own()
}

/// Ends at a leaf: exits from there up to the top of its region. For a track, when the state around all tracks is left.
pub fn stop(tree: &Tree, from: Slot, flow: &mut dyn Flow) {
    for slot in tree.region_path(from).iter().rev() {
        flow.leave(*slot);
    }
}

/// statig's shared storage, empty on purpose: all that is known of a case comes in with the context.
struct Workflow;

/// statig's context: borrowed for one event. `handle` returns nothing, so the verdict comes back through it as well.
struct Run<'c> {
    tree: &'c Tree,
    flow: &'c mut dyn Flow,
    /// Entries are facts already: the machine is being placed where the case rests.
    silent: bool,
    /// The state that the reaction named, from then until the first entry.
    moving_to: Option<Slot>,
    verdict: Verdict,
}

impl<'c> Run<'c> {
    fn new(tree: &'c Tree, flow: &'c mut dyn Flow) -> Run<'c> {
        Run {
            tree,
            flow,
            silent: false,
            moving_to: None,
            verdict: Verdict::Unhandled,
        }
    }

    fn react(&mut self, at: Slot) -> Outcome<Place> {
        match self.flow.react(at) {
            Reaction::NotMine => Super,
            Reaction::Refused => {
                self.verdict = Verdict::Refused;
                Handled
            }
            Reaction::Stay => {
                self.flow.effects();
                self.verdict = Verdict::Stayed;
                Handled
            }
            Reaction::Hand => {
                self.verdict = Verdict::Handed;
                Handled
            }
            Reaction::MoveTo(named) => {
                self.moving_to = Some(named);
                Transition(place(self.tree, named))
            }
        }
    }

    fn enter(&mut self, path: &Path) {
        if self.silent {
            return;
        }
        if let Some(named) = self.moving_to.take() {
            self.turn(named, path);
        }
        self.flow.enter(path.own());
    }

    /// Between the last exit and the first entry that statig makes: runs the effects, and completes the walk.
    ///
    /// statig turns at the deepest state that both leaves share. When an outer state is named from inside, this may
    /// lie inside of it (its start chain and the way down to the case have states in common). These are left and
    /// entered here: all that lie inside the named state and around `first`, the first state that statig enters.
    fn turn(&mut self, named: Slot, first: &Path) {
        let around = first.outer().unwrap_or(Path::NOWHERE);
        let again = match around.slots().iter().position(|slot| *slot == named) {
            Some(depth) => &around.slots()[depth + 1..],
            None => &[],
        };
        for slot in again.iter().rev() {
            self.flow.leave(*slot);
        }
        self.flow.effects();
        for slot in again {
            self.flow.enter(*slot);
        }
    }
}

fn place(tree: &Tree, slot: Slot) -> Place {
    Place::of(tree.machine_path(tree.leaf_of(slot)))
}

fn placed(run: &mut Run<'_>, at: Slot) -> InitializedStateMachine<Workflow> {
    let mut machine = Workflow.uninitialized_state_machine();
    *machine.state_mut() = place(run.tree, at);
    machine.init_with_context(run)
}

fn resumed(run: &mut Run<'_>, at: Slot) -> InitializedStateMachine<Workflow> {
    run.silent = true;
    let machine = placed(run, at);
    run.silent = false;
    machine
}

impl IntoStateMachine for Workflow {
    type Event<'e> = ();
    type Context<'c> = Run<'c>;
    type State = Place;
    type Superstate<'s> = Region;

    /// Never entered: `placed` sets the state before statig looks at it.
    fn initial() -> Place {
        Place::of(Path::NOWHERE)
    }

    // Not `before_transition`: 0.4.1 passes it target and source in the wrong order (see `canaries`).
    fn after_transition(&mut self, from: &Place, to: &Place, run: &mut Run<'_>) {
        run.verdict = Verdict::Moved {
            from: from.path().own(),
            to: to.path().own(),
        };
    }
}

impl State<Workflow> for Place {
    fn call_handler(&mut self, _: &mut Workflow, (): &(), run: &mut Run<'_>) -> Outcome<Place> {
        run.react(self.path().own())
    }

    fn call_entry_action(&mut self, _: &mut Workflow, run: &mut Run<'_>) {
        run.enter(self.path());
    }

    fn call_exit_action(&mut self, _: &mut Workflow, run: &mut Run<'_>) {
        run.flow.leave(self.path().own());
    }

    fn superstate(&mut self) -> Option<Region> {
        self.path().outer().map(Region::of)
    }
}

impl Superstate<Workflow> for Region {
    fn call_handler(&mut self, _: &mut Workflow, (): &(), run: &mut Run<'_>) -> Outcome<Place> {
        run.react(self.path().own())
    }

    fn call_entry_action(&mut self, _: &mut Workflow, run: &mut Run<'_>) {
        run.enter(self.path());
    }

    fn call_exit_action(&mut self, _: &mut Workflow, run: &mut Run<'_>) {
        run.flow.leave(self.path().own());
    }

    fn superstate(&mut self) -> Option<Region> {
        self.path().outer().map(Region::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::TreeState;

    /// The states of a purchase, and what each test lets them answer.
    const NAMES: [&str; 10] = [
        "draft", "open", "review", "legal", "finance", "changes", "author", "editor", "closed",
        "approved",
    ];

    fn tree() -> Tree {
        let inside = |parent: &str, start: &str| TreeState {
            parent: (!parent.is_empty()).then(|| slot(parent)),
            start: (!start.is_empty()).then(|| slot(start)),
            tracks: false,
        };
        Tree::build(&[
            inside("", ""),
            inside("", "review"),
            inside("open", "legal"),
            inside("review", ""),
            inside("review", ""),
            inside("open", "author"),
            inside("changes", ""),
            inside("changes", ""),
            inside("", "approved"),
            inside("closed", ""),
        ])
        .expect("a sound tree")
    }

    fn slot(name: &str) -> Slot {
        let index = NAMES
            .iter()
            .position(|known| *known == name)
            .expect("a state of the purchase");
        Slot(u8::try_from(index).expect("few states"))
    }

    /// Answers as told, and writes down what it is asked.
    struct Told {
        answers: Vec<(Slot, Reaction)>,
        log: Vec<String>,
        asked: Vec<Slot>,
    }

    impl Told {
        fn new(answers: &[(&str, Reaction)]) -> Told {
            let answers = answers
                .iter()
                .map(|(at, reaction)| (slot(at), *reaction))
                .collect();
            Told {
                answers,
                log: vec![],
                asked: vec![],
            }
        }
    }

    impl Flow for Told {
        fn react(&mut self, at: Slot) -> Reaction {
            self.asked.push(at);
            self.answers
                .iter()
                .find(|(known, _)| *known == at)
                .map_or(Reaction::NotMine, |(_, reaction)| *reaction)
        }
        fn leave(&mut self, at: Slot) {
            self.log.push(format!("-{}", NAMES[at.index()]));
        }
        fn effects(&mut self) {
            self.log.push("do".into());
        }
        fn enter(&mut self, at: Slot) {
            self.log.push(format!("+{}", NAMES[at.index()]));
        }
    }

    /// Lets `at` lead from `from` to `to`: the walk, and the leaf reached.
    fn walk(from: &str, at: &str, to: &str) -> String {
        let mut flow = Told::new(&[(at, Reaction::MoveTo(slot(to)))]);
        let verdict = dispatch(&tree(), slot(from), &mut flow);
        assert_eq!(
            verdict,
            Verdict::Moved {
                from: slot(from),
                to: tree().leaf_of(slot(to))
            }
        );
        flow.log.join(" ")
    }

    #[test]
    fn starts_from_the_top_down_to_the_leaf() {
        let mut flow = Told::new(&[]);
        assert_eq!(start(&tree(), slot("open"), &mut flow), slot("legal"));
        assert_eq!(flow.log.join(" "), "+open +review +legal");
        stop(&tree(), slot("legal"), &mut flow);
        assert_eq!(flow.log[3..].join(" "), "-legal -review -open");
    }

    #[test]
    fn leaves_and_enters_by_the_least_common_ancestor() {
        for (from, at, to, order) in [
            ("legal", "legal", "finance", "-legal do +finance"),
            ("legal", "review", "finance", "-legal do +finance"),
            (
                "legal",
                "review",
                "changes",
                "-legal -review do +changes +author",
            ),
            (
                "author",
                "changes",
                "review",
                "-author -changes do +review +legal",
            ),
            (
                "finance",
                "review",
                "editor",
                "-finance -review do +changes +editor",
            ),
            (
                "finance",
                "finance",
                "closed",
                "-finance -review -open do +closed +approved",
            ),
            ("draft", "draft", "open", "-draft do +open +review +legal"),
            ("draft", "draft", "approved", "-draft do +closed +approved"),
        ] {
            assert_eq!(walk(from, at, to), order, "{from} to {to}");
        }
    }

    /// SEMANTICS 37.
    #[test]
    fn a_leaf_named_by_itself_is_left_and_entered() {
        assert_eq!(walk("legal", "legal", "legal"), "-legal do +legal");
        assert_eq!(walk("legal", "open", "legal"), "-legal do +legal");
        assert_eq!(walk("draft", "draft", "draft"), "-draft do +draft");
    }

    /// SEMANTICS 37.
    #[test]
    fn an_outer_state_named_from_inside_starts_its_inner_states_again_and_is_not_left() {
        for (from, to, order) in [
            ("legal", "review", "-legal do +legal"),
            ("finance", "review", "-finance do +legal"),
            ("legal", "open", "-legal -review do +review +legal"),
            ("finance", "open", "-finance -review do +review +legal"),
            ("editor", "open", "-editor -changes do +review +legal"),
            ("approved", "closed", "-approved do +approved"),
        ] {
            assert_eq!(walk(from, from, to), order, "{from} to {to}");
        }
    }

    #[test]
    fn asks_from_the_leaf_outward_until_one_knows_the_event() {
        for (answers, verdict, asked, log) in [
            (
                vec![],
                Verdict::Unhandled,
                vec!["legal", "review", "open"],
                vec![],
            ),
            (
                vec![("review", Reaction::Stay)],
                Verdict::Stayed,
                vec!["legal", "review"],
                vec!["do"],
            ),
            (
                vec![("legal", Reaction::Refused), ("review", Reaction::Stay)],
                Verdict::Refused,
                vec!["legal"],
                vec![],
            ),
            (
                vec![("open", Reaction::Refused)],
                Verdict::Refused,
                vec!["legal", "review", "open"],
                vec![],
            ),
        ] {
            let mut flow = Told::new(&answers);
            assert_eq!(dispatch(&tree(), slot("legal"), &mut flow), verdict);
            assert_eq!(flow.asked, asked.into_iter().map(slot).collect::<Vec<_>>());
            assert_eq!(flow.log, log);
        }
    }

    #[test]
    fn a_case_placed_anew_for_each_event_walks_as_one_that_lives_on() {
        let tree = tree();
        let mut at = slot("draft");
        let mut nothing = Told::new(&[]);
        let mut living = resumed(&mut Run::new(&tree, &mut nothing), at);
        assert!(nothing.log.is_empty(), "resuming is silent");
        for to in [
            "open", "changes", "editor", "open", "open", "closed", "draft",
        ] {
            let event = || Told::new(&[(NAMES[at.index()], Reaction::MoveTo(slot(to)))]);
            let (mut on, mut anew) = (event(), event());
            living.step_with_context(&mut Run::new(&tree, &mut on));
            dispatch(&tree, at, &mut anew);
            assert_eq!(on.log, anew.log);
            at = tree.leaf_of(slot(to));
            assert_eq!(living.state().path().own(), at);
        }
    }
}
