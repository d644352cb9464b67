//! Turns that change hands: delegated by whose turn it is, reassigned by an operator, claimed and released. Both
//! names stay in the record; whoever gets a turn is held to everything that its owner is held to.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    ballot,
    case::{Claim, Lifecycle, Mandate, PersonId},
    history::What,
    outcome::{Last, Refusal},
    policy::{self, Standing},
    time::{self, Time},
    workflow::State,
};

use super::{act::Offered, run::Run, seal::Draft, supply::invalid};

impl<'a> Run<'a> {
    /// Hands one's own turn to somebody else.
    pub fn delegate(&mut self, to: &PersonId, reason: &str) -> Result<(), Refusal> {
        self.must_take_turns()?;
        let Some(me) = self.actor().person().map(|person| person.id.clone()) else {
            return Err(Refusal::Who { at: None });
        };
        let (state, standing) = self.own_turn()?;
        let votes = self
            .ballot_of(state)
            .map_or(&[][..], |ballot| &ballot.votes);
        if votes.iter().any(|vote| vote.stands() && vote.is_of(&me)) {
            return Err(Refusal::Voted);
        }
        self.cause.role = Some(standing.role);
        self.hand_over(state, &me, to, What::Delegated, reason)
    }

    /// Hands somebody's turn to somebody else (operators).
    pub fn reassign(
        &mut self,
        from: Option<&PersonId>,
        to: &PersonId,
        reason: &str,
    ) -> Result<(), Refusal> {
        self.must_be_operated(reason)?;
        self.must_run()?;
        let (state, owners) = self.turn_owners();
        let from = match from {
            Some(from) if owners.contains(from) => from.clone(),
            Some(_) => {
                return Err(invalid(
                    "from",
                    "It is not this person's turn.",
                    "当前不轮到此人处理。",
                ));
            }
            None => match owners.as_slice() {
                [one] => one.clone(),
                _ => {
                    return Err(invalid(
                        "from",
                        "Say whose turn it is that is handed over.",
                        "请说明转交谁的任务。",
                    ));
                }
            },
        };
        self.hand_over(state, &from, to, What::Reassigned, reason)
    }

    /// Takes one's turn for oneself alone.
    pub fn claim(&mut self) -> Result<(), Refusal> {
        self.must_take_turns()?;
        let (_, standing) = self.own_turn()?;
        let lets = self
            .states()
            .find_map(|state| Some((state, state.claim.as_ref()?)));
        let me = self.actor().person().map(|person| person.id.clone());
        let (Some((state, length)), Some(me)) = (lets, me) else {
            return Err(self.not_here());
        };
        let around = &self.workflow.surroundings;
        let until = time::add(self.now, length, &around.calendar, around.zone);
        self.cause.role = Some(standing.role.clone());
        self.case.claim = Some(Claim {
            state: state.path.clone(),
            by: me,
            role: standing.role,
            at: self.now,
            until,
            told: BTreeSet::new(),
        });
        self.write(Draft::of(What::Claimed));
        self.tell_taken(state);
        Ok(())
    }

    /// Gives a claimed turn back: whoever claimed it, or an operator.
    pub fn release(&mut self, reason: &str) -> Result<(), Refusal> {
        self.must_take_turns()?;
        let Some(claim) = self.case.claim.clone() else {
            return Err(self.not_here());
        };
        let mine = self.actor().person().map(|person| &person.id) == Some(&claim.by);
        if !mine && !self.policy().is_operator() {
            return Err(Refusal::Who { at: None });
        }
        self.case.claim = None;
        self.write(Draft::of(What::Released).saying(reason));
        self.tell_given_back(&claim);
        Ok(())
    }

    /// When the claim of this case lapses, if one does by this moment.
    pub fn lapsing(&self, by: Time) -> Option<Time> {
        let claim = self.case.claim.as_ref().filter(|_| self.is_running())?;
        (claim.until <= by).then_some(claim.until)
    }

    /// A claim has lapsed: the turn is everybody's again.
    pub fn lapse(&mut self, at: Time) {
        self.now = at;
        let claim = self.case.claim.take();
        self.by_itself();
        self.write(Draft::of(What::Released));
        if let Some(claim) = claim {
            self.tell_given_back(&claim);
        }
    }

    /// Whether somebody else has claimed the turn in this role.
    pub fn must_be_unclaimed(
        &self,
        offered: &Offered<'_>,
        standing: &Standing,
    ) -> Result<(), Refusal> {
        let me = self.actor().person().map(|person| &person.id);
        let claim = policy::claimed_by_another(&self.case, &offered.state.path, standing, me);
        let Some(claim) = claim else {
            return Ok(());
        };
        let by = crate::case::Doer::Person(claim.by.clone());
        Err(Refusal::NotHere {
            state: self.case.state.clone(),
            last: Some(Last {
                what: crate::name::Name::parse("claim").expect("`claim` is a name"),
                by: Some(by).filter(|_| self.policy().may_name(&claim.by)),
                when: claim.at,
            }),
        })
    }

    /// What every command about turns is judged by first.
    fn must_take_turns(&self) -> Result<(), Refusal> {
        self.must_be_seen()?;
        self.must_be_fresh()?;
        if matches!(self.case.lifecycle, Lifecycle::OnHold { .. }) {
            return Err(Refusal::OnHold);
        }
        self.must_run()
    }

    /// The state in which the actor has a turn, and how: something awaited that he could do.
    fn own_turn(&self) -> Result<(&'a State, Standing), Refusal> {
        let mut why = Refusal::Who { at: None };
        for state in self.states() {
            let review = state.review.as_ref();
            let decisions = review.iter().flat_map(|review| review.decisions.keys());
            for name in decisions.chain(state.actions.keys()) {
                let Some(offered) = Offered::at(state, name) else {
                    continue;
                };
                match self.may(&offered) {
                    Ok(standing) if offered.decision.is_some() || self.is_awaited(&standing) => {
                        return Ok((state, standing));
                    }
                    Ok(_) | Err(Refusal::Who { .. } | Refusal::When) => {}
                    Err(refusal) => why = refusal,
                }
            }
        }
        Err(why)
    }

    fn is_awaited(&self, standing: &Standing) -> bool {
        let turns = policy::turns(self.workflow, &self.case, &|_| true);
        turns.iter().any(|turn| *turn.role == standing.role)
    }

    /// Those whose turn it is, each by id, and the state whose turn it is.
    fn turn_owners(&self) -> (&'a State, Vec<PersonId>) {
        let claimant = self.case.claim.as_ref().map(|claim| vec![claim.by.clone()]);
        if let Some(state) = self.reviewing().first()
            && let Some(count) = ballot::Count::running(&self.sight_at(state))
        {
            let members = || count.remaining().into_iter().collect();
            return (state, claimant.unwrap_or_else(members));
        }
        let turns = policy::turns(self.workflow, &self.case, &|_| true);
        let state = turns.first().map_or(self.leaf(), |turn| {
            let found = self.workflow.states.find(turn.state.path.as_str());
            found.unwrap_or(self.leaf())
        });
        let handed = |person: PersonId| {
            let mut mandates = self.case.mandates.iter().rev();
            let last =
                mandates.find(|mandate| mandate.from == person && mandate.state == state.path);
            last.map_or(person.clone(), |mandate| mandate.to.clone())
        };
        let mut owners: Vec<PersonId> = Vec::new();
        for turn in &turns {
            let people = policy::people_of(self.workflow, &self.case, turn.role, self.reading);
            for owner in people.into_iter().map(handed) {
                if !owners.contains(&owner) {
                    owners.push(owner);
                }
            }
        }
        (state, claimant.unwrap_or(owners))
    }

    /// Puts `to` in the place of `from`, if he could act himself.
    fn hand_over(
        &mut self,
        state: &'a State,
        from: &PersonId,
        to: &PersonId,
        what: What,
        reason: &str,
    ) -> Result<(), Refusal> {
        let known = self.reading.person(to);
        let fits =
            known.filter(|person| !person.disabled && self.reading.is_known_to_actor(person));
        if fits.is_none() {
            return Err(invalid("to", "There is no such person.", "没有这个人。"));
        }
        if from == to {
            return Err(invalid(
                "to",
                "It is this person's turn already.",
                "已轮到此人处理。",
            ));
        }
        let detail = json!({ "from": from, "to": to, "state": state.path });
        // Whoever hands a turn back to somebody it came from ends what they had handed on.
        if !self.hand_back(state, from, to) {
            self.must_be_fit(state, to)?;
            self.case.mandates.push(Mandate {
                state: state.path.clone(),
                from: from.clone(),
                to: to.clone(),
                by: match self.actor().person() {
                    Some(person) => person.id.clone(),
                    None => from.clone(),
                },
                at: self.now,
            });
        }
        if let Some(claim) = self.case.claim.as_mut().filter(|claim| claim.by == *from) {
            claim.by = to.clone();
        }
        // What was mailed for the turn opens it no longer; who gets it back is mailed anew.
        self.case.mail_links.retain(|link| {
            !(link.receiver.is_person(from) && state.path.is_in(link.state.as_str()))
        });
        self.write(Draft::of(what).saying(reason).with(detail));
        self.tell_handed_over(state, from, to);
        self.tell_new_holder(state, from, to, reason);
        Ok(())
    }

    /// Takes away the mandates by which the turn went from `to` to `from`. `false`: it did not.
    fn hand_back(&mut self, state: &State, from: &PersonId, to: &PersonId) -> bool {
        let mut chain: Vec<usize> = Vec::new();
        let mut holder = to;
        while holder != from {
            let mut mandates = self.case.mandates.iter();
            let next = mandates
                .position(|mandate| mandate.from == *holder && mandate.state == state.path)
                .filter(|next| !chain.contains(next));
            let Some(next) = next else {
                return false;
            };
            chain.push(next);
            holder = &self.case.mandates[next].to;
        }
        let mut position = 0;
        self.case.mandates.retain(|_| {
            position += 1;
            !chain.contains(&(position - 1))
        });
        true
    }

    /// Whether somebody may get a turn of this state: one person has one vote, and nobody votes on his own case.
    fn must_be_fit(&self, state: &State, to: &PersonId) -> Result<(), Refusal> {
        let Some(review) = &state.review else {
            return Ok(());
        };
        let sight = self.sight_at(state);
        let Some(count) = ballot::Count::running(&sight) else {
            return Ok(());
        };
        if !ballot::is_eligible(&sight, review, to) {
            return Err(Refusal::Except);
        }
        if count.seats().contains(to) || count.members().contains(to) {
            return Err(invalid(
                "to",
                "This person has a turn in this vote already: one person, one vote.",
                "此人在本次投票中已有一票，每人只能投一票。",
            ));
        }
        Ok(())
    }
}
