//! Reads of the directory, facts and published workflows.

use countersign_core::{
    case::{DeliveryId, GroupId, Partner, PartnerId, Person, PersonId, ServiceId},
    context::{Fact, FactKey},
    name::Name,
    time::Time,
};
use countersign_engine::{
    Authenticator,
    ports::{
        directory::{ErasureRecord, PersonRecord, TokenHolder, TokenRecord},
        store::{Caller, PublishedWorkflow},
    },
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder as _,
    QueryResult,
};

use crate::{
    entities::{fact, member, partner, password, person, session, token, workflow},
    load::{language, person_from_row},
    rows::{from_json, get, get_json, get_u32, get_u64, millis, time},
    statements::{erasing, reads as sql},
};

/// Whom a token names.
pub async fn caller(
    on: &impl ConnectionTrait,
    hash: &[u8; 32],
    now: Time,
) -> Result<Option<Caller>, DbErr> {
    let Some(row) = sql::CALLER
        .one(on, [hash.to_vec().into(), millis(now).into()])
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(match get::<Option<String>, _>(&row, 0)? {
        Some(id) => Caller::Service {
            id: ServiceId::new(id),
            rights: get_json(&row, 1)?,
        },
        None => Caller::Person(person_from_row(&row, 2)?),
    }))
}

/// Who is signed in.
pub async fn signed_in(
    on: &impl ConnectionTrait,
    cookie: &[u8; 32],
    now: Time,
) -> Result<Option<Person>, DbErr> {
    let values = [cookie.to_vec().into(), millis(now).into()];
    let row = sql::SIGNED_IN.one(on, values).await?;
    row.map(|row| person_from_row(&row, 0)).transpose()
}

/// Since when somebody is signed in by this cookie.
pub async fn signed_in_since(
    on: &impl ConnectionTrait,
    cookie: &[u8; 32],
) -> Result<Option<Time>, DbErr> {
    let found = session::Entity::find_by_id(cookie.to_vec()).one(on).await?;
    Ok(found.map(|session| time(session.created_at)))
}

/// The hash of a password.
pub async fn password(on: &impl ConnectionTrait, id: &PersonId) -> Result<Option<String>, DbErr> {
    let found = password::Entity::find_by_id(id.as_str()).one(on).await?;
    Ok(found.map(|row| row.hash))
}

/// Who signs in with this account of a provider.
pub async fn identity(
    on: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Option<PersonId>, DbErr> {
    let row = sql::IDENTITY
        .one(on, [issuer.into(), subject.into()])
        .await?;
    let person = row.map(|row| get::<String, _>(&row, 0)).transpose()?;
    Ok(person.map(PersonId::new))
}

/// The app that shows somebody's confirmation codes.
pub async fn authenticator(
    on: &impl ConnectionTrait,
    id: &PersonId,
) -> Result<Option<Authenticator>, DbErr> {
    let row = sql::AUTHENTICATOR.one(on, [id.as_str().into()]).await?;
    row.map(|row| {
        Ok(Authenticator {
            salt: get(&row, 0)?,
            last_step: get_u64(&row, 1)?,
            missed: get_u32(&row, 2)?,
            missed_at: time(get(&row, 3)?),
        })
    })
    .transpose()
}

/// A person with the groups.
pub async fn person(
    on: &impl ConnectionTrait,
    id: &PersonId,
) -> Result<Option<(PersonRecord, Vec<GroupId>)>, DbErr> {
    let Some(found) = person::Entity::find_by_id(id.as_str()).one(on).await? else {
        return Ok(None);
    };
    let groups = member::Entity::find()
        .filter(member::Column::Person.eq(id.as_str()))
        .order_by_asc(member::Column::GroupId)
        .all(on)
        .await?;
    let record = PersonRecord {
        id: PersonId::new(found.id),
        name: found.name,
        email: found.email,
        language: language(&found.language),
        timezone: found.timezone,
        partner: found.partner.map(PartnerId::new),
        attributes: from_json(&found.attributes)?,
        disabled: found.disabled,
    };
    Ok(Some((
        record,
        groups
            .into_iter()
            .map(|row| GroupId::new(row.group_id))
            .collect(),
    )))
}

/// The erasures of a person's data, the oldest first.
pub async fn erasures(
    on: &impl ConnectionTrait,
    id: &PersonId,
) -> Result<Vec<ErasureRecord>, DbErr> {
    let rows = erasing::RECORDS.all(on, [id.as_str().into()]).await?;
    let record = |row: &QueryResult| {
        Ok(ErasureRecord {
            person: id.clone(),
            by: PersonId::new(get::<String, _>(row, 0)?),
            reason: get(row, 1)?,
            at: time(get(row, 2)?),
        })
    };
    rows.iter().map(record).collect()
}

/// Mails to a person that still say something.
pub async fn mails_to(
    on: &impl ConnectionTrait,
    id: &PersonId,
    limit: u32,
) -> Result<Vec<DeliveryId>, DbErr> {
    let values = [id.as_str().into(), limit.into()];
    let rows = erasing::MAILS.all(on, values).await?;
    rows.iter()
        .map(|row| Ok(DeliveryId(get(row, 0)?)))
        .collect()
}

/// Members of a group in order of id.
pub async fn members(on: &impl ConnectionTrait, group: &GroupId) -> Result<Vec<PersonId>, DbErr> {
    let rows = member::Entity::find()
        .filter(member::Column::GroupId.eq(group.as_str()))
        .order_by_asc(member::Column::Person)
        .all(on)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| PersonId::new(row.person))
        .collect())
}

/// A partner.
pub async fn partner(on: &impl ConnectionTrait, id: &PartnerId) -> Result<Option<Partner>, DbErr> {
    let found = partner::Entity::find_by_id(id.as_str()).one(on).await?;
    Ok(found.map(|row| Partner {
        id: PartnerId::new(row.id),
        name: row.name,
    }))
}

/// Facts in their last version.
pub async fn fact(on: &impl ConnectionTrait, key: &FactKey) -> Result<Option<Fact>, DbErr> {
    let of_subject = fact::Entity::find()
        .filter(fact::Column::Kind.eq(key.kind.as_str()))
        .filter(fact::Column::Subject.eq(key.subject.as_str()));
    let Some(last) = of_subject
        .order_by_desc(fact::Column::Version)
        .one(on)
        .await?
    else {
        return Ok(None);
    };
    let version = u64::try_from(last.version).map_err(|error| DbErr::Type(error.to_string()))?;
    Ok(Some(Fact {
        version,
        values: from_json(&last.body)?,
    }))
}

/// All tokens, the oldest first.
pub async fn tokens(on: &impl ConnectionTrait) -> Result<Vec<TokenRecord>, DbErr> {
    let rows = token::Entity::find()
        .order_by_asc(token::Column::CreatedAt)
        .order_by_asc(token::Column::Id)
        .all(on)
        .await?;
    rows.into_iter().map(token_record).collect()
}

fn token_record(row: token::Model) -> Result<TokenRecord, DbErr> {
    let holder = match (row.person, row.service) {
        (Some(id), _) => TokenHolder::Person(PersonId::new(id)),
        (None, Some(id)) => TokenHolder::Service {
            id: ServiceId::new(id),
            rights: from_json(&row.rights)?,
        },
        (None, None) => return Err(DbErr::Type("a token names nobody".to_owned())),
    };
    Ok(TokenRecord {
        id: row.id,
        hash: row
            .hash
            .try_into()
            .map_err(|_| DbErr::Type("32 bytes were expected".to_owned()))?,
        holder,
        created_at: time(row.created_at),
        expires_at: row.expires_at.map(time),
    })
}

/// The ids and versions of what is published.
pub async fn published(on: &impl ConnectionTrait) -> Result<Vec<(Name, u32)>, DbErr> {
    let rows = sql::PUBLISHED.all(on, []).await?;
    rows.iter()
        .map(|row| {
            let id: String = get(row, 0)?;
            let id = Name::parse(&id).map_err(|error| DbErr::Type(error.to_string()))?;
            Ok((id, get_u32(row, 1)?))
        })
        .collect()
}

/// Every published version, in order of id and version.
pub async fn workflows(on: &impl ConnectionTrait) -> Result<Vec<PublishedWorkflow>, DbErr> {
    let rows = workflow::Entity::find()
        .order_by_asc(workflow::Column::Id)
        .order_by_asc(workflow::Column::Version)
        .all(on)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PublishedWorkflow {
                id: Name::parse(&row.id).map_err(|error| DbErr::Type(error.to_string()))?,
                version: u32::try_from(row.version)
                    .map_err(|error| DbErr::Type(error.to_string()))?,
                path: row.path,
                files: from_json(&row.files)?,
                sha256: row.sha256,
            })
        })
        .collect()
}
