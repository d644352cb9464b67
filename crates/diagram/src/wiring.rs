//! What stands on which level, and which levels each line passes: an arrow, the way in, the start inside a state.
//!
//! Here it is decided which way leads down and which leads back up; sizes and places are unknown.

use crate::picture::{Kind, Picture};

/// Something that is drawn from one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Arrow(usize),
    /// From the dot where a case begins.
    Entry,
    /// From the dot inside this state.
    Start(usize),
}

/// What stands on a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The dot where something begins, with the title of a state; always the first of its level.
    Begin,
    State(usize),
    /// Where a line crosses the border.
    Port {
        line: Line,
        top: bool,
    },
}

/// The part of a line that lies on one level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub line: Line,
    /// Positions in the level's items.
    pub above: usize,
    pub below: usize,
    /// The line leads from below to above.
    pub upward: bool,
    /// The label stands on this part.
    pub labelled: bool,
    /// It ends at the dot of its level's own state, which begins anew.
    pub restart: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct OneLevel {
    /// The state that it is the inside of; none at the top.
    pub frame: Option<usize>,
    /// What is inside runs all at once.
    pub tracks: bool,
    pub items: Vec<What>,
    pub links: Vec<Step>,
}

impl OneLevel {
    fn find(&self, what: What) -> Option<usize> {
        self.items.iter().position(|item| *item == what)
    }

    /// The port of a line in the border.
    pub fn port(&self, line: Line) -> Option<usize> {
        let [top, bottom] = [true, false].map(|top| self.find(What::Port { line, top }));
        top.or(bottom)
    }

    fn add(&mut self, what: What) -> usize {
        self.find(what).unwrap_or_else(|| {
            self.items.push(what);
            self.items.len() - 1
        })
    }
}

/// Outer levels come before inner ones.
#[derive(Clone, Debug)]
pub(crate) struct Wiring {
    pub levels: Vec<OneLevel>,
}

impl Wiring {
    pub fn of(picture: &Picture) -> Self {
        let inside = |frame: Option<usize>| OneLevel {
            frame,
            tracks: frame.is_some_and(|frame| picture.states[frame].kind == Kind::Tracks),
            items: [What::Begin]
                .into_iter()
                .chain(picture.inside(frame).map(What::State))
                .collect(),
            links: vec![],
        };
        let mut frames: Vec<usize> = (0..picture.states.len())
            .filter(|state| picture.states[*state].kind.has_inside())
            .collect();
        frames.sort_by_key(|state| picture.outward(*state).count());
        let levels = [None].into_iter().chain(frames.into_iter().map(Some));
        let mut wiring = Self {
            levels: levels.map(inside).collect(),
        };
        wiring.add_line(picture, Line::Entry, None, picture.entry.to);
        for level in 0..wiring.levels.len() {
            let frame = wiring.levels[level].frame;
            let start = frame.and_then(|frame| picture.states[frame].kind.start());
            if let (Some(frame), Some(start)) = (frame, start) {
                wiring.add_line(picture, Line::Start(frame), Some(frame), start);
            }
        }
        let back = backward(picture);
        for (index, arrow) in picture.arrows.iter().enumerate() {
            if arrow.from != arrow.to {
                wiring.add_arrow(picture, index, &back);
            }
        }
        wiring
    }

    /// The level inside of a state.
    pub fn level_of(&self, state: usize) -> Option<usize> {
        self.levels
            .iter()
            .position(|level| level.frame == Some(state))
    }

    /// The level that a state stands on, and which item of it the state is.
    pub fn around(&self, state: usize) -> Option<(usize, usize)> {
        let mut levels = self.levels.iter().enumerate();
        levels.find_map(|(level, own)| Some((level, own.find(What::State(state))?)))
    }

    pub fn lines(&self, picture: &Picture) -> Vec<Line> {
        let frames = self.levels.iter().filter_map(|level| level.frame);
        let arrows = (0..picture.arrows.len()).map(Line::Arrow);
        [Line::Entry]
            .into_iter()
            .chain(frames.map(Line::Start))
            .chain(arrows)
            .collect()
    }

    /// The parts of a line, in its direction, as level and link.
    pub fn way_of(&self, line: Line) -> Vec<(usize, usize)> {
        let mut parts = vec![];
        for (level, own) in self.levels.iter().enumerate() {
            let found = own.links.iter().position(|step| step.line == line);
            parts.extend(found.map(|link| (level, link)));
        }
        let inner = |(level, link): &(usize, usize)| {
            let step = &self.levels[*level].links[*link];
            // On the way out of a state, its inner levels come first; on the way in they come last.
            !step.labelled && self.leads_out(*level, step)
        };
        let (mut out, inward): (Vec<_>, Vec<_>) = parts.into_iter().partition(inner);
        out.reverse();
        out.extend(inward);
        out
    }

    fn leads_out(&self, level: usize, step: &Step) -> bool {
        let end = if step.upward { step.above } else { step.below };
        matches!(self.levels[level].items[end], What::Port { .. })
    }

    /// From a level's dot to a state in it, however deep.
    fn add_line(&mut self, picture: &Picture, line: Line, frame: Option<usize>, to: usize) {
        let level = self.at(frame);
        let child = child(picture, frame, to);
        let Some(below) = self.levels[level].find(What::State(child)) else {
            return;
        };
        self.levels[level].links.push(Step {
            line,
            above: 0,
            below,
            upward: false,
            labelled: false,
            restart: false,
        });
        self.add_inner(picture, line, child, to, true, false);
    }

    fn at(&self, frame: Option<usize>) -> usize {
        frame
            .and_then(|frame| self.level_of(frame))
            .unwrap_or_default()
    }

    fn add_arrow(&mut self, picture: &Picture, index: usize, back: &[Vec<bool>]) {
        let (from, to) = (picture.arrows[index].from, picture.arrows[index].to);
        let line = Line::Arrow(index);
        if picture.contains(from, to) {
            let level = self.at(Some(from));
            let child = child(picture, Some(from), to);
            let above = self.levels[level].add(What::Port { line, top: true });
            self.link(level, line, (above, child), false, false);
            self.add_inner(picture, line, child, to, true, false);
        } else if picture.contains(to, from) {
            let level = self.at(Some(to));
            let child = child(picture, Some(to), from);
            let above = self.levels[level].add(What::Port { line, top: true });
            self.link(level, line, (above, child), true, true);
            self.add_inner(picture, line, child, from, true, true);
        } else {
            let home = picture
                .outward(from)
                .skip(1)
                .find(|frame| picture.contains(*frame, to));
            let level = self.at(home);
            let (one, other) = (child(picture, home, from), child(picture, home, to));
            let upward = back[one][other];
            let (above, below) = if upward { (other, one) } else { (one, other) };
            if let Some(above) = self.levels[level].find(What::State(above)) {
                self.link(level, line, (above, below), upward, false);
            }
            // What stands above is left and met at its lower border, and the other way round.
            self.add_inner(picture, line, one, from, upward, true);
            self.add_inner(picture, line, other, to, !upward, false);
        }
    }

    /// The part with the label, to a state below.
    fn link(
        &mut self,
        level: usize,
        line: Line,
        (above, child): (usize, usize),
        upward: bool,
        restart: bool,
    ) {
        if let Some(below) = self.levels[level].find(What::State(child)) {
            self.levels[level].links.push(Step {
                line,
                above,
                below,
                upward,
                labelled: true,
                restart,
            });
        }
    }

    /// The parts inside of a state, between its border and the state where the line ends (or begins: `out`).
    fn add_inner(
        &mut self,
        picture: &Picture,
        line: Line,
        frame: usize,
        end: usize,
        top: bool,
        out: bool,
    ) {
        if frame == end {
            return;
        }
        let Some(level) = self.level_of(frame) else {
            return;
        };
        let child = child(picture, Some(frame), end);
        let port = self.levels[level].add(What::Port { line, top });
        let Some(state) = self.levels[level].find(What::State(child)) else {
            return;
        };
        let (above, below) = if top { (port, state) } else { (state, port) };
        self.levels[level].links.push(Step {
            line,
            above,
            below,
            upward: top == out,
            labelled: false,
            restart: false,
        });
        self.add_inner(picture, line, child, end, top, out);
    }
}

/// The state directly in a frame that is the given one, or that it lies in.
fn child(picture: &Picture, frame: Option<usize>, state: usize) -> usize {
    picture
        .outward(state)
        .find(|at| picture.states[*at].parent == frame)
        .unwrap_or(state)
}

/// Whether a way from one state to another on the same level leads back: in a circle, to one written earlier.
fn backward(picture: &Picture) -> Vec<Vec<bool>> {
    let count = picture.states.len();
    let mut reached = vec![vec![false; count]; count];
    for arrow in &picture.arrows {
        for one in picture.outward(arrow.from) {
            for other in picture.outward(arrow.to) {
                let siblings = picture.states[one].parent == picture.states[other].parent;
                reached[one][other] |= siblings && one != other;
            }
        }
    }
    for by in 0..count {
        for from in 0..count {
            for to in 0..count {
                reached[from][to] |= reached[from][by] && reached[by][to];
            }
        }
    }
    let back = |from: usize, to: usize| from > to && reached[from][to] && reached[to][from];
    (0..count)
        .map(|from| (0..count).map(|to| back(from, to)).collect())
        .collect()
}
