//! Any text as a workflow file: it is checked or refused, every finding lies inside it, and all of them can be shown.
#![no_main]

use std::{path::Path, sync::LazyLock};

use countersign_language::{
    check_files,
    diagnostic::{render_github, render_human, render_json},
    source::Files,
};
use libfuzzer_sys::fuzz_target;

/// What a workflow may refer to.
static AROUND: LazyLock<Files> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../workflows");
    let shipped = Files::read_folder(&folder).expect("the shipped workflows can be read");
    let mut files = Files::default();
    for (path, text) in shipped.texts() {
        if path == "shared.yaml" || path.starts_with("lists/") {
            files.add(path, text.clone());
        }
    }
    files
});

fuzz_target!(|text: &str| {
    let mut files = AROUND.clone();
    files.add("workflow.yaml", text);
    let checked = check_files(&files);
    for finding in &checked.findings {
        assert!(finding.span.start <= finding.span.end, "{finding:?}");
        assert!(
            finding.span.end <= finding.source.text().len(),
            "{finding:?}"
        );
    }
    render_human(&checked.findings, false);
    render_github(&checked.findings, "");
    render_json(&checked.findings);
});
