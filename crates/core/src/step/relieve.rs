//! Whom a mail asks, and that those who were asked and need not act any more are told so: once, when the visit that asked
//! them is over.

use std::collections::BTreeSet;

use crate::{
    case::{Asked, DeliveryId, Doer, OwnMail, PersonId, Purpose, Sending},
    markdown::{Markdown, one_line},
    name::Name,
    outcome::{Content, Mail, MailPart, NewDelivery},
    text::{Language, Text},
    workflow::{Localized, Message, Recipient, State},
};

use super::{gist::Gist, letters::Reader, run::Run};

impl<'a> Run<'a> {
    /// Whether it asks for something, again perhaps, or just tells.
    pub fn purpose(&self, message: &Message) -> Purpose {
        let asks = match &message.to {
            Recipient::Reviewers => self.reviewing_here().is_some(),
            Recipient::Role(role) => self.asks_role(role).is_some(),
            Recipient::Address(_) => message.body.en.buttons().next().is_some(),
        };
        let again = matches!(self.cause.doer, Doer::Timer(_)) && {
            let entered = self.case.entered.get(&self.sender().path);
            entered.is_some_and(|entered| *entered < self.now)
        };
        match (asks, again) {
            (true, true) => Purpose::Remind,
            (true, false) => Purpose::Ask,
            (false, _) => Purpose::Tell,
        }
    }

    /// The state that sends what is being sent.
    pub fn sender(&self) -> &'a State {
        let states = &self.workflow.states;
        self.cause
            .at
            .map_or_else(|| self.leaf(), |at| states.get(at))
    }

    /// The state of those that the case is in that offers this role something to do.
    fn asks_role(&self, role: &Name) -> Option<&'a State> {
        let offers = |state: &&State| {
            let mut actions = state.actions.values();
            actions.any(|action| action.who.roles.contains(role))
                || state
                    .review
                    .as_ref()
                    .is_some_and(|review| review.by.contains(role))
        };
        if !self.is_running() {
            return None;
        }
        self.states().find(offers)
    }

    /// Keeps whom a message asks by their role, to tell them when it is settled.
    pub(super) fn ask_by_role(&mut self, message: &Message, readers: &[Reader]) {
        let Recipient::Role(role) = &message.to else {
            return;
        };
        let several = readers.len() > 1 && !self.is_starters(role);
        let Some(state) = several.then(|| self.asks_role(role)).flatten() else {
            return;
        };
        let people = readers.iter().filter_map(|reader| reader.receiver.person());
        let people = people.cloned().collect();
        self.keep_asked(state, people);
    }

    /// Keeps who was asked in this visit of a state but by its review.
    pub(super) fn keep_asked(&mut self, state: &State, people: BTreeSet<PersonId>) {
        let path = &state.path;
        match self
            .case
            .asked
            .iter_mut()
            .find(|asked| asked.state == *path)
        {
            Some(asked) => asked.people.extend(people),
            None => self.case.asked.push(Asked {
                state: path.clone(),
                people,
            }),
        }
    }

    /// A visit ends: whoever was asked in it and has not voted is to be told, and reminders of it that wait never go.
    pub fn relieve(&mut self, state: &'a State) {
        let path = &state.path;
        // Whoever was told that somebody has taken it has nothing to be told now.
        let claim = self.case.claim.as_ref();
        let told = claim.filter(|claim| claim.state == *path);
        let told = told.map(|claim| claim.told.clone()).unwrap_or_default();
        let idle = self.idle_in(state);
        self.relieved.extend(idle.difference(&told).cloned());
        self.case.asked.retain(|asked| asked.state != *path);
        let held = std::mem::take(&mut self.case.held_mails).into_iter();
        let (gone, stay): (Vec<_>, Vec<_>) = held.partition(|held| held.state == *path);
        let late = gone.into_iter().filter(|held| held.at > self.now);
        self.unsent.extend(late.map(|held| held.delivery));
        self.case.held_mails = stay;
        if state.review.is_some() {
            self.case.since_review.clear();
        }
    }

    /// Those who were asked in this visit by a mail and have not voted.
    pub(super) fn idle_in(&self, state: &State) -> BTreeSet<PersonId> {
        let path = &state.path;
        let visit = self.case.visits_of(path.as_str());
        let mut ballots = self.case.ballots.iter().rev();
        let ballot = ballots.find(|ballot| ballot.state == *path && ballot.visit == visit);
        let ballot = ballot.filter(|ballot| ballot.told.is_some());
        let voters = ballot.into_iter().flat_map(|ballot| {
            let voted = |who: &PersonId| ballot.votes.iter().any(|vote| vote.is_of(who));
            ballot.asked.iter().filter(move |who| !voted(who))
        });
        let asked = self.case.asked.iter().filter(|asked| asked.state == *path);
        let by_role = asked.flat_map(|asked| &asked.people);
        voters.chain(by_role).cloned().collect()
    }

    /// Somebody is asked no more in this visit.
    pub(super) fn forget_asked(&mut self, state: &State, person: &PersonId) {
        if let Some(ballot) = self.ballot_of_mut(state) {
            ballot.asked.remove(person);
        }
        let asked = self.case.asked.iter_mut();
        for asked in asked.filter(|asked| asked.state == state.path) {
            asked.people.remove(person);
        }
    }

    /// Tells them, but for who did it and for whoever is asked anew in the same move.
    pub fn tell_relieved(&mut self) {
        let mut relieved = std::mem::take(&mut self.relieved);
        if relieved.is_empty() || !self.reading.is_complete() {
            return;
        }
        if let Some(doer) = self.actor().person() {
            relieved.remove(&doer.id);
        }
        for asked in self.asked_now() {
            relieved.remove(&asked);
        }
        for person in relieved {
            if let Some(reader) = self.reader(&person) {
                let how = self.how_settled(&reader);
                self.send_settled(reader, &how);
            }
        }
    }

    fn asked_now(&self) -> BTreeSet<PersonId> {
        let asks = self.deliveries.iter().filter_map(|new| match &new.content {
            Content::Mail(mail) if mail.purpose == Purpose::Ask => mail.receiver.person().cloned(),
            Content::Mail(_) | Content::Hook(_) => None,
        });
        asks.collect()
    }

    /// “…; nothing to do”.
    pub(super) fn send_settled(&mut self, reader: Reader, how: &Text) {
        let (en, zh) = (how.get(Language::En), how.get(Language::Zh));
        let notice = Notice {
            message: OwnMail::Settled,
            purpose: Purpose::Settled,
            subject: Text::new(format!("{en}; nothing to do"), format!("{zh}，无需您处理")),
            body: Localized {
                en: Markdown::default()
                    .value(en)
                    .then(". You were asked to act; there is nothing to do for you any more."),
                zh: Markdown::default()
                    .value(zh)
                    .then("。此前请您处理的事项，您无需再处理。"),
            },
            reason: Notice::was_asked(),
        };
        self.send_notice(reader, &notice);
    }

    /// Mails something of the product's own about this case.
    pub(super) fn send_notice(&mut self, reader: Reader, notice: &Notice) {
        let language = reader.language;
        let gist = Gist {
            person: reader.person.as_deref(),
            language,
            zone: reader.zone,
        };
        let calendar = &self.workflow.surroundings.calendar;
        let asks = notice.purpose == Purpose::Ask;
        let answer_by = self.case.due_at().filter(|_| asks);
        let habits = reader.habits();
        let sending = habits.sending(notice.purpose, self.now, answer_by, calendar, reader.zone);
        if sending == Sending::Never {
            return;
        }
        let name = match self.case.title.as_str() {
            "" => self.case.number.clone(),
            title => format!("{} {title}", self.case.number),
        };
        let subject = Text::new(
            format!("{name}: {}", notice.subject.get(Language::En)),
            format!("{name}：{}", notice.subject.get(Language::Zh)),
        );
        let mail = Mail {
            message: notice.message.as_name(),
            own: false,
            lead: if asks {
                self.lead_in_turn(language)
            } else {
                Markdown::default()
            },
            facts: self.facts(&gist),
            since: Vec::new(),
            otherwise: if asks {
                self.otherwise(&gist)
            } else {
                String::new()
            },
            subject: one_line(subject.get(language)),
            body: vec![MailPart::Text(notice.body.get(language).clone())],
            answer_by,
            reason: notice.reason.get(language).to_owned(),
            purpose: notice.purpose,
            sending,
            receiver: reader.receiver,
            name: reader.name,
            email: reader.email,
            language,
        };
        let id = DeliveryId(self.new_delivery_id("mail"));
        let content = Content::Mail(mail);
        self.deliveries.push(NewDelivery { id, content });
    }

    /// “omar: Approve”, or what has become of the case where nobody did anything.
    fn how_settled(&self, reader: &Reader) -> Text {
        let moved = self.entries.iter().rev().find(|draft| draft.what.moves());
        let from = moved.and_then(|draft| draft.from.as_ref());
        let action = moved.and_then(|draft| draft.action.as_ref());
        let title = |language| {
            let (from, action) = (from?, action?);
            self.workflow
                .action_title(from.as_str(), action.as_str(), language)
        };
        let who = self.actor().person();
        let who = who.filter(|person| self.names(reader, &person.id));
        match (who, title(Language::En), title(Language::Zh)) {
            (Some(who), Some(en), Some(zh)) => Text::new(
                format!("{}: “{en}”", who.name),
                format!("{}：“{zh}”", who.name),
            ),
            _ => {
                let state = &self.leaf().title;
                Text::new(
                    format!("it is now “{}”", state.get(Language::En)),
                    format!("当前状态为“{}”", state.get(Language::Zh)),
                )
            }
        }
    }
}

/// What is mailed to somebody about a case.
pub(super) struct Notice {
    /// Which it is.
    pub message: OwnMail,
    /// What it is for.
    pub purpose: Purpose,
    /// After the name of the case.
    pub subject: Text,
    /// What it says.
    pub body: Localized<Markdown>,
    /// Why one gets it.
    pub reason: Text,
}

impl Notice {
    /// Why it goes to those who had been asked before.
    pub fn was_asked() -> Text {
        Text::new(
            "you were asked to act on this case.",
            "此前曾请您处理此申请。",
        )
    }
}
