//! Pins of what statig 0.4.1 does and this module relies on or avoids. One that fails asks for a look at a new version.

use statig::blocking::{
    Handled, IntoStateMachine, IntoStateMachineExt, Outcome, State, Super, Superstate, Transition,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Lamp {
    Off,
    On,
}

#[derive(Default)]
struct Hooks {
    before: Vec<(Lamp, Lamp)>,
    after: Vec<(Lamp, Lamp)>,
}

impl IntoStateMachine for Hooks {
    type Event<'e> = ();
    type Context<'c> = ();
    type State = Lamp;
    type Superstate<'s> = ();

    fn initial() -> Lamp {
        Lamp::Off
    }
    fn before_transition(&mut self, from: &Lamp, to: &Lamp, (): &mut ()) {
        self.before.push((*from, *to));
    }
    fn after_transition(&mut self, from: &Lamp, to: &Lamp, (): &mut ()) {
        self.after.push((*from, *to));
    }
}

impl State<Hooks> for Lamp {
    fn call_handler(&mut self, _: &mut Hooks, (): &(), (): &mut ()) -> Outcome<Lamp> {
        Transition(Lamp::On)
    }
}

#[test]
fn before_transition_gets_target_and_source_the_wrong_way_round() {
    let mut machine = Hooks::default().uninitialized_state_machine().init();
    machine.step();
    assert_eq!(
        machine.inner().before,
        [(Lamp::On, Lamp::Off)],
        "mended: after_transition is no longer needed"
    );
    assert_eq!(machine.inner().after, [(Lamp::Off, Lamp::On)]);
}

/// A leaf and its superstate as structs: what a machine looks like whose states have no discriminants of their own.
struct Structs;

#[derive(Clone, Copy)]
struct Leaf {
    outer: u8,
}

struct Outer(u8);

impl IntoStateMachine for Structs {
    type Event<'e> = ();
    type Context<'c> = Vec<String>;
    type State = Leaf;
    type Superstate<'s> = Outer;

    fn initial() -> Leaf {
        Leaf { outer: 1 }
    }
}

impl State<Structs> for Leaf {
    fn call_handler(&mut self, _: &mut Structs, (): &(), _: &mut Vec<String>) -> Outcome<Leaf> {
        Transition(Leaf { outer: 2 })
    }
    fn call_exit_action(&mut self, _: &mut Structs, log: &mut Vec<String>) {
        log.push(format!("-leaf in {}", self.outer));
    }
    fn call_entry_action(&mut self, _: &mut Structs, log: &mut Vec<String>) {
        log.push(format!("+leaf in {}", self.outer));
    }
    fn superstate(&mut self) -> Option<Outer> {
        Some(Outer(self.outer))
    }
}

impl Superstate<Structs> for Outer {
    fn call_handler(&mut self, _: &mut Structs, (): &(), _: &mut Vec<String>) -> Outcome<Leaf> {
        Super
    }
    fn call_exit_action(&mut self, _: &mut Structs, log: &mut Vec<String>) {
        log.push(format!("-{}", self.0));
    }
    fn call_entry_action(&mut self, _: &mut Structs, log: &mut Vec<String>) {
        log.push(format!("+{}", self.0));
    }
}

#[test]
fn states_are_the_same_when_their_discriminants_are() {
    let mut log = vec![];
    let mut machine = Structs
        .uninitialized_state_machine()
        .init_with_context(&mut log);
    assert_eq!(log.split_off(0), ["+1", "+leaf in 1"]);
    machine.step_with_context(&mut log);
    assert_eq!(
        log,
        ["-leaf in 1", "+leaf in 2"],
        "statig compares payloads: the 256 variants may go"
    );
}

/// Panics in the hook it is told to.
struct Panics;

#[derive(Clone, Copy, PartialEq)]
enum When {
    Leaving,
    Entering,
}

impl IntoStateMachine for Panics {
    type Event<'e> = ();
    type Context<'c> = When;
    type State = Bulb;
    type Superstate<'s> = ();

    fn initial() -> Bulb {
        Bulb::Whole
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bulb {
    Whole,
    Broken,
}

impl State<Panics> for Bulb {
    fn call_handler(&mut self, _: &mut Panics, (): &(), _: &mut When) -> Outcome<Bulb> {
        if *self == Bulb::Whole {
            Transition(Bulb::Broken)
        } else {
            Handled
        }
    }
    fn call_exit_action(&mut self, _: &mut Panics, when: &mut When) {
        assert!(*when != When::Leaving, "told to");
    }
    fn call_entry_action(&mut self, _: &mut Panics, when: &mut When) {
        assert!(*self == Bulb::Whole || *when != When::Entering, "told to");
    }
}

#[test]
fn a_panic_undoes_nothing() {
    for (mut when, left_at) in [(When::Leaving, Bulb::Whole), (When::Entering, Bulb::Broken)] {
        let mut machine = Panics
            .uninitialized_state_machine()
            .init_with_context(&mut when);
        let stepped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            machine.step_with_context(&mut when);
        }));
        assert!(stepped.is_err());
        assert_eq!(*machine.state(), left_at);
    }
}
