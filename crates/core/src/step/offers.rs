//! What a person could do now, and what is missing for it: explanations are a dry run of the same judging that
//! commands go through, on a copy that is thrown away. What is given with the click is asked for, not missing.

use std::collections::BTreeSet;

use crate::{
    ballot::Count,
    case::Case,
    context::Context,
    name::Name,
    outcome::{Missing, Refusal},
    reading::Reading,
    view::{self, Offer, OfferKind, Tally, TallyOf},
    workflow::{Requirement, Workflow},
};

use super::{act::Offered, run::Run};

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

/// How the running review stands, for the actor. `None`: none runs.
pub fn tally(
    workflow: &Workflow,
    case: &Case,
    ctx: &Context<'_>,
    reading: &Reading<'_>,
) -> Option<Tally> {
    let run = Run::new(workflow, case.clone(), ctx, reading);
    let reviewing = run.reviewing();
    let mine = reviewing.iter().find(|state| {
        let asks = state.review.as_ref();
        asks.is_some_and(|review| run.policy().may_review(review).is_some())
    });
    // Of several tracks that one in which the actor has a say.
    let state = mine.or(reviewing.first())?;
    let sight = run.sight_at(state);
    let count = Count::running(&sight)?;
    let me = ctx.actor.person().map(|person| &person.id);
    let votes = count.review.decisions.values().map(|decision| {
        let name = &decision.action.name;
        TallyOf {
            decision: name.clone(),
            have: count.have(name),
            need: count.need(decision, &sight),
        }
    });
    Some(Tally {
        votes: votes.collect(),
        mine: count
            .standing()
            .find(|vote| Some(&vote.by) == me)
            .map(|vote| vote.decision.clone()),
        may_vote: {
            let substitutes = count.substitutes(&sight).into_iter().map(|(who, _)| who);
            let mut may: BTreeSet<_> = count.remaining();
            may.extend(substitutes);
            may.into_iter().collect()
        },
    })
}

impl Run<'_> {
    fn offer(&mut self, offered: &Offered<'_>) -> Option<Offer> {
        self.cause.at = Some(offered.state.id);
        let action = offered.action;
        let refusal = match self.may(offered) {
            Ok(_) => None,
            Err(Refusal::Who { .. } | Refusal::When) => return None,
            Err(refusal) => Some(refusal),
        };
        let words = action.require.iter();
        let mut missing: Vec<Missing> = words
            .clone()
            .flat_map(|word| self.judge_word(offered, word, None))
            .collect();
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
