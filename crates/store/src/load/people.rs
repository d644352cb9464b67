//! People of the directory as rows give them.

use std::collections::BTreeSet;

use countersign_core::{
    case::{Absence, GroupId, MailHabits, PartnerId, Person, PersonId, StandIn},
    text::Language,
};
use sea_orm::{DbErr, QueryResult};

use crate::rows::{from_json, get, get_bool, get_json, time};

/// A person from the columns id, name, email, language, time zone, partner, disabled, groups, attributes, absence,
/// absences of others, mail, beginning with the `first`.
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
        attributes: get_json(row, first + 8)?,
        away: absence(row, first + 9)?,
        stands_in: stands_in(row, first + 10)?,
        mail: mail(row, first + 11)?,
    })
}

/// A column with how somebody wants their mail, or nothing; what this version does not know reads as the default.
fn mail(row: &QueryResult, column: usize) -> Result<MailHabits, DbErr> {
    let found: Option<String> = get(row, column)?;
    let habits = found.as_deref().map(from_json::<MailHabits>);
    Ok(habits.and_then(Result::ok).unwrap_or_default())
}

/// A column with `[from, until, substitute]`, or nothing.
fn absence(row: &QueryResult, column: usize) -> Result<Option<Absence>, DbErr> {
    let Some(found) = get::<Option<String>, _>(row, column)? else {
        return Ok(None);
    };
    let (from, until, substitute): (i64, i64, Option<String>) = from_json(&found)?;
    Ok(Some(Absence {
        from: time(from),
        until: time(until),
        substitute: substitute.map(PersonId::new),
    }))
}

/// A column with a JSON array of `[person, from, until]`.
fn stands_in(row: &QueryResult, column: usize) -> Result<Vec<StandIn>, DbErr> {
    let found: Vec<(String, i64, i64)> = get_json(row, column)?;
    let stands = found.into_iter().map(|(of, from, until)| StandIn {
        of: PersonId::new(of),
        from: time(from),
        until: time(until),
    });
    Ok(stands.collect())
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
