//! Publishing the workflows' folder again, without a restart, and learning what other replicas have published.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_api::{HowReloaded, NotReloaded, Reload};
use countersign_engine::{Answered, Engine, LEARN, PublishError, Published};
use countersign_language::diagnostic::{Finding, render_json};
use serde_json::{Value as Json, json};
use tokio_util::sync::CancellationToken;

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
    async fn reload(&self, how: &HowReloaded) -> Result<(Json, Answered), NotReloaded> {
        let findings = |findings: Vec<Finding>| NotReloaded::Findings(render_json(&findings));
        let publication = self.source.checked().map_err(NotReloaded::Files)?;
        let publication = publication.map_err(findings)?;
        let how = |news: &Published| how(&shown(news));
        match self.engine.publish(publication, &how).await {
            Ok((news, answered)) => Ok((shown(&news), answered)),
            Err(PublishError::Engine(error)) => Err(NotReloaded::Engine(error)),
            Err(PublishError::LeavesBehind {
                findings: those, ..
            }) => Err(findings(those)),
            Err(error @ (PublishError::Changed { .. } | PublishError::Broken { .. })) => {
                Err(NotReloaded::Files(error.to_string()))
            }
        }
    }

    fn check(&self, text: &str) -> Json {
        workflows::check_text(&self.source, text)
    }

    fn template(&self, path: &str) -> Option<Vec<u8>> {
        self.source.template(path)
    }
}

/// Asks again and again what other replicas have published, until the service is stopped.
pub async fn learn(engine: Arc<Engine>, stop: CancellationToken) {
    while stop
        .run_until_cancelled(tokio::time::sleep(LEARN))
        .await
        .is_some()
    {
        if let Err(error) = engine.learn_workflows(&workflows::compile_stored).await {
            tracing::warn!(%error, "what other replicas have published is not known");
        }
    }
}

fn shown(news: &Published) -> Json {
    let workflows: Vec<Json> = news
        .workflows
        .iter()
        .map(|(id, version)| json!({ "id": id, "version": version }))
        .collect();
    json!({ "workflows": workflows, "lists": news.lists })
}
