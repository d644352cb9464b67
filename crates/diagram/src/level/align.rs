//! Ways whose cells stand almost in one line are put in one, which the rows, each by itself, do not find.

use super::Level;
use super::across::shifts;
use super::cells::Cells;
use super::ends::Ends;
use std::ops::Range;

/// What a turn counts against a pixel aside.
const TURN: f64 = 30.0;

/// Moves cells of each way, never items, as far as the neighbours let them.
pub(super) fn align(
    level: &Level,
    cells: &Cells,
    rows: &[Vec<usize>],
    ends: &[Ends],
    places: &mut [f64],
) {
    let mut beside = vec![(None, None); cells.cells.len()];
    for row in rows {
        for pair in row.windows(2) {
            beside[pair[0]].1 = Some(pair[1]);
            beside[pair[1]].0 = Some(pair[0]);
        }
    }
    let fits = |cell: usize, place: f64, places: &[f64]| {
        let (left, right): (Option<usize>, Option<usize>) = beside[cell];
        let left = left
            .is_none_or(|left| place - places[left] >= cells.distance(level, left, cell) - 0.01);
        let right = right
            .is_none_or(|right| places[right] - place >= cells.distance(level, cell, right) - 0.01);
        left && right
    };
    for parts in cells.of_link.iter().chain(&cells.of_link) {
        let inner: Vec<usize> = parts
            .iter()
            .skip(1)
            .map(|part| cells.parts[*part].above)
            .collect();
        let wishes: Vec<f64> = parts
            .iter()
            .flat_map(|part| {
                let part = &cells.parts[*part];
                let (above, below) = shifts(cells, ends, part);
                [places[part.above] + above, places[part.below] + below]
            })
            .collect();
        for wish in wishes {
            for span in spans(inner.len()) {
                let moving = &inner[span];
                if !moving.iter().all(|cell| fits(*cell, wish, places)) {
                    continue;
                }
                let before = cost(cells, ends, places, parts);
                let kept: Vec<f64> = moving.iter().map(|cell| places[*cell]).collect();
                for cell in moving {
                    places[*cell] = wish;
                }
                if cost(cells, ends, places, parts) >= before - 0.01 {
                    for (cell, place) in moving.iter().zip(kept) {
                        places[*cell] = place;
                    }
                }
            }
        }
    }
}

/// The whole, and all that begins or ends it.
fn spans(count: usize) -> impl Iterator<Item = Range<usize>> {
    let begins = (1..=count).map(|end| 0..end);
    begins
        .rev()
        .chain((1..count).map(move |begin| begin..count))
}

fn cost(cells: &Cells, ends: &[Ends], places: &[f64], parts: &[usize]) -> f64 {
    let of_part = |part: &usize| {
        let part = &cells.parts[*part];
        let (above, below) = shifts(cells, ends, part);
        let aside = (places[part.above] + above - places[part.below] - below).abs();
        aside + if aside > 0.5 { TURN } else { 0.0 }
    };
    parts.iter().map(of_part).sum()
}
