//! Older versions of a workflow: where they are kept, and comparing a newer one with them. They lie in `versions/` beside
//! the workflow's file; what is published comes from the store.

use std::{io, path::Path, sync::Arc};

use countersign_core::workflow::Workflow;

use crate::{
    asked::Asked,
    check,
    diagnostic::{Code, Finding},
    file::File,
    load::{Checked, check_some, is_workflow},
    source::{Files, Source, folder_of, is_yaml},
    yaml::{self, Yaml},
};

/// The folder, beside a workflow's file, that keeps its older versions.
const FOLDER: &str = "versions/";

/// Loads one version of a workflow by its file. An older one, in `versions/`, is compiled in the place of the workflow's own
/// file.
pub fn load_version(path: &Path) -> io::Result<Checked> {
    let whole = path.canonicalize()?;
    let folder = whole.parent().unwrap_or(Path::new("/"));
    let home = folder.parent().filter(|_| folder.ends_with("versions"));
    let Some(home) = home else {
        let asked = Asked::read(path)?;
        // Where the cases of older versions go is no question here: who compares may be about to write `migrate`.
        let files = asked
            .files
            .without(|other| folder_of(other).ends_with(FOLDER));
        let mut checked = check_some(&files, &|path| asked.takes(path));
        checked.rename(|file| asked.shown(file));
        return Ok(checked);
    };
    let asked = Asked::read(home)?;
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    let ending = format!("{FOLDER}{name}");
    let mut versions = asked.files.texts();
    let older = versions.find(|(path, _)| path.ends_with(&ending) && asked.takes(path));
    let Some((at, text)) = older else {
        return Ok(Checked::default());
    };
    let id = id_of(text);
    let own = asked.files.texts().find(|(path, text)| {
        is_workflow(path) && asked.takes(path) && id.is_some() && id_of(text) == id
    });
    let own = own.map_or_else(|| at.replacen(FOLDER, "", 1), |(path, _)| path.to_owned());
    let versions = folder_of(at);
    let mut files = asked.files.without(|other| folder_of(other) == versions);
    files.add(&own, Arc::clone(text));
    let mut checked = check_some(&files, &|wanted| wanted == own);
    for finding in checked.findings.iter_mut().chain(&mut checked.notes) {
        finding.source = finding.source.renamed(&path.display().to_string());
    }
    Ok(checked)
}

/// The id that a file declares.
fn id_of(text: &Arc<str>) -> Option<String> {
    let source = Source::new("", Arc::clone(text));
    let root = yaml::parse(&source, &mut Vec::new())?;
    Some(root.get("workflow")?.scalar()?.text.clone())
}

/// Checks a workflow that is about to be published, by its file, against an older version that is published already:
/// what `migrate` lacks or names wrongly.
pub fn check_migration(path: &str, text: &str, newer: &Workflow, older: &Workflow) -> Vec<Finding> {
    let source = Source::new(path, Arc::from(text));
    let mut findings = Vec::new();
    if let Some(root) = yaml::parse(&source, &mut findings) {
        let file = File::new(source, root);
        check::older::check(&file, newer, older);
        findings.extend(file.take_findings());
    }
    findings
}

/// The older versions of a workflow that lie beside it, the oldest first. Each is compiled in the place of the
/// workflow's own file; what is wrong with it is reported.
pub(crate) fn in_folder(
    files: &Files,
    path: &str,
    workflow: &Workflow,
    findings: &mut Vec<Finding>,
) -> Vec<Arc<Workflow>> {
    let folder = format!("{}{FOLDER}", folder_of(path));
    let mut found = Vec::new();
    for (at, text) in files.texts() {
        if folder_of(at) != folder || !is_yaml(at) {
            continue;
        }
        let source = Source::new(at, Arc::clone(text));
        let mut broken = Vec::new();
        let root = yaml::parse(&source, &mut broken);
        let Some(root) = root else {
            findings.extend(broken);
            continue;
        };
        if root
            .get("workflow")
            .and_then(Yaml::scalar)
            .is_none_or(|id| *id.text != *workflow.id)
        {
            continue;
        }
        let mut around = files.without(|other| folder_of(other) == folder);
        around.add(path, Arc::clone(text));
        let checked = check_some(&around, &|wanted| wanted == path);
        let errors = checked.findings.into_iter().filter(Finding::is_error);
        findings.extend(errors.map(|mut finding| {
            finding.source = finding.source.renamed(at);
            finding
        }));
        for older in checked.workflows {
            if older.version >= workflow.version {
                let version = root.entry("version");
                let span = version.map_or(root.span, |entry| entry.value.span);
                let message = format!(
                    "version {} is not older than the file's own, {}",
                    older.version, workflow.version
                );
                let help = "in `versions/` lie older versions; raise `version` in the file itself";
                findings.push(Finding::new(Code::BadValue, &source, span, message, help));
            } else {
                found.push(older);
            }
        }
    }
    found.sort_by_key(|older| older.version);
    found
}
