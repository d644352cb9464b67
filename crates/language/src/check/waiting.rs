//! Whether a case can always come to an end (E231), and whether it can come to rest where nothing leads on: for what it
//! holds (E234), or because those who would have to act may not be there (W406). Of a state in a track it is asked too, unless another
//! track leads the case on.

use std::collections::BTreeSet;

use countersign_core::{
    expression::Formula,
    workflow::{Action, Choice, RoleIs, SelfReview, State, StateId, StateKind, Target, TimerWhen},
};

use crate::diagnostic::Code;

use super::{
    complete::Completeness,
    conditions::Conditions,
    graph::Graph,
    site::Site,
    solve::{Answer, Demand},
    state_set::StateSet,
};

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>, known: &Completeness<'_>) {
    let reached = graph.reachable(graph.beginnings(), None);
    ends(site, graph, &reached);
    let rests = graph
        .leaves()
        .filter(|leaf| leaf.kind == StateKind::Leaf && reached.contains(leaf.id));
    for leaf in rests {
        rest(site, graph, known, leaf);
    }
}

/// Whether an end can be reached from everywhere.
fn ends(site: &Site<'_>, graph: &Graph<'_>, reached: &StateSet) {
    let ends: StateSet = graph
        .leaves()
        .filter(|leaf| matches!(leaf.kind, StateKind::End(_)))
        .map(|leaf| leaf.id)
        .collect();
    let ending = |leaf: StateId| ends.contains(leaf) || graph.beyond(leaf).meets(&ends);
    let resting: StateSet = graph
        .leaves()
        .map(|leaf| leaf.id)
        .filter(|leaf| graph.next(*leaf).iter().all(|next| next == *leaf))
        .collect();
    let mut told = StateSet::default();
    for leaf in graph.leaves().filter(|leaf| reached.contains(leaf.id)) {
        let together = with_tracks_around(graph, leaf);
        let beyond = graph.beyond(leaf.id);
        let stays = beyond.meets(&resting);
        if told.contains(leaf.id) || stays || together.iter().any(ending) {
            continue;
        }
        told = told.with(beyond).with(together);
        let begin = shown(graph, &way(graph, &graph.beginnings(), leaf.id));
        let from: Vec<StateId> = graph.next(leaf.id).iter().collect();
        let back = way(graph, &from, leaf.id);
        let ring = if back.is_empty() {
            String::new()
        } else {
            let ring: Vec<StateId> = [leaf.id].into_iter().chain(back).collect();
            format!(", and then can only go on like {}", shown(graph, &ring))
        };
        let message = format!(
            "no end can be reached from `{}`: a case comes here by {begin}{ring}",
            leaf.path
        );
        let help = "let something lead to a state with `end: success | failure | neutral`";
        let finding = site
            .file
            .finding(Code::NoEnd, site.state_span(leaf), message, help);
        site.file.add(finding.label("cases never end"));
    }
}

/// The leaf, and all that the case may be in at the same time or instead in the tracks around it.
fn with_tracks_around<'g>(graph: &'g Graph<'_>, leaf: &State) -> &'g StateSet {
    graph.inside(graph.tracks_around(leaf.id).unwrap_or(leaf.id))
}

/// The shortest way from one of these leaves to that one, both included; nothing if there is none.
fn way(graph: &Graph<'_>, from: &[StateId], to: StateId) -> Vec<StateId> {
    let mut ways: Vec<Vec<StateId>> = from.iter().map(|leaf| vec![*leaf]).collect();
    let mut seen: StateSet = from.iter().copied().collect();
    let mut at = 0;
    while let Some(way) = ways.get(at).cloned() {
        at += 1;
        let Some(last) = way.last().copied() else {
            continue;
        };
        if last == to {
            return way;
        }
        for next in graph.next(last).iter().filter(|next| seen.insert(*next)) {
            ways.push(way.iter().copied().chain([next]).collect());
        }
    }
    Vec::new()
}

fn shown(graph: &Graph<'_>, way: &[StateId]) -> String {
    let names = way.iter().map(|leaf| graph.states.get(*leaf).path.as_str());
    let names: Vec<&str> = names.collect();
    format!("`{}`", names.join(" → "))
}

/// What leads out of a leaf.
enum Exit<'a> {
    /// It happens by itself, or by a vote.
    Certain,
    /// It leads on if this is true.
    If(Formula),
    /// Somebody can take it.
    Action(&'a Action),
}

/// Whether something leads on from a leaf, whatever the case holds and whoever is there.
fn rest(site: &Site<'_>, graph: &Graph<'_>, known: &Completeness<'_>, leaf: &State) {
    let conditions = Conditions::new(site, known.within(leaf.id));
    let exits = exits(graph, &conditions, leaf);
    if exits.is_empty() || rests_in_track(graph, leaf) {
        return;
    }
    let mut demands = Vec::new();
    let mut people = Vec::new();
    for exit in &exits {
        match exit {
            Exit::Certain => return,
            Exit::If(formula) => demands.push(Demand::not(formula.clone())),
            Exit::Action(action) => match &action.when {
                Some(when) => demands.push(Demand::not(conditions.formula(when))),
                None => people.push(*action),
            },
        }
    }
    if !people.is_empty() {
        absent(site, &conditions, leaf, &people);
        return;
    }
    let changing = known.changing(leaf);
    let rests = |place: &str| {
        let form = place.split('.').next().unwrap_or_default();
        match form {
            // While one track waits, others go on.
            "case" => graph.tracks_around(leaf.id).is_none(),
            "today" | "now" | "partner" | "facts" => false,
            form => changing.iter().all(|name| **name != *form),
        }
    };
    if !demands
        .iter()
        .all(|demand| demand.formula.reads_only(&rests))
    {
        return;
    }
    match conditions.can(&demands) {
        Answer::Never => {}
        Answer::Yes(record) => {
            let message = format!(
                "a case can be stuck in `{}`: for `{}` nothing leads on",
                leaf.path,
                record.words()
            );
            let help = "let one of its ways be without a condition, or add a timer with `to`";
            let span = site.state_span(leaf);
            let finding = site.file.finding(Code::MayBeStuck, span, message, help);
            site.file.add(finding.label("nothing leads on"));
        }
        Answer::Perhaps(_) | Answer::TooLarge => {
            site.not_analysed(site.state_span(leaf), "state");
        }
    }
}

/// Whether a track may rest in this leaf: nothing of its own leads on from here, or a track beside it leads the case out
/// of all of them.
fn rests_in_track(graph: &Graph<'_>, leaf: &State) -> bool {
    let Some(around) = graph.tracks_around(leaf.id) else {
        return false;
    };
    let mut ways = graph.out_of(leaf.id);
    let is_own = |from: StateId| from != around && graph.contains(around, from);
    if !ways.any(|way| way.from.is_some_and(is_own)) {
        return true;
    }
    graph.ways.iter().any(|way| {
        let beside = way
            .from
            .is_some_and(|from| graph.contains(around, from) && !graph.contains(from, leaf.id));
        let to = graph.leaf(way.to);
        let ends = matches!(graph.states.get(to).kind, StateKind::End(_));
        beside && (ends || !graph.contains(around, to))
    })
}

fn exits<'a>(graph: &Graph<'a>, conditions: &Conditions<'_>, leaf: &State) -> Vec<Exit<'a>> {
    let leaves = |to: StateId| graph.leaf(to) != leaf.id;
    let leads = |choice: &Choice| choice.states().any(leaves);
    let mut hidden = BTreeSet::new();
    let mut exits = Vec::new();
    for state in graph.states.outward(leaf.id) {
        let review = state.review.iter();
        let mut decisions = review.flat_map(|review| review.decisions.values());
        let decided = |action: &Action| match &action.target {
            Target::Stay => false,
            Target::To(choice) => leads(choice),
            Target::Resume(to) => leaves(*to),
        };
        let votes = state.review.as_ref().filter(|review| {
            decisions.any(|decision| decided(&decision.action))
                || review
                    .otherwise
                    .as_ref()
                    .is_some_and(|otherwise| leads(&otherwise.to))
        });
        if votes.is_some() {
            exits.push(Exit::Certain);
        }
        for action in state.actions.values() {
            if hidden.insert(&action.name) && decided(action) {
                exits.push(Exit::Action(action));
            }
        }
        for timer in state.timers.values() {
            if !timer.target.as_ref().is_some_and(leads) {
                continue;
            }
            exits.push(match &timer.when {
                TimerWhen::After(_) | TimerWhen::Every(_) | TimerWhen::Cron(_) => Exit::Certain,
                TimerWhen::AsSoonAs(condition) => Exit::If(conditions.formula(condition)),
                TimerWhen::At(moment) => Exit::If(conditions.known(moment)),
            });
        }
    }
    exits
}

/// Only people lead on: whether there is always somebody.
fn absent(site: &Site<'_>, conditions: &Conditions<'_>, leaf: &State, actions: &[&Action]) {
    let mut reasons = Vec::new();
    for action in actions {
        if action.who.system || action.who.roles.is_empty() {
            return;
        }
        for role in &action.who.roles {
            let Some(role) = site.workflow.roles.get(role) else {
                return;
            };
            match why_nobody(conditions, &role.is) {
                Some(why) => reasons.push((&role.name, why)),
                None => return,
            }
        }
    }
    let Some((role, why)) = reasons.first() else {
        return;
    };
    let message = format!(
        "somebody may wait for ever in `{}`: only `{role}` can act, and that is nobody {why}",
        leaf.path
    );
    let help = "let somebody else act too, require what the role is reckoned from, or add a timer with `to`";
    let finding = site
        .file
        .finding(Code::MayWaitForEver, site.state_span(leaf), message, help);
    site.file.add(finding.label("nobody may be there"));
}

/// When a role is nobody; `None` if that is a matter of the directory alone.
fn why_nobody(conditions: &Conditions<'_>, is: &RoleIs) -> Option<String> {
    let people = match is {
        RoleIs::Person(people) => people,
        RoleIs::LinkHolder { email } => email,
        RoleIs::Relation(relation) => {
            let attribute = relation.attributes.first()?;
            return Some(format!(
                "where the directory names no `{attribute}` of `{}`",
                relation.of.source()
            ));
        }
        RoleIs::Starter | RoleIs::Partner { .. } | RoleIs::Group(_) | RoleIs::Groups(_) => {
            return None;
        }
    };
    let open = people
        .reads()
        .iter()
        .find(|place| conditions.may_be_absent(place))?;
    Some(format!("while `{open}` is not filled in"))
}

/// Reviews by somebody whom the case names, who may have opened it himself.
pub(super) fn named_starter(site: &Site<'_>) {
    for state in site.workflow.states.iter() {
        let Some(review) = &state.review else {
            continue;
        };
        if review.self_review == SelfReview::Allowed || review.by.is_empty() {
            continue;
        }
        let named = review.by.iter().map(|role| {
            let role = site.workflow.roles.get(role)?;
            let RoleIs::Person(people) = &role.is else {
                return None;
            };
            (*people.ty() == countersign_core::expression::Type::Person).then_some(people)
        });
        let Some(named) = named.collect::<Option<Vec<_>>>() else {
            continue;
        };
        let is_guarded = |place: &String| {
            site.workflow.rules.values().any(|rule| {
                let reads = rule.check.reads();
                reads.iter().any(|read| read.starts_with(place.as_str()))
                    && rule
                        .check
                        .roots()
                        .iter()
                        .any(|root| root == "starter" || root == "actor")
            })
        };
        let guarded = named
            .iter()
            .flat_map(|people| people.reads())
            .any(is_guarded);
        let outward = || site.workflow.states.outward(state.id);
        let actions = outward().flat_map(|state| state.actions.values());
        let leads = actions.filter(|action| !matches!(action.target, Target::Stay));
        let timers = outward().flat_map(|state| state.timers.values());
        let fires = timers.filter(|timer| timer.target.is_some());
        if guarded || leads.count() + fires.count() > 0 {
            continue;
        }
        let source = named.first().map_or("", |people| people.source());
        let message = format!(
            "somebody may wait for ever in `{}`: if `{source}` has opened the case, nobody may decide",
            state.path
        );
        let help = "require by a rule that it is somebody else, let another role vote too, or say `self_review: allowed`";
        let span = site.by_span(state);
        site.file.report(Code::MayWaitForEver, span, message, help);
    }
}
