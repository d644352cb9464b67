//! Where workflow files come from, and how checked ones become a publication.

use std::path::PathBuf;

use countersign_core::{time::Zone, workflow::Workflow};
use countersign_engine::{Publication, ports::store::PublishedWorkflow};
use countersign_language::{
    Checked, Published, check_files, compile,
    diagnostic::{Finding, render_human, render_json},
    source::Files,
};
use rust_embed::RustEmbed;
use serde_json::Value as Json;

/// The shipped workflows, inside the binary.
#[derive(RustEmbed)]
#[folder = "../../workflows"]
struct ShippedFiles;

/// Where workflow files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The shipped ones.
    Shipped,
    /// A folder.
    Folder(PathBuf),
    /// Texts by path, in tests.
    Texts(Vec<(String, String)>),
}

/// The shipped workflow files.
pub fn shipped() -> Files {
    let mut files = Files::default();
    for path in ShippedFiles::iter() {
        let text = ShippedFiles::get(&path)
            .and_then(|file| String::from_utf8(file.data.into_owned()).ok());
        match text {
            Some(text) => files.add(&path, text),
            None => files.note(&path),
        }
    }
    files
}

impl Source {
    /// Checks the files and makes a publication of them; all findings, to be read, if there is an error.
    pub fn publication(&self) -> Result<Publication, String> {
        self.checked()?
            .map_err(|findings| render_human(&findings, false))
    }

    /// The same, with the findings one by one; or why the files cannot be read.
    pub fn checked(&self) -> Result<Result<Publication, Vec<Finding>>, String> {
        let checked = check_files(&self.files()?);
        Ok(if checked.has_errors() {
            Err(checked.findings)
        } else {
            Ok(publication(checked))
        })
    }

    /// The zone that recurring work goes by: that of the workflows.
    pub fn zone(&self) -> Zone {
        let files = self.files().unwrap_or_default();
        check_files(&files)
            .workflows
            .first()
            .map_or(Zone::UTC, |workflow| workflow.surroundings.zone)
    }

    /// The template of this path, relative to the folder of workflows.
    pub fn template(&self, path: &str) -> Option<Vec<u8>> {
        match self {
            Self::Shipped => ShippedFiles::get(path).map(|file| file.data.into_owned()),
            Self::Folder(folder) => {
                let inside = !path.split('/').any(|part| part == "..") && !path.starts_with('/');
                inside
                    .then(|| std::fs::read(folder.join(path)).ok())
                    .flatten()
            }
            Self::Texts(_) => None,
        }
    }

    /// All files.
    pub fn files(&self) -> Result<Files, String> {
        match self {
            Self::Shipped => Ok(shipped()),
            Self::Folder(folder) => Files::read_folder(folder).map_err(|error| {
                format!(
                    "the workflows' folder {} cannot be read: {error}",
                    folder.display()
                )
            }),
            Self::Texts(texts) => {
                let mut files = Files::default();
                for (path, text) in texts {
                    files.add(path, text.as_str());
                }
                Ok(files)
            }
        }
    }
}

fn publication(checked: Checked) -> Publication {
    let texts = checked.published.into_iter().map(stored);
    Publication {
        workflows: texts.zip(checked.workflows).collect(),
        lists: checked
            .lists
            .into_iter()
            .map(|list| (list.name, list.entries))
            .collect(),
    }
}

fn stored(published: Published) -> PublishedWorkflow {
    let Published {
        id,
        version,
        path,
        text,
        parts,
        sha256,
    } = published;
    let files = parts.into_iter().chain([(path.clone(), text)]).collect();
    PublishedWorkflow {
        id,
        version,
        path,
        files,
        sha256,
    }
}

/// Compiles a stored workflow from its own texts.
pub fn compile_stored(stored: &PublishedWorkflow) -> Result<Workflow, String> {
    let mut parts = stored.files.clone();
    let text = parts.remove(&stored.path).unwrap_or_default();
    let published = Published {
        id: stored.id.clone(),
        version: stored.version,
        path: stored.path.clone(),
        text,
        parts: parts.into_iter().collect(),
        sha256: stored.sha256.clone(),
    };
    compile(&published).map_err(|error| error.to_string())
}

/// The findings on one workflow's text, checked among the files of a source: in place of the file of the same
/// workflow, if there is one.
pub fn check_text(source: &Source, text: &str) -> Json {
    let mut files = source.files().unwrap_or_default();
    let id = workflow_of(text);
    let taken = files
        .texts()
        .find(|(_, other)| id.is_some() && workflow_of(other) == id)
        .map(|(path, _)| path.to_owned());
    let here = taken.unwrap_or_else(|| "workflow.yaml".to_owned());
    files.add(&here, text);
    let findings: Vec<Finding> = check_files(&files)
        .findings
        .into_iter()
        .filter(|finding| **finding.file() == *here)
        .collect();
    render_json(&findings)
}

/// The id that a file declares, by the look of it: it may be too broken to be read.
fn workflow_of(text: &str) -> Option<&str> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("workflow:"))?;
    let id = line.split('#').next().unwrap_or_default();
    Some(id.trim()).filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_checked_in_place_of_its_own_workflow() {
        let files = shipped();
        let (path, text) = files
            .texts()
            .find(|(path, _)| *path == "deal_registration.yaml")
            .expect("it is shipped");
        assert_eq!(check_text(&Source::Shipped, text), serde_json::json!([]));
        let broken = text.replace(
            "require: [deal], to: review }",
            "require: [deal], to: revew }",
        );
        let findings = check_text(&Source::Shipped, &broken);
        assert_eq!(findings[0]["code"], "E201", "{findings}");
        assert_eq!(findings[0]["file"], path);
    }
}
