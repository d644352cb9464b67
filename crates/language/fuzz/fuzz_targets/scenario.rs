//! Any text as a file of scenarios: its stories are told, or it is refused.
#![no_main]

use std::{path::Path, sync::LazyLock};

use countersign_language::{
    scenario::{Show, Tries, render_text, try_files},
    source::Files,
};
use libfuzzer_sys::fuzz_target;

/// The workflow that is told about, and what it shares.
static AROUND: LazyLock<Files> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../workflows");
    let shipped = Files::read_folder(&folder).expect("the shipped workflows can be read");
    let mut files = Files::default();
    for (path, text) in shipped.texts() {
        if matches!(path, "shared.yaml" | "invitation.yaml") || path.starts_with("lists/") {
            files.add(path, text.clone());
        }
    }
    files
});

fuzz_target!(|text: &str| {
    let mut files = AROUND.clone();
    files.add("invitation.test.yaml", text);
    let report = try_files(&files, Tries { runs: Some(1), seed: 0 });
    render_text(
        &report,
        Show {
            colour: false,
            coverage: true,
        },
    );
});
