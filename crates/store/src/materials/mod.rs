//! Materials: bytes at their content address `ab/cdef…`, in a folder or in a bucket. What one part holds is put there at
//! once; more is streamed to a name of its own while it is hashed and counted, and then moved. Nothing half written is ever
//! found.

mod bucket;
mod kind;
#[cfg(test)]
mod tests;
mod upload;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use countersign_engine::ports::{
    Clock, Materials, StoreError, StoreErrorKind,
    materials::{ByteStream, PutError, StoredBytes},
};
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::{
    ObjectMeta, ObjectStore, ObjectStoreExt as _, local::LocalFileSystem, path::Path as Location,
};

use crate::{Error, error::unreadable};
pub use bucket::{AccessKey, Bucket};
use upload::Upload;

/// How long bytes may lie unwanted.
const UNWANTED_FOR: chrono::TimeDelta = chrono::TimeDelta::hours(24);
/// Bytes written to a folder at once.
const PART_OF_FILE: usize = 1 << 20;

/// Where materials are kept.
#[derive(Debug, Clone)]
pub enum Place {
    /// In this folder, made if it is missing.
    Folder(PathBuf),
    /// In a bucket of a server that speaks S3.
    Bucket(Bucket),
}

/// Kept bytes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct KeptMaterials {
    files: Arc<dyn ObjectStore>,
    part: usize,
    clock: Arc<dyn Clock>,
}

/// The materials at this place, which is tried. `clock` tells what is a day old.
pub async fn open(place: &Place, clock: Arc<dyn Clock>) -> Result<KeptMaterials, Error> {
    let kept = at(place, clock)?;
    if let Place::Bucket(bucket) = place {
        bucket::answers(bucket, &*kept.files).await?;
    }
    Ok(kept)
}

/// The same for work that needs no file: a bucket is not asked anything.
pub fn at(place: &Place, clock: Arc<dyn Clock>) -> Result<KeptMaterials, Error> {
    match place {
        Place::Folder(folder) => local(folder, clock),
        Place::Bucket(bucket) => Ok(KeptMaterials {
            files: bucket::files(bucket)?,
            part: bucket::PART,
            clock,
        }),
    }
}

fn local(folder: &Path, clock: Arc<dyn Clock>) -> Result<KeptMaterials, Error> {
    let unusable = |source| Error::Materials {
        folder: PathBuf::from(folder),
        source,
    };
    std::fs::create_dir_all(folder).map_err(|error| unusable(error.into()))?;
    let files = LocalFileSystem::new_with_prefix(folder).map_err(|error| unusable(error.into()))?;
    Ok(KeptMaterials {
        files: Arc::new(files.with_fsync(true)),
        part: PART_OF_FILE,
        clock,
    })
}

#[async_trait]
impl Materials for KeptMaterials {
    async fn put(&self, bytes: ByteStream, max_bytes: u64) -> Result<StoredBytes, PutError> {
        let mut upload = Upload::new(&*self.files, self.part);
        let kept = match upload.take(bytes, max_bytes).await {
            Ok(()) => upload.keep().await,
            Err(error) => Err(error),
        };
        if kept.is_err() {
            upload.abort().await;
        }
        kept
    }

    async fn get(&self, sha256: &str) -> Result<Option<ByteStream>, StoreError> {
        let Some(place) = place(sha256) else {
            return Ok(None);
        };
        match self.files.get(&place).await {
            Ok(found) => Ok(Some(Box::pin(
                found.into_stream().map_err(std::io::Error::other),
            ))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unreadable("read a file")(error)),
        }
    }

    async fn sweep(&self, wanted: &HashSet<String>) -> Result<u64, StoreError> {
        let attempted = unreadable("sweep files");
        let before = self.clock.now() - UNWANTED_FOR;
        let mut removed = 0;
        let mut all = self.files.list(None);
        while let Some(file) = all.next().await {
            let file = file.map_err(&attempted)?;
            if file.last_modified < before && !is_wanted(&file, wanted) {
                self.files
                    .delete(&file.location)
                    .await
                    .map_err(&attempted)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// The content address of a SHA-256 in hex; `None` if it is not one.
fn place(sha256: &str) -> Option<Location> {
    let hex = sha256.len() == 64
        && sha256
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    hex.then(|| Location::from(format!("{}/{}", &sha256[..2], &sha256[2..])))
}

/// Whether a file is bytes at a content address that somebody wants.
fn is_wanted(file: &ObjectMeta, wanted: &HashSet<String>) -> bool {
    let sha256 = file.location.as_ref().replace('/', "");
    place(&sha256).is_some_and(|place| place == file.location) && wanted.contains(&sha256)
}

fn stored(error: &(impl ToString + ?Sized)) -> PutError {
    let text = error.to_string();
    let full = text.contains("No space left") || text.contains("os error 28");
    let kind = if full {
        StoreErrorKind::Full
    } else {
        StoreErrorKind::Other
    };
    PutError::Store(StoreError::new("store a file", kind, text))
}
