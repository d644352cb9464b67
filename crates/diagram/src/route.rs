//! The last word on each arrow's course: where it leaves and meets a border, spread along it, cut at outer states.
//!
//! dagre leads all arrows to the middle of a state, and into outer states as far as their head. Here they get ends of
//! their own, straight above or below the border, so that no two share one.

use crate::borders::{End, ends, spread, tighten};
use crate::geometry::{Area, Point};
use crate::labels;
use crate::measure::DOT;
use crate::pen::LOOP;
use crate::picture::{Arrow, Picture};
use crate::plan::{PlacedArrow, Plan};

/// As much of a border's end as is rounded.
const CORNER: f64 = 15.0;

/// Gives every course its final ends, and the plan its size.
pub(crate) fn finish(picture: &Picture, plan: &mut Plan) {
    tighten(picture, plan);
    trim(&mut plan.entry.1);
    for (index, arrow) in picture.arrows.iter().enumerate() {
        if is_loop(picture, arrow) {
            loop_beside(&mut plan.arrows[index], plan.states[arrow.from].area);
            continue;
        }
        let mut course = std::mem::take(&mut plan.arrows[index].course);
        through_label(&mut course, plan.arrows[index].label);
        trim(&mut course);
        let nested =
            picture.contains(arrow.from, arrow.to) || picture.contains(arrow.to, arrow.from);
        cut(picture, plan, arrow.from, &mut course, nested, false);
        cut(picture, plan, arrow.to, &mut course, nested, true);
        plan.arrows[index].course = course;
        keep_label_outside(picture, plan, index, nested);
    }
    let mut ends = ends(picture, plan);
    finish_entry(picture, plan, &mut ends);
    spread(plan, &ends);
    finish_starts(picture, plan);
    labels::settle(picture, plan);
    measure(plan);
}

/// Whether the arrow leads from a state without others inside to itself.
pub(crate) fn is_loop(picture: &Picture, arrow: &Arrow) -> bool {
    arrow.from == arrow.to && !picture.states[arrow.from].kind.has_inside()
}

fn loop_beside(arrow: &mut PlacedArrow, area: Area) {
    let x = area.right();
    arrow.course = vec![Point { x, y: area.y - 9.0 }, Point { x, y: area.y + 9.0 }];
    arrow.label.x = x + LOOP + 4.0 + arrow.label.width / 2.0;
    arrow.label.y = area.y;
}

/// Leads the course straight through its label, so that it bends above and below it and not behind it.
fn through_label(course: &mut Vec<Point>, label: Area) {
    let close = |a: f64, b: f64| (a - b).abs() < 0.5;
    let Some(at) = course
        .iter()
        .position(|point| close(point.x, label.x) && close(point.y, label.y))
    else {
        return;
    };
    let down = course
        .first()
        .zip(course.last())
        .is_some_and(|(first, last)| first.y <= last.y);
    let (above, below) = (
        Point {
            x: label.x,
            y: label.top() - 2.0,
        },
        Point {
            x: label.x,
            y: label.bottom() + 2.0,
        },
    );
    course.splice(at..=at, if down { [above, below] } else { [below, above] });
}

/// Puts the label back on what was left of the course, where the part with the label was cut off.
fn keep_label_outside(picture: &Picture, plan: &mut Plan, index: usize, nested: bool) {
    let (from, to) = (picture.arrows[index].from, picture.arrows[index].to);
    let label = plan.arrows[index].label;
    let inside = [from, to].into_iter().any(|state| {
        picture.states[state].kind.has_inside()
            && plan.states[state].area.holds(Point {
                x: label.x,
                y: label.y,
            })
    });
    if !inside || nested {
        return;
    }
    let course = &plan.arrows[index].course;
    if let (Some(first), Some(last)) = (course.first(), course.last()) {
        let (x, y) = (
            f64::midpoint(first.x, last.x),
            f64::midpoint(first.y, last.y),
        );
        plan.arrows[index].label = Area { x, y, ..label };
    }
}

/// Without the points where dagre met the borders, and without those on a straight line.
fn trim(course: &mut Vec<Point>) {
    if course.len() > 2 {
        course.remove(0);
        course.pop();
    }
    straighten(course);
}

fn straighten(course: &mut Vec<Point>) {
    let mut at = 1;
    while at + 1 < course.len() {
        let same = |a: Point, b: Point| (a.x - b.x).abs() < 0.5;
        if same(course[at - 1], course[at]) && same(course[at], course[at + 1]) {
            course.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Ends the course at the border of a state that has others inside.
fn cut(
    picture: &Picture,
    plan: &Plan,
    state: usize,
    course: &mut Vec<Point>,
    nested: bool,
    at_end: bool,
) {
    if !picture.states[state].kind.has_inside() {
        return;
    }
    let area = plan.states[state].area;
    if at_end {
        course.reverse();
    }
    if nested {
        // From inside to the head, or from the gate to the inside: nothing to cut, only to reach.
        if let (true, Some(head)) = (at_end, plan.states[state].head) {
            let dot = Point {
                x: head.x,
                y: head.bottom() - DOT,
            };
            course.insert(0, dot);
        } else if let (false, [gate, next, ..]) = (at_end, course.as_slice()) {
            let y = if next.y < gate.y {
                area.bottom()
            } else {
                area.top()
            };
            let begin = Point { x: gate.x, y };
            course.insert(0, begin);
        }
    } else {
        let mut crossing = course.first().copied();
        while course.len() > 1 && course.first().is_some_and(|point| area.holds(*point)) {
            crossing = Some(course.remove(0));
        }
        if let (Some(inside), Some(outside)) = (crossing, course.first().copied()) {
            let x = within(area, inside.x);
            let y = if outside.y < area.y {
                area.top()
            } else {
                area.bottom()
            };
            course.insert(0, Point { x, y });
        }
    }
    if at_end {
        course.reverse();
    }
}

fn finish_entry(picture: &Picture, plan: &mut Plan, ends: &mut Vec<End>) {
    let (dot, to) = (plan.entry.0, picture.entry.to);
    let mut course = std::mem::take(&mut plan.entry.1);
    if picture.states[to].kind.has_inside() {
        cut(picture, plan, to, &mut course, false, true);
    } else if let Some(last) = course.last().copied() {
        ends.push(End {
            state: to,
            below: false,
            arrow: None,
            finish: true,
            towards: last,
        });
    }
    course.insert(
        0,
        Point {
            x: dot.x,
            y: dot.y + DOT,
        },
    );
    plan.entry.1 = course;
}

/// From each head's dot to the inner states that begin there.
fn finish_starts(picture: &Picture, plan: &mut Plan) {
    for state in 0..picture.states.len() {
        let Some(head) = plan.states[state].head else {
            continue;
        };
        let crate::picture::Kind::Outer { start } = picture.states[state].kind else {
            continue;
        };
        let inner = plan.states[start].area;
        let begin = Point {
            x: head.x,
            y: head.bottom(),
        };
        plan.states[state].start = vec![
            begin,
            Point {
                x: within(inner, head.x),
                y: inner.top(),
            },
        ];
    }
}

/// Not at a rounded corner.
fn within(area: Area, x: f64) -> f64 {
    x.min(area.right() - CORNER).max(area.left() + CORNER)
}

fn measure(plan: &mut Plan) {
    let (mut right, mut bottom) = (0.0f64, 0.0f64);
    for area in plan
        .states
        .iter()
        .map(|state| state.area)
        .chain(plan.arrows.iter().map(|arrow| arrow.label))
    {
        right = right.max(area.right());
        bottom = bottom.max(area.bottom());
    }
    for point in plan.arrows.iter().flat_map(|arrow| &arrow.course) {
        right = right.max(point.x);
        bottom = bottom.max(point.y);
    }
    plan.width = right + 20.0;
    plan.height = bottom + 20.0;
}
