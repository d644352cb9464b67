//! Names that nothing has, and lengths that are none.

use super::assert_broken;

#[test]
fn states_and_roles_that_nothing_has() {
    for (code, whole, broken) in [
        ("E201", "to: review }", "to: ▶reviw }"),
        (
            "E201",
            "start: first\n    states:",
            "start: first\n    actions: { stop: { title: { en: Stop, zh: 停 }, who: manager, to: ▶second } }\n    states:",
        ),
        ("E201", "voted_in: [first]", "voted_in: [▶frist]"),
        ("E201", "while: [review]", "while: [▶first]"),
        ("E201", "state: done, optional", "state: ▶begin, optional"),
        ("E202", "by: manager", "by: ▶boss"),
        ("E202", "who: manager, require", "who: ▶boss, require"),
        (
            "E202",
            "edit: { applicant:",
            "edit: { ▶boss: [deal], applicant:",
        ),
        (
            "E202",
            "private: [applicant, manager]",
            "private: [▶boss, applicant, manager]",
        ),
        ("E202", "{ to: applicant, subject", "{ to: ▶boss, subject"),
        (
            "E203",
            "check: { title: { en: Check, zh: 核对 }, who: manager,",
            "▶check: { title: { en: Check, zh: 核对 },",
        ),
    ] {
        assert_broken(code, whole, broken);
    }
}

#[test]
fn things_that_nothing_has() {
    for (code, whole, broken) in [
        (
            "E204",
            "require: [deal, rules,",
            "require: [deal, ▶rulez, rules,",
        ),
        ("E205", "after: 90 days", "after: ▶90 dayz"),
        ("E205", "within: 1 day", "within: ▶calendar fortnight"),
        ("E205", "due: 3 business days", "due: ▶0 days"),
        (
            "E206",
            "enter: [ { notify: outcome } ]",
            "enter: [ { notify: ▶outcom } ]",
        ),
        (
            "E210",
            "items: { pick: services }",
            "items: { pick: ▶service }",
        ),
        (
            "E220",
            "template: templates/plan.docx",
            "template: ▶templates/plan.doc",
        ),
        ("E221", "workflow: other", "workflow: ▶another"),
        (
            "E222",
            "edit: { applicant: [deal, plan] }",
            "edit: { applicant: [deal, plan, ▶paln] }",
        ),
        ("E222", "at: deal.services", "at: ▶deal.service"),
        ("E223", "took: [check]", "took: [▶chek]"),
        ("E224", "version: 1", "version: 1\ncalendar: ▶us"),
    ] {
        assert_broken(code, whole, broken);
    }
}
