//! Texts in the languages of the folder, plain ones and those with `{{ }}`.

use countersign_core::{
    expression::Scope,
    template::Template,
    text::{Language, Text},
    workflow::Localized,
};

use crate::{
    diagnostic::Code,
    file::File,
    nearest::did_you_mean,
    source::Span,
    yaml::{Data, Yaml},
};

use super::{Lowering, expression::problem};

/// A text, or `{ en: …, zh: … }`. What is missing in one language reads as in the other.
pub(crate) fn text(file: &File, yaml: &Yaml, languages: &[Language], what: &str) -> Text {
    let read = |yaml: &Yaml| file.word(yaml, what).unwrap_or_default().to_owned();
    match versions(file, yaml, languages, what) {
        (Some(en), Some(zh)) if std::ptr::eq(en, zh) => Text::same(&read(en)),
        (Some(en), Some(zh)) => Text::new(read(en), read(zh)),
        (Some(only), None) | (None, Some(only)) => Text::same(&read(only)),
        (None, None) => Text::default(),
    }
}

/// The text of a keyword, or a readable form of the name.
pub(crate) fn title(file: &File, yaml: Option<&Yaml>, languages: &[Language], name: &str) -> Text {
    if let Some(yaml) = yaml {
        return text(file, yaml, languages, &format!("the title of `{name}`"));
    }
    spaced(name)
}

/// What something of this name is called that has no title: `close_date` reads "Close date".
pub(crate) fn spaced(name: &str) -> Text {
    let spaced = name.replace('_', " ");
    let mut chars = spaced.chars();
    let capital = chars.next().map(|first| first.to_ascii_uppercase());
    Text::same(&capital.into_iter().chain(chars).collect::<String>())
}

/// A text with `{{ }}` in each language. One that cannot be read is empty.
pub(crate) fn template(
    lowering: &Lowering<'_>,
    file: &File,
    yaml: &Yaml,
    scope: &Scope,
    what: &str,
) -> Localized<Template> {
    let compile = |yaml: Option<&Yaml>| compile(lowering, file, yaml?, scope, what);
    let or_empty = |template: Option<Template>| {
        template.unwrap_or_else(|| {
            Template::compile("", &Scope::new()).expect("an empty text has no expression in it")
        })
    };
    match versions(file, yaml, &lowering.surroundings.languages, what) {
        (Some(one), Some(other)) if !std::ptr::eq(one, other) => Localized {
            en: or_empty(compile(Some(one))),
            zh: or_empty(compile(Some(other))),
        },
        (one, other) => {
            let template = or_empty(compile(one.or(other)));
            Localized {
                en: template.clone(),
                zh: template,
            }
        }
    }
}

fn compile(
    lowering: &Lowering<'_>,
    file: &File,
    yaml: &Yaml,
    scope: &Scope,
    what: &str,
) -> Option<Template> {
    match Template::compile(file.word(yaml, what)?, scope) {
        Ok(template) => {
            for expression in template.expressions() {
                lowering.check_named_in_text(file, yaml, expression);
            }
            Some(template)
        }
        Err(problems) => {
            for found in problems {
                problem(file, yaml, &found);
            }
            None
        }
    }
}

/// The parts of a text by language; a text that is not divided is both.
fn versions<'a>(
    file: &File,
    yaml: &'a Yaml,
    languages: &[Language],
    what: &str,
) -> (Option<&'a Yaml>, Option<&'a Yaml>) {
    let entries = match &yaml.data {
        Data::Scalar(_) => return (Some(yaml), Some(yaml)),
        Data::Map(entries) => entries,
        Data::List(_) => {
            let message = format!("{what} is a text, and here is a list");
            file.shape(yaml, message, "write a text, or `{ en: …, zh: … }`");
            return (None, None);
        }
    };
    for entry in entries {
        let tag = entry.key.text.as_str();
        if Language::ALL.iter().all(|language| language.tag() != tag) {
            let tags = Language::ALL.iter().map(|language| language.tag());
            let help = did_you_mean(tag, tags).unwrap_or_else(|| {
                "a text is a string or `{ en: …, zh: … }`; quote a text that begins with `{`"
                    .to_owned()
            });
            let message = format!("`{tag}` is not a language that texts can have");
            file.report(Code::UnknownKeyword, entry.key.span, message, help);
        }
    }
    let of = |language: Language| yaml.get(language.tag()).filter(|part| !part.is_null());
    for language in languages {
        if of(*language).is_none() && !entries.is_empty() {
            let message = format!("{what} is missing in `{language}`");
            let help = format!("add `{language}: …`");
            let span = one_line(file, yaml);
            let finding = file.finding(Code::MissingTranslation, span, message, help);
            file.add(finding.label("add it here"));
        }
    }
    (of(Language::En), of(Language::Zh))
}

fn one_line(file: &File, yaml: &Yaml) -> Span {
    let written = file.text().get(yaml.span.start..yaml.span.end);
    if written.is_some_and(|written| !written.contains('\n')) {
        yaml.span
    } else {
        yaml.span.first(file.text())
    }
}
