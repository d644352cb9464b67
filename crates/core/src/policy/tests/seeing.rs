//! What somebody sees, and whose turn it is: rules 18 and 20.

use super::*;

/// Which of these places somebody sees.
fn seen(case: &Case, who: &Actor) -> Vec<&'static str> {
    const PLACES: [&str; 6] = [
        "deal.customer",
        "deal.account",
        "workload.days",
        "evaluation.grade",
        "score.points",
        "report",
    ];
    let workflow = sample::workflow();
    let visible = ask(case, who, |policy| policy.visible());
    PLACES
        .into_iter()
        .filter(|place| visible.place(&workflow, place))
        .collect()
}

/// What everybody but the starter and finance sees: all but private fields.
const OTHERS: [&str; 5] = [
    "deal.customer",
    "workload.days",
    "evaluation.grade",
    "score.points",
    "report",
];

/// These see exactly this in a case, and why.
fn see(case: &Case, expected: &[(&str, &[&str], &str)]) {
    for (who, places, why) in expected {
        assert_eq!(
            seen(case, &actor(who)),
            *places,
            "{who} in {}: {why}",
            case.state
        );
    }
}

#[test]
fn rules_18_and_20_what_each_side_sees_of_a_draft() {
    let own = ["deal.customer", "deal.account", "report"];
    see(
        &case("draft", &[]),
        &[
            ("pat", &own, "what he may edit; private to him and finance"),
            ("wei", &OTHERS, "all but private fields"),
        ],
    );
}

#[test]
fn rules_18_and_20_what_each_side_sees_once_approved() {
    let own = [
        "deal.customer",
        "deal.account",
        "evaluation.grade",
        "report",
    ];
    let finance = [
        "deal.customer",
        "deal.account",
        "workload.days",
        "evaluation.grade",
        "score.points",
        "report",
    ];
    see(
        &case_ready(),
        &[
            ("pat", &own, "shown from approved on"),
            ("rita", &OTHERS, "all but private fields"),
            ("otto", &OTHERS, "operators see no private fields"),
            ("fin", &finance, "private to finance too"),
        ],
    );
}

#[test]
fn rules_18_and_20_what_each_side_sees_from_acceptance_on() {
    let acceptance = case(
        "approved.acceptance",
        &["draft", "review", "approved.ready"],
    );
    let finance = [
        "workload.days",
        "evaluation.grade",
        "score.points",
        "report",
    ];
    see(
        &acceptance,
        &[
            ("fin", &finance, "hidden from acceptance on"),
            ("amy", &OTHERS, "hidden from finance only"),
        ],
    );
}

#[test]
fn rule_20_a_link_holder_sees_what_edit_and_show_name() {
    let ready = with_link(
        case_ready(),
        "accept",
        json!({ "address": "ann@example.com" }),
    );
    let ann = holder("ann@example.com", 9);
    assert!(seen(&ready, &ann).is_empty());
    let mut later = with_link(
        case(
            "approved.acceptance",
            &["draft", "review", "approved.ready"],
        ),
        "accept",
        json!({ "address": "ann@example.com" }),
    );
    later.mail_links[0].state = crate::workflow::StatePath::new("approved.ready");
    assert_eq!(seen(&later, &ann), ["deal.customer"]);
}

#[test]
fn rule_20_another_role_of_the_starters_side_widens_nothing_but_what_is_named() {
    let review = case("review", &["draft"]);
    let both = Actor::Person(sample::person(
        "pat",
        Some("acme"),
        &["deal_reviewers", "psa"],
    ));
    assert_eq!(
        seen(&review, &both),
        ["deal.customer", "deal.account", "workload.days", "report"]
    );
}

#[test]
fn reviewers_have_no_names_on_the_partners_side() {
    let case = with_votes(case("review", &["draft"]), &["rita"]);
    let names = |who: &str, whom: &str| {
        ask(&case, &actor(who), |policy| {
            policy.may_name(&PersonId::new(whom))
        })
    };
    let cases = [
        ("pat", "rita", false),
        ("pat", "omar", false),
        ("pat", "wei", true),
        ("pat", "paul", true),
        ("pat", "nobody", false),
        ("rita", "omar", true),
        ("omar", "rita", true),
    ];
    for (who, whom, expected) in cases {
        assert_eq!(names(who, whom), expected, "{who} {whom}");
    }
    assert!(!ask(&case, &actor("pat"), |policy| policy
        .visible()
        .internal()));
    assert!(ask(&case, &actor("rita"), |policy| policy
        .visible()
        .internal()));
}

/// Whose turn it is: subject, and who of it is out.
fn rows(case: &Case) -> Vec<(String, Vec<String>)> {
    let (workflow, inputs, me) = (sample::workflow(), sample::inputs(), Actor::Machine);
    let reading = Reading::new(&inputs, &me);
    let rows = waiting(&workflow, case, &reading, &|_| true);
    let text = |subject: &Subject| match subject {
        Subject::Person(id) => id.to_string(),
        Subject::Group(id) => format!("group {id}"),
        Subject::Partner(id) => format!("partner {id}"),
    };
    rows.iter()
        .map(|row| {
            (
                text(&row.who),
                row.but.iter().map(ToString::to_string).collect(),
            )
        })
        .collect()
}

type Rows = Vec<(&'static str, Vec<String>)>;

#[test]
fn a_case_waits_for_those_whose_action_leads_on() {
    let out = |people: &[&str]| people.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let mut agreed = case("draft", &[]);
    let taken = json!([{ "action": "agree", "state": "draft", "by": { "person": "wei" }, "at": "2026-11-23T00:10:00Z", "fallen": null }]);
    agreed.taken = serde_json::from_value(taken).unwrap();
    let mut nobodys = case("draft", &[]);
    nobodys.starter = None;
    let mut acceptance = with_votes(
        case(
            "approved.acceptance",
            &["draft", "review", "approved.ready"],
        ),
        &["omar"],
    );
    let ballot = json!({ "state": "approved.acceptance", "visit": 1, "opened_at": "2026-11-23T04:00:00Z", "assigned": null, "votes": [], "decided": null });
    acceptance
        .ballots
        .push(serde_json::from_value(ballot).unwrap());
    let cases: [(&str, Case, Rows); 7] = [
        (
            "what submit requires is awaited too",
            case("draft", &[]),
            vec![("pat", vec![]), ("group psa", vec![])],
        ),
        ("it stands", agreed, vec![("pat", vec![])]),
        (
            "nobody started it",
            nobodys,
            vec![("partner acme", vec![]), ("group psa", vec![])],
        ),
        (
            "a review comes first",
            with_votes(case("review", &["draft"]), &["rita"]),
            vec![("group deal_reviewers", out(&["rita"]))],
        ),
        (
            "sending again is not awaited; links have no inbox",
            case_ready(),
            vec![("pat", vec![]), ("group finance", vec![])],
        ),
        (
            "who voted in review is out",
            acceptance,
            vec![("group acceptance_reviewers", out(&["omar"]))],
        ),
        ("it is over", case("withdrawn", &["draft"]), vec![]),
    ];
    for (why, case, expected) in cases {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(who, but)| (who.to_owned(), but))
            .collect();
        assert_eq!(rows(&case), expected, "{why}");
    }
}

#[test]
fn lists_are_selected_by_the_subjects_of_all_states_visited() {
    let (inputs, nobody) = (sample::inputs(), Actor::Machine);
    let subjects = |case: &Case| {
        let reading = Reading::new(&inputs, &nobody);
        access_subjects(&sample::workflow(), case, &reading).seen
    };
    let group = |id: &str| Subject::Group(crate::case::GroupId::new(id));
    let draft = subjects(&case("draft", &[]));
    let expected = BTreeSet::from([
        Subject::Person(PersonId::new("pat")),
        Subject::Partner(crate::case::PartnerId::new("acme")),
        group("psa"),
    ]);
    assert_eq!(draft, expected);
    let later = subjects(&with_votes(case_ready(), &["fin"]));
    assert!(later.is_superset(&expected));
    assert!(
        later.contains(&group("deal_reviewers"))
            && later.contains(&Subject::Person(PersonId::new("fin")))
    );
    assert!(!later.contains(&group("acceptance_reviewers")));
}
