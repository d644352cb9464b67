//! Erases what is personal about somebody, and leaves the record of it.

use countersign_core::{case::DeliveryId, text::Text, time::Time};
use countersign_engine::ports::directory::ErasureRecord;
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    rows::{hex, json, millis, person_subject},
    statements::erasing as sql,
};

/// Erases a person.
pub async fn person(on: &impl ConnectionTrait, erasure: &ErasureRecord) -> Result<(), DbErr> {
    let person = erasure.person.as_str();
    for statement in [
        sql::PERSON,
        sql::MEMBERSHIPS,
        sql::ABSENCES,
        sql::STANDING_IN,
        sql::TOKENS,
        sql::SESSIONS,
        sql::PASSWORD,
        sql::IDENTITIES,
        sql::AUTHENTICATOR,
        sql::HISTORY,
        sql::HELD,
    ] {
        statement.run(on, [person.into()]).await?;
    }
    // Callers are named as subjects are.
    sql::ANSWERS
        .run(on, [person_subject(person).into()])
        .await?;
    let record = [
        person.into(),
        erasure.by.as_str().into(),
        erasure.reason.as_str().into(),
        millis(erasure.at).into(),
    ];
    sql::RECORD.run(on, record).await?;
    Ok(())
}

/// Wipes mails, and settles what was told of them.
pub async fn mails(
    on: &impl ConnectionTrait,
    deliveries: &[DeliveryId],
    now: Time,
) -> Result<(), DbErr> {
    let ids: Vec<_> = deliveries.iter().map(|delivery| hex(delivery.0)).collect();
    let ids = json(&ids)?;
    sql::WIPE.run(on, [ids.as_str().into()]).await?;
    let message = Text::new(
        "A delivery did not arrive; the data of its receiver were erased.",
        "一项投递未能送达，其收件人的数据已删除。",
    );
    let values = [ids.into(), millis(now).into(), json(&message)?.into()];
    sql::SETTLE.run(on, values).await?;
    Ok(())
}
