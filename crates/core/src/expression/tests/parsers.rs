//! The two parsers of the crate `cel` read alike: what the fast one takes, the other takes for the same.

use proptest::prelude::*;

use crate::expression::syntax;

/// The tree of an expression without the numbers of its parts.
fn shape(root: &cel::common::ast::IdedExpr) -> String {
    let told = format!("{:?}", root.expr);
    let parts = told
        .split("id: ")
        .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
    parts.collect::<Vec<_>>().join("id")
}

/// Whether the fast parser took it; the trees are the same then.
fn is_taken_alike(source: &str) -> bool {
    let Ok(read) = syntax::read(source) else {
        return false;
    };
    let fast = read
        .parse_without_places()
        .map(|parsed| shape(&parsed.root));
    let slow = read.parse().map(|parsed| shape(&parsed.root)).ok();
    if let Some(fast) = &fast {
        assert_eq!(Some(fast), slow.as_ref(), "{source}");
    }
    fast.is_some()
}

#[test]
fn both_parsers_read_what_workflows_write_alike() {
    for source in [
        "a",
        "a.b.c",
        "a.b[0].c['d'].e",
        "  a .\n b",
        "1 + 2 * 3 - -4 % 5 / 6",
        "-(1 + 2) * -a.b",
        "!a && !(b || !c)",
        "a && b && c && d && e || f || g && h",
        "a == b != c",
        "1 < 2 && a <= b && c >= d && e > f",
        "a in ['x', \"y\", '''z''', r'\\d', 'a\\n\\'b\\u4e2d']",
        "'项目' + a",
        "0x1F + 9223372036854775807 - -9223372036854775808 + 1.5e-3 + 2e3 + 7u",
        "has(a.b) ? a.b : (has(c.d) ? 'x' : 'y')",
        "a.exists(x, x.b) || a.all(x, x.c > 1 && b.exists_one(y, y == x))",
        "distinct(a.services.filter(s, s.key).map(s, s.name)).size() >= 3",
        "a.map(x, x.b > 0, x.c).sum() <= share(b, 1, 3)",
        "add(period('quarter', today).ends, '-2 months')",
        "[1, 2, [3, []], {}]",
        "{'a': 1, 'b': {'c': [true, false, null]}}.a",
        "case.is_in('review') && case.visits['review'] > 1",
        "a.matches('^[0-9]{6}$') && a.size() == 6",
        "true ? 1 : 2",
        "(((a)))",
    ] {
        assert!(is_taken_alike(source), "{source}");
    }
}

fn expressions() -> impl Strategy<Value = String> {
    let leaves = prop::sample::select(vec![
        "a",
        "b.c",
        "1",
        "2.5",
        "-3",
        "'x'",
        "\"项\"",
        "true",
        "d[0]",
        "e['f']",
        "[]",
        "case.round",
        "has(g.h)",
    ]);
    let signs = prop::sample::select(vec![
        "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", " in ",
    ]);
    leaves.prop_map(str::to_owned).prop_recursive(5, 40, 3, move |inner| {
        let pair = (inner.clone(), signs.clone(), inner.clone());
        prop_oneof![
            4 => pair.prop_map(|(one, sign, other)| format!("{one}{sign}{other}")),
            1 => inner.clone().prop_map(|one| format!("({one})")),
            1 => inner.clone().prop_map(|one| format!("!{one}")),
            1 => inner.clone().prop_map(|one| format!("-{one}")),
            1 => (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(one, two, three)| format!("({one} ? {two} : {three})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(list, it)| format!("l.filter(x, {list}).all(y, {it})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("[{one}, {two}].map(z, z)")),
            1 => (inner.clone(), inner).prop_map(|(one, two)| format!("add({one}, {two}).size()")),
        ]
    })
}

proptest! {
    #[test]
    fn both_parsers_read_made_up_expressions_alike(source in expressions()) {
        is_taken_alike(&source);
    }
}
