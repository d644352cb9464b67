//! Published workflows: a text with all that it was checked with, so that it can be compiled again
//! without any file.

use countersign_core::{name::Name, workflow::Workflow};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    diagnostic::{Finding, render_human},
    file::File,
    load::check_some,
    lower::schema_files,
    shared::Shared,
    source::{Around, Files},
    yaml::Yaml,
};

/// A workflow of one version as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Its id.
    pub id: Name,
    /// Its version.
    pub version: u32,
    /// The file that it came from, relative to the folder of workflows.
    pub path: String,
    /// The text of the file.
    pub text: String,
    /// What it was checked with: shared files, lists, days off and the workflows of its links and children, each
    /// by its path.
    pub parts: Vec<(String, String)>,
    /// The digest of the text, of the shared files and of the JSON Schemas of forms, in hexadecimal. Lists and days off have versions
    /// of their own, and a linked workflow has its own too: they are no part of it.
    pub sha256: String,
}

/// A stored workflow that this version of Countersign cannot compile.
#[derive(Debug, thiserror::Error)]
#[error("workflow {id} version {version} does not compile:\n{findings}")]
pub struct NotCompiled {
    /// Its id.
    pub id: Name,
    /// Its version.
    pub version: u32,
    /// What was found, to be read.
    pub findings: String,
}

/// Compiles a stored workflow from what is stored with it alone.
pub fn compile(published: &Published) -> Result<Workflow, NotCompiled> {
    let mut files = Files::default();
    for (path, text) in &published.parts {
        files.add(path, text.as_str());
    }
    files.add(&published.path, published.text.as_str());
    files.trust_other_files();
    let mut checked = check_some(&files, &|path| path == published.path);
    match checked.workflows.pop() {
        Some(workflow) => Ok(std::sync::Arc::unwrap_or_clone(workflow)),
        None => {
            let errors: Vec<Finding> = checked
                .findings
                .into_iter()
                .filter(Finding::is_error)
                .collect();
            Err(NotCompiled {
                id: published.id.clone(),
                version: published.version,
                findings: render_human(&errors, false),
            })
        }
    }
}

impl Published {
    pub(crate) fn new(
        file: &File,
        workflow: &Workflow,
        shared: &Shared,
        files: &Files,
        parsed: &[File],
    ) -> Self {
        let linked = parsed.iter().filter(|other| {
            let id = other.root.get("workflow").and_then(Yaml::scalar);
            id.is_some_and(|id| {
                let links = workflow.links.values().map(|link| &link.workflow);
                let children = workflow.children.values();
                let mut named = links.chain(children.map(|children| &children.workflow));
                named.any(|name| *name == *id.text)
            })
        });
        let linked: Vec<&File> = linked.collect();
        // Of those that are linked, too: their forms are read.
        let schemas: Vec<String> = linked
            .iter()
            .copied()
            .chain([file])
            .flat_map(|file| schemas(file, files))
            .collect();
        let linked = linked.iter().map(|other| &**other.source.path());
        let mut paths: Vec<&str> = shared
            .paths()
            .chain(shared.referenced())
            .chain(linked)
            .chain(schemas.iter().map(String::as_str))
            .collect();
        paths.sort_unstable();
        paths.dedup();
        let text_of = |path: &str| files.text(path).map(ToString::to_string);
        let parts = paths.iter().filter(|path| **path != &**file.source.path());
        let parts: Vec<(String, String)> = parts
            .filter_map(|path| Some(((*path).to_owned(), text_of(path)?)))
            .collect();
        let own = self::schemas(file, files);
        let path = file.source.path().to_string();
        let mut digest = Sha256::new();
        let hashed = shared.paths().chain(own.iter().map(String::as_str));
        let hashed = hashed.filter_map(|path| files.text(path));
        for text in std::iter::once(file.source.text()).chain(hashed) {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        }
        let digest = digest.finalize();
        Self {
            id: workflow.id.clone(),
            version: workflow.version,
            text: file.source.text().to_string(),
            sha256: hexadecimal(&digest),
            path,
            parts,
        }
    }
}

/// The paths of the JSON Schemas that a file's forms are.
fn schemas(file: &File, files: &Files) -> Vec<String> {
    let around = Around::of(file.source.path(), files);
    let named = schema_files(file).into_iter();
    named.map(|path| around.whole(path)).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles
        .map(|nibble| char::from(digits[usize::from(nibble)]))
        .collect()
}
