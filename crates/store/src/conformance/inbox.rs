//! The inbox: whose turn it is, in what order, and page by page.

use std::collections::BTreeSet;

use countersign_core::{
    case::{CaseId, Doer, GroupId, Lifecycle, PartnerId, PersonId},
    outcome::{Subject, Waiting},
    workflow::End,
};
use countersign_engine::ports::{
    reader::{InboxQuery, InboxSection, Page},
    store::{Batch, Viewer},
};

use super::{Fresh, at, samples};

fn viewer(person: &str, groups: &[&str], partner: Option<&str>) -> Viewer {
    Viewer::Person {
        person: PersonId::new(person),
        groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
        partner: partner.map(PartnerId::new),
    }
}

async fn page(
    fresh: &Fresh,
    viewer: &Viewer,
    section: InboxSection,
    cursor: Option<String>,
    limit: u32,
) -> Page<CaseId> {
    let query = InboxQuery {
        section,
        instead_of: Vec::new(),
        workflow: None,
        due_by: None,
        cursor,
        limit,
    };
    let Page { items, next_cursor } = fresh.reader().inbox(viewer, &query).await.unwrap();
    Page {
        items: items.into_iter().map(|row| row.id).collect(),
        next_cursor,
    }
}

/// What waits for whoever is away waits for the substitute too, but not beyond his own partner's cases.
pub async fn a_substitute_has_the_turns_of_who_is_away(fresh: Fresh) {
    let mut rita_voted = samples::waiting(samples::group("reviewers"), "01:00:00", None);
    rita_voted.but = BTreeSet::from([PersonId::new("rita")]);
    let all = samples::waiting(samples::group("reviewers"), "01:01:00", None);
    let zoe = samples::waiting(samples::person("zoe"), "01:02:00", None);
    let rita = samples::waiting(samples::person("rita"), "01:03:00", None);
    let batches = [rita_voted, all, zoe, rita];
    fresh
        .put(samples::together(
            (1..).zip(batches).map(|(n, row)| open(n, vec![row])),
        ))
        .await;
    let stand_in = async |zoe: Viewer, cursor, limit| {
        let query = InboxQuery {
            section: InboxSection::YourTurn,
            instead_of: vec![viewer("rita", &["reviewers"], None)],
            workflow: None,
            due_by: None,
            cursor,
            limit,
        };
        let page = fresh.reader().inbox(&zoe, &query).await.unwrap();
        let ids: Vec<CaseId> = page.items.into_iter().map(|row| row.id).collect();
        (ids, page.next_cursor)
    };
    let zoe = || viewer("zoe", &[], None);
    let (whole, end) = stand_in(zoe(), None, 9).await;
    assert_eq!(whole, [2, 3, 4].map(samples::id));
    assert_eq!(end, None);
    let (first, more) = stand_in(zoe(), None, 2).await;
    assert_eq!(first, [2, 3].map(samples::id));
    assert!(more.is_some(), "there is another page");
    let (last, end) = stand_in(zoe(), more, 2).await;
    assert_eq!((last, end), (vec![samples::id(4)], None));
    let (walled, _) = stand_in(viewer("zoe", &[], Some("nordwind")), None, 9).await;
    assert_eq!(walled, [samples::id(3)], "only what is her own");
}

/// The same filters in every section.
pub async fn it_is_narrowed_by_workflow_and_due_time(fresh: Fresh) {
    let late = samples::waiting(samples::person("zoe"), "01:00:00", Some("02:00:00"));
    let never = samples::waiting(samples::person("zoe"), "01:01:00", None);
    let mut other = open(3, vec![late.clone()]);
    other.cases[0].case.workflow = samples::name("invitation");
    let all = [open(1, vec![late]), open(2, vec![never]), other];
    fresh.put(samples::together(all)).await;
    let narrowed = async |workflow: Option<&str>, due_by: Option<&str>| {
        let query = InboxQuery {
            section: InboxSection::YourTurn,
            instead_of: Vec::new(),
            workflow: workflow.map(samples::name),
            due_by: due_by.map(at),
            cursor: None,
            limit: 9,
        };
        let reader = fresh.reader();
        let zoe = viewer("zoe", &[], None);
        let page = reader.inbox(&zoe, &query).await.unwrap();
        let ids = page.items.into_iter().map(|row| row.id);
        ids.collect::<Vec<CaseId>>()
    };
    assert_eq!(narrowed(None, None).await, [1, 3, 2].map(samples::id));
    assert_eq!(narrowed(Some("invitation"), None).await, [samples::id(3)]);
    let deals = narrowed(Some("deal_registration"), Some("02:00:00")).await;
    assert_eq!(deals, [samples::id(1)]);
    assert!(narrowed(None, Some("01:59:59")).await.is_empty());
}

async fn turn(fresh: &Fresh, viewer: &Viewer) -> Vec<CaseId> {
    page(fresh, viewer, InboxSection::YourTurn, None, 200)
        .await
        .items
}

fn open(n: u64, waiting: Vec<Waiting>) -> Batch {
    let mut batch = samples::opening(samples::case(n));
    batch.cases[0].waiting = waiting;
    batch
}

/// A person, their groups and partner, and the cases that are their turn.
type Turn = (
    &'static str,
    &'static [&'static str],
    Option<&'static str>,
    &'static [u64],
);

pub async fn a_turn_is_theirs_who_may_act(fresh: Fresh) {
    let mut not_lena = samples::waiting(samples::group("reviewers"), "01:00:00", None);
    not_lena.but = BTreeSet::from([PersonId::new("lena"), PersonId::new("O'Neil \"二\"")]);
    let all = samples::waiting(samples::group("reviewers"), "01:01:00", None);
    let pat = samples::waiting(samples::person("pat"), "01:02:00", None);
    let acme = samples::waiting(samples::partner("acme"), "01:03:00", None);
    let batches = [not_lena, all, pat, acme];
    fresh
        .put(samples::together(
            (1..).zip(batches).map(|(n, row)| open(n, vec![row])),
        ))
        .await;
    let expected: [Turn; 7] = [
        ("rita", &["reviewers"], None, &[1, 2]),
        ("lena", &["reviewers"], None, &[2]),
        ("O'Neil \"二\"", &["reviewers"], None, &[2]),
        ("pat", &[], Some("acme"), &[3, 4]),
        ("paul", &[], Some("acme"), &[4]),
        ("nina", &[], Some("nordwind"), &[]),
        ("reviewers", &["person:pat"], None, &[]),
    ];
    for (person, groups, partner, cases) in expected {
        let cases: Vec<CaseId> = cases.iter().copied().map(samples::id).collect();
        assert_eq!(
            turn(&fresh, &viewer(person, groups, partner)).await,
            cases,
            "{person}"
        );
    }
    // Rows of a case are replaced; one on hold is nobody's turn.
    let all = samples::waiting(samples::group("reviewers"), "01:00:00", None);
    let moved = samples::change(fresh.load(1).await, vec![all]);
    let mut held = samples::change(
        fresh.load(2).await,
        vec![samples::waiting(
            samples::group("reviewers"),
            "01:01:00",
            None,
        )],
    );
    held.case.lifecycle = Lifecycle::OnHold {
        since: at("02:00:00"),
    };
    let nobody = samples::change(fresh.load(3).await, Vec::new());
    fresh.put(samples::changes(vec![moved, held, nobody])).await;
    assert_eq!(
        turn(&fresh, &viewer("lena", &["reviewers"], None)).await,
        [samples::id(1)]
    );
    assert_eq!(
        turn(&fresh, &viewer("pat", &[], Some("acme"))).await,
        [samples::id(4)]
    );
    assert!(turn(&fresh, &Viewer::Operator).await.is_empty());
}

pub async fn the_most_urgent_come_first(fresh: Fresh) {
    let rows = [
        ("01:05:00", None),
        ("01:00:00", Some("09:00:00")),
        ("01:04:00", None),
        ("01:03:00", Some("08:00:00")),
        ("01:01:00", Some("08:00:00")),
    ];
    let batches = (1..).zip(rows).map(|(n, (since, due))| {
        // Every other waits for the person, so that the order is over both.
        let who = if n % 2 == 0 {
            samples::person("rita")
        } else {
            samples::group("reviewers")
        };
        open(n, vec![samples::waiting(who, since, due)])
    });
    fresh.put(samples::together(batches)).await;
    let rita = viewer("rita", &["reviewers"], None);
    assert_eq!(turn(&fresh, &rita).await, [5, 4, 2, 3, 1].map(samples::id));
}

pub async fn a_case_that_waits_twice_comes_once(fresh: Fresh) {
    let late = samples::waiting(samples::group("reviewers"), "01:00:00", Some("09:00:00"));
    let soon = samples::waiting(samples::person("rita"), "01:00:00", Some("08:00:00"));
    let same = samples::waiting(samples::group("acceptance"), "01:00:00", Some("08:00:00"));
    let mut manager = soon.clone();
    manager.role = samples::name("manager");
    let batches = [1, 2, 3].map(|n| {
        open(
            n,
            vec![late.clone(), soon.clone(), same.clone(), manager.clone()],
        )
    });
    fresh.put(samples::together(batches)).await;
    let rita = viewer("rita", &["reviewers", "acceptance"], None);
    assert_eq!(turn(&fresh, &rita).await, [1, 2, 3].map(samples::id));
    let first = page(&fresh, &rita, InboxSection::YourTurn, None, 2).await;
    let second = page(&fresh, &rita, InboxSection::YourTurn, first.next_cursor, 2).await;
    assert_eq!(
        (second.items, second.next_cursor),
        (vec![samples::id(3)], None)
    );
}

pub async fn pages_stay_while_rows_are_added(fresh: Fresh) {
    let row = || samples::waiting(samples::group("reviewers"), "01:10:00", None);
    fresh
        .put(samples::together((1..=25).map(|n| open(n, vec![row()]))))
        .await;
    let rita = viewer("rita", &["reviewers"], None);
    let mut seen = Vec::new();
    let mut cursor = None;
    for round in 0.. {
        let Page { items, next_cursor } =
            page(&fresh, &rita, InboxSection::YourTurn, cursor, 10).await;
        seen.extend(items);
        // One comes before all others, one goes that has been seen.
        let urgent = samples::waiting(samples::group("reviewers"), "01:00:00", Some("08:00:00"));
        fresh.put(open(100 + round, vec![urgent])).await;
        let gone = fresh.load(1 + round).await;
        fresh
            .put(samples::changes(vec![samples::change(gone, Vec::new())]))
            .await;
        cursor = next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=25).map(samples::id).collect::<Vec<_>>());
}

/// Of four cases that waited for reviewers, rita has acted on three: the first still waits for the others,
/// the second for pat, the third has ended.
async fn acted(fresh: &Fresh) {
    let reviewers = || samples::waiting(samples::group("reviewers"), "01:00:00", None);
    let opened = [1, 2, 3, 4].map(|n| open(n, vec![reviewers()]));
    fresh.put(samples::together(opened)).await;
    let mut others = reviewers();
    others.but.insert(PersonId::new("rita"));
    let pat = samples::waiting(samples::person("pat"), "01:20:00", None);
    let after = [
        ("01:30:00", vec![others]),
        ("01:20:00", vec![pat]),
        ("01:10:00", Vec::new()),
    ];
    let mut batch = Batch::default();
    for (n, (clock, waiting)) in (1..).zip(after) {
        let mut case = fresh.load(n).await;
        let rita = Doer::Person(PersonId::new("rita"));
        batch
            .entries
            .push(samples::entry(&mut case, rita, at(clock)));
        let mut write = samples::change(case, waiting);
        write.access.insert(samples::person("rita"));
        if n == 3 {
            let (end, at) = (End::Success, at(clock));
            write.case.lifecycle = Lifecycle::Ended { end, at };
        }
        batch.cases.push(write);
    }
    fresh.put(batch).await;
}

pub async fn waiting_and_done_are_for_those_who_acted(fresh: Fresh) {
    acted(&fresh).await;
    let pat = viewer("pat", &[], Some("acme"));
    let rita = viewer("rita", &["reviewers"], None);
    let lena = viewer("lena", &["reviewers"], None);
    let done = |clock| InboxSection::Done { since: at(clock) };
    let expected: [(&Viewer, InboxSection, &[u64]); 8] = [
        (&pat, InboxSection::YourTurn, &[2]),
        (&pat, InboxSection::Waiting, &[1, 4]),
        (&rita, InboxSection::YourTurn, &[4]),
        (&rita, InboxSection::Waiting, &[1, 2]),
        (&rita, done("01:00:00"), &[1, 2, 3]),
        (&rita, done("01:20:00"), &[1, 2]),
        (&lena, InboxSection::YourTurn, &[1, 4]),
        (&lena, InboxSection::Waiting, &[]),
    ];
    for (viewer, section, cases) in expected {
        let cases: Vec<CaseId> = cases.iter().copied().map(samples::id).collect();
        let found = page(&fresh, viewer, section, None, 10).await.items;
        assert_eq!(found, cases, "{viewer:?} {section:?}");
    }
    let first = page(&fresh, &rita, done("01:00:00"), None, 1).await;
    let rest = page(&fresh, &rita, done("01:00:00"), first.next_cursor, 5).await;
    assert_eq!(first.items, [samples::id(1)]);
    assert_eq!(rest.items, [2, 3].map(samples::id));
}

/// What somebody did stays in their inbox no longer than they may see the case.
pub async fn what_was_hidden_since_is_neither_waiting_nor_done(fresh: Fresh) {
    acted(&fresh).await;
    let mut writes = Vec::new();
    for n in [2, 3] {
        let mut write = samples::change(fresh.load(n).await, Vec::new());
        write.hidden.insert(samples::person("rita"));
        if n == 2 {
            write.waiting = vec![samples::waiting(samples::person("pat"), "01:20:00", None)];
        }
        writes.push(write);
    }
    fresh.put(samples::changes(writes)).await;
    let rita = viewer("rita", &["reviewers"], None);
    let operator = viewer("rita", &["reviewers", "operators"], None);
    let done = InboxSection::Done {
        since: at("01:00:00"),
    };
    let expected: [(&Viewer, InboxSection, &[u64]); 4] = [
        (&rita, InboxSection::Waiting, &[1]),
        (&rita, done, &[1]),
        (&operator, InboxSection::Waiting, &[1, 2]),
        (&operator, done, &[1, 2, 3]),
    ];
    for (viewer, section, cases) in expected {
        let cases: Vec<CaseId> = cases.iter().copied().map(samples::id).collect();
        let found = page(&fresh, viewer, section, None, 10).await.items;
        assert_eq!(found, cases, "{viewer:?} {section:?}");
    }
}

pub async fn partners_do_not_meet_in_groups(fresh: Fresh) {
    let users = || {
        vec![samples::waiting(
            samples::group("partner_users"),
            "01:00:00",
            None,
        )]
    };
    let mut foreign = open(2, users());
    foreign.cases[0].case.partner = Some(PartnerId::new("nordwind"));
    let mut named = open(
        3,
        vec![samples::waiting(samples::person("pat"), "01:00:00", None)],
    );
    named.cases[0].case.partner = None;
    fresh
        .put(samples::together([open(1, users()), foreign, named]))
        .await;
    let users = &["partner_users"];
    let pat = viewer("pat", users, Some("acme"));
    assert_eq!(
        turn(&fresh, &pat).await,
        [1, 3].map(samples::id),
        "one that names the person is theirs"
    );
    assert_eq!(
        turn(&fresh, &viewer("nina", users, Some("nordwind"))).await,
        [samples::id(2)]
    );
    assert_eq!(
        turn(&fresh, &viewer("ada", users, None)).await,
        [1, 2].map(samples::id)
    );
}

pub async fn cases_that_wait_for_a_group(fresh: Fresh) {
    let row = |who: Subject| samples::waiting(who, "01:00:00", None);
    let mut both = row(samples::group("reviewers"));
    both.role = samples::name("manager");
    let batches = [
        open(1, vec![row(samples::group("reviewers")), both]),
        open(2, vec![row(samples::group("finance"))]),
        open(3, vec![row(samples::group("reviewers"))]),
    ];
    fresh.put(samples::together(batches)).await;
    let reviewers = GroupId::new("reviewers");
    let ids = async |after: Option<u64>, limit| {
        fresh
            .reader()
            .cases_waiting_for(&reviewers, after.map(samples::id), limit)
            .await
            .unwrap()
    };
    assert_eq!(ids(None, 9).await, [1, 3].map(samples::id));
    assert_eq!(ids(None, 1).await, [samples::id(1)]);
    assert_eq!(ids(Some(1), 9).await, [samples::id(3)]);
    assert!(ids(Some(3), 9).await.is_empty());
}
