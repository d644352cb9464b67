//! Those who were asked by a mail are told when somebody else has taken or got the turn, so that nobody opens a request that is
//! dead; when a turn that was taken is given back, that it waits for them again; whoever has lost it so, that it is not his alone
//! any more; and whoever gets one, that it is theirs.

use crate::{
    case::{Actor, Claim, OwnMail, PersonId, Purpose},
    markdown::Markdown,
    policy::Policy,
    text::{Language, Text},
    workflow::{Localized, State},
};

use super::{letters::Reader, relieve::Notice, run::Run};

impl<'a> Run<'a> {
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

    /// Whoever was told that there is nothing to do is told that there is again, and whoever had it alone that this is over,
    /// unless he has given it back himself.
    pub(super) fn tell_given_back(&mut self, claim: &Claim) {
        let doer = self.actor().person().map(|doer| doer.id.clone());
        let mut people = claim.told.clone();
        people.insert(claim.by.clone());
        if let Some(doer) = &doer {
            people.remove(doer);
        }
        if !self.is_running() || !self.reading.is_complete() {
            return;
        }
        let Some(state) = self.workflow.states.find(claim.state.as_str()) else {
            return;
        };
        for person in people {
            if let Some(reader) = self.reader(&person) {
                if person == claim.by {
                    let notice = lost(doer.is_some());
                    self.within(state.id, |run| run.send_notice(reader, &notice));
                    continue;
                }
                let notice = Notice {
                    message: OwnMail::GivenBack,
                    purpose: Purpose::Ask,
                    subject: Text::new("it waits for you again", "仍需您处理"),
                    body: ours(
                        "Whoever had taken it has given it back, or has had it too long. It waits for you again.",
                        "认领人已退回，或认领已超时，此事项仍需您处理。",
                    ),
                    reason: Notice::was_asked(),
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

    /// Whoever gets a turn learns of it: by what the visit mailed to those it asked, or else by a mail of the product's own.
    pub(super) fn tell_new_holder(
        &mut self,
        state: &'a State,
        from: &PersonId,
        to: &PersonId,
        why: &str,
    ) {
        if self.tell_joined(state, std::slice::from_ref(to)) {
            return;
        }
        // Before anything is read that may have to be loaded first: it is done again then.
        let (reader, owner) = (self.reader(to), self.reading.person(from));
        let by_himself = self.actor().person().is_some_and(|doer| doer.id == *to);
        let Some(reader) = reader.filter(|_| !by_himself && self.reading.is_complete()) else {
            return;
        };
        if state.review.is_none() {
            self.keep_asked(state, [to.clone()].into());
        }
        let owner = owner.filter(|owner| self.names(&reader, &owner.id));
        let mut body = match owner {
            Some(owner) => Localized {
                en: Markdown::ours("Until now it was the turn of ")
                    .value(&owner.name)
                    .then("."),
                zh: Markdown::ours("此前由").value(&owner.name).then("处理。"),
            },
            None => ours(
                "Until now it was somebody else's turn.",
                "此前由其他人处理。",
            ),
        };
        if !why.trim().is_empty() && self.reads_reasons(&reader) {
            body = Localized {
                en: body.en.then(" Why it was handed to you: ").value(why),
                zh: body.zh.then("转交原因：").value(why),
            };
        }
        let notice = Notice {
            message: OwnMail::HandedOn,
            purpose: Purpose::Ask,
            subject: Text::new("it is your turn now", "现轮到您处理"),
            body,
            reason: Text::new(
                "somebody's turn in this case was handed to you.",
                "此申请中他人的任务已转交给您。",
            ),
        };
        self.within(state.id, |run| run.send_notice(reader, &notice));
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
        self.lets_know(reader, |policy| policy.may_name(who))
    }

    /// Whether this reader may know why turns changed hands, as in the history.
    fn reads_reasons(&self, reader: &Reader) -> bool {
        self.lets_know(reader, |policy| policy.visible().internal())
    }

    fn lets_know(&self, reader: &Reader, what: impl Fn(&Policy<'_>) -> bool) -> bool {
        let Some(reader) = reader.person.as_deref() else {
            return false;
        };
        let reader = Actor::Person(reader.clone());
        what(&Policy::new(
            self.workflow,
            &self.case,
            &reader,
            self.reading,
        ))
    }
}

/// What is told to whom it was taken from: by an operator, or by the time.
fn lost(by_operator: bool) -> Notice {
    let body = if by_operator {
        ours(
            "You had taken it; an operator has given it back. It waits for everybody who was asked, and for you: take it again if you work on it.",
            "您已认领此事项，现已由运维人员退回。它重新等待所有相关人员处理；如仍在处理，请重新认领。",
        )
    } else {
        ours(
            "You had taken it, and the time for that is over. It waits for everybody who was asked, and for you: take it again if you work on it.",
            "您对此事项的认领已超时。它重新等待所有相关人员处理；如仍在处理，请重新认领。",
        )
    };
    Notice {
        message: OwnMail::ClaimLost,
        purpose: Purpose::Ask,
        subject: Text::new("it is not yours alone any more", "不再由您单独处理"),
        body,
        reason: Notice::was_asked(),
    }
}

/// Words of ours in both languages.
fn ours(en: &'static str, zh: &'static str) -> Localized<Markdown> {
    Localized {
        en: Markdown::ours(en),
        zh: Markdown::ours(zh),
    }
}
