//! The texts that are checked: files held in memory, and places in them. No file is read here but by
//! [`Files::read_folder`]; what the files mean is not known here.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read},
    path::Path,
    sync::Arc,
};

/// The largest definition that is read, in bytes.
pub const MOST_BYTES: usize = 256 * 1024;

/// What the names of files end in that hold a plain JSON Schema.
pub(crate) const SCHEMA_FILE: &str = ".schema.json";

/// A folder of workflow files in memory: the texts of its YAML files and JSON Schemas, and the names of all others.
/// Paths are relative to the folder and use `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    texts: BTreeMap<String, Arc<str>>,
    others: BTreeSet<String>,
    /// Every file that is asked for counts as there.
    trusting: bool,
}

impl Files {
    /// Reads a folder with all its sub-folders. Files that are neither YAML nor JSON Schemas are only noted by
    /// name.
    /// Hidden files and folders are passed over.
    pub fn read_folder(folder: &Path) -> io::Result<Self> {
        let mut files = Self::default();
        files.read_into(folder, "", 0)?;
        Ok(files)
    }

    fn read_into(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        if depth > 16 {
            return Ok(());
        }
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{name}");
            if entry.path().is_dir() {
                self.read_into(&entry.path(), &format!("{path}/"), depth + 1)?;
            } else {
                self.read_file(&entry.path(), path)?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, file: &Path, path: String) -> io::Result<()> {
        if !is_yaml(&path) && !path.ends_with(SCHEMA_FILE) {
            self.others.insert(path);
            return Ok(());
        }
        // What is too large is refused by its length; a little more than the limit shows that.
        let mut bytes = Vec::new();
        let most = u64::try_from(MOST_BYTES + 1).unwrap_or(u64::MAX);
        std::fs::File::open(file)?
            .take(most)
            .read_to_end(&mut bytes)?;
        // What is no UTF-8 shows as U+FFFD, which the parser refuses.
        let text = String::from_utf8_lossy(&bytes);
        self.texts.insert(path, text.into());
        Ok(())
    }

    /// Reads one folder, and of those in it only `lists`, `templates` and `versions`.
    pub fn read_shallow(folder: &Path) -> io::Result<Self> {
        let mut files = Self::default();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.path().is_dir();
            if is_folder && matches!(name.as_str(), "lists" | "templates" | "versions") {
                files.read_into(&entry.path(), &format!("{name}/"), 15)?;
            } else if !is_folder && !name.starts_with('.') {
                files.read_file(&entry.path(), name)?;
            }
        }
        Ok(files)
    }

    /// All but those texts.
    pub(crate) fn without(&self, left_out: impl Fn(&str) -> bool) -> Self {
        let mut kept = self.clone();
        kept.texts.retain(|path, _| !left_out(path));
        kept
    }

    /// Adds a text, or takes its place.
    pub fn add(&mut self, path: &str, text: impl Into<Arc<str>>) {
        self.texts.insert(path.to_owned(), text.into());
    }

    /// Notes that there is a file which is no text.
    pub fn note(&mut self, path: &str) {
        self.others.insert(path.to_owned());
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        self.texts.get(path)
    }

    /// Whether there is such a file, text or not.
    pub fn has(&self, path: &str) -> bool {
        self.trusting || self.texts.contains_key(path) || self.others.contains(path)
    }

    /// Lets every file that is asked for count as there: for what was checked before and is compiled
    /// again without its files.
    pub(crate) fn trust_other_files(&mut self) {
        self.trusting = true;
    }

    /// All texts, by path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text))
    }

    /// Every path, of texts and of other files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().chain(&self.others).map(String::as_str)
    }
}

/// Whether the name of a file says that it is YAML.
pub fn is_yaml(path: &str) -> bool {
    let extension = Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml"))
}

/// The folder of a file, with its closing `/`; empty at the top.
pub fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

/// The files around one that is checked; paths are given from its own folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    files: &'a Files,
    folder: &'a str,
}

impl<'a> Around<'a> {
    /// The files around the one of this path.
    pub(crate) fn of(path: &'a str, files: &'a Files) -> Self {
        Self {
            files,
            folder: folder_of(path),
        }
    }

    /// Whether there is such a file, text or not.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.has(&self.whole(path))
    }

    /// Its text.
    pub(crate) fn text(&self, path: &str) -> Option<&'a Arc<str>> {
        self.files.text(&self.whole(path))
    }

    /// The path of a file from the top.
    pub(crate) fn whole(&self, path: &str) -> String {
        format!("{}{path}", self.folder)
    }
}

/// A file that is checked: its name and its text.
#[derive(Debug, Clone)]
pub struct Source {
    path: Arc<str>,
    text: Arc<str>,
    line_starts: Arc<[usize]>,
}

/// A place in a text: bytes, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A place as people count it: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Span {
    /// From this byte up to that.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The same place, cut down to its first character of this text.
    #[must_use]
    pub fn first(self, text: &str) -> Self {
        let wide = text.get(self.start..).and_then(|rest| rest.chars().next());
        Self::new(self.start, self.start + wide.map_or(0, char::len_utf8))
    }
}

impl Source {
    /// The file of this name with this text.
    pub fn new(path: &str, text: Arc<str>) -> Self {
        let starts = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, byte)| *byte == b'\n')
                    .map(|(at, _)| at + 1),
            )
            .collect();
        Self {
            path: path.into(),
            text,
            line_starts: starts,
        }
    }

    /// The same text under another path.
    #[must_use]
    pub(crate) fn renamed(&self, path: &str) -> Self {
        Self {
            path: path.into(),
            ..self.clone()
        }
    }

    /// Its path, relative to the folder that is checked.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Its text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Where a byte is, as people count. A byte within a character counts as the character.
    pub fn line_column(&self, byte: usize) -> LineColumn {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start <= byte);
        let start = self.line_starts[line - 1];
        LineColumn {
            line,
            column: self.text[start..byte].chars().count() + 1,
        }
    }

    /// The line of a byte, from 1.
    pub fn line(&self, byte: usize) -> u32 {
        u32::try_from(self.line_column(byte).line).unwrap_or(u32::MAX)
    }
}

/// The byte at which each character of a text begins. The YAML parser counts characters; we count bytes.
#[derive(Debug)]
pub struct CharIndex {
    /// `None` for a text of ASCII only, where both are the same.
    starts: Option<Vec<u32>>,
    length: usize,
}

impl CharIndex {
    /// The index of this text.
    pub fn new(text: &str) -> Self {
        let starts = (!text.is_ascii()).then(|| {
            text.char_indices()
                .map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX))
                .collect()
        });
        Self {
            starts,
            length: text.len(),
        }
    }

    /// The byte at which this character begins; past the last one, the end of the text.
    pub fn byte(&self, character: usize) -> usize {
        match &self.starts {
            None => character.min(self.length),
            Some(starts) => starts.get(character).map_or(self.length, |at| *at as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_in_characters_after_chinese_text() {
        let source = Source::new("a.yaml", "zh: 项目报备\nx: 归 y\n".into());
        let at =
            |needle: &str| source.line_column(source.text().find(needle).expect("it is there"));
        assert_eq!(at("项"), LineColumn { line: 1, column: 5 });
        assert_eq!(at("备"), LineColumn { line: 1, column: 8 });
        assert_eq!(at("y"), LineColumn { line: 2, column: 6 });
        assert_eq!(source.line_column(999), LineColumn { line: 3, column: 1 });
        assert_eq!(
            source.line_column(5),
            LineColumn { line: 1, column: 5 },
            "within a character"
        );
    }

    #[test]
    fn finds_the_byte_of_a_character() {
        for (text, character, byte) in [
            ("abc", 2, 2),
            ("abc", 9, 3),
            ("项目x", 2, 6),
            ("项目x", 3, 7),
            ("", 0, 0),
        ] {
            assert_eq!(
                CharIndex::new(text).byte(character),
                byte,
                "{text} {character}"
            );
        }
    }
}
