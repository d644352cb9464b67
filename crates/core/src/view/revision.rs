//! `GET /v1/cases/{case}/revisions`: what a case held when, and what has changed between two of its contents,
//! as one viewer may read it today. It loads nothing: contents and entries are brought.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{
    case::{Case, Content, FileId},
    history::{SealedEntry, What},
    name::Name,
    time::Time,
    workflow::Workflow,
};

use super::{FileView, Viewer, glass::Glass};

/// A revision in the list: when it came to be, and by what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisionRow {
    /// Which, from 1.
    pub revision: u32,
    /// The round that it belongs to.
    pub round: u32,
    /// The entry of the history that made it.
    pub entry: u64,
    /// When.
    pub recorded_at: Time,
    /// Who made it; null if the viewer may not know.
    pub actor: Option<String>,
    /// What made it.
    pub what: What,
    /// The action, decision or timer; for a file the material.
    pub action: Option<Name>,
}

/// What a case held at one of its revisions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisionView {
    /// Which.
    pub revision: u32,
    /// Forms and their values, as in the case.
    pub data: Map<String, Json>,
    /// Files by material.
    pub materials: IndexMap<Name, Vec<FileView>>,
}

/// What has changed between two revisions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisionDiff {
    /// The earlier of the two, or the one asked for first.
    pub from: u32,
    /// The other.
    pub to: u32,
    /// Fields that differ, in document order.
    pub changes: Vec<FieldChange>,
    /// Materials whose files differ, in document order.
    pub materials: Vec<FilesChange>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// For example `deal.amount`; for reviewers' copies of a form the form.
    pub at: String,
    /// What people call it.
    pub title: String,
    /// The value before; null for none.
    pub was: Json,
    /// The value after; null for none.
    pub now: Json,
}

/// One material whose files differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FilesChange {
    /// The material.
    pub at: Name,
    /// What people call it.
    pub title: String,
    /// Files that are there only afterwards.
    pub added: Vec<FileView>,
    /// Files that were there only before.
    pub removed: Vec<FileView>,
}

/// The revisions that the entries of a case made, the first first.
pub fn revision_rows(
    viewer: &Viewer<'_>,
    workflow: &Workflow,
    case: &Case,
    entries: &[SealedEntry],
) -> Vec<RevisionRow> {
    let glass = Glass::new(viewer, workflow, case);
    let mut last = 0;
    let mut made = Vec::new();
    for sealed in entries {
        let entry = &sealed.entry;
        if entry.revision <= last {
            continue;
        }
        last = entry.revision;
        made.push(RevisionRow {
            revision: entry.revision,
            round: entry.round,
            entry: entry.entry,
            recorded_at: entry.recorded_at,
            actor: glass.actor(sealed),
            what: entry.what,
            action: entry.action.clone(),
        });
    }
    made
}

/// The content of a revision, as the viewer may read it in the case of today.
pub fn revision_view(
    viewer: &Viewer<'_>,
    workflow: &Workflow,
    case: &Case,
    (revision, content): (u32, &Content),
) -> RevisionView {
    let then = with(case, content);
    let glass = Glass::new(viewer, workflow, &then);
    RevisionView {
        revision,
        data: glass.data(),
        materials: glass.materials(),
    }
}

/// What has changed from one content to the other, as the viewer may read it in the case of today.
pub fn revision_diff(
    viewer: &Viewer<'_>,
    workflow: &Workflow,
    case: &Case,
    (from, before): (u32, &Content),
    (to, after): (u32, &Content),
) -> RevisionDiff {
    let (before, after) = (with(case, before), with(case, after));
    let before = Glass::new(viewer, workflow, &before);
    let after = Glass::new(viewer, workflow, &after);
    RevisionDiff {
        from,
        to,
        changes: field_changes(&before, &after),
        materials: files_changes(&before, &after),
    }
}

/// The case with the content of another time. Who may see what is today's matter: a field that was shown once
/// and is hidden now is not told by its past.
fn with(case: &Case, content: &Content) -> Case {
    Case {
        content: content.clone(),
        ..case.clone()
    }
}

fn field_changes(before: &Glass<'_>, after: &Glass<'_>) -> Vec<FieldChange> {
    let (language, workflow) = (after.viewer.language, after.workflow);
    let (was, now) = (before.data(), after.data());
    let mut changes = Vec::new();
    for form in workflow.forms.values() {
        let values = |data: &Map<String, Json>| data.get(form.name.as_str()).cloned();
        let (was, now) = (values(&was), values(&now));
        if form.each_reviewer {
            push(
                &mut changes,
                form.name.to_string(),
                form.title.get(language),
                was,
                now,
            );
            continue;
        }
        for field in form.fields.values() {
            let value = |values: &Option<Json>| values.as_ref()?.get(field.name.as_str()).cloned();
            push(
                &mut changes,
                format!("{}.{}", form.name, field.name),
                field.title.get(language),
                value(&was),
                value(&now),
            );
        }
    }
    changes
}

fn push(
    changes: &mut Vec<FieldChange>,
    at: String,
    title: &str,
    was: Option<Json>,
    now: Option<Json>,
) {
    if was != now {
        changes.push(FieldChange {
            at,
            title: title.to_owned(),
            was: was.unwrap_or_default(),
            now: now.unwrap_or_default(),
        });
    }
}

fn files_changes(before: &Glass<'_>, after: &Glass<'_>) -> Vec<FilesChange> {
    let (language, workflow) = (after.viewer.language, after.workflow);
    let (mut was, mut now) = (before.materials(), after.materials());
    let materials = workflow.materials.values();
    materials
        .filter_map(|material| {
            let files = |of: &mut IndexMap<Name, Vec<FileView>>| {
                of.swap_remove(&material.name).unwrap_or_default()
            };
            let (was, now) = (files(&mut was), files(&mut now));
            let only = |these: &[FileView], those: &[FileView]| {
                let known: Vec<FileId> = those.iter().map(|file| file.id).collect();
                let fresh = these.iter().filter(|file| !known.contains(&file.id));
                fresh.cloned().collect::<Vec<_>>()
            };
            let (added, removed) = (only(&now, &was), only(&was, &now));
            (!added.is_empty() || !removed.is_empty()).then(|| FilesChange {
                at: material.name.clone(),
                title: material.title.get(language).to_owned(),
                added,
                removed,
            })
        })
        .collect()
}
