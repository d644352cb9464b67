//! Decisions that need more votes than there can be people to give them (E233), as far as the file says how many there
//! are: people whom the case names, assignments, and those who have voted before and are excluded for that.

use countersign_core::{
    expression::{ENGINE_LIST, Type},
    name::Name,
    workflow::{Decision, Review, RoleIs, State, StateId, Votes},
};

use crate::{diagnostic::Code, source::Span};

use super::{exclusion::same_people, graph::Graph, site::Site};

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>) {
    for state in site.workflow.states.iter() {
        // Each panel has its own people and its own numbers.
        let Some(review) = state.review.as_ref().filter(|it| it.panels.is_empty()) else {
            continue;
        };
        let Some(seats) = Seats::of(site, graph, state, review) else {
            continue;
        };
        for decision in review.decisions.values() {
            let Votes::Number(needed) = decision.votes else {
                continue;
            };
            if needed > seats.left() {
                report(site, state, decision, needed, &seats);
            }
        }
    }
}

fn report(site: &Site<'_>, state: &State, decision: &Decision, needed: u32, seats: &Seats) {
    let name = &decision.action.name;
    let votes = site.within(state, &["review", "decisions", name, "votes"]);
    let written = site.within(state, &["review", "decisions", name]);
    let span = votes.map(|entry| entry.value.span);
    let span = span.or_else(|| written.map(|entry| entry.key.span));
    let message = format!(
        "`{name}` needs {needed} {}, and at most {} can be given: {}",
        if needed == 1 { "vote" } else { "votes" },
        seats.left(),
        seats.because
    );
    let help = "ask for fewer votes, let more people vote, or exclude fewer";
    site.file.report(
        Code::QuorumTooLarge,
        span.unwrap_or(Span::new(0, 0)),
        message,
        help,
    );
}

/// How many people can vote at most.
struct Seats {
    most: u32,
    used: u32,
    because: String,
}

impl Seats {
    fn left(&self) -> u32 {
        self.most.saturating_sub(self.used)
    }

    /// `None` if the file does not say.
    fn of(site: &Site<'_>, graph: &Graph<'_>, state: &State, review: &Review) -> Option<Self> {
        let people = review.by.iter().map(|role| people_in(site, role));
        let people: Option<u32> = people.sum();
        let (most, mut because) = match (review.assign, people) {
            (Some(assigned), people) if people.is_none_or(|people| assigned <= people) => {
                (assigned, format!("{assigned} people are assigned"))
            }
            (_, Some(people)) => {
                let roles = review.by.iter().map(|role| format!("`{role}`"));
                let roles = roles.collect::<Vec<_>>().join(" and ");
                let persons = if people == 1 { "one person" } else { "people" };
                let number = if people == 1 {
                    String::new()
                } else {
                    format!("{people} ")
                };
                (people, format!("{roles} is {number}{persons}"))
            }
            (Some(_) | None, None) => return None,
        };
        let mut used = 0;
        if people.is_some() {
            let (before, states) = used_before(site, graph, state, review);
            used = before;
            if used > 0 {
                because =
                    format!("{because}, and {used} of them must have voted in {states} before");
            }
        }
        Some(Self {
            most,
            used,
            because,
        })
    }
}

/// How many people a role can be at most; `None`: as many as the directory says.
fn people_in(site: &Site<'_>, role: &Name) -> Option<u32> {
    let RoleIs::Person(people) = &site.workflow.roles.get(role)?.is else {
        return None;
    };
    match people.ty() {
        Type::Person => Some(1),
        Type::List { max, .. } => max.filter(|most| *most < ENGINE_LIST),
        _ => None,
    }
}

/// How many of the same people must have voted where this review excludes who has, and where that was.
fn used_before(
    site: &Site<'_>,
    graph: &Graph<'_>,
    state: &State,
    review: &Review,
) -> (u32, String) {
    let excluding = review.except.iter().flat_map(|except| &except.voted_in);
    let before: Vec<(&State, &Review, u32)> = excluding
        .filter_map(|other| {
            let other = site.workflow.states.get(*other);
            let earlier = other.review.as_ref()?;
            let same = earlier
                .by
                .iter()
                .all(|role| is_among(site, role, &review.by));
            let passed = same && is_passed(graph, other.id, state.id);
            passed.then(|| (other, earlier, fewest(earlier)))
        })
        .collect();
    let excludes = |review: &Review, other: StateId| {
        let mut states = review.except.iter().flat_map(|except| &except.voted_in);
        states.any(|state| *state == other)
    };
    let apart = before.iter().enumerate().all(|(at, (one, by, _))| {
        let mut others = before[..at].iter();
        others.all(|(other, by_other, _)| excludes(by, other.id) || excludes(by_other, one.id))
    });
    let votes = before.iter().map(|(_, _, votes)| *votes);
    let used = if apart {
        votes.sum()
    } else {
        votes.max().unwrap_or(0)
    };
    let states = before
        .iter()
        .map(|(state, _, _)| format!("`{}`", state.path));
    (used, states.collect::<Vec<_>>().join(" and "))
}

fn is_among(site: &Site<'_>, role: &Name, roles: &[Name]) -> bool {
    let is = |role: &Name| site.workflow.roles.get(role).map(|role| &role.is);
    let mut others = roles.iter().filter_map(is);
    is(role).is_some_and(|role| others.any(|other| same_people(other, role)))
}

/// Whether every case that comes to the second state has been decided in the first.
fn is_passed(graph: &Graph<'_>, first: StateId, second: StateId) -> bool {
    let without: Vec<StateId> = graph.beginnings();
    let begins_there = without.iter().any(|leaf| graph.contains(first, *leaf));
    let without: Vec<StateId> = without
        .into_iter()
        .filter(|leaf| !graph.contains(first, *leaf))
        .collect();
    let begins = !without.is_empty();
    let around = graph.reachable(without, Some(first));
    let reaches = graph.inside(second).meets(&around);
    // Only a vote leads on: nothing else leaves the first state towards the second.
    let by_votes = graph.ways.iter().all(|way| {
        let from = way.from.is_some_and(|from| from == first);
        let voted = way.action.is_some_and(|action| {
            let review = graph.states.get(first).review.as_ref();
            review.is_some_and(|review| review.decisions.contains_key(&action.name))
        });
        !from || voted || !leads(graph, graph.leaf(way.to), first, second)
    });
    (begins_there || begins) && !reaches && by_votes
}

fn leads(graph: &Graph<'_>, from: StateId, barred: StateId, to: StateId) -> bool {
    graph
        .inside(to)
        .meets(&graph.reachable([from], Some(barred)))
}

/// The fewest votes by which a case gets out of a review.
fn fewest(review: &Review) -> u32 {
    let votes = review
        .decisions
        .values()
        .map(|decision| match decision.votes {
            Votes::Number(number) => number,
            Votes::All | Votes::Majority | Votes::Reckoned(_) => 1,
            Votes::Recorded => u32::MAX,
        });
    let fewest = votes.min().unwrap_or(0);
    if fewest == u32::MAX { 0 } else { fewest }
}
