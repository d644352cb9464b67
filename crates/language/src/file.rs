//! A parsed file that is being lowered: reading its parts as texts, names, lists and mappings, and
//! reporting what does not fit. It knows shapes, not meanings.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_core::name::Name;

use crate::{
    diagnostic::{Code, Finding},
    nearest::{did_you_mean, listed},
    source::{Source, Span},
    vocabulary::Vocabulary,
    yaml::{Data, Entry, Key, Kind, Yaml},
};

/// A parsed file and what was found in it so far.
pub(crate) struct File {
    pub(crate) source: Source,
    pub(crate) root: Arc<Yaml>,
    findings: Mutex<Vec<Finding>>,
}

impl File {
    pub(crate) fn new(source: Source, root: Yaml) -> Self {
        Self {
            source,
            root: Arc::new(root),
            findings: Mutex::default(),
        }
    }

    /// The same file without what was found in it.
    pub(crate) fn fresh(&self) -> Self {
        Self {
            source: self.source.clone(),
            root: Arc::clone(&self.root),
            findings: Mutex::default(),
        }
    }

    fn findings(&self) -> MutexGuard<'_, Vec<Finding>> {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn text(&self) -> &str {
        self.source.text()
    }

    pub(crate) fn line(&self, span: Span) -> u32 {
        self.source.line(span.start)
    }

    /// Takes out what was found.
    pub(crate) fn take_findings(&self) -> Vec<Finding> {
        std::mem::take(&mut *self.findings())
    }

    pub(crate) fn has_error(&self, codes: &[Code]) -> bool {
        self.findings()
            .iter()
            .any(|finding| codes.contains(&finding.code))
    }

    /// Whether something was found that keeps the workflow from being used.
    pub(crate) fn is_broken(&self) -> bool {
        self.findings().iter().any(Finding::is_error)
    }

    pub(crate) fn add(&self, finding: Finding) {
        self.findings().push(finding);
    }

    pub(crate) fn add_all(&self, findings: Vec<Finding>) {
        self.findings().extend(findings);
    }

    pub(crate) fn report(
        &self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(self.finding(code, span, message, help));
    }

    pub(crate) fn finding(
        &self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        Finding::new(code, &self.source, span, message, help)
    }

    /// The entries of a mapping whose keys are keywords. Unknown ones are reported; what is no mapping is reported and
    /// reads as empty.
    pub(crate) fn keywords<'a>(&self, yaml: &'a Yaml, vocabulary: &Vocabulary) -> Section<'a> {
        let entries = self.mapping(yaml, vocabulary.what);
        for entry in entries {
            self.check_keyword(&entry.key, vocabulary);
        }
        Section {
            entries,
            span: yaml.span,
        }
    }

    fn check_keyword(&self, key: &Key, vocabulary: &Vocabulary) {
        let word = key.text.as_str();
        if vocabulary.words.contains(&word) {
            return;
        }
        let help = match vocabulary.hint(word) {
            Some(hint) => hint.to_owned(),
            None => did_you_mean(word, vocabulary.words.iter().copied())
                .unwrap_or_else(|| format!("allowed here: {}", listed(vocabulary.words))),
        };
        let message = format!("unknown keyword `{word}` in {}", vocabulary.what);
        self.add(
            self.finding(Code::UnknownKeyword, key.span, message, help)
                .label("not a keyword here"),
        );
    }

    /// The entries of a mapping whose keys are up to the author.
    pub(crate) fn mapping<'a>(&self, yaml: &'a Yaml, what: &str) -> &'a [Entry] {
        match &yaml.data {
            Data::Map(entries) => entries,
            Data::List(_) | Data::Scalar(_) => {
                let message = format!("{what} is a mapping, and here is {}", yaml.what());
                self.shape(yaml, message, "write `name: …` lines, or `{ name: …, … }`");
                &[]
            }
        }
    }

    /// The entries of a mapping whose keys are names, with those that are none left out and reported.
    pub(crate) fn named<'a>(&self, yaml: &'a Yaml, what: &str) -> Vec<(Name, &'a Entry)> {
        self.mapping(yaml, what)
            .iter()
            .filter_map(|entry| Some((self.new_name(&entry.key.text, entry.key.span)?, entry)))
            .collect()
    }

    /// An id that the file declares here.
    pub(crate) fn new_name(&self, text: &str, span: Span) -> Option<Name> {
        let name = match Name::parse(text) {
            Ok(name) => name,
            Err(error) => {
                let help = format!(
                    "for example `{}`: in expressions `a-b` would be a subtraction",
                    snake(text)
                );
                self.report(
                    Code::NotAName,
                    span,
                    format!("`{text}` is not a name: {error}"),
                    help,
                );
                return None;
            }
        };
        if name.is_reserved_by_cel() {
            let message = format!("the expression language reserves `{name}`");
            let help = format!("take another name, for example `{name}_it`");
            self.report(Code::ReservedName, span, message, help);
        }
        Some(name)
    }

    /// A text, number or truth, as written.
    pub(crate) fn word<'a>(&self, yaml: &'a Yaml, what: &str) -> Option<&'a str> {
        match yaml.scalar() {
            Some(scalar) if scalar.kind() != Kind::Null => Some(&scalar.text),
            Some(_) | None => {
                let message = format!("{what} is a text, and here is {}", yaml.what());
                self.shape(
                    yaml,
                    message,
                    "write a text; quote it if it begins with a bracket",
                );
                None
            }
        }
    }

    /// A whole number of at least `least`.
    pub(crate) fn number(&self, yaml: &Yaml, what: &str, least: u32) -> Option<u32> {
        let number = yaml.scalar().and_then(|scalar| match scalar.kind() {
            Kind::Int(number) => u32::try_from(number).ok(),
            Kind::Null | Kind::Bool(_) | Kind::Float(_) | Kind::Text => None,
        });
        if number.is_none_or(|number| number < least) {
            let message = format!("{what} is a whole number of at least {least}");
            self.bad_value(
                yaml.span,
                message,
                &format!("for example `{}`", least.max(2)),
            );
            return None;
        }
        number
    }

    /// True or false.
    pub(crate) fn truth(&self, yaml: &Yaml, what: &str) -> bool {
        match yaml.scalar().map(crate::yaml::Scalar::kind) {
            Some(Kind::Bool(truth)) => truth,
            Some(Kind::Null | Kind::Int(_) | Kind::Float(_) | Kind::Text) | None => {
                self.bad_value(
                    yaml.span,
                    format!("{what} is `true` or `false`"),
                    "write `true`, or leave the line out",
                );
                false
            }
        }
    }

    pub(crate) fn bad_value(&self, span: Span, message: impl Into<String>, help: &str) {
        self.report(Code::BadValue, span, message, help);
    }

    pub(crate) fn shape(&self, yaml: &Yaml, message: String, help: &str) {
        let span = if yaml.span.start == yaml.span.end || yaml.scalar().is_some() {
            yaml.span
        } else {
            yaml.span.first(self.text())
        };
        self.report(Code::WrongShape, span, message, help);
    }

    /// Reports that a compulsory keyword is missing; `span` is of what it is missing from.
    pub(crate) fn missing(&self, span: Span, keyword: &str, of: &str, example: &str) {
        self.report(
            Code::MissingKeyword,
            span,
            format!("{of} has no `{keyword}`"),
            format!("add `{keyword}`, for example `{example}`"),
        );
    }

    /// Reports a name that nothing has. `known` are the names there are.
    pub(crate) fn unknown<'n>(
        &self,
        code: Code,
        span: Span,
        message: String,
        text: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let help = did_you_mean(text, known.clone()).unwrap_or_else(|| {
            let known: Vec<&str> = known.collect();
            if known.is_empty() {
                "there is none at all: declare it".to_owned()
            } else {
                format!("there are: {}", listed(&known))
            }
        });
        self.add(self.finding(code, span, message, help).label("unknown"));
    }
}

/// A mapping whose keys are keywords.
#[derive(Clone, Copy)]
pub(crate) struct Section<'a> {
    entries: &'a [Entry],
    pub(crate) span: Span,
}

impl<'a> Section<'a> {
    pub(crate) fn entry(&self, keyword: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key.text == keyword)
    }

    /// The value of a keyword. One that is written with nothing after it counts as not written.
    pub(crate) fn get(&self, keyword: &str) -> Option<&'a Yaml> {
        self.entry(keyword)
            .map(|entry| &entry.value)
            .filter(|value| !value.is_null())
    }

    pub(crate) fn entries(&self) -> &'a [Entry] {
        self.entries
    }
}

fn snake(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            'A'..='Z' => {
                if !out.is_empty() && !out.ends_with('_') {
                    out.push('_');
                }
                out.push(c.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' => out.push(c),
            _ if !out.is_empty() && !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    let name = out.trim_matches('_');
    if Name::parse(name).is_ok() {
        name.to_owned()
    } else {
        "deal_review".to_owned()
    }
}
