//! What a path on the command line asks about: the file or folder itself, read together with what holds for it, which
//! may stand in outer folders. Not for what the files mean.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::source::Files;

/// A path that somebody gave, and the files around it.
pub(crate) struct Asked {
    /// All files that may matter, by their paths below the root.
    pub(crate) files: Files,
    root: PathBuf,
    written: PathBuf,
    inside: String,
    folder: bool,
}

impl Asked {
    /// Reads the outermost folder that a chain of `shared.yaml` makes one with the path. Without such a file, a folder
    /// stands for itself, and a file is read with those beside it.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let whole = path.canonicalize()?;
        let folder = whole.is_dir();
        let home = if folder {
            whole.as_path()
        } else {
            whole.parent().unwrap_or(Path::new("/"))
        };
        let has_shared = |folder: &&Path| folder.join("shared.yaml").is_file();
        let nearest = home.ancestors().find(has_shared);
        let root = nearest.map_or(home, |nearest| {
            let outer = nearest.ancestors().take_while(has_shared).last();
            outer.unwrap_or(nearest)
        });
        let files = if folder || nearest.is_some() {
            Files::read_folder(root)?
        } else {
            Files::read_shallow(root)?
        };
        let parts = whole.strip_prefix(root).unwrap_or(&whole).components();
        let parts: Vec<String> = parts
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        Ok(Self {
            files,
            root: root.to_path_buf(),
            written: path.to_path_buf(),
            inside: parts.join("/"),
            folder,
        })
    }

    /// The one file that was asked about, by its path below the root; none if it is a folder.
    pub(crate) fn file(&self) -> Option<&str> {
        (!self.folder).then_some(self.inside.as_str())
    }

    /// Whether this file was asked about.
    pub(crate) fn takes(&self, path: &str) -> bool {
        self.below(path).is_some()
    }

    /// A file's path as whoever asked would write it: what they gave, or below it, or else the whole path.
    pub(crate) fn shown(&self, path: &str) -> String {
        let shown = match self.below(path) {
            Some("") => self.written.clone(),
            Some(below) => self.written.join(below),
            None => self.root.join(path),
        };
        shown.display().to_string()
    }

    fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.inside.as_str())?;
        match (self.folder, self.inside.is_empty()) {
            (false, _) => rest.is_empty().then_some(rest),
            (true, true) => Some(rest),
            (true, false) => rest.strip_prefix('/'),
        }
    }
}
