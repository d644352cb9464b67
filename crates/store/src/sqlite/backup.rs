//! A copy of a file as it is at one moment, also while a server writes to it.

use std::path::Path;

use super::{connect, integrity, make};
use crate::{
    Error,
    statements::{Sql, reads},
};

/// Copies the file into another one, which must not be there yet, and looks through the copy: everything that is wrong with
/// it, a line each. What is committed while it copies is not in it, and nothing is in it by half.
pub async fn backup(file: &Path, to: &Path) -> Result<Vec<String>, Error> {
    const COPY: Sql = reads::COPY;
    let opened = |source| Error::Open {
        file: file.to_owned(),
        source,
    };
    let connection = connect::onlooker(file).await.map_err(opened)?;
    // Made beforehand, so that nobody else may read it; SQLite takes an empty file for none.
    make(to).map_err(|error| Error::Open {
        file: to.to_owned(),
        source: error.into(),
    })?;
    let target = to.display().to_string();
    let copied = COPY.run(&connection, [target.into()]).await;
    // It has nothing to keep.
    let _ = connection.close().await;
    copied.map_err(|source| Error::Unreadable {
        file: file.to_owned(),
        source,
    })?;
    integrity(to).await
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use std::sync::Arc;

    use countersign_engine::ports::{SystemClock, store::CaseAddress};

    use super::*;
    use crate::{
        conformance::samples,
        sqlite::{look, open},
    };

    #[tokio::test]
    async fn a_served_file_is_copied_whole_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("served.db");
        let store = open(&file, Arc::new(SystemClock)).await.unwrap();
        let mut transaction = countersign_engine::ports::Store::begin(&store)
            .await
            .unwrap();
        let batch = samples::opening(samples::case(1));
        transaction.write(&batch).await.unwrap();
        transaction.commit().await.unwrap();

        let copy = folder.path().join("copy.db");
        assert_eq!(backup(&file, &copy).await.unwrap(), Vec::<String>::new());
        let reader = look(&copy).await.unwrap();
        let case = reader.case(&CaseAddress::Id(samples::id(1))).await.unwrap();
        assert_eq!(case.unwrap().number, samples::case(1).number);
        assert!(
            backup(&file, &copy).await.is_err(),
            "a backup is never overwritten"
        );
        store.close().await.unwrap();
    }
}
