//! The steps of a scenario: what happens. What is expected is `expect`'s.

use std::collections::BTreeSet;

use countersign_core::{
    command::{Code as Proof, Command, Patch},
    name::Name,
    time::Length,
    world::Said,
};

use crate::{
    diagnostic::Code,
    nearest::{did_you_mean, listed},
    scenario::suite::{Acts, Does, Opens, Step, Who},
    source::Span,
    yaml::{Entry, Yaml},
};

use super::{Reader, story::Kept, turns::release};

/// The words that mean something in a step, besides people, forms and materials.
pub(in crate::scenario) const KEYWORDS: [&str; 19] = [
    "then",
    "refused",
    "keep link as",
    "keep call as",
    "code",
    "comment",
    "internal",
    "reply",
    "confirm",
    "link",
    "panel",
    "answers",
    "key",
    "wait",
    "wait until",
    "set",
    "child",
    "times",
    "version",
];

/// What a step is about, by its first key.
enum Verb {
    Opens(Who),
    Acts(Who),
    Edits(Who),
    Comments(Who),
    TakesBack(Who),
    Holds(Who),
    Resumes(Who),
    Moves(Who),
    Migrates(Who),
    Claims(Who),
    Releases(Who),
    Delegates(Who),
    Reassigns(Who),
    Wait,
    WaitUntil,
    Set,
}

/// A verb of somebody.
type Spoken = fn(Who) -> Verb;

/// What people do besides taking actions, as it stands behind their name.
const VERBS: [(&str, Spoken); 12] = [
    (OPENS, Verb::Opens),
    ("edits", Verb::Edits),
    ("comments", Verb::Comments),
    ("takes back", Verb::TakesBack),
    ("holds", Verb::Holds),
    ("resumes", Verb::Resumes),
    ("moves", Verb::Moves),
    (MIGRATES, Verb::Migrates),
    ("claims", Verb::Claims),
    ("releases", Verb::Releases),
    ("delegates", Verb::Delegates),
    ("reassigns", Verb::Reassigns),
];

/// What opens a case, and what moves it to the newest version.
pub(super) const OPENS: &str = "opens";
pub(super) const MIGRATES: &str = "migrates";

/// The verbs as they are written.
pub(in crate::scenario) fn verbs() -> impl Iterator<Item = &'static str> + Clone {
    VERBS.iter().map(|(verb, _)| *verb)
}

impl Verb {
    /// What may stand beside it.
    fn companions(&self) -> &'static [&'static str] {
        match self {
            Self::Opens(_) => &[
                "code",
                "refused",
                "then",
                "keep link as",
                "keep call as",
                "times",
                "version",
            ],
            Self::Acts(_) => &[
                "comment",
                "internal",
                "reply",
                "confirm",
                "code",
                "link",
                "panel",
                "answers",
                "key",
                "refused",
                "then",
                "keep link as",
                "keep call as",
                "child",
                "times",
            ],
            Self::Edits(_) => &[
                "reply",
                "refused",
                "then",
                "keep link as",
                "keep call as",
                "child",
            ],
            Self::Comments(_) => &["internal", "refused", "then", "child"],
            Self::TakesBack(_)
            | Self::Holds(_)
            | Self::Resumes(_)
            | Self::Claims(_)
            | Self::Releases(_)
            | Self::Delegates(_) => &["refused", "then", "child"],
            Self::Moves(_) | Self::Reassigns(_) => &["comment", "refused", "then", "child"],
            Self::Migrates(_) => &["refused", "then"],
            Self::Wait | Self::WaitUntil => &["then", "keep link as", "keep call as", "child"],
            Self::Set => &["then", "keep link as", "keep call as"],
        }
    }
}

impl Reader<'_> {
    /// A step of the story's case, or of a child of it.
    pub(super) fn step(&self, yaml: &Yaml, kept: &mut Kept) -> Option<Step> {
        let Some(child) = yaml.get("child") else {
            return self.step_of_case(yaml, kept);
        };
        let (of, key, workflow) = self.child_named(child)?;
        let step = self.of(&workflow).step_of_case(yaml, kept)?;
        Some(Step {
            child: Some((of, key)),
            ..step
        })
    }

    fn step_of_case(&self, yaml: &Yaml, kept: &mut Kept) -> Option<Step> {
        let entries = self.file.mapping(yaml, "a step");
        let mut verbs = entries
            .iter()
            .filter_map(|entry| Some((entry, self.verb(entry)?)));
        let Some((entry, verb)) = verbs.next() else {
            self.report_no_verb(entries, yaml);
            return None;
        };
        if let Some((second, _)) = verbs.next() {
            let message = format!("`{}` and `{}` in one step", entry.key.text, second.key.text);
            let help = "a step does one thing: begin the next with `- `";
            self.file
                .report(Code::ExclusiveKeywords, second.key.span, message, help);
            return None;
        }
        let others: Vec<&Entry> = entries
            .iter()
            .filter(|other| !std::ptr::eq(*other, entry))
            .collect();
        self.check_companions(&others, &verb);
        let get = |keyword: &str| {
            let found = others.iter().find(|other| other.key.text == keyword);
            found.map(|other| &other.value)
        };
        let does = self.does(entry, &verb, &others, kept);
        let code = get("code").map_or(Proof::Absent, |yaml| self.code(yaml));
        let refused = get("refused").and_then(|yaml| self.refused(yaml));
        let then = get("then").map_or_else(Vec::new, |yaml| self.expectations(yaml));
        let keep = |keyword: &str| {
            let name = get(keyword).and_then(|yaml| self.file.word(yaml, &format!("`{keyword}`")));
            name.map(str::to_owned)
        };
        let (link, call) = (keep("keep link as"), keep("keep call as"));
        kept.links.extend(link.clone());
        kept.calls.extend(call.clone());
        Some(Step {
            span: entry.key.span,
            words: words(entry),
            child: None,
            does: does?,
            times: get("times").map_or(Some(1), |yaml| self.file.number(yaml, "`times`", 1))?,
            code,
            keep_link_as: link,
            keep_call_as: call,
            refused,
            then,
        })
    }

    fn verb(&self, entry: &Entry) -> Option<Verb> {
        match entry.key.text.as_str() {
            "wait" => return Some(Verb::Wait),
            "wait until" => return Some(Verb::WaitUntil),
            "set" => return Some(Verb::Set),
            _ => {}
        }
        if let Some(who) = self.who(&entry.key.text) {
            return Some(Verb::Acts(who));
        }
        let (who, what) = entry.key.text.split_once(' ')?;
        let (_, verb) = VERBS.iter().find(|(verb, _)| *verb == what.trim())?;
        self.who(who).map(verb)
    }

    pub(super) fn who(&self, text: &str) -> Option<Who> {
        if text == "system" {
            Some(Who::System)
        } else if self.people.contains_key(text) {
            Some(Who::Person(text.to_owned()))
        } else {
            None
        }
    }

    fn report_no_verb(&self, entries: &[Entry], yaml: &Yaml) {
        let known = |entry: &&Entry| {
            let key = entry.key.text.as_str();
            !KEYWORDS.contains(&key) && !self.workflow.forms.contains_key(key)
        };
        let Some(entry) = entries.iter().find(known) else {
            if yaml.is_map() {
                let span = yaml.span.first(self.file.text());
                let help = "say who does what, for example `- pat: submit`";
                self.file.report(
                    Code::MissingKeyword,
                    span,
                    "nothing happens in this step",
                    help,
                );
            }
            return;
        };
        let (key, span) = (entry.key.text.as_str(), entry.key.span);
        match key.split_once(' ') {
            Some((who, what)) if verbs().any(|verb| verb == what) => {
                let span = Span::new(span.start, span.end.min(span.start + who.len()));
                self.unknown_person(who, span);
            }
            Some((who, what)) if self.who(who).is_some() => {
                let help = did_you_mean(what, verbs()).unwrap_or_else(|| {
                    let verbs: Vec<&str> = verbs().collect();
                    format!("a person takes an action, or does this: {}", listed(&verbs))
                });
                let message = format!("unknown keyword `{key}` in a step");
                self.file.report(Code::UnknownKeyword, span, message, help);
            }
            Some(_) | None => {
                let people = self.people.keys().map(String::as_str);
                let known = people.chain(["system", "wait", "wait until", "set"]);
                let message = format!("the test has no person `{key}`");
                self.file
                    .unknown(Code::NotInTest, span, message, key, known);
            }
        }
    }

    fn check_companions(&self, others: &[&Entry], verb: &Verb) {
        let allowed = verb.companions();
        for other in others {
            let (key, span) = (other.key.text.as_str(), other.key.span);
            let supplies = matches!(verb, Verb::Acts(_) | Verb::Migrates(_));
            if allowed.contains(&key) || (supplies && self.workflow.forms.contains_key(key)) {
                continue;
            }
            if supplies && self.workflow.materials.contains_key(key) {
                let message = "files do not come with an action";
                let help = format!("attach it in a step before: `- pat edits: {{ {key}: … }}`");
                self.file.report(Code::UnknownKeyword, span, message, help);
                continue;
            }
            let message = format!("unknown keyword `{key}` in this step");
            let forms = self.workflow.forms.keys().map(Name::as_str);
            let known = allowed.iter().copied().chain(forms.filter(|_| supplies));
            let help = did_you_mean(key, known)
                .unwrap_or_else(|| format!("allowed here: {}", listed(allowed)));
            self.file.report(Code::UnknownKeyword, span, message, help);
        }
    }

    fn does(&self, entry: &Entry, verb: &Verb, others: &[&Entry], kept: &Kept) -> Option<Does> {
        match verb {
            Verb::Opens(who) => {
                let version = others.iter().find(|other| other.key.text == "version");
                // In an older one this is read as that one reads it.
                let version = version.map(|_| self.workflow.version);
                Some(Does::Open(self.opens(who, version, &entry.value)))
            }
            Verb::Acts(who) => self.acts(who, &entry.value, others, kept).map(Does::Act),
            Verb::Edits(who) => self.edits(who, entry, others).map(Does::Edit),
            Verb::Comments(who) => self.comments(who, entry, others).map(Does::Comment),
            Verb::TakesBack(who) => {
                let decision = self.file.word(&entry.value, "a decision")?;
                let decision = self.action(decision, entry.value.span)?;
                Some(Does::TakeBack(who.clone(), decision))
            }
            Verb::Holds(who) => Some(Does::Hold(who.clone(), self.reason(&entry.value)?)),
            Verb::Resumes(who) => Some(Does::Resume(who.clone(), self.reason(&entry.value)?)),
            Verb::Moves(who) => self.moves(who, entry, others).map(Does::Move),
            Verb::Migrates(who) => self.migrates(who, entry, others).map(Does::Migrate),
            Verb::Claims(who) => Some(Does::Turn(who.clone(), Command::Claim)),
            Verb::Releases(who) => Some(Does::Turn(who.clone(), release())),
            Verb::Delegates(who) => self.delegates(who, entry),
            Verb::Reassigns(who) => self.reassigns(who, entry, others),
            Verb::Wait => self.length(&entry.value).map(Does::Wait),
            Verb::WaitUntil => self
                .local_time(&entry.value, "`wait until`")
                .map(Does::WaitUntil),
            Verb::Set => Some(Does::Set(self.sets(&entry.value))),
        }
    }

    fn opens(&self, who: &Who, version: Option<u32>, yaml: &Yaml) -> Opens {
        let mut opens = Opens {
            who: who.clone(),
            version,
            on_behalf_of: None,
            data: Patch::new(),
            links: Vec::new(),
            files: Vec::new(),
        };
        if yaml.is_null() {
            return opens;
        }
        for entry in self.file.mapping(yaml, "what is opened") {
            let (key, span) = (entry.key.text.as_str(), entry.key.span);
            if key == "on_behalf_of" && *who == Who::System {
                opens.on_behalf_of = self.person_named(&entry.value);
            } else if let Some((link, declared)) = self.workflow.links.get_key_value(key) {
                if declared.many.is_some() {
                    let message = format!("nobody picks `{key}`: it finds its cases itself");
                    let help = "put cases that match under `cases`";
                    self.file.bad_value(span, message, help);
                } else if let Some(case) = self.linked(&entry.value, &declared.workflow) {
                    opens.links.push((link.clone(), case));
                }
            } else {
                self.form_or_file(entry, &mut opens.data, &mut opens.files, span);
            }
        }
        opens
    }

    fn linked(&self, yaml: &Yaml, workflow: &Name) -> Option<String> {
        let text = self.file.word(yaml, "a case of the test")?;
        let Some(case) = self.cases.get(text) else {
            let message = format!("the test has no case `{text}`");
            let known = self.cases.keys().map(String::as_str);
            self.file
                .unknown(Code::NotInTest, yaml.span, message, text, known);
            return None;
        };
        if case.workflow.id != *workflow {
            let message = format!("case `{text}` is of workflow `{}`", case.workflow.id);
            let help = format!("the link wants one of `{workflow}`");
            self.file.bad_value(yaml.span, message, &help);
        }
        Some(text.to_owned())
    }

    fn acts(&self, who: &Who, yaml: &Yaml, others: &[&Entry], kept: &Kept) -> Option<Acts> {
        let get = |keyword: &str| {
            let found = others.iter().find(|other| other.key.text == keyword);
            found.map(|other| &other.value)
        };
        let said = |keyword: &str| -> Vec<Said> {
            get(keyword).map_or_else(Vec::new, |yaml| self.said(yaml, &format!("`{keyword}`")))
        };
        let mut data = Patch::new();
        for other in others {
            let form = other.key.text.as_str();
            if let Some(values) = self.form(self.workflow, form, &other.value) {
                data.insert(form.to_owned(), values);
            }
        }
        let action = self.file.word(yaml, "an action")?;
        let confirm = get("confirm").is_some_and(|yaml| self.file.truth(yaml, "`confirm`"));
        Some(Acts {
            who: who.clone(),
            data,
            comments: said("comment"),
            internal: said("internal"),
            replies: said("reply"),
            confirm,
            link: get("link").and_then(|yaml| self.kept(yaml, "link", &kept.links)),
            key: get("key").and_then(|yaml| self.request_key(who, yaml)),
            panel: get("panel").and_then(|yaml| self.panel(yaml)),
            answers: get("answers").and_then(|yaml| self.kept(yaml, "call", &kept.calls)),
            action: self.action(action, yaml.span)?,
        })
    }

    /// The `Idempotency-Key` of a service's request.
    fn request_key(&self, who: &Who, yaml: &Yaml) -> Option<String> {
        if *who != Who::System {
            let help = "delete `key`, or let `system` act";
            let message = "`key` is of a service's request: people do not send the same again";
            self.file.bad_value(yaml.span, message, help);
        }
        self.file.word(yaml, "`key`").map(str::to_owned)
    }

    /// The name of a link or call that was kept.
    fn kept(&self, yaml: &Yaml, what: &str, kept: &BTreeSet<String>) -> Option<String> {
        let text = self.file.word(yaml, &format!("a kept {what}"))?;
        if !kept.contains(text) {
            let message = format!("no {what} was kept as `{text}` in a step before");
            let known = kept.iter().map(String::as_str);
            self.file
                .unknown(Code::NotInTest, yaml.span, message, text, known);
            return None;
        }
        Some(text.to_owned())
    }

    fn length(&self, yaml: &Yaml) -> Option<Length> {
        let text = self.file.word(yaml, "`wait`")?;
        let (message, help) = match text.parse::<Length>() {
            Ok(length) if !length.is_negative() => return Some(length),
            Ok(_) => (
                "time does not run backwards".to_owned(),
                "leave the minus out".to_owned(),
            ),
            Err(error) => (
                format!("`{text}` is not a length of time"),
                error.to_string(),
            ),
        };
        self.file.report(Code::NotALength, yaml.span, message, help);
        None
    }

    fn code(&self, yaml: &Yaml) -> Proof {
        match self.file.word(yaml, "`code`") {
            Some("good") => Proof::Good,
            Some("bad") => Proof::Bad,
            Some(_) => {
                let help = "write `code: good` or `code: bad`, or leave the line out";
                self.file
                    .bad_value(yaml.span, "a code is `good` or `bad`", help);
                Proof::Absent
            }
            None => Proof::Absent,
        }
    }
}

/// The step as a line of the story.
fn words(entry: &Entry) -> String {
    match entry.value.scalar() {
        Some(scalar) if !entry.value.is_null() => {
            format!("{}: {}", entry.key.text, scalar.text)
        }
        Some(_) | None => entry.key.text.clone(),
    }
}
