//! Forms, their fields, and materials. Checking values against them is `crate::form`'s.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::{case::GroupId, expression::Expression, name::Name, text::Text};

use super::{StateId, Titles};

/// A form of a workflow.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its name in the file.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// `each: reviewer`: every reviewer fills a copy, and expressions see a list.
    pub each_reviewer: bool,
    /// Fields in document order.
    pub fields: IndexMap<Name, Field>,
    /// What is asked of the form beside its fields.
    pub schema: FormSchema,
    /// The compiled schema, built at its first use: starts as the default.
    pub checker: crate::form::Checker,
}

/// What is asked of a form beside its fields.
#[derive(Debug, Clone, PartialEq)]
pub enum FormSchema {
    /// These keywords of JSON Schema, as written; bounds of money are numbers of units, as at fields.
    Beside(Json),
    /// The form is this JSON Schema as it stands; its fields are what it describes.
    Plain(Json),
}

impl Default for FormSchema {
    /// Nothing.
    fn default() -> Self {
        Self::Beside(Json::Null)
    }
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name, without the `?`.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// More about it.
    pub description: Option<Text>,
    /// Whether a submission must have it.
    pub required: bool,
    /// What kind of value it holds.
    pub kind: FieldKind,
    /// What people call the words and members in it.
    pub titles: Titles,
    /// The JSON Schema keywords of its value, as written. `crate::form` makes pure schemas of them and of
    /// the kind; for money, bounds are numbers of units (`minimum: 0.01`), as in the file.
    pub schema: Json,
    /// The roles that may see it; `None`: as the form.
    pub private: Option<Vec<Name>>,
    /// Read-only: reckoned from this.
    pub derived: Option<Expression>,
    /// No change any more once this state was left for the first time.
    pub frozen_after: Option<StateId>,
}

/// What kind of value a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// One line.
    String,
    /// Several lines.
    LongText,
    /// A whole number.
    Integer,
    /// A double.
    Number,
    /// True or false.
    Boolean,
    /// A calendar date.
    Date,
    /// A moment.
    DateTime,
    /// An exact amount of at most two fraction digits.
    Money,
    /// One of these words.
    Enum(Vec<String>),
    /// An entry of a reference list, copied when it is picked.
    Pick {
        /// The list.
        list: Name,
    },
    /// A person of the directory, by id.
    Person {
        /// The group that they must be in.
        group: Option<GroupId>,
    },
    /// A list of values.
    List {
        /// The kind of each.
        items: Box<FieldKind>,
        /// How many at most (`maxItems`).
        most: Option<u32>,
    },
    /// A record of plain JSON Schema that is read as it stands.
    Object(IndexMap<Name, FieldKind>),
}

/// An uploaded file that a workflow asks for.
#[derive(Debug, Clone)]
pub struct Material {
    /// Its name in the file.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// The kinds of file that are taken, as extensions in lower case: `pdf`, `docx`.
    pub accept: Vec<String>,
    /// The largest size taken, in bytes.
    pub max_bytes: u64,
    /// The fewest files that `require` takes for complete; 0 if optional.
    pub least: u32,
    /// The most files kept; 1: a new one replaces the old.
    pub most: u32,
    /// A file to download, fill in and upload, relative to the workflows' folder.
    pub template: Option<String>,
}

/// Something of a case that can be edited, shown, hidden or covered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// A whole form.
    Form(Name),
    /// A field of a form.
    Field(Name, Name),
    /// A material.
    Material(Name),
    /// A link.
    Link(Name),
    /// The whole case.
    Case,
}

/// Where a message points: a form, a field, or a material.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A form, material or link by name.
    Whole(Name),
    /// A field of a form.
    Field(Name, Name),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(name) => f.write_str(name),
            Self::Field(form, field) => write!(f, "{form}.{field}"),
        }
    }
}
