//! Reads single settings as what they mean, and gathers what is wrong with them. Not for which settings there are.

use crate::{
    Secret,
    error::{Fault, Origin},
    keys::{self, Kind},
    layers::{Layers, Setting, Value},
};
use std::collections::BTreeSet;

/// Takes settings out of the layers. A getter that answers `None` has noted why.
pub struct Reader {
    layers: Layers,
}

impl Reader {
    pub fn new(layers: Layers) -> Self {
        Self { layers }
    }

    /// The text of a setting.
    pub fn text(&mut self, key: &str) -> Option<String> {
        self.parsed(key, "a text that is not empty", |text| {
            (!text.trim().is_empty()).then(|| text.to_owned())
        })
    }

    /// A setting that `parse` understands; `right` completes "must be …".
    pub fn parsed<T>(
        &mut self,
        key: &str,
        right: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let Setting { value, origin } = self.layers.settings.get(key)?;
        let Value::Text(text) = value else {
            return None;
        };
        let parsed = parse(text);
        if parsed.is_none() {
            let shown = match keys::kind(key) {
                Some(Kind::Text { secret: false }) => format!(", not `{text}`"),
                Some(Kind::Text { secret: true } | Kind::Flag | Kind::Number | Kind::List)
                | None => String::new(),
            };
            let message = format!("`{key}` must be {right}{shown}");
            self.layers.faults.push(Fault {
                origin: origin.clone(),
                message,
            });
        }
        parsed
    }

    /// Like `parsed`, but the value is never shown.
    pub fn secret(
        &mut self,
        key: &str,
        right: &str,
        is_right: impl FnOnce(&str) -> bool,
    ) -> Option<Secret> {
        self.parsed(key, right, |text| is_right(text).then(|| Secret::new(text)))
    }

    /// Whether the setting stands anywhere.
    pub fn is_set(&self, key: &str) -> bool {
        self.layers.settings.contains_key(key)
    }

    /// A flag; false where it is not set.
    pub fn flag(&self, key: &str) -> bool {
        matches!(
            self.layers.settings.get(key),
            Some(Setting {
                value: Value::Flag(true),
                ..
            })
        )
    }

    /// A number; 0 where it is not set.
    pub fn number(&self, key: &str) -> u32 {
        match self.layers.settings.get(key) {
            Some(Setting {
                value: Value::Number(number),
                ..
            }) => *number,
            Some(Setting {
                value: Value::Text(_) | Value::Flag(_) | Value::List(_),
                ..
            })
            | None => 0,
        }
    }

    /// A list whose items `parse` understands; `right` completes "must be a list of …".
    pub fn parsed_list<T>(
        &mut self,
        key: &str,
        right: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut parsed = Vec::new();
        for item in self.list(key) {
            if let Some(item) = parse(&item) {
                parsed.push(item);
                continue;
            }
            let origin = self.layers.settings.get(key)?.origin.clone();
            let message = format!("`{key}` must be a list of {right}, not `{item}`");
            self.layers.faults.push(Fault { origin, message });
            return None;
        }
        Some(parsed)
    }

    /// A list; empty where it is not set.
    pub fn list(&self, key: &str) -> Vec<String> {
        match self.layers.settings.get(key) {
            Some(Setting {
                value: Value::List(items),
                ..
            }) => items.clone(),
            Some(Setting {
                value: Value::Text(_) | Value::Flag(_) | Value::Number(_),
                ..
            })
            | None => Vec::new(),
        }
    }

    /// The names that stand under a section in `<section>.<name>.<key>`.
    pub fn names_under(&self, section: &str) -> BTreeSet<String> {
        let keys = self.layers.settings.keys();
        let below = keys.filter_map(|key| {
            key.strip_prefix(section)?
                .strip_prefix('.')?
                .split_once('.')
        });
        below.map(|(name, _)| name.to_owned()).collect()
    }

    /// Notes that a setting must be there when others of its section are.
    pub fn require(&mut self, section: &str, key: &str) {
        let full = format!("{section}.{key}");
        if self.layers.settings.contains_key(&full) {
            return;
        }
        let beside = self
            .layers
            .settings
            .iter()
            .find(|(name, _)| name.starts_with(&format!("{section}.")));
        let origin = beside.map_or(Origin::Default, |(_, setting)| setting.origin.clone());
        self.layers.faults.push(Fault {
            origin,
            message: format!("`{full}` is missing"),
        });
    }

    /// What was wrong, in all.
    pub fn into_faults(self) -> Vec<Fault> {
        self.layers.faults
    }
}
