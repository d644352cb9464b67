//! Changes of the directory, facts, lists and published workflows, in the order given.

use countersign_core::{
    case::{Absence, PersonId, Values},
    context::FactKey,
    time::Time,
};
use countersign_engine::ports::{
    directory::{DirectoryChange, MailWishes, PersonRecord, TokenHolder, TokenRecord},
    store::{Batch, PublishedWorkflow},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _,
    QueryOrder as _, sea_query::OnConflict,
};

use super::{erasing, sessions};
use crate::{
    entities::{absence, fact, list, member, partner, person, token, workflow},
    rows::{count, from_json, json, millis},
    statements::writes,
    webhooks,
};

/// Writes all of it.
pub async fn write(on: &impl ConnectionTrait, batch: &Batch, at: Time) -> Result<(), DbErr> {
    for change in &batch.directory {
        one(on, change, at).await?;
    }
    for published in &batch.workflows {
        put_workflow(on, published).await?;
    }
    for (name, list) in &batch.lists {
        let row = list::ActiveModel {
            name: Set(name.to_string()),
            version: Set(count(list.version)?),
            digest: Set(list.digest.bytes().to_vec()),
            entries: Set(json(&list.entries)?),
        };
        let key = [list::Column::Name, list::Column::Version];
        let latest = OnConflict::columns(key)
            .update_columns([list::Column::Digest, list::Column::Entries])
            .to_owned();
        list::Entity::insert(row)
            .on_conflict(latest)
            .exec_without_returning(on)
            .await?;
    }
    Ok(())
}

async fn one(on: &impl ConnectionTrait, change: &DirectoryChange, at: Time) -> Result<(), DbErr> {
    match change {
        DirectoryChange::PutPerson(record) => put_person(on, record).await,
        DirectoryChange::PutMember(group, who) => {
            let row = member::ActiveModel {
                group_id: Set(group.as_str().to_owned()),
                person: Set(who.as_str().to_owned()),
            };
            let there = OnConflict::new().do_nothing().to_owned();
            member::Entity::insert(row)
                .on_conflict(there)
                .exec_without_returning(on)
                .await?;
            Ok(())
        }
        DirectoryChange::RemoveMember(group, who) => {
            let key = (group.as_str().to_owned(), who.as_str().to_owned());
            member::Entity::delete_by_id(key).exec(on).await?;
            Ok(())
        }
        DirectoryChange::PutAway(who, away) => put_away(on, who, away.as_ref()).await,
        DirectoryChange::PutMail(who, wishes) => put_mail(on, who, wishes).await,
        DirectoryChange::PutPartner(record) => {
            let row = partner::ActiveModel {
                id: Set(record.id.as_str().to_owned()),
                name: Set(record.name.clone()),
            };
            let known = OnConflict::column(partner::Column::Id)
                .update_column(partner::Column::Name)
                .to_owned();
            partner::Entity::insert(row)
                .on_conflict(known)
                .exec_without_returning(on)
                .await?;
            Ok(())
        }
        DirectoryChange::PutFact(key, values) => put_fact(on, key, values).await,
        DirectoryChange::PutWebhook(record, cursor) => webhooks::put(on, record, cursor, at).await,
        DirectoryChange::RemoveWebhook(id) => webhooks::remove(on, *id, at).await,
        DirectoryChange::MoveWebhook(id, cursor) => webhooks::move_to(on, *id, cursor).await,
        DirectoryChange::TellWebhook {
            id,
            failing_since,
            disabled,
        } => webhooks::tell(on, *id, *failing_since, *disabled, at).await,
        DirectoryChange::PutToken(record) => put_token(on, record).await,
        DirectoryChange::RemoveToken(id) => {
            token::Entity::delete_by_id(*id).exec(on).await?;
            Ok(())
        }
        DirectoryChange::PutSession(record) => sessions::put(on, record).await,
        DirectoryChange::RemoveSession(hash) => sessions::remove(on, hash).await,
        DirectoryChange::PutPassword(who, hash) => sessions::put_password(on, who, hash, at).await,
        DirectoryChange::PutIdentity(record) => sessions::put_identity(on, record).await,
        DirectoryChange::PutAuthenticator(who, salt, step) => {
            sessions::put_authenticator(on, who, salt, *step).await
        }
        DirectoryChange::RemoveAuthenticator(who) => sessions::remove_authenticator(on, who).await,
        DirectoryChange::MissAuthenticator(who) => {
            sessions::miss_authenticator(on, who, at).await?;
            Ok(())
        }
        DirectoryChange::ErasePerson(erasure) => erasing::person(on, erasure).await,
        DirectoryChange::WipeMails(deliveries) => erasing::mails(on, deliveries, at).await,
    }
}

async fn put_person(on: &impl ConnectionTrait, record: &PersonRecord) -> Result<(), DbErr> {
    let row = person::ActiveModel {
        id: Set(record.id.as_str().to_owned()),
        name: Set(record.name.clone()),
        email: Set(record.email.clone()),
        address: Set(record.email.to_lowercase()),
        language: Set(record.language.tag().to_owned()),
        timezone: Set(record.timezone.clone()),
        partner: Set(record
            .partner
            .as_ref()
            .map(|partner| partner.as_str().to_owned())),
        attributes: Set(json(&record.attributes)?),
        disabled: Set(record.disabled),
    };
    let columns = [
        person::Column::Name,
        person::Column::Email,
        person::Column::Address,
        person::Column::Language,
        person::Column::Timezone,
        person::Column::Partner,
        person::Column::Attributes,
        person::Column::Disabled,
    ];
    let known = OnConflict::column(person::Column::Id)
        .update_columns(columns)
        .to_owned();
    person::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(on)
        .await?;
    if record.disabled {
        sessions::remove_all(on, &record.id).await?;
    }
    Ok(())
}

async fn put_away(
    on: &impl ConnectionTrait,
    who: &PersonId,
    away: Option<&Absence>,
) -> Result<(), DbErr> {
    let Some(away) = away else {
        absence::Entity::delete_by_id(who.as_str().to_owned())
            .exec(on)
            .await?;
        return Ok(());
    };
    let substitute = away.substitute.as_ref();
    let row = absence::ActiveModel {
        person: Set(who.as_str().to_owned()),
        from_at: Set(millis(away.from)),
        until_at: Set(millis(away.until)),
        substitute: Set(substitute.map(|id| id.as_str().to_owned())),
    };
    let columns = [
        absence::Column::FromAt,
        absence::Column::UntilAt,
        absence::Column::Substitute,
    ];
    let known = OnConflict::column(absence::Column::Person)
        .update_columns(columns)
        .to_owned();
    absence::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(on)
        .await?;
    Ok(())
}

async fn put_mail(
    on: &impl ConnectionTrait,
    who: &PersonId,
    wishes: &MailWishes,
) -> Result<(), DbErr> {
    let values = [
        who.as_str().into(),
        wishes.language.tag().into(),
        wishes.timezone.clone().into(),
        json(&wishes.habits)?.into(),
    ];
    writes::PUT_MAIL.run(on, values).await.map(|_| ())
}

/// Every version of facts is kept; the same values again are no new version.
async fn put_fact(on: &impl ConnectionTrait, key: &FactKey, values: &Values) -> Result<(), DbErr> {
    let of_subject = fact::Entity::find()
        .filter(fact::Column::Kind.eq(key.kind.as_str()))
        .filter(fact::Column::Subject.eq(key.subject.as_str()));
    let last = of_subject
        .order_by_desc(fact::Column::Version)
        .one(on)
        .await?;
    let version = match last {
        Some(last) if from_json::<Values>(&last.body)? == *values => return Ok(()),
        Some(last) => last.version + 1,
        None => 1,
    };
    let row = fact::ActiveModel {
        kind: Set(key.kind.to_string()),
        subject: Set(key.subject.clone()),
        version: Set(version),
        body: Set(json(values)?),
    };
    fact::Entity::insert(row).exec_without_returning(on).await?;
    Ok(())
}

async fn put_token(on: &impl ConnectionTrait, record: &TokenRecord) -> Result<(), DbErr> {
    let (who, service, rights) = match &record.holder {
        TokenHolder::Person(id) => (Some(id.as_str().to_owned()), None, Vec::new()),
        TokenHolder::Service { id, rights } => (None, Some(id.as_str().to_owned()), rights.clone()),
    };
    let row = token::ActiveModel {
        id: Set(record.id),
        hash: Set(record.hash.to_vec()),
        person: Set(who),
        service: Set(service),
        rights: Set(json(&rights)?),
        created_at: Set(millis(record.created_at)),
        expires_at: Set(record.expires_at.map(millis)),
    };
    let columns = [
        token::Column::Hash,
        token::Column::Person,
        token::Column::Service,
        token::Column::Rights,
        token::Column::ExpiresAt,
    ];
    let known = OnConflict::column(token::Column::Id)
        .update_columns(columns)
        .to_owned();
    token::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// A published version never changes; whether it is the same is the engine's to check.
async fn put_workflow(
    on: &impl ConnectionTrait,
    published: &PublishedWorkflow,
) -> Result<(), DbErr> {
    let row = workflow::ActiveModel {
        id: Set(published.id.to_string()),
        version: Set(published.version.into()),
        path: Set(published.path.clone()),
        files: Set(json(&published.files)?),
        sha256: Set(published.sha256.clone()),
    };
    let there = OnConflict::new().do_nothing().to_owned();
    workflow::Entity::insert(row)
        .on_conflict(there)
        .exec_without_returning(on)
        .await?;
    Ok(())
}
