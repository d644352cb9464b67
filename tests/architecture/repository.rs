//! Reads the repository: which files there are and what they say. Not for judging them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// A file of the repository.
pub struct Source {
    /// From the root, with `/` between folders.
    pub path: String,
    pub text: String,
}

/// Every Rust file that is ours, ordered by path.
pub fn rust_sources() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let mut paths = Vec::new();
        for folder in ["crates", "migrations", "tests"] {
            collect(&root().join(folder), &mut paths);
        }
        paths.sort();
        paths.iter().map(|path| source(path)).collect()
    })
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the repository")
}

/// The text of a file, named from the root.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in a folder, named from the root, in order.
pub fn list(folder: &str) -> Vec<String> {
    let entries =
        fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<String> = entries
        .map(|entry| {
            let entry = entry.unwrap_or_else(|error| panic!("{folder}: {error}"));
            entry.file_name().to_string_lossy().into_owned()
        })
        .collect();
    names.sort();
    names
}

/// The folders that hold a package, named from the root.
pub fn package_folders() -> Vec<String> {
    let crates = list("crates")
        .into_iter()
        .map(|name| format!("crates/{name}"));
    crates
        .chain(["migrations".into(), "tests".into()])
        .filter(|folder| root().join(folder).join("Cargo.toml").exists())
        .collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn source(path: &Path) -> Source {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let relative = path
        .strip_prefix(root())
        .expect("collected below the root")
        .components();
    let path = relative
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/");
    Source { path, text }
}
