//! How far down everything stands: as high as it may, with the parts of ways that lead across apart from each other.

use super::cells::{Cells, Kind};
use super::ends::Ends;
use super::{Laid, Level, Pin};
use crate::geometry::{Area, Point};

/// A part of a way that leads across.
#[derive(Clone, Copy, Debug)]
struct Run {
    part: usize,
    /// Where it comes from above, and goes on below.
    upper: f64,
    lower: f64,
}

impl Run {
    fn spans(&self, x: f64) -> bool {
        (self.upper.min(self.lower) - 1.0..self.upper.max(self.lower) + 1.0).contains(&x)
    }
}

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

/// The last step: everything gets its place, from the left upper corner of the level.
pub(super) fn finish(level: &Level, cells: &Cells, across: &[f64], ends: &[Ends]) -> Laid {
    let mut blocks = blocks(level, cells, across, ends);
    let mut height = level.top;
    for index in 0..blocks.len() {
        let (above, rest) = blocks.split_at_mut(index);
        let block = &mut rest[0];
        let rooms = above
            .iter()
            .filter_map(|other| Some(other.bottom() + other.room(block)?));
        block.y = rooms.fold(level.top, f64::max);
        height = height.max(block.bottom());
    }
    lower_labels(level, &mut blocks);
    let height = height + level.bottom;
    let left = blocks
        .iter()
        .map(|block| block.left)
        .fold(f64::MAX, f64::min);
    let right = blocks
        .iter()
        .map(|block| block.right)
        .fold(f64::MIN, f64::max);
    let mut laid = Laid {
        items: vec![Point::default(); level.items.len()],
        labels: vec![Area::default(); level.links.len()],
        courses: vec![],
        width: right - left,
        height,
        cost: (right - left) * 0.6 + height * 0.4,
    };
    let mut runs = vec![None; cells.parts.len()];
    for block in &blocks {
        let x = across_of(cells, across, block.what) - left;
        match block.what {
            What::Item(item) => laid.items[item] = Point { x, y: block.y },
            What::Run(part) => runs[part] = Some(block.y),
            What::Label(link) => {
                laid.labels[link] = Area {
                    x,
                    y: block.y + block.height / 2.0,
                    width: block.right - block.left,
                    height: block.height,
                };
            }
        }
    }
    for (item, of_item) in level.items.iter().enumerate() {
        if of_item.pin == Pin::Bottom {
            let x = across[item] - left;
            laid.items[item] = Point { x, y: height };
        } else if of_item.height == 0.0 {
            laid.items[item].y = 0.0;
        }
    }
    for link in 0..level.links.len() {
        let course = course(level, cells, across, ends, &laid, &runs, link, left);
        for pair in course.windows(2) {
            let aside = (pair[0].x - pair[1].x).abs();
            laid.cost += aside * 0.3 + if aside > 0.5 { 20.0 } else { 0.0 };
        }
        laid.courses.push(course);
    }
    laid
}

fn across_of(cells: &Cells, across: &[f64], what: What) -> f64 {
    match what {
        What::Item(item) => across[item],
        What::Run(_) => 0.0,
        What::Label(link) => cells
            .cells
            .iter()
            .position(|cell| cell.kind == Kind::Label(link))
            .map_or(0.0, |cell| across[cell]),
    }
}

/// Everything that takes room, from above.
fn blocks(level: &Level, cells: &Cells, across: &[f64], ends: &[Ends]) -> Vec<Block> {
    let mut blocks = vec![];
    for row in 0..cells.rows {
        for (index, cell) in cells.cells.iter().enumerate() {
            let (what, height) = match cell.kind {
                _ if cell.row != row => continue,
                Kind::Item(item) if level.items[item].pin == Pin::Bottom => continue,
                Kind::Item(item) => (What::Item(item), level.items[item].height),
                Kind::Label(link) => {
                    let height = level.links[link].label.map_or(0.0, |(_, height)| height);
                    (What::Label(link), height)
                }
                Kind::Passing(_) => continue,
            };
            blocks.push(Block {
                what,
                left: across[index] - cell.left,
                right: across[index] + cell.right,
                height,
                y: 0.0,
            });
        }
        for run in lanes(cells, across, ends, row) {
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

fn stretch(cells: &Cells, across: &[f64], ends: &[Ends], part: usize) -> (f64, f64) {
    let part = &cells.parts[part];
    let (above, below) = super::across::shifts(cells, ends, part);
    (across[part.above] + above, across[part.below] + below)
}

/// The parts that lead across below a row, in the order from above that crosses least.
fn lanes(cells: &Cells, across: &[f64], ends: &[Ends], row: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = (0..cells.parts.len())
        .filter(|part| cells.cells[cells.parts[*part].above].row == row)
        .map(|part| {
            let (upper, lower) = stretch(cells, across, ends, part);
            Run { part, upper, lower }
        })
        .filter(|run| (run.upper - run.lower).abs() > 0.5)
        .collect();
    for _ in 0..runs.len() {
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

#[expect(clippy::too_many_arguments, reason = "all of the level's coordinates")]
fn course(
    level: &Level,
    cells: &Cells,
    across: &[f64],
    ends: &[Ends],
    laid: &Laid,
    runs: &[Option<f64>],
    link: usize,
    left: f64,
) -> Vec<Point> {
    let of_link = &level.links[link];
    let first = laid.items[of_link.above].y + level.items[of_link.above].height;
    let last = laid.items[of_link.below].y;
    let mut course = vec![];
    for (index, part) in cells.of_link[link].iter().enumerate() {
        let (upper, lower) = stretch(cells, across, ends, *part);
        if index == 0 {
            course.push(Point {
                x: upper - left,
                y: first,
            });
        }
        if let Some(y) = runs[*part] {
            course.push(Point { x: upper - left, y });
            course.push(Point { x: lower - left, y });
        }
        if index + 1 == cells.of_link[link].len() {
            course.push(Point {
                x: lower - left,
                y: last,
            });
        }
    }
    course
}
