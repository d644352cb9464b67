//! Read what a case held at an earlier revision. What of it the reader may see is the view's.

use countersign_core::{
    case::{Case, Content},
    history::SealedEntry,
};

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

/// Entries read by one statement while looking for those that made a revision.
const BLOCK: u32 = 200;

impl Engine {
    /// The entries that made the revisions after this entry of the history, at most `limit` and one more, the first first.
    pub async fn revisions(
        &self,
        case: &Case,
        after: u64,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, Error> {
        let mut made: Vec<SealedEntry> = Vec::new();
        // It begins with the entry before, which says what the last revision was.
        let (mut place, mut revision) = (after.saturating_sub(1), 0);
        loop {
            let block = self.reader.history(case.id, place, BLOCK).await?;
            let is_last = block.len() < BLOCK as usize;
            for sealed in block {
                place = sealed.entry.entry;
                if sealed.entry.revision > revision {
                    revision = sealed.entry.revision;
                    if place > after {
                        made.push(sealed);
                    }
                }
            }
            if is_last || made.len() > limit as usize {
                made.truncate(limit as usize + 1);
                return Ok(made);
            }
        }
    }
}
