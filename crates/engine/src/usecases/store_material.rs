//! Store the bytes of a material, and attach them by a command. The right to attach is checked
//! before a byte is read, and again in the step.

use countersign_core::{
    case::{Actor, File, FileId, Lifecycle},
    command::Command,
    outcome::{Missing, Refusal},
    policy::Policy,
    reading::Reading,
    text::Text,
    workflow::{Material, Place, Thing},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Answered, Engine, Error, Manner, Scene,
    ports::{
        materials::{ByteStream, PutError, StoredBytes},
        store::CaseAddress,
    },
};

impl Engine {
    /// Streams a file to its content address and attaches it to a material of a case. The fingerprint in
    /// `manner` stands for the request without its body; the content completes it.
    #[expect(clippy::too_many_arguments, reason = "each is a part of one upload")]
    pub async fn attach(
        &self,
        actor: Actor,
        manner: Manner,
        address: CaseAddress,
        material: &str,
        name: String,
        bytes: ByteStream,
        if_match: Option<u64>,
    ) -> Result<(Answered, FileId), Error> {
        let scene = self.look(&actor, &address).await?;
        let (declared, allowed) = self.may_attach(scene, &actor, material).await?;
        if let Err(refusal) = allowed {
            // A repeated request gets its first answer again, although the case has moved on since.
            if !self.knows_key(&manner, &address).await? {
                return Err(Error::refused(refusal));
            }
        }
        let stored = match self.materials.put(bytes, declared.max_bytes).await {
            Ok(stored) => stored,
            Err(PutError::Store(error)) => return Err(error.into()),
            Err(PutError::Broken(_)) => return Err(too_bad(missing(&declared, broken()))),
            Err(PutError::TooLarge { max_bytes }) => return Err(Error::TooLarge { max_bytes }),
        };
        if !accepts(&declared, &stored) {
            return Err(Error::WrongKind(missing(
                &declared,
                wrong_kind(&declared, &stored),
            )));
        }
        let manner = completed(manner, &stored);
        let id = FileId(Uuid::now_v7());
        let file = File {
            id,
            name,
            size: stored.size,
            media_type: stored.media_type,
            sha256: stored.sha256,
            uploaded_by: actor.doer(),
            uploaded_at: self.now(),
        };
        let command = Command::Attach {
            material: declared.name.clone(),
            file,
        };
        Ok((
            self.command(actor, manner, address, command, if_match, None)
                .await?,
            id,
        ))
    }

    /// The bytes of a file of a case that the actor may see.
    pub async fn material_bytes(&self, file: &File) -> Result<ByteStream, Error> {
        self.materials
            .get(&file.sha256)
            .await?
            .ok_or(Error::NotFound)
    }

    /// The material, and whether the actor may attach a file to it.
    async fn may_attach(
        &self,
        scene: Scene,
        actor: &Actor,
        material: &str,
    ) -> Result<(Material, Result<(), Refusal>), Error> {
        let name = material.to_owned();
        self.fill(scene, move |scene| {
            let (Some(workflow), Some(case)) = (&scene.workflow, &scene.case) else {
                return Ok(Err(Error::NotFound));
            };
            let Some(declared) = workflow.materials.get(name.as_str()) else {
                return Ok(Err(Error::NotFound));
            };
            let reading = Reading::new(&scene.inputs, actor).at(scene.now);
            let editable = Policy::new(workflow, case, actor, &reading).editable();
            if !reading.is_complete() {
                return Err(reading.missing());
            }
            let allowed = if editable.contains(&Thing::Material(declared.name.clone())) {
                Ok(())
            } else if matches!(case.lifecycle, Lifecycle::OnHold { .. }) {
                Err(Refusal::OnHold)
            } else {
                let at = Some(Place::Whole(declared.name.clone()));
                Err(Refusal::Who { at })
            };
            Ok(Ok((declared.clone(), allowed)))
        })
        .await?
    }

    /// Whether an answer is kept under the request's key. Nothing is asked but to look at it.
    async fn knows_key(&self, manner: &Manner, address: &CaseAddress) -> Result<bool, Error> {
        if manner.key.is_none() {
            return Ok(false);
        }
        let manner = Manner {
            render: None,
            ..manner.clone()
        };
        let look = self.command(
            Actor::Machine,
            manner,
            address.clone(),
            Command::FireTimers,
            None,
            None,
        );
        match look.await {
            Ok(Answered::Replayed(_)) | Err(Error::KeyReused) => Ok(true),
            Ok(Answered::Fresh(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// With the content in the request's fingerprint.
fn completed(mut manner: Manner, stored: &StoredBytes) -> Manner {
    if let Some((_, fingerprint)) = &mut manner.key {
        let content = Sha256::new()
            .chain_update(&fingerprint[..])
            .chain_update(&stored.sha256);
        *fingerprint = content.finalize().into();
    }
    manner
}

fn accepts(material: &Material, stored: &StoredBytes) -> bool {
    stored
        .extension
        .as_ref()
        .is_some_and(|kind| material.accept.contains(kind))
}

fn too_bad(missing: Missing) -> Error {
    Error::refused(Refusal::Invalid(vec![missing]))
}

fn missing(material: &Material, message: Text) -> Missing {
    Missing {
        name: material.name.to_string(),
        message,
        at: Some(Place::Whole(material.name.clone())),
    }
}

fn broken() -> Text {
    Text::new(
        "The file did not arrive whole. Upload it again.",
        "文件未完整上传，请重新上传。",
    )
}

fn wrong_kind(material: &Material, stored: &StoredBytes) -> Text {
    let wanted = material.accept.join(", ");
    let found = stored.extension.as_deref().unwrap_or("unknown");
    Text::new(
        format!(
            "By its content this is a file of kind `{found}`, whatever its name. Accepted: {wanted}."
        ),
        format!("根据内容，该文件的类型为 {found}（与文件名无关）。可接受：{wanted}。"),
    )
}
