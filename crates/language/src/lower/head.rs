//! The head of a file: id, version, title, number, whose case it is and what it is called.

use countersign_core::{
    expression::{Expect, Expression, Type},
    name::Name,
    text::Text,
    workflow::{NumberPart, NumberPattern},
};

use crate::{diagnostic::Code, file::Section, yaml::Yaml};

use super::{Lowering, text};

/// The head of a workflow file.
pub(crate) struct Head {
    pub(crate) id: Name,
    pub(crate) version: u32,
    pub(crate) title: Text,
    pub(crate) about: Option<Text>,
    pub(crate) number: NumberPattern,
    pub(crate) case_title: Option<Expression>,
    pub(crate) partner: Option<Expression>,
}

impl Lowering<'_> {
    pub(crate) fn head(&self, root: Section<'_>) -> Option<Head> {
        let languages = &self.surroundings.languages;
        let id = self.id(root);
        let version = match root.get("version") {
            Some(yaml) => self.file.number(yaml, "`version`", 1),
            None => {
                self.missing_section(root, "version", "version: 1");
                None
            }
        };
        let name = id.as_deref().unwrap_or("workflow");
        let title = text::title(self.file, root.get("title"), languages, name);
        let about = root.get("about");
        let about = about.map(|yaml| text::text(self.file, yaml, languages, "`about`"));
        let number = root.get("number").map_or_else(
            || Some(usual_number(name)),
            |yaml| self.number_pattern(yaml),
        );
        let scope = self.scope_of_state(None);
        let case_title = root
            .get("case_title")
            .and_then(|yaml| self.expression(yaml, &scope, &Expect::Shown, "`case_title`"));
        let partner = root.get("partner").and_then(|yaml| {
            let expect = Expect::Exactly(Type::String);
            self.expression(yaml, &scope, &expect, "`partner`")
        });
        Some(Head {
            id: id?,
            version: version?,
            title,
            about,
            number: number?,
            case_title,
            partner,
        })
    }

    fn id(&self, root: Section<'_>) -> Option<Name> {
        let Some(yaml) = root.get("workflow") else {
            self.missing_section(root, "workflow", "workflow: deal_registration");
            return None;
        };
        let word = self.file.word(yaml, "`workflow`")?;
        self.file.new_name(word, yaml.span)
    }

    /// `DR-{year}-{seq:5}`: exactly one sequence, or numbers would not differ.
    fn number_pattern(&self, yaml: &Yaml) -> Option<NumberPattern> {
        const HELP: &str =
            "write it as `\"DR-{year}-{seq:5}\"`: exactly one `{seq}`, and `{year}` if you like";
        let text = self.file.word(yaml, "`number`")?;
        let refuse = |message: String| {
            self.file.report(Code::BadValue, yaml.span, message, HELP);
            None
        };
        let mut parts = Vec::new();
        let mut sequences = 0;
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('{') {
            if !literal.is_empty() {
                parts.push(NumberPart::Literal(literal.to_owned()));
            }
            let Some((word, after)) = after.split_once('}') else {
                return refuse("a `{` in `number` is not closed".to_owned());
            };
            rest = after;
            let width = match word.split_once(':') {
                Some(("seq", width)) => width.parse().ok().filter(|width| (1..=12).contains(width)),
                None if word == "seq" => Some(1),
                None if word == "year" => {
                    parts.push(NumberPart::Year);
                    continue;
                }
                Some(_) | None => None,
            };
            let Some(width) = width else {
                return refuse(format!("`{{{word}}}` means nothing in `number`"));
            };
            sequences += 1;
            parts.push(NumberPart::Sequence(width));
        }
        if !rest.is_empty() {
            parts.push(NumberPart::Literal(rest.to_owned()));
        }
        if sequences == 1 {
            Some(NumberPattern::new(parts))
        } else {
            refuse(format!("`number` has {sequences} sequences"))
        }
    }
}

/// The number of a workflow that says none: its id and a sequence.
fn usual_number(id: &str) -> NumberPattern {
    NumberPattern::new(vec![
        NumberPart::Literal(format!("{}-", id.to_uppercase().replace('_', "-"))),
        NumberPart::Sequence(5),
    ])
}
