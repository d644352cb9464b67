//! One level of a picture laid out by itself: what stands directly in one state, or at the top, and the ways between.
//!
//! The steps are those of Sugiyama: a rank for each item, an order in each row, then places across and down. Knows
//! neither states nor arrows: whoever asks says what stands for what. Courses are of straight parts, across or down.

mod across;
mod align;
mod cells;
mod down;
mod ends;
mod lanes;
mod order;
mod rank;

use crate::geometry::{Area, Point};
use cells::Cells;

/// A level with more items or ways than this is not laid out, and none that takes more effort.
const ITEMS: usize = 64;
const LINKS: usize = 160;
const EFFORT: usize = 6_000_000;

/// Something that stands on the level. It reaches `left` and `right` from its middle.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub left: f64,
    pub right: f64,
    pub height: f64,
    pub pin: Pin,
    /// Where a way from above meets it if there is but one, from its middle.
    pub top_at: f64,
    /// How far to the left (0) or right (1) its ways go on outside of the level.
    pub hint: Option<f64>,
    /// How wide its border is, from its middle to either side.
    pub border: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pin {
    No,
    /// In the first row.
    Top,
    /// In the last row, on the lower border.
    Bottom,
}

/// A way between two items, laid out downward whatever its direction.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub above: usize,
    pub below: usize,
    /// Where it must meet the item, from its middle; none where it is free.
    pub above_at: Option<f64>,
    pub below_at: Option<f64>,
    /// Width and height.
    pub label: Option<(f64, f64)>,
    /// How much it should be short and straight.
    pub weight: f64,
    /// Its head is at the upper end.
    pub upward: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Level {
    pub items: Vec<Item>,
    pub links: Vec<Link>,
    /// The room above the first row.
    pub top: f64,
    /// The room below all.
    pub bottom: f64,
}

/// The level with coordinates, from its own left upper corner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Laid {
    /// The middle of the upper border of each item.
    pub items: Vec<Point>,
    /// From the upper item to the lower one.
    pub courses: Vec<Vec<Point>>,
    pub labels: Vec<Area>,
    pub width: f64,
    pub height: f64,
    /// How bad it is: crossings, turns and ways aside.
    pub cost: f64,
}

impl Level {
    /// Several orders are tried; the one with the fewest crossings and the straightest ways is taken. `None` if this
    /// would be too much work.
    pub fn lay_out(&self) -> Option<Laid> {
        if self.items.len() > ITEMS || self.links.len() > LINKS {
            return None;
        }
        let ranks = rank::ranks(self);
        let cells = Cells::of(self, &ranks);
        if effort(&cells) > EFFORT {
            return None;
        }
        let orders = order::orders(&cells);
        let rated = orders.into_iter().map(|(crossings, rows)| {
            let mut ends = ends::spread(self, &cells, &rows);
            let mut across = across::places(self, &cells, &rows, &ends);
            ends::straighten(self, &cells, &across, &mut ends);
            across::follow(self, &cells, &rows, &ends, &mut across);
            ends::straighten(self, &cells, &across, &mut ends);
            align::align(self, &cells, &rows, &ends, &mut across);
            ends::snap(self, &cells, &across, &mut ends);
            let mut laid = down::finish(self, &cells, &across, &ends);
            laid.cost += f64::from(crossings) * 150.0;
            laid
        });
        rated.min_by(|one, other| one.cost.total_cmp(&other.cost))
    }
}

/// What one order of the cells costs to judge: each part of a way is held against each other, and each way is
/// straightened between all that it passes.
fn effort(cells: &Cells) -> usize {
    let ways = cells.of_link.iter().map(|parts| parts.len().pow(3) * 4);
    cells.parts.len().pow(2) + ways.sum::<usize>()
}
