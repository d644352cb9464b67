//! Actions and decisions that nobody can ever take (E232): all who might are excluded, an inner state hides them
//! everywhere, or they require what cannot have happened. And buttons that look alike (W407).

use countersign_core::workflow::{Action, Requirement, RoleIs, State, Target};

use crate::{diagnostic::Code, source::Span};

use super::{
    complete::Completeness,
    conditions::Conditions,
    exclusion::same_people,
    graph::Graph,
    site::{Site, Spot},
    solve::{Answer, Demand},
};

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>, known: &Completeness<'_>) {
    for spot in site.actions() {
        if let Some((why, help)) = excluded(site, &spot).or_else(|| hidden(graph, &spot)) {
            let span = spot.written.map_or(Span::new(0, 0), |entry| entry.key.span);
            let message = format!("nobody can ever take `{}`: {why}", spot.action.name);
            site.file.report(Code::NobodyCan, span, message, help);
            continue;
        }
        required(site, graph, &spot);
    }
    for state in graph.leaves() {
        alike(site, graph, known, state);
    }
}

type Why = (String, &'static str);

/// Everybody who has one of its roles has one that `except` names.
fn excluded(site: &Site<'_>, spot: &Spot<'_>) -> Option<Why> {
    let roles = match spot.review {
        Some(review) => &review.by,
        None if spot.action.who.system => return None,
        None => &spot.action.who.roles,
    };
    let except = spot.action.except.as_ref()?;
    let is =
        |role: &countersign_core::name::Name| site.workflow.roles.get(role).map(|role| &role.is);
    let is_excluded = |role: &RoleIs| {
        let mut others = except.roles.iter().filter_map(is);
        others.any(|other| same_people(other, role))
    };
    let all = !roles.is_empty() && roles.iter().filter_map(is).all(is_excluded);
    let first = roles.first()?;
    all.then(|| {
        (
            format!("who has the role `{first}` is excluded by `except`"),
            "let another role take it, or exclude fewer",
        )
    })
}

/// Every inner state has an action or decision of the same name.
fn hidden(graph: &Graph<'_>, spot: &Spot<'_>) -> Option<Why> {
    let state = spot.state?;
    if spot.review.is_some() {
        return None;
    }
    let tree = graph.states.tree();
    let mut inside = graph.leaves().filter(|leaf| {
        leaf.id != state.id && graph.contains(state.id, leaf.id) && !tree.has_tracks(leaf.id)
    });
    let offers = |inner: &State| {
        let name = &spot.action.name;
        let review = inner.review.as_ref();
        inner.actions.contains_key(name)
            || review.is_some_and(|review| review.decisions.contains_key(name))
    };
    let shadowed = |leaf: &State| {
        let mut between = graph.states.outward(leaf.id);
        between.any(|inner| {
            inner.id != state.id && graph.contains(state.id, inner.id) && offers(inner)
        })
    };
    let first = inside.next()?;
    let all = shadowed(first) && inside.all(shadowed);
    all.then(|| {
        (
            "every inner state has one of the same name, which hides it".to_owned(),
            "remove it, or call it otherwise",
        )
    })
}

/// An action in `require` that nobody can have taken by then.
fn required(site: &Site<'_>, graph: &Graph<'_>, spot: &Spot<'_>) {
    for word in &spot.action.require {
        let Requirement::Action(wanted) = word else {
            continue;
        };
        if *wanted == *"open" || can_be_before(graph, spot.state, wanted) {
            continue;
        }
        let message = format!(
            "nobody can ever take `{}`: it requires `{wanted}`, which is never offered before",
            spot.action.name
        );
        let help = "offer it in this state or before it, or do not require it";
        let span = spot.require_span(wanted, "");
        site.file.report(Code::NobodyCan, span, message, help);
    }
}

fn can_be_before(graph: &Graph<'_>, state: Option<&State>, wanted: &str) -> bool {
    let Some(state) = state else { return false };
    let tree = graph.states.tree();
    // In tracks, one may wait for the other.
    let around = graph.states.outward(state.id);
    let around = around.filter(|outer| tree.has_tracks(outer.id)).last();
    let around = around.map_or(state.id, |outer| outer.id);
    let here = graph.inside(around);
    let offered = |leaf: &State| {
        graph.states.outward(leaf.id).any(|state| {
            let review = state.review.as_ref();
            state.actions.contains_key(wanted)
                || review.is_some_and(|review| review.decisions.contains_key(wanted))
        })
    };
    let mut offering = graph.leaves().filter(|leaf| offered(leaf));
    offering.any(|leaf| here.contains(leaf.id) || graph.beyond(leaf.id).meets(here))
}

/// Two buttons of the same title that the same people may see at once, and that lead elsewhere.
fn alike(site: &Site<'_>, graph: &Graph<'_>, known: &Completeness<'_>, leaf: &State) {
    let conditions = Conditions::new(site, known.within(leaf.id));
    let actions: Vec<(&State, &Action)> = graph
        .states
        .outward(leaf.id)
        .flat_map(|state| state.actions.values().map(move |action| (state, action)))
        .collect();
    for (at, (state, second)) in actions.iter().enumerate() {
        for (_, first) in &actions[..at] {
            if first.name == second.name || first.title != second.title || !meet(first, second) {
                continue;
            }
            let whens = [first, second].map(|action| action.when.as_ref());
            let demands = whens.into_iter().flatten();
            let demands: Vec<Demand> = demands
                .map(|when| Demand::that(conditions.formula(when)))
                .collect();
            let example = match conditions.can(&demands) {
                Answer::Yes(record) if record.is_empty() => String::new(),
                Answer::Yes(record) => format!(", for example for `{}`", record.words()),
                Answer::Never | Answer::Perhaps(_) | Answer::TooLarge => continue,
            };
            let message = format!(
                "`{}` and `{}` have the same title and can be offered at once{example}",
                first.name, second.name
            );
            let help =
                "give them titles that can be told apart, or conditions that exclude each other";
            let written = site.within(state, &["actions", &second.name]);
            let span = written.map_or_else(|| site.state_span(state), |entry| entry.key.span);
            site.file.report(Code::LookAlike, span, message, help);
        }
    }
}

/// Whether one role may take both, and they are not the same in all but the name.
fn meet(first: &Action, second: &Action) -> bool {
    let same_way = match (&first.target, &second.target) {
        (Target::Stay, Target::Stay) => true,
        (Target::To(one), Target::To(other)) => {
            one.conditional.is_empty()
                && other.conditional.is_empty()
                && one.otherwise == other.otherwise
        }
        (Target::Resume(one), Target::Resume(other)) => one == other,
        _ => false,
    };
    !same_way
        && first
            .who
            .roles
            .iter()
            .any(|role| second.who.roles.contains(role))
}
