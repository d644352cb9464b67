//! `shared.yaml`: what all workflows of a folder may use without declaring it. A file in an outer folder
//! holds for the inner ones too; what is declared further in wins. Roles and messages are only found
//! here; they are lowered with each workflow, which they may speak of.

mod calendar;
mod list;
mod types;

use std::sync::Arc;

use countersign_core::{
    calendar::Calendar,
    name::Name,
    text::Language,
    time::Zone,
    workflow::{FactShape, Surroundings},
};
use indexmap::{IndexMap, IndexSet};

pub use list::ReferenceList;

use crate::{
    diagnostic::{Code, Finding},
    file::{File, Section},
    nearest::listed,
    source::{Files, folder_of},
    vocabulary,
    yaml::{Entry, Yaml},
};

/// What the shared files of a folder and of those around it say.
pub(crate) struct Shared {
    /// Innermost first.
    files: Vec<File>,
    surroundings: Arc<Surroundings>,
    calendars: IndexMap<Name, Calendar>,
    lists: Arc<[ReferenceList]>,
    referenced: Vec<String>,
    findings: Vec<Finding>,
}

impl Shared {
    /// Reads the shared files, innermost first, and the lists and calendars that they name.
    pub(crate) fn read(shared: Vec<File>, files: &Files) -> Self {
        let mut lists = IndexMap::new();
        let mut facts: IndexMap<Name, FactShape> = IndexMap::new();
        let mut calendars = IndexMap::new();
        let mut entries = Vec::new();
        let (mut languages, mut zone) = (None, None);
        for file in &shared {
            let root = file.keywords(&file.root, &vocabulary::SHARED);
            check_version(file, root);
            languages =
                languages.or_else(|| root.get("languages").map(|yaml| read_languages(file, yaml)));
            zone = zone.or_else(|| root.get("timezone").and_then(|yaml| read_zone(file, yaml)));
            for (name, entry) in named(file, root, "calendars") {
                if let Some(calendar) = calendar::read(file, &name, &entry.value, files) {
                    calendars.entry(name).or_insert(calendar);
                }
            }
            for (name, entry) in named(file, root, "lists") {
                let (shape, list) = list::read(file, &name, entry, files);
                if !lists.contains_key(&name) {
                    entries.extend(list);
                    lists.insert(name, shape);
                }
            }
            for (name, entry) in named(file, root, "facts") {
                let fields = types::fields(file, &entry.value, &format!("the facts of `{name}`"));
                facts.entry(name).or_insert(FactShape { fields });
            }
        }
        let calendar = calendars.values().next().cloned();
        let referenced = shared.iter().flat_map(referenced).collect();
        let findings = shared.iter().flat_map(File::take_findings).collect();
        Self {
            surroundings: Arc::new(Surroundings {
                languages: languages.unwrap_or_default(),
                zone: zone.unwrap_or(Zone::UTC),
                calendar: calendar.unwrap_or_else(calendar::usual),
                lists,
                facts,
            }),
            files: shared,
            calendars,
            lists: entries.into(),
            referenced,
            findings,
        }
    }

    /// The same, for lowering other workflows at the same time: what is found then is found here.
    pub(crate) fn fresh(&self) -> Self {
        Self {
            files: self.files.iter().map(File::fresh).collect(),
            surroundings: Arc::clone(&self.surroundings),
            calendars: self.calendars.clone(),
            lists: Arc::clone(&self.lists),
            referenced: self.referenced.clone(),
            findings: self.findings.clone(),
        }
    }

    /// What was found in the shared files themselves.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The lists with their entries.
    pub(crate) fn lists(&self) -> &[ReferenceList] {
        &self.lists
    }

    /// The paths of the lists and of the days that the shared files name.
    pub(crate) fn referenced(&self) -> impl Iterator<Item = &str> {
        self.referenced.iter().map(String::as_str)
    }

    /// The paths of the shared files, innermost first.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| &**file.source.path())
    }

    /// What was found while shared roles and messages were lowered with a workflow.
    pub(crate) fn take_findings(&self) -> Vec<Finding> {
        self.files.iter().flat_map(File::take_findings).collect()
    }

    /// The names that a section of the shared files declares.
    pub(crate) fn names(&self, section: &str) -> IndexSet<Name> {
        self.entries(section).map(|(name, _, _)| name).collect()
    }

    /// The entries of a section, the innermost declaration of each name first.
    pub(crate) fn entries<'a>(
        &'a self,
        section: &'a str,
    ) -> impl Iterator<Item = (Name, &'a File, &'a Entry)> {
        self.files.iter().flat_map(move |file| {
            let entries = file.root.get(section).map_or(&[][..], Yaml::entries);
            entries
                .iter()
                .filter_map(move |entry| Some((Name::parse(&entry.key.text).ok()?, file, entry)))
        })
    }

    /// The surroundings of a workflow: the folder's, with the calendar that the file picks.
    pub(crate) fn surroundings(&self, file: &File) -> Arc<Surroundings> {
        let Some(picked) = file.root.get("calendar").filter(|yaml| !yaml.is_null()) else {
            return Arc::clone(&self.surroundings);
        };
        let Some(word) = file.word(picked, "`calendar`") else {
            return Arc::clone(&self.surroundings);
        };
        let Some(calendar) = self.calendars.get(word) else {
            let message = format!("there is no calendar `{word}`");
            let known = self.calendars.keys().map(Name::as_str);
            file.unknown(Code::NoCalendar, picked.span, message, word, known);
            return Arc::clone(&self.surroundings);
        };
        Arc::new(Surroundings {
            calendar: calendar.clone(),
            ..(*self.surroundings).clone()
        })
    }
}

fn named<'a>(file: &File, root: Section<'a>, section: &str) -> Vec<(Name, &'a Entry)> {
    root.get(section)
        .map_or_else(Vec::new, |yaml| file.named(yaml, &format!("`{section}`")))
}

fn check_version(file: &File, root: Section<'_>) {
    match root.get("shared") {
        Some(version) if version.scalar().is_some_and(|scalar| scalar.text == "1") => {}
        Some(version) => {
            let message = "the only version of shared files is 1";
            file.bad_value(version.span, message, "write `shared: 1`");
        }
        None => file.missing(
            crate::source::Span::new(0, 0),
            "shared",
            "the shared file",
            "shared: 1",
        ),
    }
}

fn read_languages(file: &File, yaml: &Yaml) -> Vec<Language> {
    let mut languages = Vec::new();
    for item in yaml.items() {
        let Some(word) = file.word(item, "a language") else {
            continue;
        };
        match Language::ALL
            .into_iter()
            .find(|language| language.tag() == word)
        {
            Some(language) => languages.push(language),
            None => {
                let tags: Vec<&str> = Language::ALL
                    .iter()
                    .map(|language| language.tag())
                    .collect();
                let message = format!("`{word}` is not a language that texts can have");
                file.bad_value(item.span, message, &format!("there are {}", listed(&tags)));
            }
        }
    }
    languages
}

fn read_zone(file: &File, yaml: &Yaml) -> Option<Zone> {
    let word = file.word(yaml, "`timezone`")?;
    let zone = word.parse().ok();
    if zone.is_none() {
        let message = format!("there is no time zone `{word}`");
        file.bad_value(
            yaml.span,
            message,
            "write it as `Asia/Shanghai` or `Europe/Berlin`",
        );
    }
    zone
}

/// The files that a shared file names.
fn referenced(file: &File) -> Vec<String> {
    let of = |section: &str, keywords: [&str; 2]| -> Vec<String> {
        let entries = file.root.get(section).map_or(&[][..], Yaml::entries).iter();
        let named = entries.flat_map(|entry| keywords.map(|keyword| entry.value.get(keyword)));
        let named = named.flatten().filter_map(Yaml::scalar);
        named
            .map(|path| format!("{}{}", folder_of(file.source.path()), path.text))
            .collect()
    };
    [
        of("lists", ["file", "file"]),
        of("calendars", ["holidays", "workdays"]),
    ]
    .concat()
}
