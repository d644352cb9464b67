//! Materials: bytes at their content address in a folder. They are streamed to a name of their own while
//! they are hashed and counted, synced, and then moved to `ab/cdef…`; nothing half written is ever found.

mod kind;
#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use bytes::Bytes;
use countersign_engine::ports::{
    Clock, Materials, StoreError, StoreErrorKind,
    materials::{ByteStream, PutError, StoredBytes},
};
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::{
    MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutPayload,
    local::LocalFileSystem, path::Path as Location,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{Error, error::unreadable, rows::hex_bytes};
use kind::Sample;

/// Where bytes lie until they are known whole.
const INCOMING: &str = "incoming";
/// How long bytes may lie unwanted.
const UNWANTED_FOR: chrono::TimeDelta = chrono::TimeDelta::hours(24);
/// Bytes written at once.
const PART: usize = 1 << 20;

/// Bytes in a folder. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LocalMaterials {
    files: Arc<LocalFileSystem>,
    clock: Arc<dyn Clock>,
}

/// Materials in this folder, made if it is missing. `clock` tells what is a day old.
pub fn local(folder: &Path, clock: Arc<dyn Clock>) -> Result<LocalMaterials, Error> {
    let unusable = |source| Error::Materials {
        folder: PathBuf::from(folder),
        source,
    };
    std::fs::create_dir_all(folder).map_err(|error| unusable(error.into()))?;
    let files = LocalFileSystem::new_with_prefix(folder).map_err(|error| unusable(error.into()))?;
    Ok(LocalMaterials {
        files: Arc::new(files.with_fsync(true)),
        clock,
    })
}

#[async_trait]
impl Materials for LocalMaterials {
    async fn put(&self, bytes: ByteStream, max_bytes: u64) -> Result<StoredBytes, PutError> {
        let incoming = Location::from(format!("{INCOMING}/{}", Uuid::now_v7().simple()));
        let file = self
            .files
            .put_multipart(&incoming)
            .await
            .map_err(|error| stored(&error))?;
        let mut upload = Upload {
            file,
            hash: Sha256::new(),
            size: 0,
            sample: Sample::default(),
            part: Vec::new(),
        };
        if let Err(error) = upload.take(bytes, max_bytes).await {
            if let Err(error) = upload.file.abort().await {
                tracing::warn!(%error, "what came of a broken upload could not be removed");
            }
            return Err(error);
        }
        let Upload {
            mut file,
            hash,
            size,
            sample,
            ..
        } = upload;
        file.complete().await.map_err(|error| stored(&error))?;
        let sha256 = hex_bytes(&hash.finalize());
        let kind = sample.kind();
        let place = place(&sha256).ok_or_else(|| stored("a hash without a place"))?;
        self.files
            .rename(&incoming, &place)
            .await
            .map_err(|error| stored(&error))?;
        Ok(StoredBytes {
            sha256,
            size,
            extension: kind.extension,
            media_type: kind.media_type,
        })
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

/// An upload under way.
struct Upload {
    file: Box<dyn MultipartUpload>,
    hash: Sha256,
    size: u64,
    sample: Sample,
    part: Vec<u8>,
}

impl Upload {
    async fn take(&mut self, mut bytes: ByteStream, max_bytes: u64) -> Result<(), PutError> {
        while let Some(piece) = bytes.next().await {
            let piece: Bytes = piece.map_err(PutError::Broken)?;
            self.size += piece.len() as u64;
            if self.size > max_bytes {
                return Err(PutError::TooLarge { max_bytes });
            }
            self.hash.update(&piece);
            self.sample.take(&piece);
            self.part.extend_from_slice(&piece);
            if self.part.len() >= PART {
                self.write().await?;
            }
        }
        self.write().await
    }

    async fn write(&mut self) -> Result<(), PutError> {
        if self.part.is_empty() {
            return Ok(());
        }
        let part = PutPayload::from(std::mem::take(&mut self.part));
        self.file
            .put_part(part)
            .await
            .map_err(|error| stored(&error))
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
