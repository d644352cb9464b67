//! Cases, their history, timers, links and files read as they were written.

use std::collections::BTreeSet;

use countersign_core::{
    case::{Content, Doer, FileId, GroupId, LinkId, PersonId, Watch},
    context::FactKey,
    history::{Hash, SealedEntry},
    workflow::StatePath,
};
use countersign_engine::ports::{
    StoreErrorKind,
    directory::{DirectoryChange, PersonRecord},
    store::{Batch, CaseAddress},
};
use uuid::Uuid;

use super::{Fresh, at, samples};

pub async fn a_case_reads_as_it_was_written(fresh: Fresh) {
    let mut batch = samples::opening(samples::case(1));
    let opened = batch.cases[0].case.clone();
    batch.cases.extend(samples::opening(samples::case(2)).cases);
    batch
        .entries
        .extend(samples::opening(samples::case(2)).entries);
    fresh.write(batch).await.unwrap();
    let reader = fresh.reader();
    for address in [
        CaseAddress::Id(opened.id),
        CaseAddress::Number(opened.number.clone()),
    ] {
        assert_eq!(reader.case(&address).await.unwrap(), Some(opened.clone()));
    }
    let mut later = samples::change(opened.clone(), Vec::new());
    later.case.state = StatePath::new("review");
    let mut edited = samples::change(opened.clone(), Vec::new());
    edited.case.content.comments.clear();
    edited.content_changed = true;
    edited.etag_before = 2;
    edited.case.etag = 3;
    let expected = edited.case.clone();
    let moved = later.case.clone();
    fresh.write(samples::changes(vec![later])).await.unwrap();
    assert_eq!(
        reader.case(&CaseAddress::Id(opened.id)).await.unwrap(),
        Some(moved),
        "its content is as it was"
    );
    fresh.write(samples::changes(vec![edited])).await.unwrap();
    let mut transaction = fresh.store.begin().await.unwrap();
    let nobody = CaseAddress::Number("DR-0".to_owned());
    let asked = [
        nobody,
        CaseAddress::Id(opened.id),
        CaseAddress::Number("DR-2026-00002".to_owned()),
    ];
    let read = transaction.cases(&asked).await.unwrap();
    assert_eq!(read[0], None);
    assert_eq!(read[1], Some(expected));
    assert_eq!(read[2].as_ref().unwrap().id, samples::id(2));
}

pub async fn a_stale_case_is_not_overwritten(fresh: Fresh) {
    fresh
        .write(samples::together(
            [1, 2].map(|n| samples::opening(samples::case(n))),
        ))
        .await
        .unwrap();
    let load = async |n| {
        fresh
            .reader()
            .case(&CaseAddress::Id(samples::id(n)))
            .await
            .unwrap()
            .unwrap()
    };
    let mut first = samples::change(load(1).await, Vec::new());
    first.case.title = "first".to_owned();
    let mut second = samples::change(load(1).await, Vec::new());
    second.case.title = "second".to_owned();
    let mut other = samples::change(load(2).await, Vec::new());
    other.case.title = "other".to_owned();
    fresh.write(samples::changes(vec![first])).await.unwrap();
    let refused = fresh
        .write(samples::changes(vec![other, second]))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, StoreErrorKind::Conflict);
    assert_eq!(load(1).await.title, "first");
    assert_eq!(load(2).await.etag, 1, "nothing of the batch is written");
}

pub async fn a_number_is_one_case_only(fresh: Fresh) {
    fresh
        .write(samples::opening(samples::case(1)))
        .await
        .unwrap();
    let mut namesake = samples::case(2);
    namesake.number = "DR-2026-00001".to_owned();
    let refused = fresh.write(samples::opening(namesake)).await.unwrap_err();
    assert_eq!(refused.kind, StoreErrorKind::Conflict);
}

pub async fn history_is_a_chain_read_in_pieces(fresh: Fresh) {
    // Two cases in turn, with one, two and three entries a batch.
    let mut cases = [samples::case(1), samples::case(2)];
    let mut written: Vec<SealedEntry> = Vec::new();
    for round in 0..4u64 {
        let mut batch = Batch::default();
        for case in &mut cases {
            let etag_before = case.etag * u64::from(round > 0);
            case.etag += u64::from(round > 0);
            for _ in 0..=round {
                let (id, sealed) =
                    samples::entry(case, Doer::Person(PersonId::new("pat")), at("01:00:00"));
                if case.id == samples::id(1) {
                    written.push(sealed.clone());
                }
                batch.entries.push((id, sealed));
            }
            let mut write = samples::change(case.clone(), Vec::new());
            write.case.etag = case.etag;
            write.etag_before = etag_before;
            write.content_changed = round == 0;
            batch.cases.push(write);
        }
        fresh.write(batch).await.unwrap();
    }
    let reader = fresh.reader();
    assert_eq!(written.len(), 10);
    assert_eq!(
        reader.history(samples::id(1), 0, 100).await.unwrap(),
        written
    );
    assert_eq!(
        reader.history(samples::id(1), 3, 4).await.unwrap(),
        written[3..7]
    );
    assert_eq!(reader.history(samples::id(1), 10, 4).await.unwrap(), []);
    assert_eq!(reader.history(samples::id(3), 0, 4).await.unwrap(), []);
    for pair in written.windows(2) {
        assert_eq!(
            SealedEntry::chain(&pair[1].entry, Some(pair[0].hash)),
            pair[1].hash
        );
    }
}

pub async fn a_receipt_leads_to_its_entry(fresh: Fresh) {
    let batch = samples::opening(samples::case(1));
    let (id, sealed) = batch.entries[0].clone();
    fresh.put(batch).await;
    let found = fresh.reader().entry_of(&sealed.hash).await.unwrap();
    assert_eq!(found, Some((id, sealed.clone())));
    let mut near = *sealed.hash.bytes();
    near[31] ^= 1;
    for other in [Hash::from_bytes(near), Hash::of(b"another")] {
        assert_eq!(fresh.reader().entry_of(&other).await.unwrap(), None);
    }
}

pub async fn earlier_contents_are_read(fresh: Fresh) {
    fresh.put(samples::opening(samples::case(1))).await;
    // The third revision is written twice: a comment changes the content, and is no revision.
    for (revision, title) in [(2, "two"), (3, "three"), (3, "three, commented")] {
        let mut later = samples::change(fresh.load(1).await, Vec::new());
        later.content_changed = true;
        later.case.revision = revision;
        let values = serde_json::Map::from_iter([("title".to_owned(), title.into())]);
        later.case.content.forms = [(samples::name("deal"), values)].into();
        fresh.put(samples::changes(vec![later])).await;
    }
    let held = async |revision| {
        let content = fresh.reader().content_at(samples::id(1), revision).await;
        content.unwrap()
    };
    let title = |content: Option<Content>| content.unwrap().forms["deal"]["title"].clone();
    assert_eq!(held(1).await, Some(samples::content()));
    assert_eq!(title(held(2).await), "two");
    assert_eq!(title(held(3).await), "three, commented");
    assert_eq!(held(0).await, None);
    let nobody = fresh.reader().content_at(samples::id(2), 1).await;
    assert_eq!(nobody.unwrap(), None);
}

/// Rule 49: a change of a fact or case that somebody watches makes his timers due, in the transaction of the change.
pub async fn who_watches_is_woken(fresh: Fresh) {
    let key = FactKey {
        kind: samples::name("partner"),
        subject: "acme".to_owned(),
    };
    let watching = |n, watch: Watch| {
        let mut batch = samples::opening(samples::case(n));
        batch.cases[0].watches = Some(BTreeSet::from([watch]));
        batch
    };
    fresh.put(samples::opening(samples::case(3))).await;
    fresh
        .put(samples::together([
            watching(1, Watch::fact(&key)),
            watching(2, Watch::case(samples::id(3))),
        ]))
        .await;
    let due = async || {
        let due = fresh.reader().due_cases(at("23:00:00"), 9).await.unwrap();
        due.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(due().await, []);
    let told = DirectoryChange::PutFact(key, serde_json::Map::new());
    let woken = fresh
        .put(Batch {
            directory: vec![told],
            at: Some(at("02:00:00")),
            ..Batch::default()
        })
        .await;
    assert!(woken, "the scheduler is told");
    assert_eq!(due().await, [samples::id(1)]);
    let rested = vec![(samples::id(1), None)];
    let woken = fresh
        .put(Batch {
            rested,
            at: Some(at("02:00:00")),
            ..Batch::default()
        })
        .await;
    assert!(!woken, "of nothing that nobody waits for");
    assert_eq!(due().await, [], "it had nothing to do");
    let mut changed = samples::change(fresh.load(3).await, Vec::new());
    let entries = vec![samples::entry(
        &mut changed.case,
        Doer::Machine,
        at("03:00:00"),
    )];
    fresh
        .put(Batch {
            entries,
            at: Some(at("03:00:00")),
            ..samples::changes(vec![changed])
        })
        .await;
    assert_eq!(due().await, [samples::id(2)]);
}

/// A person who leaves, is taken from a group, or is known differently, wakes whoever asks them or their group.
pub async fn who_watches_people_is_woken(fresh: Fresh) {
    let (group, rita) = (GroupId::new("reviewers"), PersonId::new("rita"));
    let watching = |n, watch: Watch| {
        let mut batch = samples::opening(samples::case(n));
        batch.cases[0].watches = Some(BTreeSet::from([watch]));
        batch
    };
    let told = async |change: DirectoryChange| {
        fresh
            .put(Batch {
                directory: vec![change],
                at: Some(at("02:00:00")),
                ..Batch::default()
            })
            .await;
        let due = fresh.reader().due_cases(at("23:00:00"), 9).await.unwrap();
        let mut due: Vec<_> = due.into_iter().map(|(id, _)| id).collect();
        due.sort();
        let rested = due.iter().map(|id| (*id, None)).collect();
        fresh
            .put(Batch {
                rested,
                at: Some(at("02:00:00")),
                ..Batch::default()
            })
            .await;
        due
    };
    let record = samples::record("rita", None);
    told(DirectoryChange::PutPerson(record.clone())).await;
    told(DirectoryChange::PutMember(group.clone(), rita.clone())).await;
    fresh
        .put(samples::together([
            watching(1, Watch::group(&group)),
            watching(2, Watch::person(&rita)),
            watching(3, Watch::person(&PersonId::new("lena"))),
        ]))
        .await;
    let both = [samples::id(1), samples::id(2)];
    let put = |record: &PersonRecord| DirectoryChange::PutPerson(record.clone());
    assert_eq!(told(put(&record)).await, [], "as they were");
    let renamed = PersonRecord {
        name: "Rita R.".to_owned(),
        ..record
    };
    assert_eq!(told(put(&renamed)).await, [], "only the name");
    let attributes = serde_json::Map::from_iter([("manager".to_owned(), "lena".into())]);
    let led = PersonRecord {
        attributes,
        ..renamed
    };
    assert_eq!(told(put(&led)).await, both);
    let gone = PersonRecord {
        disabled: true,
        ..led
    };
    assert_eq!(told(put(&gone)).await, both);
    let out = DirectoryChange::RemoveMember(group.clone(), rita.clone());
    assert_eq!(told(out).await, both);
    assert_eq!(told(DirectoryChange::PutMember(group, rita)).await, both);
}

pub async fn due_timers_come_in_order(fresh: Fresh) {
    let armed = |n, due: Option<&str>| {
        let mut case = samples::case(n);
        let timers = [due, Some("23:59:59")].into_iter();
        case.timers = timers.filter_map(samples::timer).collect();
        case
    };
    let reader = fresh.reader();
    assert_eq!(reader.next_due().await.unwrap(), None);
    let due = [
        Some("03:00:00"),
        Some("02:00:00"),
        None,
        Some("02:00:00.001"),
    ];
    let cases = (1..)
        .zip(due)
        .map(|(n, due)| samples::opening(armed(n, due)));
    fresh.write(samples::together(cases)).await.unwrap();
    assert_eq!(reader.next_due().await.unwrap(), Some(at("02:00:00")));
    let ids = async |by, limit| {
        let due = reader.due_cases(at(by), limit).await.unwrap();
        due.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(ids("01:59:59.999", 9).await, []);
    assert_eq!(ids("02:00:00", 9).await, [samples::id(2)]);
    assert_eq!(ids("03:00:00", 9).await, [2, 4, 1].map(samples::id));
    assert_eq!(ids("03:00:00", 2).await, [2, 4].map(samples::id));
    let mut disarmed = samples::change(
        reader
            .case(&CaseAddress::Id(samples::id(2)))
            .await
            .unwrap()
            .unwrap(),
        Vec::new(),
    );
    disarmed.case.timers.clear();
    fresh.write(samples::changes(vec![disarmed])).await.unwrap();
    assert_eq!(reader.next_due().await.unwrap(), Some(at("02:00:00.001")));
}

pub async fn links_lead_to_their_case(fresh: Fresh) {
    let link = LinkId(Uuid::from_u128(99));
    let mut batch = samples::opening(samples::case(1));
    batch.links = vec![(link, samples::id(1)), (link, samples::id(1))];
    fresh.write(batch).await.unwrap();
    assert_eq!(
        fresh.reader().case_of_link(link).await.unwrap(),
        Some(samples::id(1))
    );
    assert_eq!(
        fresh
            .reader()
            .case_of_link(LinkId(Uuid::from_u128(98)))
            .await
            .unwrap(),
        None
    );
}

pub async fn files_are_wanted(fresh: Fresh) {
    assert!(fresh.reader().wanted_files().await.unwrap().is_empty());
    let file = |n: u128, sha256: &str| {
        (
            FileId(Uuid::from_u128(n)),
            samples::id(1),
            sha256.repeat(32),
        )
    };
    let mut batch = samples::opening(samples::case(1));
    batch.files = vec![file(1, "cd"), file(2, "ab"), file(3, "ab"), file(1, "cd")];
    fresh.write(batch).await.unwrap();
    assert_eq!(
        fresh.reader().wanted_files().await.unwrap(),
        ["ab".repeat(32), "cd".repeat(32)]
    );
}
