//! Whether a value that is stored in canonical form could stand in this field as a draft: asked when a case comes to
//! another version of its form.

use serde_json::Value as Json;

use crate::{reading::Reading, text::Text, workflow::FieldKind};

use super::read::{MOST_ENTRIES, canonical, few_enough, in_entry};

/// What keeps a stored value from being one of this kind.
pub fn misfit(
    kind: &FieldKind,
    keywords: &Json,
    value: &Json,
    reading: &Reading<'_>,
) -> Option<Text> {
    match kind {
        // The entry was copied when it was picked; which list it came from is not kept.
        FieldKind::Pick { .. } if value.get("id").is_some_and(Json::is_string) => None,
        FieldKind::Pick { .. } => Some(Text::new(
            "this must be an entry of the list.",
            "应为列表中的一项。",
        )),
        FieldKind::List { items, most } => {
            let Some(entries) = value.as_array() else {
                return Some(Text::new("this must be a list.", "应为列表。"));
            };
            if let Err(why) = few_enough(entries.len(), most.unwrap_or(MOST_ENTRIES)) {
                return Some(why);
            }
            let inner = keywords.get("items").unwrap_or(&Json::Null);
            let mut entries = entries.iter().enumerate();
            entries.find_map(|(at, entry)| {
                misfit(items, inner, entry, reading).map(|why| in_entry(at, &why))
            })
        }
        FieldKind::Object(fields) => {
            let Some(members) = value.as_object() else {
                return Some(Text::new("this must be an object.", "应为对象。"));
            };
            members.iter().find_map(|(name, value)| {
                let Some(kind) = fields.get(name.as_str()) else {
                    return Some(Text::new(
                        format!("there is no “{name}” in it."),
                        format!("其中没有“{name}”。"),
                    ));
                };
                misfit(kind, &keywords["properties"][name.as_str()], value, reading)
            })
        }
        other => canonical(other, keywords, value, reading).err(),
    }
}
