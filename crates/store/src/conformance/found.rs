//! Cases by what they hold: as links with `many` ask for them.

use countersign_core::{
    case::{Case, CaseId, PartnerId},
    context::{Inputs, Needs},
    found::{CaseQuery, Whose},
    workflow::StatePath,
};
use countersign_engine::Registry;
use serde_json::{Value as Json, json};

use super::{Fresh, samples};

fn query(matches: &[(&str, Json)]) -> CaseQuery {
    let matches = matches.iter();
    let matches = matches.map(|(path, value)| ((*path).to_owned(), value.to_string()));
    CaseQuery {
        workflow: samples::name("deal_registration"),
        whose: Whose::Anybody,
        states: Vec::new(),
        matches: matches.collect(),
        but: samples::id(99),
        most: 10,
    }
}

async fn found(fresh: &Fresh, query: &CaseQuery) -> Vec<CaseId> {
    let mut needs = Needs::default();
    needs.found.insert(query.clone());
    let mut inputs = Inputs::default();
    let (reader, registry) = (fresh.reader(), Registry::default());
    let loaded = reader.inputs(&needs, &registry, &mut inputs);
    loaded.await.unwrap();
    inputs.found.remove(query).unwrap()
}

fn ids(numbers: &[u64]) -> Vec<CaseId> {
    numbers.iter().map(|n| samples::id(*n)).collect()
}

fn case(n: u64, change: impl FnOnce(&mut Case)) -> Case {
    let mut case = samples::case(n);
    change(&mut case);
    case
}

/// Cases that differ in what can be asked for.
fn all_sorts() -> [Case; 6] {
    [
        case(1, |_| {}),
        case(2, |case| case.partner = Some(PartnerId::new("other"))),
        case(3, |case| {
            case.state = StatePath::new("review.first");
            let (track, leaf) = ("review.first.board", "review.first.board.agreed");
            let tracks = (StatePath::new(track), StatePath::new(leaf));
            case.tracks = [tracks].into();
        }),
        case(4, |case| {
            let deal = case.content.forms.get_mut("deal").unwrap();
            deal.insert("amount".to_owned(), json!("1.00"));
            deal.insert(
                "service".to_owned(),
                json!({ "id": "ecs", "name": "Servers" }),
            );
            deal.insert("tags".to_owned(), json!(["red", "b\"c", 2, true, "1.00"]));
            let more = json!([{ "id": "ecs", "name": "Servers" }, { "id": "obs" }, "rds"]);
            deal.insert("services".to_owned(), more);
        }),
        case(5, |case| case.workflow = samples::name("sow_evaluation")),
        case(6, |case| case.partner = None),
    ]
}

pub async fn cases_are_found_by_what_they_hold(fresh: Fresh) {
    let customer = samples::content().forms[&samples::name("deal")]["customer"].clone();
    for case in all_sorts() {
        fresh.put(samples::opening(case)).await;
    }
    let all = query(&[]);
    assert_eq!(
        found(&fresh, &all).await,
        ids(&[6, 4, 3, 2, 1]),
        "the newest first"
    );
    let but = CaseQuery {
        but: samples::id(6),
        ..all.clone()
    };
    assert_eq!(found(&fresh, &but).await, ids(&[4, 3, 2, 1]));
    for (whose, expected) in [
        (Some("acme"), &[4, 3, 1][..]),
        (Some("other"), &[2]),
        (Some("nobody"), &[]),
        (None, &[6]),
    ] {
        let whose = Whose::Of(whose.map(PartnerId::new));
        let of = CaseQuery {
            whose,
            ..all.clone()
        };
        assert_eq!(found(&fresh, &of).await, ids(expected));
    }
    for (state, expected) in [
        ("review", &[3][..]),
        ("review.first.board", &[3]),
        ("review.first.board.agreed", &[3]),
        ("review.first.boa", &[]),
        ("draft", &[6, 4, 2, 1]),
        ("rev", &[]),
    ] {
        let states = vec![StatePath::new(state)];
        let of = CaseQuery {
            states,
            ..all.clone()
        };
        assert_eq!(found(&fresh, &of).await, ids(expected), "{state}");
    }
    by_values(&fresh, customer).await;
}

async fn by_values(fresh: &Fresh, customer: Json) {
    for (path, value, expected) in [
        ("deal.customer", customer.clone(), &[6, 4, 3, 2, 1][..]),
        ("deal.amount", json!("1.00"), &[4]),
        ("deal.amount", json!("330000.00"), &[6, 3, 2, 1]),
        ("deal.agreed", json!(true), &[6, 4, 3, 2, 1]),
        ("deal.agreed", json!("true"), &[]),
        ("deal.zz_first", json!(1), &[6, 4, 3, 2, 1]),
        ("deal.service.id", json!("ecs"), &[4]),
        ("deal.missing", json!("x"), &[]),
        ("deal.tags", json!("red"), &[4]),
        ("deal.tags", json!("b\"c"), &[4]),
        ("deal.tags", json!(2), &[4]),
        ("deal.tags", json!(true), &[4]),
        ("deal.tags", json!("1.00"), &[4]),
        ("deal.tags", json!("re"), &[]),
        ("deal.tags", json!("2"), &[]),
        ("deal.tags.id", json!("red"), &[]),
        ("deal.services.id", json!("ecs"), &[4]),
        ("deal.services.id", json!("obs"), &[4]),
        ("deal.services.id", json!("rds"), &[]),
        ("deal.services", json!("ecs"), &[]),
    ] {
        let of = query(&[("deal.customer", customer.clone()), (path, value)]);
        assert_eq!(found(fresh, &of).await, ids(expected), "{path}");
    }
}
