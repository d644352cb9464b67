//! Which packages of others may be used where: the database is the store's, and the core knows nothing outside itself.

use super::{
    hold,
    manifests::{Manifest, manifests},
};

/// A fence: these packages are for these crates only.
struct Fence {
    packages: &'static [&'static str],
    inside: &'static [&'static str],
}

const FENCES: [Fence; 5] = [
    Fence {
        packages: &["sea-orm", "sea-orm-migration", "sqlx", "libsqlite3-sys"],
        // The tests write behind the store's back what an audit has to find; the benchmark copies cases in it, and the
        // soak's checker reads it.
        inside: &["store", "migrations", "tests", "bench", "soak"],
    },
    Fence {
        packages: &["object_store"],
        inside: &["store"],
    },
    Fence {
        packages: &["lettre"],
        inside: &["notifier"],
    },
    Fence {
        packages: &["axum", "tower", "tower-http"],
        inside: &["api", "web", "cli", "tests"],
    },
    Fence {
        packages: &["saphyr-parser"],
        inside: &["language"],
    },
];

/// What the core may be built from: data, arithmetic and the two engines inside it, CEL and statig.
const CORE: [&str; 18] = [
    "base64",
    "cel",
    "chrono",
    "chrono-tz",
    "cron",
    "hex",
    "indexmap",
    "jsonschema",
    "regex",
    "rust_decimal",
    "serde",
    "serde_json",
    "sha2",
    "statig",
    "strsim",
    "thiserror",
    "unicode-normalization",
    "uuid",
];

#[test]
fn packages_are_used_behind_their_fences_only() {
    let findings: Vec<String> = manifests().iter().flat_map(outside).collect();
    hold("A package is used outside its fence:", &findings);
}

#[test]
fn the_core_is_built_from_pure_packages_only() {
    let manifests = manifests();
    let core = manifests
        .iter()
        .find(|manifest| manifest.short_name() == "core")
        .expect("there is a core");
    let used = core.dependencies.iter().filter(|found| !found.dev);
    let findings: Vec<String> = used
        .filter(|found| !CORE.contains(&found.name.as_str()))
        .map(|found| found.name.clone())
        .collect();
    hold(
        "The core is pure; these packages are not on its list:",
        &findings,
    );
}

fn outside(manifest: &Manifest) -> Vec<String> {
    let used = manifest.dependencies.iter().filter(|found| !found.dev);
    let crossing = used.filter(|found| {
        FENCES.iter().any(|fence| {
            fence.packages.contains(&found.name.as_str())
                && !fence.inside.contains(&manifest.short_name())
        })
    });
    crossing
        .map(|found| format!("{}: {}", manifest.folder, found.name))
        .collect()
}
