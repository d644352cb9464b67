//! Keeping answers: made inside the batch, so that they commit with what they tell of.

use std::{mem, sync::Arc};

use countersign_core::{case::Case, outcome::Receipt, workflow::Workflow};

use super::{Batch, LOADS_MOST};
use crate::{
    Rendered, Scene,
    lane::Request,
    ports::{StoreError, store::StoredAnswer},
};

impl Batch<'_> {
    /// Makes the answer that is kept under the request's key, if it has one.
    pub(super) async fn keep(
        &mut self,
        request: &Request,
        about: Option<(Arc<Case>, Arc<Workflow>, Receipt)>,
    ) -> Result<Option<Rendered>, StoreError> {
        let (Some((key, fingerprint)), Some(render)) = (&request.key, &request.render) else {
            return Ok(None);
        };
        let (case, workflow, receipt) = match about {
            Some((case, workflow, receipt)) => (Some(case), Some(workflow), Some(receipt)),
            None => (None, None, None),
        };
        let mut scene = Scene {
            case,
            workflow,
            receipt,
            actor: request.actor.clone(),
            inputs: Arc::default(),
            now: self.now,
            rendered: None,
        };
        for _ in 0..LOADS_MOST {
            scene.inputs = Arc::new(mem::take(&mut self.inputs));
            let rendered = (render.0)(&scene);
            self.inputs = Arc::unwrap_or_clone(mem::take(&mut scene.inputs));
            match rendered {
                Ok(rendered) => {
                    let answer = StoredAnswer {
                        fingerprint: *fingerprint,
                        status: rendered.status,
                        headers: rendered.headers.clone(),
                        body: rendered.body.clone(),
                        at: self.now,
                    };
                    self.kept.insert(key.clone(), answer.clone());
                    self.writes.batch.answers.push((key.clone(), answer));
                    return Ok(Some(rendered));
                }
                Err(needs) => self.load(&needs).await?,
            }
        }
        tracing::error!("an answer kept asking for more; it is not kept");
        Ok(None)
    }
}
