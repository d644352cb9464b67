//! Whether whole numbers within bounds can satisfy a few linear inequalities, by eliminating one after another
//! (Fourier and Motzkin). That nothing satisfies them is certain; numbers that are given do satisfy them.

/// The most inequalities that are kept before it is given up.
const MOST: usize = 400;

/// The sum of the numbers, each so many times, and the constant is at most nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AtMostNothing {
    pub(super) times: Vec<i128>,
    pub(super) constant: i128,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// These numbers satisfy all.
    Numbers(Vec<i128>),
    /// Nothing does.
    Nothing,
    /// It cannot be told.
    Unknown,
}

/// Looks for whole numbers, near to these where there is a choice.
pub(super) fn solve(near: &[i128], wanted: Vec<AtMostNothing>) -> Found {
    let count = near.len();
    let mut stages = Vec::with_capacity(count);
    let mut left: Vec<AtMostNothing> = wanted.into_iter().map(tightened).collect();
    for number in 0..count {
        let (about, others): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|one| one.times[number] != 0);
        left = others;
        for above in about.iter().filter(|one| one.times[number] > 0) {
            for below in about.iter().filter(|one| one.times[number] < 0) {
                match joined(above, below, number) {
                    Some(joined) if left.len() < MOST => {
                        if !left.contains(&joined) {
                            left.push(joined);
                        }
                    }
                    _ => return Found::Unknown,
                }
            }
        }
        stages.push(about);
    }
    if left.iter().any(|one| one.constant > 0) {
        return Found::Nothing;
    }
    let mut numbers = vec![0; count];
    for number in (0..count).rev() {
        match between(&stages[number], number, &numbers, near[number]) {
            Some(value) => numbers[number] = value,
            None => return Found::Unknown,
        }
    }
    Found::Numbers(numbers)
}

/// What two inequalities say together without the number.
fn joined(above: &AtMostNothing, below: &AtMostNothing, number: usize) -> Option<AtMostNothing> {
    let (up, down) = (below.times[number].checked_neg()?, above.times[number]);
    let sum = |one: i128, other: i128| {
        let (one, other) = (one.checked_mul(up)?, other.checked_mul(down)?);
        one.checked_add(other)
    };
    let times = above.times.iter().zip(&below.times);
    let times: Vec<i128> = times
        .map(|(one, other)| sum(*one, *other))
        .collect::<Option<_>>()?;
    let constant = sum(above.constant, below.constant)?;
    Some(tightened(AtMostNothing { times, constant }))
}

/// Divided by what all numbers are multiplied by; whole numbers cannot lie between.
fn tightened(mut one: AtMostNothing) -> AtMostNothing {
    let common = one
        .times
        .iter()
        .fold(0, |common, times| gcd(common, *times));
    if common > 1 {
        for times in &mut one.times {
            *times /= common;
        }
        one.constant = -(-one.constant).div_euclid(common);
    }
    one
}

fn gcd(one: i128, other: i128) -> i128 {
    if other == 0 {
        one.abs()
    } else {
        gcd(other, one % other)
    }
}

/// A number that satisfies these, all others but the earlier ones being known.
fn between(about: &[AtMostNothing], number: usize, known: &[i128], near: i128) -> Option<i128> {
    let (mut least, mut most) = (None, None);
    for one in about {
        let mut rest = one.constant;
        for (at, times) in one.times.iter().enumerate().skip(number + 1) {
            rest = rest.checked_add(times.checked_mul(known[at])?)?;
        }
        let times = one.times[number];
        if times > 0 {
            let bound = (-rest).div_euclid(times);
            most = Some(most.map_or(bound, |most: i128| most.min(bound)));
        } else {
            let bound = -((-rest).div_euclid(-times));
            least = Some(least.map_or(bound, |least: i128| least.max(bound)));
        }
    }
    match (least, most) {
        (Some(least), Some(most)) => (least <= most).then(|| near.clamp(least, most)),
        (Some(least), None) => Some(near.max(least)),
        (None, Some(most)) => Some(near.min(most)),
        (None, None) => Some(near),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_most(times: &[i128], constant: i128) -> AtMostNothing {
        AtMostNothing {
            times: times.to_vec(),
            constant,
        }
    }

    #[test]
    fn finds_numbers_or_says_that_there_are_none() {
        // x - y > 5, y >= 3, x <= 9
        let some = vec![
            at_most(&[-1, 1], 6),
            at_most(&[0, -1], 3),
            at_most(&[1, 0], -9),
        ];
        let Found::Numbers(found) = solve(&[0, 0], some.clone()) else {
            panic!("there are some");
        };
        for one in &some {
            let sum = one.times[0] * found[0] + one.times[1] * found[1] + one.constant;
            assert!(sum <= 0, "{found:?} in {one:?}");
        }
        let mut none = some;
        none.push(at_most(&[1, 0], -8));
        assert_eq!(solve(&[0, 0], none), Found::Nothing);
        // 2x = 2y + 1 has none in whole numbers.
        let odd = vec![at_most(&[2, -2], -1), at_most(&[-2, 2], 1)];
        assert_eq!(solve(&[0, 0], odd), Found::Nothing);
        assert_eq!(solve(&[7], vec![]), Found::Numbers(vec![7]));
    }
}
