//! People of the directory as rows give them.

use std::collections::BTreeSet;

use countersign_core::{
    case::{GroupId, PartnerId, Person, PersonId},
    text::Language,
};
use sea_orm::{DbErr, QueryResult};

use crate::rows::{get, get_bool, get_json};

/// A person from the columns id, name, email, language, time zone, partner, disabled, groups, beginning
/// with the `first`.
pub fn from_row(row: &QueryResult, first: usize) -> Result<Person, DbErr> {
    Ok(Person {
        id: PersonId::new(get::<String, _>(row, first)?),
        name: get(row, first + 1)?,
        email: get(row, first + 2)?,
        language: language(&get::<String, _>(row, first + 3)?),
        timezone: get(row, first + 4)?,
        partner: get::<Option<String>, _>(row, first + 5)?.map(PartnerId::new),
        disabled: get_bool(row, first + 6)?,
        groups: listed_groups(row, first + 7)?
            .into_iter()
            .collect::<BTreeSet<_>>(),
    })
}

/// A column with a JSON array of groups.
fn listed_groups(row: &QueryResult, column: usize) -> Result<Vec<GroupId>, DbErr> {
    let groups: Vec<String> = get_json(row, column)?;
    Ok(groups.into_iter().map(GroupId::new).collect())
}

/// A stored language; what this version does not know reads as the default.
pub fn language(tag: &str) -> Language {
    tag.parse().unwrap_or_default()
}
