//! What changes of people are changes of: who watches them, or a group that they are in, is woken.

use countersign_core::case::{GroupId, PartnerId, PersonId, Watch};
use countersign_engine::ports::directory::{DirectoryChange, PersonRecord};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _};

use crate::{
    entities::{member, person},
    rows::json,
};

/// Asked before the changes are written. A person who is put again as they were changes nothing, and neither do a new
/// name, address or language.
pub async fn changed(
    on: &impl ConnectionTrait,
    changes: &[DirectoryChange],
) -> Result<Vec<Watch>, DbErr> {
    let mut watches = Vec::new();
    for change in changes {
        match change {
            DirectoryChange::PutPerson(record) => {
                let before = person::Entity::find_by_id(record.id.as_str())
                    .one(on)
                    .await?;
                if before
                    .as_ref()
                    .is_some_and(|before| is_same(before, record))
                {
                    continue;
                }
                watches.extend(of_person(on, &record.id).await?);
                let partner = before.and_then(|before| before.partner);
                let partner = partner.map(PartnerId::new);
                let partners = partner.iter().chain(&record.partner);
                watches.extend(partners.map(Watch::people_of));
            }
            DirectoryChange::PutMember(group, who) | DirectoryChange::RemoveMember(group, who) => {
                watches.extend([Watch::group(group), Watch::person(who)]);
            }
            DirectoryChange::ErasePerson(erasure) => {
                watches.extend(of_person(on, &erasure.person).await?);
            }
            DirectoryChange::PutAway(..)
            | DirectoryChange::PutMail(..)
            | DirectoryChange::PutWebhook(..)
            | DirectoryChange::RemoveWebhook(_)
            | DirectoryChange::MoveWebhook(..)
            | DirectoryChange::TellWebhook { .. }
            | DirectoryChange::PutPartner(_)
            | DirectoryChange::PutFact(..)
            | DirectoryChange::PutToken(_)
            | DirectoryChange::RemoveToken(_)
            | DirectoryChange::PutSession(_)
            | DirectoryChange::RemoveSession(_)
            | DirectoryChange::PutPassword(..)
            | DirectoryChange::PutIdentity(_)
            | DirectoryChange::PutAuthenticator(..)
            | DirectoryChange::RemoveAuthenticator(_)
            | DirectoryChange::MissAuthenticator(_)
            | DirectoryChange::WipeMails(_) => {}
        }
    }
    Ok(watches)
}

fn is_same(before: &person::Model, record: &PersonRecord) -> bool {
    let partner = record.partner.as_ref().map(PartnerId::as_str);
    before.disabled == record.disabled
        && before.partner.as_deref() == partner
        && json(&record.attributes).is_ok_and(|attributes| attributes == before.attributes)
}

/// They themselves, and the groups that they are in.
async fn of_person(on: &impl ConnectionTrait, id: &PersonId) -> Result<Vec<Watch>, DbErr> {
    let groups = member::Entity::find().filter(member::Column::Person.eq(id.as_str()));
    let groups = groups.all(on).await?;
    let groups = groups
        .into_iter()
        .map(|row| Watch::group(&GroupId::new(row.group_id)));
    Ok(std::iter::once(Watch::person(id)).chain(groups).collect())
}
