//! What limits count, and how much people have to do.

use countersign_core::{
    case::{Ballot, CaseId, Outcome, PersonId},
    context::{Inputs, LimitKey, Needs},
    outcome::{LimitChange, PlaceChange},
};
use countersign_engine::{
    Registry,
    ports::store::{Batch, CaseAddress},
};

use serde_json::json;

use super::{Fresh, at, samples};

fn key(since: Option<&str>) -> LimitKey {
    LimitKey {
        workflow: samples::name("deal_registration"),
        limit: samples::name("per_partner"),
        key: "acme|北风".to_owned(),
        since: since.map(at),
    }
}

async fn used(fresh: &Fresh, key: LimitKey) -> i64 {
    let mut needs = Needs::default();
    needs.usage.insert(key.clone());
    let mut inputs = Inputs::default();
    fresh
        .reader()
        .inputs(&needs, &Registry::default(), &mut inputs)
        .await
        .unwrap();
    inputs.usage[&key]
}

fn batch(changes: Vec<(CaseId, PlaceChange)>) -> Batch {
    let limits = changes.into_iter().map(|(case, change)| {
        (
            case,
            LimitChange {
                key: key(None),
                change,
            },
        )
    });
    Batch {
        limits: limits.collect(),
        ..Batch::default()
    }
}

pub async fn windows_begin_after_their_start(fresh: Fresh) {
    let counted = |n, amount, clock| {
        (
            samples::id(n),
            PlaceChange::Counted {
                amount,
                at: at(clock),
            },
        )
    };
    let first = vec![
        counted(1, 10, "01:00:00"),
        counted(1, 10, "01:00:00"),
        counted(2, 5, "01:30:00"),
    ];
    fresh.write(batch(first)).await.unwrap();
    fresh
        .write(batch(vec![
            counted(1, 1, "01:00:00"),
            counted(1, 100, "02:00:00"),
        ]))
        .await
        .unwrap();
    for (since, sum) in [
        ("00:59:59.999", 126),
        ("01:00:00", 105),
        ("01:30:00", 100),
        ("02:00:00", 0),
    ] {
        assert_eq!(
            used(&fresh, key(Some(since))).await,
            sum,
            "since {since}, exclusive"
        );
    }
    assert_eq!(
        used(&fresh, key(None)).await,
        0,
        "what was counted is not held"
    );
    let other = LimitKey {
        key: "nordwind".to_owned(),
        ..key(Some("00:00:00"))
    };
    assert_eq!(used(&fresh, other).await, 0);
}

pub async fn places_are_held_until_released(fresh: Fresh) {
    let held = |n, amount| (samples::id(n), PlaceChange::Held { amount });
    let released = |n| (samples::id(n), PlaceChange::Released);
    let steps = [
        (vec![held(1, 10), held(2, 5)], 15),
        (vec![held(1, 7)], 12),
        (vec![released(1), held(1, 3), held(3, 1)], 9),
        (vec![held(3, 9), released(3)], 8),
        (vec![released(1), released(2), released(4)], 0),
    ];
    for (changes, sum) in steps {
        fresh.write(batch(changes.clone())).await.unwrap();
        assert_eq!(used(&fresh, key(None)).await, sum, "after {changes:?}");
    }
}

pub async fn what_places_are_held_for_is_told(fresh: Fresh) {
    let of = |key: &LimitKey, value: &str| LimitKey {
        key: format!("{}\u{1e}{value}", key.key),
        since: None,
        ..key.clone()
    };
    let held = PlaceChange::Held { amount: 1 };
    let counted = |clock| PlaceChange::Counted {
        amount: 1,
        at: at(clock),
    };
    let (kept, longer) = (
        key(None),
        LimitKey {
            key: "acme|北风x".to_owned(),
            ..key(None)
        },
    );
    let changes = [
        (1, of(&kept, "甲"), held),
        (2, of(&kept, "甲"), held),
        (3, of(&kept, "b"), held),
        (4, of(&longer, "c"), held),
        (1, of(&kept, "甲"), counted("01:00:00")),
        (2, of(&kept, "d"), counted("02:00:00")),
    ];
    let limits = changes
        .into_iter()
        .map(|(n, key, change)| (samples::id(n), LimitChange { key, change }));
    let batch = Batch {
        limits: limits.collect(),
        ..Batch::default()
    };
    fresh.put(batch).await;
    for (since, expected) in [
        (None, vec![("b", 1), ("甲", 2)]),
        (Some("00:59:59"), vec![("d", 1), ("甲", 1)]),
        (Some("01:00:00"), vec![("d", 1)]),
        (Some("02:00:00"), vec![]),
    ] {
        let (wanted, _) = of(&key(None), "")
            .held_for()
            .map(|(key, rest)| (key, rest.len()))
            .unwrap();
        let wanted = LimitKey {
            since: since.map(at),
            ..wanted
        };
        let mut needs = Needs::default();
        needs.holders.insert(wanted.clone());
        let mut inputs = Inputs::default();
        let (reader, registry) = (fresh.reader(), Registry::default());
        let loaded = reader.inputs(&needs, &registry, &mut inputs);
        loaded.await.unwrap();
        let found = inputs.holders[&wanted].iter();
        let found: Vec<(&str, i64)> = found
            .map(|(value, times)| (value.as_str(), *times))
            .collect();
        assert_eq!(found, expected, "since {since:?}");
    }
}

pub async fn load_counts_open_ballots(fresh: Fresh) {
    let ballot = |people: &[&str], decided: Option<&str>| -> Ballot {
        let ballot = json!({
            "state": "review", "visit": 1, "opened_at": at("01:00:00"),
            "assigned": people, "votes": [], "decided": decided,
        });
        serde_json::from_value(ballot).unwrap()
    };
    let mut first = samples::case(1);
    first.ballots = vec![
        ballot(&["ed", "eva"], None),
        ballot(&["ed"], None),
        ballot(&["eli"], Some("left")),
    ];
    let mut second = samples::case(2);
    second.ballots = vec![ballot(&["ed"], None)];
    fresh
        .write(samples::together([first, second].map(samples::opening)))
        .await
        .unwrap();
    let load = async || {
        let mut needs = Needs::default();
        needs.load.extend(["ed", "eva", "eli"].map(PersonId::new));
        let mut inputs = Inputs::default();
        fresh
            .reader()
            .inputs(&needs, &Registry::default(), &mut inputs)
            .await
            .unwrap();
        ["ed", "eva", "eli"].map(|person| inputs.load[person])
    };
    assert_eq!(load().await, [3, 1, 0]);
    let case = fresh
        .reader()
        .case(&CaseAddress::Id(samples::id(1)))
        .await
        .unwrap()
        .unwrap();
    let mut decided = samples::change(case, Vec::new());
    decided.case.ballots[0].decided = Some(Outcome::Otherwise);
    fresh.write(samples::changes(vec![decided])).await.unwrap();
    assert_eq!(load().await, [2, 0, 0]);
}
