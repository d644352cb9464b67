//! Small real files for uploads. Not for fixtures of suites.

use std::path::Path;

/// A tiny PDF.
pub fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n".to_vec()
}

/// A real Word document: the shipped feedback template.
pub fn docx() -> Vec<u8> {
    shipped("templates/expert_feedback.docx")
}

/// A real Excel workbook: the shipped checklist.
pub fn xlsx() -> Vec<u8> {
    shipped("templates/self_check.xlsx")
}

fn shipped(path: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the repository");
    std::fs::read(root.join("workflows").join(path)).expect("a shipped template")
}
