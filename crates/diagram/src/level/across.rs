//! How far to the right each cell stands: ways straight where they can be, neighbours apart.

use super::Level;
use super::cells::{Cells, Kind, Part};
use super::ends::Ends;

/// The middle of each cell.
pub(super) fn places(level: &Level, cells: &Cells, rows: &[Vec<usize>], ends: &[Ends]) -> Vec<f64> {
    let mut places = vec![0.0; cells.cells.len()];
    for row in rows {
        let mut at = 0.0;
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                at += cells.distance(level, row[index - 1], *cell);
            }
            places[*cell] = at;
        }
        for cell in row {
            places[*cell] -= at / 2.0;
        }
    }
    let best = (f64::MAX, places.clone());
    let mut now = Now { places, best };
    // First from one side and by means, which brings far things near; then from both by medians, which makes straight.
    let rounds = [(false, true), (false, true), (false, false), (false, false)];
    let rounds = rounds.into_iter().chain([(true, true); 3]);
    for round in rounds.chain([(true, false); 8]) {
        go_through(level, cells, rows, ends, round, &mut now);
    }
    now.best.1
}

/// Once more, after ends were moved.
pub(super) fn follow(
    level: &Level,
    cells: &Cells,
    rows: &[Vec<usize>],
    ends: &[Ends],
    places: &mut Vec<f64>,
) {
    let best = (aside(cells, ends, places), places.clone());
    let mut now = Now {
        places: std::mem::take(places),
        best,
    };
    for _ in 0..6 {
        go_through(level, cells, rows, ends, (true, false), &mut now);
    }
    *places = now.best.1;
}

/// All rows down and up again; the cheapest places are kept beside their cost.
fn go_through(
    level: &Level,
    cells: &Cells,
    rows: &[Vec<usize>],
    ends: &[Ends],
    (straight, one_side): (bool, bool),
    now: &mut Now,
) {
    for downward in [true, false] {
        let order: Vec<&Vec<usize>> = if downward {
            rows.iter().collect()
        } else {
            rows.iter().rev().collect()
        };
        for row in order {
            let wishes = row
                .iter()
                .map(|cell| {
                    let above = !one_side || downward;
                    let below = !one_side || !downward;
                    wishes(cells, ends, &now.places, *cell, above, below)
                })
                .collect::<Vec<_>>();
            settle(level, cells, row, wishes, straight, &mut now.places);
        }
        now.keep(aside(cells, ends, &now.places));
    }
}

/// The places that rounds work on, and the best so far.
struct Now {
    places: Vec<f64>,
    best: (f64, Vec<f64>),
}

impl Now {
    fn keep(&mut self, cost: f64) {
        if cost < self.best.0 - 0.01 {
            self.best = (cost, self.places.clone());
        }
    }
}

/// Where the two ends of a part lie, from the middles of their cells.
pub(super) fn shifts(cells: &Cells, ends: &[Ends], part: &Part) -> (f64, f64) {
    let at_item = |cell: usize| matches!(cells.cells[cell].kind, Kind::Item(_));
    let end = &ends[part.link];
    (
        if at_item(part.above) { end.above } else { 0.0 },
        if at_item(part.below) { end.below } else { 0.0 },
    )
}

/// All ways aside.
fn aside(cells: &Cells, ends: &[Ends], places: &[f64]) -> f64 {
    let of_part = |part: &Part| {
        let (above, below) = shifts(cells, ends, part);
        (places[part.above] + above - places[part.below] - below).abs() * part.weight
    };
    cells.parts.iter().map(of_part).sum()
}

/// Where a cell would stand for each of its parts to be straight, and how much that counts.
fn wishes(
    cells: &Cells,
    ends: &[Ends],
    places: &[f64],
    cell: usize,
    above: bool,
    below: bool,
) -> Vec<(f64, f64)> {
    let up = cells.from_above[cell].iter().filter(|_| above);
    let down = cells.downward[cell].iter().filter(|_| below);
    let up = up.map(|part| {
        let part = &cells.parts[*part];
        let (from, to) = shifts(cells, ends, part);
        (places[part.above] + from - to, part.weight)
    });
    let down = down.map(|part| {
        let part = &cells.parts[*part];
        let (from, to) = shifts(cells, ends, part);
        (places[part.below] + to - from, part.weight)
    });
    up.chain(down).collect()
}

/// Neighbours that stand as close as they may, and so move together.
struct Block {
    cells: usize,
    wishes: Vec<(f64, f64)>,
    now: f64,
    place: f64,
}

/// Gives every cell of a row the best place for its wishes that leaves the distances.
fn settle(
    level: &Level,
    cells: &Cells,
    row: &[usize],
    wishes: Vec<Vec<(f64, f64)>>,
    straight: bool,
    places: &mut [f64],
) {
    // Less the distances, the places of a row need only rise: neighbours that would not are merged.
    let mut distances = vec![];
    let mut blocks: Vec<Block> = vec![];
    for (index, (cell, wishes)) in row.iter().zip(wishes).enumerate() {
        let distance = distances.last().copied().unwrap_or(0.0)
            + if index > 0 {
                cells.distance(level, row[index - 1], *cell)
            } else {
                0.0
            };
        distances.push(distance);
        let now = places[*cell] - distance;
        let mut wishes: Vec<(f64, f64)> = wishes
            .into_iter()
            .map(|(place, weight)| (place - distance, weight))
            .collect();
        if wishes.is_empty() {
            wishes.push((now, 0.01));
        }
        let mut block = Block {
            cells: 1,
            place: best_place(&mut wishes, now, straight),
            wishes,
            now,
        };
        while let Some(before) = blocks.pop_if(|before| before.place > block.place) {
            block.cells += before.cells;
            block.wishes.extend(before.wishes);
            block.now = f64::midpoint(block.now, before.now);
            block.place = best_place(&mut block.wishes, block.now, straight);
        }
        blocks.push(block);
    }
    let settled = blocks
        .iter()
        .flat_map(|block| std::iter::repeat_n(block.place, block.cells));
    for ((cell, distance), place) in row.iter().zip(distances).zip(settled) {
        places[*cell] = place + distance;
    }
}

/// The weighted median, as near as possible to where it is; or the mean.
fn best_place(wishes: &mut [(f64, f64)], now: f64, straight: bool) -> f64 {
    let total: f64 = wishes.iter().map(|(_, weight)| weight).sum();
    if !straight {
        return wishes
            .iter()
            .map(|(place, weight)| place * weight)
            .sum::<f64>()
            / total;
    }
    wishes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut before = 0.0;
    for (index, (place, weight)) in wishes.iter().enumerate() {
        before += weight;
        if before > total / 2.0 + 1e-9 {
            return *place;
        }
        if before >= total / 2.0 - 1e-9 {
            let next = wishes.get(index + 1).map_or(*place, |(place, _)| *place);
            return now.clamp(*place, next);
        }
    }
    now
}
