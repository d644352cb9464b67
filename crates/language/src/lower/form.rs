//! Forms: a thin skin over JSON Schema.

use countersign_core::{
    form::{Checker, check_schema},
    name::Name,
    workflow::{Field, Form, FormSchema, Surroundings},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::{File, Section},
    source::Around,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, field, json_schema, text};

/// The forms of a file, without what their fields say about roles, states and expressions: that is
/// added by [`Lowering::complete_forms`], when these are known.
pub(crate) fn forms_of(
    file: &File,
    surroundings: &Surroundings,
    around: Around<'_>,
) -> IndexMap<Name, Form> {
    let Some(yaml) = file.root.get("forms").filter(|yaml| !yaml.is_null()) else {
        return IndexMap::new();
    };
    file.named(yaml, "`forms`")
        .into_iter()
        .map(|(name, entry)| (name.clone(), form(file, name, entry, surroundings, around)))
        .collect()
}

/// The files with JSON Schemas that the forms of a file name, from its folder.
pub(crate) fn schema_files(file: &File) -> Vec<&str> {
    let forms = file.root.get("forms").map_or(&[][..], Yaml::entries);
    let fields = forms.iter().filter_map(|form| form.value.get("fields"));
    let fields = fields.flat_map(Yaml::entries);
    let named = forms.iter().chain(fields);
    let named = named.filter_map(|named| named.value.get("$ref")?.scalar());
    named.map(|scalar| scalar.text.as_str()).collect()
}

fn form(
    file: &File,
    name: Name,
    entry: &Entry,
    surroundings: &Surroundings,
    around: Around<'_>,
) -> Form {
    let section = file.keywords(&entry.value, &vocabulary::FORM);
    let each_reviewer = section.get("each").is_some_and(|each| {
        let word = file.word(each, "`each`");
        if word.is_some_and(|word| word != "reviewer") {
            let message = "a form can be filled in by each `reviewer` only";
            file.bad_value(each.span, message, "write `each: reviewer`, or delete it");
        }
        true
    });
    let (fields, schema) = match (section.get("fields"), section.entry("$ref")) {
        (None, Some(written)) => {
            only_ref(file, section);
            json_schema::form(file, &written.value, around).unwrap_or_default()
        }
        (Some(_), Some(written)) => {
            let message = "a form has `fields`, or is a JSON Schema";
            let help = "delete one of them: a JSON Schema has its fields under `properties`";
            file.report(Code::ExclusiveKeywords, written.key.span, message, help);
            Default::default()
        }
        (Some(fields), None) => {
            let fields = fields_of(file, fields, surroundings, around);
            (
                fields,
                FormSchema::Beside(json_schema::beside(file, section)),
            )
        }
        (None, None) => {
            let of = format!("form `{name}`");
            let example = "fields: { note: { type: text } }";
            file.missing(entry.key.span, "fields", &of, example);
            Default::default()
        }
    };
    let title = text::title(file, section.get("title"), &surroundings.languages, &name);
    let form = Form {
        name,
        title,
        each_reviewer,
        fields,
        schema,
        checker: Checker::default(),
    };
    if let Err(error) = check_schema(&form) {
        let named = |word: &String| {
            let fields = section.get("fields")?;
            fields
                .entry(word)
                .or_else(|| fields.entry(&format!("{word}?")))
        };
        let at = error.field.as_ref().and_then(named).unwrap_or(entry);
        let message = format!("the keywords of `{}` make no JSON Schema", at.key.text);
        file.report(Code::BadValue, at.key.span, message, error.why);
    }
    form
}

/// Nothing is said beside a JSON Schema: it says it itself.
fn only_ref(file: &File, section: Section<'_>) {
    let words = section.entries().iter();
    for entry in words.filter(|entry| json_schema::BESIDE.contains(&entry.key.text.as_str())) {
        let message = format!("`{}` stands beside `$ref`", entry.key.text);
        let help = "write it into the JSON Schema";
        file.report(Code::ExclusiveKeywords, entry.key.span, message, help);
    }
}

fn fields_of(
    file: &File,
    yaml: &Yaml,
    surroundings: &Surroundings,
    around: Around<'_>,
) -> IndexMap<Name, Field> {
    let mut fields = IndexMap::new();
    for entry in file.mapping(yaml, "`fields`") {
        let written = entry.key.text.strip_suffix('?');
        let name = written.unwrap_or(&entry.key.text);
        let Some(name) = file.new_name(name, entry.key.span) else {
            continue;
        };
        if name == "by" {
            let message = "`by` is what the reviewer of a copy is called";
            file.report(
                Code::NameTaken,
                entry.key.span,
                message,
                "take another name",
            );
        }
        let mut field = field::field(file, name.clone(), entry, surroundings, around);
        field.required = written.is_none();
        if fields.insert(name.clone(), field).is_some() {
            let message = format!("`{name}` occurs twice");
            let help = "`name` and `name?` are one field: delete one of them";
            file.report(Code::DuplicateKey, entry.key.span, message, help);
        }
    }
    fields
}

impl Lowering<'_> {
    /// Adds what fields say about roles, states and expressions.
    pub(crate) fn complete_forms(&mut self) {
        let mut forms = std::mem::take(&mut self.forms);
        for (name, form) in &mut forms {
            let path = ["forms", name.as_str(), "fields"];
            let Some(written) = self.file.root.find(&path) else {
                continue;
            };
            for entry in written.value.entries() {
                let field_name = entry.key.text.trim_end_matches('?');
                if let Some(field) = form.fields.get_mut(field_name) {
                    self.complete_field(field, &entry.value);
                }
            }
        }
        self.forms = forms;
    }
}
