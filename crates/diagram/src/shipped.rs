//! The workflows that are shipped, drawn in both languages: whole, legible, and as in `golden/`. Tests only.
//!
//! `COUNTERSIGN_WRITE_GOLDEN=1 cargo test -p countersign-diagram` writes the files of `golden/` anew.

use crate::quality::faults;
use crate::text::escape;
use crate::{layout, mermaid, read, svg};
use countersign_core::{text::Language, workflow::Workflow};
use std::{env, fs, path::Path, sync::Arc};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn shipped() -> Vec<Arc<Workflow>> {
    let checked = countersign_language::load_folder(&Path::new(HERE).join("../../workflows"))
        .expect("a folder of workflows");
    assert!(!checked.has_errors(), "{:?}", checked.findings);
    assert!(
        checked.workflows.len() >= 4,
        "only {} workflows",
        checked.workflows.len()
    );
    checked.workflows
}

#[test]
fn every_state_stands_once_and_every_label_is_there() {
    for workflow in shipped() {
        for language in Language::ALL {
            let svg = svg(&workflow, language, None);
            for state in workflow.states.iter() {
                let drawn = svg
                    .matches(&format!("data-state=\"{}\"", state.path))
                    .count();
                assert_eq!(drawn, 1, "{} of {} in {language}", state.path, workflow.id);
            }
            let picture = read::read(&workflow, language, None);
            let plan = layout::lay_out(&picture);
            let lines = plan
                .arrows
                .iter()
                .flat_map(|arrow| &arrow.lines)
                .map(|line| &line.text);
            for line in lines.chain(plan.states.iter().flat_map(|state| &state.title)) {
                assert!(
                    svg.contains(&format!(">{}</text>", escape(line))),
                    "{line} of {} in {language}",
                    workflow.id
                );
            }
            assert!(
                svg.starts_with("<svg ")
                    && svg.contains("role=\"img\"")
                    && svg.contains("<title>")
                    && svg.contains("<desc>")
            );
        }
    }
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_page() {
    for workflow in shipped() {
        for language in Language::ALL {
            let picture = read::read(&workflow, language, None);
            assert_eq!(
                faults(&picture, &layout::lay_out(&picture)),
                Vec::<String>::new(),
                "{} in {language}",
                workflow.id
            );
        }
    }
}

#[test]
fn golden_mermaid_files_are_current() {
    let golden = Path::new(HERE).join("golden");
    let write = env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some();
    let mut wanted = vec![];
    for workflow in shipped() {
        for language in Language::ALL {
            let name = format!("{}.{language}.mmd", workflow.id);
            let chart = mermaid(&workflow, language);
            if write {
                fs::create_dir_all(&golden).expect("a writable folder");
                fs::write(golden.join(&name), &chart).expect("a writable folder");
            }
            let kept = fs::read_to_string(golden.join(&name)).unwrap_or_default();
            assert_eq!(
                kept, chart,
                "golden/{name} is out of date: see the head of shipped.rs"
            );
            wanted.push(name);
        }
    }
    let kept = fs::read_dir(&golden).expect("the folder of golden files");
    for file in kept {
        let name = file
            .expect("a readable folder")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(
            wanted.contains(&name),
            "golden/{name} belongs to no workflow"
        );
    }
}
