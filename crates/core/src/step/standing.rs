//! When votes and actions stop standing (rule 27): something that they cover changes, or their person comes under
//! `except`. Voiding is an effect.

use serde_json::json;

use crate::{
    ballot,
    case::{Fallen, PersonId, Taken, Vote},
    history::{Change, What},
    name::Name,
    workflow::{Action, Requirement, Review, State, Thing, Workflow},
};

use super::{act::Offered, run::Run, seal::Draft};

impl Run<'_> {
    /// What covers a changed place falls.
    pub fn fall(&mut self, changes: &[Change]) {
        let workflow = self.workflow;
        let me = self.actor().person().map(|person| person.id.clone());
        let mut fell: Vec<Name> = Vec::new();
        for ballot in &mut self.case.ballots {
            let mut anew: Vec<PersonId> = Vec::new();
            let state = workflow.states.find(ballot.state.as_str());
            let Some(review) = state.and_then(|state| state.review.as_ref()) else {
                continue;
            };
            for vote in ballot.votes.iter_mut().filter(|vote| vote.stands()) {
                if changes
                    .iter()
                    .any(|change| vote_covers(workflow, review, vote, &change.at))
                {
                    vote.fallen = Some(Fallen::Changed);
                    // Of a decided ballot it only means that the vote does not carry over.
                    if ballot.decided.is_none() {
                        fell.push(vote.decision.clone());
                        anew.extend(vote.instead_of.iter().chain([&vote.by]).cloned());
                    }
                }
            }
            // Whose vote fell is asked anew, and told so like a newcomer, but for who made the change himself.
            anew.retain(|person| me.as_ref() != Some(person));
            ballot.asked.retain(|asked| !anew.contains(asked));
        }
        for taken in &mut self.case.taken {
            let changed = |change: &Change| taken_covers(workflow, taken, &change.at);
            if taken.fallen.is_none() && changes.iter().any(changed) {
                taken.fallen = Some(Fallen::Changed);
                if is_asked_for(workflow, &taken.action) {
                    fell.push(taken.action.clone());
                }
            }
        }
        self.tell_fallen(fell, "changed");
    }

    /// Votes of the running ballot whose person has come under `except` fall.
    pub fn fall_excepted(&mut self) {
        for state in self.reviewing() {
            self.fall_excepted_in(state);
        }
    }

    fn fall_excepted_in(&mut self, state: &State) {
        let (Some(review), Some(ballot)) = (&state.review, self.ballot_of(state)) else {
            return;
        };
        let sight = self.sight_at(state);
        let excepted = |vote: &&Vote| {
            let Some(person) = self.reading.person(&vote.by) else {
                return false;
            };
            let decision = review
                .decisions
                .get(&vote.decision)
                .and_then(|decision| decision.action.except.as_ref());
            let all = review.except.iter().chain(decision);
            let owners = vote.instead_of.iter();
            let people: Vec<_> = owners
                .filter_map(|owner| self.reading.person(owner))
                .chain([person])
                .collect();
            vote.stands() && { all }.any(|except| {
                let mut people = people.iter();
                people.any(|person| ballot::is_surely_excepted(&sight, except, person))
            })
        };
        let gone: Vec<_> = ballot
            .votes
            .iter()
            .filter(excepted)
            .map(|vote| vote.by.clone())
            .collect();
        if gone.is_empty() {
            return;
        }
        let visit = ballot.visit;
        let mut fell = Vec::new();
        let ballots = self.case.ballots.iter_mut();
        for ballot in ballots.filter(|ballot| ballot.state == state.path && ballot.visit == visit) {
            for vote in ballot
                .votes
                .iter_mut()
                .filter(|vote| vote.stands() && gone.contains(&vote.by))
            {
                vote.fallen = Some(Fallen::Excepted);
                fell.push(vote.decision.clone());
            }
        }
        self.tell_fallen(fell, "except");
    }

    /// Actions whose person has come under their `except` fall.
    pub fn fall_excepted_actions(&mut self) {
        let excepted = |taken: &Taken| {
            let state = self.workflow.states.find(taken.state.as_str());
            let action = state.and_then(|state| state.actions.get(&taken.action));
            let except = action.and_then(|action| action.except.as_ref());
            let (Some(except), Some(person)) = (except, taken.by.person()) else {
                return false;
            };
            // Having taken it is no reason against itself: that only forbids taking it twice.
            let mut except = except.clone();
            except.took.retain(|action| *action != taken.action);
            let person = self.reading.person(person);
            person.is_some_and(|person| ballot::is_surely_excepted(&self.sight(), &except, &person))
        };
        let all = self.case.taken.iter();
        let gone: Vec<bool> = all
            .map(|taken| taken.fallen.is_none() && excepted(taken))
            .collect();
        let mut fell = Vec::new();
        for (taken, gone) in self.case.taken.iter_mut().zip(gone) {
            if gone {
                taken.fallen = Some(Fallen::Excepted);
                fell.push(taken.action.clone());
            }
        }
        self.tell_fallen(fell, "except");
    }

    fn tell_fallen(&mut self, mut fell: Vec<Name>, why: &str) {
        fell.sort();
        fell.dedup();
        for action in fell {
            // The changes belong to the entry of what changed them, which follows.
            let changes = std::mem::take(&mut self.changes);
            self.write(
                Draft::of(What::Voided)
                    .about(&action)
                    .with(json!({ "why": why })),
            );
            self.changes = changes;
        }
    }
}

/// Whether some `require` asks that this action stands: then it is worth telling that it does not.
fn is_asked_for(workflow: &Workflow, action: &Name) -> bool {
    let wanted = Requirement::Action(action.clone());
    let mut states = workflow.states.iter();
    states.any(|state| {
        let decisions = state
            .review
            .iter()
            .flat_map(|review| review.decisions.values());
        let decisions = decisions.map(|decision| &decision.action);
        let mut all = state.actions.values().chain(decisions);
        all.any(|action| action.require.contains(&wanted))
    })
}

/// What a vote is about: what it or its review says, else everything but forms that are filled in with votes.
fn vote_covers(workflow: &Workflow, review: &Review, vote: &Vote, at: &str) -> bool {
    let decision = review.decisions.get(&vote.decision);
    match decision
        .and_then(|decision| decision.action.covers.as_ref())
        .or(review.covers.as_ref())
    {
        Some(things) => things.iter().any(|thing| is_at(thing, at)),
        None => !filled_with_votes(workflow, at),
    }
}

/// What an action is about: what it says, else the forms and materials of its `require`.
fn taken_covers(workflow: &Workflow, taken: &Taken, at: &str) -> bool {
    let declared = workflow
        .states
        .find(taken.state.as_str())
        .and_then(|state| Offered::at(state, &taken.action));
    let Some(offered) = declared else {
        return false;
    };
    let action = offered.action;
    match (&action.covers, offered.decision) {
        (Some(things), _) => things.iter().any(|thing| is_at(thing, at)),
        (None, Some(_)) => !filled_with_votes(workflow, at),
        (None, None) => requires(action, at),
    }
}

fn requires(action: &Action, at: &str) -> bool {
    action.require.iter().any(|word| match word {
        Requirement::Form(name) | Requirement::Material(name) => is_in(at, name),
        Requirement::Rule(_)
        | Requirement::Limit(_)
        | Requirement::Link(_)
        | Requirement::Action(_)
        | Requirement::Comment
        | Requirement::Replies
        | Requirement::Code
        | Requirement::CodeIfEnabled => false,
    })
}

/// Whether a place belongs to a form that comes with votes: no `edit` names it.
fn filled_with_votes(workflow: &Workflow, at: &str) -> bool {
    let form = at.split('.').next().unwrap_or(at);
    workflow.forms.contains_key(form) && !workflow.some_edit_names(form)
}

fn is_at(thing: &Thing, at: &str) -> bool {
    match thing {
        Thing::Form(name) | Thing::Material(name) | Thing::Link(name) => is_in(at, name),
        Thing::Field(form, field) => is_in(at, &format!("{form}.{field}")) || *at == **form,
        Thing::Case => true,
    }
}

fn is_in(at: &str, outer: &str) -> bool {
    at.strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
