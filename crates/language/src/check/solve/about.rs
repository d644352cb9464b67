//! What conditions compare one place with, and the few values that stand for all of its values then.

use countersign_core::expression::{FINENESS, Kind};

use super::{
    Variable,
    clause::{Clause, Setting},
};

/// What conditions compare one place with.
#[derive(Default)]
pub(super) struct About {
    pub(super) words: Vec<String>,
    pub(super) borders: Vec<i128>,
    /// Whether it is compared with another place that holds a word.
    pub(super) is_same: bool,
}

impl About {
    pub(super) fn gather(&mut self, at: usize, clause: &Clause) {
        match clause {
            Clause::Among(place, words) if *place == at => {
                for word in words {
                    if !self.words.contains(word) {
                        self.words.push(word.clone());
                    }
                }
            }
            Clause::One {
                variable,
                times,
                constant,
                ..
            } if *variable == at => {
                let border = (-constant).div_euclid(*times);
                self.borders.extend([border - 1, border, border + 1]);
            }
            Clause::Same(one, other) => self.is_same |= *one == at || *other == at,
            Clause::Not(operand) => self.gather(at, operand),
            Clause::And(one, other) | Clause::Or(one, other) => {
                self.gather(at, one);
                self.gather(at, other);
            }
            Clause::If(condition, yes, no) => {
                for inner in [condition, yes, no] {
                    self.gather(at, inner);
                }
            }
            _ => {}
        }
    }
}

/// The words that there are; or those that are asked about, and one that is none of them.
pub(super) fn words(variable: &Variable, asked: Vec<String>) -> Vec<Setting> {
    let words = match &variable.words {
        Some(words) => words.clone(),
        None => {
            let mut other = "anything else".to_owned();
            while asked.contains(&other) {
                other.push('!');
            }
            asked.into_iter().chain([other]).collect()
        }
    };
    words.into_iter().map(Setting::Word).collect()
}

/// The borders with what lies next to them; where sums of several read it, what lies between them as well.
pub(super) fn numbers(variable: &Variable, borders: Vec<i128>, in_sums: bool) -> Vec<Setting> {
    let (least, most) = (variable.least, variable.most);
    let inside = |value: &i128| {
        least.is_none_or(|least| *value >= least) && most.is_none_or(|most| *value <= most)
    };
    let mut points: Vec<i128> = borders.into_iter().chain(least).chain(most).collect();
    points.sort_unstable();
    points.dedup();
    points.retain(inside);
    if !in_sums {
        let mut first = if variable.kind == Kind::Number {
            rounder(&points)
        } else {
            Vec::new()
        };
        first.retain(inside);
        first.extend(points);
        if first.is_empty() {
            first.push(usual(variable));
        }
        return first.into_iter().map(Setting::Number).collect();
    }
    let mut found: Vec<Setting> = Vec::new();
    let mut before = least.map(|least| least - 1);
    for point in points {
        if before.is_none_or(|before| point - before > 1) {
            found.push(Setting::Between(before, Some(point)));
        }
        found.push(Setting::Number(point));
        before = Some(point);
    }
    let end = most.map(|most| most + 1);
    if before.zip(end).is_none_or(|(before, end)| end - before > 1) {
        found.push(Setting::Between(before, end));
    }
    found
}

/// Numbers that are easier to read than the nearest ones: half-way between borders, and one beyond them.
fn rounder(points: &[i128]) -> Vec<i128> {
    let apart = points.windows(2).filter(|pair| pair[1] - pair[0] > 2);
    let between = apart.map(|pair| i128::midpoint(pair[0], pair[1]));
    let ends = points.first().map(|least| least - FINENESS).into_iter();
    between
        .chain(ends)
        .chain(points.last().map(|most| most + FINENESS))
        .collect()
}

/// A number that people would not wonder about: some day of these years, or nothing.
pub(super) fn usual(variable: &Variable) -> i128 {
    const DAYS: i128 = 739_617;
    match variable.kind {
        Kind::Day => DAYS,
        Kind::Moment => (DAYS - 719_163) * 86_400_000,
        Kind::Truth | Kind::Word | Kind::Whole | Kind::Number | Kind::Money => 0,
    }
}
