//! Answer by a mail link. Looking changes nothing; only an answer acts. The token is checked against
//! the server's key: nothing stored can open a link.

use countersign_core::{
    case::{
        Actor, ArmedTimer, Case, CaseId, Channel, FileId, LinkHolder, LinkId, MailLink, Person,
        PersonId, Receiver,
    },
    command::{Act, Command},
    outcome::Refusal,
    reading::Reading,
    time::Time,
    workflow::{Requirement, Workflow},
};

use crate::{
    Answered, Engine, Error, Manner, Scene,
    ports::{materials::ByteStream, store::CaseAddress},
};

/// What a living link leads to.
#[derive(Debug, Clone)]
pub struct LinkScene {
    /// The case, as the link's holder sees it.
    pub scene: Scene,
    /// The link.
    pub link: MailLink,
    /// Who holds it.
    pub actor: Actor,
}

impl LinkScene {
    /// When the link dies by itself.
    pub fn expires_at(&self) -> Option<Time> {
        let (workflow, case) = self.scene.workflow.as_ref().zip(self.scene.case.as_ref())?;
        link_expires(workflow, case, &self.link)
    }
}

/// When the first timer fires that leaves the state of the link.
pub fn link_expires(workflow: &Workflow, case: &Case, link: &MailLink) -> Option<Time> {
    let leaves = |timer: &&ArmedTimer| {
        link.state.is_in(timer.state.as_str()) && workflow.leads_on(&timer.state, &timer.timer)
    };
    let timers = case.timers.iter().filter(leaves);
    timers.filter_map(|timer| timer.due).min()
}

/// Whether the holder of a link brings files of this material: the link's action requires them.
pub fn link_takes(workflow: &Workflow, link: &MailLink, material: &str) -> bool {
    let action = workflow.offered(link.state.as_str(), &link.action);
    action.is_some_and(|action| {
        let mut required = action.require.iter();
        required.any(|word| matches!(word, Requirement::Material(name) if **name == *material))
    })
}

fn by_link(manner: Manner) -> Manner {
    Manner {
        channel: Channel::Link,
        ..manner
    }
}

impl Engine {
    /// What this token leads to: not found if it is forged, a dead link if its time is over.
    pub async fn open_link(&self, token: &str) -> Result<LinkScene, Error> {
        let id = self
            .links
            .verify(token)
            .map(LinkId)
            .ok_or(Error::NotFound)?;
        let address = self.reader.case_of_link(id).await?.ok_or(Error::NotFound)?;
        let case = self
            .reader
            .case(&CaseAddress::Id(address))
            .await?
            .ok_or(Error::NotFound)?;
        let workflow = self.workflow_of(&case)?;
        let link = case.mail_links.iter().find(|link| link.id == id);
        // A timer that is due wins over an answer, fired or not.
        let living = link.filter(|link| {
            let expires = link_expires(&workflow, &case, link);
            expires.is_none_or(|at| at > self.now())
        });
        let link = living
            .cloned()
            .ok_or_else(|| Error::refused(Refusal::DeadLink))?;
        let actor = self.holder_of(&link).await?;
        Ok(LinkScene {
            scene: self.scene(&actor, case, workflow),
            link,
            actor,
        })
    }

    /// Takes the link's action as its holder.
    pub async fn answer_link(
        &self,
        token: &str,
        manner: Manner,
        mut act: Act,
        code: Option<String>,
    ) -> Result<Answered, Error> {
        let id = self
            .links
            .verify(token)
            .map(LinkId)
            .ok_or(Error::NotFound)?;
        let case = self.reader.case_of_link(id).await?.ok_or(Error::NotFound)?;
        let known = self
            .reader
            .case(&CaseAddress::Id(case))
            .await?
            .ok_or(Error::NotFound)?;
        let Some(link) = known.mail_links.iter().find(|link| link.id == id) else {
            return self.replay_or_dead(manner, case).await;
        };
        let actor = self.holder_of(link).await?;
        act.action = link.action.to_string();
        act.link = Some(id);
        self.command(
            actor,
            by_link(manner),
            CaseAddress::Id(case),
            Command::Act(act),
            None,
            code,
        )
        .await
    }

    /// Brings a file of a material that the link's action requires, as its holder: nothing else is open to a link.
    pub async fn attach_by_link(
        &self,
        token: &str,
        manner: Manner,
        material: &str,
        name: String,
        bytes: ByteStream,
    ) -> Result<(Answered, FileId), Error> {
        let LinkScene { scene, link, actor } = self.open_link(token).await?;
        let (Some(workflow), Some(case)) = (&scene.workflow, &scene.case) else {
            return Err(Error::NotFound);
        };
        if !link_takes(workflow, &link, material) {
            return Err(Error::NotFound);
        }
        let (address, manner) = (CaseAddress::Id(case.id), by_link(manner));
        self.attach(actor, manner, address, material, name, bytes, None)
            .await
    }

    /// A dead link: but a repeated request under its key gets its first answer again.
    async fn replay_or_dead(&self, manner: Manner, case: CaseId) -> Result<Answered, Error> {
        if manner.key.is_none() {
            return Err(Error::refused(Refusal::DeadLink));
        }
        let address = CaseAddress::Id(case);
        // Nothing is asked but to look at the key: there is no answer to keep.
        let manner = Manner {
            render: None,
            ..manner
        };
        let look = self.command(
            Actor::Machine,
            manner,
            address,
            Command::FireTimers,
            None,
            None,
        );
        match look.await? {
            replayed @ Answered::Replayed(_) => Ok(replayed),
            Answered::Fresh(_) => Err(Error::refused(Refusal::DeadLink)),
        }
    }

    async fn holder_of(&self, link: &MailLink) -> Result<Actor, Error> {
        let holder = match &link.receiver {
            Receiver::Person(id) => {
                let known = self.person(id).await?.ok_or(Error::NotFound)?;
                return Ok(Actor::LinkHolder(LinkHolder {
                    link: link.id,
                    email: known.email.clone(),
                    language: known.language,
                    person: Some(known),
                }));
            }
            Receiver::Address(email) => email,
        };
        let person = self.person_at(holder).await?;
        Ok(Actor::LinkHolder(LinkHolder {
            link: link.id,
            email: holder.clone(),
            language: person
                .as_ref()
                .map_or(link.language, |person| person.language),
            person,
        }))
    }

    pub(super) async fn person(&self, id: &PersonId) -> Result<Option<Person>, Error> {
        self.read_directory(|reading| reading.person(id)).await
    }

    async fn person_at(&self, email: &str) -> Result<Option<Person>, Error> {
        self.read_directory(|reading| reading.address(email)).await
    }

    async fn read_directory<T: Clone>(
        &self,
        read: impl Fn(&Reading<'_>) -> Option<std::sync::Arc<T>>,
    ) -> Result<Option<T>, Error> {
        let scene = Scene {
            case: None,
            workflow: None,
            receipt: None,
            actor: Actor::Machine,
            inputs: std::sync::Arc::default(),
            now: self.now(),
            rendered: None,
        };
        let found = self
            .fill(scene, |scene| {
                let reading = Reading::new(&scene.inputs, &Actor::Machine);
                let found = read(&reading);
                if reading.is_complete() {
                    Ok(found)
                } else {
                    Err(reading.missing())
                }
            })
            .await?;
        Ok(found.map(std::sync::Arc::unwrap_or_clone))
    }
}
