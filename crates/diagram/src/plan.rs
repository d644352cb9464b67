//! A picture with coordinates: what layout hands to drawing. Makes none of them itself.

use crate::geometry::{Area, Point};
use crate::measure::{label_lines, label_size};
use crate::picture::{Arrow, Way};

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

impl PlacedArrow {
    /// With its label, and no course yet.
    pub fn without_course(arrow: &Arrow) -> Self {
        Self::labelled(arrow, label_lines(&arrow.labels))
    }

    /// The same with these lines as its label.
    pub fn labelled(arrow: &Arrow, lines: Vec<Line>) -> Self {
        let (width, height) = label_size(&lines);
        let of_labels = arrow.labels.iter().map(|label| label.condition.clone());
        Self {
            course: vec![],
            label: Area {
                width,
                height,
                ..Area::default()
            },
            lines,
            conditions: of_labels.flatten().collect(),
        }
    }
}

/// One line of an arrow's label; the first line of a timer has a clock before it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub text: String,
    pub clock: bool,
    pub taken: bool,
    pub way: Way,
}
