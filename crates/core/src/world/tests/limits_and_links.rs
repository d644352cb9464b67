//! Limits and links to other cases (rules 21, 43, 44).

use std::collections::BTreeMap;

use serde_json::json;

use super::{super::Stub, build::*, processes::*, *};
use crate::workflow::*;

#[test]
fn rule_43_within_counts_the_times_and_the_window_ends_now() {
    let mut town = Town::new(invitation());
    for _ in 0..3 {
        town.open("ada", "invitation", a_deal())
            .expect("three a day");
    }
    assert_eq!(
        Town::missing(town.open("ada", "invitation", a_deal())),
        ["a_day"]
    );
    assert_eq!(
        Town::missing(town.act("ada", "resend")),
        ["a_day"],
        "any action that requires it counts"
    );
    town.wait_until("2026-11-24T00:59:59Z");
    assert_eq!(
        Town::missing(town.open("ada", "invitation", a_deal())),
        ["a_day"]
    );
    town.wait_until("2026-11-24T01:00:00Z");
    town.open("ada", "invitation", a_deal())
        .expect("24 hours are over");
}

#[test]
fn rule_44_a_case_never_stands_in_its_own_way() {
    let mut workflow = invitation();
    let limit = workflow.limits.get_mut("a_day").expect("declared");
    limit.count = Amount::Fixed(1);
    limit.per = Per::Starter;
    limit.window = Window::While(While::Open);
    let mut town = Town::new(workflow);
    town.open("ada", "invitation", a_deal())
        .expect("the only place");
    town.act("ada", "resend")
        .expect("its own place is counted once");
    let first = town.case;
    assert_eq!(
        Town::missing(town.open("ada", "invitation", a_deal())),
        ["a_day"],
        "the place is taken"
    );
    town.case = first;
    town.wait_until("2026-12-10T00:00:00Z");
    town.act("ada", "resend").expect("still its own place");
}

/// Payments that together stay under the ceiling of the linked application.
fn capped() -> Workflow {
    let p = &PAYMENT;
    let mut workflow = payment();
    workflow.links.insert(
        name("ceiling"),
        Link {
            name: name("ceiling"),
            title: crate::text::Text::same("ceiling"),
            workflow: name("deal"),
            same_partner: true,
            matches: Vec::new(),
            many: None,
            states: vec![StatePath::new("approved")],
            optional: false,
            otherwise: None,
            line: 0,
        },
    );
    workflow.limits.insert(
        name("within_ceiling"),
        Limit {
            name: name("within_ceiling"),
            count: Amount::Reckoned(cel("ceiling.deal.amount")),
            per: Per::Key(cel("ceiling.case.id")),
            adds: Amount::Reckoned(cel("deal.amount")),
            counting: None,
            window: Window::While(While::States(vec![
                p.id("review"),
                p.id("paying"),
                p.id("paid"),
            ])),
            same_partner: false,
            otherwise: None,
            at: None,
            line: 0,
        },
    );
    workflow.open.require = vec![Requirement::Link(name("ceiling"))];
    workflow
}

/// A town with an application of acme in this state, with a ceiling of 300,000.
fn with_application(state: &str) -> (Town, CaseId) {
    let mut town = Town::new(capped());
    town.world
        .publish(std::sync::Arc::new(deal(Votes::Number(1))));
    let stub = Stub {
        workflow: "deal".into(),
        partner: Some(PartnerId::new("acme")),
        starter: None,
        state: state.into(),
        data: object(a_deal()),
    };
    let application = town.world.put_case(&stub).expect("a sound stub");
    (town, application)
}

fn ask(town: &mut Town, who: &str, application: CaseId, amount: &str) -> Result<(), Refusal> {
    let mut data = a_deal();
    data["deal"]["amount"] = json!(amount);
    let links = BTreeMap::from([(name("ceiling"), application)]);
    let opening = Opening {
        data: object(data),
        links,
        ..Opening::default()
    };
    town.case = town.world.open(&town.of(who), "payment", &opening)?;
    Ok(())
}

#[test]
fn a_required_link_must_be_in_its_state_and_of_the_partner() {
    let (mut town, application) = with_application("review");
    assert_eq!(
        Town::missing(ask(&mut town, "pat", application, "1.00")),
        ["ceiling"]
    );
    town.world
        .place_case(application, "approved")
        .expect("a state");
    ask(&mut town, "pat", application, "1.00").expect("approved");
    assert_eq!(
        Town::missing(ask(&mut town, "nina", application, "1.00")),
        ["ceiling"]
    );
    let nowhere = CaseId(uuid::Uuid::from_u128(99));
    assert_eq!(
        Town::missing(ask(&mut town, "pat", nowhere, "1.00")),
        ["ceiling"]
    );
}

#[test]
fn rule_44_the_sum_over_all_cases_stays_under_the_ceiling() {
    let (mut town, application) = with_application("approved");
    ask(&mut town, "pat", application, "200000.00").expect("a draft takes no place");
    town.act("pat", "submit").expect("within the ceiling");
    let first = town.case;
    ask(&mut town, "paul", application, "100000.01").expect("a draft takes no place");
    assert_eq!(Town::missing(town.act("pat", "submit")), ["within_ceiling"]);
    town.edit("pat", json!({ "deal": { "amount": "100000.00" } }))
        .expect("a colleague's draft");
    town.act("pat", "submit").expect("exactly what is left");
    let second = std::mem::replace(&mut town.case, first);
    town.act("rita", "return").expect("a reviewer may");
    assert!(town.case().held.is_empty(), "released in that commit");
    town.edit("pat", json!({ "deal": { "amount": "200000.01" } }))
        .expect("his to change");
    assert_eq!(
        Town::missing(town.act("pat", "resubmit")),
        ["within_ceiling"]
    );
    town.case = second;
    assert_eq!(town.case().held[0].amount, 10_000_000);
}
