//! What steps need: one statement for each kind that is asked for. What is not there is entered as not
//! there, so that nothing is asked for twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use countersign_core::{
    case::{CaseId, GroupId, Partner, PartnerId, PersonId},
    context::{Fact, FactKey, Inputs, LimitKey, LinkedCase, List, Needs},
    found::{CaseQuery, Whose},
    history::Hash,
    name::Name,
    workflow::StatePath,
};
use countersign_engine::{Registry, ports::store::CaseAddress};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde::Serialize;

use super::{cases::cases, people};
use crate::{
    rows::{get, get_bytes, get_json, get_u32, get_u64, json, millis},
    statements::{Sql, inputs as sql},
};

/// As many cases as one batch may change, so that as many may drop out of what was found.
const MAY_CHANGE: i64 = 256;

/// Loads what is needed and adds it to `inputs`. `registry` types linked cases.
pub async fn inputs(
    on: &impl ConnectionTrait,
    needs: &Needs,
    registry: &Registry,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    load_people(on, &needs.people, inputs).await?;
    load_addresses(on, &needs.addresses, inputs).await?;
    load_groups(on, &needs.groups, inputs).await?;
    load_colleagues(on, &needs.colleagues, inputs).await?;
    load_partners(on, &needs.partners, inputs).await?;
    load_facts(on, &needs.facts, inputs).await?;
    load_lists(on, &needs.lists, inputs).await?;
    load_found(on, &needs.found, inputs).await?;
    let mut cases = needs.cases.clone();
    for query in &needs.found {
        let found = inputs.found.get(query).into_iter().flatten();
        cases.extend(found.take(query.most as usize));
    }
    load_cases(on, &cases, registry, inputs).await?;
    load_usage(on, &needs.usage, inputs).await?;
    load_holders(on, &needs.holders, inputs).await?;
    load_load(on, &needs.load, inputs).await
}

/// The rows of what is asked for, each with what it answers.
async fn asked<'k, K, J: Serialize>(
    on: &impl ConnectionTrait,
    statement: Sql,
    keys: &'k BTreeSet<K>,
    row: impl Fn(&'k K) -> J,
) -> Result<Vec<(&'k K, QueryResult)>, DbErr> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&K> = keys.iter().collect();
    let set: Vec<J> = keys.iter().map(|key| row(key)).collect();
    let rows = statement.all(on, [json(&set)?.into()]).await?;
    let mut answers = Vec::with_capacity(rows.len());
    for row in rows {
        let place = usize::try_from(get::<i64, _>(&row, 0)?).ok();
        if let Some(key) = place.and_then(|place| keys.get(place)) {
            answers.push((*key, row));
        }
    }
    Ok(answers)
}

async fn load_people(
    on: &impl ConnectionTrait,
    ids: &BTreeSet<PersonId>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let rows = asked(on, sql::PEOPLE, ids, PersonId::as_str).await?;
    inputs
        .people
        .extend(ids.iter().map(|id| (id.clone(), None)));
    for (id, row) in rows {
        inputs
            .people
            .insert(id.clone(), Some(Arc::new(people::from_row(&row, 1)?)));
    }
    Ok(())
}

async fn load_addresses(
    on: &impl ConnectionTrait,
    addresses: &BTreeSet<String>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let rows = asked(on, sql::ADDRESSES, addresses, String::as_str).await?;
    inputs
        .addresses
        .extend(addresses.iter().map(|address| (address.clone(), None)));
    for (address, row) in rows {
        inputs
            .addresses
            .insert(address.clone(), Some(Arc::new(people::from_row(&row, 1)?)));
    }
    Ok(())
}

async fn load_groups(
    on: &impl ConnectionTrait,
    groups: &BTreeSet<GroupId>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let rows = asked(on, sql::MEMBERS, groups, GroupId::as_str).await?;
    let members = members(groups, rows, inputs)?;
    inputs.groups.extend(members);
    Ok(())
}

async fn load_colleagues(
    on: &impl ConnectionTrait,
    partners: &BTreeSet<PartnerId>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let rows = asked(on, sql::COLLEAGUES, partners, PartnerId::as_str).await?;
    let people = members(partners, rows, inputs)?;
    inputs.colleagues.extend(people);
    Ok(())
}

/// A group or partner, and who is in it.
type Members<K> = (K, Arc<Vec<PersonId>>);

/// The people of rows by what they belong to; all of them are entered as people too.
fn members<K: Clone + Ord>(
    asked: &BTreeSet<K>,
    rows: Vec<(&K, QueryResult)>,
    inputs: &mut Inputs,
) -> Result<Vec<Members<K>>, DbErr> {
    let mut members: BTreeMap<&K, Vec<PersonId>> =
        asked.iter().map(|key| (key, Vec::new())).collect();
    for (key, row) in rows {
        let person = people::from_row(&row, 1)?;
        members.entry(key).or_default().push(person.id.clone());
        inputs
            .people
            .insert(person.id.clone(), Some(Arc::new(person)));
    }
    let members = members.into_iter();
    Ok(members
        .map(|(key, people)| (key.clone(), Arc::new(people)))
        .collect())
}

async fn load_partners(
    on: &impl ConnectionTrait,
    partners: &BTreeSet<PartnerId>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let rows = asked(on, sql::PARTNERS, partners, PartnerId::as_str).await?;
    inputs
        .partners
        .extend(partners.iter().map(|partner| (partner.clone(), None)));
    for (id, row) in rows {
        let partner = Partner {
            id: id.clone(),
            name: get(&row, 2)?,
        };
        inputs.partners.insert(id.clone(), Some(Arc::new(partner)));
    }
    Ok(())
}

async fn load_facts(
    on: &impl ConnectionTrait,
    keys: &BTreeSet<FactKey>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let rows = asked(on, sql::FACTS, keys, |key| {
        (key.kind.as_str(), &key.subject)
    })
    .await?;
    inputs
        .facts
        .extend(keys.iter().map(|key| (key.clone(), None)));
    for (key, row) in rows {
        let fact = Fact {
            version: get_u64(&row, 1)?,
            values: get_json(&row, 2)?,
        };
        inputs.facts.insert(key.clone(), Some(Arc::new(fact)));
    }
    Ok(())
}

async fn load_lists(
    on: &impl ConnectionTrait,
    names: &BTreeSet<Name>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let rows = asked(on, sql::LISTS, names, Name::as_str).await?;
    let nothing = Arc::new(List {
        version: 0,
        digest: Hash::of(&[]),
        entries: indexmap::IndexMap::new(),
    });
    inputs
        .lists
        .extend(names.iter().map(|name| (name.clone(), nothing.clone())));
    for (name, row) in rows {
        let digest = Hash::from_bytes(get_bytes(&row, 2)?);
        let list = List {
            version: get_u64(&row, 1)?,
            digest,
            entries: get_json(&row, 3)?,
        };
        inputs.lists.insert(name.clone(), Arc::new(list));
    }
    Ok(())
}

/// One statement a query, for a `LIMIT` cannot differ from row to row.
async fn load_found(
    on: &impl ConnectionTrait,
    queries: &BTreeSet<CaseQuery>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    for query in queries {
        let states: Vec<&str> = query.states.iter().map(StatePath::as_str).collect();
        let matches: Vec<(String, &str, &str)> = query.matches.iter().map(matched).collect();
        let (statement, partner) = match &query.whose {
            Whose::Anybody => (sql::FOUND, None),
            Whose::Of(Some(partner)) => (sql::FOUND_OF_PARTNER, Some(partner)),
            Whose::Of(None) => (sql::FOUND_OF_NOBODY, None),
        };
        let values: [sea_orm::Value; 6] = [
            query.workflow.as_str().into(),
            partner.map(|partner| partner.as_str().to_owned()).into(),
            query.but.0.into(),
            json(&states)?.into(),
            json(&matches)?.into(),
            (i64::from(query.most) + MAY_CHANGE).into(),
        ];
        let rows = statement.all(on, values).await?;
        let ids = rows.iter().map(|row| Ok(CaseId(get(row, 0)?)));
        let ids: Vec<CaseId> = ids.collect::<Result<_, DbErr>>()?;
        inputs.found.insert(query.clone(), ids);
    }
    Ok(())
}

/// The path of a field, that of a member below it (with its dot) or nothing, and the value.
fn matched((path, value): &(String, String)) -> (String, &str, &str) {
    let names = path.match_indices('.').nth(1);
    let (field, member) = names.map_or((&**path, ""), |(end, _)| path.split_at(end));
    (format!("$.forms.{field}"), member, value)
}

async fn load_cases(
    on: &impl ConnectionTrait,
    ids: &BTreeSet<CaseId>,
    registry: &Registry,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let addresses: Vec<CaseAddress> = ids.iter().map(|id| CaseAddress::Id(*id)).collect();
    for (id, case) in ids.iter().zip(cases(on, &addresses).await?) {
        let linked = case.and_then(|case| {
            let workflow = registry.get(&case.workflow, case.version)?;
            Some(Arc::new(LinkedCase::of(&case, workflow)))
        });
        inputs.cases.insert(*id, linked);
    }
    Ok(())
}

async fn load_usage(
    on: &impl ConnectionTrait,
    keys: &BTreeSet<LimitKey>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let row = |key: &LimitKey| {
        (
            key.workflow.to_string(),
            key.limit.to_string(),
            key.key.clone(),
            key.since.map(millis),
        )
    };
    for (key, row) in asked(on, sql::USAGE, keys, row).await? {
        inputs.usage.insert(key.clone(), get(&row, 1)?);
    }
    Ok(())
}

async fn load_holders(
    on: &impl ConnectionTrait,
    keys: &BTreeSet<LimitKey>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    let row = |key: &LimitKey| {
        (
            key.workflow.to_string(),
            key.limit.to_string(),
            key.key.clone(),
            key.end(),
            key.since.map(millis),
        )
    };
    let rows = asked(on, sql::HOLDERS, keys, row).await?;
    let nobody = keys.iter().map(|key| (key.clone(), BTreeMap::new()));
    inputs.holders.extend(nobody);
    for (key, row) in rows {
        let holders = inputs.holders.entry(key.clone()).or_default();
        holders.insert(get(&row, 1)?, get(&row, 2)?);
    }
    Ok(())
}

async fn load_load(
    on: &impl ConnectionTrait,
    people: &BTreeSet<PersonId>,
    inputs: &mut Inputs,
) -> Result<(), DbErr> {
    for (person, row) in asked(on, sql::LOAD, people, PersonId::as_str).await? {
        inputs.load.insert(person.clone(), get_u32(&row, 1)?);
    }
    Ok(())
}
