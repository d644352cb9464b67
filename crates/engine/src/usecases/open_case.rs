//! Open a case of the newest version of a workflow.

use countersign_core::{case::Actor, command::Opening};

use crate::{Answered, Engine, Error, Manner, lane::Work};

impl Engine {
    /// Opens a case of this workflow; with an action in `opening.then`, takes it too, all or nothing.
    pub async fn open_case(
        &self,
        actor: Actor,
        manner: Manner,
        workflow: &str,
        opening: Opening,
    ) -> Result<Answered, Error> {
        let workflow = self.workflow(workflow)?;
        self.submit(actor, manner, Work::Open { workflow, opening })
            .await
    }
}
