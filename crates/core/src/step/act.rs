//! Taking an action, casting a vote, taking a vote back. The order of judging is that of rule 12; each word of
//! `require` is judged in `require`.

use serde_json::json;

use crate::{
    ballot,
    case::{Actor, Doer, Fallen, Lifecycle, Outcome as Decided, Person, Taken as Took, Vote},
    command::{Act, Code},
    history::What,
    machine::Verdict,
    name::Name,
    outcome::{Last, Refusal},
    policy::{Policy, Standing},
    workflow::{Action, Decision, Review, State},
};

use super::{
    dispatch::{Event, Leads, Taken},
    run::Run,
    seal::Draft,
};

/// An action or decision where a state declares it.
#[derive(Clone, Copy)]
pub(super) struct Offered<'a> {
    pub state: &'a State,
    pub action: &'a Action,
    pub decision: Option<(&'a Review, &'a Decision)>,
}

impl<'a> Offered<'a> {
    /// What this state itself declares under the name.
    pub fn at(state: &'a State, name: &str) -> Option<Self> {
        if let Some(action) = state.actions.get(name) {
            return Some(Self {
                state,
                action,
                decision: None,
            });
        }
        let review = state.review.as_ref()?;
        let decision = review.decisions.get(name)?;
        Some(Self {
            state,
            action: &decision.action,
            decision: Some((review, decision)),
        })
    }
}

impl<'a> Run<'a> {
    /// Somebody takes an action or votes.
    pub fn act(&mut self, act: &Act) -> Result<(), Refusal> {
        match self.actor() {
            Actor::Person(_) => self.must_be_seen()?,
            // A link is looked at in its turn; a signal that comes too early is told so.
            Actor::LinkHolder(_) | Actor::Service(_) | Actor::Machine => {}
        }
        if !self.workflow.knows_action(&act.action) {
            return Err(Refusal::UnknownAction {
                nearest: Name::nearest(self.workflow.action_names(), &act.action),
            });
        }
        self.must_be_fresh()?;
        self.must_be_alive(act)?;
        if matches!(self.case.lifecycle, Lifecycle::OnHold { .. }) {
            return Err(Refusal::OnHold);
        }
        // Messages and histories quote it, so internal comments are no part of it.
        let comments = act.comments.iter().filter(|comment| !comment.internal);
        self.cause.comment = comments
            .map(|comment| comment.text.as_str())
            .collect::<Vec<_>>()
            .join("\n\n");
        match self.dispatch(Event::Act(act))? {
            Verdict::Moved { .. } | Verdict::Stayed | Verdict::Handed | Verdict::Refused => Ok(()),
            Verdict::Unhandled => Err(self.not_offered(&act.action)),
        }
    }

    /// Nobody who may not see the case learns that it is there.
    pub fn must_be_seen(&self) -> Result<(), Refusal> {
        match self.actor() {
            Actor::Machine => Ok(()),
            _ if self.policy().sees_case() => Ok(()),
            Actor::LinkHolder(_) => Err(Refusal::DeadLink),
            Actor::Person(_) | Actor::Service(_) => Err(Refusal::NotFound),
        }
    }

    /// The caller must know the case as it is.
    pub fn must_be_fresh(&self) -> Result<(), Refusal> {
        match self.ctx.if_match {
            Some(etag) if etag != self.case.etag => Err(Refusal::Stale {
                etag: self.case.etag,
            }),
            Some(_) | None => Ok(()),
        }
    }

    fn must_be_alive(&self, act: &Act) -> Result<(), Refusal> {
        let link = match self.actor() {
            Actor::LinkHolder(holder) => Some(holder.link),
            Actor::Person(_) | Actor::Service(_) | Actor::Machine => act.link,
        };
        let Some(id) = link else { return Ok(()) };
        match self.case.mail_links.iter().find(|link| link.id == id) {
            None => Err(Refusal::DeadLink),
            // A link opens the one action that it was mailed for.
            Some(link) if *link.action != *act.action => Err(Refusal::Who { at: None }),
            Some(_) => Ok(()),
        }
    }

    /// Who may do and see what, for the actor of this command.
    pub fn policy(&self) -> Policy<'_> {
        Policy::new(self.workflow, &self.case, self.actor(), self.reading)
    }

    /// The state does not offer it: to whom it is never offered learns only that.
    fn not_offered(&self, name: &str) -> Refusal {
        let policy = self.policy();
        let mut everywhere = self
            .workflow
            .states
            .iter()
            .filter_map(|state| Offered::at(state, name));
        let ever = everywhere.any(|offered| match offered.decision {
            Some((review, _)) => policy.may_review(review).is_some(),
            None => policy.may_take(offered.action).is_some(),
        });
        if ever {
            self.not_here()
        } else {
            Refusal::Who { at: None }
        }
    }

    /// It is not done here, and what happened last. Reviewers have no names on the partner's side.
    pub fn not_here(&self) -> Refusal {
        let policy = self.policy();
        let may_name = |by: &Doer| by.person().is_none_or(|person| policy.may_name(person));
        let last = self.case.taken.last().map(|taken| Last {
            what: taken.action.clone(),
            by: Some(taken.by.clone()).filter(may_name),
            when: taken.at,
        });
        Refusal::NotHere {
            state: self.case.state.clone(),
            last,
        }
    }

    /// Judges an action where a state offers it, and takes it.
    pub fn take(&mut self, offered: &Offered<'a>, act: &Act) -> Result<Taken<'a>, Refusal> {
        let standing = self.may(offered)?;
        let panels = match (offered.decision, self.actor().person()) {
            (Some(_), Some(person)) => {
                self.wanted_votes(offered, person, &standing, act.panel.as_deref())?
            }
            (Some(_) | None, _) => Vec::new(),
        };
        self.cause.starter_side =
            self.policy().is_starter_side() || self.is_starters(&standing.role);
        self.cause.role = Some(standing.role);
        self.cause.instead_of = standing.instead_of;
        self.supply(offered, act)?;
        self.require(offered, act)?;
        let action = offered.action;
        let detail = self.how(act);
        let Some((_, decision)) = offered.decision else {
            self.write_values(&action.effects)?;
            self.write(Draft::of(What::Action).about(&action.name).with(detail));
            self.say(act);
            self.answer(act)?;
            self.took(offered, self.cause.doer.clone());
            return Ok(Taken {
                effects: &action.effects,
                leads: self.leads(&action.target),
            });
        };
        let mut detail = detail;
        if panels.iter().any(Option::is_some) {
            detail["panels"] = json!(panels);
        }
        self.cast(offered.state, decision, panels)?;
        self.write(Draft::of(What::Vote).about(&action.name).with(detail));
        self.say(act);
        Ok(Taken {
            effects: &[],
            leads: Leads::Nowhere,
        })
    }

    /// Everything before data are looked at: who, `when`, separation of duties, voting twice. Gives how the actor
    /// stands. Whoever acts for somebody is held to everything that both are held to.
    pub fn may(&self, offered: &Offered<'_>) -> Result<Standing, Refusal> {
        let action = offered.action;
        let Some(standing) = self.standing(offered) else {
            return Err(Refusal::Who { at: None });
        };
        self.must_be_unclaimed(offered, &standing)?;
        let sight = self.sight_at(offered.state);
        let hides = |when| {
            let truth = sight.truth(when);
            !self.or_note(when.source(), truth).unwrap_or(false)
        };
        if action.when.as_ref().is_some_and(hides) {
            return Err(Refusal::When);
        }
        if let Some(person) = self.actor().person() {
            self.must_be_apart(offered, person)?;
            for owner in &standing.instead_of {
                if let Some(owner) = self.reading.person(owner) {
                    self.must_be_apart(offered, &owner)?;
                }
            }
            if offered.decision.is_some() {
                self.open_votes(offered, person, &standing)?;
            }
        }
        Ok(standing)
    }

    pub(super) fn standing(&self, offered: &Offered<'_>) -> Option<Standing> {
        let (policy, path) = (self.policy(), &offered.state.path);
        match (offered.decision, self.actor()) {
            (Some((review, _)), actor) => {
                let ballot = self.ballot_of(offered.state);
                let standing = policy.standing_in_review(review, ballot, path)?;
                let me = actor.person().map(|person| &person.id);
                let owner = standing.instead_of.first().or(me);
                let asked = ballot.zip(owner).is_none_or(|(ballot, owner)| {
                    let sight = self.sight_at(offered.state);
                    let narrow = ballot::narrow(&sight, review, ballot, offered.state);
                    let voted = ballot
                        .votes
                        .iter()
                        .any(|vote| vote.stands() && vote.is_of(owner));
                    narrow.is_none_or(|narrow| narrow.contains(owner))
                        || voted
                        || ballot.added.contains(owner)
                });
                asked.then_some(standing)
            }
            (None, Actor::LinkHolder(_)) if !policy.comes_for(offered.action) => None,
            (None, Actor::Person(_) | Actor::LinkHolder(_)) => {
                policy.standing(&offered.action.who.roles, path)
            }
            (None, Actor::Service(_) | Actor::Machine) => {
                policy.may_take(offered.action).map(Standing::own)
            }
        }
    }

    /// Separation of duties, for the actor or for somebody in whose place he acts.
    pub(super) fn must_be_apart(
        &self,
        offered: &Offered<'_>,
        person: &Person,
    ) -> Result<(), Refusal> {
        let sight = self.sight_at(offered.state);
        let except = offered.action.except.as_ref();
        if except.is_some_and(|except| ballot::is_excepted(&sight, except, person)) {
            return Err(Refusal::Except);
        }
        match offered.decision {
            Some((review, _)) if !ballot::is_eligible(&sight, review, &person.id) => {
                Err(Refusal::Except)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The running ballot of a state.
    pub fn ballot_of(&self, state: &State) -> Option<&crate::case::Ballot> {
        let visit = self.case.visits_of(state.path.as_str());
        let mut ballots = self.case.ballots.iter().rev();
        ballots.find(|ballot| {
            ballot.state == state.path && ballot.visit == visit && ballot.decided.is_none()
        })
    }

    pub fn ballot_of_mut(&mut self, state: &State) -> Option<&mut crate::case::Ballot> {
        let visit = self.case.visits_of(state.path.as_str());
        let mut ballots = self.case.ballots.iter_mut().rev();
        ballots.find(|ballot| {
            ballot.state == state.path && ballot.visit == visit && ballot.decided.is_none()
        })
    }

    fn cast(
        &mut self,
        state: &State,
        decision: &Decision,
        panels: Vec<Option<Name>>,
    ) -> Result<(), Refusal> {
        let Some(by) = self.actor().person().map(|person| person.id.clone()) else {
            return Err(Refusal::Who { at: None });
        };
        let (at, round) = (self.now, self.case.round);
        let instead_of = self.cause.instead_of.clone();
        let Some(ballot) = self.ballot_of_mut(state) else {
            return Err(self.not_here());
        };
        for vote in ballot
            .votes
            .iter_mut()
            .filter(|vote| vote.by == by && vote.stands() && panels.contains(&vote.panel))
        {
            vote.fallen = Some(Fallen::Replaced);
        }
        ballot.votes.extend(panels.into_iter().map(|panel| Vote {
            by: by.clone(),
            instead_of: instead_of.clone(),
            panel,
            decision: decision.action.name.clone(),
            at,
            round,
            fallen: None,
            counted: false,
        }));
        Ok(())
    }

    /// Takes one's own vote back, before it decides.
    pub fn take_back(&mut self, decision: &Name) -> Result<(), Refusal> {
        self.must_be_seen()?;
        if !self.workflow.knows_action(decision) {
            return Err(Refusal::UnknownAction {
                nearest: Name::nearest(self.workflow.action_names(), decision),
            });
        }
        self.must_be_fresh()?;
        if matches!(self.case.lifecycle, Lifecycle::OnHold { .. }) {
            return Err(Refusal::OnHold);
        }
        let by = self.actor().person().map(|person| person.id.clone());
        let voted = |state: &&State| {
            let votes = self.ballot_of(state).into_iter();
            let mut votes = votes.flat_map(|ballot| &ballot.votes);
            votes.any(|vote| {
                vote.stands() && vote.decision == *decision && Some(&vote.by) == by.as_ref()
            })
        };
        let Some(state) = self.reviewing().into_iter().find(voted) else {
            return Err(self.not_offered(decision));
        };
        let ballot = self.ballot_of_mut(state);
        let votes = ballot.into_iter().flat_map(|ballot| &mut ballot.votes);
        for vote in votes.filter(|vote| {
            vote.stands() && vote.decision == *decision && Some(&vote.by) == by.as_ref()
        }) {
            vote.fallen = Some(Fallen::TakenBack);
        }
        self.write(Draft::of(What::VoteTakenBack).about(decision));
        Ok(())
    }

    /// An action was taken: it stands from now on.
    pub fn took(&mut self, offered: &Offered<'_>, by: Doer) {
        let (action, state) = (offered.action.name.clone(), offered.state.path.clone());
        let instead_of = if by == self.cause.doer {
            self.cause.instead_of.clone()
        } else {
            Vec::new()
        };
        self.case.taken.push(Took {
            action,
            state,
            by,
            instead_of,
            at: self.now,
            fallen: None,
        });
    }

    /// A ballot is decided: its votes are counted for good.
    pub fn close_ballot(&mut self, state: &State, decided: Decided) {
        if let Some(ballot) = self.ballot_of_mut(state) {
            ballot.decided = Some(decided);
            ballot
                .votes
                .iter_mut()
                .for_each(|vote| vote.counted = vote.stands());
        }
    }

    /// How an action came, for its entry: enough to judge it again.
    fn how(&self, act: &Act) -> serde_json::Value {
        let code = match self.ctx.code {
            Code::Absent => None,
            Code::Good => Some("good"),
            Code::Bad => Some("bad"),
        };
        let confirm = act.confirm.then_some(true);
        let link = act.link.map(|link| link.to_string());
        let delivery = act.delivery.map(|delivery| delivery.to_string());
        let instead_of = &self.cause.instead_of;
        let instead_of = (!instead_of.is_empty()).then_some(instead_of);
        Self::detail(&[
            ("confirm", json!(confirm)),
            ("code", json!(code)),
            ("link", json!(link)),
            ("delivery", json!(delivery)),
            ("instead_of", json!(instead_of)),
        ])
    }

    /// Consumes the hook call that a service answers.
    pub(super) fn answer(&mut self, act: &Act) -> Result<(), Refusal> {
        let Some(delivery) = act.delivery else {
            return Ok(());
        };
        let awaited = self
            .case
            .awaited
            .iter()
            .position(|awaited| awaited.delivery == delivery);
        match awaited {
            Some(position) => {
                self.case.awaited.remove(position);
                Ok(())
            }
            None => Err(self.not_here()),
        }
    }
}
