//! `migrate`: how cases of older versions may be moved to this one. What only the older version's file can tell (whether
//! it has such a state, timer or form) is `check::older`'s.

use std::collections::BTreeMap;

use countersign_core::{
    name::Name,
    workflow::{Migration, Place, StatePath, TimerFate},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::Section,
    vocabulary,
    yaml::{Entry, Key, Yaml},
};

use super::{Lowering, text};

impl Lowering<'_> {
    /// By older version.
    pub(super) fn migrations(&self, yaml: Option<&Yaml>, version: u32) -> BTreeMap<u32, Migration> {
        let entries = yaml.map_or(&[][..], |yaml| self.file.mapping(yaml, "`migrate`"));
        entries
            .iter()
            .filter_map(|entry| {
                let from = self.older_version(&entry.key, version)?;
                Some((from, self.migration(entry)))
            })
            .collect()
    }

    fn older_version(&self, key: &Key, version: u32) -> Option<u32> {
        let from = key.text.parse::<u32>().ok();
        let older = from.filter(|from| (1..version).contains(from));
        if older.is_none() {
            let message = format!("`{}` is no version before {version}", key.text);
            let help = "write the number of the older version whose cases may be moved: `1: { … }`";
            self.file.bad_value(key.span, message, help);
        }
        older
    }

    fn migration(&self, entry: &Entry) -> Migration {
        let section = self.file.keywords(&entry.value, &vocabulary::MIGRATION);
        let note = section.get("note");
        let languages = &self.surroundings.languages;
        Migration {
            states: self.renamed_states(section),
            stay: self.staying(section.get("stay")),
            data: self.renamed_data(section.get("data")),
            set: section
                .get("set")
                .map_or_else(Vec::new, |yaml| self.set(yaml, &self.scope_of_state(None))),
            timers: self.timer_fates(section.get("timers")),
            note: note.map(|yaml| text::text(self.file, yaml, languages, "`note`")),
            line: self.file.line(entry.key.span),
        }
    }

    fn renamed_states(
        &self,
        section: Section<'_>,
    ) -> IndexMap<StatePath, countersign_core::workflow::StateId> {
        let entries = section
            .get("states")
            .map_or(&[][..], |yaml| self.file.mapping(yaml, "`states`"));
        entries
            .iter()
            .filter_map(|entry| {
                let word = self.file.word(&entry.value, "a state")?;
                let state = self
                    .outline
                    .state(self.file, None, word, entry.value.span)?;
                Some((StatePath::new(&entry.key.text), state))
            })
            .collect()
    }

    fn staying(&self, yaml: Option<&Yaml>) -> Vec<StatePath> {
        let items = yaml.map_or(&[][..], Yaml::items).iter();
        items
            .filter_map(|item| self.file.word(item, "a state"))
            .map(StatePath::new)
            .collect()
    }

    fn renamed_data(&self, yaml: Option<&Yaml>) -> IndexMap<Place, Place> {
        let entries = yaml.map_or(&[][..], |yaml| self.file.mapping(yaml, "`data`"));
        entries
            .iter()
            .filter_map(|entry| {
                let old = self.place_in(&entry.key.text, entry.key.span)?;
                let word = self.file.word(&entry.value, "a form, field, material or link")?;
                let new = self.place_in(word, entry.value.span)?;
                if !self.has_place(&new) {
                    let message = format!("there is no form, field, material or link `{new}`");
                    let help = "on the right stands what it is called in this version: `old.field: new.field`";
                    self.file
                        .report(Code::NoSuchThing, entry.value.span, message, help);
                    return None;
                }
                if matches!(old, Place::Field(..)) != matches!(new, Place::Field(..)) {
                    let message = "a field goes to a field, and all else to a whole";
                    let help = "write `form.field: form.field`, or `form: form`";
                    self.file.bad_value(entry.value.span, message, help);
                    return None;
                }
                Some((old, new))
            })
            .collect()
    }

    fn place_in(&self, text: &str, span: crate::source::Span) -> Option<Place> {
        match text.split_once('.') {
            None => self.file.new_name(text, span).map(Place::Whole),
            Some((form, field)) => Some(Place::Field(
                self.file.new_name(form, span)?,
                self.file.new_name(field, span)?,
            )),
        }
    }

    fn has_place(&self, place: &Place) -> bool {
        match place {
            Place::Whole(name) => {
                self.forms.contains_key(name)
                    || self.names.materials.contains_key(name)
                    || self.names.links.contains(name)
            }
            Place::Field(form, field) => self
                .forms
                .get(form)
                .is_some_and(|form| form.fields.contains_key(field)),
        }
    }

    fn timer_fates(&self, yaml: Option<&Yaml>) -> IndexMap<Name, TimerFate> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`timers`"));
        named
            .into_iter()
            .filter_map(|(name, entry)| {
                let fate = self.timer_fate(entry)?;
                let is_here = self.outline.timer_names().any(|timer| name == *timer);
                if !is_here && fate != TimerFate::Drop {
                    let known: Vec<&str> = self.outline.timer_names().collect();
                    let message = format!("this version has no timer `{name}` to go on");
                    self.file.unknown(
                        Code::NoSuchThing,
                        entry.key.span,
                        message,
                        &name,
                        known.into_iter(),
                    );
                }
                Some((name, fate))
            })
            .collect()
    }

    fn timer_fate(&self, entry: &Entry) -> Option<TimerFate> {
        match self.file.word(&entry.value, "what becomes of the timer")? {
            "keep" => Some(TimerFate::Keep),
            "restart" => Some(TimerFate::Restart),
            "drop" => Some(TimerFate::Drop),
            other => {
                let message = format!("`{other}` is nothing that can become of a timer");
                let help = "write `keep`, `restart` or `drop`";
                self.file.bad_value(entry.value.span, message, help);
                None
            }
        }
    }
}
