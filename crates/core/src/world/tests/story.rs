//! Random stories: whatever people, timers and facts do, nothing panics, and what must always hold does. The same story
//! told twice gives the same bytes.

use proptest::{collection::vec, prelude::*};
use serde_json::json;

use super::{build::name, processes::*, *};
use crate::workflow::Votes;

const WHO: [&str; 9] = [
    "pat", "paul", "nina", "rita", "omar", "eva", "mia", "otto", "erp",
];
const DO: [&str; 18] = [
    "submit",
    "resubmit",
    "withdraw",
    "approve",
    "reject",
    "request_changes",
    "sign",
    "agree",
    "apply",
    "accept",
    "return",
    "edit",
    "clear",
    "wait",
    "leave",
    "hold",
    "take back",
    "move",
];

/// One event of a story.
fn tell(town: &mut Town, who: &str, what: &str, number: u8) {
    let request = town.of(who);
    let command = match what {
        "edit" => Command::Edit {
            data: object(json!({ "deal": { "amount": format!("{number}.00"), "note": "x" } })),
        },
        "clear" => Command::Edit {
            data: object(json!({ "deal": { "customer": null } })),
        },
        "hold" if number.is_multiple_of(2) => Command::Hold {
            reason: "story".into(),
        },
        "hold" => Command::Resume {
            reason: "story".into(),
        },
        "move" => Command::Move {
            to: "review".into(),
            reason: "story".into(),
        },
        "take back" => Command::TakeBack {
            decision: name("approve"),
        },
        "wait" => {
            let until = town.world.now() + chrono::TimeDelta::hours(i64::from(number));
            return town.world.advance_to(until);
        }
        "leave" => {
            let groups: &[&str] = if number.is_multiple_of(2) {
                &[]
            } else {
                &["reviewers", "experts"]
            };
            return town.world.put_person(person("rita", None, groups));
        }
        action => {
            let form = if action == "sign" || number.is_multiple_of(3) {
                json!({})
            } else {
                json!({ "evaluation": { "grade": "A" } })
            };
            let data = if number % 5 == 1 {
                json!({ "score": { "points": number } })
            } else {
                form
            };
            Command::Act(Act {
                data: object(data),
                confirm: true,
                ..saying(action, Some("deal.amount"))
            })
        }
    };
    // A refusal is as good an answer as any.
    let _ = town
        .world
        .command(&request.with_code(Code::Good), town.case, &command);
}

fn told(panels: bool, story: &[(usize, usize, u8)]) -> Town {
    let mut town = Town::opened(
        if panels {
            panel()
        } else {
            deal(Votes::Number(2))
        },
        a_deal(),
    );
    for (who, what, number) in story {
        let before = town.case().clone();
        tell(&mut town, WHO[*who], DO[*what], *number);
        holds(&town, &before);
    }
    town
}

/// What must hold after every event.
fn holds(town: &Town, before: &Case) {
    let case = town.case();
    town.assert_sound();
    assert!(
        case.etag >= before.etag && case.round >= before.round && case.revision >= before.revision
    );
    assert!(
        case.etag > before.etag || case == before,
        "a change without a commit"
    );
    let workflow = town.world.workflow_of(case);
    let state = workflow
        .states
        .find(case.state.as_str())
        .expect("a state of the workflow");
    assert!(workflow.states.tree().is_leaf(state.id));
    assert!(
        case.timers
            .iter()
            .all(|timer| case.is_in(timer.state.as_str()))
    );
    assert!(
        case.mail_links
            .iter()
            .all(|link| case.is_in(link.state.as_str()))
    );
    let open = case
        .ballots
        .iter()
        .filter(|ballot| ballot.decided.is_none());
    assert!(open.clone().count() <= 1 && { open }.all(|ballot| case.is_in(ballot.state.as_str())));
    for ballot in &case.ballots {
        let mut voters: Vec<_> = ballot
            .votes
            .iter()
            .filter(|vote| vote.stands())
            .map(|vote| &vote.by)
            .collect();
        let votes = voters.len();
        voters.sort();
        voters.dedup();
        assert_eq!(voters.len(), votes, "one person, one vote");
        assert!(
            !voters
                .iter()
                .any(|voter| voter.as_str() == "pat" || voter.as_str() == "paul"),
            "his own case"
        );
    }
    assert!(case.end().is_none() || case.timers.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_story_is_sound_and_can_be_told_again(
        panels in any::<bool>(),
        story in vec((0..WHO.len(), 0..DO.len(), any::<u8>()), 1..60),
    ) {
        let (one, other) = (told(panels, &story), told(panels, &story));
        prop_assert_eq!(one.case(), other.case());
        prop_assert_eq!(one.world.history(one.case), other.world.history(other.case));
        prop_assert_eq!(one.world.mail(), other.world.mail());
    }
}
