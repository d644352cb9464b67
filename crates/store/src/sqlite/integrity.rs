//! Looks through a whole file for damage. Changes nothing, and may run beside a server.

use std::path::Path;

use sea_orm::{DatabaseConnection, DbErr};

use super::connect;
use crate::{
    Error,
    rows::get,
    statements::{Sql, reads},
};

/// Everything that is wrong with the file's structure or its references, a line each; empty where it is
/// sound. Reads every page: minutes for a file of gigabytes.
pub async fn integrity(file: &Path) -> Result<Vec<String>, Error> {
    let connection = connect::onlooker(file)
        .await
        .map_err(|source| Error::Open {
            file: file.to_owned(),
            source,
        })?;
    let faults = faults(&connection).await;
    // It has nothing to keep.
    let _ = connection.close().await;
    faults.map_err(|source| Error::Unreadable {
        file: file.to_owned(),
        source,
    })
}

async fn faults(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    const STRUCTURE: Sql = reads::INTEGRITY;
    const REFERENCES: Sql = reads::DANGLING;
    let mut faults = Vec::new();
    for row in STRUCTURE.all(connection, []).await? {
        let line: String = get(&row, 0)?;
        if line != "ok" {
            faults.push(line);
        }
    }
    for row in REFERENCES.all(connection, []).await? {
        let (from, to): (String, String) = (get(&row, 0)?, get(&row, 2)?);
        faults.push(format!("a row of {from} refers to none of {to}"));
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use std::{
        fs::File,
        io::{Seek as _, SeekFrom, Write as _},
        sync::Arc,
    };

    use countersign_engine::ports::SystemClock;

    use super::*;

    #[tokio::test]
    async fn a_sound_file_has_no_faults_and_a_damaged_one_tells_them() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("countersign.db");
        let store = super::super::open(&file, Arc::new(SystemClock))
            .await
            .unwrap();
        assert_eq!(integrity(&file).await.unwrap(), Vec::<String>::new());
        store.close().await.unwrap();
        assert_eq!(integrity(&file).await.unwrap(), Vec::<String>::new());

        let mut damaged = File::options().write(true).open(&file).unwrap();
        for page in 3..6 {
            damaged.seek(SeekFrom::Start(page * 4096)).unwrap();
            damaged.write_all(&[0xAB; 2048]).unwrap();
        }
        drop(damaged);
        let told = integrity(&file).await;
        assert!(told.is_err() || told.is_ok_and(|faults| !faults.is_empty()));
    }

    #[tokio::test]
    async fn looking_makes_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.db");
        assert!(matches!(integrity(&missing).await, Err(Error::Open { .. })));
        assert!(!missing.exists());
    }
}
