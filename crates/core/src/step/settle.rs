//! After every command: votes that fell, ballots that are decided by now (rule 29), timers and places in limits
//! that follow from what changed.

use crate::{
    ballot::Count,
    case::{Doer, Outcome as Decided},
    name::Name,
    outcome::Refusal,
    text::Text,
    workflow::State,
};

use super::{
    act::Offered,
    dispatch::Event,
    run::{Cause, Run},
};

/// How many decisions may follow from one another in one commit.
const MOST_DECISIONS: u32 = 16;

/// What the running ballot has come to.
enum Reached {
    Nothing,
    Decision(Name),
    RanOut,
}

impl<'a> Run<'a> {
    /// Lets everything follow that follows from the command. A step that would exceed a limit is refused.
    pub fn settle(&mut self) -> Result<(), Refusal> {
        self.follow()?;
        self.soon();
        Ok(())
    }

    /// What follows from one step, before the next one by itself.
    pub(super) fn follow(&mut self) -> Result<(), Refusal> {
        self.conclude()?;
        self.rearm_moments();
        self.hold_places()
    }

    /// Lets ballots be decided until nothing more follows.
    pub(super) fn conclude(&mut self) -> Result<(), Refusal> {
        for round in 0.. {
            if !self.is_running() {
                break;
            }
            self.tell_departed();
            self.tell_failing_exclusions();
            self.fall_excepted();
            self.fall_excepted_actions();
            let reviewing = self.reviewing();
            for state in &reviewing {
                self.reopen_panels(state);
                if let Some(review) = &state.review
                    && review.assign.is_some()
                {
                    self.assign(state, review);
                }
                self.tell_newcomers(state);
            }
            if round == MOST_DECISIONS {
                let message = Text::new(
                    "Decisions follow from one another without end.",
                    "决定之间循环触发。",
                );
                self.incident(
                    format!("ring {}", self.case.state),
                    "decision_ring",
                    message,
                );
                break;
            }
            let mut reached = reviewing.iter().map(|state| (*state, self.reached(state)));
            let found = reached.find(|(_, reached)| !matches!(reached, Reached::Nothing));
            let Some((state, reached)) = found else { break };
            match reached {
                Reached::Nothing => break,
                Reached::RanOut if self.widen(state) => {}
                Reached::Decision(decision) => self.decide(state, &decision)?,
                Reached::RanOut => {
                    self.close_ballot(state, Decided::Otherwise);
                    self.by_itself();
                    self.dispatch(Event::RanOut { state: state.id })?;
                }
            }
        }
        Ok(())
    }

    /// The first decision, in the order written, that has what it needs.
    fn reached(&mut self, state: &'a State) -> Reached {
        let Some(review) = &state.review else {
            return Reached::Nothing;
        };
        if self.exclusion_fails(state) {
            return Reached::Nothing;
        }
        let (found, ran_out, narrow, nobody) = {
            let sight = self.sight_at(state);
            let Some(count) = Count::running(&sight) else {
                return Reached::Nothing;
            };
            let mut decisions = review.decisions.values();
            let found = decisions.find(|decision| {
                self.or_note(&decision.action.name, count.is_reached(decision, &sight))
                    .unwrap_or(false)
            });
            (
                found.map(|decision| decision.action.name.clone()),
                count.remaining().is_empty(),
                count.is_narrow(),
                count.members().is_empty(),
            )
        };
        if let Some(decision) = found {
            return Reached::Decision(decision);
        }
        if !ran_out || !self.reading.is_complete() {
            return Reached::Nothing;
        }
        let visit = self.case.visits_of(state.path.as_str());
        // That nobody can be asked is no reason to go on: the case waits for an operator.
        if nobody {
            if review.assign.is_none() {
                let message = Text::new(
                    "Nobody may vote in the review; the case waits.",
                    "没有可以投票的评审人，申请等待处理。",
                );
                self.incident(
                    format!("no_reviewer {} {visit}", state.path),
                    "no_reviewer",
                    message,
                );
            }
            return Reached::Nothing;
        }
        if narrow || review.otherwise.is_some() {
            return Reached::RanOut;
        }
        let message = Text::new(
            "Nobody is left who may vote, and nothing is decided; the case waits.",
            "已无可投票的评审人且未形成决定，申请等待处理。",
        );
        self.incident(
            format!("no_decision {} {visit}", state.path),
            "no_decision",
            message,
        );
        Reached::Nothing
    }

    /// A decision happens, with the last voter as actor.
    fn decide(&mut self, state: &'a State, decision: &Name) -> Result<(), Refusal> {
        let last = self.ballot_of(state).and_then(|ballot| {
            let mut votes = ballot.votes.iter().rev();
            votes
                .find(|vote| vote.stands() && vote.decision == *decision)
                .map(|vote| vote.by.clone())
        });
        let caused_by_vote = last.is_some() && last.as_ref() == self.cause.doer.person();
        if !caused_by_vote {
            self.by_itself();
        }
        self.cause.starter_side = false;
        self.close_ballot(state, Decided::Decision(decision.clone()));
        if let Some(offered) = Offered::at(state, decision) {
            let by = last.map_or(Doer::Machine, Doer::Person);
            self.took(&offered, by);
        }
        self.dispatch(Event::Decided {
            state: state.id,
            decision,
        })
        .map(|_| ())
    }

    /// What happens now is nobody's doing; the comment given with the step stays known.
    pub fn by_itself(&mut self) {
        self.cause = Cause {
            doer: Doer::Machine,
            role: None,
            starter_side: false,
            instead_of: Vec::new(),
            ..self.cause.clone()
        };
    }
}
