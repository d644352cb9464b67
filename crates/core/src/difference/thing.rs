//! A thing of a workflow as it is compared: what it is called, and its traits, each in words.

use crate::text::Text;

use super::words;

/// What kind of thing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThingKind {
    /// The workflow itself.
    Workflow,
    /// A role.
    Role,
    /// A form.
    Form,
    /// A field of a form.
    Field,
    /// A material.
    Material,
    /// A rule.
    Rule,
    /// A limit.
    Limit,
    /// A link.
    Link,
    /// Child cases.
    Children,
    /// A decision table.
    Table,
    /// A row of a table.
    Row,
    /// A state.
    State,
    /// The review of a state.
    Review,
    /// A panel of a review.
    Panel,
    /// An action.
    Action,
    /// A decision of a review.
    Decision,
    /// A timer.
    Timer,
    /// A message.
    Message,
}

impl ThingKind {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Role => "role",
            Self::Form => "form",
            Self::Field => "field",
            Self::Material => "material",
            Self::Rule => "rule",
            Self::Limit => "limit",
            Self::Link => "link",
            Self::Children => "children",
            Self::Table => "table",
            Self::Row => "row",
            Self::State => "state",
            Self::Review => "review",
            Self::Panel => "panel",
            Self::Action => "action",
            Self::Decision => "decision",
            Self::Timer => "timer",
            Self::Message => "message",
        }
    }
}

/// A thing that versions are compared by.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) kind: ThingKind,
    /// By which it is known in the other version.
    pub(super) place: String,
    /// Where it stands in its own file.
    pub(super) written: String,
    /// Of a state, its path in its own file.
    pub(super) path: String,
    /// In a sentence: `the state “Draft”`, `状态“草稿”`.
    pub(super) called: Text,
    pub(super) facets: Vec<Facet>,
}

/// A trait of a thing.
#[derive(Debug, Clone)]
pub(super) struct Facet {
    /// `who may take it`, `可执行者`.
    pub(super) label: Text,
    pub(super) value: Value,
    /// Whether it is told of a new thing.
    pub(super) is_told: bool,
    /// Whether a change of it is told.
    pub(super) is_compared: bool,
}

/// What a trait is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    One(Text),
    /// Several, of which some may come or go.
    Many(Vec<Text>),
    /// Too long to be shown.
    Long(String),
}

impl Value {
    pub(super) fn shown(&self) -> Text {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(texts) if texts.is_empty() => Text::new("nothing", "无"),
            Self::Many(texts) => words::listed(texts),
            Self::Long(_) => Text::new("another text", "其他文字"),
        }
    }
}

impl Thing {
    pub(super) fn new(kind: ThingKind, place: impl Into<String>, called: Text) -> Self {
        let place = place.into();
        Self {
            kind,
            written: place.clone(),
            path: String::new(),
            place,
            called,
            facets: Vec::new(),
        }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.place == other.place
    }

    /// Whether the other lies in it.
    pub(super) fn holds(&self, other: &Self) -> bool {
        let inside = other.place.strip_prefix(&self.place);
        !self.place.is_empty() && inside.is_some_and(|rest| rest.starts_with('.'))
    }

    /// With a trait that it always has.
    pub(super) fn is(mut self, label: (&str, &str), value: Text) -> Self {
        self.facets.push(Facet {
            label: Text::new(label.0, label.1),
            value: Value::One(value),
            is_told: true,
            is_compared: true,
        });
        self
    }

    /// With a trait that goes without saying of a new thing.
    pub(super) fn also(mut self, label: (&str, &str), value: Text) -> Self {
        self = self.is(label, value);
        self.untold()
    }

    /// With a trait that it may have.
    pub(super) fn may(self, label: (&str, &str), value: Option<Text>) -> Self {
        match value {
            Some(value) => self.is(label, value),
            None => self,
        }
    }

    /// With several of a kind, or none.
    pub(super) fn all(mut self, label: (&str, &str), values: Vec<Text>) -> Self {
        self.facets.push(Facet {
            label: Text::new(label.0, label.1),
            value: Value::Many(values),
            is_told: true,
            is_compared: true,
        });
        self
    }

    /// With several that are told of a new thing alone: else each is a thing of its own.
    pub(super) fn only_new(mut self, label: (&str, &str), values: Vec<Text>) -> Self {
        self = self.all(label, values);
        if let Some(last) = self.facets.last_mut() {
            last.is_compared = false;
        }
        self
    }

    /// With a text that is too long to be shown.
    pub(super) fn long(mut self, label: (&str, &str), text: String) -> Self {
        self.facets.push(Facet {
            label: Text::new(label.0, label.1),
            value: Value::Long(text),
            is_told: false,
            is_compared: true,
        });
        self
    }

    fn untold(mut self) -> Self {
        if let Some(last) = self.facets.last_mut() {
            last.is_told = false;
        }
        self
    }
}
