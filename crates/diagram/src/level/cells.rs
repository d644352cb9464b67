//! The cells that rows consist of: items, and for each way one in every row that it passes. Labels lie between ranks.

use super::{Level, Pin};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Item(usize),
    Label(usize),
    Passing(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub kind: Kind,
    pub row: usize,
    pub left: f64,
    pub right: f64,
    pub hint: Option<f64>,
}

/// A part of a way, from a cell to one in the next row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub link: usize,
    pub above: usize,
    pub below: usize,
    /// Where a prescribed end lies on its item, between -0.5 and 0.5; decides which ways cross.
    pub above_share: f64,
    pub below_share: f64,
    pub weight: f64,
}

#[derive(Debug, Default)]
#[expect(
    clippy::struct_field_names,
    reason = "the cells of a level are its cells"
)]
pub(super) struct Cells {
    pub cells: Vec<Cell>,
    pub rows: usize,
    pub parts: Vec<Part>,
    /// The parts of each way, from above.
    pub of_link: Vec<Vec<usize>>,
    /// The parts that end in each cell from above, and that leave it downward.
    pub from_above: Vec<Vec<usize>>,
    pub downward: Vec<Vec<usize>>,
}

impl Cells {
    pub fn of(level: &Level, ranks: &[usize]) -> Self {
        let mut all = Self {
            rows: ranks.iter().max().map_or(0, |last| last * 2 + 1),
            ..Self::default()
        };
        for (index, item) in level.items.iter().enumerate() {
            all.cells.push(Cell {
                kind: Kind::Item(index),
                row: ranks[index] * 2,
                left: item.left,
                right: item.right,
                hint: item.hint,
            });
        }
        for index in 0..level.links.len() {
            all.add_way(level, ranks, index);
        }
        all.from_above = vec![vec![]; all.cells.len()];
        all.downward = vec![vec![]; all.cells.len()];
        for (index, part) in all.parts.iter().enumerate() {
            all.downward[part.above].push(index);
            all.from_above[part.below].push(index);
        }
        all
    }

    fn add_way(&mut self, level: &Level, ranks: &[usize], index: usize) {
        let link = &level.links[index];
        let (first, last) = (ranks[link.above] * 2, ranks[link.below] * 2);
        // Beside the state where it begins, where its reader looks for it.
        let labelled = if link.upward { last - 1 } else { first + 1 };
        let mut parts = vec![];
        let mut above = link.above;
        for row in first + 1..=last {
            let below = if row == last {
                link.below
            } else {
                let label = link.label.filter(|_| row == labelled);
                let side = label.map_or(0.0, |(width, _)| width / 2.0);
                let kind = match label {
                    Some(_) => Kind::Label(index),
                    None => Kind::Passing(index),
                };
                self.cells.push(Cell {
                    kind,
                    row,
                    left: side,
                    right: side,
                    hint: None,
                });
                self.cells.len() - 1
            };
            let share = |at: Option<f64>, item: usize| {
                let item = &level.items[item];
                at.map_or(0.0, |at| 0.45 * at / item.border.max(1.0))
            };
            let inner = row - 1 > first && row < last;
            parts.push(self.parts.len());
            self.parts.push(Part {
                link: index,
                above,
                below,
                above_share: if row == first + 1 {
                    share(link.above_at, link.above)
                } else {
                    0.0
                },
                below_share: if row == last {
                    share(link.below_at, link.below)
                } else {
                    0.0
                },
                weight: link.weight * if inner { 4.0 } else { 1.0 },
            });
            above = below;
        }
        self.of_link.push(parts);
    }

    /// Between the middles of two neighbours in a row.
    pub fn distance(&self, level: &Level, left: usize, right: usize) -> f64 {
        let room = |cell: &Cell| match cell.kind {
            Kind::Item(item) if level.items[item].pin == Pin::No => 17.0,
            Kind::Item(_) => 11.0,
            Kind::Label(_) => 7.0,
            Kind::Passing(_) => 9.0,
        };
        let (left, right) = (&self.cells[left], &self.cells[right]);
        left.right + right.left + room(left) + room(right)
    }
}
