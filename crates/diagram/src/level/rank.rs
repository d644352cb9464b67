//! In which rank each item stands: below all that lead to it, and so that ways are short.

use super::{Level, Pin};

/// How many ways are looked at at most while ranks are made better; only the largest levels come to it.
const LOOKS: usize = 100_000_000;

/// Rank 0 is that of what is pinned to the top.
pub(super) fn ranks(level: &Level) -> Vec<usize> {
    let mut ranks: Vec<usize> = level
        .items
        .iter()
        .map(|item| usize::from(item.pin == Pin::No))
        .collect();
    let free = |item: usize| level.items[item].pin == Pin::No;
    // As high as possible first; a way is never longer than all items together.
    for _ in 0..level.items.len() {
        for link in &level.links {
            if free(link.below) {
                ranks[link.below] = ranks[link.below].max(ranks[link.above] + 1);
            }
        }
    }
    let round = level.items.len().pow(2) * level.links.len().max(1) * 2;
    for _ in 0..(level.items.len() * 4).min(LOOKS / round.max(1)) {
        let moves = (0..level.items.len())
            .filter(|item| free(*item))
            .flat_map(|item| [(item, true), (item, false)]);
        let better = moves
            .filter_map(|(item, down)| shift(level, &ranks, item, down))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        match better {
            Some((gain, moved)) if gain > 0.0 => ranks = moved,
            _ => break,
        }
    }
    let last = ranks.iter().copied().max().unwrap_or_default() + 1;
    for (rank, item) in ranks.iter_mut().zip(&level.items) {
        if item.pin == Pin::Bottom {
            *rank = last;
        }
    }
    ranks
}

/// All that has to move when the item moves by one rank, and how much shorter the ways become.
fn shift(level: &Level, ranks: &[usize], item: usize, down: bool) -> Option<(f64, Vec<usize>)> {
    let mut moving = vec![false; ranks.len()];
    moving[item] = true;
    let counted = || {
        level
            .links
            .iter()
            .filter(|link| level.items[link.below].pin == Pin::No)
            // A port in the border is near to everything.
            .filter(|link| level.items[link.above].height > 0.0)
    };
    for _ in 0..ranks.len() {
        for link in counted().filter(|link| ranks[link.below] == ranks[link.above] + 1) {
            if down && moving[link.above] {
                moving[link.below] = true;
            } else if !down && moving[link.below] {
                moving[link.above] = true;
            }
        }
    }
    let pinned = |at: usize| level.items[at].pin != Pin::No;
    if (0..ranks.len()).any(|at| moving[at] && (pinned(at) || (!down && ranks[at] <= 1))) {
        return None;
    }
    let gain = counted()
        .map(
            |link| match (moving[link.above] == down, moving[link.below] == down) {
                (true, false) => link.weight,
                (false, true) => -link.weight,
                _ => 0.0,
            },
        )
        .sum();
    let moved = ranks
        .iter()
        .zip(&moving)
        .map(|(rank, moving)| match moving {
            true if down => rank + 1,
            true => rank - 1,
            false => *rank,
        });
    Some((gain, moved.collect()))
}
