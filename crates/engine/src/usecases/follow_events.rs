//! Follow what is written to histories, in the order of commits. What of it somebody may read is the view's.

use countersign_core::case::Actor;
use tokio::sync::watch;

use crate::{
    Engine, Error, Scene,
    ports::{reader::EventRow, store::CaseAddress},
};

impl Engine {
    /// What was written after this cursor, at most `limit` entries.
    pub async fn events(&self, after: &str, limit: u32) -> Result<Vec<EventRow>, Error> {
        Ok(self.reader.events(after, limit).await?)
    }

    /// The cursor behind everything that is written by now.
    pub async fn last_event(&self) -> Result<String, Error> {
        Ok(self.reader.last_event().await?)
    }

    /// Changes whenever this replica has written something; what other replicas write is found by looking.
    pub fn written(&self) -> watch::Receiver<()> {
        self.hints().written.subscribe()
    }

    /// The case of an event, if the actor may see it.
    pub async fn scene_of(&self, event: &EventRow, actor: &Actor) -> Result<Option<Scene>, Error> {
        match self.look(actor, &CaseAddress::Id(event.case)).await {
            Ok(scene) => Ok(Some(scene)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
