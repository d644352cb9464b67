//! Reckoning limits: keys, amounts, windows and what is left. Taking and releasing places is `step`'s.

use chrono::TimeDelta;

use crate::{
    case::{Case, Doer, HeldPlace, Lifecycle},
    context::LimitKey,
    expression::{Failure, Value},
    money::Money,
    sight::Sight,
    time::{self, Period, Time},
    workflow::{Amount, Limit, Per, While, Window, Within, Workflow},
};

/// Places that a step or case takes in a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    /// One for each key; none if the keys are empty or cannot be reckoned.
    pub keys: Vec<LimitKey>,
    /// How much it takes of each.
    pub adds: i64,
    /// How much there is of each in all.
    pub count: i64,
}

/// Stands between a key and the value for which its place is held together with others.
const HELD_FOR: char = '\u{1e}';

impl LimitKey {
    /// Under which key holders are counted, and for what this one is held; `None` if each holds a place of its own.
    pub fn held_for(&self) -> Option<(Self, &str)> {
        let (key, value) = self.key.split_once(HELD_FOR)?;
        let key = format!("{key}{HELD_FOR}");
        Some((
            Self {
                key,
                ..self.clone()
            },
            value,
        ))
    }

    /// All keys that begin like this one stand before this text.
    pub fn end(&self) -> String {
        let mut end: Vec<char> = self.key.chars().collect();
        if let Some(last) = end.pop() {
            end.extend(char::from_u32(u32::from(last) + 1));
        }
        end.into_iter().collect()
    }
}

/// Whether a case holds places of a limit with this window, as it stands.
pub(crate) fn holds(workflow: &Workflow, case: &Case, states: &While) -> bool {
    match states {
        While::Ever => true,
        While::Open => !matches!(case.lifecycle, Lifecycle::Ended { .. }),
        While::States(states) => {
            let mut at = case.states(&workflow.states).into_iter();
            at.any(|state| states.contains(&state.id))
        }
    }
}

/// The places that a case holds as it stands, whether or not there is room for them; those that cannot be reckoned yet
/// are none.
pub(crate) fn held(sight: &Sight<'_>) -> Vec<HeldPlace> {
    let limits = sight.workflow.limits.values();
    let holding = limits.filter(|limit| match &limit.window {
        Window::While(states) => holds(sight.workflow, sight.case, states),
        Window::Within(_) => false,
    });
    let held = holding.filter_map(|limit| {
        let places = places(sight, limit).ok()?;
        let amount = places.adds;
        let keys = places.keys.into_iter();
        Some(keys.map(move |key| HeldPlace {
            limit: limit.name.clone(),
            key: key.key,
            amount,
        }))
    });
    held.flatten().collect()
}

/// What a limit asks of the case now.
pub(crate) fn places(sight: &Sight<'_>, limit: &Limit) -> Result<Places, Failure> {
    let since = match &limit.window {
        Window::Within(within) => Some(since(sight, within)),
        Window::While(_) => None,
    };
    let partner = match &sight.case.partner {
        Some(partner) if limit.same_partner => format!("{partner}\u{1f}"),
        _ => String::new(),
    };
    let held_for = match &limit.counting {
        Some(counting) => match spelt(&counting.evaluate(sight)?).first() {
            Some(value) => format!("{HELD_FOR}{value}"),
            None => return Err(Failure::new("what a limit counts is not filled in")),
        },
        None => String::new(),
    };
    let keys = keys(sight, &limit.per)?.into_iter().map(|key| LimitKey {
        workflow: sight.workflow.id.clone(),
        limit: limit.name.clone(),
        key: format!("{partner}{key}{held_for}"),
        since,
    });
    let adds = whole(&amount(sight, &limit.adds)?).unwrap_or(0);
    let count = whole(&amount(sight, &limit.count)?).unwrap_or(0);
    Ok(Places {
        keys: keys.collect(),
        adds,
        count,
    })
}

/// Whether there is room for what the case would take. What cannot be reckoned has no room.
pub(crate) fn has_room(sight: &Sight<'_>, places: &Places) -> bool {
    // No short cut: each usage that is asked for is loaded at once.
    let full = places
        .keys
        .iter()
        .filter(|key| used(sight, key).saturating_add(places.adds) > places.count);
    full.count() == 0
}

/// How much others use of a key; of one that is held for something, how many other things hold it.
fn used(sight: &Sight<'_>, key: &LimitKey) -> i64 {
    let Some((all, own)) = key.held_for() else {
        return sight.reading.usage(key);
    };
    let holders = sight.reading.holders(&all);
    let others = holders.keys().filter(|value| *value != own);
    i64::try_from(others.count()).unwrap_or(i64::MAX)
}

/// `limits.x.left`: how much the fullest key has left, other cases' and earlier steps' places counted.
pub(crate) fn left(sight: &Sight<'_>, limit: &Limit) -> Option<Value> {
    let places = places(sight, limit).ok()?;
    let count = amount(sight, &limit.count).ok()?;
    let left = places
        .keys
        .iter()
        .map(|key| places.count.saturating_sub(used(sight, key)).max(0))
        .min();
    let left = left.unwrap_or(places.count);
    Some(match count {
        Value::Money(_) => Value::Money(Money::from_hundredths(left)),
        _ => Value::Int(left),
    })
}

fn amount(sight: &Sight<'_>, amount: &Amount) -> Result<Value, Failure> {
    match amount {
        Amount::Fixed(number) => Ok(Value::Int(*number)),
        Amount::Reckoned(expression) => expression.evaluate(sight),
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Money(money) => Some(money.hundredths()),
        _ => None,
    }
}

fn keys(sight: &Sight<'_>, per: &Per) -> Result<Vec<String>, Failure> {
    Ok(match per {
        Per::Actor => match sight.actor.doer() {
            Doer::Person(id) => vec![id.to_string()],
            Doer::Service(id) => vec![id.to_string()],
            Doer::Link(id) => vec![id.to_string()],
            Doer::Timer(_) | Doer::Machine => Vec::new(),
        },
        Per::Starter => sight.case.starter.iter().map(ToString::to_string).collect(),
        Per::Partner => sight.case.partner.iter().map(ToString::to_string).collect(),
        Per::Key(expression) => spelt(&expression.evaluate(sight)?),
    })
}

/// A key for each entry, each once.
pub(crate) fn spelt(value: &Value) -> Vec<String> {
    let mut keys = match value {
        Value::Null => Vec::new(),
        Value::List(items) => items.iter().flat_map(spelt).collect(),
        Value::Person(_) | Value::Map(_) => value.member("id").map(spelt).unwrap_or_default(),
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => vec![text.to_string()],
        Value::Text(text) => vec![text.en.clone()],
        Value::Bool(_)
        | Value::Int(_)
        | Value::Double(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Money(_) => match value.to_json() {
            serde_json::Value::String(text) => vec![text],
            other => vec![other.to_string()],
        },
    };
    keys.sort();
    keys.dedup();
    keys
}

/// From when on steps count, that moment itself left out.
fn since(sight: &Sight<'_>, within: &Within) -> Time {
    let around = &sight.workflow.surroundings;
    match within {
        Within::Rolling(length) => {
            time::add(sight.now, &length.negated(), &around.calendar, around.zone)
        }
        Within::Calendar(kind) => {
            let (starts, _) = Period::at(*kind, sight.now, around.zone).bounds(around.zone);
            starts - TimeDelta::milliseconds(1)
        }
    }
}
