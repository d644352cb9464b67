//! Those who were asked by a mail are told when somebody else has taken or got the turn, so that nobody opens a request that is
//! dead; and when a turn that was taken is given back, that it waits for them again.

use crate::{
    case::{Claim, PersonId, Purpose},
    policy::Policy,
    text::{Language, Text},
    workflow::State,
};

use super::{letters::Reader, relieve::Notice, run::Run};

impl Run<'_> {
    /// Somebody has taken the turn of this state: the others who were asked need not act while he has it.
    pub(super) fn tell_taken(&mut self, state: &State) {
        let Some(taken) = self.case.claim.as_ref().map(|claim| claim.by.clone()) else {
            return;
        };
        let mut others = self.idle_in(state);
        others.remove(&taken);
        for person in &others {
            let words =
                |who: &str| Text::new(format!("{who} has taken it"), format!("{who}已认领"));
            self.tell_who_has_it(person, &taken, words);
        }
        if let Some(claim) = &mut self.case.claim {
            claim.told = others;
        }
    }

    /// Whoever was told that there is nothing to do is told that there is again.
    pub(super) fn tell_given_back(&mut self, claim: &Claim) {
        let mut people = claim.told.clone();
        if let Some(doer) = self.actor().person() {
            people.remove(&doer.id);
        }
        if !self.is_running() || !self.reading.is_complete() {
            return;
        }
        let Some(state) = self.workflow.states.find(claim.state.as_str()) else {
            return;
        };
        for person in people {
            if let Some(reader) = self.reader(&person) {
                let notice = Notice {
                    message: "given_back",
                    purpose: Purpose::Ask,
                    subject: Text::new("it waits for you again", "仍需您处理"),
                    body: Text::new(
                        "Whoever had taken it has given it back, or has had it too long. It waits for you again.",
                        "认领人已退回，或认领已超时，此事项仍需您处理。",
                    ),
                };
                self.within(state.id, |run| run.send_notice(reader, &notice));
            }
        }
    }

    /// Whoever was asked and has the turn no longer is told who has; who handed it on himself knows.
    pub(super) fn tell_handed_over(&mut self, state: &State, from: &PersonId, to: &PersonId) {
        let was_asked = self.idle_in(state).contains(from);
        self.forget_asked(state, from);
        let by_himself = self.actor().person().is_some_and(|doer| doer.id == *from);
        if was_asked && !by_himself {
            let words =
                |who: &str| Text::new(format!("{who} has it now"), format!("现由{who}处理"));
            self.tell_who_has_it(from, to, words);
        }
    }

    fn tell_who_has_it(&mut self, person: &PersonId, has: &PersonId, words: impl Fn(&str) -> Text) {
        // What is not loaded yet is loaded, and this is done again.
        let (Some(reader), holder) = (self.reader(person), self.reading.person(has)) else {
            return;
        };
        if !self.reading.is_complete() {
            return;
        }
        let named = holder.filter(|holder| self.names(&reader, &holder.id));
        let text = |language: Language| match &named {
            Some(holder) => words(&holder.name).get(language).to_owned(),
            None => words(Text::new("somebody else", "其他人").get(language))
                .get(language)
                .to_owned(),
        };
        let how = Text::new(text(Language::En), text(Language::Zh));
        self.send_settled(reader, &how);
    }

    /// Whether this reader may know the name.
    pub(super) fn names(&self, reader: &Reader, who: &PersonId) -> bool {
        let Some(reader) = reader.person.as_deref() else {
            return false;
        };
        let reader = crate::case::Actor::Person(reader.clone());
        Policy::new(self.workflow, &self.case, &reader, self.reading).may_name(who)
    }
}
