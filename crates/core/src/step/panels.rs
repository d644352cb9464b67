//! Panels: which of them a ballot asks now, and in which of them somebody votes.

use serde_json::json;

use crate::{
    case::{Ballot, OpenPanel, Person, PersonId},
    history::What,
    name::Name,
    outcome::Refusal,
    policy::{self, Bench, Standing},
    sight::Sight,
    workflow::{Members, Panel, Review, State},
};

use super::{act::Offered, run::Run, seal::Draft};

impl<'a> Run<'a> {
    /// Opens the panels of a running ballot whose condition is true, and closes those where it is no longer. A
    /// condition that fails leaves its panel open: nobody's say is dropped because something is not known.
    pub fn open_panels(&mut self, state: &'a State, review: &'a Review) {
        let Some(before) = self.ballot_of(state).map(|ballot| ballot.panels.clone()) else {
            return;
        };
        let open = |panel: &&Panel| {
            let Some(when) = &panel.when else { return true };
            let sight = Sight {
                without_ballot: true,
                ..self.sight_at(state)
            };
            self.or_note(when.source(), sight.truth(when))
                .unwrap_or(true)
        };
        let names: Vec<&Panel> = review.panels.values().filter(open).collect();
        let known = |panel: &Panel| before.iter().find(|open| open.panel == panel.name);
        let panels: Vec<OpenPanel> = names
            .into_iter()
            .map(|panel| match known(panel) {
                Some(open) => open.clone(),
                None => OpenPanel {
                    panel: panel.name.clone(),
                    snapshot: self.snapshot_of(review, panel),
                },
            })
            .collect();
        if panels == before || !self.reading.is_complete() {
            return;
        }
        if let Some(ballot) = self.ballot_of_mut(state) {
            ballot.panels = panels;
        }
        self.touched = true;
    }

    /// Opens and closes panels of a ballot that runs, and tells it.
    pub fn reopen_panels(&mut self, state: &'a State) {
        let Some(review) = state.review.as_ref().filter(|it| !it.panels.is_empty()) else {
            return;
        };
        let names = |run: &Self| -> Option<Vec<Name>> {
            let panels = run.ballot_of(state)?.panels.iter();
            Some(panels.map(|open| open.panel.clone()).collect())
        };
        let before = names(self);
        self.open_panels(state, review);
        let now = names(self);
        if before == now {
            return;
        }
        let changes = std::mem::take(&mut self.changes);
        let detail = json!({ "panels": now, "state": state.path });
        self.write(Draft::of(What::Assigned).with(detail));
        self.changes = changes;
    }

    fn snapshot_of(&self, review: &Review, panel: &Panel) -> Option<Vec<PersonId>> {
        let fixed = review.members == Members::Snapshot;
        fixed.then(|| {
            let roles = panel.by.iter();
            let people = roles
                .flat_map(|role| policy::people_of(self.workflow, &self.case, role, self.reading));
            let mut people: Vec<PersonId> = people.collect();
            people.sort();
            people.dedup();
            people
        })
    }

    /// Where a vote of the actor can be given: in every panel that asks him and has it not yet (rules 26, 28). One
    /// person has one vote in each, his own or that of somebody else, and nobody's vote is given twice.
    pub fn open_votes(
        &self,
        offered: &Offered<'_>,
        person: &Person,
        standing: &Standing,
    ) -> Result<Vec<Option<Name>>, Refusal> {
        let (Some(ballot), Some((review, _))) = (self.ballot_of(offered.state), offered.decision)
        else {
            return Err(self.not_here());
        };
        let benches = self.benches_for(review, ballot, person, standing);
        let open = benches.iter().filter(|bench| {
            let votes = ballot.votes.iter().filter(|vote| vote.stands());
            let mut here = votes.filter(|vote| vote.panel.as_ref() == bench.name());
            !here.any(|vote| {
                if vote.by == person.id {
                    vote.decision == offered.action.name
                } else {
                    vote.instead_of.contains(&person.id)
                        || standing.instead_of.iter().any(|owner| vote.is_of(owner))
                }
            })
        });
        let open: Vec<Option<Name>> = open.map(|bench| bench.name().cloned()).collect();
        if open.is_empty() {
            return Err(Refusal::Voted);
        }
        Ok(open)
    }

    /// Of these the one that the vote names, if it names one.
    pub fn wanted_votes(
        &self,
        offered: &Offered<'_>,
        person: &Person,
        standing: &Standing,
        wanted: Option<&str>,
    ) -> Result<Vec<Option<Name>>, Refusal> {
        let open = self.open_votes(offered, person, standing)?;
        let Some(wanted) = wanted else {
            return Ok(open);
        };
        let (Some(ballot), Some((review, _))) = (self.ballot_of(offered.state), offered.decision)
        else {
            return Err(self.not_here());
        };
        let benches = self.benches_for(review, ballot, person, standing);
        let mut names = benches.iter().filter_map(Bench::name);
        let Some(wanted) = names.find(|name| name.as_str() == wanted) else {
            return Err(Refusal::Who { at: None });
        };
        let wanted = Some(wanted.clone());
        if open.contains(&wanted) {
            Ok(vec![wanted])
        } else {
            Err(Refusal::Voted)
        }
    }

    /// The benches that ask the actor, or him in whose place he acts.
    fn benches_for<'b>(
        &self,
        review: &'b Review,
        ballot: &'b Ballot,
        person: &Person,
        standing: &Standing,
    ) -> Vec<Bench<'b>> {
        let mut benches = policy::benches(review, Some(ballot));
        if !review.panels.is_empty() {
            let owner = standing.instead_of.first();
            let owner = owner.and_then(|owner| self.reading.person(owner));
            let owner = owner.as_deref().unwrap_or(person);
            benches.retain(|bench| {
                let asks = bench.asks(self.workflow, &self.case, owner, self.reading);
                asks.is_some()
            });
        }
        benches
    }
}
