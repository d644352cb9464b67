//! Links between our pages lead somewhere. Not for addresses outside the repository.

use super::{
    hold,
    repository::{list, read, root},
};

#[test]
fn links_between_pages_lead_somewhere() {
    let findings: Vec<String> = pages()
        .iter()
        .flat_map(|page| dead(page, &read(page)))
        .collect();
    hold("Dead links:", &findings);
}

/// The pages at the root and below `docs/`.
fn pages() -> Vec<String> {
    let mut folders = vec![String::from(".")];
    let mut pages = Vec::new();
    while let Some(folder) = folders.pop() {
        for name in list(&folder) {
            let path = format!("{folder}/{name}");
            if root().join(&path).is_dir() {
                if name == "docs" || folder != "." {
                    folders.push(path);
                }
            } else if path
                .rsplit_once('.')
                .is_some_and(|(_, extension)| extension == "md")
            {
                pages.push(path);
            }
        }
    }
    pages
}

fn dead(page: &str, text: &str) -> Vec<String> {
    let folder = page.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let prose = text.split("```").step_by(2);
    let targets = prose
        .flat_map(|part| part.split("](").skip(1))
        .filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '/']));
    local
        .filter(|target| {
            let file = target.split('#').next().unwrap_or(target);
            !root().join(folder).join(file).exists()
        })
        .map(|target| format!("{page}: {target}"))
        .collect()
}

#[test]
fn the_rule_sees_a_dead_link() {
    let text = "[a](README.md) [b](nowhere.md#x) [c](https://example.com) [d](#here)\n```\n[e](gone.md)\n```\n";
    assert_eq!(dead("./README.md", text), ["./README.md: nowhere.md#x"]);
}
