//! How good a plan is, so that the best of several can be taken.

use crate::geometry::samples;
use crate::picture::Picture;
use crate::plan::Plan;

/// Less is better: long ways aside, and above all ways through states, cost.
pub(crate) fn cost(picture: &Picture, plan: &Plan) -> f64 {
    let arrows = picture.arrows.iter().zip(&plan.arrows);
    let of_arrows: f64 = arrows
        .map(|(arrow, placed)| {
            let course = samples(&placed.course);
            let aside: f64 = placed
                .course
                .windows(2)
                .map(|pair| (pair[0].x - pair[1].x).abs())
                .sum();
            let through = plan.states.iter().enumerate().filter(|(at, state)| {
                let other =
                    !picture.states[*at].kind.has_inside() && *at != arrow.from && *at != arrow.to;
                other && course.iter().any(|point| state.area.holds(*point))
            });
            through.fold(aside, |cost, _| cost + 10_000.0)
        })
        .sum();
    of_arrows + plan.width + plan.height
}
