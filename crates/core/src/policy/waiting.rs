//! Whose turn it is: the rows of inboxes and `waiting_for`.
//!
//! A state with an undecided review waits for its reviewers, and for nobody else: withdrawing meanwhile is
//! possible, not awaited. Any other state waits for the roles of the actions that lead on: into another
//! state that is not an unsuccessful end (withdrawing, discarding, revoking and sending again are possible,
//! not awaited). Each track waits for itself. An action that such an action requires and that does not stand is awaited too. Services
//! are not waited for. Outer states count like the inner one. A case on hold or ended waits for nobody.

use std::collections::BTreeSet;

use crate::{
    case::{Ballot, Case, Lifecycle, PersonId, Receiver},
    name::Name,
    outcome::{Subject, Waiting},
    reading::Reading,
    workflow::{
        Action, End, Except, Requirement, Review, RoleIs, State, StateId, StateKind, Target,
        Workflow,
    },
};

use super::{Bench, benches, is_excepted, is_too_near, named, people_of, role::starter_partner};

/// One role whose turn it is.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The state that waits.
    pub state: &'a State,
    /// For whom.
    pub role: &'a Name,
    /// The review and its running ballot, if it is a vote that is awaited.
    pub review: Option<(&'a Review, &'a Ballot)>,
    /// The separation of duties that holds for them.
    pub except: Option<&'a Except>,
}

/// Whose turn it is, each role once, in document order. `offered` is asked whether an action is there at
/// all; where that depends on who asks, it says true.
pub fn turns<'a>(
    workflow: &'a Workflow,
    case: &'a Case,
    offered: &dyn Fn(&Action) -> bool,
) -> Vec<Turn<'a>> {
    if !matches!(case.lifecycle, Lifecycle::Running) {
        return Vec::new();
    }
    let leaves = case.leaves(&workflow.states).into_iter();
    let mut turns: Vec<_> = leaves
        .flat_map(|leaf| turns_at(workflow, case, leaf, offered))
        .collect();
    let mut seen = BTreeSet::new();
    turns.retain(|turn| seen.insert(turn.role));
    turns
}

/// Whose turn it is at one leaf and around it.
fn turns_at<'a>(
    workflow: &'a Workflow,
    case: &'a Case,
    leaf: &'a State,
    offered: &dyn Fn(&Action) -> bool,
) -> Vec<Turn<'a>> {
    let here: Vec<&State> = workflow.states.outward(leaf.id).collect();
    let mut turns = Vec::new();
    for state in &here {
        if let Some((review, ballot)) = running_review(case, state) {
            let benches = benches(review, Some(ballot)).into_iter();
            turns.extend(benches.flat_map(|bench| bench.by).map(|role| Turn {
                state,
                role,
                review: Some((review, ballot)),
                except: review.except.as_ref(),
            }));
        }
    }
    if turns.is_empty() {
        for (state, action) in awaited(workflow, case, &here, offered) {
            turns.extend(action.who.roles.iter().map(|role| Turn {
                state,
                role,
                review: None,
                except: action.except.as_ref(),
            }));
        }
    }
    turns
}

/// The rows of inboxes. Of a starter's role the starter's turn it is, or his partner's if nobody started
/// it; whoever was mailed a link and is not in the directory has no inbox.
pub fn waiting(
    workflow: &Workflow,
    case: &Case,
    reading: &Reading<'_>,
    offered: &dyn Fn(&Action) -> bool,
) -> Vec<Waiting> {
    let mut rows = Vec::new();
    for turn in turns(workflow, case, offered) {
        let since = case.entered.get(&turn.state.path).copied();
        let due = case
            .due
            .get(&turn.state.path)
            .copied()
            .or_else(|| case.due_at());
        let but = kept_out(workflow, case, &turn, reading);
        rows.extend(
            subjects(workflow, case, &turn, reading)
                .into_iter()
                .map(|who| Waiting {
                    who,
                    but: but.clone(),
                    role: turn.role.clone(),
                    since: since.unwrap_or(case.opened_at),
                    due,
                }),
        );
    }
    rows
}

fn running_review<'a>(case: &'a Case, state: &'a State) -> Option<(&'a Review, &'a Ballot)> {
    let review = state.review.as_ref()?;
    let visit = case.visits_of(state.path.as_str());
    let mut ballots = case.ballots.iter().rev();
    let ballot = ballots.find(|ballot| ballot.state == state.path && ballot.visit == visit)?;
    ballot.decided.is_none().then_some((review, ballot))
}

fn awaited<'a>(
    workflow: &'a Workflow,
    case: &'a Case,
    here: &[&'a State],
    offered: &dyn Fn(&Action) -> bool,
) -> Vec<(&'a State, &'a Action)> {
    let all = || {
        let states = here.iter();
        states.flat_map(|state| state.actions.values().map(move |action| (*state, action)))
    };
    let mut found: Vec<_> = all()
        .filter(|(state, action)| leads_on(workflow, state.id, &action.target) && offered(action))
        .collect();
    let stands = |action: &Name| {
        let mut taken = case.taken.iter();
        taken.any(|taken| taken.action == *action && taken.fallen.is_none())
    };
    let required: BTreeSet<&Name> = found
        .iter()
        .flat_map(|(_, action)| &action.require)
        .filter_map(|word| match word {
            Requirement::Action(name) if !stands(name) => Some(name),
            Requirement::Action(_)
            | Requirement::Form(_)
            | Requirement::Material(_)
            | Requirement::Rule(_)
            | Requirement::Limit(_)
            | Requirement::Link(_)
            | Requirement::Comment
            | Requirement::Replies
            | Requirement::Code
            | Requirement::CodeIfEnabled => None,
        })
        .collect();
    found.extend(all().filter(|(_, action)| required.contains(&action.name)));
    found
}

/// Whether a target can be another state that is not an unsuccessful end.
fn leads_on(workflow: &Workflow, from: StateId, target: &Target) -> bool {
    let on = |to: StateId| {
        let unsuccessful = matches!(
            workflow.states.get(to).kind,
            StateKind::End(End::Failure | End::Neutral)
        );
        to != from && !unsuccessful
    };
    match target {
        Target::Stay => false,
        Target::To(choice) => choice.states().any(on),
        Target::Resume(_) => true,
    }
}

fn subjects(
    workflow: &Workflow,
    case: &Case,
    turn: &Turn<'_>,
    reading: &Reading<'_>,
) -> Vec<Subject> {
    let claim = case.claim.as_ref();
    if let Some(claim) = claim.filter(|claim| claim.holds(&turn.state.path, turn.role)) {
        return vec![Subject::Person(claim.by.clone())];
    }
    let mut subjects = owners(workflow, case, turn, reading);
    let named = turn
        .review
        .into_iter()
        .flat_map(|(_, ballot)| &ballot.added);
    let handed = case.mandates.iter();
    let handed = handed.filter(|mandate| turn.state.path.is_in(mandate.state.as_str()));
    let named = named.chain(handed.map(|mandate| &mandate.to));
    for person in named.cloned().map(Subject::Person) {
        if !subjects.contains(&person) {
            subjects.push(person);
        }
    }
    subjects
}

/// Whose turn it is by itself.
fn owners(
    workflow: &Workflow,
    case: &Case,
    turn: &Turn<'_>,
    reading: &Reading<'_>,
) -> Vec<Subject> {
    let benches = benches_of(turn);
    let named: Vec<&[PersonId]> = benches.iter().filter_map(Bench::named).collect();
    if !named.is_empty() {
        let people: BTreeSet<PersonId> = named.concat().into_iter().collect();
        return people.into_iter().map(Subject::Person).collect();
    }
    let partner = |id: Option<_>| id.map(Subject::Partner).into_iter().collect();
    match workflow.roles.get(turn.role).map(|role| &role.is) {
        Some(RoleIs::Starter) => match &case.starter {
            Some(starter)
                if reading
                    .person(starter)
                    .is_none_or(|person| !person.disabled) =>
            {
                vec![Subject::Person(starter.clone())]
            }
            Some(_) => partner(starter_partner(workflow, case, reading)),
            None => partner(case.partner.clone()),
        },
        Some(RoleIs::Partner { group: Some(group) } | RoleIs::Group(group)) => {
            vec![Subject::Group(group.clone())]
        }
        Some(RoleIs::Partner { group: None }) => partner(case.partner.clone()),
        Some(RoleIs::Groups(groups)) => {
            let groups = named::groups(workflow, case, groups, reading);
            groups.into_iter().map(Subject::Group).collect()
        }
        Some(RoleIs::Person(_) | RoleIs::Relation(_)) => {
            let people = people_of(workflow, case, turn.role, reading);
            people.into_iter().map(Subject::Person).collect()
        }
        Some(RoleIs::LinkHolder { .. }) => {
            let links = case.mail_links.iter();
            let mine = links.filter(|link| turn.state.actions.contains_key(&link.action));
            let people: BTreeSet<_> = mine
                .filter_map(|link| match &link.receiver {
                    Receiver::Person(id) => Some(Subject::Person(id.clone())),
                    Receiver::Address(_) => None,
                })
                .collect();
            people.into_iter().collect()
        }
        None => Vec::new(),
    }
}

/// The benches of the turn's review that this role sits in.
fn benches_of<'a>(turn: &Turn<'a>) -> Vec<Bench<'a>> {
    let review = turn.review.into_iter();
    let benches = review.flat_map(|(review, ballot)| benches(review, Some(ballot)));
    benches
        .filter(|bench| bench.by.contains(turn.role))
        .collect()
}

/// Who has voted, or has a vote given in his place, wherever this role sits.
fn voted(
    workflow: &Workflow,
    case: &Case,
    turn: &Turn<'_>,
    reading: &Reading<'_>,
) -> BTreeSet<PersonId> {
    let Some((_, ballot)) = turn.review else {
        return BTreeSet::new();
    };
    let benches = benches_of(turn);
    let standing = || ballot.votes.iter().filter(|vote| vote.stands());
    let has_voted = |person: &PersonId| {
        let asks = |bench: &&Bench<'_>| {
            let several = benches.len() > 1;
            let person = reading.person(person).filter(|_| several);
            person.is_none_or(|person| bench.asks(workflow, case, &person, reading).is_some())
        };
        let in_bench = |bench: &Bench<'_>| {
            let mut votes = standing().filter(|vote| vote.panel.as_ref() == bench.name());
            votes.any(|vote| vote.is_of(person))
        };
        benches.iter().filter(asks).all(in_bench)
    };
    let voters = standing().flat_map(|vote| vote.instead_of.iter().chain([&vote.by]));
    voters.filter(|person| has_voted(person)).cloned().collect()
}

/// Who of them cannot act: has voted, stands too near, is under `except` (as far as that needs no
/// expression).
fn kept_out(
    workflow: &Workflow,
    case: &Case,
    turn: &Turn<'_>,
    reading: &Reading<'_>,
) -> BTreeSet<PersonId> {
    let mut out = voted(workflow, case, turn, reading);
    let handed = case.mandates.iter();
    let handed = handed.filter(|mandate| turn.state.path.is_in(mandate.state.as_str()));
    let (from, to): (Vec<_>, BTreeSet<_>) =
        handed.map(|mandate| (&mandate.from, &mandate.to)).unzip();
    out.extend(from.into_iter().filter(|from| !to.contains(from)).cloned());
    let candidates = match turn.review {
        Some((review, ballot)) => super::seats(workflow, case, review, Some(ballot), reading),
        None => people_of(workflow, case, turn.role, reading),
    };
    for id in candidates {
        let Some(person) = reading.person(&id) else {
            continue;
        };
        let near = turn.review.is_some_and(|(review, _)| {
            is_too_near(workflow, case, review.self_review, &person, reading)
        });
        let excepted = turn.except.is_some_and(|except| {
            is_excepted(workflow, case, except, &BTreeSet::new(), &person, reading)
        });
        if near || excepted {
            out.insert(id);
        }
    }
    out
}
