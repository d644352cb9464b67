//! Messages become mails: who gets them, in their language, with links of their own that die with the visit. How a
//! mail looks and travels is the notifier's.

use std::sync::Arc;

use crate::{
    ballot::Count,
    case::{
        DeliveryId, HeldMail, LinkId, MailHabits, MailLink, Person, PersonId, Purpose, Receiver,
        Sending,
    },
    expression::Value,
    markdown::{Markdown, one_line},
    name::Name,
    outcome::{Content, Mail, MailPart, NewDelivery},
    policy,
    sight::Sight,
    template::{Part, Rendered},
    text::{Language, Text},
    time::Zone,
    workflow::{Message, Recipient, RoleIs, State, StateId},
};

use super::{act::Offered, comments::unanswered, gist::Gist, run::Run, seal::derived_id};

/// A mail or hook call that waits until the move is over.
#[derive(Clone, Copy)]
pub(super) enum Deferred<'a> {
    /// The message, and the state that sends it.
    Mail { message: &'a Name, at: StateId },
    /// The answer of the call counts in the visit of this state.
    Call { hook: &'a Name, state: &'a State },
}

/// Somebody who gets a mail.
pub(super) struct Reader {
    pub receiver: Receiver,
    pub name: String,
    pub email: String,
    pub language: Language,
    pub zone: Zone,
    /// Somebody of the directory who is written to as such.
    pub person: Option<Arc<Person>>,
}

impl Reader {
    pub fn habits(&self) -> MailHabits {
        let known = self.person.as_ref();
        known.map(|person| person.mail.clone()).unwrap_or_default()
    }
}

impl<'a> Run<'a> {
    /// Makes the mails and hook calls of the move, in the order written.
    pub fn send_deferred(&mut self) {
        // They call the case what it is called now, with the data that came with this step.
        self.retitle();
        for deferred in std::mem::take(&mut self.deferred) {
            match deferred {
                Deferred::Mail { message, at } => {
                    if let Some(message) = self.workflow.messages.get(message) {
                        self.within(at, |run| run.mail(message));
                    }
                }
                Deferred::Call { hook, state } => self.call(hook, state),
            }
        }
    }

    fn mail(&mut self, message: &'a Message) {
        if matches!(message.to, Recipient::Reviewers)
            && let Some(state) = self.reviewing_here()
        {
            let remaining = Count::running(&self.sight_at(state)).map(|count| count.remaining());
            if let Some(ballot) = self.ballot_of_mut(state) {
                let standing = ballot.votes.iter().filter(|vote| vote.stands());
                let voters = standing.flat_map(|vote| vote.instead_of.iter().chain([&vote.by]));
                let mut asked = remaining.unwrap_or_default();
                asked.extend(voters.cloned());
                ballot.told = Some(message.name.clone());
                ballot.asked = asked;
            }
        }
        let readers = self.readers(&message.to);
        self.ask_by_role(message, &readers);
        self.mail_to(message, readers);
    }

    /// Whoever may vote since the last message to `reviewers` gets it too: people who have joined a live group, and those
    /// whose vote fell with what it was about.
    pub fn tell_newcomers(&mut self, state: &'a State) {
        let joined: Vec<PersonId> = {
            let sight = self.sight_at(state);
            let Some(count) = Count::running(&sight).filter(|count| count.ballot.told.is_some())
            else {
                return;
            };
            let remaining = count.remaining().into_iter();
            let asked = &count.ballot.asked;
            remaining.filter(|person| !asked.contains(person)).collect()
        };
        // What is not loaded yet comes to nothing.
        if !joined.is_empty() && self.reading.is_complete() {
            self.tell_joined(state, &joined);
            self.touched = true;
        }
    }

    /// Whoever joins during a visit gets the last message that this visit sent to its reviewers. `false`: it sent none.
    pub fn tell_joined(&mut self, state: &State, joined: &[PersonId]) -> bool {
        let ballot = self.ballot_of_mut(state);
        let told = ballot.and_then(|ballot| {
            ballot.asked.extend(joined.iter().cloned());
            ballot.told.clone()
        });
        let Some(message) = told.and_then(|told| self.workflow.messages.get(&told)) else {
            return false;
        };
        let joined = joined.iter();
        let readers = joined.filter_map(|person| self.reader(person)).collect();
        self.within(state.id, |run| run.mail_to(message, readers));
        true
    }

    fn mail_to(&mut self, message: &Message, readers: Vec<Reader>) {
        let mut told: Vec<String> = Vec::new();
        for reader in readers {
            let address = reader.email.to_lowercase();
            if told.contains(&address) {
                continue;
            }
            told.push(address);
            let mail = self.write_mail(message, reader);
            if mail.sending == Sending::Never {
                continue;
            }
            let id = DeliveryId(self.new_delivery_id("mail"));
            if let Sending::At(at) = mail.sending {
                let state = self.sender().path.clone();
                self.case.held_mails.push(HeldMail {
                    delivery: id,
                    state,
                    at,
                });
            }
            let content = Content::Mail(mail);
            self.deliveries.push(NewDelivery { id, content });
        }
    }

    fn readers(&self, to: &Recipient) -> Vec<Reader> {
        match to {
            Recipient::Reviewers => {
                let sight = self.sight();
                let asked = Count::running(&sight).map(|count| {
                    let mut asked = count.remaining();
                    asked.extend(count.substitutes(&sight).into_iter().map(|(who, _)| who));
                    asked
                });
                asked
                    .into_iter()
                    .flatten()
                    .filter_map(|person| self.reader(&person))
                    .collect()
            }
            Recipient::Address(expression) => self.addresses(self.value(expression)),
            Recipient::Role(role) => match self.workflow.roles.get(role).map(|role| &role.is) {
                Some(RoleIs::Starter) => self
                    .case
                    .starter
                    .iter()
                    .filter_map(|person| self.reader(person))
                    .collect(),
                Some(RoleIs::LinkHolder { email }) => self.addresses(self.value(email)),
                Some(
                    RoleIs::Partner { .. }
                    | RoleIs::Group(_)
                    | RoleIs::Groups(_)
                    | RoleIs::Person(_)
                    | RoleIs::Relation(_),
                ) => {
                    let people = policy::people_of(self.workflow, &self.case, role, self.reading);
                    people
                        .iter()
                        .filter_map(|person| self.reader(person))
                        .collect()
                }
                None => Vec::new(),
            },
        }
    }

    pub(super) fn reader(&self, person: &PersonId) -> Option<Reader> {
        let person = self
            .reading
            .person(person)
            .filter(|person| !person.disabled)?;
        let reader = self.reader_of(&person, Receiver::Person(person.id.clone()));
        Some(Reader {
            person: Some(person),
            ..reader
        })
    }

    fn reader_of(&self, person: &Person, receiver: Receiver) -> Reader {
        Reader {
            receiver,
            name: person.name.clone(),
            email: person.email.clone(),
            language: person.language,
            zone: self.zone_of(person),
            person: None,
        }
    }

    /// In which zone somebody reads moments.
    pub(super) fn zone_of(&self, person: &Person) -> Zone {
        let own = person.timezone.as_ref().and_then(|zone| zone.parse().ok());
        own.unwrap_or(self.workflow.surroundings.zone)
    }

    fn addresses(&self, value: Option<Value>) -> Vec<Reader> {
        let addresses = match value {
            Some(Value::String(address)) => vec![address],
            Some(Value::List(items)) => items
                .iter()
                .filter_map(|item| match item {
                    Value::String(address) => Some(address.clone()),
                    _ => None,
                })
                .collect(),
            Some(_) | None => Vec::new(),
        };
        let addresses = addresses.into_iter().filter(|address| !address.is_empty());
        addresses.map(|address| self.reader_at(&address)).collect()
    }

    fn reader_at(&self, email: &str) -> Reader {
        let receiver = Receiver::Address(email.to_lowercase());
        match self.reading.address(email) {
            Some(person) => Reader {
                email: email.to_owned(),
                ..self.reader_of(&person, receiver)
            },
            None => Reader {
                receiver,
                name: String::new(),
                email: email.to_owned(),
                language: self
                    .workflow
                    .surroundings
                    .languages
                    .first()
                    .copied()
                    .unwrap_or_default(),
                zone: self.workflow.surroundings.zone,
                person: None,
            },
        }
    }

    fn write_mail(&mut self, message: &Message, reader: Reader) -> Mail {
        let purpose = self.purpose(message);
        let habits = reader.habits();
        let Reader {
            receiver,
            name,
            email,
            language,
            zone,
            person,
        } = reader;
        let gist = Gist {
            person: person.as_deref(),
            language,
            zone,
        };
        let (subject, body) = {
            let sight = Sight {
                language,
                ..self.sight()
            };
            let titled = |place: &str, word: &str| self.title_of_word(place, word, language);
            let render = |template: &crate::template::Template| {
                template.render_with(&sight, language, zone, &titled)
            };
            (
                render(message.subject.get(language)),
                render(message.body.get(language)),
            )
        };
        let place = format!("messages.{}", message.name);
        for failure in subject.failures.iter().chain(&body.failures) {
            self.or_wait::<()>(&place, Err(failure.clone()));
        }
        let subject = one_line(&subject.text());
        let answer_by = self.case.due_at();
        let asks = matches!(purpose, Purpose::Ask | Purpose::Remind);
        let subject = self.subject(&subject, &gist, purpose);
        let calendar = &self.workflow.surroundings.calendar;
        Mail {
            message: message.name.clone(),
            own: message.own,
            lead: self.lead(&gist, &message.to, purpose),
            facts: self.facts(&gist),
            since: if asks { self.since(&gist) } else { Vec::new() },
            otherwise: if purpose == Purpose::Tell {
                String::new()
            } else {
                self.otherwise(&gist)
            },
            sending: habits.sending(purpose, self.now, answer_by, calendar, zone),
            body: self.parts(body, &receiver, language),
            purpose,
            name,
            email,
            language,
            subject,
            answer_by,
            reason: self.reason(&message.to, &receiver, language),
            receiver,
        }
    }

    fn parts(&mut self, body: Rendered, receiver: &Receiver, language: Language) -> Vec<MailPart> {
        let mut parts = Vec::new();
        for part in body.parts {
            match part {
                Part::Literal(text) => push_text(&mut parts, &Markdown::of_author(&text)),
                Part::CaseLink => parts.push(MailPart::CaseLink),
                Part::OpenComments => push_text(&mut parts, &self.open_comments(language)),
                Part::Value(value) => push_text(&mut parts, &Markdown::default().value(&value)),
                Part::Button(action) => parts.extend(self.button(&action, receiver, language)),
            }
        }
        parts
    }

    /// A button leads to an action of a state that the case is in; elsewhere there is nothing to lead to.
    fn button(
        &mut self,
        action: &str,
        receiver: &Receiver,
        language: Language,
    ) -> Option<MailPart> {
        let states = &self.workflow.states;
        let here = self.cause.at.into_iter().flat_map(|at| states.outward(at));
        let here = here.filter(|state| self.case.is_in(state.path.as_str()));
        let mut near = here.chain(self.states());
        let offered = near.find_map(|state| Offered::at(state, action))?;
        let (state, action) = (offered.state.path.clone(), offered.action.name.clone());
        let visit = self.case.visits_of(state.as_str());
        let to = match receiver {
            Receiver::Person(person) => format!("person {person}"),
            Receiver::Address(address) => format!("address {address}"),
        };
        let case = self.case.id.0;
        let parts = [
            case.as_bytes().as_slice(),
            state.as_str().as_bytes(),
            &visit.to_be_bytes(),
            action.as_bytes(),
            to.as_bytes(),
        ];
        let id = LinkId(derived_id(&parts));
        if self.case.mail_links.iter().all(|link| link.id != id) {
            let (receiver, mailed_at, action) = (receiver.clone(), self.now, action.clone());
            self.case.mail_links.push(MailLink {
                id,
                state,
                visit,
                action,
                receiver,
                language,
                mailed_at,
            });
        }
        Some(MailPart::Button {
            action,
            title: offered.action.title.get(language).to_owned(),
            link: id,
        })
    }

    /// The comments that wait for an answer, as a list.
    fn open_comments(&self, language: Language) -> Markdown {
        let comments = unanswered(&self.case.content);
        comments.fold(Markdown::default(), |list, comment| {
            let list = if list.is_empty() {
                list.then("- ")
            } else {
                list.then("\n- ")
            };
            let list = match &comment.at {
                Some(at) => {
                    let colon = match language {
                        Language::En => ": ",
                        Language::Zh => "：",
                    };
                    list.strong(&self.place_title(at, language)).then(colon)
                }
                None => list,
            };
            list.value(&comment.text)
        })
    }

    pub(super) fn place_title(&self, at: &str, language: Language) -> String {
        let mut words = at.split('.');
        let first = words.next().unwrap_or(at);
        let field = words
            .next()
            .and_then(|field| self.workflow.forms.get(first)?.fields.get(field));
        let title = field
            .map(|field| &field.title)
            .or_else(|| self.workflow.title_of(first));
        title.map_or_else(|| at.to_owned(), |title| title.get(language).to_owned())
    }

    /// What the role is called in which somebody is written to.
    pub(super) fn role_title_of(&self, to: &Recipient, language: Language) -> Option<String> {
        let role = match to {
            Recipient::Role(role) => Some(role),
            Recipient::Reviewers => {
                let state = self.reviewing_here();
                state.and_then(|state| state.review.as_ref()?.by.first())
            }
            Recipient::Address(_) => None,
        };
        let role = role.and_then(|role| self.workflow.roles.get(role));
        role.map(|role| role.title.get(language).to_owned())
    }

    /// Why somebody is written to; who is no more than an address learns where it comes from.
    fn reason(&self, to: &Recipient, receiver: &Receiver, language: Language) -> String {
        let text = match (self.role_title_of(to, language), receiver) {
            (Some(title), Receiver::Person(_)) => Text::new(
                format!("your part in this case is “{title}”."),
                format!("您在此申请中的身份是“{title}”。"),
            ),
            (Some(title), Receiver::Address(_)) => Text::new(
                format!("your address was given in this case, for “{title}”."),
                format!("此申请中填写了您的邮箱（{title}）。"),
            ),
            (None, Receiver::Person(_)) => Text::new("this case concerns you.", "此申请与您有关。"),
            (None, Receiver::Address(_)) => Text::new(
                "your address was given in this case.",
                "此申请中填写了您的邮箱。",
            ),
        };
        text.get(language).to_owned()
    }
}

fn push_text(parts: &mut Vec<MailPart>, text: &Markdown) {
    if text.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(MailPart::Text(before)) => before.push(text),
        _ => parts.push(MailPart::Text(text.clone())),
    }
}
