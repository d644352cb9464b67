//! The drawing as SVG text: what lies on what. Coordinates come from the plan.
//!
//! Light colours are attributes, so that a drawing is legible where a page forbids styles; the style sheet inside adds
//! the dark ones. There are no ids: several drawings may stand on one page.

use crate::geometry::{Area, Point};
use crate::looks::{
    ACCENT, BADGE, FONT, LINE, Lettering, Looks, PAPER, QUIET, SMALL, Stroke, TITLE,
};
use crate::measure::{BAR, CLOCK, DOT, SIGN, SMALL_LINE, TITLE_LINE};
use crate::pen::Pen;
use crate::picture::{Kind, Picture};
use crate::plan::{PlacedArrow, PlacedState, Plan};
use crate::text::{columns, escape, room};

/// The style sheet inside every drawing: dark colours. A page whose policy forbids it may serve it by itself.
pub const STYLE: &str = include_str!("style.css");

/// What a column takes on average; room is made for more.
const DRAWN_COLUMN: f64 = 6.3;

/// Draws the picture where the plan says.
pub(crate) fn draw(picture: &Picture, plan: &Plan) -> String {
    let mut pen = Pen(String::new());
    begin(&mut pen, picture, plan);
    // Outer states lie below the arrows, and outer ones below inner ones.
    let has_inside = |at: &usize| picture.states[*at].kind.has_inside();
    let (mut outer, leaves): (Vec<usize>, Vec<usize>) =
        (0..plan.states.len()).partition(has_inside);
    outer.sort_by_key(|at| picture.outward(*at).count());
    for index in outer {
        outer_state(&mut pen, picture, index, &plan.states[index]);
    }
    pen.dot(plan.entry.0);
    pen.arrow(&plan.entry.1, Stroke::of(picture, true));
    for taken in [false, true] {
        for (arrow, placed) in picture
            .arrows
            .iter()
            .zip(&plan.arrows)
            .filter(|(arrow, _)| arrow.taken == taken)
        {
            let stroke = Stroke::of(picture, taken);
            match placed.course.as_slice() {
                [from, to] if arrow.from == arrow.to => pen.looped(*from, *to, stroke),
                course => pen.arrow(course, stroke),
            }
        }
    }
    for index in leaves {
        leaf(&mut pen, picture, index, &plan.states[index]);
    }
    for arrow in &plan.arrows {
        label(&mut pen, arrow);
    }
    for (index, count) in &picture.counts {
        count_at(&mut pen, *count, plan.states[*index].area);
    }
    pen.0.push_str("</svg>\n");
    pen.0
}

fn begin(pen: &mut Pen, picture: &Picture, plan: &Plan) {
    let (width, height) = (plan.width.ceil(), plan.height.ceil());
    pen.put(format_args!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" class="cs-diagram" lang="{}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="{FONT}">"#,
        escape(&picture.language),
    ));
    pen.put(format_args!("<title>{}</title>", escape(&picture.title)));
    pen.put(format_args!(
        "<desc>{}</desc>",
        escape(&picture.words.description)
    ));
    pen.put(format_args!("<style>\n{STYLE}</style>"));
    pen.put(format_args!(
        r#"<rect class="cs-page" width="{width}" height="{height}" fill="{PAPER}"/>"#
    ));
}

fn outer_state(pen: &mut Pen, picture: &Picture, index: usize, state: &PlacedState) {
    let case = picture.case.as_ref();
    let here = case.is_some_and(|case| case.current.iter().any(|at| picture.contains(index, *at)));
    // A track is told apart from its neighbours by a dashed line.
    let dashes = if picture.is_track(index) {
        r#" stroke-dasharray="6 4""#
    } else {
        ""
    };
    let looks = if here {
        format!(
            r#"class="cs-outer cs-here" fill="none" stroke="{ACCENT}" stroke-width="2"{dashes}"#
        )
    } else {
        format!(r#"class="cs-outer" fill="none" stroke="{LINE}" stroke-width="1.2"{dashes}"#)
    };
    pen.put(format_args!(
        r#"<g data-state="{}">"#,
        escape(&picture.states[index].id)
    ));
    pen.rectangle(state.area, 14.0, &looks);
    if let Some(head) = state.head {
        let y = title(pen, state, head.x, head.top() + 14.0);
        reminders(pen, &state.reminders, head.x, y);
        let at = Point {
            x: head.x,
            y: head.bottom() - DOT,
        };
        if picture.states[index].kind == Kind::Tracks {
            // Like the fork of UML: all that is inside begins at once.
            let bar = Area {
                x: at.x,
                y: at.y,
                width: BAR * 2.0,
                height: 5.0,
            };
            pen.rectangle(bar, 2.5, &format!(r#"class="cs-head" fill="{LINE}""#));
        } else {
            pen.dot(at);
        }
    }
    pen.put(format_args!("</g>"));
    if state.start.is_empty() {
        return;
    }
    let started = case.is_some_and(|case| case.started.contains(&index));
    pen.arrow(&state.start, Stroke::of(picture, started));
}

fn leaf(pen: &mut Pen, picture: &Picture, index: usize, state: &PlacedState) {
    let here = picture
        .case
        .as_ref()
        .is_some_and(|case| case.current.contains(&index));
    let looks = Looks::of(picture.states[index].kind);
    let Looks {
        class,
        fill,
        stroke,
        sign,
    } = looks;
    let area = state.area;
    let radius = if sign.is_some() {
        (area.height / 2.0).min(22.0)
    } else {
        8.0
    };
    pen.put(format_args!(
        r#"<g data-state="{}">"#,
        escape(&picture.states[index].id)
    ));
    pen.rectangle(
        area,
        radius,
        &if here {
            format!(r#"class="{class} cs-here" fill="{fill}" stroke="{ACCENT}" stroke-width="4""#)
        } else {
            format!(r#"class="{class}" fill="{fill}" stroke="{stroke}" stroke-width="1.5""#)
        },
    );
    if sign.is_some() && !here {
        // A second border: an end is told by its shape, not only by its colour.
        let inner = Area {
            width: area.width - 7.0,
            height: area.height - 7.0,
            ..area
        };
        let looks = format!(r#"class="{class}" fill="none" stroke="{stroke}" stroke-width="1""#);
        pen.rectangle(inner, (radius - 3.5).max(2.0), &looks);
    }
    let first = area.top() + 25.0;
    let mut middle = area.x;
    if let Some(sign) = sign {
        middle += SIGN / 2.0;
        // Beside all lines of the title, in the middle of their height.
        let widest = state.title.iter().map(|line| drawn(line));
        let widest = widest.fold(0.0, f64::max);
        let lines = state.title.iter().skip(1).map(|_| TITLE_LINE);
        let below = lines.sum::<f64>() / 2.0;
        pen.sign(
            Point {
                x: (middle - widest / 2.0 - 16.0).max(area.left() + 20.0),
                y: first - 5.0 + below,
            },
            sign,
            class,
            stroke,
        );
    }
    let y = title(pen, state, middle, first);
    reminders(pen, &state.reminders, area.x, y);
    if here {
        badge(pen, &picture.words.here, area);
    }
    pen.put(format_args!("</g>"));
}

/// About how wide a title is drawn: narrower than the room that is kept for it, for Chinese most of all.
fn drawn(line: &str) -> f64 {
    let is_wide = |c: char| columns(c.encode_utf8(&mut [0; 4])) == 2;
    let widths = line.chars().map(|c| if is_wide(c) { 14.0 } else { 9.0 });
    widths.sum()
}

/// Returns where the next line goes.
fn title(pen: &mut Pen, state: &PlacedState, x: f64, mut y: f64) -> f64 {
    for line in &state.title {
        pen.text(Point { x, y }, "middle", TITLE, line);
        y += TITLE_LINE;
    }
    y
}

fn reminders(pen: &mut Pen, lines: &[String], x: f64, top: f64) {
    for (row, line) in (0u16..).zip(lines) {
        timed(
            pen,
            line,
            QUIET,
            Point {
                x,
                y: top + f64::from(row) * SMALL_LINE - 2.0,
            },
        );
    }
}

/// A line with a clock before it, around this point.
fn timed(pen: &mut Pen, line: &str, lettering: Lettering, at: Point) {
    let left = at.x - f64::midpoint(room(line, DRAWN_COLUMN), CLOCK);
    pen.clock(Point {
        x: left + 6.0,
        y: at.y - 4.0,
    });
    pen.text(
        Point {
            x: left + CLOCK,
            y: at.y,
        },
        "start",
        lettering,
        line,
    );
}

/// How many cases stand in a state: on its corner, so that it takes no room of the title.
fn count_at(pen: &mut Pen, count: u64, area: Area) {
    let told = count.to_string();
    let (width, height) = (room(&told, SMALL.column) + 14.0, SMALL_LINE + 3.0);
    let pill = Area {
        x: area.right() - width / 2.0 + 6.0,
        y: area.top() + 3.0,
        width,
        height,
    };
    pen.put(format_args!(r#"<g data-count="{count}">"#));
    pen.rectangle(
        pill,
        height / 2.0,
        &format!(r#"class="cs-badge" fill="{ACCENT}""#),
    );
    let at = Point {
        x: pill.x,
        y: pill.y + 4.0,
    };
    pen.text(at, "middle", BADGE, &told);
    pen.put(format_args!("</g>"));
}

fn badge(pen: &mut Pen, here: &str, area: Area) {
    let (width, height) = (room(here, SMALL.column) + 18.0, SMALL_LINE + 3.0);
    let pill = Area {
        x: area.x,
        y: area.bottom() - 17.0,
        width,
        height,
    };
    pen.rectangle(
        pill,
        height / 2.0,
        &format!(r#"class="cs-badge" fill="{ACCENT}""#),
    );
    pen.text(
        Point {
            x: pill.x,
            y: pill.y + 4.0,
        },
        "middle",
        BADGE,
        here,
    );
}

fn label(pen: &mut Pen, arrow: &PlacedArrow) {
    let area = arrow.label;
    if !arrow.conditions.is_empty() {
        // Shown where the pointer rests on the label.
        let whole = escape(&arrow.conditions.join(" | "));
        pen.put(format_args!("<g><title>{whole}</title>"));
    }
    pen.rectangle(area, 4.0, &format!(r#"class="cs-page" fill="{PAPER}""#));
    for (row, line) in (0u16..).zip(&arrow.lines) {
        let at = Point {
            x: area.x,
            y: area.top() + 14.0 + f64::from(row) * SMALL_LINE,
        };
        if line.clock {
            timed(pen, &line.text, Lettering::of(line), at);
        } else {
            pen.text(at, "middle", Lettering::of(line), &line.text);
        }
    }
    if !arrow.conditions.is_empty() {
        pen.put(format_args!("</g>"));
    }
}
