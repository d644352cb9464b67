//! A file that a request brings: its head, and its bytes as they come. Not for bodies that are read whole.

use std::sync::Arc;

use axum::{
    body::BodyDataStream,
    extract::Request,
    http::{header, request::Parts},
};
use countersign_engine::ports::materials::ByteStream;
use futures::StreamExt as _;
use tokio::sync::Mutex;

use super::{drain, file_name, is_held_back};
use crate::Problem;

/// A request whose body is a file.
pub struct Upload {
    /// Its head.
    pub parts: Parts,
    body: Arc<Mutex<BodyDataStream>>,
}

impl Upload {
    /// Nothing of the body has been read yet.
    pub fn of(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let body = Arc::new(Mutex::new(body.into_data_stream()));
        Self { parts, body }
    }

    /// What its key is bound to besides the content, which the engine adds when it has come.
    pub fn disposition(&self) -> Vec<u8> {
        let disposition = self.parts.headers.get(header::CONTENT_DISPOSITION);
        disposition
            .map(|value| value.as_bytes().to_vec())
            .unwrap_or_default()
    }

    /// What the file is called; without a name as its material is.
    pub fn name(&self, material: &str) -> Result<String, Problem> {
        let name = file_name(&self.parts.headers)?;
        Ok(name.unwrap_or_else(|| material.to_owned()))
    }

    /// The bytes as they come. What is left of them afterwards can still be drained.
    pub fn bytes(&self) -> ByteStream {
        let parts = futures::stream::unfold(self.body.clone(), |body| async move {
            let part = body.lock().await.next().await?;
            Some((part.map_err(std::io::Error::other), body))
        });
        Box::pin(parts)
    }

    /// Ends it. What was not read of a refused one is drained, unless the client waits for a word before it sends.
    pub async fn end<T>(self, answered: Result<T, Problem>) -> Result<T, Problem> {
        if answered.is_err() && !is_held_back(&self.parts.headers) {
            drain(&mut *self.body.lock().await).await;
        }
        answered
    }
}
