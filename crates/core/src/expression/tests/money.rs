//! Money is exact (SEMANTICS 10).

use serde_json::json;

use super::{fails, gives, holds, refused};

#[test]
fn money_compares_with_money_and_with_literals() {
    holds(&[
        "deal.amount > 1000",
        "deal.amount == 330000",
        "deal.amount == 330000.00",
        "deal.amount < 330000.01",
        "-5 < deal.amount",
        "deal.amount >= -0.5",
        "deal.amount == deal.amount",
        "deal.amount in [1, 330000]",
        "sow.services.exists(s, s.price == 0.2)",
        "deal.amount > (deal.urgent ? 100 : 0.5)",
    ]);
}

#[test]
fn rule_10_money_adds_and_subtracts_exactly() {
    gives(&[
        ("deal.amount + 0.01", json!("330000.01")),
        ("0.1 + deal.amount", json!("330000.10")),
        ("deal.amount - 330000.5", json!("-0.50")),
        ("-deal.amount", json!("-330000.00")),
        ("deal.amount + deal.amount", json!("660000.00")),
        ("sow.services.map(s, s.price).sum()", json!("15.30")),
        (
            "sow.services.filter(s, s.key).map(s, s.price).sum()",
            json!("0.00"),
        ),
        ("sow.services.map(s, s.price).sum() + 1", json!("16.30")),
        ("deal.urgent ? deal.amount : 0", json!("330000.00")),
        ("deal.urgent ? 0.5 : deal.amount", json!("0.50")),
    ]);
}

#[test]
fn money_multiplies_with_a_whole_number() {
    gives(&[
        ("deal.amount * 2", json!("660000.00")),
        ("deal.seats * deal.amount", json!("3960000.00")),
    ]);
    refused(&[
        ("deal.amount * 1.5", "E307", "*"),
        ("deal.amount * deal.amount", "E307", "*"),
        ("deal.amount / 2", "E307", "/"),
        ("deal.amount % 2", "E307", "%"),
    ]);
}

#[test]
fn money_is_shared_half_up() {
    gives(&[
        ("share(deal.amount, 1, 3)", json!("110000.00")),
        ("share(0.05, 1, 2)", json!("0.03")),
        ("share(100, 2, 3)", json!("66.67")),
    ]);
    fails(&[(
        "share(deal.amount, 1, 0)",
        "money is shared among zero parts",
    )]);
    refused(&[("share(deal.amount, 0.5, 1)", "E308", "0.5")]);
}

#[test]
fn anything_else_with_money_is_a_load_error() {
    refused(&[
        ("deal.amount > 0.001", "E307", "deal.amount > 0.001"),
        ("deal.amount + 0.005", "E307", "0.005"),
        ("deal.amount > deal.seats", "E307", ">"),
        ("deal.amount > deal.discount", "E307", ">"),
        ("deal.amount + deal.seats", "E307", "+"),
        ("deal.amount == '330000.00'", "E307", "=="),
        ("double(deal.amount)", "E308", "deal.amount"),
        ("int(deal.amount)", "E308", "deal.amount"),
        (
            "sow.services.map(s, s.price).average()",
            "E308",
            "sow.services.map(s, s.price)",
        ),
        (
            "deal.amount > 99999999999999999.5",
            "E307",
            "deal.amount > 99999999999999999.5",
        ),
    ]);
}

#[test]
fn money_that_grows_too_large_fails() {
    fails(&[("deal.amount * 9000000000000000", "a number grows too large")]);
}

#[test]
fn money_is_written_out_as_a_text() {
    gives(&[("string(deal.amount)", json!("330000.00"))]);
}
