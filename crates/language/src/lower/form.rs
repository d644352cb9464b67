//! Forms: a thin skin over JSON Schema.

use countersign_core::{
    form::{Checker, check_schema},
    name::Name,
    workflow::{Field, Form, Surroundings},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::File,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, field, text};

/// The forms of a file, without what their fields say about roles, states and expressions: that is
/// added by [`Lowering::complete_forms`], when these are known.
pub(crate) fn forms_of(file: &File, surroundings: &Surroundings) -> IndexMap<Name, Form> {
    let Some(yaml) = file.root.get("forms").filter(|yaml| !yaml.is_null()) else {
        return IndexMap::new();
    };
    file.named(yaml, "`forms`")
        .into_iter()
        .map(|(name, entry)| (name.clone(), form(file, name, entry, surroundings)))
        .collect()
}

fn form(file: &File, name: Name, entry: &Entry, surroundings: &Surroundings) -> Form {
    let section = file.keywords(&entry.value, &vocabulary::FORM);
    let each_reviewer = section.get("each").is_some_and(|each| {
        let word = file.word(each, "`each`");
        if word.is_some_and(|word| word != "reviewer") {
            let message = "a form can be filled in by each `reviewer` only";
            file.bad_value(each.span, message, "write `each: reviewer`, or delete it");
        }
        true
    });
    let fields = match section.get("fields") {
        Some(fields) => fields_of(file, fields, surroundings),
        None => {
            if section.entry("$ref").is_none() {
                let of = format!("form `{name}`");
                let example = "fields: { note: { type: text } }";
                file.missing(entry.key.span, "fields", &of, example);
            }
            IndexMap::new()
        }
    };
    let title = text::title(file, section.get("title"), &surroundings.languages, &name);
    let form = Form {
        name,
        title,
        each_reviewer,
        fields,
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

fn fields_of(file: &File, yaml: &Yaml, surroundings: &Surroundings) -> IndexMap<Name, Field> {
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
        let field = field::field(file, name.clone(), entry, surroundings, written.is_none());
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
