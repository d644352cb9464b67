//! Erasing a person: what is personal goes, what happened stays.

use countersign_core::case::{Doer, GroupId, PersonId};
use countersign_engine::ports::{
    directory::{DirectoryChange, ErasureRecord},
    reader::DeliveryStatus,
    store::Batch,
};

use super::{Fresh, at, outbox, samples};

pub async fn what_is_personal_is_erased(fresh: Fresh) {
    let wei = PersonId::new("wei");
    let mut opening = samples::opening(samples::case(1));
    opening.deliveries = vec![samples::mail(1, false), samples::hook(2, "pay")];
    opening.directory = vec![
        DirectoryChange::PutPerson(samples::record("wei", None)),
        DirectoryChange::PutMember(GroupId::new("reviewers"), wei.clone()),
    ];
    fresh.put(opening).await;
    let mut case = fresh.load(1).await;
    let hers = samples::entry(&mut case, Doer::Person(wei.clone()), at("02:00:00"));
    let mut batch = samples::changes(vec![samples::change(case, Vec::new())]);
    batch.entries.push(hers);
    fresh.put(batch).await;

    let reader = fresh.reader();
    let before = reader.history(samples::id(1), 0, 10).await.unwrap();
    let mails = reader.mails_to(&wei, 10).await.unwrap();
    assert_eq!(mails.len(), 1, "the mail to her, and not the call");
    let record = ErasureRecord {
        person: wei.clone(),
        by: PersonId::new("ada"),
        reason: "她要求的。".to_owned(),
        at: at("03:00:00"),
    };
    fresh
        .put(Batch {
            directory: vec![
                DirectoryChange::ErasePerson(record.clone()),
                DirectoryChange::WipeMails(mails),
            ],
            at: Some(at("03:00:00")),
            ..Batch::default()
        })
        .await;

    let (person, groups) = reader.person(&wei).await.unwrap().unwrap();
    assert_eq!((&*person.name, &*person.email), ("wei", ""));
    assert!(person.disabled && groups.is_empty());
    assert!(person.attributes.is_empty());
    let after = reader.history(samples::id(1), 0, 10).await.unwrap();
    assert_eq!(after.len(), 2);
    assert_eq!(after[0], before[0], "what pat did stays as it was");
    assert_eq!(after[1].hash, before[1].hash);
    assert_eq!((&after[1].personal.text, after[1].salt), (&None, [0; 16]));
    assert!(reader.mails_to(&wei, 10).await.unwrap().is_empty());
    let listed = reader.deliveries(&outbox::all()).await.unwrap().items;
    let wiped = listed.iter().filter(|row| row.content.is_none());
    let wiped: Vec<_> = wiped.map(|row| row.status).collect();
    assert_eq!(wiped, [DeliveryStatus::Dead]);
    assert_eq!(reader.erasures(&wei).await.unwrap(), [record]);
}
