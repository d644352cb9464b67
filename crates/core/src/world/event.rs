//! Something that happens in a story, told by names instead of ids: scenario tests and the explorer make them, and the
//! same event can happen in this world and in a store. It judges nothing: the step does.

use crate::{
    case::{Actor, Case, CaseId, DeliveryId, Doer, File, FileId, LinkId, Person, ServiceId},
    command::{Act, Code, Command, NewComment, NewReply, Opening, Patch},
    form,
    history::Hash,
    name::Name,
    outcome::Refusal,
    time::Time,
    workflow::{Action, RoleIs, Workflow},
};

use super::{Request, World};

/// The size of a made-up file of which no size is told, in bytes.
pub const SIZE: u64 = 1000;

/// Somebody does something.
#[derive(Debug, Clone)]
pub struct Event {
    /// Who.
    pub by: By,
    /// With what code.
    pub code: Code,
    /// What.
    pub deed: Deed,
}

/// Who does it.
#[derive(Debug, Clone)]
pub enum By {
    /// A person, as the directory knows them now; if it does not, as they are here. Whoever is a link holder in an
    /// action comes by the newest link that was mailed to them for it.
    Person(Box<Person>),
    /// Whoever has this link.
    Link(LinkId),
    /// A service.
    Service,
}

/// What somebody does.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Opens a case of this workflow.
    Open(Name, Opening),
    /// Opens a case of this older version of a workflow.
    OpenOlder(Name, u32, Opening),
    /// Takes an action or votes.
    Act {
        /// All but replies.
        act: Act,
        /// Replies to the open comments at these places.
        replies: Vec<Said>,
    },
    /// Saves a draft.
    Edit(Patch),
    /// Comments.
    Comment(NewComment),
    /// Replies to the open comments at a place.
    Reply(Said),
    /// Attaches a made-up file.
    Attach {
        /// To this material.
        material: Name,
        /// The file's name; its content is of the kind that the extension says.
        name: String,
        /// Its size in bytes.
        size: u64,
    },
    /// Removes all files of a material.
    Detach(Name),
    /// Takes back their own vote.
    TakeBack(Name),
    /// Freezes the case.
    Hold(String),
    /// Lets it go on.
    Resume(String),
    /// Claims, releases or hands over a turn.
    Turn(Command),
    /// Puts it into another state.
    Move {
        /// The state's path.
        to: String,
        /// Why.
        reason: String,
    },
    /// Moves it to the newest version of its workflow.
    Migrate {
        /// Values that the newer version asks for.
        data: Patch,
        /// Why.
        reason: String,
    },
}

/// A text at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// For example `deal.amount`; `None`: the whole case.
    pub at: Option<String>,
    /// The text.
    pub text: String,
}

/// Why an event did not happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Stopped {
    /// It was refused.
    Refused(Refusal),
    /// The story has no such thing at this point.
    Impossible(String),
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl World {
    /// Lets an event happen: to this case, or to the one that it opens, which is given back. What it did before it was
    /// stopped stays done; whoever wants all or nothing keeps the world from before.
    pub fn happen(&mut self, event: &Event, about: Option<CaseId>) -> Result<CaseId, Stopped> {
        let request = |actor: Actor| Request::of(actor).with_code(event.code);
        if let Deed::Open(workflow, opening) = &event.deed {
            let actor = self.actor(&event.by, about, None)?;
            return Ok(self.open(&request(actor), workflow, opening)?);
        }
        if let Deed::OpenOlder(workflow, version, opening) = &event.deed {
            let actor = self.actor(&event.by, about, None)?;
            let older = self.version(workflow, *version);
            let none = || Stopped::Impossible(format!("there is no version {version}"));
            let id = self.new_case_id();
            self.open_as(&request(actor), &older.ok_or_else(none)?, opening, id)?;
            return Ok(id);
        }
        let case = about.and_then(|id| self.case(id));
        let Some(case) = case else {
            let why = "no case was opened yet in this scenario";
            return Err(Stopped::Impossible(why.to_owned()));
        };
        let id = case.id;
        let actor = self.actor(&event.by, about, event.deed.action())?;
        if let Deed::Migrate { data, reason } = &event.deed {
            let none = || Stopped::Impossible("there is no such workflow".to_owned());
            let command = Command::Migrate {
                to: self.workflow(&case.workflow).ok_or_else(none)?,
                data: data.clone(),
                reason: reason.clone(),
            };
            self.command(&request(actor), id, &command)?;
            return Ok(id);
        }
        let by = actor.doer();
        let commands = event.deed.commands(case, &|name, size| {
            let salt = format!("{} {name}", self.steps);
            made_up(name, size, &by, self.now, &salt)
        });
        for command in commands.map_err(Stopped::Impossible)? {
            self.command(&request(actor.clone()), id, &command)?;
        }
        Ok(id)
    }

    /// Who somebody is who does this to a case.
    pub fn actor(
        &self,
        by: &By,
        about: Option<CaseId>,
        action: Option<&str>,
    ) -> Result<Actor, Stopped> {
        match by {
            By::Service => Ok(Actor::Service(ServiceId::new("system"))),
            By::Link(link) => self
                .link_holder(*link)
                .ok_or_else(|| Stopped::Impossible("no mail has this link".to_owned())),
            By::Person(person) => {
                let known = self.person(person.id.as_str());
                let person = known.unwrap_or(person);
                let case = about.and_then(|id| self.case(id));
                let link = case.zip(action).and_then(|(case, action)| {
                    let workflow = self.workflow_of(case);
                    is_of_link_holders(&workflow, action)
                        .then(|| self.newest_link(case.id, &person.email, action))?
                });
                let holder = link.and_then(|link| self.link_holder(link));
                Ok(holder.unwrap_or_else(|| Actor::Person(person.clone())))
            }
        }
    }

    /// The newest link for an action that was mailed to this address, dead or alive.
    pub fn newest_link(&self, case: CaseId, email: &str, action: &str) -> Option<LinkId> {
        let mails = self.mail.iter().rev();
        let mut mails =
            mails.filter(|sent| sent.case == case && sent.mail.email.eq_ignore_ascii_case(email));
        mails.find_map(|sent| {
            let mut links = sent.links();
            links.find_map(|(of, link)| (of.as_str() == action).then_some(link))
        })
    }

    /// The newest call of a hook.
    pub fn newest_call(&self, case: CaseId, hook: &str) -> Option<DeliveryId> {
        let mut calls = self.calls.iter().rev();
        let call = calls.find(|call| call.case == case && call.hook.hook == *hook)?;
        Some(call.id)
    }
}

impl Deed {
    /// The action that it takes.
    pub fn action(&self) -> Option<&str> {
        match self {
            Self::Act { act, .. } => Some(&act.action),
            _ => None,
        }
    }

    /// The commands that it is made of, in order, as the case stands. `file` makes up an uploaded file. `Err`: why
    /// there is nothing to do it to.
    ///
    /// Opening is no command, and migrating needs the newer workflow: both give none.
    pub fn commands(
        &self,
        case: &Case,
        file: &dyn Fn(&str, u64) -> File,
    ) -> Result<Vec<Command>, String> {
        let one = |command| Ok(vec![command]);
        match self {
            Self::Open(..) | Self::OpenOlder(..) | Self::Migrate { .. } => Ok(Vec::new()),
            Self::Act { act, replies } => {
                let replies = replies.iter().map(|said| replies_to(case, said));
                let replies = replies.collect::<Result<Vec<_>, _>>()?.concat();
                let act = act.clone();
                one(Command::Act(Act { replies, ..act }))
            }
            Self::Edit(data) => one(Command::Edit { data: data.clone() }),
            Self::Comment(comment) => one(Command::Comment(comment.clone())),
            Self::Reply(said) => {
                let replies = replies_to(case, said)?;
                Ok(replies.into_iter().map(Command::Reply).collect())
            }
            Self::Attach {
                material,
                name,
                size,
            } => one(Command::Attach {
                material: material.clone(),
                file: file(name, *size),
            }),
            Self::Detach(material) => {
                let there = case.content.materials.get(material);
                let there = there.filter(|files| !files.is_empty());
                let there = there.ok_or_else(|| format!("`{material}` has no file"))?;
                let detach = there.iter().map(|file| Command::Detach {
                    material: material.clone(),
                    file: file.id,
                });
                Ok(detach.collect())
            }
            Self::TakeBack(decision) => one(Command::TakeBack {
                decision: decision.clone(),
            }),
            Self::Hold(reason) => one(Command::Hold {
                reason: reason.clone(),
            }),
            Self::Resume(reason) => one(Command::Resume {
                reason: reason.clone(),
            }),
            Self::Turn(command) => one(command.clone()),
            Self::Move { to, reason } => one(Command::Move {
                to: to.clone(),
                reason: reason.clone(),
            }),
        }
    }
}

/// A file of this name whose content is of the kind that its extension says. The salt tells apart files of one name.
pub fn made_up(name: &str, size: u64, by: &Doer, at: Time, salt: &str) -> File {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let types = form::media_types(&extension.to_lowercase());
    let mut id = [0; 16];
    id.copy_from_slice(&Hash::of(salt.as_bytes()).bytes()[..16]);
    File {
        id: FileId(uuid::Uuid::from_bytes(id)),
        name: name.to_owned(),
        size,
        media_type: types
            .first()
            .copied()
            .unwrap_or("application/octet-stream")
            .to_owned(),
        sha256: Hash::of(name.as_bytes()).to_string(),
        uploaded_by: by.clone(),
        uploaded_at: at,
    }
}

/// Replies to all open comments at a place.
fn replies_to(case: &Case, said: &Said) -> Result<Vec<NewReply>, String> {
    let comments = case.content.comments.iter();
    let open =
        comments.filter(|comment| comment.open && !comment.internal && comment.at == said.at);
    let replies: Vec<NewReply> = open
        .map(|comment| NewReply {
            comment: comment.id,
            text: said.text.clone(),
        })
        .collect();
    if replies.is_empty() {
        let at = said.at.as_deref().unwrap_or("the case as a whole");
        return Err(format!("there is no open comment on {at} to reply to"));
    }
    Ok(replies)
}

/// Whether link holders may take this action somewhere.
fn is_of_link_holders(workflow: &Workflow, action: &str) -> bool {
    declarations(workflow, action).any(|action| {
        let mut roles = action.who.roles.iter();
        roles.any(|role| {
            let is = workflow.roles.get(role).map(|role| &role.is);
            matches!(is, Some(RoleIs::LinkHolder { .. }))
        })
    })
}

/// Every action and decision of this name.
fn declarations<'w>(workflow: &'w Workflow, name: &'w str) -> impl Iterator<Item = &'w Action> {
    workflow.states.iter().flat_map(move |state| {
        let review = state.review.as_ref();
        let decision = review.and_then(|review| review.decisions.get(name));
        let decision = decision.map(|decision| &decision.action);
        state.actions.get(name).into_iter().chain(decision)
    })
}
