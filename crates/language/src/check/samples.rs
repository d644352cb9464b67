//! A few values of an input that stand for all of them: the constants that it is compared with, and their neighbours,
//! within what the field allows that the input is.

use chrono::{Days, TimeDelta};
use countersign_core::{
    expression::{Expression, Type, Value},
    money::Money,
    workflow::{Field, FieldKind, Workflow},
};

/// Values of this input by which every comparison with these constants can be tried.
pub(super) fn samples(workflow: &Workflow, input: &Expression, borders: Vec<Value>) -> Vec<Value> {
    let field = field_of(workflow, input);
    match input.ty() {
        Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Type::String => texts(field, borders),
        Type::Int => {
            let borders = borders.iter().filter_map(Value::as_int);
            let bounds = field.map_or((None, None), |field| bounds(field, 1));
            let found = neighbours(borders.collect(), bounds);
            found.into_iter().map(Value::Int).collect()
        }
        Type::Money => {
            let borders = borders.iter().filter_map(|value| match value {
                Value::Money(money) => Some(money.hundredths()),
                _ => None,
            });
            let bounds = field.map_or((None, None), |field| bounds(field, 100));
            let found = neighbours(borders.collect(), bounds);
            let money = |hundredths| Value::Money(Money::from_hundredths(hundredths));
            found.into_iter().map(money).collect()
        }
        _ => around(borders),
    }
}

/// The field that an input is, if it is nothing but one.
fn field_of<'w>(workflow: &'w Workflow, input: &Expression) -> Option<&'w Field> {
    let (form, field) = input.source().trim().split_once('.')?;
    workflow.forms.get(form)?.fields.get(field)
}

/// What a field allows at least and at most, in units of which so many make one.
fn bounds(field: &Field, units: i64) -> (Option<i64>, Option<i64>) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a bound beyond 2^53 only makes the example a little off"
    )]
    let bound = |keyword: &str| {
        let number = field.schema.get(keyword)?.as_f64()?;
        Some((number * units as f64).round() as i64)
    };
    let least = bound("minimum").or_else(|| Some(bound("exclusiveMinimum")?.saturating_add(1)));
    let most = bound("maximum").or_else(|| Some(bound("exclusiveMaximum")?.saturating_sub(1)));
    (least, most)
}

/// The constants, what lies next to each of them, and the ends of the range.
fn neighbours(borders: Vec<i64>, (least, most): (Option<i64>, Option<i64>)) -> Vec<i64> {
    let mut found: Vec<i64> = borders
        .into_iter()
        .flat_map(|border| [border.saturating_sub(1), border, border.saturating_add(1)])
        .chain(least)
        .chain(most)
        .collect();
    if found.is_empty() {
        found.push(0);
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|value| {
        least.is_none_or(|least| *value >= least) && most.is_none_or(|most| *value <= most)
    });
    found
}

/// The words that a field may hold; or the constants, and a text that is none of them.
fn texts(field: Option<&Field>, borders: Vec<Value>) -> Vec<Value> {
    if let Some(FieldKind::Enum(words)) = field.map(|field| &field.kind) {
        return words.iter().map(|word| Value::string(word)).collect();
    }
    let mut other = "anything else".to_owned();
    while borders.iter().any(|border| border.as_str() == Some(&other)) {
        other.push('!');
    }
    let mut found = borders;
    found.push(Value::string(&other));
    found
}

/// Numbers with fractions, dates and moments: the constants and what lies around them.
fn around(borders: Vec<Value>) -> Vec<Value> {
    let mut doubles: Vec<f64> = borders
        .iter()
        .filter_map(|value| match value {
            Value::Double(number) => Some(*number),
            _ => None,
        })
        .collect();
    doubles.sort_by(f64::total_cmp);
    let middles = doubles
        .windows(2)
        .map(|pair| f64::midpoint(pair[0], pair[1]));
    let ends = doubles.first().map(|least| least - 1.0).into_iter();
    let ends = ends.chain(doubles.last().map(|most| most + 1.0));
    let mut found: Vec<Value> = middles.chain(ends).map(Value::Double).collect();
    for value in borders {
        match &value {
            Value::Date(date) => {
                let near = [
                    date.checked_sub_days(Days::new(1)),
                    date.checked_add_days(Days::new(1)),
                ];
                found.extend(near.into_iter().flatten().map(Value::Date));
            }
            Value::Time(time) => {
                let step = TimeDelta::milliseconds(1);
                found.extend([*time - step, *time + step].map(Value::Time));
            }
            _ => {}
        }
        found.push(value);
    }
    if found.is_empty() {
        found.push(Value::Null);
    }
    found
}
