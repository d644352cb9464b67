//! What was typed, as a patch of forms: what is empty is removed, all else goes to the core as it was typed, which
//! says what is wrong with it.

use countersign_core::{
    time::{Zone, at_local},
    workflow::{Field, FieldKind, Form},
};
use serde_json::{Map, Value as Json};

use crate::door::Fields;

/// The values of a form's inputs whose names begin with `prefix`; those of fields that were not on the page are left
/// alone.
pub fn patch_of(
    form: &Form,
    prefix: &str,
    fields: &Fields,
    zone: Zone,
    open: impl Fn(&Field) -> bool,
) -> Option<(String, Json)> {
    let mut members = Map::new();
    for field in form.fields.values().filter(|field| open(field)) {
        let name = format!("{prefix}{}.{}", form.name, field.name);
        let typed = Typed { fields, zone };
        if let Some(value) = typed.value(&name, &field.kind) {
            members.insert(field.name.to_string(), value);
        }
    }
    (!members.is_empty()).then(|| (form.name.to_string(), Json::Object(members)))
}

struct Typed<'a> {
    fields: &'a Fields,
    zone: Zone,
}

impl Typed<'_> {
    /// `None`: it was not on the page.
    fn value(&self, name: &str, kind: &FieldKind) -> Option<Json> {
        match kind {
            FieldKind::List { items, .. } => self.list(name, items),
            FieldKind::Object(fields) => {
                let members = fields.iter().filter_map(|(member, kind)| {
                    let value = self.value(&format!("{name}.{member}"), kind)?;
                    (!value.is_null()).then(|| (member.to_string(), value))
                });
                let members: Map<String, Json> = members.collect();
                let there = self.fields.under(&format!("{name}.")).next().is_some();
                there.then_some(if members.is_empty() {
                    Json::Null
                } else {
                    Json::Object(members)
                })
            }
            kind => self.fields.first(name).map(|text| self.scalar(text, kind)),
        }
    }

    fn list(&self, name: &str, items: &FieldKind) -> Option<Json> {
        if let FieldKind::Object(_) = items {
            let rows = (0..).map_while(|row| self.value(&format!("{name}.{row}"), items));
            let filled: Vec<Json> = rows.filter(|row| !row.is_null()).collect();
            let there = self.fields.under(&format!("{name}.")).next().is_some();
            return there.then_some(some(filled));
        }
        // Either one area with an entry a line, or one value for each box that is ticked.
        self.fields.first(name)?;
        let lines = self.fields.all(name).flat_map(str::lines);
        let entries = lines
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| self.scalar(line, items));
        Some(some(entries.collect()))
    }

    fn scalar(&self, typed: &str, kind: &FieldKind) -> Json {
        let text = typed.trim();
        if text.is_empty() {
            return Json::Null;
        }
        let as_typed = || Json::from(text);
        match kind {
            FieldKind::Boolean => match text {
                "true" => true.into(),
                "false" => false.into(),
                _ => as_typed(),
            },
            FieldKind::Integer => text.parse::<i64>().map_or_else(|_| as_typed(), Json::from),
            FieldKind::Number => text.parse::<f64>().map_or_else(|_| as_typed(), Json::from),
            // Grouped as it is shown, an amount can be typed too.
            FieldKind::Money => text.replace([',', '，', ' '], "").into(),
            FieldKind::DateTime => self.moment(text).unwrap_or_else(as_typed),
            FieldKind::LongText => typed.into(),
            FieldKind::String
            | FieldKind::Date
            | FieldKind::Enum(_)
            | FieldKind::Pick { .. }
            | FieldKind::Person { .. }
            | FieldKind::List { .. }
            | FieldKind::Object(_) => as_typed(),
        }
    }

    /// A moment on the clock of the workflow's zone.
    fn moment(&self, text: &str) -> Option<Json> {
        let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        let mut read = formats
            .iter()
            .filter_map(|format| chrono::NaiveDateTime::parse_from_str(text, format).ok());
        let local = read.next()?;
        Some(countersign_core::time::to_text(at_local(local, self.zone)).into())
    }
}

/// A list that is empty is none.
fn some(entries: Vec<Json>) -> Json {
    if entries.is_empty() {
        Json::Null
    } else {
        Json::Array(entries)
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::name::Name;
    use indexmap::IndexMap;
    use serde_json::json;

    use super::*;

    fn read(body: &str, kind: &FieldKind) -> Option<Json> {
        let fields = Fields::read(body.as_bytes());
        let typed = Typed {
            fields: &fields,
            zone: chrono_tz::Asia::Shanghai,
        };
        typed.value("f", kind)
    }

    fn list(items: FieldKind) -> FieldKind {
        FieldKind::List {
            items: Box::new(items),
            most: None,
        }
    }

    #[test]
    fn what_is_typed_becomes_a_value_of_its_kind() {
        for (body, kind, value) in [
            ("f=+x+", FieldKind::String, json!("x")),
            ("f=", FieldKind::String, json!(null)),
            ("f=330%2C000.00", FieldKind::Money, json!("330000.00")),
            ("f=7", FieldKind::Integer, json!(7)),
            ("f=seven", FieldKind::Integer, json!("seven")),
            ("f=true", FieldKind::Boolean, json!(true)),
            (
                "f=2026-11-23T09:00",
                FieldKind::DateTime,
                json!("2026-11-23T01:00:00.000Z"),
            ),
            (
                "f=a%0D%0A%0D%0Ab",
                list(FieldKind::String),
                json!(["a", "b"]),
            ),
            (
                "f=&f=ecs&f=cce",
                list(FieldKind::String),
                json!(["ecs", "cce"]),
            ),
            ("f=", list(FieldKind::String), json!(null)),
        ] {
            assert_eq!(read(body, &kind), Some(value), "{body}");
        }
        assert_eq!(
            read("g=1", &FieldKind::String),
            None,
            "it was not on the page"
        );
    }

    #[test]
    fn rows_that_are_empty_are_none() {
        let name = |name| Name::parse(name).expect("a name");
        let row = FieldKind::Object(IndexMap::from([
            (name("what"), FieldKind::String),
            (name("days"), FieldKind::Integer),
        ]));
        let body = "f.0.what=a&f.0.days=2&f.1.what=&f.1.days=&f.2.what=b&f.2.days=";
        assert_eq!(
            read(body, &list(row)),
            Some(json!([{ "what": "a", "days": 2 }, { "what": "b" }]))
        );
    }
}
