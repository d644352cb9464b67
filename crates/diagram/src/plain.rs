//! The plain picture, for what is too large to be laid out: states in a column, and beside each of them its ways with
//! where they lead. No course leads from state to state, so its work grows with what is drawn and no faster.

use crate::geometry::{Area, Point};
use crate::measure::{DOT, head_size, label_lines, text_size, title_lines};
use crate::picture::{Arrow, Picture};
use crate::plan::{PlacedArrow, PlacedState, Plan};

/// Between a border and what is inside of it, and around the whole.
const PADDING: f64 = 22.0;
/// Between one state and the next.
const GAP: f64 = 14.0;
/// The length of an arrow from a state to the words beside it.
const ARROW: f64 = 44.0;
/// How far from the left a state's stem stands.
const STEM: f64 = 18.0;
/// As much of a side's end as is rounded.
const ROUND: f64 = 5.0;

/// Lays the picture out as a list.
pub(crate) fn lay_out(picture: &Picture) -> Plan {
    let mut list = List::of(picture);
    let mut y = PADDING;
    for state in 0..picture.states.len() {
        if picture.states[state].parent.is_none() {
            y = list.state(state, 0, y) + GAP;
        }
    }
    let entry = list.states[picture.entry.to].area;
    let begin = Point {
        x: PADDING,
        y: entry.top() + DOT * 2.0,
    };
    let end = Point {
        x: entry.left(),
        y: begin.y,
    };
    Plan {
        width: list.right(0) + PADDING,
        height: y - GAP + PADDING,
        states: list.states,
        arrows: list.arrows,
        entry: (begin, vec![begin, end]),
    }
}

struct List<'a> {
    picture: &'a Picture,
    states: Vec<PlacedState>,
    arrows: Vec<PlacedArrow>,
    /// The arrows of each state, in their order.
    leaving: Vec<Vec<usize>>,
    inside: Vec<Vec<usize>>,
    /// Where the column of states ends, and that of words.
    boxes_end: f64,
    words_end: f64,
    depth: f64,
}

impl<'a> List<'a> {
    fn of(picture: &'a Picture) -> Self {
        let count = picture.states.len();
        let mut leaving = vec![vec![]; count];
        let mut inside = vec![vec![]; count];
        for (index, arrow) in picture.arrows.iter().enumerate() {
            leaving[arrow.from].push(index);
        }
        for (state, shape) in picture.states.iter().enumerate() {
            if let Some(parent) = shape.parent {
                inside[parent].push(state);
            }
        }
        let arrows: Vec<PlacedArrow> = picture
            .arrows
            .iter()
            .map(|arrow| unplaced(picture, arrow))
            .collect();
        let boxes = (0..count).map(|state| left(picture, state) + size(picture, state).0);
        let boxes_end = boxes.fold(0.0, f64::max);
        let words = arrows.iter().map(|arrow| arrow.label.width);
        let depth = (0..count).map(|state| indent(picture, state));
        Self {
            states: (0..count)
                .map(|state| unplaced_state(picture, state))
                .collect(),
            words_end: boxes_end + ARROW + words.fold(0.0, f64::max),
            depth: depth.fold(0.0, f64::max),
            boxes_end,
            picture,
            arrows,
            leaving,
            inside,
        }
    }

    /// Where a frame of this depth ends on the right.
    fn right(&self, depth: u8) -> f64 {
        self.words_end + PADDING * (self.depth - f64::from(depth) + 1.0)
    }

    /// Places a state, its ways and what is inside; returns where it ends below.
    fn state(&mut self, state: usize, depth: u8, top: f64) -> f64 {
        let left = left(self.picture, state);
        let (width, height) = size(self.picture, state);
        if !self.picture.states[state].kind.has_inside() {
            let area = from_corner(left, top, width, height);
            self.states[state].area = area;
            return self.ways(state, &area, top).max(top + height);
        }
        let head = from_corner(left + PADDING, top + 8.0, width - PADDING, height);
        let mut y = self.ways(state, &head, top + 8.0).max(head.bottom()) + GAP;
        for inner in self.inside[state].clone() {
            y = self.state(inner, depth + 1, y) + GAP;
        }
        let bottom = y - GAP + PADDING;
        self.states[state].area = from_corner(left, top, self.right(depth) - left, bottom - top);
        self.states[state].head = Some(head);
        if let Some(start) = self.picture.states[state].kind.start() {
            let inner = self.states[start].area;
            let (dot, into) = (head.bottom() - DOT, inner.top() + DOT * 2.0);
            let lane = left + PADDING / 2.0;
            let course = [
                (head.x, dot),
                (lane, dot),
                (lane, into),
                (inner.left(), into),
            ];
            self.states[state].start = course.map(|(x, y)| Point { x, y }).to_vec();
        }
        bottom
    }

    /// The ways of a state, one below the other: those beside it begin at its side, and all others at a stem below it.
    /// Returns where they end.
    fn ways(&mut self, state: usize, own: &Area, top: f64) -> f64 {
        let mut y = top;
        let words = self.boxes_end + ARROW;
        let stem = own.left() + STEM;
        for arrow in &self.leaving[state] {
            let arrow = &mut self.arrows[*arrow];
            let Area { width, height, .. } = arrow.label;
            arrow.label = from_corner(words, y, width, height);
            let level = arrow.label.y;
            let at = |x: f64, y: f64| Point { x, y };
            // Of three points, for an arrow of two may be one that leads back to its own state.
            arrow.course = if level < own.bottom() - ROUND {
                let between = f64::midpoint(own.right(), words);
                vec![at(own.right(), level), at(between, level), at(words, level)]
            } else {
                vec![at(stem, own.bottom()), at(stem, level), at(words, level)]
            };
            y += height + 4.0;
        }
        y
    }
}

/// How deep a state lies, in widths of a border.
fn indent(picture: &Picture, state: usize) -> f64 {
    picture.outward(state).skip(1).map(|_| 1.0).sum()
}

/// Where a state begins on the left: beside the dot where a case begins.
fn left(picture: &Picture, state: usize) -> f64 {
    PADDING * (indent(picture, state) + 1.0) + ARROW
}

fn size(picture: &Picture, state: usize) -> (f64, f64) {
    if picture.states[state].kind.has_inside() {
        let (width, height) = head_size(picture, state);
        (width + PADDING, height)
    } else {
        text_size(picture, state)
    }
}

fn unplaced_state(picture: &Picture, state: usize) -> PlacedState {
    PlacedState {
        area: Area::default(),
        title: title_lines(picture, state),
        reminders: picture.states[state].reminders.clone(),
        head: None,
        start: vec![],
    }
}

/// The words of an arrow, with where it leads behind the last of them.
fn unplaced(picture: &Picture, arrow: &Arrow) -> PlacedArrow {
    let mut lines = label_lines(&arrow.labels);
    if let Some(last) = lines.last_mut() {
        last.text = format!("{} → {}", last.text, picture.states[arrow.to].title);
    }
    PlacedArrow::labelled(arrow, lines)
}

fn from_corner(left: f64, top: f64, width: f64, height: f64) -> Area {
    Area {
        x: left + width / 2.0,
        y: top + height / 2.0,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use crate::geometry::Area;
    use crate::layout;
    use crate::picture::{Entry, Kind, Label, Picture, Shape, Way};

    /// As large as a file may be: 256 states, of which every eighth holds the seven after it, and 2,000 ways.
    fn largest() -> Picture {
        let mut picture = Picture {
            entry: Entry { to: 1 },
            ..Picture::default()
        };
        for at in 0..256 {
            let outer = at % 8 == 0;
            picture.states.push(Shape {
                id: format!("s{at}"),
                title: format!("State {at}"),
                parent: (!outer).then_some(at / 8 * 8),
                kind: if outer {
                    Kind::Outer { start: at + 2 }
                } else {
                    Kind::Plain
                },
                reminders: vec![],
            });
        }
        for way in 0..2000 {
            let label = Label {
                text: format!("way {way}"),
                condition: None,
                kind: Way::Action,
                taken: false,
            };
            picture.add_way(way % 256, (way * 37 + way / 256) % 256, label);
        }
        picture
    }

    #[test]
    fn what_is_too_large_is_a_list_that_holds_everything_once() {
        let picture = largest();
        let ways: usize = picture.arrows.iter().map(|arrow| arrow.labels.len()).sum();
        assert!(picture.arrows.len() > 1900 && ways == 2000);
        // This ends without a single level laid out: no course leads from one state to another.
        let plan = layout::lay_out(&picture);
        let leaf = |at: &usize| !picture.states[*at].kind.has_inside();
        let mut taken: Vec<Area> = (0..256)
            .filter(leaf)
            .map(|at| plan.states[at].area)
            .collect();
        taken.extend(plan.arrows.iter().map(|arrow| arrow.label));
        taken.sort_by(|one, other| one.top().total_cmp(&other.top()));
        for (index, area) in taken.iter().enumerate() {
            assert!(area.left() >= 0.0 && area.right() <= plan.width, "{area:?}");
            assert!(
                area.top() >= 0.0 && area.bottom() <= plan.height,
                "{area:?}"
            );
            let beside = taken[index + 1..].iter();
            let mut beside = beside.take_while(|other| other.top() < area.bottom());
            assert!(!beside.any(|other| area.overlaps(other)), "{area:?}");
        }
        for (arrow, placed) in picture.arrows.iter().zip(&plan.arrows) {
            let last = &placed.lines.last().expect("it has words").text;
            let target = format!(" → {}", picture.states[arrow.to].title);
            assert!(last.ends_with(&target), "{last}");
            let [begin, turn, end] = placed.course[..] else {
                panic!("{:?}", placed.course);
            };
            assert!((turn.y - end.y).abs() < 0.1 && end.x <= placed.label.left() + 0.1);
            let from = &plan.states[arrow.from];
            let own = from.head.unwrap_or(from.area);
            let beside = (begin.x - own.right()).abs() < 0.1 && begin.y < own.bottom();
            let below = (begin.y - own.bottom()).abs() < 0.1 && begin.x < own.right();
            assert!(beside || below, "it begins at its state: {begin:?} {own:?}");
        }
        for (at, shape) in picture.states.iter().enumerate() {
            let Some(parent) = shape.parent else { continue };
            let (inner, outer) = (plan.states[at].area, plan.states[parent].area);
            assert!(outer.top() < inner.top() && inner.bottom() < outer.bottom());
            assert!(outer.left() < inner.left() && inner.right() < outer.right());
        }
    }
}
