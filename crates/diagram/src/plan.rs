//! A picture with coordinates: what layout hands to drawing. Makes none of them itself.

use crate::geometry::{Area, Point};
use crate::picture::Way;

/// A picture with coordinates. `states` and `arrows` are in the picture's order.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub width: f64,
    pub height: f64,
    pub states: Vec<PlacedState>,
    pub arrows: Vec<PlacedArrow>,
    /// The dot where a case begins, and the course from there.
    pub entry: (Point, Vec<Point>),
}

#[derive(Clone, Debug)]
pub(crate) struct PlacedState {
    pub area: Area,
    pub title: Vec<String>,
    pub reminders: Vec<String>,
    /// Of a state with others inside: the room for its title, and the dot where they begin.
    pub head: Option<Area>,
    /// From that dot to the first inner state.
    pub start: Vec<Point>,
}

#[derive(Clone, Debug)]
pub(crate) struct PlacedArrow {
    /// From the border of one state to the border of the other.
    pub course: Vec<Point>,
    pub label: Area,
    pub lines: Vec<Line>,
    /// The conditions that are too long for the label.
    pub conditions: Vec<String>,
}

/// One line of an arrow's label; the first line of a timer has a clock before it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub text: String,
    pub clock: bool,
    pub taken: bool,
    pub way: Way,
}
