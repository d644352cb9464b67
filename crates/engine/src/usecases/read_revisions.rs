//! Read what a case held at an earlier revision. What of it the reader may see is the view's.

use countersign_core::case::{Case, Content};

use crate::{Engine, Error};

impl Engine {
    /// The content of a case at one of its revisions, as it last was; `None`: there is no such revision.
    pub async fn content_at(&self, case: &Case, revision: u32) -> Result<Option<Content>, Error> {
        if revision == case.revision {
            return Ok(Some(case.content.clone()));
        }
        if !(1..case.revision).contains(&revision) {
            return Ok(None);
        }
        Ok(self.reader.content_at(case.id, revision).await?)
    }
}
