//! How much room states and labels need, and their lines. In pixels; fonts differ, so rather too much than too little.

use crate::picture::{Kind, Label, Picture, Way};
use crate::plan::Line;
use crate::text::{room, wrap};

/// The height of a line of a title.
pub(crate) const TITLE_LINE: f64 = 19.0;
/// The height of a line of a label.
pub(crate) const SMALL_LINE: f64 = 16.0;
/// The room that a clock takes before its words.
pub(crate) const CLOCK: f64 = 16.0;
/// How far a way to the own state stands out.
pub(crate) const LOOP: f64 = 24.0;
/// That, and the room before its label.
pub(crate) const LOOP_ROOM: f64 = LOOP + 8.0;
/// The radius of the dot where something begins.
pub(crate) const DOT: f64 = 7.0;
/// Half the bar where tracks begin.
pub(crate) const BAR: f64 = 32.0;
/// The room for a column of a title: a Latin letter, or half a Chinese character.
pub(crate) const TITLE_COLUMN: f64 = 8.5;
/// The same for a label.
pub(crate) const SMALL_COLUMN: f64 = 7.0;
/// The room that the sign of an end state takes on the left of its title.
pub(crate) const SIGN: f64 = 24.0;
/// The room for one end of an arrow on a border.
const END: f64 = 22.0;
/// Between the border of a state and its text.
const PADDING: f64 = 14.0;

pub(crate) fn state_size(picture: &Picture, state: usize) -> (f64, f64) {
    let (width, height) = text_size(picture, state);
    // Ends of arrows need room on the border, at worst all of them on the same one.
    let ends = picture
        .arrows
        .iter()
        .filter(|arrow| (arrow.from == state) != (arrow.to == state));
    let border: f64 = ends.map(|_| END).sum();
    (width.max(border), height)
}

/// The room that a state needs for its texts alone.
pub(crate) fn text_size(picture: &Picture, state: usize) -> (f64, f64) {
    let shape = &picture.states[state];
    let title = title_lines(picture, state);
    let sign = if matches!(shape.kind, Kind::Plain) {
        0.0
    } else {
        SIGN
    };
    let mut width = widest(&title, TITLE_COLUMN) + sign;
    let reminders = reminder_lines(picture, state);
    width = width.max(widest(&reminders, SMALL_COLUMN) + CLOCK);
    let mut height = stacked(&title, TITLE_LINE) + stacked(&reminders, SMALL_LINE);
    if is_current(picture, state) {
        width = width.max(room(&picture.words.here, SMALL_COLUMN) + 20.0);
        height += SMALL_LINE + 8.0;
    }
    ((width + PADDING * 2.0).max(100.0), height + 22.0)
}

pub(crate) fn head_size(picture: &Picture, state: usize) -> (f64, f64) {
    let title = title_lines(picture, state);
    let width = widest(&title, TITLE_COLUMN);
    let reminders = reminder_lines(picture, state);
    let width = width.max(widest(&reminders, SMALL_COLUMN) + CLOCK);
    let height = stacked(&title, TITLE_LINE) + stacked(&reminders, SMALL_LINE) + 6.0 + DOT * 2.0;
    ((width + 8.0).max(BAR * 2.0), height)
}

pub(crate) fn title_lines(picture: &Picture, state: usize) -> Vec<String> {
    let limit = if picture.states[state].kind.has_inside() {
        60
    } else {
        22
    };
    wrap(&picture.states[state].title, limit)
}

fn reminder_lines(picture: &Picture, state: usize) -> Vec<String> {
    picture.states[state].reminders.clone()
}

pub(crate) fn label_lines(labels: &[Label]) -> Vec<Line> {
    let mut lines = vec![];
    for label in labels {
        for (row, text) in wrap(&label.text, 26).into_iter().enumerate() {
            lines.push(Line {
                text,
                clock: row == 0 && label.kind == Way::Timer,
                taken: label.taken,
                way: label.kind,
            });
        }
    }
    lines
}

pub(crate) fn label_size(lines: &[Line]) -> (f64, f64) {
    let width = lines
        .iter()
        .map(|line| room(&line.text, SMALL_COLUMN) + if line.clock { CLOCK } else { 0.0 })
        .fold(0.0, f64::max);
    (width + 8.0, stacked(lines, SMALL_LINE) + 4.0)
}

fn is_current(picture: &Picture, state: usize) -> bool {
    picture
        .case
        .as_ref()
        .is_some_and(|case| case.current.contains(&state))
}

fn stacked<T>(lines: &[T], height: f64) -> f64 {
    lines.iter().map(|_| height).sum()
}

fn widest(lines: &[String], column: f64) -> f64 {
    lines
        .iter()
        .map(|line| room(line, column))
        .fold(0.0, f64::max)
}
