//! What a step does to the world. A step with several parts happens as a whole or not at all: whoever calls
//! puts the world back after a refusal.

use countersign_core::{
    case::{Actor, CaseId, File, FileId, LinkId, PersonId},
    command::{Act, Code, Command, NewComment, NewReply, Opening, Patch},
    form,
    history::Hash,
    name::Name,
    time,
    workflow::{Action, RoleIs, Workflow},
    world::Request,
};

use crate::scenario::suite::{Acts, Does, Edits, Files, Opens, Said, Sets, Step, Who};

use super::{Story, reasons::Refused};

/// The size of a made-up file, in bytes.
const SIZE: u64 = 1000;

/// What came of a step.
pub(super) enum Done {
    Well,
    Refused(Refused),
    /// The story has no such thing at this point.
    Impossible(String),
}

impl From<countersign_core::outcome::Refusal> for Done {
    fn from(refusal: countersign_core::outcome::Refusal) -> Self {
        Self::Refused(Refused::new(&refusal))
    }
}

impl<'a> Story<'a> {
    pub(super) fn act(&mut self, step: &'a Step) -> Done {
        let done = match &step.does {
            Does::Open(opens) => self.open(opens, step.code),
            Does::Act(acts) => self.take(acts, step.code),
            Does::Edit(edits) => self.edit(edits),
            Does::Wait(length) => {
                let around = &self.suite.workflow.surroundings;
                let until = time::add(self.world.now(), length, &around.calendar, around.zone);
                self.world.advance_to(until);
                Ok(())
            }
            Does::WaitUntil(until) if *until < self.world.now() => Err(Done::Impossible(
                "it is later already, and time does not run backwards".to_owned(),
            )),
            Does::WaitUntil(until) => {
                self.world.advance_to(*until);
                Ok(())
            }
            Does::Set(sets) => self.set(sets),
        };
        done.err().unwrap_or(Done::Well)
    }

    fn open(&mut self, opens: &Opens, code: Code) -> Result<(), Done> {
        let links = opens
            .links
            .iter()
            .filter_map(|(link, case)| Some((link.clone(), *self.cases.get(case.as_str())?)));
        let opening = Opening {
            data: opens.data.clone(),
            links: links.collect(),
            on_behalf_of: opens.on_behalf_of.as_ref().map(PersonId::new),
            then: None,
        };
        let request = Request::of(self.actor(&opens.who)).with_code(code);
        let case = self
            .world
            .open(&request, &self.suite.workflow.id, &opening)?;
        self.attach(case, &request, &opens.files)?;
        self.case = Some(case);
        Ok(())
    }

    fn edit(&mut self, edits: &Edits) -> Result<(), Done> {
        let case = self.the_case()?;
        let request = Request::of(self.actor(&edits.who));
        if !edits.data.is_empty() {
            let data = edits.data.clone();
            self.world
                .command(&request, case, &Command::Edit { data })?;
        }
        self.attach(case, &request, &edits.files)?;
        for reply in self.replies(case, &edits.replies)? {
            self.world.command(&request, case, &Command::Reply(reply))?;
        }
        Ok(())
    }

    fn attach(&mut self, case: CaseId, request: &Request, files: &Files) -> Result<(), Done> {
        for (material, names) in files {
            if names.is_empty() {
                self.detach(case, request, material)?;
            }
            for name in names {
                let file = self.made_up(name, request);
                let material = material.clone();
                self.world
                    .command(request, case, &Command::Attach { material, file })?;
            }
        }
        Ok(())
    }

    fn detach(&mut self, case: CaseId, request: &Request, material: &Name) -> Result<(), Done> {
        let there = self
            .world
            .case(case)
            .and_then(|case| case.content.materials.get(material));
        let there: Vec<FileId> = there.into_iter().flatten().map(|file| file.id).collect();
        if there.is_empty() {
            return Err(Done::Impossible(format!("`{material}` has no file")));
        }
        for file in there {
            let material = material.clone();
            self.world
                .command(request, case, &Command::Detach { material, file })?;
        }
        Ok(())
    }

    /// A file of this name whose content is of the kind that its extension says.
    fn made_up(&self, name: &str, request: &Request) -> File {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let types = form::media_types(&extension.to_lowercase());
        let content = Hash::of(name.as_bytes());
        let entries: usize = self
            .world
            .cases()
            .map(|case| self.world.history(case.id).len())
            .sum();
        let seed = Hash::of(format!("{entries} {name}").as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&seed.bytes()[..16]);
        File {
            id: FileId(uuid::Uuid::from_bytes(id)),
            name: name.to_owned(),
            size: SIZE,
            media_type: types
                .first()
                .copied()
                .unwrap_or("application/octet-stream")
                .to_owned(),
            sha256: content.to_string(),
            uploaded_by: request.actor.doer(),
            uploaded_at: self.world.now(),
        }
    }

    fn take(&mut self, acts: &Acts, code: Code) -> Result<(), Done> {
        let case = self.the_case()?;
        let act = Act {
            data: acts.data.clone(),
            comments: acts.comments.iter().map(comment).collect(),
            replies: self.replies(case, &acts.replies)?,
            confirm: acts.confirm,
            ..Act::new(acts.action.as_str())
        };
        let actor = match &acts.link {
            Some(kept) => self.by_kept_link(acts, kept)?,
            None => self.acting(case, &acts.who, &acts.action),
        };
        let request = Request::of(actor).with_code(code);
        Ok(self.world.act(&request, case, act)?)
    }

    /// By a link that was kept: the person's own of that mail, or else anybody's.
    fn by_kept_link(&self, acts: &Acts, kept: &str) -> Result<Actor, Done> {
        let email = match &acts.who {
            Who::Person(name) => self.person(name).email,
            Who::System => String::new(),
        };
        let links = self.kept.get(kept).map_or(&[][..], Vec::as_slice);
        let for_it = || links.iter().filter(|link| link.action == acts.action);
        let own = for_it().find(|link| link.email.eq_ignore_ascii_case(&email));
        own.or_else(|| for_it().next())
            .and_then(|link| self.world.link_holder(link.link))
            .ok_or_else(|| {
                let action = &acts.action;
                Done::Impossible(format!("the mail kept as `{kept}` has no link to {action}"))
            })
    }

    /// The actor of an action: whoever is a link holder in it comes by the newest link that was mailed to him,
    /// dead or alive.
    pub(super) fn acting(&self, case: CaseId, who: &Who, action: &Name) -> Actor {
        let signed_in = self.actor(who);
        let (Who::Person(name), Some(workflow)) = (who, self.workflow_of(case)) else {
            return signed_in;
        };
        let holders = declarations(&workflow, action).any(|action| {
            let mut roles = action.who.roles.iter();
            roles.any(|role| {
                let is = workflow.roles.get(role).map(|role| &role.is);
                matches!(is, Some(RoleIs::LinkHolder { .. }))
            })
        });
        if !holders {
            return signed_in;
        }
        self.newest_link(case, &self.person(name).email, action)
            .and_then(|link| self.world.link_holder(link))
            .unwrap_or(signed_in)
    }

    fn newest_link(&self, case: CaseId, email: &str, action: &Name) -> Option<LinkId> {
        let mails = self.world.mail().iter().rev();
        let mut mails =
            mails.filter(|sent| sent.case == case && sent.mail.email.eq_ignore_ascii_case(email));
        mails.find_map(|sent| {
            let mut links = sent.links();
            links.find_map(|(of, link)| (of == action).then_some(link))
        })
    }

    fn workflow_of(&self, case: CaseId) -> Option<std::sync::Arc<Workflow>> {
        let case = self.world.case(case)?;
        Some(self.world.workflow_of(case))
    }

    /// Replies to the open comments at these places.
    fn replies(&self, case: CaseId, said: &[Said]) -> Result<Vec<NewReply>, Done> {
        let Some(case) = self.world.case(case) else {
            return Ok(Vec::new());
        };
        let mut replies = Vec::new();
        for reply in said {
            let open = case
                .content
                .comments
                .iter()
                .filter(|comment| comment.open && !comment.internal && comment.at == reply.at);
            let before = replies.len();
            replies.extend(open.map(|comment| NewReply {
                comment: comment.id,
                text: reply.text.clone(),
            }));
            if replies.len() == before {
                let at = reply.at.as_deref().unwrap_or("the case as a whole");
                return Err(Done::Impossible(format!(
                    "there is no open comment on {at} to reply to"
                )));
            }
        }
        Ok(replies)
    }

    fn set(&mut self, sets: &Sets) -> Result<(), Done> {
        for fact in &sets.facts {
            self.world
                .set_fact(&fact.kind, &fact.subject, &fact.fact, fact.value.clone());
        }
        for set in &sets.cases {
            let Some(id) = self.cases.get(set.case.as_str()).copied() else {
                continue;
            };
            let placed = match &set.state {
                Some(state) => self.world.place_case(id, state),
                None => Ok(()),
            };
            let filled = placed.and_then(|()| self.fill(id, &set.data));
            filled.map_err(|problems| {
                let told: Vec<&str> = problems
                    .iter()
                    .map(|problem| problem.message.en.as_str())
                    .collect();
                Done::Impossible(format!(
                    "case `{}` cannot be so: {}",
                    set.case,
                    told.join(" ")
                ))
            })?;
        }
        Ok(())
    }

    fn fill(
        &mut self,
        id: CaseId,
        data: &Patch,
    ) -> Result<(), Vec<countersign_core::outcome::Missing>> {
        if data.is_empty() {
            return Ok(());
        }
        self.world.fill_case(id, data)
    }

    /// The case that the story is about.
    pub(super) fn the_case(&self) -> Result<CaseId, Done> {
        self.case
            .ok_or_else(|| Done::Impossible("no case was opened yet in this scenario".to_owned()))
    }
}

fn comment(said: &Said) -> NewComment {
    NewComment {
        at: said.at.clone(),
        text: said.text.clone(),
        internal: false,
    }
}

/// Every action and decision of this name.
fn declarations<'w>(workflow: &'w Workflow, name: &'w Name) -> impl Iterator<Item = &'w Action> {
    workflow.states.iter().flat_map(move |state| {
        let review = state.review.as_ref();
        let decision = review.and_then(|review| review.decisions.get(name));
        let decision = decision.map(|decision| &decision.action);
        state.actions.get(name).into_iter().chain(decision)
    })
}
