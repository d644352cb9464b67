//! In which order the cells of each row stand, so that few ways cross.

use super::cells::{Cells, Part};

/// How often the rows are gone through, down and up.
const SWEEPS: usize = 10;

type Rows = Vec<Vec<usize>>;

/// The best order from each of several beginnings, with its crossings.
pub(super) fn orders(cells: &Cells) -> Vec<(u32, Rows)> {
    let mut found: Vec<(u32, Rows)> = vec![];
    for rows in [first(cells, false), first(cells, true)] {
        for downward in [true, false] {
            let best = improved(cells, rows.clone(), downward);
            if !found.contains(&best) {
                found.push(best);
            }
        }
    }
    let fewest = found.iter().map(|(crossings, _)| *crossings).min();
    found.retain(|(crossings, _)| Some(*crossings) <= fewest.map(|fewest| fewest + 1));
    found
}

/// In the order in which the ways reach them, depth first.
fn first(cells: &Cells, reversed: bool) -> Rows {
    let mut rows: Rows = vec![vec![]; cells.rows];
    let mut seen = vec![false; cells.cells.len()];
    let mut roots: Vec<usize> = (0..cells.cells.len()).collect();
    roots.sort_by_key(|cell| cells.cells[*cell].row);
    for root in roots {
        let mut waiting = vec![root];
        while let Some(cell) = waiting.pop() {
            if std::mem::replace(&mut seen[cell], true) {
                continue;
            }
            rows[cells.cells[cell].row].push(cell);
            let next = cells.downward[cell].iter();
            let next = next.map(|part| cells.parts[*part].below);
            if reversed {
                waiting.extend(next);
            } else {
                waiting.extend(next.rev());
            }
        }
    }
    rows
}

fn improved(cells: &Cells, mut rows: Rows, mut downward: bool) -> (u32, Rows) {
    let mut places = vec![0.0; cells.cells.len()];
    for row in &rows {
        number(row, &mut places);
    }
    transpose(cells, &mut rows, &mut places);
    let mut best = (crossings(cells, &places), rows.clone());
    for _ in 0..SWEEPS {
        let order: Vec<usize> = if downward {
            (0..rows.len()).collect()
        } else {
            (0..rows.len()).rev().collect()
        };
        for at in order {
            let mut row: Vec<(f64, usize)> = rows[at]
                .iter()
                .map(|cell| (middle(cells, &places, *cell, downward), *cell))
                .collect();
            row.sort_by(|one, other| one.0.total_cmp(&other.0));
            rows[at] = row.into_iter().map(|(_, cell)| cell).collect();
            number(&rows[at], &mut places);
        }
        transpose(cells, &mut rows, &mut places);
        let now = crossings(cells, &places);
        if now < best.0 {
            best = (now, rows.clone());
        }
        downward = !downward;
    }
    best
}

/// Places go from 0 to 1 in each row, so that rows of different length can be compared.
fn number(row: &[usize], places: &mut [f64]) {
    let count = f64::from(u16::try_from(row.len()).unwrap_or(u16::MAX));
    for (at, cell) in (0u16..).zip(row) {
        places[*cell] = (f64::from(at) + 0.5) / count;
    }
}

fn upper(places: &[f64], part: &Part) -> f64 {
    places[part.above] + part.above_share * 0.02
}

fn lower(places: &[f64], part: &Part) -> f64 {
    places[part.below] + part.below_share * 0.02
}

/// The mean place of its neighbours above or below; its own if it has none.
fn middle(cells: &Cells, places: &[f64], cell: usize, downward: bool) -> f64 {
    let parts = if downward {
        &cells.from_above[cell]
    } else {
        &cells.downward[cell]
    };
    let (mut sum, mut weight) = (0.0, 0.0);
    for part in parts.iter().map(|part| &cells.parts[*part]) {
        let place = if downward {
            upper(places, part)
        } else {
            lower(places, part)
        };
        sum += place * part.weight;
        weight += part.weight;
    }
    match cells.cells[cell].hint {
        Some(hint) if parts.is_empty() => hint,
        _ if weight > 0.0 => sum / weight,
        _ => places[cell],
    }
}

/// Swaps neighbours as long as this saves crossings.
fn transpose(cells: &Cells, rows: &mut Rows, places: &mut [f64]) {
    for _ in 0..8 {
        let mut better = false;
        for row in rows.iter_mut() {
            for at in 1..row.len() {
                let (left, right) = (row[at - 1], row[at]);
                if between(cells, places, left, right) > between(cells, places, right, left) {
                    row.swap(at - 1, at);
                    places.swap(left, right);
                    better = true;
                }
            }
        }
        if !better {
            return;
        }
    }
}

/// The crossings of the ways of two cells, if one stands on the left of the other.
fn between(cells: &Cells, places: &[f64], left: usize, right: usize) -> usize {
    let count = |lefts: &[usize], rights: &[usize], place: &dyn Fn(&Part) -> f64| {
        let of = |part: &usize| place(&cells.parts[*part]);
        let rights: Vec<f64> = rights.iter().map(of).collect();
        let lefts = lefts.iter().map(of);
        lefts
            .map(|at| rights.iter().filter(|right| at > **right).count())
            .sum::<usize>()
    };
    let hints = cells.cells[left].hint.zip(cells.cells[right].hint);
    usize::from(hints.is_some_and(|(left, right)| left > right))
        + count(&cells.from_above[left], &cells.from_above[right], &|part| {
            upper(places, part)
        })
        + count(&cells.downward[left], &cells.downward[right], &|part| {
            lower(places, part)
        })
}

/// Also counts neighbours whose ways will cross outside.
fn crossings(cells: &Cells, places: &[f64]) -> u32 {
    let mut count = 0;
    for (index, one) in cells.cells.iter().enumerate() {
        for (other, beside) in cells.cells.iter().enumerate().skip(index + 1) {
            let hints = one.hint.zip(beside.hint).filter(|_| one.row == beside.row);
            let order = places[index] - places[other];
            count += u32::from(hints.is_some_and(|(here, there)| (here - there) * order < 0.0));
        }
    }
    for (index, one) in cells.parts.iter().enumerate() {
        let row = cells.cells[one.above].row;
        for other in &cells.parts[index + 1..] {
            if cells.cells[other.above].row != row {
                continue;
            }
            let above = upper(places, one) - upper(places, other);
            let below = lower(places, one) - lower(places, other);
            if above * below < 0.0 {
                count += 1;
            }
        }
    }
    count
}
