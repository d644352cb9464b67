//! Exact money: hundredths in a whole number. No currency, and never a floating point number.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::Language;

/// An amount of money in hundredths of its unit.
///
/// In JSON it is written as a string (`"330000.00"`) and read from a string or a whole number of units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Money(i64);

/// Why something is no amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotMoney {
    /// Something else than digits and one point.
    #[error(
        "not an amount of money: write digits with at most two after the point, such as 1200.50"
    )]
    Malformed,
    /// More than two digits after the point.
    #[error("money has at most two digits after the point")]
    TooFine,
    /// A JSON number with a fraction, which might have been rounded on its way.
    #[error(
        "write money with a fraction as a text, such as \"1200.50\", so that nothing rounds it"
    )]
    Fraction,
    /// Too large to keep.
    #[error("this amount is too large")]
    TooLarge,
}

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// The amount of this many hundredths.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The amount of this many whole units, unless that is too large.
    pub fn from_units(units: i64) -> Option<Self> {
        units.checked_mul(100).map(Self)
    }

    /// The amount in hundredths.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Reads `1200`, `1200.5`, `-0.01`: digits, and at most two more after a point.
    pub fn parse(text: &str) -> Result<Self, NotMoney> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (units, fraction) = match digits.split_once('.') {
            Some((units, fraction)) if !fraction.is_empty() => (units, fraction),
            Some(_) => return Err(NotMoney::Malformed),
            None => (digits, ""),
        };
        let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if units.is_empty() || !numeric(units) || !numeric(fraction) {
            return Err(NotMoney::Malformed);
        }
        if fraction.len() > 2 {
            return Err(NotMoney::TooFine);
        }
        let unsigned = format!("{units}{fraction:0<2}")
            .parse::<i64>()
            .map_err(|_| NotMoney::TooLarge)?;
        Ok(Self(if negative { -unsigned } else { unsigned }))
    }

    /// Takes a JSON string or whole number; a JSON number with a fraction is refused.
    pub fn from_json(json: &serde_json::Value) -> Result<Self, NotMoney> {
        match json {
            serde_json::Value::String(text) => Self::parse(text),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(units) => Self::from_units(units).ok_or(NotMoney::TooLarge),
                None if number.is_u64() => Err(NotMoney::TooLarge),
                None => Err(NotMoney::Fraction),
            },
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_) => Err(NotMoney::Malformed),
        }
    }

    /// The sum, unless it is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it is too large.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// So many times this amount, unless that is too large.
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }

    /// The amount with its sign turned.
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// `n` parts `of` so many, rounded half up to a hundredth. `None` if `of` is 0 or the result is too large.
    pub fn share(self, n: i64, of: i64) -> Option<Self> {
        if of == 0 {
            return None;
        }
        let (n, of) = (i128::from(n), i128::from(of));
        let whole = i128::from(self.0) * n * of.signum();
        let twice = whole.checked_mul(2)?.checked_add(of.abs())?;
        i64::try_from(twice.div_euclid(2 * of.abs())).ok().map(Self)
    }

    /// The amount for a reader, with thousands set apart: `330,000.00`. Both languages group alike.
    pub fn grouped(self, _language: Language) -> String {
        let plain = self.to_string();
        let (units, fraction) = plain.split_once('.').unwrap_or((&plain, "00"));
        let (sign, digits) = match units.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", units),
        };
        let mut out = String::from(sign);
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        format!("{out}.{fraction}")
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let hundredths = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

impl std::str::FromStr for Money {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Self, NotMoney> {
        Self::parse(text)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MoneyVisitor)
    }
}

struct MoneyVisitor;

impl Visitor<'_> for MoneyVisitor {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount of money, such as \"1200.50\" or 1200")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Money, E> {
        Money::parse(text).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, units: i64) -> Result<Money, E> {
        Money::from_units(units).ok_or_else(|| E::custom(NotMoney::TooLarge))
    }

    fn visit_u64<E: de::Error>(self, units: u64) -> Result<Money, E> {
        i64::try_from(units)
            .ok()
            .and_then(Money::from_units)
            .ok_or_else(|| E::custom(NotMoney::TooLarge))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Money, E> {
        Err(E::custom(NotMoney::Fraction))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn money_is_hundredths_in_a_whole_number() {
        let cases = [
            ("330000.00", 33_000_000, "330000.00"),
            ("0.1", 10, "0.10"),
            ("-0.01", -1, "-0.01"),
            ("7", 700, "7.00"),
            ("92233720368547758.07", i64::MAX, "92233720368547758.07"),
        ];
        for (text, hundredths, shown) in cases {
            let money = Money::parse(text).unwrap();
            assert_eq!(money.hundredths(), hundredths);
            assert_eq!(money.to_string(), shown);
        }
        let refused = [
            ("", NotMoney::Malformed),
            ("-", NotMoney::Malformed),
            (".5", NotMoney::Malformed),
            ("5.", NotMoney::Malformed),
            ("1e3", NotMoney::Malformed),
            ("+1", NotMoney::Malformed),
            ("1,000", NotMoney::Malformed),
            ("1.005", NotMoney::TooFine),
            ("92233720368547758.08", NotMoney::TooLarge),
        ];
        for (text, why) in refused {
            assert_eq!(Money::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_json_fraction_is_never_money() {
        assert_eq!(Money::from_json(&json!(5)), Ok(Money::from_hundredths(500)));
        assert_eq!(
            Money::from_json(&json!("5.5")),
            Ok(Money::from_hundredths(550))
        );
        assert_eq!(Money::from_json(&json!(5.5)), Err(NotMoney::Fraction));
        assert_eq!(Money::from_json(&json!(5.0)), Err(NotMoney::Fraction));
        assert_eq!(Money::from_json(&json!(u64::MAX)), Err(NotMoney::TooLarge));
        assert_eq!(Money::from_json(&json!(null)), Err(NotMoney::Malformed));
        let back: Money = serde_json::from_value(json!("12.30")).unwrap();
        assert_eq!(serde_json::to_value(back).unwrap(), json!("12.30"));
        assert!(serde_json::from_value::<Money>(json!(12.5)).is_err());
    }

    #[test]
    fn a_share_is_rounded_half_up() {
        let cases = [
            ("100.00", 1, 3, Some("33.33")),
            ("100.00", 2, 3, Some("66.67")),
            ("0.05", 1, 2, Some("0.03")),
            ("-0.05", 1, 2, Some("-0.02")),
            ("0.05", -1, -2, Some("0.03")),
            ("10.00", 1, 0, None),
            ("92233720368547758.07", 2, 1, None),
        ];
        for (of, n, parts, share) in cases {
            let got = Money::parse(of).unwrap().share(n, parts);
            assert_eq!(got.map(|m| m.to_string()).as_deref(), share, "{of}");
        }
        let extreme = Money::from_hundredths(i64::MIN);
        assert_eq!(extreme.share(i64::MIN, i64::MIN), Some(extreme));
    }

    #[test]
    fn sums_that_are_too_large_are_noticed() {
        let most = Money::from_hundredths(i64::MAX);
        let least = Money::from_hundredths(1);
        assert_eq!(most.checked_add(least), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!(Money::ZERO.checked_sub(least), least.checked_neg());
    }

    #[test]
    fn readers_see_thousands_set_apart() {
        let cases = [
            ("330000", "330,000.00"),
            ("-1234567.8", "-1,234,567.80"),
            ("999", "999.00"),
        ];
        for (text, shown) in cases {
            let money = Money::parse(text).unwrap();
            assert_eq!(money.grouped(Language::En), shown);
            assert_eq!(money.grouped(Language::Zh), shown);
        }
    }
}
