//! The registry: compiled workflows by id and version, shared by lanes, readers and pages.

use std::{
    collections::BTreeMap,
    sync::{Arc, RwLock},
};

use countersign_core::{name::Name, workflow::Workflow};

/// Every published workflow version, compiled. Versions are added, never changed.
#[derive(Debug, Default)]
pub struct Registry {
    workflows: RwLock<BTreeMap<(Name, u32), Arc<Workflow>>>,
}

impl Registry {
    /// The workflow of this id and version.
    pub fn get(&self, id: &Name, version: u32) -> Option<Arc<Workflow>> {
        self.read().get(&(id.clone(), version)).cloned()
    }

    /// The newest version of this id.
    pub fn newest(&self, id: &Name) -> Option<Arc<Workflow>> {
        self.read()
            .range((id.clone(), 0)..=(id.clone(), u32::MAX))
            .next_back()
            .map(|(_, workflow)| workflow.clone())
    }

    /// The newest version of each, in order of id.
    pub fn all_newest(&self) -> Vec<Arc<Workflow>> {
        let mut newest = BTreeMap::new();
        for ((id, _), workflow) in self.read().iter() {
            newest.insert(id.clone(), workflow.clone());
        }
        newest.into_values().collect()
    }

    /// All versions of this id, the oldest first.
    pub fn versions(&self, id: &Name) -> Vec<Arc<Workflow>> {
        self.read()
            .range((id.clone(), 0)..=(id.clone(), u32::MAX))
            .map(|(_, workflow)| workflow.clone())
            .collect()
    }

    /// Adds a version.
    pub fn add(&self, workflow: Arc<Workflow>) {
        self.workflows
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert((workflow.id.clone(), workflow.version), workflow);
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<(Name, u32), Arc<Workflow>>> {
        self.workflows
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
