//! Small turns are taken out of courses: where a way begins or ends a few pixels beside the line on which it goes on, its end
//! moves along the border, if nothing is in its way there. Levels are laid out one by one and cannot see this.

use crate::geometry::{Area, Point};
use crate::picture::Picture;
use crate::plan::Plan;

/// A turn of so many pixels looks like a mistake; a longer one leads somewhere.
const SMALL: f64 = 8.0;
/// As much of a border's end as is rounded.
const CORNER: f64 = 15.0;
/// Between ways that run side by side, and between their ends.
const APART: f64 = 9.0;
/// Between a way and words or a state.
const CLEAR: f64 = 4.0;

/// Straightens both ends of each way.
pub(crate) fn without_small_turns(picture: &Picture, plan: &mut Plan) {
    for index in 0..plan.arrows.len() {
        let arrow = &picture.arrows[index];
        for (state, end) in [(arrow.from, true), (arrow.to, false)] {
            let mut course = plan.arrows[index].course.clone();
            if !end {
                course.reverse();
            }
            if let Some(mut straight) = without_turn(&course)
                && may_move(plan, index, plan.states[state].area, &straight)
            {
                if !end {
                    straight.reverse();
                }
                plan.arrows[index].course = straight;
            }
        }
    }
}

/// The course without its first turn, if that is small and leads from one upright line to another.
fn without_turn(course: &[Point]) -> Option<Vec<Point>> {
    let [end, turn, back, on, rest @ ..] = course else {
        return None;
    };
    let upright = |one: &Point, other: &Point| (one.x - other.x).abs() < 0.1;
    let aside = (turn.x - back.x).abs();
    let level = (turn.y - back.y).abs() < 0.1;
    let goes_on = (end.y < turn.y) == (back.y < on.y);
    if !upright(end, turn)
        || !upright(back, on)
        || !level
        || !goes_on
        || !(0.1..SMALL).contains(&aside)
    {
        return None;
    }
    let mut straight = vec![
        Point {
            x: back.x,
            y: end.y,
        },
        *on,
    ];
    straight.extend(rest);
    Some(straight)
}

/// Whether the first line of this course of an arrow keeps clear of everything, and its end of the border's corners.
fn may_move(plan: &Plan, index: usize, state: Area, course: &[Point]) -> bool {
    let (end, next) = (course[0], course[1]);
    let on_border = state.left() + CORNER <= end.x && end.x <= state.right() - CORNER;
    let line = Area {
        x: end.x,
        y: f64::midpoint(end.y, next.y),
        width: 0.0,
        height: (end.y - next.y).abs(),
    };
    let meets = |area: &Area, apart: f64| {
        let beside = area.left() - apart < line.x && line.x < area.right() + apart;
        beside && area.top() < line.bottom() && line.top() < area.bottom()
    };
    let own = plan.arrows[index].label;
    // Its own words stay on their line.
    let words_stay = !meets(&own, 0.0) || (own.x - end.x).abs() < 0.1;
    let labels = plan.arrows.iter().enumerate();
    let mut labels = labels.filter(|(other, _)| *other != index);
    let free_of_words = !labels.any(|(_, other)| meets(&other.label, CLEAR));
    let solid = plan.states.iter().filter_map(|placed| match placed.head {
        Some(head) => Some(head),
        None if placed.area == state => None,
        None => Some(placed.area),
    });
    let free_of_states = !{ solid }.any(|area| meets(&area, CLEAR));
    let others = plan.arrows.iter().enumerate();
    let others = others.filter(|(other, _)| *other != index);
    let mut pieces = others.flat_map(|(_, other)| other.course.windows(2));
    let free_of_ways = !pieces.any(|pair| {
        let upright = (pair[0].x - pair[1].x).abs() < 0.1;
        let piece = Area {
            x: f64::midpoint(pair[0].x, pair[1].x),
            y: f64::midpoint(pair[0].y, pair[1].y),
            width: 0.0,
            height: (pair[0].y - pair[1].y).abs(),
        };
        upright && meets(&piece, APART)
    });
    on_border && words_stay && free_of_words && free_of_states && free_of_ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect()
    }

    #[test]
    fn a_small_turn_at_an_end_is_taken_out_and_another_is_not() {
        let small = course(&[
            (10.0, 0.0),
            (10.0, 20.0),
            (13.0, 20.0),
            (13.0, 40.0),
            (90.0, 40.0),
        ]);
        let straight = course(&[(13.0, 0.0), (13.0, 40.0), (90.0, 40.0)]);
        assert_eq!(without_turn(&small), Some(straight));
        for other in [
            course(&[(10.0, 0.0), (10.0, 20.0), (30.0, 20.0), (30.0, 40.0)]),
            course(&[(10.0, 0.0), (10.0, 20.0), (13.0, 20.0), (13.0, 10.0)]),
            course(&[(10.0, 0.0), (10.0, 20.0)]),
        ] {
            assert_eq!(without_turn(&other), None, "{other:?}");
        }
    }
}
