//! A runner that cannot fail is no runner: each expectation passes where it is right, and fails where it is
//! wrong, at its place and with what was found.

use super::{SUBMITTED, deal, mark, run_one};

/// The steps after a submitted deal, with `§` for the value: the right one, a wrong one, and what is found then.
struct Row {
    steps: &'static str,
    right: &'static str,
    wrong: &'static str,
    found: &'static str,
}

const fn row(
    steps: &'static str,
    right: &'static str,
    wrong: &'static str,
    found: &'static str,
) -> Row {
    Row {
        steps,
        right,
        wrong,
        found,
    }
}

const RETURNED: &str = "    - rita: request_changes
      comment: { deal.amount: 请补税 }
";

const ROWS: [Row; 25] = [
    row(
        "- wait: 1 hour\n      then: { state: ▶§ }",
        "review",
        "draft",
        "review",
    ),
    row("- wait: 1 hour\n      then: { round: ▶§ }", "1", "2", "1"),
    row(
        "- wait: 3 business days\n      then: { mail: ▶§ }",
        "[rita, omar]",
        "[rita]",
        "omar, rita",
    ),
    row(
        "- wait: 1 hour\n      then: { mail: ▶§ }",
        "[]",
        "[pat]",
        "nothing",
    ),
    row(
        "- wait: 5 business days\n      then: { sent: { review_wanted: ▶§ } }",
        "3",
        "6",
        "review_wanted: 3",
    ),
    row("- wait: 1 hour\n      then: { called: ▶§ }", "[]", "[]", ""),
    row(
        "- wait: 1 hour\n      then: { due: ▶§ }",
        "2026-11-26 09:00",
        "2026-11-26 09:01",
        "2026-11-26 09:00:00",
    ),
    row(
        "- wait: 1 hour\n      then: { due: ▶§ }",
        "2026-11-26 09:00",
        "null",
        "2026-11-26 09:00:00",
    ),
    row(
        "- wait: 3 business days\n      then: { overdue: ▶§ }",
        "true",
        "false",
        "true (due 2026-11-26 09:00:00)",
    ),
    row(
        "- wait: 2 business days 23 hours 59 minutes 59 seconds\n      then: { overdue: ▶§ }",
        "false",
        "true",
        "false (due 2026-11-26 09:00:00)",
    ),
    row(
        "- wait: 1 hour\n      then: { votes: { approve: ▶§ } }",
        "0 of 2",
        "0 of 1",
        "0 of 2",
    ),
    row(
        "- wait: 1 hour\n      then: { votes: { approve: ▶§ } }",
        "0",
        "1",
        "0 of 2",
    ),
    row(
        "- pat: withdraw\n      comment: 放弃\n      then: { end: ▶§ }",
        "neutral",
        "success",
        "neutral",
    ),
    row(
        "- wait: 1 hour\n      then: { end: ▶§ }",
        "null",
        "failure",
        "none: it runs",
    ),
    row(
        "- wait: 1 hour\n      then: { to_fix: ▶§ }",
        "[]",
        "[deal.amount]",
        "nothing",
    ),
    row(
        "- wait: 1 hour\n      then: { may: [ ▶§ ] }",
        "rita approve",
        "amy approve",
        "may not: who",
    ),
    row(
        "- wait: 1 hour\n      then: { may: [ ▶§ ] }",
        "pat",
        "amy",
        "may not: who",
    ),
    row(
        "- wait: 1 hour\n      then: { may_not: { pat approve: ▶§ } }",
        "who",
        "except",
        "who",
    ),
    row(
        "- wait: 1 hour\n      then: { may_not: { kim: ▶§ } }",
        "who",
        "when",
        "who",
    ),
    row(
        "- wait: 1 hour\n      then: { pat sees: [ ▶§ ] }",
        "deal",
        "evaluation",
        "does not see evaluation",
    ),
    row(
        "- wait: 1 hour\n      then: { kim does not see: [ ▶§ ] }",
        "case",
        "case",
        "",
    ),
    row(
        "- wait: 1 hour\n      then: { pat does not see: [ ▶§ ] }",
        "evaluation.grade",
        "deal.amount",
        "sees deal.amount",
    ),
    row(
        "- rita: reject\n      refused: ▶§",
        "comment",
        "who",
        "refused: comment (Say why in a comment.)",
    ),
    row(
        "- amy: reject\n      refused: ▶§",
        "who",
        "not_here",
        "refused: who (There is no such case, or you may not see it.)",
    ),
    row(
        "- pat: submit\n      refused: ▶§",
        "not_here",
        "[when, who]",
        "refused: not_here",
    ),
];

#[test]
fn each_expectation_is_met_or_fails_at_its_place() {
    for Row {
        steps,
        right,
        wrong,
        found,
    } in ROWS
    {
        let told = |value: &str| deal(&format!("{SUBMITTED}    {}\n", steps.replace('§', value)));
        let good = run_one(&told(right));
        assert!(good.passed(), "{steps} {right}: {:#?}", good.failures);
        if right == wrong {
            continue;
        }
        let bad = run_one(&told(wrong));
        assert_eq!(bad.failures.len(), 1, "{steps} {wrong}: {bad:#?}");
        let failure = &bad.failures[0];
        assert_eq!(
            (failure.line, failure.column),
            mark(&told(wrong)),
            "{steps}"
        );
        let begins = failure.found.starts_with(found);
        assert!(
            begins && !failure.expected.is_empty(),
            "{steps}: {failure:?}"
        );
    }
}

#[test]
fn places_to_fix_are_those_without_an_answer() {
    let test = |step: &str| deal(&format!("{SUBMITTED}{RETURNED}{step}"));
    for (step, passes) in [
        (
            "    - wait: 1 hour\n      then: { to_fix: deal.amount }\n",
            true,
        ),
        ("    - wait: 1 hour\n      then: { to_fix: [] }\n", false),
        (
            "    - pat edits: { deal: { amount: 1 } }\n      then: { to_fix: [] }\n",
            true,
        ),
        (
            "    - pat edits:\n      reply: { deal.amount: 已补 }\n      then: { to_fix: [] }\n",
            true,
        ),
        ("    - pat: resubmit\n      refused: replies\n", true),
        (
            "    - pat: resubmit\n      reply: { deal.amount: 已补 }\n      then: { state: review, round: 2 }\n",
            true,
        ),
    ] {
        assert_eq!(run_one(&test(step)).passed(), passes, "{step}");
    }
}

#[test]
fn a_step_that_comes_out_otherwise_fails_at_the_step() {
    for (steps, expected, found) in [
        (
            "▶- pat: submit\n",
            "it can be done",
            "no case was opened yet in this scenario",
        ),
        (
            "- pat opens: { deal: { customer: 北 } }\n    ▶- pat: submit\n",
            "it is carried out",
            "refused: deal (",
        ),
        (
            "- pat opens: {}\n    ▶- pat edits: { evaluation: { grade: A } }\n",
            "it is carried out",
            "refused: who (You may not change evaluation.grade here.)",
        ),
        (
            "- pat opens: {}\n    - pat: discard\n      refused: ▶who\n",
            "refused: who",
            "it was carried out",
        ),
        (
            "- pat opens: {}\n    ▶- wait until: 2026-11-23 08:59\n",
            "it can be done",
            "it is later already, and time does not run backwards",
        ),
        (
            "- pat opens: {}\n      keep link as: first\n",
            "a mail with a link",
            "no mail had one",
        ),
        (
            "- pat opens: {}\n    ▶- pat edits: {}\n      reply: { deal.amount: 好 }\n",
            "it can be done",
            "there is no open comment on deal.amount to reply to",
        ),
    ] {
        let test = deal(&format!("    {steps}"));
        let result = run_one(&test);
        assert_eq!(result.failures.len(), 1, "{steps}: {result:#?}");
        let failure = &result.failures[0];
        if steps.contains('▶') {
            let (line, column) = mark(&test);
            // A step is meant by its first word, behind the dash.
            let dash = 2 * usize::from(steps.contains("▶-"));
            assert_eq!(
                (failure.line, failure.column),
                (line, column + dash),
                "{steps}"
            );
        }
        assert_eq!(failure.expected, expected, "{steps}");
        assert!(failure.found.starts_with(found), "{steps}: {failure:?}");
    }
}

#[test]
fn all_failures_of_a_step_are_told_and_a_wrong_state_ends_the_story() {
    let wrong = deal(&format!(
        "{SUBMITTED}    - wait: 1 hour
      then: {{ round: 9, end: success }}
    - wait: 1 hour
      then: {{ state: draft, round: 8 }}
    - wait: 1 hour
      then: {{ round: 7 }}
"
    ));
    let result = run_one(&wrong);
    let failed: Vec<(&str, &str)> = result
        .failures
        .iter()
        .map(|failure| (failure.what.as_str(), failure.expected.as_str()))
        .collect();
    let expected = [
        ("then: round", "9"),
        ("then: end", "success"),
        ("then: state", "draft"),
        ("then: round", "8"),
    ];
    assert_eq!(failed, expected);
    assert_eq!(result.story.len(), 4, "{:#?}", result.story);
}
