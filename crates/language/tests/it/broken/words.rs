//! Keywords and shapes.

use super::assert_broken;

#[test]
fn words_and_shapes() {
    for (code, whole, broken) in [
        ("E101", "require: [opinion]", "▶requires: [opinion]"),
        ("E101", "version: 1", "version: 1\n▶colour: red"),
        (
            "E101",
            "{ en: Approve, zh: 通过 }, votes: 2",
            "{ en: Approve, zh: 通过 }, ▶who: manager, votes: 2",
        ),
        ("E101", "zh: 备注 }", "zh: 备注, ▶fr: Note }"),
        ("E103", "require: [opinion]", "require: [▶{ opinion: 1 }]"),
        ("E103", "due: 3 business days", "due: ▶[3 business days]"),
        (
            "E103",
            "  done: { title: { en: Done, zh: 完成 }, end: success, enter: [ { notify: mail } ] }",
            "  done: { title: { en: Done, zh: 完成 }, end: success, enter: [ ▶mail ] }",
        ),
        (
            "E104",
            "daily: { count: 100, per: actor,",
            "▶daily: { count: 100,",
        ),
        (
            "E104",
            "plan: { title: { en: Plan, zh: 方案 }, accept: [pdf],",
            "▶plan: { title: { en: Plan, zh: 方案 },",
        ),
    ] {
        assert_broken(code, whole, broken);
    }
}

#[test]
fn values_and_what_excludes_each_other() {
    for (code, whole, broken) in [
        (
            "E105",
            "lapse: { after: 90 days,",
            "lapse: { after: 90 days, ▶every: 1 day,",
        ),
        ("E105", "to: review }", "to: review, ▶resume: review }"),
        ("E105", "end: neutral }", "end: neutral, ▶due: 1 day }"),
        ("E105", "votes: 2, to: done", "votes: recorded, ▶to: done"),
        ("E106", "      submit:", "      ▶Submit-It:"),
        ("E107", "max: 20 MB", "max: ▶20 apples"),
        (
            "E107",
            "customer: { title: { en: Customer, zh: 客户 }, type: string, maxLength: 80",
            "▶customer: { title: { en: Customer, zh: 客户 }, type: string, maxLength: many",
        ),
        (
            "E107",
            "account: { title: { en: Account, zh: 账号 }, type: string,",
            "▶account: { title: { en: Account, zh: 账号 }, type: string, pattern: \"(\",",
        ),
        ("E107", "count: 1..3", "count: ▶3..1"),
        (
            "E107",
            "number: \"S-{year}-{seq:5}\"",
            "number: ▶\"S-{year}\"",
        ),
        (
            "E105",
            "who: manager, require: [comment] }",
            "who: manager, ▶keep: true, require: [comment] }",
        ),
        ("E107", "times: 5", "times: ▶0"),
        ("E108", "      grade:", "      ▶package:"),
    ] {
        assert_broken(code, whole, broken);
    }
}

#[test]
fn whom_a_ballot_asks_is_one_of_two_words() {
    assert_broken(
        "E107",
        "by: manager",
        "by: manager\n          members: ▶frozen",
    );
}
