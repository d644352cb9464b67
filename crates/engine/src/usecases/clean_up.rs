//! Remove what has had its time: kept answers, expired codes, bytes that no case wants.

use std::collections::HashSet;

use crate::{Engine, Error};

impl Engine {
    /// Cleans up once; says how many rows and files went.
    pub async fn clean_up(&self) -> Result<u64, Error> {
        let rows = self.store.clean(self.now()).await?;
        let wanted: HashSet<String> = self.reader.wanted_files().await?.into_iter().collect();
        let files = self.materials.sweep(&wanted).await?;
        Ok(rows + files)
    }
}
