//! What is wrong with an expression, and what is expected of one.

use super::types::Type;

/// Something wrong with an expression, found when a workflow is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `E300` … `E309`, or `E205` for a length of time that is none.
    pub code: &'static str,
    /// Where it begins, in bytes of the source.
    pub start: usize,
    /// Where it ends, in bytes of the source.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    pub(crate) fn new(
        code: &'static str,
        (start, end): (usize, usize),
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            start,
            end,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Of what kind the result of an expression must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// Anything.
    Any,
    /// A condition.
    Bool,
    /// A number of votes, or the truth that there are enough.
    Votes,
    /// A whole number or money: what a limit counts.
    Amount,
    /// A date or a moment.
    Moment,
    /// Something that can be shown in a text.
    Shown,
    /// A person.
    Person,
    /// Persons: one or a list.
    People,
    /// A text, or a list of texts: names of groups, mail addresses.
    Names,
    /// Something that tells things apart: a text, number, date, person, or a list of them.
    Key,
    /// A list.
    List,
    /// A value for something of exactly this kind.
    Exactly(Type),
}

impl Expect {
    /// Whether a result of this kind will do.
    pub(super) fn accepts(&self, ty: &Type) -> bool {
        match self {
            _ if matches!(ty, Type::Any) => true,
            Self::Any => true,
            Self::Bool => matches!(ty, Type::Bool),
            Self::Votes => matches!(ty, Type::Bool | Type::Int),
            Self::Amount => matches!(ty, Type::Int | Type::Money),
            Self::Moment => ty.is_moment(),
            Self::Shown => is_shown(ty),
            Self::Person => matches!(ty, Type::Person),
            Self::People => is_one_or_list(ty, &|ty| matches!(ty, Type::Person | Type::Any)),
            Self::Names => is_one_or_list(ty, &|ty| matches!(ty, Type::String | Type::Any)),
            Self::Key => is_one_or_list(ty, &tells_apart),
            Self::List => matches!(ty, Type::List { .. }),
            Self::Exactly(wanted) => ty.fits(wanted),
        }
    }

    /// What is needed, with an article.
    pub(super) fn wanted(&self) -> String {
        match self {
            Self::Any => "a value",
            Self::Bool => "a truth value",
            Self::Votes => "a number of votes or a truth value",
            Self::Amount => "a whole number or an amount of money",
            Self::Moment => "a date or a date-time",
            Self::Shown => "something that can be shown",
            Self::Person => "a person",
            Self::People => "a person or a list of persons",
            Self::Names => "a text or a list of texts",
            Self::Key => "a text, number, date, person or a list of them",
            Self::List => "a list",
            Self::Exactly(ty) => return ty.to_string(),
        }
        .to_owned()
    }
}

fn is_one_or_list(ty: &Type, which: &dyn Fn(&Type) -> bool) -> bool {
    match ty {
        Type::List { item, .. } => which(item),
        one => which(one),
    }
}

fn tells_apart(ty: &Type) -> bool {
    match ty {
        Type::Bool
        | Type::Int
        | Type::String
        | Type::Date
        | Type::Time
        | Type::Money
        | Type::Person
        | Type::Any => true,
        Type::Double | Type::Text | Type::List { .. } | Type::Record(_) | Type::MapOf(_) => false,
    }
}

/// A record that has a name is shown by it: an entry that was picked from a list, for example.
fn is_shown(ty: &Type) -> bool {
    match ty {
        Type::Record(members) => members.get("name").is_some_and(|name| name.ty.is_textual()),
        Type::MapOf(_) => false,
        Type::List { item, .. } => is_shown(item),
        _ => true,
    }
}
