//! Where everything goes: boxes, labels and the course of each arrow. Nothing is drawn here.
//!
//! Each state with others inside is a level of its own, laid out before the level that it stands on. An arrow that
//! leads over its border is cut there: inside it ends at a *port* on the border, and outside it goes on from the same
//! point. So no course enters a frame but that of its own ends, and all borders are crossed from the right side.

use crate::geometry::{Area, Point};
use crate::level::{Item, Laid, Level, Link, Pin};
use crate::measure::{
    BAR, DOT, LOOP_ROOM, head_size, label_lines, label_size, state_size, title_lines,
};
use crate::picture::{Arrow, Picture, Way};
use crate::plain;
use crate::plan::{PlacedArrow, PlacedState, Plan};
use crate::straight::without_small_turns;
use crate::wiring::{Line, OneLevel, Step, What, Wiring};

/// Between a border and what is inside of it.
const PADDING: f64 = 22.0;
/// Around the whole.
const MARGIN: f64 = 20.0;

/// How often the inside of states is ordered by what is around them.
const ROUNDS: usize = 3;

/// More states than this are listed, not laid out, and more arrows.
const STATES: usize = 100;
const ARROWS: usize = 300;

/// Lays the picture out; as a list if that would be too much work.
pub(crate) fn lay_out(picture: &Picture) -> Plan {
    woven(picture).unwrap_or_else(|| plain::lay_out(picture))
}

/// Lays the picture out from the inside out, and puts it together from the outside in. Once it is known where ways go
/// on outside, this is done again, and the best is taken. `None` if it is too large for that.
pub(crate) fn woven(picture: &Picture) -> Option<Plan> {
    if picture.states.len() > STATES || picture.arrows.len() > ARROWS {
        return None;
    }
    let wiring = Wiring::of(picture);
    let mut best: Option<(f64, Vec<Laid>)> = None;
    let mut outside: Vec<Vec<Option<f64>>> = wiring
        .levels
        .iter()
        .map(|own| vec![None; own.items.len()])
        .collect();
    for _ in 0..ROUNDS {
        let laid = lay_out_levels(picture, &wiring, &outside)?;
        outside = hints(&wiring, &laid);
        let cost = laid.iter().map(|level| level.cost).sum();
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, laid));
        }
    }
    let mut plan = assemble(picture, &wiring, &best?.1);
    without_small_turns(picture, &mut plan);
    Some(plan)
}

fn lay_out_levels(
    picture: &Picture,
    wiring: &Wiring,
    outside: &[Vec<Option<f64>>],
) -> Option<Vec<Laid>> {
    let mut laid: Vec<Option<Laid>> = vec![None; wiring.levels.len()];
    for index in (0..wiring.levels.len()).rev() {
        let mut level = level(picture, wiring, &laid, index);
        for (item, hint) in level.items.iter_mut().zip(&outside[index]) {
            item.hint = *hint;
        }
        laid[index] = Some(level.lay_out()?);
    }
    laid.into_iter().collect()
}

/// In which order the ways over a border go on outside, for each item of each level, between 0 and 1.
fn hints(wiring: &Wiring, laid: &[Laid]) -> Vec<Vec<Option<f64>>> {
    let of_level = |own: &OneLevel| {
        let around = own.frame.and_then(|frame| wiring.around(frame));
        let places: Vec<Option<f64>> = own
            .items
            .iter()
            .map(|what| {
                let (level, state) = around?;
                let links = wiring.levels[level].links.iter().enumerate();
                let mut found = links.filter(|(_, step)| match *what {
                    What::Port { line, .. } => step.line == line,
                    // What leads to the state itself leads to its dot.
                    What::Begin => step.below == state && own.port(step.line).is_none(),
                    What::State(_) => false,
                });
                let (link, step) = found.next()?;
                let outer = &laid[level];
                let far = if step.above == state {
                    step.below
                } else {
                    step.above
                };
                Some(if step.labelled {
                    outer.labels[link].x
                } else {
                    outer.items[far].x
                })
            })
            .collect();
        let known = || places.iter().flatten();
        let left = known().copied().fold(f64::MAX, f64::min);
        let right = known().copied().fold(f64::MIN, f64::max);
        let share = |place: f64| (place - left + 1.0) / (right - left + 2.0);
        places.iter().map(|place| place.map(share)).collect()
    };
    wiring.levels.iter().map(of_level).collect()
}

/// The level with sizes: those inside are laid out already.
fn level(picture: &Picture, wiring: &Wiring, laid: &[Option<Laid>], index: usize) -> Level {
    let own = &wiring.levels[index];
    let items = own.items.iter().map(|what| match *what {
        What::Begin => begin(picture, own.frame),
        What::Port { top, .. } => Item {
            left: 0.0,
            right: 0.0,
            height: 0.0,
            pin: if top { Pin::Top } else { Pin::Bottom },
            top_at: 0.0,
            hint: None,
            border: 0.0,
        },
        What::State(state) => stated(picture, wiring, laid, state),
    });
    let items: Vec<Item> = items.collect();
    let links = own.links.iter().map(|step| {
        let end = |what: usize| match own.items[what] {
            What::State(state) => port_at(picture, wiring, laid, state, step.line),
            What::Begin | What::Port { .. } => None,
        };
        let (label, weight) = match step.line {
            Line::Arrow(arrow) => {
                let arrow = &picture.arrows[arrow];
                let label = step
                    .labelled
                    .then(|| label_size(&label_lines(&arrow.labels)));
                (label, weight(picture, arrow))
            }
            Line::Entry | Line::Start(_) => (None, 3.0),
        };
        Link {
            above: step.above,
            below: step.below,
            above_at: end(step.above),
            below_at: end(step.below),
            label,
            weight,
            upward: step.upward,
        }
    });
    Level {
        links: links.collect(),
        items,
        top: if own.frame.is_some() { 12.0 } else { 0.0 },
        bottom: if own.frame.is_some() { PADDING } else { 0.0 },
    }
}

/// The first way onward from each state is the one to be followed.
fn weight(picture: &Picture, arrow: &Arrow) -> f64 {
    let onward = |arrow: &&Arrow| {
        arrow.from < arrow.to && arrow.labels.iter().any(|label| label.kind != Way::Timer)
    };
    let mut of_state = picture.arrows.iter().filter(|one| one.from == arrow.from);
    match of_state.find(onward) {
        Some(first) if first == arrow => 4.0,
        _ if onward(&arrow) => 2.0,
        _ => 1.0,
    }
}

fn begin(picture: &Picture, frame: Option<usize>) -> Item {
    let (width, height) = frame.map_or((DOT * 2.0, DOT * 2.0), |frame| head_size(picture, frame));
    Item {
        left: width / 2.0,
        right: width / 2.0,
        height,
        pin: Pin::Top,
        top_at: 0.0,
        hint: None,
        border: DOT,
    }
}

fn stated(picture: &Picture, wiring: &Wiring, laid: &[Option<Laid>], state: usize) -> Item {
    let inner = wiring
        .level_of(state)
        .and_then(|level| laid[level].as_ref());
    let (width, mut height) = match inner {
        Some(inner) => frame_size(inner),
        None => state_size(picture, state),
    };
    let mut right = width / 2.0;
    if let Some(arrow) = picture.arrows.iter().find(|arrow| loops(arrow, state)) {
        let label = label_size(&label_lines(&arrow.labels));
        right += LOOP_ROOM + label.0;
        height = height.max(label.1);
    }
    Item {
        left: width / 2.0,
        right,
        height,
        pin: Pin::No,
        top_at: inner.map_or(0.0, |inner| inner.items[0].x + PADDING - width / 2.0),
        hint: None,
        border: width / 2.0,
    }
}

fn loops(arrow: &Arrow, state: usize) -> bool {
    (arrow.from, arrow.to) == (state, state)
}

fn frame_size(inner: &Laid) -> (f64, f64) {
    (inner.width + PADDING * 2.0, inner.height)
}

/// Where the line crosses the border of a state, from the middle of the state.
fn port_at(
    picture: &Picture,
    wiring: &Wiring,
    laid: &[Option<Laid>],
    state: usize,
    line: Line,
) -> Option<f64> {
    if !picture.states[state].kind.has_inside() {
        return None;
    }
    let level = wiring.level_of(state)?;
    let port = wiring.levels[level].port(line)?;
    let inner = laid[level].as_ref()?;
    Some(inner.items[port].x + PADDING - frame_size(inner).0 / 2.0)
}

/// The levels on one sheet.
fn assemble(picture: &Picture, wiring: &Wiring, laid: &[Laid]) -> Plan {
    let mut plan = Plan {
        width: laid[0].width + MARGIN * 2.0,
        height: laid[0].height + MARGIN * 2.0,
        states: (0..picture.states.len())
            .map(|state| unplaced(picture, state))
            .collect(),
        arrows: picture
            .arrows
            .iter()
            .map(PlacedArrow::without_course)
            .collect(),
        entry: (Point::default(), vec![]),
    };
    // Where each level begins on the sheet: outer levels come first.
    let mut origins = vec![
        Point {
            x: MARGIN,
            y: MARGIN
        };
        laid.len()
    ];
    for (index, (own, inner)) in wiring.levels.iter().zip(laid).enumerate() {
        let origin = origins[index];
        for (what, at) in own.items.iter().zip(&inner.items) {
            let at = moved(*at, origin);
            match (*what, own.frame) {
                (What::State(state), _) => {
                    let level = wiring.level_of(state);
                    let (width, height) = level.map_or_else(
                        || state_size(picture, state),
                        |level| frame_size(&laid[level]),
                    );
                    plan.states[state].area = below(at, width, height);
                    if let Some(level) = level {
                        origins[level] = Point {
                            x: at.x - width / 2.0 + PADDING,
                            y: at.y,
                        };
                    }
                }
                (What::Begin, Some(frame)) => {
                    let (width, height) = head_size(picture, frame);
                    plan.states[frame].head = Some(below(at, width, height));
                }
                (What::Begin, None) => {
                    plan.entry.0 = Point {
                        y: at.y + DOT,
                        ..at
                    }
                }
                (What::Port { .. }, _) => {}
            }
        }
    }
    for line in wiring.lines(picture) {
        draw_line(wiring, laid, &origins, line, &mut plan);
    }
    for (arrow, placed) in picture.arrows.iter().zip(&mut plan.arrows) {
        if arrow.from == arrow.to {
            loop_beside(placed, plan.states[arrow.from].area);
        }
    }
    plan
}

fn unplaced(picture: &Picture, state: usize) -> PlacedState {
    PlacedState {
        area: Area::default(),
        title: title_lines(picture, state),
        reminders: picture.states[state].reminders.clone(),
        head: None,
        start: vec![],
    }
}

/// The whole course of a line, over all levels that it passes, and its label.
fn draw_line(wiring: &Wiring, laid: &[Laid], origins: &[Point], line: Line, plan: &mut Plan) {
    let mut course: Vec<Point> = vec![];
    for (level, index) in wiring.way_of(line) {
        let step: &Step = &wiring.levels[level].links[index];
        let mut part = laid[level].courses[index]
            .iter()
            .map(|at| moved(*at, origins[level]))
            .collect::<Vec<_>>();
        if step.upward {
            part.reverse();
        }
        course.append(&mut part);
        if let (Line::Arrow(arrow), true) = (line, step.labelled) {
            let label = laid[level].labels[index];
            let at = Point {
                x: label.x,
                y: label.y,
            };
            let at = moved(at, origins[level]);
            plan.arrows[arrow].label = Area {
                x: at.x,
                y: at.y,
                ..label
            };
        }
        if let (true, Some(frame)) = (step.restart, wiring.levels[level].frame)
            && let (Some(last), Some(head)) = (course.last_mut(), plan.states[frame].head)
        {
            // From the side to the dot, or the bar of tracks, where the inside begins.
            last.y = head.bottom() - DOT;
            let half = if wiring.levels[level].tracks {
                BAR
            } else {
                DOT
            };
            let side = if last.x < head.x { -half } else { half };
            let dot = Point {
                x: head.x + side,
                y: last.y,
            };
            course.push(dot);
        }
    }
    straighten(&mut course);
    match line {
        Line::Arrow(arrow) => plan.arrows[arrow].course = course,
        Line::Entry => plan.entry.1 = course,
        Line::Start(frame) => plan.states[frame].start = course,
    }
}

/// Without points on the way between others.
fn straighten(course: &mut Vec<Point>) {
    let same = |one: f64, other: f64| (one - other).abs() < 0.5;
    let mut at = 1;
    while at + 1 < course.len() {
        let (before, here, after) = (course[at - 1], course[at], course[at + 1]);
        let down = same(before.x, here.x) && same(here.x, after.x);
        let across = same(before.y, here.y) && same(here.y, after.y);
        if down || across {
            course.remove(at);
        } else {
            at += 1;
        }
    }
}

fn loop_beside(arrow: &mut PlacedArrow, area: Area) {
    let x = area.right();
    arrow.course = vec![Point { x, y: area.y - 9.0 }, Point { x, y: area.y + 9.0 }];
    arrow.label.x = x + LOOP_ROOM - 10.0 + arrow.label.width / 2.0;
    arrow.label.y = area.y;
}

fn moved(at: Point, by: Point) -> Point {
    Point {
        x: at.x + by.x,
        y: at.y + by.y,
    }
}

/// With this middle of its upper border.
fn below(at: Point, width: f64, height: f64) -> Area {
    Area {
        x: at.x,
        y: at.y + height / 2.0,
        width,
        height,
    }
}
