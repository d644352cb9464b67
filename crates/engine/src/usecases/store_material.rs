//! Store the bytes of a material, and attach them by a command. The right to attach is checked
//! before a byte is read, and again in the step.

use countersign_core::{
    case::{Actor, File, FileId},
    command::Command,
    outcome::{Missing, Refusal},
    policy::Policy,
    reading::Reading,
    text::Text,
    workflow::{Material, Place, Thing},
};
use uuid::Uuid;

use crate::{
    Answered, Engine, Error, Manner, Scene,
    ports::{
        materials::{ByteStream, PutError, StoredBytes},
        store::CaseAddress,
    },
};

impl Engine {
    /// Streams a file to its content address and attaches it to a material of a case.
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
        let declared = self.may_attach(scene, &actor, material).await?;
        let stored = match self.materials.put(bytes, declared.max_bytes).await {
            Ok(stored) => stored,
            Err(PutError::Store(error)) => return Err(error.into()),
            Err(PutError::Broken(_)) => return Err(too_bad(&declared, broken())),
            Err(PutError::TooLarge { max_bytes }) => return Err(Error::TooLarge { max_bytes }),
        };
        if !accepts(&declared, &stored) {
            return Err(too_bad(&declared, wrong_kind(&declared, &stored)));
        }
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

    async fn may_attach(
        &self,
        scene: Scene,
        actor: &Actor,
        material: &str,
    ) -> Result<Material, Error> {
        let name = material.to_owned();
        self.fill(scene, move |scene| {
            let (Some(workflow), Some(case)) = (&scene.workflow, &scene.case) else {
                return Ok(Err(Error::NotFound));
            };
            let Some(declared) = workflow.materials.get(name.as_str()) else {
                return Ok(Err(Error::NotFound));
            };
            let reading = Reading::new(&scene.inputs, actor);
            let editable = Policy::new(workflow, case, actor, &reading).editable();
            if !reading.is_complete() {
                return Err(reading.missing());
            }
            if editable.contains(&Thing::Material(declared.name.clone())) {
                return Ok(Ok(declared.clone()));
            }
            let at = Some(Place::Whole(declared.name.clone()));
            Ok(Err(Error::refused(Refusal::Who { at })))
        })
        .await?
    }
}

fn accepts(material: &Material, stored: &StoredBytes) -> bool {
    stored
        .extension
        .as_ref()
        .is_some_and(|kind| material.accept.contains(kind))
}

fn too_bad(material: &Material, message: Text) -> Error {
    let at = Some(Place::Whole(material.name.clone()));
    Error::refused(Refusal::Invalid(vec![Missing {
        name: material.name.to_string(),
        message,
        at,
    }]))
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
