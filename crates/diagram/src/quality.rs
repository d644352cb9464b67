//! What makes a drawing good, as far as it can be measured. Tests only.

use crate::geometry::{Area, Point, samples};
use crate::picture::Picture;
use crate::plan::Plan;

/// Everything that is wrong with a plan, in words.
pub(crate) fn faults(picture: &Picture, plan: &Plan) -> Vec<String> {
    let mut faults = faults_of_states(picture, plan);
    for index in 0..plan.arrows.len() {
        faults.extend(faults_of_label(picture, plan, index));
        faults.extend(faults_of_course(picture, plan, index));
        faults.extend(faults_of_ends(picture, plan, index));
    }
    faults.extend(faults_of_overlaps(picture, plan));
    faults
}

fn page(plan: &Plan) -> Area {
    Area {
        x: plan.width / 2.0,
        y: plan.height / 2.0,
        width: plan.width,
        height: plan.height,
    }
}

fn is_inside(area: &Area, outer: &Area) -> bool {
    let beside = outer.left() <= area.left() && area.right() <= outer.right();
    beside && outer.top() <= area.top() && area.bottom() <= outer.bottom()
}

fn faults_of_states(picture: &Picture, plan: &Plan) -> Vec<String> {
    let mut faults = vec![];
    for (at, state) in plan.states.iter().enumerate() {
        let id = &picture.states[at].id;
        let outer = picture.states[at]
            .parent
            .map_or(page(plan), |parent| plan.states[parent].area);
        if !is_inside(&state.area, &outer) {
            faults.push(format!("{id} is not inside of what is around it"));
        }
        for (other, placed) in plan.states.iter().enumerate().skip(at + 1) {
            let nested = picture.contains(at, other) || picture.contains(other, at);
            if !nested && state.area.overlaps(&placed.area) {
                faults.push(format!("{id} lies on {}", picture.states[other].id));
            }
        }
    }
    faults
}

fn faults_of_label(picture: &Picture, plan: &Plan, index: usize) -> Vec<String> {
    let mut faults = vec![];
    let (label, name) = (plan.arrows[index].label, name(picture, index));
    if !is_inside(&label, &page(plan)) {
        faults.push(format!("the label of {name} is off the page"));
    }
    for (other, placed) in plan.arrows.iter().enumerate() {
        if index < other && label.overlaps(&placed.label) {
            faults.push(format!(
                "the label of {name} lies on that of {}",
                self::name(picture, other)
            ));
        }
    }
    for (at, state) in plan.states.iter().enumerate() {
        let solid = if picture.states[at].kind.has_inside() {
            state.head
        } else {
            Some(state.area)
        };
        if solid.is_some_and(|area| label.overlaps(&area)) {
            faults.push(format!(
                "the label of {name} lies on {}",
                picture.states[at].id
            ));
        }
    }
    faults
}

fn faults_of_course(picture: &Picture, plan: &Plan, index: usize) -> Vec<String> {
    let mut faults = vec![];
    let name = name(picture, index);
    let course = samples(&plan.arrows[index].course);
    if course.is_empty() {
        faults.push(format!("{name} has no course"));
    }
    if course.iter().any(|point| !page(plan).holds(*point)) {
        faults.push(format!("{name} leaves the page"));
    }
    for (other, placed) in plan
        .arrows
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != index)
    {
        let label = Area {
            width: placed.label.width - 6.0,
            height: placed.label.height - 6.0,
            ..placed.label
        };
        if course.iter().any(|point| label.holds(*point)) {
            faults.push(format!(
                "{name} runs through the label of {}",
                self::name(picture, other)
            ));
        }
    }
    faults
}

/// An arrow leaves and meets a state from outside, and stays out of all that it has nothing to do with.
fn faults_of_ends(picture: &Picture, plan: &Plan, index: usize) -> Vec<String> {
    let mut faults = vec![];
    let name = name(picture, index);
    let arrow = &picture.arrows[index];
    let course = &plan.arrows[index].course;
    let all = samples(course);
    for (at, state) in plan.states.iter().enumerate() {
        let id = &picture.states[at].id;
        let own = picture.contains(at, arrow.from) || picture.contains(at, arrow.to);
        let within = Area {
            width: state.area.width - 2.0,
            height: state.area.height - 2.0,
            ..state.area
        };
        if !own && all.iter().any(|point| within.holds(*point)) {
            faults.push(format!("{name} runs through {id}"));
        }
        let border = state.area.overlaps(&plan.arrows[index].label)
            && !is_inside(&plan.arrows[index].label, &state.area);
        if border {
            faults.push(format!("the label of {name} lies on the border of {id}"));
        }
    }
    let nested = picture.contains(arrow.from, arrow.to) || picture.contains(arrow.to, arrow.from);
    for (end, tip) in [(arrow.from, course.first()), (arrow.to, course.last())] {
        let area = plan.states[end].area;
        let within = Area {
            width: area.width - 2.0,
            height: area.height - 2.0,
            ..area
        };
        let beyond = Area {
            width: area.width + 2.0,
            height: area.height + 2.0,
            ..area
        };
        if nested {
            continue;
        }
        if all.iter().any(|point| within.holds(*point)) {
            faults.push(format!(
                "{name} runs inside of its end {}",
                picture.states[end].id
            ));
        }
        if !tip.is_some_and(|tip| beyond.holds(*tip)) {
            faults.push(format!("{name} does not reach {}", picture.states[end].id));
        }
    }
    faults
}

/// No two courses lie on each other, but where they meet at the same dot.
fn faults_of_overlaps(picture: &Picture, plan: &Plan) -> Vec<String> {
    let mut faults = vec![];
    for (index, one) in plan.arrows.iter().enumerate() {
        for (other, beside) in plan.arrows.iter().enumerate().skip(index + 1) {
            let (from, to) = (&picture.arrows[index], &picture.arrows[other]);
            let restarts = |arrow: &crate::picture::Arrow| picture.contains(arrow.to, arrow.from);
            if from.to == to.to && restarts(from) && restarts(to) {
                continue;
            }
            let together = one.course.windows(2).any(|pair| {
                let mut others = beside.course.windows(2);
                others.any(|other| shared([pair[0], pair[1]], [other[0], other[1]]) > 6.0)
            });
            if together {
                let (name, other) = (name(picture, index), name(picture, other));
                faults.push(format!("{name} runs along {other}"));
            }
        }
    }
    faults
}

/// How far two straight parts run within a few pixels of each other.
fn shared(one: [Point; 2], other: [Point; 2]) -> f64 {
    let common = |a: f64, b: f64, c: f64, d: f64| a.max(b).min(c.max(d)) - a.min(b).max(c.min(d));
    let down = |part: [Point; 2]| (part[0].x - part[1].x).abs() < 0.5;
    match (down(one), down(other)) {
        (true, true) if (one[0].x - other[0].x).abs() < 6.0 => {
            common(one[0].y, one[1].y, other[0].y, other[1].y)
        }
        (false, false) if (one[0].y - other[0].y).abs() < 6.0 => {
            common(one[0].x, one[1].x, other[0].x, other[1].x)
        }
        _ => 0.0,
    }
}

fn name(picture: &Picture, arrow: usize) -> String {
    let arrow = &picture.arrows[arrow];
    format!(
        "{} -> {}",
        picture.states[arrow.from].id, picture.states[arrow.to].id
    )
}
