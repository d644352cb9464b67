//! `diff`: what has changed from one version of a workflow to another, in words.

use std::path::Path;

use countersign_core::{
    difference::{Change, difference},
    text::Language,
    workflow::Workflow,
};
use countersign_language::{diagnostic::render_human, load_version};
use serde_json::{Value as Json, json};

use crate::{
    args::{Diff, Report, Tongue},
    output,
    run::{Ended, Stopped},
};

/// Compares two files; found something if they differ.
pub fn run(arguments: &Diff) -> Result<Ended, Stopped> {
    let (older, newer) = (load(&arguments.older)?, load(&arguments.newer)?);
    if older.id != newer.id {
        let what = format!("{} and {} are two workflows", older.id, newer.id);
        return Err(Stopped::new(what).hint("give two versions of one workflow"));
    }
    let language = match arguments.language {
        Tongue::En => Language::En,
        Tongue::Zh => Language::Zh,
    };
    let changes = difference(&older, &newer);
    match arguments.format {
        Report::Text => {
            for change in &changes {
                output::line(change.text.get(language));
            }
        }
        Report::Json => {
            let items: Vec<Json> = changes
                .iter()
                .map(|change| shown(change, language))
                .collect();
            output::line(json!(items));
        }
    }
    Ok(if changes.is_empty() {
        Ended::Well
    } else {
        Ended::Found
    })
}

fn shown(change: &Change, language: Language) -> Json {
    json!({
        "how": change.how.as_str(),
        "kind": change.kind.as_str(),
        "place": change.place,
        "text": change.text.get(language),
    })
}

fn load(path: &Path) -> Result<std::sync::Arc<Workflow>, Stopped> {
    let checked =
        load_version(path).map_err(|error| Stopped::new(format!("{}: {error}", path.display())))?;
    checked.workflows.first().cloned().ok_or_else(|| {
        output::note(render_human(&checked.findings, false));
        let what = format!("{} cannot be compared", path.display());
        Stopped::new(what).hint("give a workflow file without errors")
    })
}
