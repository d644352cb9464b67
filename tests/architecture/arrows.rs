//! Who may depend on whom: `allowed_arrows.txt` is the list, and a new arrow is a line in it that somebody signs.

use super::{
    hold,
    manifests::{manifests, short},
    repository::read,
};
use std::collections::BTreeSet;

const LIST: &str = "tests/architecture/allowed_arrows.txt";

#[test]
fn only_listed_arrows_exist() {
    let allowed = listed(&read(LIST));
    let drawn = drawn();
    let findings: Vec<String> = drawn.difference(&allowed).cloned().collect();
    hold(&format!("Arrows that {LIST} does not allow:"), &findings);
}

#[test]
fn the_list_names_packages_that_exist() {
    let names: BTreeSet<String> = manifests()
        .iter()
        .map(|manifest| manifest.short_name().to_owned())
        .collect();
    let list = listed(&read(LIST));
    let ends = list.iter().flat_map(|arrow| {
        arrow
            .split(" -> ")
            .map(|end| end.trim_end_matches(" (dev)").to_owned())
    });
    let findings: Vec<String> = ends.filter(|end| !names.contains(end)).collect();
    hold(&format!("No such package, in {LIST}:"), &findings);
}

#[test]
fn adapters_do_not_know_each_other() {
    let adapters = ["store", "scheduler", "notifier", "api", "web"];
    let arrows = listed(&read(LIST)).into_iter();
    let findings: Vec<String> = arrows
        .filter(|arrow| !arrow.ends_with("(dev)"))
        .filter(|arrow| arrow.split(" -> ").all(|end| adapters.contains(&end)))
        .collect();
    hold("An adapter depends on another adapter:", &findings);
}

fn drawn() -> BTreeSet<String> {
    let mut arrows = BTreeSet::new();
    for manifest in manifests() {
        let ours = manifest
            .dependencies
            .iter()
            .filter(|found| found.name.starts_with("countersign-"));
        for found in ours {
            let dev = if found.dev { " (dev)" } else { "" };
            arrows.insert(format!(
                "{} -> {}{dev}",
                manifest.short_name(),
                short(&found.name)
            ));
        }
    }
    arrows
}

fn listed(text: &str) -> BTreeSet<String> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}
