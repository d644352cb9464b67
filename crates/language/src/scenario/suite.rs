//! A test file as it was read: names resolved, nothing run yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use countersign_core::{
    case::{PartnerId, Person},
    command::{Code, Command, Patch},
    expression::Expression,
    name::Name,
    time::{Length, Time},
    workflow::{End, Workflow},
    world::{Said, Stub},
};
use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::source::{Source, Span};

/// A test file.
pub(crate) struct Suite {
    pub(crate) source: Source,
    pub(crate) workflow: Arc<Workflow>,
    pub(crate) clock: Time,
    pub(crate) people: IndexMap<String, TestPerson>,
    pub(crate) facts: Vec<SetFact>,
    pub(crate) cases: IndexMap<String, TestCase>,
    pub(crate) scenarios: Vec<Scenario>,
    pub(crate) properties: Vec<Property>,
}

/// Somebody in a story.
#[derive(Clone)]
pub(crate) struct TestPerson {
    pub(crate) person: Person,
    /// Whether the directory knows them; whoever has nothing but an address is a stranger.
    pub(crate) listed: bool,
}

/// A fact of the host system.
pub(crate) struct SetFact {
    pub(crate) kind: Name,
    pub(crate) subject: String,
    pub(crate) fact: String,
    pub(crate) value: Json,
}

/// A case that is simply there.
#[derive(Clone)]
pub(crate) struct TestCase {
    pub(crate) span: Span,
    pub(crate) workflow: Arc<Workflow>,
    pub(crate) stub: Stub,
}

/// What must hold in every story.
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) kind: PropertyKind,
    pub(crate) check: Expression,
}

/// When.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum PropertyKind {
    /// After each step it is true.
    Always,
    /// After no step it is true.
    Never,
}

/// A story.
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) steps: Vec<Step>,
}

/// One thing that happens, and what is expected of it.
pub(crate) struct Step {
    pub(crate) span: Span,
    /// As it reads in the file.
    pub(crate) words: String,
    /// Which `children` of the story's case, and the key: the step is about that child.
    pub(crate) child: Option<(Name, String)>,
    pub(crate) does: Does,
    /// How often it happens, once if nothing is said.
    pub(crate) times: u32,
    pub(crate) code: Code,
    pub(crate) keep_link_as: Option<String>,
    pub(crate) keep_call_as: Option<String>,
    pub(crate) refused: Option<Refused>,
    pub(crate) then: Vec<Expectation>,
}

/// What happens.
pub(crate) enum Does {
    Open(Opens),
    Act(Acts),
    Edit(Edits),
    Comment(Comments),
    TakeBack(Who, Name),
    Hold(Who, String),
    Resume(Who, String),
    Move(Moves),
    Migrate(Migrates),
    Turn(Who, Command),
    Wait(Length),
    WaitUntil(Time),
    Set(Sets),
}

/// Who does it.
#[derive(Clone, PartialEq)]
pub(crate) enum Who {
    Person(String),
    System,
}

/// `pat opens: …`
pub(crate) struct Opens {
    pub(crate) who: Who,
    /// `version: 1`: in this older version.
    pub(crate) version: Option<u32>,
    pub(crate) on_behalf_of: Option<String>,
    pub(crate) data: Patch,
    /// Links to cases of the test, by name.
    pub(crate) links: Vec<(Name, String)>,
    pub(crate) files: Files,
}

/// Files by material, each with its size in bytes; an empty list removes what is there.
pub(crate) type Files = Vec<(Name, Vec<(String, u64)>)>;

/// `pat: submit`
pub(crate) struct Acts {
    pub(crate) who: Who,
    pub(crate) action: Name,
    pub(crate) data: Patch,
    pub(crate) comments: Vec<Said>,
    /// Comments that the starter's side does not see.
    pub(crate) internal: Vec<Said>,
    pub(crate) replies: Vec<Said>,
    pub(crate) confirm: bool,
    /// The kept link by which they come.
    pub(crate) link: Option<String>,
    /// The panel in which they vote; `None`: in each that asks them.
    pub(crate) panel: Option<Name>,
    /// The `Idempotency-Key`: the same request under it is taken once.
    pub(crate) key: Option<String>,
    /// The kept hook call that a service answers.
    pub(crate) answers: Option<String>,
}

/// `pat edits: …`
pub(crate) struct Edits {
    pub(crate) who: Who,
    pub(crate) data: Patch,
    pub(crate) files: Files,
    pub(crate) replies: Vec<Said>,
}

/// `rita comments: …`
pub(crate) struct Comments {
    pub(crate) who: Who,
    pub(crate) open: Vec<Said>,
    pub(crate) internal: Vec<Said>,
}

/// `otto moves: state`
pub(crate) struct Moves {
    pub(crate) who: Who,
    pub(crate) to: String,
    pub(crate) reason: String,
}

/// `otto migrates: why`
pub(crate) struct Migrates {
    pub(crate) who: Who,
    pub(crate) data: Patch,
    pub(crate) reason: String,
}

/// `set: …`
pub(crate) struct Sets {
    pub(crate) facts: Vec<SetFact>,
    pub(crate) cases: Vec<SetCase>,
    pub(crate) children: Vec<SetChild>,
}

/// A change of a child of the story's case.
pub(crate) struct SetChild {
    /// Which `children` of the workflow.
    pub(crate) of: Name,
    pub(crate) key: String,
    pub(crate) state: Option<String>,
    pub(crate) data: Patch,
}

/// A change of a case that is simply there.
pub(crate) struct SetCase {
    pub(crate) case: String,
    pub(crate) state: Option<String>,
    pub(crate) data: Patch,
}

/// `refused: …`
pub(crate) struct Refused {
    pub(crate) span: Span,
    pub(crate) reasons: BTreeSet<String>,
}

/// One thing that `then` says.
pub(crate) struct Expectation {
    pub(crate) span: Span,
    /// The keyword, as it reads in the file.
    pub(crate) key: String,
    pub(crate) wants: Wants,
}

/// What is expected.
pub(crate) enum Wants {
    State(String),
    /// A track and where it is, by their paths.
    Track {
        track: String,
        state: String,
    },
    Round(u32),
    Mail(BTreeSet<String>),
    Sent(Name, u32),
    Called(Vec<String>),
    Due(Option<Time>),
    /// The newest child of each key, and the state that it is in.
    Children(Name, BTreeMap<String, String>),
    Votes {
        /// In this panel alone.
        panel: Option<Name>,
        decision: Name,
        have: u32,
        need: Option<u32>,
    },
    ToFix(BTreeSet<String>),
    End(Option<End>),
    Overdue(bool),
    May(Ask),
    MayNot(Ask, BTreeSet<String>),
    Sees {
        person: String,
        thing: Seen,
        sees: bool,
    },
}

/// Somebody who may do something; without an action, anything at all.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) who: Who,
    pub(crate) action: Option<Name>,
}

/// What somebody sees or does not see.
pub(crate) enum Seen {
    Case,
    Form(Name),
    Field(Name, Name),
    Whole(Name),
}

impl Suite {
    /// The partners that people, facts and cases speak of.
    pub(crate) fn partners(&self) -> BTreeSet<PartnerId> {
        let people = self
            .people
            .values()
            .filter_map(|person| person.person.partner.clone());
        let cases = self
            .cases
            .values()
            .filter_map(|case| case.stub.partner.clone());
        let facts = self.facts.iter().filter(|fact| fact.kind == "partner");
        let facts = facts.map(|fact| PartnerId::new(&fact.subject));
        people.chain(cases).chain(facts).collect()
    }
}

impl PropertyKind {
    /// Its keyword.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(name) => f.write_str(name),
            Self::System => f.write_str("system"),
        }
    }
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Case => f.write_str("case"),
            Self::Form(name) | Self::Whole(name) => f.write_str(name),
            Self::Field(form, field) => write!(f, "{form}.{field}"),
        }
    }
}
