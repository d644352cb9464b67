//! Fields of forms: their kinds, and the keywords of JSON Schema that are passed on as they stand.

use countersign_core::{
    case::GroupId,
    expression::{Expect, Type},
    form::kind_type,
    name::Name,
    workflow::{Field, FieldKind, Surroundings, Titles},
};
use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::{
    diagnostic::Code,
    file::{File, Section},
    source::Around,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, json_schema, meaningless, text};

const TYPES: [&str; 11] = [
    "string",
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "date-time",
    "money",
    "person",
    "array",
    "object",
];

/// The keywords of a field that JSON Schema has not, or has otherwise.
const OURS: [&str; 7] = [
    "title",
    "description",
    "private",
    "derived",
    "frozen_after",
    "group",
    "$ref",
];

/// A field, without what it says about roles, states and expressions. It is required.
pub(super) fn field(
    file: &File,
    name: Name,
    entry: &Entry,
    surroundings: &Surroundings,
    around: Around<'_>,
) -> Field {
    let section = file.keywords(&entry.value, &vocabulary::FIELD);
    let languages = &surroundings.languages;
    let title = text::title(file, section.get("title"), languages, &name);
    let description = section
        .get("description")
        .map(|yaml| text::text(file, yaml, languages, "the description"));
    let read = match section.entry("$ref") {
        Some(written) => {
            only_ref(file, section);
            json_schema::value(file, &written.value, around)
        }
        None => kind(file, &entry.value, section, entry, surroundings)
            .map(|kind| (kind, keywords(section))),
    };
    let (kind, schema) = read.unwrap_or((FieldKind::String, Json::Null));
    let mut titles = Titles::default();
    name_parts(
        file,
        &entry.value,
        surroundings,
        &mut Vec::new(),
        &mut titles,
    );
    Field {
        name,
        title,
        description,
        required: true,
        schema,
        kind,
        titles,
        private: None,
        derived: None,
        frozen_after: None,
    }
}

/// Beside a JSON Schema stands only what it cannot say.
fn only_ref(file: &File, section: Section<'_>) {
    let words = section.entries().iter();
    for entry in words.filter(|entry| !OURS.contains(&entry.key.text.as_str())) {
        let message = format!("`{}` stands beside `$ref`", entry.key.text);
        let help = "write it into the JSON Schema";
        file.report(Code::ExclusiveKeywords, entry.key.span, message, help);
    }
}

/// What words and members within a field are called.
fn name_parts<'y>(
    file: &File,
    yaml: &'y Yaml,
    surroundings: &Surroundings,
    path: &mut Vec<&'y str>,
    titles: &mut Titles,
) {
    let languages = &surroundings.languages;
    let words = yaml.get("enum").map_or(&[][..], Yaml::entries);
    for word in words.iter().filter(|word| !word.value.is_null()) {
        let what = format!("the title of `{}`", word.key.text);
        let title = text::text(file, &word.value, languages, &what);
        titles.name_word(path, &word.key.text, title);
    }
    if let Some(items) = yaml.get("items") {
        name_parts(file, items, surroundings, path, titles);
    }
    let members = yaml.get("properties").map_or(&[][..], Yaml::entries);
    for member in members {
        path.push(&member.key.text);
        if let Some(title) = member.value.get("title").filter(|title| !title.is_null()) {
            let what = format!("the title of `{}`", member.key.text);
            titles.name_member(path, text::text(file, title, languages, &what));
        }
        name_parts(file, &member.value, surroundings, path, titles);
        path.pop();
    }
}

/// Whether a field's kind could not be read, which was reported: expressions take it as anything, so
/// that nothing more is said because of it.
pub(super) fn is_unread(field: &Field) -> bool {
    field.schema.is_null()
}

/// The keywords of JSON Schema among those of a field.
fn keywords(section: Section<'_>) -> Json {
    let kept = section.entries().iter();
    let kept = kept.filter(|entry| !OURS.contains(&entry.key.text.as_str()));
    Json::Object(
        kept.map(|entry| (entry.key.text.clone(), entry.value.to_json()))
            .collect(),
    )
}

fn kind(
    file: &File,
    yaml: &Yaml,
    section: Section<'_>,
    entry: &Entry,
    surroundings: &Surroundings,
) -> Option<FieldKind> {
    for entry in section.entries() {
        let word = entry.key.text.as_str();
        if !matches!(word, "items" | "properties") {
            json_schema::check_schemas(file, word, &entry.value);
        }
    }
    let written: Vec<&Entry> = ["type", "pick", "enum"]
        .iter()
        .filter_map(|word| section.entry(word))
        .collect();
    match written.as_slice() {
        [] => {
            let of = format!("`{}`", entry.key.text);
            file.missing(entry.key.span, "type", &of, "type: string");
            None
        }
        // `type: string` beside `enum` says nothing new.
        [one] | [one, _] if written.len() == 1 || is_string_enum(&written) => {
            let keyword = if written.len() == 1 { *one } else { written[1] };
            let kind = one_kind(file, yaml, keyword, section, surroundings)?;
            meaningless::check(file, section, &kind);
            Some(kind)
        }
        [first, .., last] => {
            let message = format!(
                "`{}` and `{}` exclude each other",
                first.key.text, last.key.text
            );
            let help = "a field has a `type`, is picked from a list (`pick`), or is one of the words of `enum`";
            file.report(Code::ExclusiveKeywords, last.key.span, message, help);
            None
        }
        [_] => None,
    }
}

fn is_string_enum(written: &[&Entry]) -> bool {
    let is_string = |entry: &Entry| {
        entry
            .value
            .scalar()
            .is_some_and(|scalar| scalar.text == "string")
    };
    matches!(written, [ty, words] if ty.key.text == "type" && is_string(ty) && words.key.text == "enum")
}

fn one_kind(
    file: &File,
    yaml: &Yaml,
    keyword: &Entry,
    section: Section<'_>,
    surroundings: &Surroundings,
) -> Option<FieldKind> {
    match keyword.key.text.as_str() {
        "pick" => pick(file, &keyword.value, surroundings),
        "enum" => {
            // With titles, words are keys.
            let keys = keyword.value.entries().iter();
            let mut words: Vec<String> = keys.map(|entry| entry.key.text.clone()).collect();
            if words.is_empty() {
                let items = keyword.value.items().iter();
                let items = items.filter_map(|item| file.word(item, "a word of `enum`"));
                words.extend(items.map(str::to_owned));
            }
            if words.is_empty() {
                file.bad_value(
                    keyword.value.span,
                    "`enum` has no words",
                    "write `enum: [A, B]`, or with titles `enum: { A: { en: …, zh: … } }`",
                );
            }
            Some(FieldKind::Enum(words))
        }
        _ => typed(file, yaml, &keyword.value, section, surroundings),
    }
}

fn pick(file: &File, yaml: &Yaml, surroundings: &Surroundings) -> Option<FieldKind> {
    let word = file.word(yaml, "`pick`")?;
    let list = surroundings
        .lists
        .get_key_value(word)
        .map(|(name, _)| name.clone());
    if list.is_none() {
        let message = format!("there is no list `{word}`");
        let known = surroundings.lists.keys().map(Name::as_str);
        file.unknown(Code::NoSuchList, yaml.span, message, word, known);
    }
    Some(FieldKind::Pick { list: list? })
}

fn typed(
    file: &File,
    yaml: &Yaml,
    ty: &Yaml,
    section: Section<'_>,
    surroundings: &Surroundings,
) -> Option<FieldKind> {
    let word = file.word(ty, "`type`")?;
    if let Some(group) = section.entry("group")
        && word != "person"
    {
        let message = "only a person is in a `group`";
        let help = "write `type: person`, or delete `group`";
        file.report(Code::ExclusiveKeywords, group.key.span, message, help);
    }
    Some(match word {
        "string" => FieldKind::String,
        "text" => FieldKind::LongText,
        "integer" => FieldKind::Integer,
        "number" => FieldKind::Number,
        "boolean" => FieldKind::Boolean,
        "date" => FieldKind::Date,
        "date-time" => FieldKind::DateTime,
        "money" => FieldKind::Money,
        "array" => return array(file, yaml, section, surroundings),
        "object" => FieldKind::Object(object(file, section, surroundings)),
        "person" => {
            let group = section.get("group");
            let group = group.and_then(|yaml| file.word(yaml, "`group`"));
            return Some(FieldKind::Person {
                group: group.map(GroupId::new),
            });
        }
        other => {
            let message = format!("there is no type `{other}`");
            file.unknown(Code::BadValue, ty.span, message, other, TYPES.into_iter());
            return None;
        }
    })
}

fn array(
    file: &File,
    yaml: &Yaml,
    section: Section<'_>,
    surroundings: &Surroundings,
) -> Option<FieldKind> {
    let Some(items) = section.entry("items") else {
        let span = yaml.span.first(file.text());
        file.missing(span, "items", "a list", "items: { type: string }");
        return None;
    };
    let inner = file.keywords(&items.value, &vocabulary::FIELD);
    let kind = kind(file, &items.value, inner, items, surroundings)?;
    let most = section.get("maxItems");
    Some(FieldKind::List {
        items: Box::new(kind),
        most: most.and_then(|most| file.number(most, "`maxItems`", 1)),
    })
}

fn object(
    file: &File,
    section: Section<'_>,
    surroundings: &Surroundings,
) -> IndexMap<Name, FieldKind> {
    let Some(properties) = section.get("properties") else {
        return IndexMap::new();
    };
    let named = file.named(properties, "`properties`").into_iter();
    named
        .filter_map(|(name, entry)| {
            let inner = file.keywords(&entry.value, &vocabulary::FIELD);
            Some((name, kind(file, &entry.value, inner, entry, surroundings)?))
        })
        .collect()
}

impl Lowering<'_> {
    pub(super) fn complete_field(&self, field: &mut Field, yaml: &Yaml) {
        if let Some(private) = yaml.get("private").filter(|private| !private.is_null()) {
            let roles = private.items().iter();
            field.private = Some(
                roles
                    .filter_map(|role| self.role_name(role))
                    .filter_map(|(role, _)| role)
                    .collect(),
            );
        }
        if let Some(derived) = yaml.get("derived") {
            let expect = Expect::Exactly(self.kind_type(&field.kind));
            let scope = self.scope_of_state(None);
            field.derived = self.expression(derived, &scope, &expect, "`derived`");
        }
        if let Some(after) = yaml.get("frozen_after")
            && let Some(word) = self.file.word(after, "`frozen_after`")
        {
            field.frozen_after = self.outline.state(self.file, None, word, after.span);
        }
    }

    /// The type of a field's value in expressions.
    pub(super) fn kind_type(&self, kind: &FieldKind) -> Type {
        kind_type(kind, &self.surroundings)
    }
}
