//! `shared.yaml`, as JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::{MessageFile, Named, OneOrMany, RoleFile, Texts};

/// What all workflows of a folder may use without declaring it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SharedFile {
    /// Always 1.
    #[schemars(range(min = 1, max = 1))]
    pub shared: u32,
    /// The languages that texts must have.
    pub languages: Option<OneOrMany<Tag>>,
    /// The time zone, for example `Asia/Shanghai`.
    pub timezone: Option<String>,
    /// Working days and opening hours; the first holds where none is picked.
    pub calendars: Option<Named<CalendarFile>>,
    /// Reference data; a case keeps a copy of what was picked.
    pub lists: Option<Named<ListFile>>,
    /// Data of the host system by kind, each field with its type.
    pub facts: Option<Named<BTreeMap<String, Value>>>,
    /// Common roles.
    pub roles: Option<Named<RoleFile>>,
    /// Common messages.
    pub messages: Option<Named<MessageFile>>,
}

/// A language.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Tag {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// Working days and opening hours.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CalendarFile {
    /// The working week, for example `mon-fri`.
    pub week: Option<String>,
    /// Opening hours, for example `09:00-18:00`.
    pub hours: Option<String>,
    /// A file with a list of free days.
    pub holidays: Option<String>,
    /// A file with a list of make-up working days.
    pub workdays: Option<String>,
}

/// A reference list.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ListFile {
    /// What people call it.
    pub title: Option<Texts>,
    /// The file of its entries.
    pub file: String,
    /// The fields of an entry besides its `id`, each with its type.
    pub fields: Option<BTreeMap<String, Value>>,
}
