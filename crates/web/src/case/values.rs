//! Values of forms, for reading.

use countersign_core::{
    money::Money,
    workflow::{FieldKind, Form},
};
use maud::{Markup, html};
use serde_json::Value as Json;

use super::{Shown, load::title_of, words::Called};
use crate::page::say;

/// All fields of a form that have a value, or all of them where something is missing that should be there.
pub fn form_values(
    shown: &Shown,
    form: &Form,
    values: &Json,
    beside: impl Fn(&str) -> Markup,
) -> Markup {
    html! {
        dl.values {
            @for field in form.fields.values() {
                @if let Some(value) = values.get(field.name.as_str()) {
                    @let place = format!("{}.{}", form.name, field.name);
                    div.value id={ "v-" (place) } {
                        dt { (field.title.get(shown.language())) }
                        dd { (self::value(shown, &Called::of(field, shown.language()), &field.kind, value)) (beside(&place)) }
                    }
                }
            }
        }
    }
}

/// A value.
pub fn value(shown: &Shown, called: &Called<'_>, kind: &FieldKind, value: &Json) -> Markup {
    let language = shown.language();
    match (kind, value) {
        (_, Json::Null) => html! { span.none { "–" } },
        (FieldKind::Money, amount) => match Money::from_json(amount) {
            Ok(money) => html! { span.number { (money.grouped(language)) } },
            Err(_) => plain(amount),
        },
        (FieldKind::Boolean, Json::Bool(true)) => html! { (say(language, "Yes", "是")) },
        (FieldKind::Boolean, Json::Bool(false)) => html! { (say(language, "No", "否")) },
        (FieldKind::LongText, Json::String(text)) => html! { div.prose { (text) } },
        (FieldKind::DateTime, Json::String(text)) => match text.parse() {
            Ok(time) => shown.clock.moment(time),
            Err(_) => plain(value),
        },
        (FieldKind::Enum(_), Json::String(word)) => html! { (called.word(word)) },
        (FieldKind::Person { .. }, Json::String(id)) => html! { (shown.name(id)) },
        (FieldKind::Pick { .. }, entry @ Json::Object(_)) => {
            let id = entry.get("id").and_then(Json::as_str).unwrap_or_default();
            html! { (title_of(id, entry, language)) }
        }
        (FieldKind::List { items, .. }, Json::Array(entries)) => {
            list(shown, called, items, entries)
        }
        (FieldKind::Object(fields), Json::Object(members)) => html! {
            dl.inner {
                @for (name, kind) in fields {
                    @if let Some(member) = members.get(name.as_str()) {
                        div { dt { (called.member(name)) } dd { (self::value(shown, &called.within(name), kind, member)) } }
                    }
                }
            }
        },
        (_, value) => plain(value),
    }
}

fn list(shown: &Shown, called: &Called<'_>, items: &FieldKind, entries: &[Json]) -> Markup {
    match items {
        FieldKind::Object(fields) => html! {
            div.scroll tabindex="0" {
                table.rows {
                    thead { tr { @for name in fields.keys() { th scope="col" { (called.member(name)) } } } }
                    tbody {
                        @for entry in entries {
                            tr { @for (name, kind) in fields {
                                td { (value(shown, &called.within(name), kind, entry.get(name.as_str()).unwrap_or(&Json::Null))) }
                            } }
                        }
                    }
                }
            }
        },
        _ => html! {
            ul.plain { @for entry in entries { li { (value(shown, called, items, entry)) } } }
        },
    }
}

fn plain(value: &Json) -> Markup {
    match value {
        Json::String(text) => html! { (text) },
        other => html! { (other.to_string()) },
    }
}

/// A size in bytes, as people say it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ if bytes.is_multiple_of(1_000_000) => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
