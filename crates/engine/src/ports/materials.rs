//! The materials port: bytes at their content address. Attaching them to a case is a command; bytes
//! that no case wants are swept away after a day.

use std::{collections::HashSet, pin::Pin};

use async_trait::async_trait;
use bytes::Bytes;
use futures::Stream;
use thiserror::Error;

use super::StoreError;

/// Bytes that come or go in pieces.
pub type ByteStream = Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>>;

/// Durable bytes, found by their SHA-256.
#[async_trait]
pub trait Materials: Send + Sync {
    /// Stores what comes, up to `max_bytes`; durable when it returns.
    async fn put(&self, bytes: ByteStream, max_bytes: u64) -> Result<StoredBytes, PutError>;

    /// The bytes of this SHA-256 (hex); `None` if they are not there.
    async fn get(&self, sha256: &str) -> Result<Option<ByteStream>, StoreError>;

    /// Removes bytes that were stored more than a day ago and whose SHA-256 (hex) is not `wanted`.
    async fn sweep(&self, wanted: &HashSet<String>) -> Result<u64, StoreError>;
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBytes {
    /// The SHA-256, in hex.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
    /// The kind of file by its content, as an extension in lower case: `pdf`, `docx`; `None`: unknown.
    pub extension: Option<String>,
    /// The media type by its content.
    pub media_type: String,
}

/// Why bytes were not stored.
#[derive(Debug, Error)]
pub enum PutError {
    /// More came than was allowed.
    #[error("more than {max_bytes} bytes came")]
    TooLarge {
        /// What was allowed.
        max_bytes: u64,
    },
    /// The sender broke off.
    #[error("the bytes did not all come")]
    Broken(#[source] std::io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
