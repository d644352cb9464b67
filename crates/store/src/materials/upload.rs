//! Bytes on their way to their content address. Not for where that is, which the store of files knows.

use bytes::{Bytes, BytesMut};
use countersign_engine::ports::materials::{ByteStream, PutError, StoredBytes};
use futures::StreamExt as _;
use object_store::{
    MultipartUpload, ObjectStore, ObjectStoreExt as _, PutPayload, path::Path as Location,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{kind::Sample, place, stored};
use crate::rows::hex_bytes;

/// Where bytes lie until they are known whole.
const INCOMING: &str = "incoming";

/// An upload under way.
pub struct Upload<'a> {
    files: &'a dyn ObjectStore,
    incoming: Location,
    /// What lies in parts at `incoming`; `None` while all that came is in `rest`.
    parts: Option<Box<dyn MultipartUpload>>,
    part: usize,
    rest: BytesMut,
    hash: Sha256,
    size: u64,
    sample: Sample,
}

impl<'a> Upload<'a> {
    /// One of nothing yet, in parts of so many bytes.
    pub fn new(files: &'a dyn ObjectStore, part: usize) -> Self {
        Self {
            files,
            incoming: Location::from(format!("{INCOMING}/{}", Uuid::now_v7().simple())),
            parts: None,
            part,
            rest: BytesMut::new(),
            hash: Sha256::new(),
            size: 0,
            sample: Sample::default(),
        }
    }

    /// Takes what comes, and writes whole parts of it.
    pub async fn take(&mut self, mut bytes: ByteStream, max_bytes: u64) -> Result<(), PutError> {
        while let Some(piece) = bytes.next().await {
            let piece: Bytes = piece.map_err(PutError::Broken)?;
            self.size += piece.len() as u64;
            if self.size > max_bytes {
                return Err(PutError::TooLarge { max_bytes });
            }
            self.hash.update(&piece);
            self.sample.take(&piece);
            self.rest.extend_from_slice(&piece);
            while self.rest.len() > self.part {
                let part = self.rest.split_to(self.part).freeze();
                self.write(part).await?;
            }
        }
        Ok(())
    }

    /// Brings everything to its content address; durable when it returns.
    pub async fn keep(&mut self) -> Result<StoredBytes, PutError> {
        let sha256 = hex_bytes(&self.hash.clone().finalize());
        let place = place(&sha256).ok_or_else(|| stored("a hash without a place"))?;
        let failed = |error: object_store::Error| stored(&error);
        let rest = self.rest.split().freeze();
        if self.parts.is_some() {
            self.write(rest).await?;
        } else {
            let put = self.files.put(&place, PutPayload::from(rest)).await;
            put.map_err(failed)?;
        }
        if let Some(parts) = &mut self.parts {
            parts.complete().await.map_err(failed)?;
            // From here on it is a file like any other, and swept if it stays.
            self.parts = None;
            let moved = self.files.rename(&self.incoming, &place).await;
            moved.map_err(failed)?;
        }
        let kind = self.sample.kind();
        Ok(StoredBytes {
            sha256,
            size: self.size,
            extension: kind.extension,
            media_type: kind.media_type,
        })
    }

    /// Removes what came.
    pub async fn abort(&mut self) {
        if let Some(mut parts) = self.parts.take()
            && let Err(error) = parts.abort().await
        {
            tracing::warn!(%error, "what came of a broken upload could not be removed");
        }
    }

    async fn write(&mut self, part: Bytes) -> Result<(), PutError> {
        let failed = |error: object_store::Error| stored(&error);
        let parts = match &mut self.parts {
            Some(parts) => parts,
            none => {
                let begun = self.files.put_multipart(&self.incoming).await;
                none.insert(begun.map_err(failed)?)
            }
        };
        parts.put_part(part.into()).await.map_err(failed)
    }
}
