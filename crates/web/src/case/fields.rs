//! Inputs for the fields of forms. A half-filled draft is kept as it is: nothing here judges a value.

use countersign_core::{
    text::Language,
    workflow::{Field, FieldKind, Form},
};
use maud::{Markup, html};
use serde_json::Value as Json;

use super::{Choices, Typed, load::title_of, words::Called};
use crate::page::{Clockwork, say};

/// So many empty rows follow those of a table that are filled.
const SPARE_ROWS: usize = 2;
/// The most rows of a table on a page.
const ROWS_MOST: usize = 50;

/// What inputs are made from.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// How moments are told.
    pub clock: Clockwork,
    /// What can be picked.
    pub choices: &'a Choices,
    /// What was typed, and what was wrong.
    pub typed: &'a Typed,
    /// What names of inputs begin with: empty, or the action that the form comes with.
    pub prefix: &'a str,
}

/// One value to be typed.
struct Input<'a> {
    /// The name, which is the id too.
    name: String,
    /// What it is called.
    label: String,
    /// The ids of what describes it.
    described: Option<String>,
    kind: &'a FieldKind,
    /// What the words and members in it are called.
    called: Called<'a>,
    value: &'a Json,
    schema: &'a Json,
    wrong: bool,
}

/// The inputs of a form: those of its fields that may be written.
pub fn inputs(
    with: Inputs<'_>,
    form: &Form,
    values: &Json,
    open: impl Fn(&Field) -> bool,
) -> Markup {
    html! {
        @for field in form.fields.values().filter(|field| open(field)) {
            (with.field(form, field, values.get(field.name.as_str()).unwrap_or(&Json::Null)))
        }
    }
}

impl Inputs<'_> {
    fn language(&self) -> Language {
        self.clock.language
    }

    fn field(&self, form: &Form, field: &Field, value: &Json) -> Markup {
        let language = self.language();
        let place = format!("{}.{}", form.name, field.name);
        let name = format!("{}{place}", self.prefix);
        let fault = self.typed.fault(&place);
        let hint = field.description.as_ref();
        let described: Vec<String> = [
            hint.map(|_| format!("{name}-hint")),
            fault.map(|_| format!("{name}-wrong")),
        ]
        .into_iter()
        .flatten()
        .collect();
        let optional = if field.required {
            ""
        } else {
            say(language, " (optional)", "（选填）")
        };
        let input = Input {
            label: format!("{}{optional}", field.title.get(language)),
            described: (!described.is_empty()).then(|| described.join(" ")),
            kind: &field.kind,
            called: Called::of(field, language),
            value,
            schema: &field.schema,
            wrong: fault.is_some(),
            name,
        };
        html! {
            div.field.wrong[fault.is_some()] {
                (self.labelled(&input, &html! {
                    @if let Some(hint) = hint {
                        p.hint id={ (input.name) "-hint" } { (hint.get(language)) }
                    }
                    @if let Some(fault) = fault {
                        p.fault id={ (input.name) "-wrong" } { (fault.message) }
                    }
                }))
            }
        }
    }

    /// A group of inputs has a legend, a single one a label.
    fn labelled(&self, input: &Input<'_>, notes: &Markup) -> Markup {
        let is_group = match input.kind {
            FieldKind::Boolean | FieldKind::Object(_) => true,
            FieldKind::List { items, .. } => {
                self.options(items, &input.called).is_some()
                    || matches!(**items, FieldKind::Object(_))
            }
            FieldKind::Enum(words) => words.len() <= 4,
            _ => false,
        };
        if is_group {
            html! {
                fieldset id=(input.name) aria-describedby=[input.described.as_deref()] tabindex="-1" {
                    legend { (input.label) }
                    (notes)
                    (self.control(input))
                }
            }
        } else {
            html! {
                label for=(input.name) { (input.label) }
                (notes)
                (self.control(input))
            }
        }
    }

    fn control(&self, input: &Input<'_>) -> Markup {
        let language = self.language();
        match input.kind {
            FieldKind::LongText => self.area(input, 5, &text(input.value)),
            FieldKind::Boolean => self.radios(
                input,
                &[
                    ("true", say(language, "Yes", "是")),
                    ("false", say(language, "No", "否")),
                ],
            ),
            FieldKind::Enum(words) if words.len() <= 4 => {
                let titled: Vec<String> =
                    words.iter().map(|word| input.called.word(word)).collect();
                let words = words.iter().map(String::as_str);
                let words: Vec<(&str, &str)> =
                    words.zip(titled.iter().map(String::as_str)).collect();
                self.radios(input, &words)
            }
            FieldKind::Enum(_) | FieldKind::Pick { .. } | FieldKind::Person { group: Some(_) } => {
                self.select(input)
            }
            FieldKind::Date => self.line(input, "date", None, &text(input.value)),
            FieldKind::DateTime => {
                let local = input.value.as_str().and_then(|text| text.parse().ok());
                let local = local.map(|time: countersign_core::time::Time| {
                    let local = time.with_timezone(&self.clock.zone);
                    local.format("%Y-%m-%dT%H:%M").to_string()
                });
                self.line(input, "datetime-local", None, &local.unwrap_or_default())
            }
            FieldKind::Money => self.line(input, "text", Some("decimal"), &text(input.value)),
            FieldKind::Integer | FieldKind::Number => {
                self.line(input, "text", Some("numeric"), &text(input.value))
            }
            FieldKind::String | FieldKind::Person { group: None } => {
                self.line(input, "text", None, &text(input.value))
            }
            FieldKind::List { items, .. } => self.list(input, items),
            FieldKind::Object(fields) => {
                self.members(&input.name, fields, input.value, &input.called)
            }
        }
    }

    fn line(&self, input: &Input<'_>, of: &str, mode: Option<&str>, stored: &str) -> Markup {
        let typed = self.typed.value(&input.name);
        let longest = input.schema.get("maxLength").and_then(Json::as_u64);
        let class = match (input.kind, longest) {
            (FieldKind::Money | FieldKind::Integer | FieldKind::Number | FieldKind::Date, _) => {
                "short"
            }
            (FieldKind::DateTime, _) => "middle",
            (_, Some(0..=30)) => "short",
            _ => "",
        };
        html! {
            input type=(of) id=(input.name) name=(input.name) class=[(!class.is_empty()).then_some(class)] value=(typed.unwrap_or(stored))
                inputmode=[mode] maxlength=[longest.map(|longest| longest.to_string())] autocomplete="off"
                aria-describedby=[input.described.as_deref()] aria-invalid=[input.wrong.then_some("true")];
        }
    }

    fn area(&self, input: &Input<'_>, rows: usize, stored: &str) -> Markup {
        let typed = self.typed.value(&input.name);
        html! {
            textarea id=(input.name) name=(input.name) rows=(rows) aria-describedby=[input.described.as_deref()]
                aria-invalid=[input.wrong.then_some("true")] { "\n" (typed.unwrap_or(stored)) }
        }
    }

    fn radios(&self, input: &Input<'_>, words: &[(&str, &str)]) -> Markup {
        let stored = text(input.value);
        let chosen = match &self.typed.fields {
            Some(fields) => fields.first(&input.name).unwrap_or_default(),
            None => &stored,
        };
        html! {
            div.options {
                @for (word, title) in words {
                    label.option {
                        input type="radio" name=(input.name) value=(word) checked[*word == chosen];
                        span { (title) }
                    }
                }
            }
        }
    }

    fn select(&self, input: &Input<'_>) -> Markup {
        let language = self.language();
        let stored = id_of(input.value);
        let chosen = self.typed.value(&input.name).unwrap_or(&stored);
        let options = self.options(input.kind, &input.called).unwrap_or_default();
        let known = options.iter().any(|(id, _)| id == chosen);
        html! {
            select id=(input.name) name=(input.name) aria-describedby=[input.described.as_deref()] aria-invalid=[input.wrong.then_some("true")] {
                option value="" { (say(language, "– choose –", "– 请选择 –")) }
                @if !known && !chosen.is_empty() {
                    option value=(chosen) selected { (title_of(chosen, input.value, language)) }
                }
                @for (id, title) in &options { option value=(id) selected[id == chosen] { (title) } }
            }
        }
    }

    fn list(&self, input: &Input<'_>, items: &FieldKind) -> Markup {
        let language = self.language();
        let entries = input
            .value
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        if let Some(options) = self.options(items, &input.called) {
            let stored: Vec<String> = entries.iter().map(id_of).collect();
            let chosen = |id: &str| match &self.typed.fields {
                Some(fields) => fields.all(&input.name).any(|typed| typed == id),
                None => stored.iter().any(|stored| stored == id),
            };
            return html! {
                input type="hidden" name=(input.name) value="";
                div.options.many {
                    @for (id, title) in &options {
                        label.option {
                            input type="checkbox" name=(input.name) value=(id) checked[chosen(id)];
                            span { (title) }
                        }
                    }
                }
            };
        }
        if let FieldKind::Object(fields) = items {
            return self.rows(input, fields, entries);
        }
        let lines: Vec<String> = entries.iter().map(text).collect();
        html! {
            p.hint { (say(language, "One a line.", "每行一项。")) }
            (self.area(input, (lines.len() + 1).clamp(3, 12), &lines.join("\n")))
        }
    }

    fn rows(
        &self,
        input: &Input<'_>,
        fields: &indexmap::IndexMap<countersign_core::name::Name, FieldKind>,
        entries: &[Json],
    ) -> Markup {
        let most = match input.kind {
            FieldKind::List {
                most: Some(most), ..
            } => usize::try_from(*most).unwrap_or(ROWS_MOST),
            _ => ROWS_MOST,
        };
        let rows = (entries.len() + SPARE_ROWS)
            .min(most.min(ROWS_MOST))
            .max(entries.len());
        html! {
            @for row in 0..rows {
                fieldset.row {
                    legend { (row + 1) }
                    (self.members(&format!("{}.{row}", input.name), fields, entries.get(row).unwrap_or(&Json::Null), &input.called))
                }
            }
            p.hint { (say(self.language(), "Save the draft for more rows.", "保存草稿后可填写更多行。")) }
        }
    }

    fn members(
        &self,
        name: &str,
        fields: &indexmap::IndexMap<countersign_core::name::Name, FieldKind>,
        value: &Json,
        called: &Called<'_>,
    ) -> Markup {
        html! {
            @for (member, kind) in fields {
                @let input = Input {
                    name: format!("{name}.{member}"),
                    label: called.member(member),
                    called: called.within(member),
                    described: None,
                    kind,
                    value: value.get(member.as_str()).unwrap_or(&Json::Null),
                    schema: &Json::Null,
                    wrong: false,
                };
                div.field { (self.labelled(&input, &html! {})) }
            }
        }
    }

    /// What can be picked of this kind.
    fn options(&self, kind: &FieldKind, called: &Called<'_>) -> Option<Vec<(String, String)>> {
        match kind {
            FieldKind::Enum(words) => Some(
                words
                    .iter()
                    .map(|word| (word.clone(), called.word(word)))
                    .collect(),
            ),
            kind => self.choices.of(kind).map(<[_]>::to_vec),
        }
    }
}

/// A value as it is typed.
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The id of a picked entry, or the word itself.
fn id_of(value: &Json) -> String {
    value.get("id").map_or_else(|| text(value), text)
}
