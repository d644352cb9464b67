//! What a person could do now, and what is missing for it: explanations are a dry run of the same judging that
//! commands go through, on a copy that is thrown away. What is given with the click is asked for, not missing.

use std::collections::BTreeSet;

use crate::{
    ballot::Count,
    case::{Actor, Case, Person, PersonId, Vote},
    context::Context,
    name::Name,
    outcome::{Missing, Refusal},
    policy::{Policy, claimed_by_another},
    reading::Reading,
    view::{self, Offer, OfferKind, Tally, TallyOf, TallyOfPanel},
    workflow::{Requirement, State, Workflow},
};

use super::{act::Offered, run::Run, waits};

/// What the actor could do now, in document order, inner states first. What `who` or `when` hides is not among it.
/// Complete only if nothing is missing in `reading` afterwards.
pub fn offers(
    workflow: &Workflow,
    case: &Case,
    ctx: &Context<'_>,
    reading: &Reading<'_>,
) -> Vec<Offer> {
    let mut run = Run::new(workflow, case.clone(), ctx, reading);
    if !run.is_running() || run.must_be_seen().is_err() {
        return Vec::new();
    }
    let mut seen: Vec<&Name> = Vec::new();
    let mut offers = Vec::new();
    for state in run.states() {
        let decisions = state
            .review
            .iter()
            .flat_map(|review| review.decisions.keys());
        for name in decisions.chain(state.actions.keys()) {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let state = run.offering(name, None);
            let offered = state.and_then(|state| Offered::at(state, name));
            offers.extend(offered.and_then(|offered| run.offer(&offered)));
        }
    }
    offers
}

/// How the running reviews stand, for the actor: that first in which he has a say, then in the order of tracks.
pub fn tallies(
    workflow: &Workflow,
    case: &Case,
    ctx: &Context<'_>,
    reading: &Reading<'_>,
) -> Vec<Tally> {
    let run = Run::new(workflow, case.clone(), ctx, reading);
    let mut reviewing = run.reviewing();
    reviewing.sort_by_key(|state| {
        let asks = state.review.as_ref();
        asks.is_none_or(|review| run.policy().may_review(review).is_none())
    });
    reviewing
        .into_iter()
        .filter_map(|state| run.tally(state))
        .collect()
}

impl Run<'_> {
    fn tally(&self, state: &State) -> Option<Tally> {
        let sight = self.sight_at(state);
        let count = Count::running(&sight)?;
        let me = self.ctx.actor.person().map(|person| &person.id);
        let votes = count.review.decisions.values().map(|decision| {
            let name = &decision.action.name;
            TallyOf {
                decision: name.clone(),
                have: count.have(name),
                need: count.need(decision, &sight),
            }
        });
        let substitutes = count.substitutes(&sight);
        let may_vote = |remaining: BTreeSet<PersonId>| {
            let mut may = remaining.clone();
            let instead = substitutes.iter();
            let instead = instead.filter(|(_, away)| remaining.contains(away));
            may.extend(instead.map(|(who, _)| who.clone()));
            may.retain(|who| !self.is_claimed_from(who, state, &count));
            may.into_iter().collect()
        };
        let panels = count.parts.iter().filter_map(|part| {
            let panel = part.bench.panel?;
            let decisions = count.review.decisions.values();
            Some(TallyOfPanel {
                panel: panel.name.clone(),
                title: panel.title.clone(),
                votes: decisions
                    .map(|decision| TallyOf {
                        decision: decision.action.name.clone(),
                        have: part.have(decision),
                        need: part.need(decision, &sight),
                    })
                    .collect(),
                mine: voted_for(part.votes(), me),
                may_vote: may_vote(part.remaining()),
            })
        });
        Some(Tally {
            state: state.path.clone(),
            votes: votes.collect(),
            mine: voted_for(count.standing(), me),
            may_vote: may_vote(count.remaining()),
            panels: panels.collect(),
        })
    }

    /// Whether somebody else has claimed the turn in which this person would vote.
    fn is_claimed_from(&self, who: &PersonId, state: &State, count: &Count<'_>) -> bool {
        let Some(person) = self
            .reading
            .person(who)
            .filter(|_| self.case.claim.is_some())
        else {
            return false;
        };
        let him = Actor::Person(Person::clone(&person));
        let policy = Policy::new(self.workflow, &self.case, &him, self.reading);
        let standing = policy.standing_in_review(count.review, Some(count.ballot), &state.path);
        standing.is_some_and(|standing| {
            claimed_by_another(&self.case, &state.path, &standing, Some(who)).is_some()
        })
    }

    fn offer(&mut self, offered: &Offered<'_>) -> Option<Offer> {
        self.cause.at = Some(offered.state.id);
        let action = offered.action;
        let refusal = match self.may(offered) {
            Ok(_) => None,
            Err(Refusal::Who { .. } | Refusal::When) => return None,
            Err(refusal) => Some(refusal),
        };
        let words = action.require.iter();
        let judged = self.judge_words(offered, None);
        let mut missing = waits::without_waiting(self.workflow, &self.case.content, judged);
        missing.extend(refusal.as_ref().map(|refusal| Missing {
            name: refusal.code().to_owned(),
            message: view::refusal_text(refusal, Some(self.workflow)).1,
            at: None,
        }));
        let forms = words.clone().filter_map(|word| match word {
            Requirement::Form(form) if !self.workflow.some_edit_names(form) => Some(form.clone()),
            _ => None,
        });
        Some(Offer {
            id: action.name.clone(),
            title: action.title.clone(),
            kind: if offered.decision.is_some() {
                OfferKind::Decision
            } else {
                OfferKind::Action
            },
            allowed: missing.is_empty(),
            missing,
            confirm: self
                .judge_confirm(action, false)
                .map(|confirm| confirm.message),
            forms: forms.collect(),
            comment: action.require.contains(&Requirement::Comment),
            code: self.asks_code(action),
        })
    }
}

/// What somebody voted for.
fn voted_for<'v>(mut votes: impl Iterator<Item = &'v Vote>, me: Option<&PersonId>) -> Option<Name> {
    let mine = votes.find(|vote| Some(&vote.by) == me);
    mine.map(|vote| vote.decision.clone())
}
