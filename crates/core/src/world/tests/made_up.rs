//! Stories that nobody wrote: what is in them, and how short the one is that shows something.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::json;

use super::{Town, a_deal, at, build::*, object, people, processes, shared};
use crate::{
    command::{Act, Code, Command, Opening},
    explore::{Chance, Explorer, Known, Story, Turn},
    workflow::*,
    world::{By, Deed, Event},
};

/// A deal whose reviews can be claimed.
fn claimable() -> Workflow {
    let deal = processes::deal(Votes::Number(2));
    let states = deal.states.iter().cloned().map(|mut state| {
        state.claim = state.review.is_some().then(|| length("4 hours"));
        state
    });
    shared::workflow("deal", deal.open.clone(), states.collect())
}

fn by(who: &str) -> By {
    let mut people = people().into_iter();
    let person = people.find(|person| person.id.as_str() == who);
    By::Person(Box::new(person.expect("somebody")))
}

fn event(who: &str, deed: Deed) -> Turn {
    Turn::Event(Event {
        by: by(who),
        code: Code::Absent,
        deed,
    })
}

fn opens(who: &str, data: serde_json::Value) -> Turn {
    let opening = Opening {
        data: object(data),
        ..Opening::default()
    };
    event(who, Deed::Open(name("deal"), opening))
}

fn acts(who: &str, act: Act) -> Turn {
    let replies = Vec::new();
    event(who, Deed::Act { act, replies })
}

#[test]
fn turns_are_claimed_released_and_handed_on_in_stories_that_are_made_up() {
    let workflow = std::sync::Arc::new(claimable());
    let town = Town::new(claimable());
    let known = Known {
        forms: vec![(name("deal"), object(a_deal()["deal"].clone()))],
        numbers: Vec::new(),
    };
    let mut explorer = Explorer::new(workflow, people(), Vec::new(), known, Chance::new(1));
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..150 {
        explorer.reseed(Chance::new(seed));
        let mut story = Story::new(town.world.clone());
        for turn in [opens("pat", a_deal()), acts("pat", Act::new("submit"))] {
            story.play(&turn).expect("it begins");
        }
        for _ in 0..20 {
            let turn = explorer.turn(&story.world, story.case);
            let Turn::Event(Event { deed, .. }) = &turn else {
                continue;
            };
            let what = match deed {
                Deed::Turn(Command::Claim) => "claimed",
                Deed::Turn(Command::Release { .. }) => "released",
                Deed::Turn(Command::Delegate { .. }) => "delegated",
                Deed::Turn(Command::Reassign { .. }) => "reassigned",
                _ => "otherwise",
            };
            if story.play(&turn).is_ok() {
                *seen.entry(what).or_default() += 1;
            }
        }
    }
    for what in ["claimed", "released", "delegated", "reassigned"] {
        assert!(seen.contains_key(what), "{seen:?}");
    }
}

#[test]
fn the_shortest_story_has_no_step_too_many_and_waits_no_second_too_long() {
    let town = Town::new(claimable());
    let deal = || object(a_deal());
    let wait = |hours| Turn::Wait(at(super::MONDAY) + Duration::hours(hours));
    let turns = [
        opens("pat", json!({})),
        wait(1),
        event(
            "pat",
            Deed::Edit(object(json!({ "deal": { "note": "Soon" } }))),
        ),
        event("pat", Deed::Edit(deal())),
        event("pat", Deed::Hold("I may not.".into())),
        event("otto", Deed::Hold("Wait.".into())),
        event("otto", Deed::Resume("Go on.".into())),
        acts(
            "pat",
            Act {
                data: deal(),
                ..Act::new("submit")
            },
        ),
        wait(8),
        event("rita", Deed::Turn(Command::Claim)),
        wait(30),
    ];
    let mut story = Story::new(town.world.clone());
    for turn in &turns {
        let _ = story.play(turn);
    }
    let lapsed = |story: &Story| {
        let claimed = story.turns.iter().any(|turn| {
            matches!(turn, Turn::Event(event) if matches!(event.deed, Deed::Turn(Command::Claim)))
        });
        let case = story.case.and_then(|case| story.world.case(case));
        claimed && case.is_some_and(|case| case.claim.is_none())
    };
    assert!(lapsed(&story), "it shows what it is to show");
    let shortest = story.shortest(&town.world, 1000, &lapsed);
    let [
        Turn::Event(open),
        Turn::Event(submit),
        Turn::Event(claim),
        Turn::Wait(until),
    ] = shortest.turns.as_slice()
    else {
        panic!("{:#?}", shortest.turns);
    };
    let (Deed::Open(_, opening), Deed::Act { act, .. }) = (&open.deed, &submit.deed) else {
        panic!("{:#?}", shortest.turns);
    };
    // It is opened with what is submitted, or submitted with it: once, and without what is not required.
    let said = [&opening.data, &act.data].map(|data| data.get("deal").cloned());
    let mut required = a_deal()["deal"].clone();
    assert_eq!(
        required
            .as_object_mut()
            .and_then(|deal| deal.remove("note")),
        None
    );
    assert!(
        said.contains(&None) && said.contains(&Some(required)),
        "{said:?}"
    );
    assert!(matches!(claim.deed, Deed::Turn(Command::Claim)));
    assert_eq!(*until, at(super::MONDAY) + Duration::hours(4));
}
