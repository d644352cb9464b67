//! A workflow built by hand that has every kind of way, and random pictures. Tests only.

use crate::mark::{CaseMark, Moved, Mover};
use crate::picture::{Entry, Kind, Label, Picture, Shape, Way};
use countersign_core::{
    calendar::Calendar,
    expression::{Expect, Expression, Scope},
    machine::{Slot, Tree, TreeState},
    name::Name,
    text::Text,
    workflow::{
        Action, Choice, Decision, End, Every, From, NumberPattern, Otherwise, Review, SelfReview,
        State, StateKind, StatePath, States, Surroundings, Target, Timer, TimerWhen, Votes, Who,
        Workflow,
    },
};
use indexmap::IndexMap;
use std::sync::Arc;

/// Draft, an evaluation with two steps inside, changes requested, and an end of each kind.
pub(crate) fn workflow() -> Workflow {
    let mut states = states();
    states[0].actions = actions(vec![
        action("submit", ("Submit", "提交"), to(1)),
        action("discard", ("Discard", "放弃"), to(7)),
    ]);
    states[0].timers = timers(vec![timer("tidy_up", after("90 days"), Some(7))]);
    states[1].actions = actions(vec![
        action("withdraw", ("Withdraw", "撤回"), to(7)),
        action("again", ("Start over", "重新评估"), to(1)),
    ]);
    expert_review(&mut states[2]);
    states[3].review = Some(review(
        vec![
            action("approve", ("Sign off", "签署通过"), to(5)),
            action("request_changes", ("Request changes", "退回修改"), to(4)),
        ],
        None,
    ));
    states[4].actions = actions(vec![action(
        "resubmit",
        ("Resubmit", "重新提交"),
        Target::Resume(Slot(1)),
    )]);
    states[4].timers = timers(vec![timer("lapse", after("30 days"), Some(7))]);
    assemble(states)
}

fn states() -> Vec<State> {
    let outer = StateKind::Outer { start: Slot(2) };
    vec![
        state(0, "draft", None, ("Draft", "草稿"), StateKind::Leaf),
        state(1, "evaluation", None, ("Under evaluation", "评估中"), outer),
        state(
            2,
            "evaluation.expert_review",
            Some(1),
            ("Expert <b>&\"review\"", "专家<评审>"),
            StateKind::Leaf,
        ),
        state(
            3,
            "evaluation.sign_off",
            Some(1),
            ("Manager sign-off", "主管签署"),
            StateKind::Leaf,
        ),
        state(
            4,
            "changes_requested",
            None,
            ("Changes requested", "待修改"),
            StateKind::Leaf,
        ),
        state(
            5,
            "passed",
            None,
            ("Passed", "评估通过"),
            StateKind::End(End::Success),
        ),
        state(
            6,
            "failed",
            None,
            ("Not passed", "评估未通过"),
            StateKind::End(End::Failure),
        ),
        state(
            7,
            "withdrawn",
            None,
            ("Withdrawn", "已撤回"),
            StateKind::End(End::Neutral),
        ),
    ]
}

fn expert_review(state: &mut State) {
    let first = "case.round < 2 && case.title != 'Renewal'";
    let first =
        Expression::compile(first, &Scope::standard(), &Expect::Any).expect("an expression");
    let conditional = IndexMap::from([(Slot(6), first)]);
    state.review = Some(review(
        vec![
            action(
                "approve",
                ("Recommend", "推荐"),
                Target::To(Choice {
                    conditional,
                    otherwise: Slot(3),
                }),
            ),
            action("reject", ("Do not recommend", "不推荐"), to(6)),
        ],
        Some(3),
    ));
    state.actions = actions(vec![
        action("recuse", ("Step back", "回避"), Target::Stay),
        action("redraw", ("Draw again", "重新抽取"), to(2)),
    ]);
    state.timers = timers(vec![timer("remind", overdue("1 business day"), None)]);
}

/// The case that was sent back once and is with the manager again.
pub(crate) fn case() -> CaseMark {
    let moved = |by: &str, from: Option<&str>, to: &str| Moved {
        by: from.map_or(Mover::Opening, |_| Mover::Named(name(by))),
        from: from.map(StatePath::new),
        to: StatePath::new(to),
    };
    let (expert_review, sign_off) = ("evaluation.expert_review", "evaluation.sign_off");
    CaseMark {
        current: StatePath::new(sign_off),
        tracks: vec![],
        way: vec![
            moved("open", None, "draft"),
            moved("submit", Some("draft"), expert_review),
            moved("approve", Some(expert_review), sign_off),
            moved("request_changes", Some(sign_off), "changes_requested"),
            moved("resubmit", Some("changes_requested"), sign_off),
        ],
    }
}

/// A picture in which every state can be reached, the same for the same seed.
pub(crate) fn random_picture(seed: u64) -> Picture {
    let mut bits = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = |end: usize| {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        usize::try_from(bits % end as u64).expect("below a usize")
    };
    let count = 2 + below(12);
    let mut picture = Picture {
        entry: Entry { to: 0 },
        ..Picture::default()
    };
    for index in 0..count {
        let parent = if index > 0 && below(3) == 0 {
            Some(below(index))
        } else {
            None
        };
        let title = format!("State {index} {}", "x".repeat(below(12)));
        picture.states.push(Shape {
            id: format!("s{index}"),
            title,
            parent,
            kind: Kind::Plain,
            reminders: vec![],
        });
    }
    for index in 0..count {
        let first = picture.inside(Some(index)).next();
        if let Some(start) = first {
            picture.states[index].kind = Kind::Outer { start };
        }
    }
    let way = |from: usize, to: usize| Label {
        text: format!("way {from} to {to}"),
        condition: None,
        kind: Way::Action,
        taken: false,
    };
    for to in 1..count {
        let outer = picture.states[to]
            .parent
            .map(|parent| picture.states[parent].kind);
        if outer != Some(Kind::Outer { start: to }) {
            let from = below(to);
            picture.add_way(from, to, way(from, to));
        }
    }
    for _ in 0..below(count) {
        let (from, to) = (below(count), below(count));
        picture.add_way(from, to, way(from, to));
    }
    picture
}

fn assemble(states: Vec<State>) -> Workflow {
    let start = |state: &State| match state.kind {
        StateKind::Outer { start } => Some(start),
        StateKind::Leaf | StateKind::Tracks | StateKind::End(_) => None,
    };
    let tree: Vec<TreeState> = states
        .iter()
        .map(|state| TreeState {
            parent: state.parent,
            start: start(state),
            tracks: state.kind == StateKind::Tracks,
        })
        .collect();
    let tree = Tree::build(&tree).expect("a sound tree");
    Workflow {
        id: name("evaluation"),
        version: 1,
        title: Text::new("Evaluation & sign-off", "评估与签署"),
        about: None,
        number: NumberPattern::new(vec![]),
        case_title: None,
        partner: None,
        surroundings: Arc::new(Surroundings {
            languages: vec![],
            zone: chrono_tz::UTC,
            calendar: Calendar::default(),
            lists: IndexMap::new(),
            facts: IndexMap::new(),
        }),
        roles: IndexMap::new(),
        forms: IndexMap::new(),
        materials: IndexMap::new(),
        rules: IndexMap::new(),
        limits: IndexMap::new(),
        links: IndexMap::new(),
        tables: IndexMap::new(),
        children: IndexMap::new(),
        messages: IndexMap::new(),
        open: action("open", ("Open", "新建"), to(0)),
        states: States::new(states, tree),
        migrate: std::collections::BTreeMap::new(),
    }
}

fn name(name: &str) -> Name {
    Name::parse(name).expect("a name")
}

fn state(id: u8, path: &str, parent: Option<u8>, title: (&str, &str), kind: StateKind) -> State {
    State {
        id: Slot(id),
        name: name(path.rsplit('.').next().unwrap_or(path)),
        path: StatePath::new(path),
        parent: parent.map(Slot),
        title: Text::new(title.0, title.1),
        edit: vec![],
        show: vec![],
        hide: vec![],
        enter: vec![],
        exit: vec![],
        due: None,
        pauses_in: vec![],
        claim: None,
        review: None,
        actions: IndexMap::new(),
        timers: IndexMap::new(),
        kind,
        line: 1,
    }
}

fn to(state: u8) -> Target {
    Target::To(Choice::only(Slot(state)))
}

fn action(id: &str, title: (&str, &str), target: Target) -> Action {
    Action {
        name: name(id),
        title: Text::new(title.0, title.1),
        who: Who::default(),
        when: None,
        except: None,
        require: vec![],
        confirm: None,
        effects: vec![],
        target,
        covers: None,
        keep: false,
        line: 1,
    }
}

fn actions(actions: Vec<Action>) -> IndexMap<Name, Action> {
    actions
        .into_iter()
        .map(|action| (action.name.clone(), action))
        .collect()
}

fn review(decisions: Vec<Action>, otherwise: Option<u8>) -> Review {
    let decision = |action: Action| (action.name.clone(), Decision::new(action, Votes::Number(1)));
    Review {
        by: vec![],
        panels: indexmap::IndexMap::new(),
        assign: None,
        except: None,
        self_review: SelfReview::Never,
        decisions: decisions.into_iter().map(decision).collect(),
        members: countersign_core::workflow::Members::Live,
        prefer: None,
        otherwise: otherwise.map(|to| Otherwise {
            effects: vec![],
            to: Choice::only(Slot(to)),
        }),
        covers: None,
        line: 1,
    }
}

fn after(length: &str) -> TimerWhen {
    TimerWhen::After(length.parse().expect("a length"))
}

fn overdue(length: &str) -> TimerWhen {
    TimerWhen::Every(Every {
        every: length.parse().expect("a length"),
        from: From::Due,
        times: None,
    })
}

fn timer(id: &str, when: TimerWhen, to: Option<u8>) -> Timer {
    Timer {
        name: name(id),
        when,
        effects: vec![],
        target: to.map(|to| Choice::only(Slot(to))),
        line: 1,
    }
}

fn timers(timers: Vec<Timer>) -> IndexMap<Name, Timer> {
    timers
        .into_iter()
        .map(|timer| (timer.name.clone(), timer))
        .collect()
}
