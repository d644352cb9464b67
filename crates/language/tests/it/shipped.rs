//! The workflows that come with the product are without findings, and are what they say.

use std::path::Path;

use countersign_language::{Checked, compile, diagnostic::render_human, load_folder};

fn shipped() -> Checked {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workflows");
    load_folder(&folder).expect("the folder can be read")
}

#[test]
fn the_shipped_workflows_have_no_findings() {
    let checked = shipped();
    assert!(
        checked.findings.is_empty(),
        "{}",
        render_human(&checked.findings, false)
    );
    let in_the_folder = checked.published.iter();
    let in_the_folder = in_the_folder.filter(|published| !published.path.contains('/'));
    let ids: Vec<&str> = in_the_folder
        .map(|published| published.id.as_str())
        .collect();
    let all = [
        "deal_registration",
        "incentive_application",
        "incentive_payment",
        "invitation",
        "sow_evaluation",
    ];
    assert_eq!(ids, all);
}

#[test]
fn a_published_workflow_compiles_from_what_is_stored() {
    for published in shipped().published {
        let again = compile(&published).expect("it compiled before");
        assert_eq!(again.id, published.id);
        assert_eq!(published.sha256.len(), 64);
    }
}
