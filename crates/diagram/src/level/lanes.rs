//! The parts of ways that lead across: where they begin and end, and which of them lies above which.

use super::cells::{Cell, Cells, Kind};
use super::ends::Ends;

/// A part of a way that leads across.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub part: usize,
    /// Where it comes from above, and goes on below.
    pub upper: f64,
    pub lower: f64,
}

impl Run {
    fn spans(&self, x: f64) -> bool {
        (self.upper.min(self.lower) - 1.0..self.upper.max(self.lower) + 1.0).contains(&x)
    }
}

/// How many pairs of runs are looked at at most to bring those below one row into order.
const LOOKS: usize = 10_000_000;

/// Where a part of a way begins above, and ends below.
pub(super) fn stretch(cells: &Cells, lines: &[f64], ends: &[Ends], part: usize) -> (f64, f64) {
    let part = &cells.parts[part];
    let (above, below) = super::across::shifts(cells, ends, part);
    (lines[part.above] + above, lines[part.below] + below)
}

/// The parts that lead across below a row, in the order from above that crosses least.
pub(super) fn lanes(cells: &Cells, lines: &[f64], ends: &[Ends], row: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = (0..cells.parts.len())
        .filter(|part| cells.cells[cells.parts[*part].above].row == row)
        .map(|part| {
            let (upper, lower) = stretch(cells, lines, ends, part);
            Run { part, upper, lower }
        })
        .filter(|run| (run.upper - run.lower).abs() > 0.5)
        .collect();
    // One try holds each run against each other.
    let tries = LOOKS / runs.len().pow(2).max(1);
    let rounds = (tries / runs.len().pow(2).max(1)).min(runs.len());
    for _ in 0..rounds {
        let mut better = false;
        for from in 0..runs.len() {
            for to in 0..runs.len() {
                let mut tried = runs.clone();
                let run = tried.remove(from);
                tried.insert(to, run);
                if badness(&tried) < badness(&runs) {
                    runs = tried;
                    better = true;
                }
            }
        }
        if !better {
            break;
        }
    }
    runs
}

/// How often the runs cross, and above all lie on each other, in this order from above.
fn badness(runs: &[Run]) -> u32 {
    let mut bad = 0;
    for (index, above) in runs.iter().enumerate() {
        for below in &runs[index + 1..] {
            bad += u32::from(above.spans(below.upper)) + u32::from(below.spans(above.lower));
            if (above.lower - below.upper).abs() < 8.0 {
                bad += 20;
            }
        }
    }
    bad
}

/// How far from the middle of its label a way may pass.
pub(super) fn beside_middle(cell: &Cell) -> f64 {
    (cell.left - 8.0).clamp(0.0, 18.0)
}

/// Where ways pass their cells: the middle, but beside the middle of a label where that saves a turn.
pub(super) fn lines(cells: &Cells, across: &[f64], ends: &[Ends]) -> Vec<f64> {
    let mut lines = across.to_vec();
    for (index, cell) in cells.cells.iter().enumerate() {
        let (Kind::Label(_), [above], [below]) = (
            cell.kind,
            cells.from_above[index].as_slice(),
            cells.downward[index].as_slice(),
        ) else {
            continue;
        };
        let (upper, _) = stretch(cells, &lines, ends, *above);
        let (_, lower) = stretch(cells, &lines, ends, *below);
        let turns = |x: f64| u8::from((x - upper).abs() > 0.5) + u8::from((x - lower).abs() > 0.5);
        let most = beside_middle(cell);
        for x in [upper, lower] {
            if (x - across[index]).abs() <= most && turns(x) < turns(lines[index]) {
                lines[index] = x;
            }
        }
    }
    lines
}
