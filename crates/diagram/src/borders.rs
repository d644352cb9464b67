//! The borders of states: drawn close to what is inside, and the ends of arrows spread along them.

use crate::geometry::{Area, Point};
use crate::picture::Picture;
use crate::plan::Plan;
use crate::route::is_loop;

/// The widest distance between two ends on one border.
const SPREAD: f64 = 30.0;
/// Between the upper border of an outer state and its title.
const BORDER: f64 = 12.0;

/// One end of an arrow at a state's border.
pub(crate) struct End {
    pub state: usize,
    /// At the lower border, not the upper one.
    pub below: bool,
    /// None for the way in.
    pub arrow: Option<usize>,
    /// The head of the arrow, not its tail.
    pub finish: bool,
    /// Where the course comes from or goes to: ends are in the order of these.
    pub towards: Point,
}

/// All ends at states without others inside; at those with, courses were cut.
pub(crate) fn ends(picture: &Picture, plan: &Plan) -> Vec<End> {
    let mut ends = vec![];
    for (index, (arrow, placed)) in picture.arrows.iter().zip(&plan.arrows).enumerate() {
        let (Some(first), Some(last)) = (placed.course.first(), placed.course.last()) else {
            continue;
        };
        if is_loop(picture, arrow) {
            continue;
        }
        for (state, towards, finish) in [(arrow.from, *first, false), (arrow.to, *last, true)] {
            if !picture.states[state].kind.has_inside() {
                let below = towards.y > plan.states[state].area.y;
                ends.push(End {
                    state,
                    below,
                    arrow: Some(index),
                    finish,
                    towards,
                });
            }
        }
    }
    ends
}

/// Spreads the ends along each border, in the order of where they lead.
pub(crate) fn spread(plan: &mut Plan, ends: &[End]) {
    for state in 0..plan.states.len() {
        for below in [false, true] {
            let mut here: Vec<&End> = ends
                .iter()
                .filter(|end| (end.state, end.below) == (state, below))
                .collect();
            here.sort_by(|a, b| a.towards.x.total_cmp(&b.towards.x));
            let area = plan.states[state].area;
            let y = if below { area.bottom() } else { area.top() };
            let count = f64::from(u16::try_from(here.len()).unwrap_or(u16::MAX));
            let step = SPREAD.min((area.width - 24.0) / count.max(1.0));
            let first = area.x - step * (count - 1.0) / 2.0;
            for (index, end) in (0u16..).zip(here) {
                let point = Point {
                    x: first + step * f64::from(index),
                    y,
                };
                let course = match end.arrow {
                    Some(arrow) => &mut plan.arrows[arrow].course,
                    None => &mut plan.entry.1,
                };
                if end.finish {
                    course.push(point);
                } else {
                    course.insert(0, point);
                }
            }
        }
    }
}

/// Draws the upper border of outer states close to what is inside; dagre leaves room for borders that are not there.
pub(crate) fn tighten(picture: &Picture, plan: &mut Plan) {
    for state in (0..plan.states.len())
        .rev()
        .filter(|at| picture.states[*at].kind.has_inside())
    {
        let area = plan.states[state].area;
        let head = plan.states[state]
            .head
            .map_or(area.top(), |head| head.top());
        let inside = picture
            .inside(Some(state))
            .map(|at| plan.states[at].area.top())
            .fold(head, f64::min);
        let labels = plan.arrows.iter().map(|arrow| arrow.label);
        let beside =
            labels.filter(|label| area.left() < label.right() && label.left() < area.right());
        let top = beside
            .filter(|label| area.top() < label.bottom() && label.top() < inside)
            .map(|label| label.top())
            .fold(inside, f64::min);
        if top - BORDER > area.top() {
            let bottom = area.bottom();
            let top = top - BORDER;
            plan.states[state].area = Area {
                y: f64::midpoint(top, bottom),
                height: bottom - top,
                ..area
            };
        }
    }
}
