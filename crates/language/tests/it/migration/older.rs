//! What the checker says about a newer version beside an older one.

use countersign_language::{check_files, diagnostic::Finding, source::Files};

use super::{FIRST, RENAMED, SHARED, STATES, second};

/// The findings about version 2 beside version 1, as `code line:column`.
fn found(changes: &[(&str, &str)], migrate: &str) -> Vec<String> {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("purchase.yaml", second(changes, migrate));
    files.add("versions/purchase.1.yaml", FIRST);
    let findings = check_files(&files).findings;
    let place = |found: &Finding| {
        let place = found.place();
        format!("{} {}:{}", found.code, place.line, place.column)
    };
    findings.iter().map(place).collect()
}

#[test]
fn e215_a_state_that_has_gone_needs_a_way() {
    let last = FIRST.lines().count() + 1;
    assert_eq!(found(RENAMED, ""), ["E215 3:10"]);
    assert_eq!(
        found(RENAMED, "migrate: { 1: { note: Nothing. } }"),
        [format!("E215 {last}:12")]
    );
    assert_eq!(found(RENAMED, STATES), [""; 0]);
    assert_eq!(
        found(RENAMED, "migrate: { 1: { stay: [review] } }"),
        [""; 0]
    );
    assert_eq!(
        found(
            &[
                ("  done:   { end: success }", "  over:   { end: success }"),
                ("to: done", "to: over")
            ],
            ""
        ),
        [""; 0],
        "no case rests in an end"
    );
}

#[test]
fn names_of_the_older_version_are_looked_up_in_it() {
    let last = FIRST.lines().count() + 1;
    for (migrate, code, column) in [
        ("migrate: { 1: { states: { reviw: draft } } }", "E201", 27),
        ("migrate: { 1: { states: { review: drft } } }", "E201", 35),
        ("migrate: { 1: { stay: [reviw] } }", "E201", 24),
        (
            "migrate: { 1: { data: { request.item: request.what } } }",
            "E222",
            25,
        ),
        (
            "migrate: { 1: { data: { request.what: request.item } } }",
            "E222",
            39,
        ),
        ("migrate: { 1: { timers: { lapsed: drop } } }", "E222", 27),
        ("migrate: { 1: { timers: { gone: keep } } }", "E222", 27),
        ("migrate: { 1: { timers: { lapse: stop } } }", "E107", 34),
        (
            "migrate: { 1: { set: { request.cost: '1 + 1' } } }",
            "E308",
            39,
        ),
        ("migrate: { 2: { stay: [review] } }", "E107", 12),
        ("migrate: { 1: { stays: [review] } }", "E101", 17),
    ] {
        assert_eq!(
            found(&[], migrate),
            [format!("{code} {last}:{column}")],
            "{migrate}"
        );
    }
}

#[test]
fn a_broken_older_version_is_told_at_its_own_place() {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("purchase.yaml", second(&[], ""));
    files.add(
        "versions/purchase.1.yaml",
        FIRST.replace("by: manager", "by: boss"),
    );
    files.add("versions/other.yaml", "workflow: other\nversion: 1\n");
    let checked = check_files(&files);
    assert_eq!(checked.findings.len(), 1, "{:#?}", checked.findings);
    assert_eq!(&**checked.findings[0].file(), "versions/purchase.1.yaml");
    assert_eq!(checked.workflows.len(), 1, "only the newest counts");
}
