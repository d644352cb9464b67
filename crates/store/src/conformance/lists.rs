//! Lists of cases: who sees what, filters, orders and pages.

use std::collections::BTreeSet;

use countersign_core::{
    case::{Case, CaseId, GroupId, Lifecycle, PartnerId, PersonId},
    workflow::{End, StatePath},
};
use countersign_engine::ports::{
    StoreErrorKind,
    reader::{CaseOrder, CaseQuery, CaseRow, LifecycleFilter},
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

fn all() -> CaseQuery {
    CaseQuery {
        limit: 200,
        ..CaseQuery::default()
    }
}

async fn ids(fresh: &Fresh, viewer: &Viewer, query: &CaseQuery) -> Vec<CaseId> {
    let page = fresh.reader().cases(viewer, query).await.unwrap();
    page.items.into_iter().map(|row| row.id).collect()
}

fn of_partner(n: u64, partner: &str) -> Batch {
    let mut batch = samples::opening(samples::case(n));
    let write = &mut batch.cases[0];
    write.case.partner = Some(PartnerId::new(partner));
    write.access = BTreeSet::from([
        samples::partner(partner),
        samples::group("reviewers"),
        samples::group("partner_users"),
    ]);
    batch
}

pub async fn ten_thousand_cases_page_by_page(fresh: Fresh) {
    for block in 0..40 {
        let partner = |n| if n % 4 == 0 { "nordwind" } else { "acme" };
        let cases = (1..=250)
            .map(|n| block * 250 + n)
            .map(|n| of_partner(n, partner(n)));
        fresh.write(samples::together(cases)).await.unwrap();
    }
    for (extra, (viewer, count)) in (20_000..).zip([
        (
            viewer("rita", &["reviewers", "partner_users"], None),
            10_000,
        ),
        (viewer("nina", &["partner_users"], Some("nordwind")), 2_500),
        (Viewer::Operator, 10_000),
    ]) {
        let mut query = all();
        let mut seen = Vec::new();
        loop {
            let page = fresh.reader().cases(&viewer, &query).await.unwrap();
            seen.extend(page.items.iter().map(|row| row.id));
            if seen.len() == 400 {
                // A new case comes before the pages that follow, and changes none of them.
                fresh.write(of_partner(extra, "nordwind")).await.unwrap();
            }
            match page.next_cursor {
                Some(cursor) => query.cursor = Some(cursor),
                None => break,
            }
        }
        seen.retain(|id| *id <= samples::id(10_000));
        assert_eq!(seen.len() as u64, count);
        assert!(
            seen.windows(2).all(|pair| pair[0] > pair[1]),
            "the newest first, none twice"
        );
    }
}

/// Four cases that differ in what lists filter by.
fn different() -> [Case; 4] {
    let mut cases = [1, 2, 3, 4].map(samples::case);
    let now = at("02:00:00");
    cases[0].lifecycle = Lifecycle::OnHold { since: now };
    cases[1].workflow = samples::name("sow_evaluation");
    cases[1].state = StatePath::new("review.experts");
    let review = StatePath::new("review");
    cases[2].due.insert(review.clone(), at("05:00:00"));
    cases[2].state = review;
    cases[2].starter = Some(PersonId::new("paul"));
    cases[3].state = StatePath::new("reviewed");
    let end = End::Success;
    cases[3].lifecycle = Lifecycle::Ended { end, at: now };
    cases
}

fn with(change: impl FnOnce(&mut CaseQuery)) -> CaseQuery {
    let mut query = all();
    change(&mut query);
    query
}

pub async fn filters_narrow(fresh: Fresh) {
    fresh
        .put(samples::together(different().map(samples::opening)))
        .await;
    let (sow, nordwind) = (samples::name("sow_evaluation"), PartnerId::new("nordwind"));
    let (before, after) = (at("04:59:59"), at("05:00:00.001"));
    let queries: [(CaseQuery, &[u64]); 13] = [
        (all(), &[4, 3, 2, 1]),
        (with(|query| query.workflow = Some(sow)), &[2]),
        (
            with(|query| query.state = Some("review".to_owned())),
            &[3, 2],
        ),
        (with(|query| query.state = Some("review%".to_owned())), &[]),
        (with(|query| query.partner = Some(nordwind)), &[]),
        (
            with(|query| query.lifecycle = Some(LifecycleFilter::Ended)),
            &[4],
        ),
        (
            with(|query| query.lifecycle = Some(LifecycleFilter::OnHold)),
            &[1],
        ),
        (with(|query| query.overdue = Some((true, after))), &[3]),
        (with(|query| query.overdue = Some((true, before))), &[]),
        (
            with(|query| query.overdue = Some((false, after))),
            &[4, 2, 1],
        ),
        (with(|query| query.mine = true), &[4, 2, 1]),
        (with(|query| query.running_version = Some(1)), &[3, 2, 1]),
        (with(|query| query.running_version = Some(2)), &[]),
    ];
    let pat = viewer("pat", &[], Some("acme"));
    for (mut query, cases) in queries {
        let cases: Vec<CaseId> = cases.iter().copied().map(samples::id).collect();
        assert_eq!(ids(&fresh, &pat, &query).await, cases, "{query:?}");
        if !query.mine {
            let all = ids(&fresh, &Viewer::Operator, &query).await;
            assert_eq!(all, cases, "an operator, {query:?}");
        }
        query.sort = CaseOrder::Due;
        let mut sorted = ids(&fresh, &pat, &query).await;
        sorted.sort_by(|a, b| b.cmp(a));
        assert_eq!(sorted, cases, "in another order, {query:?}");
    }
}

pub async fn a_row_tells_what_a_list_shows(fresh: Fresh) {
    fresh
        .put(samples::together(different().map(samples::opening)))
        .await;
    let query = with(|query| query.lifecycle = Some(LifecycleFilter::Ended));
    let pat = viewer("pat", &[], Some("acme"));
    let row = fresh
        .reader()
        .cases(&pat, &query)
        .await
        .unwrap()
        .items
        .remove(0);
    let case = fresh.load(4).await;
    let expected = CaseRow {
        id: case.id,
        number: case.number,
        workflow: case.workflow,
        version: case.version,
        title: case.title,
        state: case.state.to_string(),
        partner: case.partner,
        starter: case.starter,
        opened_at: case.opened_at,
        round: case.round,
        due_at: None,
        on_hold: false,
        end: Some(End::Success),
        etag: case.etag,
    };
    assert_eq!(row, expected);
}

pub async fn who_a_case_was_hidden_from_finds_it_in_no_list(fresh: Fresh) {
    let opened = of_partner(1, "acme");
    let case = opened.cases[0].case.clone();
    fresh.write(opened).await.unwrap();
    let mut write = samples::change(case, Vec::new());
    write.hidden = BTreeSet::from([
        samples::partner("acme"),
        samples::group("partner_users"),
        samples::person("nobody"),
    ]);
    write.access = BTreeSet::from([samples::person("rita")]);
    let batch = Batch {
        at: Some(at("02:00:00")),
        cases: vec![write],
        ..Batch::default()
    };
    fresh.write(batch).await.unwrap();
    let expected: [(Viewer, usize); 3] = [
        (viewer("pat", &["partner_users"], Some("acme")), 0),
        (viewer("rob", &["reviewers"], None), 1),
        (viewer("rita", &[], None), 1),
    ];
    for (viewer, count) in expected {
        let found = ids(&fresh, &viewer, &all()).await;
        assert_eq!(found.len(), count, "{viewer:?}");
    }
}

pub async fn partners_never_see_each_other(fresh: Fresh) {
    let mut named = of_partner(3, "nordwind");
    named.cases[0].access.insert(samples::person("paul"));
    fresh
        .write(samples::together([
            of_partner(1, "acme"),
            of_partner(2, "nordwind"),
            named,
        ]))
        .await
        .unwrap();
    let expected: [(Viewer, &[u64]); 6] = [
        (
            viewer("pat", &["partner_users", "reviewers"], Some("acme")),
            &[1],
        ),
        (viewer("paul", &["partner_users"], Some("acme")), &[3, 1]),
        (
            viewer("nina", &["partner_users"], Some("nordwind")),
            &[3, 2],
        ),
        (viewer("rita", &["reviewers"], None), &[3, 2, 1]),
        (viewer("stranger", &[], None), &[]),
        (Viewer::Operator, &[3, 2, 1]),
    ];
    for (viewer, cases) in expected {
        let cases: Vec<CaseId> = cases.iter().copied().map(samples::id).collect();
        for sort in [CaseOrder::Newest, CaseOrder::Oldest, CaseOrder::Due] {
            let mut seen = ids(&fresh, &viewer, &CaseQuery { sort, ..all() }).await;
            seen.sort_by(|a, b| b.cmp(a));
            assert_eq!(seen, cases, "{viewer:?} {sort:?}");
        }
    }
}

pub async fn words_are_found_in_chinese(fresh: Fresh) {
    let mut plain = samples::opening(samples::case(1));
    plain.cases[0].search = "dr-2026-00001 100% 南风_".to_owned();
    fresh
        .write(samples::together([
            plain,
            samples::opening(samples::case(2)),
        ]))
        .await
        .unwrap();
    let pat = viewer("pat", &[], Some("acme"));
    let expected: [(&str, &[u64]); 8] = [
        ("北风", &[2]),
        ("贸易 DR-2026", &[2]),
        ("NORTHWIND", &[2]),
        ("北风 nothing", &[]),
        ("100%", &[1]),
        ("1%6", &[]),
        ("风_", &[1]),
        ("  ", &[2, 1]),
    ];
    for (words, cases) in expected {
        let query = CaseQuery {
            words: Some(words.to_owned()),
            ..all()
        };
        let cases: Vec<CaseId> = cases.iter().copied().map(samples::id).collect();
        for viewer in [&pat, &Viewer::Operator] {
            assert_eq!(
                ids(&fresh, viewer, &query).await,
                cases,
                "{words} {viewer:?}"
            );
        }
    }
}

pub async fn orders_are_kept(fresh: Fresh) {
    let due = [
        None,
        Some("09:00:00"),
        Some("08:00:00"),
        Some("08:00:00"),
        None,
    ];
    let cases = (1..).zip(due).map(|(n, due)| {
        let mut case = samples::case(n);
        case.due
            .extend(due.map(|due| (StatePath::new("draft"), at(due))));
        samples::opening(case)
    });
    fresh.write(samples::together(cases)).await.unwrap();
    let pat = viewer("pat", &[], Some("acme"));
    let orders = [
        (CaseOrder::Newest, [5, 4, 3, 2, 1]),
        (CaseOrder::Oldest, [1, 2, 3, 4, 5]),
        (CaseOrder::Due, [3, 4, 2, 1, 5]),
    ];
    for (sort, order) in orders {
        for viewer in [&pat, &Viewer::Operator] {
            let mut query = CaseQuery {
                sort,
                limit: 2,
                ..CaseQuery::default()
            };
            let mut seen = Vec::new();
            loop {
                let page = fresh.reader().cases(viewer, &query).await.unwrap();
                seen.extend(page.items.iter().map(|row| row.id));
                query.cursor = page.next_cursor;
                if query.cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, order.map(samples::id), "{viewer:?} {sort:?}");
        }
    }
    let forged = CaseQuery {
        cursor: Some("forged".to_owned()),
        ..all()
    };
    assert_eq!(
        fresh.reader().cases(&pat, &forged).await.unwrap_err().kind,
        StoreErrorKind::Cursor
    );
}
