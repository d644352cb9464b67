//! Materials: kinds of file, sizes, how many, and templates to download.

use countersign_core::{name::Name, workflow::Material};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::{File, Section},
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, text};

/// The size of a file where none is said: 20 MB.
const USUAL_BYTES: u64 = 20 * MEGA;
const MEGA: u64 = 1_000_000;

impl Lowering<'_> {
    pub(crate) fn materials(&self, yaml: Option<&Yaml>) -> IndexMap<Name, Material> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`materials`"));
        named
            .into_iter()
            .map(|(name, entry)| (name.clone(), self.material(name, entry)))
            .collect()
    }

    fn material(&self, name: Name, entry: &Entry) -> Material {
        let file = self.file;
        let section = file.keywords(&entry.value, &vocabulary::MATERIAL);
        let accept = self.accept(&name, section, entry);
        let max_bytes = section
            .get("max")
            .and_then(|yaml| size(file, yaml, "`max`"))
            .unwrap_or(USUAL_BYTES);
        let (least, most) = section
            .get("count")
            .and_then(|yaml| count(file, yaml))
            .unwrap_or((1, 1));
        let optional = section
            .get("optional")
            .is_some_and(|yaml| file.truth(yaml, "`optional`"));
        Material {
            title: text::title(
                file,
                section.get("title"),
                &self.surroundings.languages,
                &name,
            ),
            name,
            accept,
            max_bytes,
            least: if optional { 0 } else { least },
            most,
            template: section
                .get("template")
                .and_then(|yaml| self.template_file(yaml)),
        }
    }

    fn accept(&self, name: &Name, section: Section<'_>, entry: &Entry) -> Vec<String> {
        let Some(accept) = section.get("accept") else {
            let of = format!("material `{name}`");
            self.file
                .missing(entry.key.span, "accept", &of, "accept: [pdf, docx]");
            return Vec::new();
        };
        let mut kinds = Vec::new();
        for item in accept.items() {
            let Some(word) = self.file.word(item, "a kind of file") else {
                continue;
            };
            let kind = word.trim_start_matches('.').to_lowercase();
            if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                let message = format!("`{word}` is not a kind of file");
                self.file
                    .bad_value(item.span, message, "write the ending of the name: `pdf`");
            } else {
                kinds.push(kind);
            }
        }
        kinds
    }

    fn template_file(&self, yaml: &Yaml) -> Option<String> {
        let path = self.file.word(yaml, "`template`")?;
        if !self.around.has(path) {
            let message = format!("there is no file `{path}`");
            let help = "give its path from the folder of this file, for example `templates/self_check.xlsx`";
            self.file.report(Code::NoSuchFile, yaml.span, message, help);
            return None;
        }
        Some(path.to_owned())
    }
}

/// `20 MB`, `500 KB`: decimal units, as on disks and in mails.
pub(crate) fn size(file: &File, yaml: &Yaml, what: &str) -> Option<u64> {
    let text = file.word(yaml, what)?;
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].trim() {
        "bytes" => Some(1),
        "KB" | "kB" => Some(1_000),
        "MB" => Some(MEGA),
        "GB" => Some(1_000 * MEGA),
        _ => None,
    };
    let bytes = digits.parse::<u64>().ok().zip(unit);
    let bytes = bytes
        .and_then(|(number, unit)| number.checked_mul(unit))
        .filter(|bytes| *bytes > 0);
    if bytes.is_none() {
        file.bad_value(
            yaml.span,
            format!("`{text}` is not a size"),
            "write `20 MB` or `500 KB`",
        );
    }
    bytes
}

/// `3`, or `1..5`.
fn count(file: &File, yaml: &Yaml) -> Option<(u32, u32)> {
    let text = file.word(yaml, "`count`")?;
    let range = match text.split_once("..") {
        Some((least, most)) => least.trim().parse().ok().zip(most.trim().parse().ok()),
        None => text.parse().ok().map(|number| (number, number)),
    };
    let range =
        range.filter(|(least, most): &(u32, u32)| least <= most && *most > 0 && *most <= 100);
    if range.is_none() {
        let message = format!("`{text}` is not a number of files");
        file.bad_value(
            yaml.span,
            message,
            "write `1..5`, or one number; at most 100",
        );
    }
    range
}
