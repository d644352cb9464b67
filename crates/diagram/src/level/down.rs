//! How far down everything stands: as high as it may, with the parts of ways that lead across apart from each other.

use super::cells::{Cells, Kind};
use super::ends::Ends;
use super::lanes::{lanes, lines, stretch};
use super::{Laid, Level, Pin};
use crate::geometry::{Area, Point};

/// Between what is pinned to the top and all others.
const BEGIN: f64 = 36.0;

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Item(usize),
    Label(usize),
    /// By its part.
    Run(usize),
}

/// Something that takes room; what is above what stays so.
#[derive(Clone, Copy, Debug)]
struct Block {
    what: What,
    left: f64,
    right: f64,
    height: f64,
    y: f64,
}

impl Block {
    /// How far the other one must lie below, if one of them is above the other at all.
    fn room(&self, other: &Self) -> Option<f64> {
        let (aside, room) = match (self.what, other.what) {
            (What::Item(_), What::Item(_)) => (26.0, 36.0),
            (What::Run(_), What::Run(_)) => (11.0, 12.0),
            (What::Item(_), _) | (_, What::Item(_)) => (12.0, 20.0),
            (What::Label(_), What::Label(_)) => (10.0, 6.0),
            (What::Label(_), What::Run(_)) | (What::Run(_), What::Label(_)) => (10.0, 10.0),
        };
        let over = self.left - aside < other.right && other.left - aside < self.right;
        over.then_some(room)
    }

    fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// What is known before anything gets its height.
struct Sheet<'a> {
    level: &'a Level,
    cells: &'a Cells,
    across: &'a [f64],
    /// Where ways pass their cells.
    lines: Vec<f64>,
    ends: &'a [Ends],
}

/// The last step: everything gets its place, from the left upper corner of the level.
pub(super) fn finish(level: &Level, cells: &Cells, across: &[f64], ends: &[Ends]) -> Laid {
    let sheet = Sheet {
        level,
        cells,
        across,
        lines: lines(cells, across, ends),
        ends,
    };
    let mut blocks = sheet.blocks();
    let height = let_rise(level, &mut blocks) + level.bottom;
    lower_labels(level, &mut blocks);
    sheet.laid(&blocks, height)
}

/// Everything as high as what is above lets it; returns where the lowest ends.
fn let_rise(level: &Level, blocks: &mut [Block]) -> f64 {
    let mut height = level.top;
    // Nothing stands beside the title of what it lies in.
    let mut begun = level.top;
    for index in 0..blocks.len() {
        let (above, rest) = blocks.split_at_mut(index);
        let block = &mut rest[0];
        let rooms = above
            .iter()
            .filter_map(|other| Some(other.bottom() + other.room(block)?));
        let free = matches!(block.what, What::Item(item) if level.items[item].pin == Pin::No);
        block.y = rooms.fold(if free { begun } else { level.top }, f64::max);
        if matches!(block.what, What::Item(_)) && !free {
            begun = begun.max(block.bottom() + BEGIN);
        }
        height = height.max(block.bottom());
    }
    height
}

/// A label stands by the state where its way begins, also if that is the lower one.
fn lower_labels(level: &Level, blocks: &mut [Block]) {
    for index in (0..blocks.len()).rev() {
        let block = blocks[index];
        let What::Label(link) = block.what else {
            continue;
        };
        if !level.links[link].upward {
            continue;
        }
        let below = blocks[index + 1..]
            .iter()
            .filter_map(|other| Some(other.y - block.room(other)? - block.height));
        let lowest = below.fold(f64::MAX, f64::min);
        if lowest < f64::MAX {
            blocks[index].y = lowest.max(block.y);
        }
    }
}

impl Sheet<'_> {
    /// Everything that takes room, from above.
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![];
        for row in 0..self.cells.rows {
            for (index, cell) in self.cells.cells.iter().enumerate() {
                let items = &self.level.items;
                let (what, height) = match cell.kind {
                    _ if cell.row != row => continue,
                    Kind::Item(item) if items[item].pin == Pin::Bottom => continue,
                    Kind::Item(item) => (What::Item(item), items[item].height),
                    Kind::Label(link) => {
                        let label = self.level.links[link].label;
                        (What::Label(link), label.map_or(0.0, |(_, height)| height))
                    }
                    Kind::Passing(_) => continue,
                };
                blocks.push(Block {
                    what,
                    left: self.across[index] - cell.left,
                    right: self.across[index] + cell.right,
                    height,
                    y: 0.0,
                });
            }
            for run in lanes(self.cells, &self.lines, self.ends, row) {
                blocks.push(Block {
                    what: What::Run(run.part),
                    left: run.upper.min(run.lower),
                    right: run.upper.max(run.lower),
                    height: 0.0,
                    y: 0.0,
                });
            }
        }
        blocks
    }

    fn laid(&self, blocks: &[Block], height: f64) -> Laid {
        let left = blocks.iter().map(|block| block.left);
        let left = left.fold(f64::MAX, f64::min);
        let right = blocks.iter().map(|block| block.right);
        let width = right.fold(f64::MIN, f64::max) - left;
        let mut laid = Laid {
            items: vec![Point::default(); self.level.items.len()],
            labels: vec![Area::default(); self.level.links.len()],
            courses: vec![],
            width,
            height,
            cost: width * 0.6 + height * 0.4,
        };
        let mut runs = vec![None; self.cells.parts.len()];
        for block in blocks {
            match block.what {
                What::Item(item) => {
                    laid.items[item] = Point {
                        x: self.across[item] - left,
                        y: block.y,
                    };
                }
                What::Run(part) => runs[part] = Some(block.y),
                What::Label(link) => {
                    laid.labels[link] = Area {
                        x: f64::midpoint(block.left, block.right) - left,
                        y: block.y + block.height / 2.0,
                        width: block.right - block.left,
                        height: block.height,
                    };
                }
            }
        }
        for (item, of_item) in self.level.items.iter().enumerate() {
            if of_item.pin == Pin::Bottom {
                let x = self.across[item] - left;
                laid.items[item] = Point { x, y: height };
            } else if of_item.height == 0.0 {
                laid.items[item].y = 0.0;
            }
        }
        for link in 0..self.level.links.len() {
            let course = self.course(&laid, &runs, link, left);
            for pair in course.windows(2) {
                let aside = (pair[0].x - pair[1].x).abs();
                laid.cost += aside * 0.3 + if aside > 0.5 { 20.0 } else { 0.0 };
            }
            laid.courses.push(course);
        }
        laid
    }

    fn course(&self, laid: &Laid, runs: &[Option<f64>], link: usize, left: f64) -> Vec<Point> {
        let of_link = &self.level.links[link];
        let first = laid.items[of_link.above].y + self.level.items[of_link.above].height;
        let last = laid.items[of_link.below].y;
        let parts = &self.cells.of_link[link];
        let mut course = vec![];
        for (index, part) in parts.iter().enumerate() {
            let (upper, lower) = stretch(self.cells, &self.lines, self.ends, *part);
            let (upper, lower) = (upper - left, lower - left);
            if index == 0 {
                course.push(Point { x: upper, y: first });
            }
            if let Some(y) = runs[*part] {
                course.push(Point { x: upper, y });
                course.push(Point { x: lower, y });
            }
            if index + 1 == parts.len() {
                course.push(Point { x: lower, y: last });
            }
        }
        course
    }
}
