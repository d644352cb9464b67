//! Rounds, comments, revisions and what resubmission does (rules 22, 24, 25).

use serde_json::json;

use super::{processes::*, *};
use crate::{history::What, workflow::Votes};

fn in_review() -> Town {
    let mut town = Town::opened(deal(Votes::Number(1)), a_deal());
    town.act("pat", "submit").expect("a complete deal");
    town
}

#[test]
fn the_whole_way_of_a_deal() {
    let mut town = in_review();
    assert_eq!((town.state(), town.case().round), ("review", 1));
    assert_eq!(
        town.mailed("review_wanted"),
        ["lena", "omar", "rita"],
        "not paul, a colleague of the starter"
    );
    town.acts("rita", saying("request_changes", Some("deal.amount")))
        .expect("a reviewer may");
    assert_eq!(town.state(), "changes_requested");
    assert_eq!(
        town.mailed("to_fix"),
        ["pat"],
        "the starter himself, not all colleagues"
    );
    town.edit("pat", json!({ "deal": { "amount": "330000.00" } }))
        .expect("his to change");
    town.act("pat", "resubmit")
        .expect("the change answers the comment");
    assert_eq!((town.state(), town.case().round), ("review", 2));
    town.acts(
        "omar",
        filled("approve", json!({ "evaluation": { "grade": "A" } })),
    )
    .expect("one vote is enough");
    assert_eq!(town.state(), "approved.result_ready");
    town.assert_sound();
    let what: Vec<What> = town
        .world
        .history(town.case)
        .iter()
        .map(|sealed| sealed.entry.what)
        .collect();
    assert_eq!(
        what,
        [
            What::Opened,
            What::Action,
            What::Vote,
            What::Comment,
            What::Decision,
            What::Edit,
            What::Action,
            What::Vote,
            What::Decision,
        ]
    );
}

#[test]
fn rule_24_round_rises_on_return_to_review() {
    let mut town = in_review();
    for round in 2..4 {
        town.acts("rita", saying("request_changes", None))
            .expect("a reviewer may");
        let act = Act {
            replies: vec![],
            ..filled(
                "resubmit",
                json!({ "deal": { "note": format!("round {round}") } }),
            )
        };
        town.acts("pat", act).expect("changed since");
        assert_eq!(town.case().round, round);
    }
}

#[test]
fn rule_24_a_first_application_for_another_review_is_the_same_round() {
    let mut town = in_review();
    town.acts(
        "rita",
        filled("approve", json!({ "evaluation": { "grade": "A" } })),
    )
    .expect("one vote is enough");
    attach(&mut town);
    town.act("pat", "apply").expect("a report is there");
    assert_eq!(
        (town.state(), town.case().round),
        ("approved.acceptance", 1)
    );
    town.act("mia", "return").expect("a manager may");
    town.act("pat", "apply").expect("the report is still there");
    assert_eq!(town.case().round, 2);
}

fn attach(town: &mut Town) {
    let file = crate::case::File {
        id: crate::case::FileId(uuid::Uuid::from_u128(7)),
        name: "report.pdf".into(),
        size: 10,
        media_type: "application/pdf".into(),
        sha256: "00".repeat(32),
        uploaded_by: crate::case::Doer::Person(PersonId::new("pat")),
        uploaded_at: town.world.now(),
    };
    let command = Command::Attach {
        material: build::name("report"),
        file,
    };
    town.world
        .command(&town.of("pat"), town.case, &command)
        .expect("his to attach");
}

#[test]
fn rule_25_a_comment_is_answered_by_a_reply_or_by_a_change_of_its_place() {
    let mut town = in_review();
    town.acts("rita", saying("request_changes", Some("deal.amount")))
        .expect("a reviewer may");
    assert_eq!(Town::missing(town.act("pat", "resubmit")), ["replies"]);
    town.edit("pat", json!({ "deal": { "note": "elsewhere" } }))
        .expect("his to change");
    assert_eq!(Town::missing(town.act("pat", "resubmit")), ["replies"]);
    let act = Act {
        replies: vec![reply(&town)],
        ..Act::new("resubmit")
    };
    town.acts("pat", act).expect("replied");
    assert!(
        !town.case().content.comments[0].open,
        "closed with the submission"
    );
    let [.., reply, action] = town.world.history(town.case) else {
        panic!("a reply and an action")
    };
    assert_eq!((reply.entry.what, &reply.entry.to), (What::Reply, &None));
    assert_eq!(
        action
            .entry
            .to
            .as_ref()
            .map(crate::workflow::StatePath::as_str),
        Some("review")
    );

    let mut town = in_review();
    town.acts("rita", saying("request_changes", Some("deal.amount")))
        .expect("a reviewer may");
    town.edit("pat", json!({ "deal": { "amount": "200000.00" } }))
        .expect("his to change");
    town.act("pat", "resubmit")
        .expect("its place was changed, which answers it");
    assert!(!town.case().content.comments[0].open);
}

#[test]
fn rule_16_an_internal_comment_is_no_comment() {
    let mut town = in_review();
    let mut act = saying("reject", None);
    act.comments[0].internal = true;
    assert_eq!(Town::missing(town.acts("rita", act)), ["comment"]);
    assert!(
        town.case().content.comments.is_empty(),
        "a refusal changes nothing"
    );
}

#[test]
fn an_internal_comment_is_mailed_to_nobody() {
    let mut town = in_review();
    let mut act = saying("reject", None);
    act.comments.push(NewComment {
        at: None,
        text: "He never pays.".into(),
        internal: true,
    });
    town.acts("rita", act).expect("a reviewer may");
    let history = town.world.history(town.case);
    let told = history
        .iter()
        .filter(|sealed| sealed.personal.text.as_deref() == Some("He never pays."));
    assert!(told.count() == 1, "only its own entry has it");
    assert!(!format!("{:?}", town.world.mail()).contains("never pays"));
}

#[test]
fn rule_22_a_late_edit_is_merged_when_it_touches_other_fields() {
    let mut town = Town::opened(deal(Votes::Number(1)), a_deal());
    let late = town.of("paul").with_if_match(town.case().etag);
    town.edit("pat", json!({ "deal": { "amount": "5.00" } }))
        .expect("his to change");
    let edit = |data| Command::Edit { data: object(data) };
    let stale = town.world.command(
        &late,
        town.case,
        &edit(json!({ "deal": { "amount": "6.00" } })),
    );
    assert_eq!(
        stale,
        Err(Refusal::Stale {
            etag: town.case().etag
        })
    );
    town.world
        .command(
            &late,
            town.case,
            &edit(json!({ "deal": { "note": "hello" } })),
        )
        .expect("merged");
    assert_eq!(town.case().content.forms["deal"]["amount"], json!("5.00"));
    assert_eq!(town.case().content.forms["deal"]["note"], json!("hello"));
}

#[test]
fn rule_14_an_evaluation_comes_with_the_vote_and_by_no_other_way() {
    let mut town = in_review();
    let evaluation = json!({ "evaluation": { "grade": "A" } });
    assert_eq!(Town::missing(town.act("rita", "approve")), ["evaluation"]);
    assert!(matches!(
        town.edit("rita", evaluation.clone()),
        Err(Refusal::Who { at: Some(_) })
    ));
    let foreign = filled(
        "approve",
        json!({ "deal": { "amount": "1.00" }, "evaluation": { "grade": "A" } }),
    );
    assert!(matches!(
        town.acts("rita", foreign),
        Err(Refusal::Who { at: Some(_) })
    ));
    town.acts("rita", filled("approve", evaluation))
        .expect("filled in with the vote");
}

#[test]
fn then_of_an_opening_happens_with_it_or_not_at_all() {
    let mut town = Town::new(deal(Votes::Number(1)));
    let opening = |data| Opening {
        data: object(data),
        then: Some(Act::new("submit")),
        ..Opening::default()
    };
    let half = town.world.open(
        &town.of("pat"),
        "deal",
        &opening(json!({ "deal": { "customer": "Northwind" } })),
    );
    assert!(matches!(half, Err(Refusal::Missing(_))));
    assert_eq!(town.world.cases().count(), 0);
    town.case = town
        .world
        .open(&town.of("pat"), "deal", &opening(a_deal()))
        .expect("complete");
    assert_eq!(
        (town.state(), town.case().etag, &*town.case().number),
        ("review", 1, "DEAL-2026-00001")
    );
}
