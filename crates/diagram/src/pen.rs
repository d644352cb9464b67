//! Writes SVG elements: texts, rectangles, signs, arrows. Knows no states.

use crate::geometry::{Area, Point};
use crate::looks::{LINE, Lettering, PAPER, Stroke};
use crate::measure::{DOT, LOOP};
use crate::text::escape;
use std::fmt::{Arguments, Write};

/// Why writing is never in vain.
const CANNOT_FAIL: &str = "writing to a String cannot fail";

/// How round a course turns.
const TURN: f64 = 9.0;
/// How much of a course the arrow's head covers.
const HEAD: f64 = 8.0;

/// The document so far.
pub(crate) struct Pen(pub String);

impl Pen {
    /// One line.
    pub fn put(&mut self, line: Arguments<'_>) {
        self.0.write_fmt(line).expect(CANNOT_FAIL);
        self.0.push('\n');
    }

    /// A text whose beginning, middle or end (`anchor`) is at this point.
    pub fn text(&mut self, at: Point, anchor: &str, lettering: Lettering, text: &str) {
        let (x, y) = (number(at.x), number(at.y));
        let Lettering {
            class,
            size,
            weight,
            color,
            ..
        } = lettering;
        self.put(format_args!(
            r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{color}">{}</text>"#,
            escape(text),
        ));
    }

    pub fn rectangle(&mut self, area: Area, radius: f64, looks: &str) {
        let (x, y, radius) = (number(area.left()), number(area.top()), number(radius));
        let (width, height) = (number(area.width), number(area.height));
        self.put(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" {looks}/>"#
        ));
    }

    /// The dot where something begins.
    pub fn dot(&mut self, at: Point) {
        let (x, y, radius) = (number(at.x), number(at.y), number(DOT));
        self.put(format_args!(
            r#"<circle class="cs-head" cx="{x}" cy="{y}" r="{radius}" fill="{LINE}"/>"#
        ));
    }

    pub fn clock(&mut self, at: Point) {
        let (x, y) = (number(at.x), number(at.y));
        let face = "M5.5 0A5.5 5.5 0 1 1 -5.5 0A5.5 5.5 0 1 1 5.5 0M0 -3.2V0L2.4 1.6";
        self.put(format_args!(
            r#"<path class="cs-clock" transform="translate({x} {y})" d="{face}" fill="none" stroke="{LINE}" stroke-width="1.3" stroke-linecap="round"/>"#,
        ));
    }

    /// A sign in a filled circle.
    pub fn sign(&mut self, at: Point, path: &str, class: &str, fill: &str) {
        let (x, y) = (number(at.x), number(at.y));
        self.put(format_args!(
            r#"<g transform="translate({x} {y})"><circle class="cs-sign {class}" r="8" fill="{fill}"/><path class="cs-stroke" d="{path}" fill="none" stroke="{PAPER}" stroke-width="2" stroke-linecap="round"/></g>"#,
        ));
    }

    /// A course with round turns and a head at its end.
    pub fn arrow(&mut self, course: &[Point], stroke: Stroke) {
        let [.., before, tip] = course else { return };
        let turn = if (before.x - tip.x).abs() > (before.y - tip.y).abs() {
            if before.x < tip.x { 270 } else { 90 }
        } else if before.y <= tip.y {
            0
        } else {
            180
        };
        self.arrow_along(&rounded(course), *tip, turn, stroke);
    }

    /// Out to the right and back, to the point below.
    pub fn looped(&mut self, from: Point, to: Point, stroke: Stroke) {
        let (out, back) = (number(from.x + LOOP), number(to.x + HEAD));
        let (above, below) = (number(from.y - 10.0), number(to.y + 10.0));
        let path = format!(
            "M{} {}C{out} {above} {out} {below} {back} {}",
            number(from.x),
            number(from.y),
            number(to.y)
        );
        self.arrow_along(&path, to, 90, stroke);
    }

    fn arrow_along(&mut self, path: &str, tip: Point, turn: u16, stroke: Stroke) {
        let (x, y) = (number(tip.x), number(tip.y));
        self.put(format_args!(
            r#"<path d="{path}" fill="none" {}/>"#,
            stroke.line()
        ));
        self.put(format_args!(
            r#"<path d="M0 0L-4.5 -9H4.5Z" transform="translate({x} {y}) rotate({turn})" {}/>"#,
            stroke.head(),
        ));
    }
}

/// Through all points with round turns; the last part ends where the head begins.
fn rounded(course: &[Point]) -> String {
    let mut path = format!("M{} {}", number(course[0].x), number(course[0].y));
    for (index, here) in course.iter().enumerate().skip(1) {
        let before = course[index - 1];
        let Some(after) = course.get(index + 1) else {
            let end = towards(*here, before, HEAD);
            write!(path, "L{} {}", number(end.x), number(end.y)).expect(CANNOT_FAIL);
            break;
        };
        let radius = TURN
            .min(length(before, *here) / 2.0)
            .min(length(*here, *after) / 2.0);
        let (enter, leave) = (
            towards(*here, before, radius),
            towards(*here, *after, radius),
        );
        write!(
            path,
            "L{} {}Q{} {} {} {}",
            number(enter.x),
            number(enter.y),
            number(here.x),
            number(here.y),
            number(leave.x),
            number(leave.y)
        )
        .expect(CANNOT_FAIL);
    }
    path
}

fn length(from: Point, to: Point) -> f64 {
    (from.x - to.x).hypot(from.y - to.y)
}

/// The point so far from one towards another.
fn towards(from: Point, to: Point, distance: f64) -> Point {
    let share = distance / length(from, to).max(distance).max(0.001);
    Point {
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
    }
}

/// One decimal is finer than a screen shows.
pub(crate) fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // Adding zero takes the sign off a negative zero.
    format!("{}", rounded + 0.0)
}
