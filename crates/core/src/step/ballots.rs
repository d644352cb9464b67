//! Opening a ballot: whom it asks (rule 31), and which votes of the last visit it keeps (rule 27).

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    ballot,
    case::{Ballot, Outcome as Decided, PersonId, Vote},
    history::What,
    policy,
    text::Text,
    workflow::{Members, Review, State},
};

use super::{
    run::Run,
    seal::{Draft, digest},
};

impl<'a> Run<'a> {
    /// Opens the ballot of a state that is entered.
    pub fn open_ballot(&mut self, state: &'a State, review: &'a Review, resumed: bool) {
        let visit = self.case.visits_of(state.path.as_str());
        let keeps = resumed || review.covers.is_some();
        let votes = if keeps {
            self.kept_votes(state, visit)
        } else {
            Vec::new()
        };
        let fixed = review.members == Members::Snapshot && review.panels.is_empty();
        let snapshot = fixed.then(|| {
            let everybody = policy::seats(self.workflow, &self.case, review, None, self.reading);
            everybody.into_iter().collect()
        });
        self.case.ballots.push(Ballot {
            state: state.path.clone(),
            visit,
            opened_at: self.now,
            assigned: None,
            snapshot,
            panels: Vec::new(),
            added: Vec::new(),
            widened: false,
            votes,
            told: None,
            asked: BTreeSet::new(),
            decided: None,
        });
        self.open_panels(state, review);
        if review.assign.is_some() {
            self.assign(state, review);
        }
    }

    /// Votes of the visit before that still stand, but for those that led away then.
    fn kept_votes(&self, state: &State, visit: u32) -> Vec<Vote> {
        let mut before = self.case.ballots.iter().rev();
        let Some(before) =
            before.find(|ballot| ballot.state == state.path && ballot.visit + 1 == visit)
        else {
            return Vec::new();
        };
        let led = match &before.decided {
            Some(Decided::Decision(decision)) => Some(decision),
            Some(Decided::Otherwise | Decided::Left) | None => None,
        };
        let kept = before
            .votes
            .iter()
            .filter(|vote| vote.stands() && Some(&vote.decision) != led);
        kept.map(|vote| Vote {
            counted: false,
            ..vote.clone()
        })
        .collect()
    }

    /// Picks people for the ballot, or people in place of those who may no longer vote and have not.
    pub fn assign(&mut self, state: &'a State, review: &'a Review) {
        let Some(wanted) = review.assign else { return };
        let Some(ballot) = self.ballot_of(state) else {
            return;
        };
        let (visit, before) = (ballot.visit, ballot.assigned.clone());
        let voted: BTreeSet<PersonId> = ballot
            .votes
            .iter()
            .filter(|vote| vote.stands())
            .map(|vote| vote.by.clone())
            .collect();
        let everybody = policy::seats(self.workflow, &self.case, review, None, self.reading);
        let sight = self.sight();
        let eligible: BTreeSet<_> = everybody
            .into_iter()
            .filter(|person| ballot::is_eligible(&sight, review, person))
            .collect();
        let mut assigned = before.clone().unwrap_or_default();
        assigned.extend(
            voted
                .iter()
                .filter(|person| !assigned.contains(person))
                .cloned()
                .collect::<Vec<_>>(),
        );
        assigned.retain(|person| voted.contains(person) || eligible.contains(person));
        let lacking = (wanted as usize).saturating_sub(assigned.len());
        if lacking > 0 {
            let again = ballot::preferred(&sight, review, state);
            let free = eligible
                .into_iter()
                .filter(|person| !assigned.contains(person));
            let (again, others): (Vec<_>, Vec<_>) = free.partition(|person| again.contains(person));
            let mut picked = self.least_loaded(again, lacking);
            let lacking = lacking - picked.len();
            picked.extend(self.least_loaded(others, lacking));
            assigned.extend(picked);
        }
        let found = assigned.len();
        if before.as_ref() != Some(&assigned) {
            let known = before.unwrap_or_default();
            let joined = assigned.iter().filter(|person| !known.contains(person));
            let joined: Vec<_> = joined.cloned().collect();
            let people: Vec<_> = assigned.iter().map(PersonId::as_str).collect();
            let detail = json!({ "people": people, "state": state.path, "visit": visit });
            if let Some(ballot) = self.ballot_of_mut(state) {
                ballot.assigned = Some(assigned);
            }
            let changes = std::mem::take(&mut self.changes);
            self.write(Draft::of(What::Assigned).with(detail));
            self.changes = changes;
            self.tell_joined(state, &joined);
        }
        if found < wanted as usize {
            let (code, message) = too_few(found, wanted);
            self.incident(format!("{code} {} {visit}", state.path), code, message);
        }
    }

    /// Those with the fewest open assigned ballots; ties by a random number that the history keeps.
    fn least_loaded(&self, people: Vec<PersonId>, number: usize) -> Vec<PersonId> {
        if people.is_empty() || number == 0 {
            return Vec::new();
        }
        let draw = digest(&[b"draw", &self.ctx.seed, &self.case.etag.to_be_bytes()]);
        let draw = u64::from_be_bytes(draw[..8].try_into().unwrap_or_default());
        let of = |person: &PersonId| digest(&[&draw.to_be_bytes(), person.as_str().as_bytes()]);
        let mut people: Vec<_> = people
            .into_iter()
            .map(|person| (self.reading.load(&person), of(&person), person))
            .collect();
        self.reading.record("draw", json!(draw.to_string()));
        people.sort();
        people
            .into_iter()
            .take(number)
            .map(|(_, _, person)| person)
            .collect()
    }
}

fn too_few(found: usize, wanted: u32) -> (&'static str, Text) {
    if found == 0 {
        let message = Text::new(
            "Nobody can be assigned to the review; the case waits.",
            "没有可以分配的评审人，申请等待处理。",
        );
        ("no_reviewer", message)
    } else {
        let message = Text::new(
            format!("Only {found} of {wanted} reviewers could be assigned."),
            format!("应分配 {wanted} 名评审人，仅分配了 {found} 名。"),
        );
        ("too_few_reviewers", message)
    }
}
