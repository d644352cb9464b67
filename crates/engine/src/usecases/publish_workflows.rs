//! Publish workflows and lists into the store. A version that is known with other content is refused:
//! running cases rest on it. Lists are live: other content makes a new version of the list.

use std::{sync::Arc, time::Duration};

use countersign_core::{
    case::{Actor, Channel},
    context::{Inputs, List, Needs},
    history::Hash,
    name::Name,
    workflow::Workflow,
};
use countersign_language::{
    check_migration,
    diagnostic::{Finding, in_order, render_human},
};
use indexmap::IndexMap;
use serde_json::Value as Json;
use thiserror::Error;

use crate::{
    Answered, Engine, Error, Manner, Registry,
    lane::Work,
    ports::{
        Reader,
        reader::CaseQuery,
        store::{PublishedWorkflow, Viewer},
    },
};

/// How often a replica asks what others have published.
pub const LEARN: Duration = Duration::from_secs(1);
/// After so long each replica knows what one has published.
const LEARNED: Duration = Duration::from_secs(3);

/// What a folder of workflow files has.
#[derive(Debug, Clone, Default)]
pub struct Publication {
    /// Checked workflows, each with the texts that it was checked from.
    pub workflows: Vec<(PublishedWorkflow, Arc<Workflow>)>,
    /// Reference lists, entries by id.
    pub lists: Vec<(Name, IndexMap<String, Json>)>,
}

/// What was new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Workflow versions.
    pub workflows: Vec<(Name, u32)>,
    /// Lists.
    pub lists: Vec<Name>,
}

/// Why nothing was published.
#[derive(Debug, Error)]
pub enum PublishError {
    /// A known version has other content.
    #[error(
        "{path}: `{id}` version {version} is published already, with other content; raise `version`"
    )]
    Changed {
        /// The file.
        path: String,
        /// The workflow.
        id: Name,
        /// The version.
        version: u32,
    },
    /// It does not say what becomes of running cases.
    #[error("`{id}` version {version} leaves cases of older versions behind:\n{}", render_human(.findings, false))]
    LeavesBehind {
        /// The workflow.
        id: Name,
        /// The version.
        version: u32,
        /// What `migrate` lacks, each with its place.
        findings: Vec<Finding>,
    },
    /// A version that was published no longer compiles: it was written by another release.
    #[error("the published `{id}` version {version} does not compile: {why}")]
    Broken {
        /// The workflow.
        id: Name,
        /// The version.
        version: u32,
        /// What the checker says.
        why: String,
    },
    /// The store failed.
    #[error(transparent)]
    Engine(#[from] Error),
}

/// Makes a workflow of the texts that it was published with, or says why that cannot be.
pub type Compile = dyn Fn(&PublishedWorkflow) -> Result<Workflow, String> + Send + Sync;

impl Engine {
    /// Takes what other replicas have published meanwhile into the registry.
    pub async fn learn_workflows(&self, compile: &Compile) -> Result<(), PublishError> {
        let published = self.reader.published().await.map_err(Error::from)?;
        let mut published = published.iter();
        if published.all(|(id, version)| self.registry.get(id, *version).is_some()) {
            return Ok(());
        }
        self.load_workflows(compile).await
    }

    /// Takes every version that the store has into the registry, compiling it from its own texts.
    pub async fn load_workflows(&self, compile: &Compile) -> Result<(), PublishError> {
        load_published(self.reader.as_ref(), &self.registry, compile).await
    }

    /// Publishes what is new, all of it or nothing, as a request that came in the manner that `how` says of the news.
    pub async fn publish(
        &self,
        publication: Publication,
        how: &(dyn Fn(&Published) -> Manner + Send + Sync),
    ) -> Result<(Published, Answered), PublishError> {
        let stored = self.reader.workflows().await.map_err(Error::from)?;
        let reader = self.reader.as_ref();
        let workflows = new_versions(reader, &self.registry, &stored, publication.workflows);
        let workflows = workflows.await?;
        let lists = self.changed_lists(publication.lists).await?;
        let news = Published {
            workflows: workflows
                .iter()
                .map(|(published, _)| (published.id.clone(), published.version))
                .collect(),
            lists: lists.iter().map(|(name, _)| name.clone()).collect(),
        };
        let (texts, compiled): (Vec<_>, Vec<_>) = workflows.into_iter().unzip();
        let work = Work::Publish {
            workflows: texts,
            lists,
        };
        let answered = self.submit(Actor::Machine, how(&news), work).await?;
        // Where others serve too, a new version is used once each of them has had time to learn of it.
        if self.store.is_shared() && !stored.is_empty() && !news.workflows.is_empty() {
            tokio::time::sleep(LEARNED).await;
        }
        for workflow in compiled {
            self.registry.add(workflow);
        }
        Ok((news, answered))
    }

    /// Publishes what is new for the product itself: at its start, or when it is told to.
    pub async fn publish_by_itself(
        &self,
        publication: Publication,
    ) -> Result<Published, PublishError> {
        let how = |_: &Published| Manner::plain(Channel::Api);
        let (news, _) = self.publish(publication, &how).await?;
        Ok(news)
    }

    /// The answer that a request in this manner has got already, if it has.
    pub async fn answered_before(&self, manner: Manner) -> Result<Option<Answered>, Error> {
        if manner.key.is_none() {
            return Ok(None);
        }
        let answered = self.submit(Actor::Machine, manner, Work::Nothing).await?;
        Ok(matches!(answered, Answered::Replayed(_)).then_some(answered))
    }

    /// The lists whose content is not the stored one, under their next version.
    async fn changed_lists(
        &self,
        lists: Vec<(Name, IndexMap<String, Json>)>,
    ) -> Result<Vec<(Name, Arc<List>)>, Error> {
        let needs = Needs {
            lists: lists.iter().map(|(name, _)| name.clone()).collect(),
            ..Needs::default()
        };
        let mut known = Inputs::default();
        self.reader
            .inputs(&needs, &self.registry, &mut known)
            .await?;
        let mut changed = Vec::new();
        for (name, entries) in lists {
            let text = serde_json::to_vec(&entries).expect("JSON always serialises");
            let digest = Hash::of(&text);
            let stored = known.lists.get(&name);
            if stored.is_none_or(|stored| stored.digest != digest) {
                let version = stored.map_or(1, |stored| stored.version + 1);
                changed.push((
                    name,
                    Arc::new(List {
                        version,
                        digest,
                        entries,
                    }),
                ));
            }
        }
        Ok(changed)
    }
}

/// Whether all of it would be published now, as a server's start does it; nothing is written.
pub async fn must_be_publishable(
    reader: &dyn Reader,
    compile: &Compile,
    publication: Publication,
) -> Result<(), PublishError> {
    let registry = Registry::default();
    load_published(reader, &registry, compile).await?;
    let stored = reader.workflows().await.map_err(Error::from)?;
    new_versions(reader, &registry, &stored, publication.workflows)
        .await
        .map(drop)
}

async fn load_published(
    reader: &dyn Reader,
    registry: &Registry,
    compile: &Compile,
) -> Result<(), PublishError> {
    for stored in reader.workflows().await.map_err(Error::from)? {
        if registry.get(&stored.id, stored.version).is_some() {
            continue;
        }
        let workflow = compile(&stored).map_err(|why| PublishError::Broken {
            id: stored.id.clone(),
            version: stored.version,
            why,
        })?;
        registry.add(Arc::new(workflow));
    }
    Ok(())
}

/// Those that are not stored yet. A stored version with other content, and a new one that leaves cases behind, are
/// refused.
async fn new_versions(
    reader: &dyn Reader,
    registry: &Registry,
    stored: &[PublishedWorkflow],
    workflows: Vec<(PublishedWorkflow, Arc<Workflow>)>,
) -> Result<Vec<(PublishedWorkflow, Arc<Workflow>)>, PublishError> {
    let mut new = Vec::new();
    for (published, workflow) in workflows {
        let same = |known: &&PublishedWorkflow| {
            known.id == published.id && known.version == published.version
        };
        match stored.iter().find(same) {
            Some(known) if known.sha256 == published.sha256 => {}
            Some(known) => {
                return Err(PublishError::Changed {
                    path: published.path,
                    id: known.id.clone(),
                    version: known.version,
                });
            }
            None => new.push((published, workflow)),
        }
    }
    for (published, workflow) in &new {
        must_take_along(reader, registry, published, workflow).await?;
    }
    Ok(new)
}

/// Whether a new version says where the cases of older ones go (E215): those of the version before, for there may be
/// some any moment, and of versions of which some still run.
async fn must_take_along(
    reader: &dyn Reader,
    registry: &Registry,
    published: &PublishedWorkflow,
    newer: &Workflow,
) -> Result<(), PublishError> {
    let Some(text) = published.files.get(&published.path) else {
        return Ok(());
    };
    let mut older = registry.versions(&newer.id);
    older.retain(|older| older.version < newer.version);
    let before = older.last().map(|older| older.version);
    let mut findings = Vec::new();
    for older in older {
        let found = check_migration(&published.path, text, newer, &older);
        let found: Vec<Finding> = found.into_iter().filter(Finding::is_error).collect();
        if found.is_empty() {
            continue;
        }
        if Some(older.version) == before || some_run(reader, &older).await? {
            findings.extend(found);
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(PublishError::LeavesBehind {
        id: newer.id.clone(),
        version: newer.version,
        findings: in_order(findings),
    })
}

async fn some_run(reader: &dyn Reader, workflow: &Workflow) -> Result<bool, Error> {
    let query = CaseQuery {
        workflow: Some(workflow.id.clone()),
        running_version: Some(workflow.version),
        limit: 1,
        ..CaseQuery::default()
    };
    let page = reader.cases(&Viewer::Operator, &query).await?;
    Ok(!page.items.is_empty())
}
