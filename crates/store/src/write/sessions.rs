//! Who is signed in to the pages, passwords, and with which accounts of a provider people sign in.

use countersign_core::{case::PersonId, time::Time};
use countersign_engine::{
    GUESSES_COUNT,
    ports::directory::{IdentityRecord, SessionRecord},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _,
    sea_query::OnConflict,
};

use crate::{
    entities::{password, session},
    rows::{count, millis},
    statements::writes as sql,
};

/// Somebody has signed in.
pub async fn put(on: &impl ConnectionTrait, record: &SessionRecord) -> Result<(), DbErr> {
    let row = session::ActiveModel {
        hash: Set(record.hash.to_vec()),
        person: Set(record.person.as_str().to_owned()),
        created_at: Set(millis(record.created_at)),
        expires_at: Set(millis(record.expires_at)),
    };
    session::Entity::insert(row)
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Somebody has signed out.
pub async fn remove(on: &impl ConnectionTrait, hash: &[u8; 32]) -> Result<(), DbErr> {
    session::Entity::delete_by_id(hash.to_vec())
        .exec(on)
        .await?;
    Ok(())
}

/// Signs somebody out wherever they are signed in.
pub async fn remove_all(on: &impl ConnectionTrait, who: &PersonId) -> Result<(), DbErr> {
    session::Entity::delete_many()
        .filter(session::Column::Person.eq(who.as_str()))
        .exec(on)
        .await?;
    Ok(())
}

/// Somebody signs in with this account of a provider from now on.
pub async fn put_identity(on: &impl ConnectionTrait, record: &IdentityRecord) -> Result<(), DbErr> {
    let values = [
        record.issuer.as_str().into(),
        record.subject.as_str().into(),
        record.person.as_str().into(),
        millis(record.since).into(),
    ];
    sql::PUT_IDENTITY.run(on, values).await?;
    Ok(())
}

/// Somebody's codes come from this app.
pub async fn put_authenticator(
    on: &impl ConnectionTrait,
    who: &PersonId,
    salt: &str,
    step: u64,
) -> Result<(), DbErr> {
    let values = [who.as_str().into(), salt.into(), count(step)?.into()];
    sql::PUT_AUTHENTICATOR.run(on, values).await?;
    Ok(())
}

/// They come by mail again.
pub async fn remove_authenticator(on: &impl ConnectionTrait, who: &PersonId) -> Result<(), DbErr> {
    sql::REMOVE_AUTHENTICATOR
        .run(on, [who.as_str().into()])
        .await?;
    Ok(())
}

/// The code of this step was used; `0`: it, or a later one, was used before.
pub async fn step_authenticator(
    on: &impl ConnectionTrait,
    who: &PersonId,
    step: u64,
) -> Result<u64, DbErr> {
    let values = [who.as_str().into(), count(step)?.into()];
    sql::STEP_AUTHENTICATOR.run(on, values).await
}

/// Somebody gave a wrong code.
pub async fn miss_authenticator(
    on: &impl ConnectionTrait,
    who: &PersonId,
    at: Time,
) -> Result<u64, DbErr> {
    let since = at - GUESSES_COUNT;
    let values = [who.as_str().into(), millis(at).into(), millis(since).into()];
    sql::MISS_AUTHENTICATOR.run(on, values).await
}

/// Sets a password, and signs its owner out everywhere.
pub async fn put_password(
    on: &impl ConnectionTrait,
    who: &PersonId,
    hash: &str,
    at: Time,
) -> Result<(), DbErr> {
    let row = password::ActiveModel {
        person: Set(who.as_str().to_owned()),
        hash: Set(hash.to_owned()),
        set_at: Set(millis(at)),
    };
    let known = OnConflict::column(password::Column::Person)
        .update_columns([password::Column::Hash, password::Column::SetAt])
        .to_owned();
    password::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(on)
        .await?;
    remove_all(on, who).await
}
