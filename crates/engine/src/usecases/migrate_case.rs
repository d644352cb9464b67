//! Move a running case to a newer version of its workflow, see beforehand what that would come to, and take it back.

use std::sync::Arc;

use countersign_core::{
    case::{Actor, Case, Channel},
    command::{Code, Command, Patch},
    context::Context,
    migration::Assessment,
    step,
    workflow::Workflow,
};

use crate::{Engine, Error, ports::store::CaseAddress};

impl Engine {
    /// The command that moves a case to this version of its workflow, or to the newest.
    pub async fn migration(
        &self,
        actor: &Actor,
        address: &CaseAddress,
        version: Option<u32>,
        data: Patch,
        reason: String,
    ) -> Result<Command, Error> {
        let (_, to) = self.case_and_target(actor, address, version).await?;
        Ok(Command::Migrate { to, data, reason })
    }

    /// The command that takes the last migration of a case back. It is refused where there is none.
    pub async fn undoing_migration(
        &self,
        actor: &Actor,
        address: &CaseAddress,
        reason: String,
    ) -> Result<Command, Error> {
        let (case, _) = self.case_and_target(actor, address, None).await?;
        let before = case.migrated.as_ref().map(|migrated| &migrated.before);
        let to = self.workflow_of(before.unwrap_or(&case))?;
        Ok(Command::UndoMigration { to, reason })
    }

    /// What moving a case would come to now: nothing is changed.
    pub async fn assess_migration(
        &self,
        actor: &Actor,
        address: &CaseAddress,
        version: Option<u32>,
        data: &Patch,
    ) -> Result<(Arc<Workflow>, Assessment), Error> {
        let (case, to) = self.case_and_target(actor, address, version).await?;
        let workflow = self.workflow_of(&case)?;
        let scene = self.scene(actor, (*case).clone(), workflow.clone());
        let assessment = self
            .fill(scene, |scene| {
                let ctx = Context {
                    now: scene.now,
                    actor: &scene.actor,
                    channel: Channel::Api,
                    if_match: None,
                    code: Code::Absent,
                    inputs: &scene.inputs,
                    seed: [0; 32],
                };
                step::assess_migration(&workflow, &case, &to, data, &ctx)
            })
            .await?;
        Ok((to, assessment))
    }

    async fn case_and_target(
        &self,
        actor: &Actor,
        address: &CaseAddress,
        version: Option<u32>,
    ) -> Result<(Arc<Case>, Arc<Workflow>), Error> {
        let scene = self.look(actor, address).await?;
        let case = scene.case.ok_or(Error::NotFound)?;
        let to = match version {
            Some(version) => self.registry.get(&case.workflow, version),
            None => self.registry.newest(&case.workflow),
        };
        Ok((case, to.ok_or(Error::NotFound)?))
    }
}
