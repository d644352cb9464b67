//! From a folder of files to checked workflows: which files are workflows, what they share, and in
//! which order they are looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use countersign_core::{expression::Scope, name::Name, workflow::Workflow};

use indexmap::IndexMap;

use crate::{
    asked::Asked,
    check,
    diagnostic::{Code, Finding, Severity, in_order},
    file::File,
    lower::{self, Neighbour},
    older, parallel,
    publish::Published,
    shared::{ReferenceList, Shared},
    source::{Around, Files, Source, folder_of, is_yaml},
    yaml::{self, Yaml},
};

/// What became of a set of files.
#[derive(Debug, Default)]
pub struct Checked {
    /// The workflows without errors, by path.
    pub workflows: Vec<Arc<Workflow>>,
    /// The same, as they are kept.
    pub published: Vec<Published>,
    /// The reference lists with their entries.
    pub lists: Vec<ReferenceList>,
    /// The older versions of the same that lie beside them, the oldest first.
    pub older: BTreeMap<Name, Vec<Arc<Workflow>>>,
    /// What somebody sees who looks at cases from outside, by workflow: the scope of properties.
    pub scopes: BTreeMap<Name, Scope>,
    /// Everything that was found, by file and place.
    pub findings: Vec<Finding>,
    /// What was not analysed, by file and place.
    pub notes: Vec<Finding>,
}

impl Checked {
    /// Whether something keeps a workflow from being used.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }

    /// The workflow of this id.
    pub fn workflow(&self, id: &str) -> Option<&Arc<Workflow>> {
        self.workflows.iter().find(|workflow| workflow.id == *id)
    }
}

/// Loads and checks all workflows of a folder and of the folders in it.
pub fn load_folder(folder: &Path) -> io::Result<Checked> {
    Ok(check_files(&Files::read_folder(folder)?))
}

/// Checks folders and single files. What holds for them is looked for upward. Paths in findings are those given, or
/// lie below them.
pub fn check_paths(paths: &[PathBuf]) -> io::Result<Checked> {
    let mut all = Checked::default();
    for path in paths {
        let asked = Asked::read(path)?;
        let mut checked = check_some(&asked.files, &|path| asked.takes(path));
        checked.rename(|file| asked.shown(file));
        all.workflows.extend(checked.workflows);
        all.published.extend(checked.published);
        all.scopes.extend(checked.scopes);
        for list in checked.lists {
            if !all.lists.contains(&list) {
                all.lists.push(list);
            }
        }
        all.findings.extend(checked.findings);
        all.notes.extend(checked.notes);
    }
    all.findings = in_order(all.findings);
    all.notes = in_order(all.notes);
    Ok(all)
}

/// Checks all workflows among files in memory.
pub fn check_files(files: &Files) -> Checked {
    check_some(files, &|_| true)
}

impl Checked {
    /// Gives files the names by which somebody asked about them.
    pub(crate) fn rename(&mut self, name: impl Fn(&str) -> String) {
        for finding in self.findings.iter_mut().chain(&mut self.notes) {
            let path = name(finding.file());
            finding.source = finding.source.renamed(&path);
        }
    }
}

/// Checks those workflows that are wanted; the others are only looked at as far as these need them.
pub(crate) fn check_some(files: &Files, wanted: &dyn Fn(&str) -> bool) -> Checked {
    let mut findings = Vec::new();
    let mut shared: BTreeMap<&str, Shared> = BTreeMap::new();
    for path in files.paths().filter(|path| is_workflow(path)) {
        let folder = folder_of(path);
        shared
            .entry(folder)
            .or_insert_with(|| read_shared(files, folder, &mut findings));
    }
    let referenced: BTreeSet<&str> = shared.values().flat_map(Shared::referenced).collect();
    let written: Vec<(&str, &Arc<str>)> = files
        .texts()
        .filter(|(path, _)| is_workflow(path) && !referenced.contains(path))
        .collect();
    let (parsed, ill_written) = parse(&written, wanted, &mut findings);
    let asked: Vec<&File> = parsed
        .iter()
        .filter(|file| wanted(file.source.path()) && shared.contains_key(folder(file)))
        .collect();
    let neighbours = neighbours(&parsed, &named_in(&asked), &shared, files, &mut findings);
    let fresh = || -> BTreeMap<&str, Shared> {
        let shared = shared.iter();
        shared
            .map(|(folder, shared)| (*folder, shared.fresh()))
            .collect()
    };
    let all = parallel::map(&asked, fresh, |shared, file| {
        let shared = &shared[folder(file)];
        check_file(file, shared, &neighbours, files, &parsed)
    });
    let mut checked = Checked::default();
    for (file, one) in asked.iter().zip(all) {
        findings.extend(one.findings);
        let well_written = !ill_written.contains(&**file.source.path());
        if let Some((workflow, scope, published)) = one.sound.filter(|_| well_written) {
            checked.scopes.insert(workflow.id.clone(), scope);
            if !one.older.is_empty() {
                checked.older.insert(workflow.id.clone(), one.older);
            }
            checked.published.push(published);
            checked.workflows.push(Arc::new(workflow));
        }
        for list in shared[folder(file)].lists() {
            if !checked.lists.contains(list) {
                checked.lists.push(list.clone());
            }
        }
    }
    let is_note = |finding: &Finding| finding.code.severity() == Severity::Note;
    let (notes, findings) = findings.into_iter().partition(is_note);
    checked.findings = in_order(findings);
    checked.notes = in_order(notes);
    checked
}

/// The files that can be read, and those of them in which something is wrong all the same.
fn parse<'f>(
    written: &[(&'f str, &Arc<str>)],
    wanted: &dyn Fn(&str) -> bool,
    findings: &mut Vec<Finding>,
) -> (Vec<File>, BTreeSet<&'f str>) {
    let read = parallel::map(
        written,
        || (),
        |(), (path, text)| {
            let source = Source::new(path, Arc::clone(text));
            let mut found = Vec::new();
            let root = yaml::parse(&source, &mut found);
            (root.map(|root| File::new(source, root)), found)
        },
    );
    let mut parsed: Vec<File> = Vec::new();
    let mut ill_written: BTreeSet<&str> = BTreeSet::new();
    for ((path, _), (file, found)) in written.iter().zip(read) {
        if wanted(path) {
            if found.iter().any(Finding::is_error) {
                ill_written.insert(*path);
            }
            findings.extend(found);
        }
        parsed.extend(file);
    }
    (parsed, ill_written)
}

fn folder(file: &File) -> &str {
    folder_of(file.source.path())
}

/// What became of one file.
struct CheckedFile {
    findings: Vec<Finding>,
    /// The workflow, what is seen of it from outside, and how it is kept; if nothing is wrong with it.
    sound: Option<(Workflow, Scope, Published)>,
    /// Its older versions.
    older: Vec<Arc<Workflow>>,
}

fn check_file(
    file: &File,
    shared: &Shared,
    neighbours: &BTreeMap<Name, Neighbour>,
    files: &Files,
    parsed: &[File],
) -> CheckedFile {
    let mut findings = Vec::new();
    let around = Around::of(file.source.path(), files);
    let workflow = lower::workflow(file, shared, neighbours, around);
    let mut older = Vec::new();
    if let Some((workflow, _)) = &workflow {
        check::workflow(file, shared, workflow);
        older = older::in_folder(files, file.source.path(), workflow, &mut findings);
        for older in &older {
            check::older::check(file, workflow, older);
        }
    }
    let found: Vec<Finding> = [
        file.take_findings(),
        shared.take_findings(),
        shared.findings().to_vec(),
    ]
    .concat();
    let is_sound = !found.iter().any(Finding::is_error);
    findings.extend(found);
    let sound = workflow.filter(|_| is_sound).map(|(workflow, scope)| {
        let published = Published::new(file, &workflow, shared, files, parsed);
        (workflow, scope, published)
    });
    CheckedFile {
        findings,
        sound,
        older,
    }
}

/// The workflows that the links and children of these files are of.
fn named_in<'a>(asked: &[&'a File]) -> BTreeSet<&'a str> {
    let sections = asked.iter().flat_map(|file| {
        let sections = ["links", "children"].map(|section| file.root.get(section));
        sections.into_iter().flatten()
    });
    let named = sections.flat_map(Yaml::entries);
    let named = named.filter_map(|entry| entry.value.get("workflow")?.scalar());
    named.map(|scalar| scalar.text.as_str()).collect()
}

/// The shared files that hold for a folder, innermost first.
fn read_shared(files: &Files, folder: &str, findings: &mut Vec<Finding>) -> Shared {
    let mut chain = Vec::new();
    let mut at = folder;
    loop {
        let path = format!("{at}shared.yaml");
        if let Some(text) = files.text(&path) {
            let source = Source::new(&path, Arc::clone(text));
            let root = yaml::parse(&source, findings);
            chain.extend(root.map(|root| File::new(source, root)));
        }
        if at.is_empty() {
            return Shared::read(chain, files);
        }
        at = folder_of(&at[..at.len() - 1]);
    }
}

/// What the workflows tell each other, by id: of those that are named all, of others that they are there.
fn neighbours(
    parsed: &[File],
    named: &BTreeSet<&str>,
    shared: &BTreeMap<&str, Shared>,
    files: &Files,
    findings: &mut Vec<Finding>,
) -> BTreeMap<Name, Neighbour> {
    let mut neighbours = BTreeMap::new();
    let mut paths: BTreeMap<Name, Arc<str>> = BTreeMap::new();
    for file in parsed {
        let Some(entry) = file.root.entry("workflow") else {
            continue;
        };
        let id = entry
            .value
            .scalar()
            .and_then(|scalar| Name::parse(&scalar.text).ok());
        let (Some(id), Some(shared)) = (id, shared.get(folder_of(file.source.path()))) else {
            continue;
        };
        if let Some(other) = paths.get(&id) {
            let message = format!("`{other}` is the workflow `{id}` too");
            let help = "give one of them another id; a new version takes the place of the old file";
            let span = entry.value.span;
            findings.push(Finding::new(
                Code::DuplicateKey,
                &file.source,
                span,
                message,
                help,
            ));
            continue;
        }
        let surroundings = shared.surroundings(file);
        let forms = if named.contains(id.as_str()) {
            lower::forms_of(file, &surroundings, Around::of(file.source.path(), files))
        } else {
            IndexMap::new()
        };
        let states = lower::states::paths(file);
        let can_be_cancelled = lower::states::ends_otherwise(file);
        // The file is lowered again for itself, which finds the same.
        file.take_findings();
        paths.insert(id.clone(), Arc::clone(file.source.path()));
        neighbours.insert(
            id,
            Neighbour {
                forms,
                surroundings,
                states,
                can_be_cancelled,
            },
        );
    }
    neighbours
}

/// Whether a file is a workflow by its place: not a scenario, a list, a schema or a template.
pub(crate) fn is_workflow(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let others = ["lists", "schema", "templates", "versions"];
    let elsewhere = folder_of(path)
        .split('/')
        .any(|folder| others.contains(&folder));
    is_yaml(path) && !elsewhere && name != "shared.yaml" && !name.ends_with(".test.yaml")
}
