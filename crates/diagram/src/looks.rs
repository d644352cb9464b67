//! Colours, letters and strokes. Light colours only: the dark ones are in `style.css`, by the same classes.

use crate::measure::{SMALL_COLUMN, TITLE_COLUMN};
use crate::picture::{Kind, Picture, Way};
use crate::plan::Line;

pub(crate) const FONT: &str = "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, 'PingFang SC', 'Microsoft YaHei', \
                               'Noto Sans CJK SC', sans-serif";
pub(crate) const INK: &str = "#1c2530";
pub(crate) const LINE: &str = "#5a677b";
pub(crate) const PAPER: &str = "#ffffff";
pub(crate) const ACCENT: &str = "#0b57d0";

/// How a way is drawn.
#[derive(Clone, Copy)]
pub(crate) enum Stroke {
    Plain,
    /// The case went this way.
    Taken,
    /// The case did not (yet).
    Untaken,
}

impl Stroke {
    pub fn of(picture: &Picture, taken: bool) -> Self {
        match (picture.case.is_some(), taken) {
            (false, _) => Self::Plain,
            (true, true) => Self::Taken,
            (true, false) => Self::Untaken,
        }
    }

    /// The attributes of the line.
    pub fn line(self) -> String {
        match self {
            Self::Plain => format!(r#"class="cs-way" stroke="{LINE}" stroke-width="1.4""#),
            Self::Taken => format!(r#"class="cs-way cs-taken" stroke="{ACCENT}" stroke-width="3""#),
            Self::Untaken => {
                format!(
                    r#"class="cs-way" stroke="{LINE}" stroke-width="1.2" stroke-dasharray="5 4""#
                )
            }
        }
    }

    /// The attributes of the arrow's head.
    pub fn head(self) -> String {
        match self {
            Self::Plain | Self::Untaken => format!(r#"class="cs-head" fill="{LINE}""#),
            Self::Taken => format!(r#"class="cs-head cs-taken" fill="{ACCENT}""#),
        }
    }
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(crate) struct Lettering {
    pub class: &'static str,
    pub size: u8,
    pub weight: u16,
    pub color: &'static str,
    /// The room for a column.
    pub column: f64,
}

pub(crate) const TITLE: Lettering = Lettering {
    class: "cs-text",
    size: 14,
    weight: 600,
    color: INK,
    column: TITLE_COLUMN,
};
pub(crate) const SMALL: Lettering = Lettering {
    class: "cs-text",
    size: 12,
    weight: 400,
    color: INK,
    column: SMALL_COLUMN,
};
pub(crate) const QUIET: Lettering = Lettering {
    class: "cs-quiet",
    color: LINE,
    ..SMALL
};
pub(crate) const BADGE: Lettering = Lettering {
    class: "cs-on-badge",
    weight: 600,
    color: PAPER,
    ..SMALL
};
const TAKEN: Lettering = Lettering {
    class: "cs-text cs-taken",
    weight: 600,
    color: ACCENT,
    ..SMALL
};

impl Lettering {
    /// Of a line of a label.
    pub fn of(line: &Line) -> Self {
        match line.way {
            _ if line.taken => TAKEN,
            Way::Action | Way::Decision => SMALL,
            Way::Timer | Way::Otherwise => QUIET,
        }
    }
}

/// How a state without others inside looks.
#[derive(Clone, Copy)]
pub(crate) struct Looks {
    pub class: &'static str,
    pub fill: &'static str,
    pub stroke: &'static str,
    /// The course of an end's sign: a tick, a cross, a bar.
    pub sign: Option<&'static str>,
}

impl Looks {
    pub fn of(kind: Kind) -> Self {
        let (class, fill, stroke, sign) = match kind {
            Kind::Success => (
                "cs-success",
                "#e6f4ea",
                "#1e7e34",
                Some("M-3.6 0.2L-1 2.8L3.6 -2.6"),
            ),
            Kind::Failure => (
                "cs-failure",
                "#fdecea",
                "#b3261e",
                Some("M-3 -3L3 3M3 -3L-3 3"),
            ),
            Kind::Neutral => ("cs-neutral", "#eef0f2", "#5f6b7a", Some("M-3.4 0H3.4")),
            Kind::Plain | Kind::Outer { .. } | Kind::Tracks => ("cs-state", "#f4f6f9", LINE, None),
        };
        Self {
            class,
            fill,
            stroke,
            sign,
        }
    }
}
