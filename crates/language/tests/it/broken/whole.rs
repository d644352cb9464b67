//! Faults of the whole.

use countersign_language::check_files;

use super::{WORKFLOW, assert_broken, assert_broken_by, files, shown};

#[test]
fn the_whole() {
    for (code, whole, broken) in [
        (
            "E207",
            "  withdrawn: { title: { en: Withdrawn, zh: 已撤回 }, end: neutral }",
            "  ▶withdrawn: { title: { en: Withdrawn, zh: 已撤回 } }",
        ),
        (
            "E207",
            "reject: { title: { en: Reject, zh: 驳回 }, votes: 2, to: rejected }",
            "▶reject: { title: { en: Reject, zh: 驳回 }, votes: 2 }",
        ),
        (
            "E209",
            "messages:\n  again",
            "  ▶lost: { title: { en: Lost, zh: 丢失 }, end: neutral }\nmessages:\n  again",
        ),
        (
            "E212",
            "zh: 主管 }, group: managers",
            "zh: 主管 }, groups: ▶\"[]\"",
        ),
        ("E213", "by: manager", "by: ▶applicant"),
        (
            "E214",
            "case.round < 9, to: withdrawn",
            "case.round < 9, to: { withdrawn: ▶case.round > 3 }",
        ),
        (
            "E216",
            "lapse: { after: 90 days, to",
            "lapse: { as_soon_as: ▶now > case.opened_at, to",
        ),
        (
            "E205",
            "lapse: { after: 90 days, to",
            "lapse: { cron: ▶\"0 0 9 * * 1-5\", to",
        ),
        (
            "E218",
            "rules:\n",
            "rules:\n  ▶today: { check: \"true\", else: { en: No., zh: 否。 } }\n",
        ),
        ("W401", "{ en: Draft, zh: 草稿 }", "▶{ en: Draft }"),
        (
            "W405",
            "roles:\n  reviewer",
            "roles:\n  ▶applicant: { title: { en: Own, zh: 自己 }, is: starter }\n  reviewer",
        ),
    ] {
        assert_broken(code, whole, broken);
    }
}

#[test]
fn faults_that_two_places_make() {
    assert_broken_by(
        "E208",
        &[
            ("    start: first\n", ""),
            ("  review:\n    title", "  ▶review:\n    title"),
        ],
    );
    let second = (
        "review:\n          by: manager",
        "▶review:\n          by: manager",
    );
    assert_broken_by(
        "E211",
        &[("          otherwise: { to: rejected }\n", ""), second],
    );
    let assign = ("by: manager", "by: manager\n          assign: ▶2");
    assert_broken_by(
        "E211",
        &[("          otherwise: { to: rejected }\n", ""), assign],
    );
    let only_customer = (
        "edit: { applicant: [deal, plan] }",
        "edit: { applicant: [deal.customer, plan] }",
    );
    assert_broken_by(
        "E217",
        &[
            only_customer,
            ("require: [deal, rules", "require: [▶deal, rules"),
        ],
    );
    let no_plan = (
        "edit: { applicant: [deal, plan] }",
        "edit: { applicant: [deal] }",
    );
    assert_broken_by(
        "E217",
        &[no_plan, ("rules, materials", "rules, ▶materials")],
    );
}

#[test]
fn votes_and_secrets_in_the_wrong_place() {
    let reads_votes = ("deal.services.exists(s, s.key)", "cast.size() > 0");
    assert_broken_by(
        "E226",
        &[
            reads_votes,
            ("deal, rules, materials", "deal, ▶rules, materials"),
        ],
    );
    assert_broken_by("E226", &[("notify: outcome", "notify: ▶review_wanted")]);
    let to_reviewer = ("mail: { to: applicant", "mail: { to: reviewer");
    assert_broken_by(
        "E219",
        &[
            to_reviewer,
            ("\"You: {{deal.account}}\"", "You"),
            ("账号：{{deal", "账号：{{▶deal"),
        ],
    );
    let button = (
        "subject: { en: Second, zh: 复审 }, body: { en: Second",
        "subject: { en: Second, zh: 复审 }, body: { en: \"{{button.discard}}\"",
    );
    assert_broken_by("E309", &[button, ("notify: again", "notify: ▶again")]);
    let misspelt = (
        "body: { en: Second, zh: 复审 }",
        "body: { en: \"{{button.aprove}}\", zh: \"{{button.aprove}}\" }",
    );
    let message = ("  again: { to", "  ▶again: { to");
    assert_broken_by("E309", &[misspelt, message]);
    let told = (
        "    enter: [ { notify: review_wanted } ]\n    start",
        "    start",
    );
    let both = [told, ("      first:", "      ▶first:")];
    assert_broken_by("W403", &both);
    let timer = ("lapse: { after: 90 days,", "▶lapse: { at: deal.until,");
    assert_broken_by(
        "W404",
        &[
            timer,
            (
                "require: [comment], to: rejected",
                "require: [comment], to: draft",
            ),
        ],
    );
}

#[test]
fn a_ring_of_what_is_true_for_ever() {
    let there = (
        "lapse: { after: 90 days, to: withdrawn }",
        "lapse: { as_soon_as: case.round > 1, to: aside }",
    );
    let back = (
        "  rejected:",
        "  aside: { title: { en: Aside, zh: 旁 }, timers: { back: { as_soon_as: ▶case.round > 1, to: draft } } }\n  rejected:",
    );
    assert_broken_ring(&[there, back]);
}

/// Every way of the ring is told; the mark is at the last.
#[track_caller]
fn assert_broken_ring(edits: &[(&str, &str)]) {
    let marked = edits.iter().fold(WORKFLOW.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once");
        text.replacen(from, to, 1)
    });
    let checked = check_files(&files(&marked.replace('▶', "")));
    let found: Vec<_> = checked.findings.iter().map(|found| found.code).collect();
    assert_eq!(
        found.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
        ["E216", "E216"],
        "{:#?}",
        shown(&checked.findings)
    );
    let place = checked.findings[1].place();
    assert_eq!((place.line, place.column), super::place_of_mark(&marked));
}

#[test]
fn a_review_within_a_review() {
    let outer = "    review: { by: manager, decisions: { stop: { title: { en: Stop, zh: 停 }, to: rejected } } }\n    start: first\n";
    let broken = WORKFLOW.replacen("    start: first\n", outer, 1);
    let checked = check_files(&files(&broken));
    let codes: Vec<&str> = checked
        .findings
        .iter()
        .map(|found| found.code.as_str())
        .collect();
    assert_eq!(codes, ["E225", "E225"], "{:#?}", shown(&checked.findings));
}

#[test]
fn what_is_hidden_from_a_partners_role_is_hidden_from_nobody() {
    let role = (
        "roles:\n  reviewer",
        "roles:\n  customer: { title: { en: Customer, zh: 客户 }, is: partner }\n  reviewer",
    );
    let hide = |what: &str| format!("    title: {{ en: Draft, zh: 草稿 }}\n    {what}\n");
    let plain = "    title: { en: Draft, zh: 草稿 }\n";
    assert_broken_by(
        "W409",
        &[role, (plain, &hide("hide: { ▶customer: [case] }"))],
    );
    assert_broken_by(
        "W409",
        &[role, (plain, &hide("hide: { ▶customer: [opinion] }"))],
    );
    for sound in ["hide: [case]", "hide: { reviewer: [case] }"] {
        super::assert_sound(plain, &hide(sound));
    }
}
