//! Rules and limits: what can be asked for in `require` besides forms, materials and links.

use crate::{
    expression::Expression,
    name::Name,
    template::Template,
    time::{Length, PeriodKind},
};

use super::{Localized, Place, state::StateId};

/// A condition with words for the person who does not meet it.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name in the file.
    pub name: Name,
    /// True when it is met.
    pub check: Expression,
    /// What to tell the person; may say have and need.
    pub otherwise: Localized<Template>,
    /// The field to point to.
    pub at: Option<Place>,
    /// The line of the file.
    pub line: u32,
}

/// At most `count` per key, in a window of time or among the cases that are there.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Its name in the file.
    pub name: Name,
    /// How many, or how much.
    pub count: Amount,
    /// What is counted apart.
    pub per: Per,
    /// What one step or case adds.
    pub adds: Amount,
    /// Whatever has the same value here takes one place together; `None`: each step or case takes its own.
    pub counting: Option<Expression>,
    /// What is counted.
    pub window: Window,
    /// Whether partners are counted apart besides.
    pub same_partner: bool,
    /// What to tell the person.
    pub otherwise: Option<Localized<Template>>,
    /// The field to point to.
    pub at: Option<Place>,
    /// The line of the file.
    pub line: u32,
}

/// A number of a limit: whole numbers, or money in hundredths.
#[derive(Debug, Clone)]
pub enum Amount {
    /// As written, or the default 1.
    Fixed(i64),
    /// Reckoned; an integer as it is, money in hundredths.
    Reckoned(Expression),
}

/// What a limit counts apart.
#[derive(Debug, Clone)]
pub enum Per {
    /// Who takes the action.
    Actor,
    /// Who opened the case.
    Starter,
    /// The case's partner.
    Partner,
    /// A key; a list takes one place an entry, an empty one none.
    Key(Expression),
}

/// What a limit counts.
#[derive(Debug, Clone)]
pub enum Window {
    /// The times that an action requiring it was taken.
    Within(Within),
    /// The cases that are there now.
    While(While),
}

/// A window of time that ends now.
#[derive(Debug, Clone)]
pub enum Within {
    /// The last so long.
    Rolling(Length),
    /// The running day, week, month, quarter or year in the workflow's zone.
    Calendar(PeriodKind),
}

/// The cases that hold a place.
#[derive(Debug, Clone)]
pub enum While {
    /// All that have not ended.
    Open,
    /// All, ended ones too.
    Ever,
    /// Those in one of these states.
    States(Vec<StateId>),
}
