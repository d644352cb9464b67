//! Read what happened to a case. What of it the reader may see is the view's.

use countersign_core::{
    case::{Case, CaseId},
    history::SealedEntry,
};

use crate::{
    Engine, Error,
    ports::{StoreError, reader::Reader},
};

/// Entries read by one statement.
const BLOCK: u32 = 500;

impl Engine {
    /// Entries after this one, at most `limit`, the first first.
    pub async fn history(
        &self,
        case: &Case,
        after: u64,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, Error> {
        Ok(self.reader.history(case.id, after, limit).await?)
    }

    /// All entries of a case.
    pub async fn whole_history(&self, case: &Case) -> Result<Vec<SealedEntry>, Error> {
        Ok(all_entries(self.reader.as_ref(), case.id).await?)
    }
}

/// All entries of a case, block by block.
pub(super) async fn all_entries(
    reader: &dyn Reader,
    case: CaseId,
) -> Result<Vec<SealedEntry>, StoreError> {
    let mut entries = Vec::new();
    loop {
        let after = entries
            .last()
            .map_or(0, |last: &SealedEntry| last.entry.entry);
        let block = reader.history(case, after, BLOCK).await?;
        let is_last = block.len() < BLOCK as usize;
        entries.extend(block);
        if is_last {
            return Ok(entries);
        }
    }
}
