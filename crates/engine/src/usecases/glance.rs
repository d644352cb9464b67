//! What a row of an inbox tells of a case besides what is written in rows: how its review stands for the reader, and
//! what could be decided without opening it. Not for deciding it.

use std::{collections::BTreeMap, sync::Arc};

use countersign_core::{
    case::{Actor, Case, CaseId},
    context::Needs,
    text::Language,
    view::{Offer, OfferKind, Tally},
    workflow::Workflow,
};

use super::show_case::{offers, shown};
use crate::{Engine, Error, Scene};

/// A case at a glance.
#[derive(Debug, Clone, Default)]
pub struct Glance {
    /// Of the decision that has the most votes, where several are needed: how many it has, and how many it needs.
    pub votes: Option<(u32, u32)>,
    /// What the reader could choose for it at once: nothing is asked with it but perhaps a comment.
    pub choices: Vec<Offer>,
    /// That there is something to decide, and the reader is kept out of all of it.
    pub is_barred: bool,
}

impl Engine {
    /// These cases at a glance, for somebody who sees them.
    pub async fn glances(
        &self,
        actor: &Actor,
        cases: impl IntoIterator<Item = CaseId>,
    ) -> Result<BTreeMap<CaseId, Glance>, Error> {
        let ids: Vec<CaseId> = cases.into_iter().collect();
        let mut found: Vec<(Arc<Case>, Arc<Workflow>)> = Vec::new();
        for case in self.reader.each_case(&ids).await?.into_iter().flatten() {
            let workflow = self.workflow_of(&case)?;
            found.push((Arc::new(case), workflow));
        }
        let nothing = Scene {
            case: None,
            workflow: None,
            receipt: None,
            actor: actor.clone(),
            inputs: Arc::default(),
            now: self.now(),
            rendered: None,
        };
        let glances = |loaded: &Scene| {
            let mut glances = BTreeMap::new();
            let mut missing = Needs::default();
            for (case, workflow) in &found {
                let scene = Scene {
                    case: Some(Arc::clone(case)),
                    workflow: Some(Arc::clone(workflow)),
                    ..loaded.clone()
                };
                match glance(&scene) {
                    Ok(glance) => drop(glances.insert(case.id, glance)),
                    Err(needs) => missing.add(needs),
                }
            }
            if missing.is_empty() {
                Ok(glances)
            } else {
                Err(missing)
            }
        };
        self.fill(nothing, glances).await
    }
}

fn glance(scene: &Scene) -> Result<Glance, Needs> {
    let seen = shown(scene, Language::default(), |viewer, workflow, case| {
        let (offers, tallies) = offers(scene, viewer, workflow, case);
        Glance {
            votes: votes(&tallies),
            is_barred: is_barred(&offers, &tallies),
            choices: offers.into_iter().filter(is_simple).collect(),
        }
    });
    Ok(seen?.unwrap_or_default())
}

fn votes(tallies: &[Tally]) -> Option<(u32, u32)> {
    let counts = tallies.first()?.votes.iter();
    let counts = counts.filter_map(|of| Some((of.have, of.need.filter(|need| *need > 1)?)));
    // Of several with the same number of votes the first one written.
    counts.rev().max_by_key(|(have, _)| *have)
}

/// Whether a click could send it.
fn is_simple(offer: &Offer) -> bool {
    let asks = offer.code || offer.confirm.is_some() || !offer.forms.is_empty();
    offer.allowed && !asks && offer.kind == OfferKind::Decision
}

/// Whether separation of duties keeps the reader out of what is to be decided.
fn is_barred(offers: &[Offer], tallies: &[Tally]) -> bool {
    let barred = |offer: &Offer| {
        let mut missing = offer.missing.iter();
        missing.any(|missing| missing.at.is_none() && missing.name == "except")
    };
    let decides = |offer: &&Offer| offer.kind == OfferKind::Decision;
    let decisions: Vec<&Offer> = offers.iter().filter(decides).collect();
    if decisions.is_empty() {
        let is_reviewed = !tallies.is_empty();
        return match offers {
            [] => is_reviewed,
            some => some.iter().all(barred),
        };
    }
    decisions.into_iter().all(barred)
}
