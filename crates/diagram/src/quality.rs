//! What makes a drawing good, as far as it can be measured. Tests only.

use crate::geometry::{Area, samples};
use crate::picture::Picture;
use crate::plan::Plan;

/// Everything that is wrong with a plan, in words.
pub(crate) fn faults(picture: &Picture, plan: &Plan) -> Vec<String> {
    let mut faults = faults_of_states(picture, plan);
    for index in 0..plan.arrows.len() {
        faults.extend(faults_of_label(picture, plan, index));
        faults.extend(faults_of_course(picture, plan, index));
    }
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
    let ends = [picture.arrows[index].from, picture.arrows[index].to];
    for (at, state) in plan.states.iter().enumerate() {
        let other = !picture.states[at].kind.has_inside() && !ends.contains(&at);
        if other && course.iter().any(|point| state.area.holds(*point)) {
            faults.push(format!("{name} runs through {}", picture.states[at].id));
        }
    }
    faults
}

fn name(picture: &Picture, arrow: usize) -> String {
    let arrow = &picture.arrows[arrow];
    format!(
        "{} -> {}",
        picture.states[arrow.from].id, picture.states[arrow.to].id
    )
}
