//! What is wrong with an expression is said in plain words, once, and at the right place (LANGUAGE 3 and 4).

use super::{problems_of, refused};

#[test]
fn what_is_no_expression_is_located() {
    refused(&[
        ("", "E300", ""),
        ("deal.amount >", "E300", ">"),
        ("deal.amount > ", "E300", "> "),
        ("deal.urgent and true", "E300", "and"),
        ("deal.urgent or true", "E300", "or"),
        ("not deal.urgent", "E300", "not"),
        ("deal.seats = 3", "E300", "="),
        ("deal.urgent & true", "E300", "&"),
        ("deal.customer == '北风", "E300", "'北风"),
        ("(deal.seats + 1", "E300", "("),
        ("deal.seats + 1)", "E300", ")"),
        ("deal.tags.exists(t, t == 'a'", "E300", "("),
        ("deal.urgent ? 1", "E300", "?"),
        ("deal.urgent ? true ? 1 : 2 : 3", "E300", "?"),
        ("if deal.urgent", "E300", "if"),
        ("deal..x", "E300", "."),
        ("deal.", "E300", "."),
        ("deal.seats deal.seats", "E300", "deal"),
        ("金额 > 3", "E300", "金额"),
        ("deal.seats == 3 @", "E300", "@"),
        ("a.?b", "E300", "?"),
        ("f(1,)", "E300", ")"),
        ("[1,,2]", "E300", ","),
        ("{'a': 1", "E300", "{"),
        ("{'a'}", "E300", "}"),
        ("has(deal)", "E300", "d"),
        ("deal.tags.exists(1, true)", "E300", "1"),
        ("99999999999999999999", "E300", "9"),
        ("!-1", "E300", "-"),
    ]);
}

#[test]
fn the_usual_slips_are_translated() {
    for (source, help) in [
        ("deal.urgent and true", "write `&&` for and, `||` for or"),
        ("deal.seats = 3", "write `==` to compare"),
        ("not deal.urgent", "write `!x`, or `x == false`"),
        ("if deal.urgent", "write `condition ? value : other value`"),
        ("dael.seats", "did you mean `deal`?"),
        ("deal.seat", "did you mean `seats`?"),
        ("distint(deal.tags)", "did you mean `distinct`?"),
        (
            "deal.seats == '3'",
            "these never match: remove the quotes around the number",
        ),
        ("period(now)", "write `period(\"month\", t)`"),
        (
            "deal.amount / 2",
            "money is exact: take a part of it with `share(amount, n, of)`, or multiply by a whole number",
        ),
    ] {
        let problems = problems_of(source);
        assert_eq!(problems[0].help.as_deref(), Some(help), "{source}");
    }
}

#[test]
fn names_and_fields_are_checked() {
    refused(&[
        ("dael.amount > 3", "E301", "dael"),
        ("deal.amuont > 3", "E302", "amuont"),
        ("deal.owner.age > 3", "E302", "age"),
        ("deal.seats.x", "E302", "x"),
        ("deal['x']", "E302", "'x'"),
        ("frobnicate(deal)", "E301", "frobnicate"),
        ("deal.customer.shout()", "E301", "shout"),
        ("duration('1h')", "E301", "duration"),
    ]);
}

#[test]
fn comparisons_that_never_match_are_found() {
    refused(&[
        ("deal.seats > 'x'", "E307", ">"),
        ("'北风' == deal.seats", "E307", "=="),
        ("deal.urgent == 1", "E307", "=="),
        ("deal.urgent < true", "E307", "<"),
        (
            "deal.close_date > 'soon'",
            "E307",
            "deal.close_date > 'soon'",
        ),
        ("deal.note == null", "E307", "null"),
        ("deal.seats && true", "E308", "deal.seats"),
        ("!deal.customer", "E308", "deal.customer"),
        ("deal.seats ? 1 : 2", "E308", "deal.seats"),
        ("deal.urgent ? 1 : 'a'", "E307", "deal.urgent ? 1 : 'a'"),
        ("b'abc' == 'abc'", "E307", "b'abc'"),
        ("deal.customer.matches('(')", "E300", "'('"),
        (
            "deal.customer.matches(deal.customer)",
            "E308",
            "deal.customer",
        ),
    ]);
}

#[test]
fn all_problems_are_reported_and_none_twice() {
    let problems = problems_of("dael.amount > 3 && deal.amuont > 'x' && deal.seats > 'x'");
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["E301", "E302", "E307"]);
}
