//! Whom a mail asks, and that those who were asked and need not act any more are told so: once, when the visit that asked
//! them is over.

use std::collections::BTreeSet;

use crate::{
    case::{Asked, DeliveryId, Doer, PersonId, Purpose, Sending},
    name::Name,
    outcome::{Content, Mail, MailPart, NewDelivery},
    text::Text,
    workflow::{Message, Recipient, State},
};

use super::{
    gist::Gist,
    letters::{Reader, escaped},
    run::Run,
};

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
        let people: BTreeSet<PersonId> = people.cloned().collect();
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
        let visit = self.case.visits_of(path.as_str());
        let mut ballots = self.case.ballots.iter().rev();
        let ballot = ballots.find(|ballot| ballot.state == *path && ballot.visit == visit);
        if let Some(ballot) = ballot.filter(|ballot| ballot.told.is_some()) {
            let voted = |who: &PersonId| ballot.votes.iter().any(|vote| vote.is_of(who));
            let idle = ballot.asked.iter().filter(|who| !voted(who));
            self.relieved.extend(idle.cloned());
        }
        let (gone, stay) = std::mem::take(&mut self.case.asked)
            .into_iter()
            .partition(|asked| asked.state == *path);
        let gone: Vec<Asked> = gone;
        self.relieved
            .extend(gone.into_iter().flat_map(|asked| asked.people));
        self.case.asked = stay;
        let held = std::mem::take(&mut self.case.held_mails).into_iter();
        let (gone, stay): (Vec<_>, Vec<_>) = held.partition(|held| held.state == *path);
        let late = gone.into_iter().filter(|held| held.at > self.now);
        self.unsent.extend(late.map(|held| held.delivery));
        self.case.held_mails = stay;
        if state.review.is_some() {
            self.case.since_review.clear();
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
            self.tell_settled(&person);
        }
    }

    fn asked_now(&self) -> BTreeSet<PersonId> {
        let asks = self.deliveries.iter().filter_map(|new| match &new.content {
            Content::Mail(mail) if mail.purpose == Purpose::Ask => mail.receiver.person().cloned(),
            Content::Mail(_) | Content::Hook(_) => None,
        });
        asks.collect()
    }

    fn tell_settled(&mut self, person: &PersonId) {
        let Some(reader) = self.reader(person) else {
            return;
        };
        let language = reader.language;
        let gist = Gist {
            person: reader.person.as_deref(),
            language,
            zone: reader.zone,
        };
        let calendar = &self.workflow.surroundings.calendar;
        let sending =
            reader
                .habits()
                .sending(Purpose::Settled, self.now, None, calendar, reader.zone);
        if sending == Sending::Never {
            return;
        }
        let how = self.how_settled(language, &gist);
        let name = match self.case.title.as_str() {
            "" => self.case.number.clone(),
            title => format!("{} {title}", self.case.number),
        };
        let subject = Text::new(
            format!("{name}: {how}; nothing to do"),
            format!("{name}：{how}，无需您处理"),
        );
        let body = Text::new(
            format!(
                "{}. You were asked to act; there is nothing to do for you any more.",
                escaped(&how)
            ),
            format!(
                "{}。此前请您处理的事项已办结，您无需再处理。",
                escaped(&how)
            ),
        );
        let reason = Text::new(
            "you were asked to act on this case.",
            "此前曾请您处理此申请。",
        );
        let mail = Mail {
            message: Name::parse("settled").expect("it is a name"),
            own: false,
            lead: String::new(),
            facts: self.facts(&gist),
            since: Vec::new(),
            otherwise: String::new(),
            subject: subject.get(language).to_owned(),
            body: vec![MailPart::Text(body.get(language).to_owned())],
            answer_by: None,
            reason: reason.get(language).to_owned(),
            purpose: Purpose::Settled,
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
    fn how_settled(&self, language: crate::text::Language, gist: &Gist<'_>) -> String {
        let moved = self.entries.iter().rev().find(|draft| draft.what.moves());
        let from = moved.and_then(|draft| draft.from.as_ref());
        let action = moved.and_then(|draft| draft.action.as_ref());
        let title = from.zip(action).and_then(|(from, action)| {
            self.workflow
                .action_title(from.as_str(), action.as_str(), language)
        });
        let who = self.actor().person().filter(|person| {
            let reader = gist
                .person
                .map(|reader| crate::case::Actor::Person(reader.clone()));
            reader.is_some_and(|reader| {
                let policy =
                    crate::policy::Policy::new(self.workflow, &self.case, &reader, self.reading);
                policy.may_name(&person.id)
            })
        });
        match (who, title) {
            (Some(who), Some(title)) => {
                let words = Text::new(
                    format!("{}: “{title}”", who.name),
                    format!("{}：“{title}”", who.name),
                );
                words.get(language).to_owned()
            }
            _ => {
                let state = self.leaf().title.get(language);
                let words = Text::new(
                    format!("it is now “{state}”"),
                    format!("当前状态为“{state}”"),
                );
                words.get(language).to_owned()
            }
        }
    }
}
