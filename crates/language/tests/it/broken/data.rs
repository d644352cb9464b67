//! Links, tables, children and forms of plain JSON Schema.

use super::{assert_broken, assert_broken_by, assert_sound};

const LINK: &str = "workflow: other, same: partner, state: done, optional: true }";

const FORM: &str = "  opinion:\n    title: { en: Opinion, zh: 意见 }\n    fields:\n";

const PLAN: &str = "materials:\n";

#[test]
fn links_by_what_they_hold() {
    for (code, broken) in [
        (
            "E222",
            "workflow: other, match: { ▶paymnt.sum: deal.amount } }",
        ),
        (
            "E222",
            "workflow: other, match: { ▶payment.total: deal.amount } }",
        ),
        (
            "E308",
            "workflow: other, match: { payment.sum: ▶deal.customer } }",
        ),
        (
            "E301",
            "workflow: other, match: { payment.sum: ▶parent.payment.sum } }",
        ),
        (
            "E308",
            "workflow: sample, match: { deal.services: ▶deal.services } }",
        ),
        (
            "E107",
            "workflow: sample, match: { ▶deal.services.name: deal.customer } }",
        ),
        ("E107", "workflow: other, many: ▶0 }"),
        ("E107", "workflow: other, many: ▶257 }"),
        ("E105", "workflow: other, many: 5, ▶optional: true }"),
        ("E201", "workflow: other, state: [begun, ▶dne] }"),
    ] {
        assert_broken(code, LINK, broken);
    }
}

/// A table of these rows over an amount, a grade and a day.
fn table(rows: &str) -> String {
    let inputs = "inputs: { amount: deal.amount, grade: opinion.grade, day: deal.until }";
    format!("tables:\n  matrix:\n    {inputs}\n    {rows}\nrules:\n  key_service:")
}

#[test]
fn rows_that_overlap_or_leave_a_gap() {
    const WHOLE: &str = "rules:\n  key_service:";
    for (code, rows) in [
        (
            "E310",
            "rows: { low: { when: { amount: amount <= 5 }, then: 1 }, ▶high: { when: { amount: amount >= 5 }, then: 2 } }",
        ),
        (
            "E310",
            "rows: { one: { when: { grade: \"'A'\" }, then: 1 }, two: { when: { grade: \"'B'\" }, then: 1 }, ▶all: { then: 2 } }",
        ),
        (
            "E310",
            "hit: first\n    rows: { any: { when: { amount: amount >= 0 }, then: 1 }, ▶big: { when: { amount: amount > 9 }, then: 2 } }",
        ),
        (
            "E222",
            "rows: { all: { when: { ▶amunt: amount > 1 }, then: 1 } }",
        ),
        (
            "E301",
            "rows: { all: { when: { amount: ▶deal.amount > 1 }, then: 1 } }",
        ),
        (
            "E308",
            "rows: { all: { when: { amount: ▶amount + 1 }, then: 1 } }",
        ),
        ("E104", "rows: { ▶all: { when: { amount: amount > 1 } } }"),
        ("E107", "hit: ▶any\n    rows: { all: { then: 1 } }"),
        (
            "E308",
            "hit: first\n    rows: { some: { when: { amount: amount > 5 }, then: 1 }, all: { then: ▶\"'x'\" } }",
        ),
    ] {
        assert_broken(code, WHOLE, &table(rows));
    }
    for (rows, record) in [
        (
            "rows: { low: { when: { amount: amount < 5 }, then: 1 }, high: { when: { amount: amount > 5 }, then: 2 } }",
            "amount = \"5.00\"",
        ),
        (
            "rows: { low: { when: { amount: amount < 5 }, then: 1 }, high: { when: { amount: amount >= 5, grade: \"'A'\" }, then: 2 } }",
            "amount = \"5.00\", grade = \"B\"",
        ),
        (
            "rows: { early: { when: { day: day <= '2026-12-20' }, then: 1 }, late: { when: { day: day > '2026-12-21' }, then: 2 } }",
            "day = \"2026-12-21\"",
        ),
        (
            "hit: first\n    rows: { odd: { when: { amount: \"share(amount, 1, 3) > 5\" }, then: 1 }, low: { when: { amount: amount < 3 }, then: 2 } }",
            "amount = \"3.00\"",
        ),
    ] {
        let broken = table(rows).replace("  matrix:", "  ▶matrix:");
        let message = assert_broken("E311", WHOLE, &broken);
        assert!(message.contains(record), "{message}");
    }
}

#[test]
fn whole_tables_have_no_findings() {
    for rows in [
        "rows: { low: { when: { amount: amount <= 5 }, then: 1 }, high: { when: { amount: amount > 5 }, then: 2 } }",
        // The form asks for at least 1.
        "rows: { low: { when: { amount: amount >= 1 && amount <= 5 }, then: 1 }, high: { when: { amount: amount > 5 }, then: 2.5 } }",
        "hit: first\n    rows: { odd: { when: { amount: \"share(amount, 1, 3) > 5\" }, then: 1 }, all: { then: 2 } }",
        "hit: collect\n    rows: { one: { when: { amount: amount > 5 }, then: 1 }, two: { when: { amount: amount > 2 }, then: 2 } }",
        "rows: { a: { when: { grade: \"'A'\" }, then: 1 }, b: { when: { grade: grade != 'A' }, then: 2 } }",
        "rows: { a: { when: { day: \"day < '2026-12-20'\" }, then: 1 }, b: { when: { day: \"day >= '2026-12-20'\" }, then: 2 } }",
    ] {
        assert_sound("rules:\n  key_service:", &table(rows));
    }
}

#[test]
fn children_and_what_they_begin_with() {
    const WHOLE: &str = "rules:\n  key_service:";
    for (code, children) in [
        ("E104", "▶parts: { each: deal.services, key: item.id }"),
        ("E221", "parts: { workflow: ▶othr, keep: true }"),
        ("E230", "parts: { workflow: ▶other }"),
        (
            "E104",
            "parts: { workflow: other, keep: true, ▶each: deal.services }",
        ),
        (
            "E104",
            "parts: { workflow: other, keep: true, ▶key: deal.customer }",
        ),
        (
            "E308",
            "parts: { workflow: other, keep: true, each: ▶deal.customer, key: \"'x'\" }",
        ),
        (
            "E302",
            "parts: { workflow: other, keep: true, each: deal.services, key: item.▶nme }",
        ),
        (
            "E222",
            "parts: { workflow: other, keep: true, with: { ▶payment.total: deal.amount } }",
        ),
        (
            "E308",
            "parts: { workflow: other, keep: true, with: { payment.sum: ▶deal.customer } }",
        ),
        ("E218", "▶deal: { workflow: other, keep: true }"),
    ] {
        let broken = format!("children:\n  {children}\n{WHOLE}");
        assert_broken(code, WHOLE, &broken);
    }
    assert_broken(
        "E222",
        "enter: [ { notify: outcome } ]",
        "enter: [ { open: ▶parts } ]",
    );
    assert_sound(
        WHOLE,
        &format!(
            "children:\n  parts: {{ workflow: other, keep: true, each: deal.services, key: item.id, with: {{ payment.sum: deal.amount }} }}\n{WHOLE}"
        ),
    );
}

#[test]
fn json_schema_that_asks_for_nothing_or_cannot_be_read() {
    const FIELD: &str = "note?: { title: { en: Note, zh: 备注 }, type: text }";
    for (code, field) in [
        ("E101", "note?: { type: text, not: { ▶minLenght: 3 } }"),
        (
            "E101",
            "note?: { type: text, anyOf: [ { maxLength: 3 }, { ▶required_: [x] } ] }",
        ),
        ("E220", "note?: { $ref: ▶note.schema.json }"),
        (
            "E107",
            "▶note?: { type: text, allOf: [ { minLength: many } ] }",
        ),
        ("E107", "▶note?: { type: text, not: { pattern: \"(\" } }"),
    ] {
        assert_broken(code, FIELD, field);
    }
    assert_broken(
        "E101",
        FORM,
        &FORM.replace(
            "fields:",
            "then: { properties: { grade: { ▶cost: 1 } } }\n    fields:",
        ),
    );
    assert_broken(
        "E105",
        FORM,
        &FORM.replace("fields:", "▶$ref: opinion.schema.json\n    fields:"),
    );
    for (code, form) in [
        ("E107", "extra: { $ref: ▶extra.json }"),
        ("E220", "extra: { $ref: ▶extra.schema.json }"),
        ("E107", "extra: { $ref: ▶bad.schema.json }"),
        (
            "E105",
            "extra: { $ref: good.schema.json, ▶not: { required: [x] } }",
        ),
    ] {
        assert_broken(code, PLAN, &format!("  {form}\n{PLAN}"));
    }
    assert_sound(
        PLAN,
        &format!("  extra: {{ $ref: good.schema.json }}\n{PLAN}"),
    );
}

#[test]
fn what_a_limit_counts() {
    const QUOTA: &str = "quota: { count: 5, per: starter,";
    for (code, limit) in [
        (
            "E105",
            "quota: { count: 5, counting: deal.customer, ▶adds: 2, per: starter,",
        ),
        ("E308", "quota: { count: 5, counting: ▶deal, per: starter,"),
        ("E307", "quota: { count: ▶deal.amount, per: starter,"),
    ] {
        assert_broken(code, QUOTA, limit);
    }
    assert_sound(
        QUOTA,
        "quota: { count: 5.5, adds: deal.amount, per: starter,",
    );
}

#[test]
fn a_table_that_reads_the_clock_wakes_nobody() {
    const RULES: &str = "rules:\n  key_service:";
    const LAPSE: &str = "lapse: { after: 90 days, to: withdrawn }";
    let table =
        "late: { inputs: { day: deal.until }, hit: first, rows: { all: { then: day < today } } }";
    assert_broken_by(
        "E216",
        &[
            (RULES, &format!("tables:\n  {table}\n{RULES}")),
            (
                LAPSE,
                &format!("{LAPSE}\n      soon: {{ as_soon_as: ▶late, to: withdrawn }}"),
            ),
        ],
    );
}
