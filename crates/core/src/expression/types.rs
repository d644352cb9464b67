//! What kinds of values expressions have, known when a workflow is loaded.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

/// The kind of a value. Cloning is cheap.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Double,
    /// Text that reads the same for everybody.
    String,
    /// Text with a version for each language.
    Text,
    /// A day of the calendar.
    Date,
    /// A moment.
    Time,
    /// An exact amount of money.
    Money,
    /// Somebody: see [`person_members`].
    Person,
    /// A list. Without a `max` it cannot be searched (E305).
    List {
        /// The kind of its entries.
        item: Box<Type>,
        /// How many entries it can have at most.
        max: Option<u32>,
    },
    /// Named members, each with its own kind.
    Record(Arc<Members>),
    /// Entries of one kind by a key that is only known later.
    MapOf(Box<Type>),
    /// Nothing is known; only where that cannot be avoided, for nothing is checked then.
    Any,
}

/// The members of a record by name, in the order in which they were declared.
pub type Members = IndexMap<String, Member>;

/// One member of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its kind.
    pub ty: Type,
    /// Whether it may be absent: reading it then fails, `has(…)` asks.
    pub optional: bool,
}

/// How many entries lists count as that the engine itself keeps: ballots, copies of reviewers, groups, children.
pub const ENGINE_LIST: u32 = 256;

impl Member {
    /// A member that is always there.
    pub fn required(ty: Type) -> Self {
        Self {
            ty,
            optional: false,
        }
    }

    /// A member that may be absent.
    pub fn optional(ty: Type) -> Self {
        Self { ty, optional: true }
    }
}

impl Type {
    /// A record whose members are all there, unless their name ends in `?`.
    pub fn record<'a>(members: impl IntoIterator<Item = (&'a str, Type)>) -> Self {
        let members = members.into_iter().map(|(name, ty)| {
            let optional = name.ends_with('?');
            let name = name.trim_end_matches('?').to_owned();
            (name, Member { ty, optional })
        });
        Self::Record(Arc::new(members.collect()))
    }

    /// A list with at most so many entries.
    pub fn list(item: Type, max: u32) -> Self {
        Self::List {
            item: Box::new(item),
            max: Some(max),
        }
    }

    /// A list that nothing bounds.
    pub fn unbounded_list(item: Type) -> Self {
        Self::List {
            item: Box::new(item),
            max: None,
        }
    }

    /// A list that the engine keeps; it counts as [`ENGINE_LIST`] entries.
    pub fn engine_list(item: Type) -> Self {
        Self::list(item, ENGINE_LIST)
    }

    /// Entries of this kind by key.
    pub fn map_of(entry: Type) -> Self {
        Self::MapOf(Box::new(entry))
    }

    /// The kind that values of either kind have, if there is one: what `c ? a : b` has.
    pub fn unify(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Any, ty) | (ty, Self::Any) => Some(ty.clone()),
            (Self::Int, Self::Double) | (Self::Double, Self::Int) => Some(Self::Double),
            (Self::String, Self::Text) | (Self::Text, Self::String) => Some(Self::Text),
            (Self::List { item, max }, Self::List { item: i, max: m }) => Some(Self::List {
                item: Box::new(item.unify(i)?),
                max: max.zip(*m).map(|(one, other)| one.max(other)),
            }),
            (one, other) => (one == other).then(|| one.clone()),
        }
    }

    /// Whether a value of this kind may stand where `wanted` is wanted.
    pub fn fits(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::Any, _)
            | (_, Self::Any)
            | (Self::Int, Self::Double)
            | (Self::String, Self::Text) => true,
            (Self::List { item, .. }, Self::List { item: wanted, .. })
            | (Self::MapOf(item), Self::MapOf(wanted)) => item.fits(wanted),
            (Self::Record(has), Self::Record(wanted)) => wanted.iter().all(|(name, member)| {
                has.get(name).map_or(member.optional, |has| {
                    has.ty.fits(&member.ty) && (member.optional || !has.optional)
                })
            }),
            (one, other) => one == other,
        }
    }

    /// Whether it is a number of either kind.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Double | Self::Any)
    }

    /// Whether it is a date or a moment.
    pub fn is_moment(&self) -> bool {
        matches!(self, Self::Date | Self::Time | Self::Any)
    }

    /// Whether it is text of either kind.
    pub fn is_textual(&self) -> bool {
        matches!(self, Self::String | Self::Text | Self::Any)
    }

    /// Its members, if it has named ones.
    pub fn members(&self) -> Option<Arc<Members>> {
        match self {
            Self::Record(members) => Some(Arc::clone(members)),
            Self::Person => Some(person_members()),
            Self::Bool
            | Self::Int
            | Self::Double
            | Self::String
            | Self::Text
            | Self::Date
            | Self::Time
            | Self::Money
            | Self::List { .. }
            | Self::MapOf(_)
            | Self::Any => None,
        }
    }
}

impl fmt::Display for Type {
    /// With its article, for use in a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "a truth value",
            Self::Int => "a whole number",
            Self::Double => "a number",
            Self::String => "a text",
            Self::Text => "a text in two languages",
            Self::Date => "a date",
            Self::Time => "a date-time",
            Self::Money => "an amount of money",
            Self::Person => "a person",
            Self::List { .. } => "a list",
            Self::Record(_) => "a record",
            Self::MapOf(_) => "a map",
            Self::Any => "anything",
        })
    }
}

/// What is known of a person (SEMANTICS 5). Services have only an `id`.
pub fn person_members() -> Arc<Members> {
    static MEMBERS: std::sync::LazyLock<Arc<Members>> = std::sync::LazyLock::new(|| {
        Type::record([
            ("id", Type::String),
            ("name?", Type::String),
            ("email?", Type::String),
            ("language?", Type::String),
            ("groups?", Type::engine_list(Type::String)),
            ("partner?", Type::String),
        ])
        .members()
        .unwrap_or_default()
    });
    Arc::clone(&MEMBERS)
}
