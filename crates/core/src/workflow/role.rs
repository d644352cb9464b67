//! Roles: who a word in `who`, `by`, `edit` or `to` stands for. Whether a given person has a role in
//! a given case is decided in `policy`, not here.

use crate::{case::GroupId, expression::Expression, name::Name, text::Text};

/// A role of a workflow.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name in the file.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// Who has it.
    pub is: RoleIs,
}

/// Who has a role.
#[derive(Debug, Clone)]
pub enum RoleIs {
    /// Who opened the case, and colleagues of the same partner.
    Starter,
    /// People of the case's partner; with a group only those in it.
    Partner {
        /// The group that they must also be in.
        group: Option<GroupId>,
    },
    /// Whoever proves the address that this expression gives.
    LinkHolder {
        /// Gives the address.
        email: Expression,
    },
    /// The members of a group.
    Group(GroupId),
    /// The members of the groups that this expression names.
    Groups(Expression),
    /// The people that this expression names: a person, or a list of them.
    Person(Expression),
    /// Whoever stands so to somebody. The only role that crosses the partner wall.
    Relation(Relation),
}

/// Who stands so to somebody, as the directory says: `boss_of(manager_of(starter))`.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Attributes of people, the innermost first: `manager`, `boss`.
    pub attributes: Vec<Name>,
    /// From whom it goes.
    pub of: Expression,
}
