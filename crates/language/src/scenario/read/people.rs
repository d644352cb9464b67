//! Who and what is there before a story begins: people, facts, cases.

use std::collections::BTreeSet;

use countersign_core::{
    case::{Absence, GroupId, PartnerId, Person, PersonId},
    command::Patch,
    name::Name,
    policy::OPERATORS,
    text::Language,
    time::{Time, Zone},
    workflow::{RoleIs, Workflow},
    world::Stub,
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::Section,
    nearest::did_you_mean,
    scenario::suite::{SetCase, SetFact, Sets, TestCase, TestPerson},
    vocabulary::Vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Reader, step::KEYWORDS, values};

/// The keywords of a person.
pub(in crate::scenario) const PERSON: Vocabulary = Vocabulary {
    what: "a person of a test",
    words: &[
        "in",
        "partner",
        "email",
        "name",
        "language",
        "timezone",
        "attributes",
        "verification",
        "away",
        "substitute",
    ],
};

/// The keywords of an absence.
const AWAY: Vocabulary = Vocabulary {
    what: "`away`",
    words: &["from", "until"],
};

/// The keywords of a case, besides its forms.
pub(in crate::scenario) const CASE: [&str; 4] = ["workflow", "partner", "starter", "state"];

/// The keywords of `set`.
pub(in crate::scenario) const SET: Vocabulary = Vocabulary {
    what: "`set`",
    words: &["facts", "cases", "children"],
};

impl Reader<'_> {
    pub(super) fn all_people(&self, yaml: Option<&Yaml>) -> IndexMap<String, TestPerson> {
        let entries = yaml.map_or(&[][..], |yaml| self.file.mapping(yaml, "`people`"));
        let mut people: IndexMap<String, TestPerson> = IndexMap::new();
        for entry in entries {
            self.check_person_name(entry);
            let person = self.person(entry);
            let email = &person.person.email;
            let mut others = people.iter();
            let same = others.find(|(_, other)| other.person.email.eq_ignore_ascii_case(email));
            if let Some((other, _)) = same {
                let message = format!("`{other}` has the address {email} too");
                let help = "give each person an address of their own: mail is told apart by it";
                self.file.bad_value(entry.key.span, message, help);
            }
            people.insert(entry.key.text.clone(), person);
        }
        for entry in entries {
            let substitute = entry.value.get("substitute");
            let Some((yaml, text)) = substitute.and_then(|yaml| Some((yaml, &yaml.scalar()?.text)))
            else {
                continue;
            };
            if !people.contains_key(text) {
                let message = format!("the test has no person `{text}`");
                let known = people.keys().map(String::as_str);
                self.file
                    .unknown(Code::NotInTest, yaml.span, message, text, known);
            }
        }
        people
    }

    fn check_person_name(&self, entry: &Entry) {
        let name = entry.key.text.as_str();
        let taken = KEYWORDS.contains(&name) || name == "system";
        if taken || self.workflow.forms.contains_key(name) {
            let message = format!("`{name}` means something else in a step");
            let help = "call the person otherwise, for example `pat`";
            self.file.bad_value(entry.key.span, message, help);
        } else if name.is_empty() || name.contains(char::is_whitespace) {
            let message = "a person of a test has one word as its name";
            self.file
                .bad_value(entry.key.span, message, "for example `pat`");
        }
    }

    fn person(&self, entry: &Entry) -> TestPerson {
        let name = entry.key.text.as_str();
        let section = if entry.value.is_null() {
            None
        } else {
            Some(self.file.keywords(&entry.value, &PERSON))
        };
        let get = |keyword: &str| section.as_ref().and_then(|section| section.get(keyword));
        let word = |keyword: &str| {
            get(keyword).and_then(|yaml| self.file.word(yaml, &format!("`{keyword}`")))
        };
        let groups = get("in").map_or_else(BTreeSet::new, |yaml| self.groups(yaml));
        let email = word("email").map_or_else(
            || format!("{}@example.com", name.to_lowercase()),
            str::to_owned,
        );
        let language = get("language").and_then(|yaml| self.language(yaml));
        let first = self.workflow.surroundings.languages.first().copied();
        let mut attributes =
            get("attributes").map_or_else(Patch::new, |yaml| self.attributes(yaml));
        if let Some(verifies) = get("verification") {
            let verifies = self.file.truth(verifies, "`verification`");
            attributes.insert("verification".to_owned(), verifies.into());
        }
        let person = Person {
            id: PersonId::new(name),
            name: word("name").unwrap_or(name).to_owned(),
            email,
            language: language.or(first).unwrap_or_default(),
            timezone: get("timezone").and_then(|yaml| self.zone_named(yaml)),
            partner: word("partner").map(PartnerId::new),
            groups,
            attributes,
            away: self.absence(get("away"), get("substitute")),
            stands_in: Vec::new(),
            mail: countersign_core::case::MailHabits::default(),
            disabled: false,
        };
        let stranger = section.as_ref().is_some_and(|section| {
            let entries = section.entries();
            !entries.is_empty() && entries.iter().all(|entry| entry.key.text == "email")
        });
        TestPerson {
            person,
            listed: !stranger,
        }
    }

    fn groups(&self, yaml: &Yaml) -> BTreeSet<GroupId> {
        let known: BTreeSet<&str> = self
            .known
            .iter()
            .flat_map(|workflow| workflow.roles.values())
            .filter_map(|role| match &role.is {
                RoleIs::Group(group) | RoleIs::Partner { group: Some(group) } => {
                    Some(group.as_str())
                }
                RoleIs::Partner { group: None }
                | RoleIs::Starter
                | RoleIs::LinkHolder { .. }
                | RoleIs::Groups(_)
                | RoleIs::Person(_)
                | RoleIs::Relation(_) => None,
            })
            .chain([OPERATORS])
            .collect();
        let groups = yaml.items().iter().filter_map(|item| {
            let group = self.file.word(item, "a group")?;
            // Other groups may well be, but one that is nearly known is misspelt.
            let meant = did_you_mean(group, known.iter().copied());
            if let (false, Some(help)) = (known.contains(group), meant) {
                let message = format!("no role is of the group `{group}`");
                self.file.bad_value(item.span, message, &help);
            }
            Some(GroupId::new(group))
        });
        groups.collect()
    }

    /// `away: true` is the whole story, `away: { from, until }` a part of it.
    fn absence(&self, away: Option<&Yaml>, substitute: Option<&Yaml>) -> Option<Absence> {
        let substitute = substitute.and_then(|yaml| self.file.word(yaml, "`substitute`"));
        let always = (Time::MIN_UTC, Time::MAX_UTC);
        let (from, until) = match away {
            Some(away) if away.is_map() => {
                let section = self.file.keywords(away, &AWAY);
                let time = |word: &str| {
                    let yaml = section.get(word)?;
                    self.local_time(yaml, &format!("`{word}`"))
                };
                (
                    time("from").unwrap_or(always.0),
                    time("until").unwrap_or(always.1),
                )
            }
            Some(away) if self.file.truth(away, "`away`") => always,
            Some(_) => return None,
            None => {
                substitute?;
                always
            }
        };
        Some(Absence {
            from,
            until,
            substitute: substitute.map(PersonId::new),
        })
    }

    /// What the directory tells of a person, by name; another person by the name in the test.
    fn attributes(&self, yaml: &Yaml) -> Patch {
        let entries = self.file.mapping(yaml, "`attributes`").iter();
        entries
            .map(|entry| (entry.key.text.clone(), entry.value.to_json()))
            .collect()
    }

    fn language(&self, yaml: &Yaml) -> Option<Language> {
        let word = self.file.word(yaml, "`language`")?;
        let language = word.parse::<Language>();
        if let Err(error) = &language {
            let help = "write `en` or `zh`";
            self.file.bad_value(yaml.span, error.to_string(), help);
        }
        language.ok()
    }

    fn zone_named(&self, yaml: &Yaml) -> Option<String> {
        let word = self.file.word(yaml, "`timezone`")?;
        if word.parse::<Zone>().is_err() {
            let message = format!("there is no time zone `{word}`");
            self.file
                .bad_value(yaml.span, message, "write it as `Asia/Shanghai`");
            return None;
        }
        Some(word.to_owned())
    }

    /// Facts by kind, subject and name.
    pub(super) fn facts(&self, yaml: &Yaml) -> Vec<SetFact> {
        let mut facts = Vec::new();
        let declared = &self.workflow.surroundings.facts;
        for kind in self.file.mapping(yaml, "`facts`") {
            let text = kind.key.text.as_str();
            let Some((name, shape)) = declared.get_key_value(text) else {
                let message = format!("there are no facts about `{text}`");
                let known = declared.keys().map(Name::as_str);
                let span = kind.key.span;
                self.file
                    .unknown(Code::NoSuchThing, span, message, text, known);
                continue;
            };
            for subject in self.file.mapping(&kind.value, &format!("`{text}`")) {
                let what = format!("the facts about `{}`", subject.key.text);
                for fact in self.file.mapping(&subject.value, &what) {
                    let word = fact.key.text.as_str();
                    let Some(ty) = shape.fields.get(word) else {
                        let message = format!("there is no fact `{word}` about `{text}`");
                        let known = shape.fields.keys().map(Name::as_str);
                        let span = fact.key.span;
                        self.file
                            .unknown(Code::NoSuchThing, span, message, word, known);
                        continue;
                    };
                    facts.push(SetFact {
                        kind: name.clone(),
                        subject: subject.key.text.clone(),
                        fact: word.to_owned(),
                        value: self.fact_value(&fact.value, ty),
                    });
                }
            }
        }
        facts
    }

    pub(super) fn all_cases(&self, yaml: Option<&Yaml>) -> IndexMap<String, TestCase> {
        let entries = yaml.map_or(&[][..], |yaml| self.file.mapping(yaml, "`cases`"));
        entries
            .iter()
            .filter_map(|entry| Some((entry.key.text.clone(), self.case(entry)?)))
            .collect()
    }

    fn case(&self, entry: &Entry) -> Option<TestCase> {
        let name = &entry.key.text;
        self.file.mapping(&entry.value, &format!("case `{name}`"));
        let get = |keyword: &str| entry.value.get(keyword).filter(|yaml| !yaml.is_null());
        let what = format!("case `{name}`");
        let Some(workflow) = get("workflow") else {
            let example = "workflow: incentive_application";
            self.file
                .missing(entry.key.span, "workflow", &what, example);
            return None;
        };
        let workflow = self.workflow_named(workflow)?;
        let Some(state) = get("state") else {
            self.file
                .missing(entry.key.span, "state", &what, "state: approved");
            return None;
        };
        let state = self.state(state, &workflow)?;
        let starter = get("starter").and_then(|yaml| self.person_named(yaml));
        let partner = get("partner").and_then(|yaml| self.file.word(yaml, "`partner`"));
        let starters = starter
            .and_then(|starter| self.people.get(&starter))
            .map(|starter| &starter.person);
        let stub = Stub {
            workflow: workflow.id.to_string(),
            partner: partner
                .map(PartnerId::new)
                .or_else(|| starters.and_then(|starter| starter.partner.clone())),
            starter: starters.map(|starter| starter.id.clone()),
            state,
            data: self.forms_of_case(entry.value.entries(), &workflow, &CASE),
        };
        Some(TestCase {
            span: entry.key.span,
            workflow,
            stub,
        })
    }

    pub(super) fn forms_of_case(
        &self,
        entries: &[Entry],
        workflow: &Workflow,
        keywords: &[&str],
    ) -> Patch {
        let mut data = Patch::new();
        for entry in entries {
            let key = entry.key.text.as_str();
            if keywords.contains(&key) {
                continue;
            }
            if workflow.forms.contains_key(key) {
                if let Some(values) = self.form(workflow, key, &entry.value) {
                    data.insert(key.to_owned(), values);
                }
                continue;
            }
            let message = format!("`{key}` is no keyword of a case, and no form of it");
            let known = keywords.iter().copied();
            let known = known.chain(workflow.forms.keys().map(Name::as_str));
            let span = entry.key.span;
            self.file
                .unknown(Code::UnknownKeyword, span, message, key, known);
        }
        data
    }

    /// What `set` changes.
    pub(super) fn sets(&self, yaml: &Yaml) -> Sets {
        let section: Section<'_> = self.file.keywords(yaml, &SET);
        let facts = section
            .get("facts")
            .map_or_else(Vec::new, |yaml| self.facts(yaml));
        let entries = section
            .get("cases")
            .map_or(&[][..], |yaml| self.file.mapping(yaml, "`cases`"));
        let cases = entries.iter().filter_map(|entry| {
            let name = entry.key.text.as_str();
            let Some(case) = self.cases.get(name) else {
                let message = format!("the test has no case `{name}`");
                let known = self.cases.keys().map(String::as_str);
                let span = entry.key.span;
                self.file
                    .unknown(Code::NotInTest, span, message, name, known);
                return None;
            };
            let fields = self.file.mapping(&entry.value, &format!("case `{name}`"));
            let state = entry.value.get("state");
            Some(SetCase {
                case: name.to_owned(),
                state: state.and_then(|state| self.state(state, &case.workflow)),
                data: self.forms_of_case(fields, &case.workflow, &["state"]),
            })
        });
        let children = section.get("children");
        Sets {
            facts,
            cases: cases.collect(),
            children: children.map_or_else(Vec::new, |yaml| self.set_children(yaml)),
        }
    }

    /// Somebody of the test.
    pub(super) fn person_named(&self, yaml: &Yaml) -> Option<String> {
        let text = self.file.word(yaml, "a person")?;
        if !self.people.contains_key(text) {
            self.unknown_person(text, yaml.span);
            return None;
        }
        Some(text.to_owned())
    }

    pub(super) fn unknown_person(&self, text: &str, span: crate::source::Span) {
        let message = format!("the test has no person `{text}`");
        let known = self.people.keys().map(String::as_str);
        self.file
            .unknown(Code::NotInTest, span, message, text, known);
    }

    fn fact_value(
        &self,
        yaml: &Yaml,
        ty: &countersign_core::expression::Type,
    ) -> serde_json::Value {
        let json = values::of_type(yaml, ty);
        if !json.is_null()
            && let Err(error) = countersign_core::expression::Value::from_json(&json, ty)
        {
            let message = format!("this fact must be {ty}");
            self.file
                .report(Code::BadValue, yaml.span, message, error.to_string());
        }
        json
    }
}
