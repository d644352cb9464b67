//! Reads the manifests of the workspace, and holds that each is named after its folder and takes the common lints.

use super::{
    hold,
    repository::{package_folders, read},
};

/// What a `Cargo.toml` says, as far as the rules ask.
pub struct Manifest {
    /// From the root: `crates/core`.
    pub folder: String,
    /// Name of the package.
    pub name: String,
    pub dependencies: Vec<Dependency>,
    lints_of_workspace: bool,
}

/// A line under one of the dependency headings.
pub struct Dependency {
    pub name: String,
    /// Only for tests, examples and benches.
    pub dev: bool,
}

impl Manifest {
    /// The name without `countersign-`, which is the folder's.
    pub fn short_name(&self) -> &str {
        short(&self.name)
    }
}

/// The manifests of all our packages.
pub fn manifests() -> Vec<Manifest> {
    let folders = package_folders().into_iter();
    folders
        .map(|folder| parse(&read(&format!("{folder}/Cargo.toml")), folder))
        .collect()
}

/// A package's name without `countersign-`.
pub fn short(name: &str) -> &str {
    name.strip_prefix("countersign-").unwrap_or(name)
}

fn parse(text: &str, folder: String) -> Manifest {
    let mut manifest = Manifest {
        folder,
        name: String::new(),
        dependencies: Vec::new(),
        lints_of_workspace: false,
    };
    let mut heading = "";
    for line in text.lines().map(str::trim) {
        if let Some(inner) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            heading = inner;
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim().trim_matches('"'));
        match heading {
            "package" if key == "name" => value.clone_into(&mut manifest.name),
            "lints" if key == "workspace" => manifest.lints_of_workspace = value == "true",
            _ if heading.ends_with("dependencies") => {
                let name = key.split('.').next().unwrap_or(key).to_owned();
                let dev = heading.ends_with("dev-dependencies");
                manifest.dependencies.push(Dependency { name, dev });
            }
            _ => {}
        }
    }
    manifest
}

#[test]
fn packages_are_named_after_their_folders_and_take_the_common_lints() {
    let findings: Vec<String> = manifests().iter().flat_map(faults).collect();
    hold("In each manifest:", &findings);
}

fn faults(manifest: &Manifest) -> Vec<String> {
    let Manifest {
        folder,
        name,
        lints_of_workspace,
        ..
    } = manifest;
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let misnamed = *name != format!("countersign-{last}");
    let misnamed = misnamed
        .then(|| format!("{folder}: the package is called `{name}`, not `countersign-{last}`"));
    let lax =
        (!lints_of_workspace).then(|| format!("{folder}: `[lints] workspace = true` is missing"));
    misnamed.into_iter().chain(lax).collect()
}

#[test]
fn a_manifest_is_read() {
    let text = "[package]\nname = \"countersign-a\"\n[dependencies]\nserde.workspace = true\n\
                toml = { version = \"1\" }\n[dev-dependencies]\ninsta = \"1\"\n";
    let manifest = parse(text, "crates/b".into());
    let found: Vec<_> = manifest
        .dependencies
        .iter()
        .map(|d| (d.name.as_str(), d.dev))
        .collect();
    assert_eq!(found, [("serde", false), ("toml", false), ("insta", true)]);
    assert_eq!(faults(&manifest).len(), 2);
}
