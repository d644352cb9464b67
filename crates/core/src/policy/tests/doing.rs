//! Who may do what: rules 14, 19, 21, 22, 28 and 34.

use super::*;

#[test]
fn rule_20_and_21_who_sees_that_a_case_is_there() {
    let draft = case("draft", &[]);
    let review = case("review", &["draft"]);
    let voted = with_votes(case("withdrawn", &["draft", "review"]), &["fin"]);
    let cases = [
        ("pat", &draft, true, "opened it"),
        ("paul", &draft, true, "a colleague"),
        ("nina", &draft, false, "another partner"),
        ("wei", &draft, true, "psa is named by draft"),
        ("rita", &draft, false, "the review is not reached"),
        ("otto", &draft, true, "an operator"),
        ("fin", &draft, false, "finance is named later"),
        ("rita", &review, true, "reviews"),
        (
            "nina",
            &review,
            false,
            "a reviewer of another partner stays behind the wall",
        ),
        ("amy", &review, false, "acceptance is not reached"),
        ("fin", &voted, true, "voted, whatever his roles are now"),
    ];
    for (who, case, sees, why) in cases {
        assert_eq!(
            ask(case, &actor(who), |policy| policy.sees_case()),
            sees,
            "{who}: {why}"
        );
    }
    assert!(!ask(&draft, &machine_service(), |policy| policy.sees_case()));
    let ready = case_ready();
    assert!(ask(&ready, &machine_service(), |policy| policy.sees_case()));
}

#[test]
fn rule_21_a_starter_who_changed_sides_no_longer_sees_the_case() {
    let case = case("draft", &[]);
    let moved = Actor::Person(sample::person("pat", Some("nordwind"), &["partner_users"]));
    assert!(!ask(&case, &moved, |policy| policy.sees_case()
        || policy.has_role("applicant")));
    let alone = Actor::Person(sample::person("kim", None, &[]));
    let mut own = case.clone();
    own.partner = None;
    assert!(
        !ask(&own, &alone, |policy| policy.has_role("applicant")),
        "no partner, no colleagues"
    );
}

#[test]
fn an_action_is_for_the_roles_in_who() {
    let (workflow, ready) = (sample::workflow(), case_ready());
    let actions = &workflow.states.get(sample::READY).actions;
    let cases = [
        ("pat", "apply", Some("applicant")),
        ("paul", "apply", Some("applicant")),
        ("nina", "apply", None),
        ("otto", "apply", None),
        ("fin", "paid", Some("finance")),
        ("pat", "paid", None),
        ("pat", "accept", None),
    ];
    for (who, action, role) in cases {
        let taken = ask(&ready, &actor(who), |policy| {
            policy.may_take(&actions[action])
        });
        assert_eq!(taken, role.map(name), "{who} {action}");
    }
    let service = |action: &str| {
        ask(&ready, &machine_service(), |policy| {
            policy.may_take(&actions[action])
        })
    };
    assert_eq!(
        (service("paid"), service("apply")),
        (Some(name("system")), None)
    );
}

#[test]
fn a_link_is_for_one_action_and_its_role() {
    let workflow = sample::workflow();
    let actions = &workflow.states.get(sample::READY).actions;
    let ready = with_link(
        case_ready(),
        "accept",
        json!({ "address": "ann@example.com" }),
    );
    let ann = holder("ann@example.com", 9);
    ask(&ready, &ann, |policy| {
        assert!(policy.sees_case());
        assert_eq!(policy.roles(), [&name("invitee")]);
        assert_eq!(policy.may_take(&actions["accept"]), Some(name("invitee")));
        assert_eq!(policy.may_take(&actions["apply"]), None);
        assert!(policy.editable().is_empty());
    });
    let forged = holder("ann@example.com", 8);
    assert!(!ask(&ready, &forged, |policy| policy.sees_case()
        || !policy.roles().is_empty()));

    let review = case("review", &["draft"]);
    let mailed = with_link(review, "approve", json!({ "person": "rita" }));
    let Actor::LinkHolder(mut rita) = holder("rita@example.com", 9) else {
        unreachable!()
    };
    rita.person = Some(sample::person("rita", None, &["deal_reviewers", "finance"]));
    let decisions = &workflow
        .states
        .get(sample::REVIEW)
        .review
        .as_ref()
        .unwrap()
        .decisions;
    ask(&mailed, &Actor::LinkHolder(rita), |policy| {
        assert!(policy.has_role("reviewer"), "it was mailed to the person");
        assert!(policy.comes_for(&decisions["approve"].action));
        assert!(!policy.comes_for(&decisions["reject"].action));
    });
}

#[test]
fn rule_34_a_link_is_asked_who_has_handed_the_turn_on_as_its_holder_is() {
    let workflow = sample::workflow();
    let state = workflow.states.get(sample::REVIEW);
    let (review, at) = (state.review.as_ref().unwrap(), &state.path);
    let by_link = |receiver: &str, groups: &[&str]| {
        let Actor::LinkHolder(mut held) = holder("somebody@example.com", 9) else {
            unreachable!()
        };
        held.person = Some(sample::person(receiver, None, groups));
        Actor::LinkHolder(held)
    };
    let handed = json!({
        "state": at, "from": "rita", "to": "zoe", "by": "rita", "at": "2026-11-23T02:00:00Z",
    });
    let asked = |to: &str, actor: &Actor, is_handed: bool| {
        let mut case = with_link(
            case("review", &["draft"]),
            "approve",
            json!({ "person": to }),
        );
        if is_handed {
            let mandate = serde_json::from_value(handed.clone()).unwrap();
            case.mandates.push(mandate);
        }
        ask(&case, actor, |policy| {
            let standing = policy.standing_in_review(review, None, at);
            standing.map(|standing| standing.instead_of)
        })
    };
    let rita = by_link("rita", &["deal_reviewers"]);
    assert_eq!(asked("rita", &rita, false), Some(Vec::new()));
    assert_eq!(asked("rita", &rita, true), None);
    let zoe = by_link("zoe", &[]);
    assert_eq!(asked("zoe", &zoe, false), None);
    let instead = Some(vec![crate::case::PersonId::new("rita")]);
    assert_eq!(asked("zoe", &zoe, true), instead);
}

#[test]
fn rule_22_edit_gives_each_role_its_own_things_here_and_now() {
    let draft = case("draft", &[]);
    let pats = ask(&draft, &actor("pat"), |policy| policy.editable());
    let field = |form: &str, field: &str| Thing::Field(name(form), name(field));
    assert!(
        pats.contains(&field("deal", "amount")) && pats.contains(&Thing::Material(name("report")))
    );
    assert!(
        !pats.contains(&field("deal", "total")),
        "a derived field is never written"
    );
    assert!(!pats.contains(&field("workload", "days")));
    let weis = ask(&draft, &actor("wei"), |policy| policy.editable());
    assert_eq!(weis, BTreeSet::from([field("workload", "days")]));
    for who in ["nina", "rita", "otto"] {
        assert!(
            ask(&draft, &actor(who), |policy| policy.editable()).is_empty(),
            "{who}"
        );
    }
    let review = case("review", &["draft"]);
    assert!(ask(&review, &actor("pat"), |policy| policy.editable()).is_empty());
    let mut held = draft;
    held.lifecycle =
        serde_json::from_value(json!({ "on_hold": { "since": "2026-11-23T02:00:00Z" } })).unwrap();
    assert!(ask(&held, &actor("pat"), |policy| policy.editable()).is_empty());
}

#[test]
fn rule_19_a_frozen_field_is_closed_once_its_state_was_left() {
    let note = Thing::Field(name("deal"), name("note"));
    let mut ready = case_ready();
    assert_eq!(
        ask(&ready, &actor("pat"), |policy| policy.editable()),
        BTreeSet::from([note])
    );
    ready.left = serde_json::from_value(json!(["draft"])).unwrap();
    assert!(ask(&ready, &actor("pat"), |policy| policy.editable()).is_empty());
}

#[test]
fn rule_14_forms_that_no_edit_names_are_supplied_with_their_action() {
    let workflow = sample::workflow();
    let review = case("review", &["draft"]);
    let approve = &workflow
        .states
        .get(sample::REVIEW)
        .review
        .as_ref()
        .unwrap()
        .decisions["approve"];
    let things = ask(&review, &actor("rita"), |policy| {
        policy.suppliable(&approve.action)
    });
    assert_eq!(
        things,
        BTreeSet::from([Thing::Field(name("evaluation"), name("grade"))])
    );
    let submit = &workflow.states.get(sample::DRAFT).actions["submit"];
    assert!(
        ask(&review, &actor("pat"), |policy| policy.suppliable(submit)).is_empty(),
        "`edit` names deal"
    );
    let patch = json!({ "evaluation": { "grade": "A" }, "deal": { "amount": 1 } });
    let places = crate::form::places(&workflow, patch.as_object().unwrap());
    let foreign = Policy::first_foreign(&things, &places).unwrap();
    assert_eq!(foreign.to_string(), "deal.amount");
}

#[test]
fn rule_34_nobody_decides_on_their_own_or_their_partners_case() {
    let (workflow, inputs, me) = (sample::workflow(), sample::inputs(), actor("rita"));
    let case = case("review", &["draft"]);
    let reading = Reading::new(&inputs, &me);
    let near = |id: &str, rule| {
        let person = reading.person(&PersonId::new(id)).unwrap();
        is_too_near(&workflow, &case, rule, &person, &reading)
    };
    let table = [
        (SelfReview::Never, [true, true, false]),
        (SelfReview::Colleagues, [true, false, false]),
        (SelfReview::Allowed, [false, false, false]),
    ];
    for (rule, expected) in table {
        assert_eq!(
            ["pat", "paul", "rita"].map(|id| near(id, rule)),
            expected,
            "{rule:?}"
        );
    }
}

#[test]
fn except_knows_votes_actions_roles_and_people() {
    let (workflow, inputs, me) = (sample::workflow(), sample::inputs(), actor("rita"));
    let reading = Reading::new(&inputs, &me);
    let mut case = with_votes(
        case("approved.acceptance", &["draft", "review"]),
        &["rita", "omar"],
    );
    case.ballots[0].votes[1].fallen = Some(crate::case::Fallen::TakenBack);
    let taken = json!([{ "action": "agree", "state": "draft", "by": { "person": "wei" }, "at": "2026-11-23T00:10:00Z", "fallen": "changed" }]);
    case.taken = serde_json::from_value(taken).unwrap();
    let voted = Except {
        voted_in: vec![sample::REVIEW],
        ..Except::default()
    };
    let outer = Except {
        voted_in: vec![sample::APPROVED],
        ..Except::default()
    };
    let took = Except {
        took: vec![name("agree"), name("approve")],
        ..Except::default()
    };
    let roles = Except {
        roles: vec![name("finance")],
        ..Except::default()
    };
    let cases = [
        ("rita", &voted, true),
        ("omar", &voted, false),
        ("rita", &outer, false),
        ("wei", &took, true),
        ("rita", &took, true),
        ("omar", &took, false),
        ("fin", &roles, true),
        ("rita", &roles, false),
    ];
    let none = BTreeSet::new();
    for (who, except, expected) in cases {
        let person = reading.person(&PersonId::new(who)).unwrap();
        let excepted = is_excepted(&workflow, &case, except, &none, &person, &reading);
        assert_eq!(excepted, expected, "{who} {except:?}");
    }
    let amy = reading.person(&PersonId::new("amy")).unwrap();
    let named = BTreeSet::from([amy.id.clone()]);
    assert!(is_excepted(
        &workflow,
        &case,
        &Except::default(),
        &named,
        &amy,
        &reading
    ));
}

#[test]
fn rule_28_seats_are_the_people_of_by_within_the_wall() {
    let (workflow, inputs, me) = (sample::workflow(), sample::inputs(), actor("rita"));
    let reading = Reading::new(&inputs, &me);
    let mut case = with_votes(case("review", &["draft"]), &[]);
    let review = workflow.states.get(sample::REVIEW).review.as_ref().unwrap();
    let ids = |seats: BTreeSet<PersonId>| seats.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        ids(seats(&workflow, &case, review, None, &reading)),
        ["omar", "rita"]
    );
    case.ballots[0].assigned = Some(vec![PersonId::new("amy")]);
    assert_eq!(
        ids(seats(
            &workflow,
            &case,
            review,
            case.ballots.last(),
            &reading
        )),
        ["amy"]
    );
    assert!(reading.is_complete());
    let nothing = Inputs::default();
    let reading = Reading::new(&nothing, &me);
    assert!(seats(&workflow, &case, review, None, &reading).is_empty());
    assert!(
        reading.missing().groups.contains("deal_reviewers"),
        "what is not loaded is asked for"
    );
}
