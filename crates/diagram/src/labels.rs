//! Labels that found no room of their own where the layout put them: moved along their arrow to where they have some.

use crate::geometry::{Area, Point, samples};
use crate::picture::Picture;
use crate::plan::Plan;

/// Moves every label that lies on something to the best place on, or beside, its arrow.
pub(crate) fn settle(picture: &Picture, plan: &mut Plan) {
    let courses: Vec<Vec<Point>> = plan
        .arrows
        .iter()
        .map(|arrow| samples(&arrow.course))
        .collect();
    for index in 0..plan.arrows.len() {
        let now = plan.arrows[index].label;
        let cost = |label: Area, plan: &Plan| cost(picture, plan, &courses, index, label);
        let mut best = (cost(now, plan), now);
        if best.0 == 0.0 {
            continue;
        }
        for place in places(&courses[index], now) {
            let far = (place.x - now.x).hypot(place.y - now.y) / 1000.0;
            let cost = cost(place, plan) + far;
            if cost < best.0 {
                best = (cost, place);
            }
        }
        plan.arrows[index].label = best.1;
    }
}

/// On the course, and on either side of it.
fn places(course: &[Point], label: Area) -> impl Iterator<Item = Area> + '_ {
    course.iter().flat_map(move |point| {
        [0.0, label.width / 2.0 + 6.0, -label.width / 2.0 - 6.0].map(|aside| Area {
            x: point.x + aside,
            y: point.y,
            ..label
        })
    })
}

/// How bad it would be to put the label there; 0 is free.
fn cost(picture: &Picture, plan: &Plan, courses: &[Vec<Point>], index: usize, label: Area) -> f64 {
    let mut cost = 0.0;
    for (at, state) in plan.states.iter().enumerate() {
        let solid = if picture.states[at].kind.has_inside() {
            state.head
        } else {
            Some(state.area)
        };
        if solid.is_some_and(|area| label.overlaps(&area)) {
            cost += 100.0;
        }
    }
    for (other, course) in courses
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != index)
    {
        if label.overlaps(&plan.arrows[other].label) {
            cost += 100.0;
        }
        if course.iter().any(|point| label.holds(*point)) {
            cost += 10.0;
        }
    }
    if label.left() < 4.0 || label.top() < 4.0 {
        cost += 100.0;
    }
    cost
}
