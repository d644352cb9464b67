//! Older versions of a workflow: where they are kept, and comparing a newer one with them. They lie in `versions/` beside
//! the workflow's file; what is published comes from the store.

use std::sync::Arc;

use countersign_core::workflow::Workflow;

use crate::{
    check,
    diagnostic::{Code, Finding},
    file::File,
    load::check_some,
    publish::Published,
    source::{Files, Source, folder_of, is_yaml},
    yaml::{self, Yaml},
};

/// The folder, beside a workflow's file, that keeps its older versions.
const FOLDER: &str = "versions/";

/// Checks a workflow that is about to be published against an older version that is published already: what
/// `migrate` lacks or names wrongly.
pub fn check_migration(published: &Published, newer: &Workflow, older: &Workflow) -> Vec<Finding> {
    let source = Source::new(&published.path, Arc::from(published.text.as_str()));
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
