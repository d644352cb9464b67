//! What an expression says about itself: what it reads, and that it asks for nothing else.

use super::{World, compiled};

#[test]
fn only_what_is_read_is_asked_for_and_only_once() {
    let cases = [
        (
            "deal.seats > 3 && deal.seats < 20 && deal.urgent",
            vec!["deal.seats", "deal.urgent"],
        ),
        ("deal.urgent || members.size() > 1", vec!["deal.urgent"]),
        (
            "score.all(s, s.points > case.round)",
            vec!["score", "case.round"],
        ),
        ("1 + 1 == 2", vec![]),
    ];
    for (source, asked) in cases {
        let world = World::new();
        compiled(source).evaluate(&world).unwrap();
        assert_eq!(*world.asked.borrow(), asked, "{source}");
    }
}

#[test]
fn paths_are_reported_for_privacy_and_dependencies() {
    let cases: [(&str, &[&str], &[&str]); 8] = [
        ("deal.amount > 5", &["deal"], &["deal.amount"]),
        (
            "has(deal.note) && deal.note == 'x'",
            &["deal"],
            &["deal.note"],
        ),
        (
            "sow.services.exists(s, s.key && s.price > 1)",
            &["sow"],
            &["sow.services", "sow.services.key", "sow.services.price"],
        ),
        (
            "distinct(sow.services.filter(s, s.advanced)).map(t, t.name)",
            &["sow"],
            &["sow.services", "sow.services.advanced", "sow.services.name"],
        ),
        (
            "facts.person[actor.id].certificates.size() > 1",
            &["facts", "actor"],
            &["actor.id", "facts.person.*.certificates"],
        ),
        (
            "case.visits.review > case.round",
            &["case"],
            &["case.visits.review", "case.round"],
        ),
        ("case.took('submit')", &["case"], &["case.took"]),
        (
            "payment['quarter'].id",
            &["payment"],
            &["payment.quarter.id"],
        ),
    ];
    for (source, roots, reads) in cases {
        let expression = compiled(source);
        assert_eq!(expression.roots(), roots, "{source}");
        assert_eq!(expression.reads(), reads, "{source}");
    }
}

#[test]
fn reading_the_clock_is_noticed() {
    for (source, reads_clock) in [
        ("now > timestamp('2026-01-01T00:00:00Z')", true),
        ("deal.close_date < today", true),
        ("deal.close_date < '2026-12-31'", false),
        ("deal.tags.exists(now, now == 'a')", false),
    ] {
        assert_eq!(compiled(source).reads_clock(), reads_clock, "{source}");
    }
}

#[test]
fn an_expression_is_cheap_to_share() {
    fn shared<T: Clone + Send + Sync + std::fmt::Debug>(value: &T) -> T {
        value.clone()
    }
    let expression = compiled("deal.seats > 3");
    assert_eq!(shared(&expression), expression);
    assert_eq!(format!("{expression:?}"), r#"Expression("deal.seats > 3")"#);
}
