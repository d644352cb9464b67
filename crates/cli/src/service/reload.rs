//! Publishing the workflows' folder again, without a restart.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_api::Reload;
use countersign_engine::Engine;
use serde_json::{Value as Json, json};

use crate::workflows::{self, Source};

/// Reads the folder again and publishes what is new.
pub struct Republish {
    engine: Arc<Engine>,
    source: Source,
}

impl Republish {
    pub(super) fn new(engine: Arc<Engine>, source: Source) -> Self {
        Self { engine, source }
    }
}

#[async_trait]
impl Reload for Republish {
    async fn reload(&self) -> Result<Json, Json> {
        let publication = self
            .source
            .publication()
            .map_err(|findings| json!({ "findings": findings }))?;
        let published = self
            .engine
            .publish(publication)
            .await
            .map_err(|error| json!({ "error": error.to_string() }))?;
        let workflows: Vec<Json> = published
            .workflows
            .iter()
            .map(|(id, version)| json!({ "id": id, "version": version }))
            .collect();
        Ok(json!({ "workflows": workflows, "lists": published.lists }))
    }

    fn check(&self, text: &str) -> Json {
        workflows::check_text(&self.source, text)
    }

    fn template(&self, path: &str) -> Option<Vec<u8>> {
        self.source.template(path)
    }
}
