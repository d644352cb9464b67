//! The states of the sample, with their actions and reviews.

use indexmap::IndexMap;

use crate::{
    machine::Slot,
    name::Name,
    text::Text,
    time::{Length, Unit},
    workflow::{
        Action, Choice, Decision, End, Except, Grant, Requirement, Review, SelfReview, State,
        StateKind, StatePath, States, Target, Thing, Timer, TimerWhen, Votes, Who, Workflow,
    },
};

use super::name;

pub(crate) const DRAFT: Slot = Slot(0);
pub(crate) const REVIEW: Slot = Slot(1);
pub(crate) const APPROVED: Slot = Slot(2);
pub(crate) const READY: Slot = Slot(3);
pub(crate) const ACCEPTANCE: Slot = Slot(4);
pub(crate) const WITHDRAWN: Slot = Slot(5);

pub(super) fn action(
    action: &str,
    who: &[&str],
    require: Vec<Requirement>,
    target: Target,
) -> Action {
    Action {
        name: name(action),
        title: Text::new(action, format!("<{action}>")),
        who: Who {
            roles: who
                .iter()
                .filter(|role| **role != "system")
                .map(|role| name(role))
                .collect(),
            system: who.contains(&"system"),
        },
        when: None,
        except: None,
        require,
        confirm: None,
        effects: Vec::new(),
        target,
        covers: None,
        keep: false,
        line: 1,
    }
}

pub(super) fn to(state: Slot) -> Target {
    Target::To(Choice::only(state))
}

fn actions(actions: Vec<Action>) -> IndexMap<Name, Action> {
    actions
        .into_iter()
        .map(|action| (action.name.clone(), action))
        .collect()
}

fn review(by: &str, except: Option<Except>, decisions: Vec<Action>) -> Review {
    Review {
        by: vec![name(by)],
        panels: indexmap::IndexMap::new(),
        assign: None,
        except,
        self_review: SelfReview::Never,
        decisions: decisions
            .into_iter()
            .map(|action| (action.name.clone(), Decision::new(action, Votes::Number(1))))
            .collect(),
        members: crate::workflow::Members::Live,
        prefer: None,
        otherwise: None,
        covers: None,
        line: 1,
    }
}

fn grant(role: Option<&str>, things: &[Thing]) -> Grant {
    Grant {
        role: role.map(name),
        system: false,
        things: things.to_vec(),
    }
}

fn state(id: Slot, path: &str, parent: Option<Slot>, kind: StateKind) -> State {
    State {
        id,
        name: name(path.rsplit('.').next().unwrap()),
        path: StatePath::new(path),
        parent,
        title: Text::new(path, format!("<{path}>")),
        edit: Vec::new(),
        show: Vec::new(),
        hide: Vec::new(),
        enter: Vec::new(),
        exit: Vec::new(),
        due: None,
        pauses_in: Vec::new(),
        claim: None,
        review: None,
        actions: IndexMap::new(),
        timers: IndexMap::new(),
        kind,
        line: 1,
    }
}

pub(super) fn states() -> Vec<State> {
    let withdrawn = state(WITHDRAWN, "withdrawn", None, StateKind::End(End::Neutral));
    let [draft, reviewing] = before_the_decision();
    let [approved, ready, acceptance] = after_the_decision();
    vec![draft, reviewing, approved, ready, acceptance, withdrawn]
}

fn before_the_decision() -> [State; 2] {
    let mut draft = state(DRAFT, "draft", None, StateKind::Leaf);
    draft.edit = vec![
        grant(
            Some("applicant"),
            &[Thing::Form(name("deal")), Thing::Material(name("report"))],
        ),
        grant(Some("psa"), &[Thing::Form(name("workload"))]),
    ];
    let submit = vec![
        Requirement::Form(name("deal")),
        Requirement::Action(name("agree")),
    ];
    draft.actions = actions(vec![
        action(
            "agree",
            &["psa"],
            vec![Requirement::Form(name("workload"))],
            Target::Stay,
        ),
        action("submit", &["applicant"], submit, to(REVIEW)),
        action("discard", &["applicant"], vec![], to(WITHDRAWN)),
    ]);
    let mut reviewing = state(REVIEW, "review", None, StateKind::Leaf);
    let evaluation = vec![Requirement::Form(name("evaluation"))];
    reviewing.review = Some(review(
        "reviewer",
        None,
        vec![
            action("approve", &[], evaluation, to(APPROVED)),
            action("reject", &[], vec![Requirement::Comment], to(WITHDRAWN)),
        ],
    ));
    reviewing.actions = actions(vec![action(
        "withdraw",
        &["applicant"],
        vec![],
        to(WITHDRAWN),
    )]);
    [draft, reviewing]
}

fn after_the_decision() -> [State; 3] {
    let mut approved = state(
        APPROVED,
        "approved",
        None,
        StateKind::Outer { start: READY },
    );
    approved.show = vec![grant(None, &[Thing::Form(name("evaluation"))])];
    let mut ready = state(READY, "approved.ready", Some(APPROVED), StateKind::Leaf);
    ready.edit = vec![grant(
        Some("applicant"),
        &[Thing::Field(name("deal"), name("note"))],
    )];
    ready.actions = actions(vec![
        action("apply", &["applicant"], vec![], to(ACCEPTANCE)),
        action("accept", &["invitee"], vec![], to(ACCEPTANCE)),
        action("paid", &["finance", "system"], vec![], to(ACCEPTANCE)),
        action("remind", &["finance"], vec![], to(READY)),
    ]);
    let mut acceptance = state(
        ACCEPTANCE,
        "approved.acceptance",
        Some(APPROVED),
        StateKind::Leaf,
    );
    acceptance.show = vec![grant(
        Some("invitee"),
        &[Thing::Field(name("deal"), name("customer"))],
    )];
    acceptance.hide = vec![grant(Some("finance"), &[Thing::Form(name("deal"))])];
    let except = Except {
        voted_in: vec![REVIEW],
        ..Except::default()
    };
    let accept = action("accept", &[], vec![], to(WITHDRAWN));
    acceptance.review = Some(review("acceptor", Some(except), vec![accept]));
    [approved, ready, acceptance]
}

/// The workflow with two timers of its review: `remind`, which only writes to somebody, and `late`, which leads on.
pub(crate) fn with_timers(mut workflow: Workflow) -> Workflow {
    let timer = |timer: &str, hours, target| Timer {
        name: name(timer),
        when: TimerWhen::After(hours),
        effects: Vec::new(),
        target,
        line: 1,
    };
    let late = Choice::only(WITHDRAWN);
    let timers = [
        timer("remind", Length::of(72, Unit::Hour), None),
        timer("late", Length::of(96, Unit::Hour), Some(late)),
    ];
    let mut states: Vec<State> = workflow.states.iter().cloned().collect();
    states[REVIEW.index()]
        .timers
        .extend(timers.map(|timer| (timer.name.clone(), timer)));
    workflow.states = States::new(states, workflow.states.tree().clone());
    workflow
}
