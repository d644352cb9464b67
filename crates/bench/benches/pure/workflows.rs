//! Checking and testing all that is shipped, one file of it, and a workflow as large as they may be.

use std::path::Path;

use countersign_language::{check_files, scenario, source::Files};
use criterion::Criterion;

use crate::generated;

/// The shipped workflows, their lists and their scenarios.
pub fn shipped() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workflows");
    Files::read_folder(&folder).expect("the shipped workflows can be read")
}

pub fn measure(criterion: &mut Criterion) {
    let files = shipped();
    assert!(
        !check_files(&files).has_errors(),
        "what is shipped is sound"
    );
    let mut group = criterion.benchmark_group("workflows");
    group.bench_function("check all that is shipped (goal 100 ms)", |bencher| {
        bencher.iter(|| check_files(&files));
    });
    group.bench_function("test all that is shipped (goal 1 s)", |bencher| {
        bencher.iter(|| scenario::run_files(&files));
    });
    let one = some(&files, "deal_registration.yaml");
    group.bench_function("check deal_registration.yaml", |bencher| {
        bencher.iter(|| check_files(&one));
    });
    let large = generated::files(256, 2000);
    let checked = check_files(&large);
    assert!(!checked.has_errors(), "{:#?}", checked.findings);
    assert_eq!(checked.workflows.len(), 1);
    group.bench_function(
        "check 256 states, 2,000 transitions (goal 100 ms)",
        |bencher| {
            bencher.iter(|| check_files(&large));
        },
    );
    group.finish();
}

/// One workflow with what it shares.
fn some(files: &Files, workflow: &str) -> Files {
    let mut one = Files::default();
    let wanted =
        |path: &str| path == workflow || path == "shared.yaml" || path.starts_with("lists/");
    for (path, text) in files.texts().filter(|(path, _)| wanted(path)) {
        one.add(path, text.clone());
    }
    one
}
