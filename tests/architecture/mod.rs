//! The rules of the house, one file a rule, held by reading the repository as text. Not for what the product does: the
//! suites beside this one show that.

mod architecture_page;
mod arrows;
mod clippy_bans;
mod decisions;
mod doc_links;
mod docs_first;
mod error_pages;
mod fences;
mod honest_tests;
mod lib_is_a_map;
mod locked_packages;
mod manifests;
mod names;
mod orphans;
mod repository;
mod rules;
mod rust_text;
mod sizes;
mod top_level;

/// Fails with all findings at once, so that one run shows all that is to be mended.
#[track_caller]
fn hold(rule: &str, findings: &[String]) {
    assert!(
        findings.is_empty(),
        "{rule}\n  {}\n({} in all)",
        findings.join("\n  "),
        findings.len()
    );
}
