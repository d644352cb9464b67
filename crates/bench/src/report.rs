//! What was measured, as rows for people and machines.

use std::{fmt::Write as _, fs};

use serde::Serialize;

/// One line of the table of DESIGN section 8, or one that explains it.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what: `decisions/s`, `ms`, `MB`.
    pub unit: &'static str,
    /// What it is compared with, if with anything.
    pub against: Option<String>,
    /// `value` by that.
    pub ratio: Option<f64>,
    /// What is wanted, in words.
    pub goal: Option<String>,
    /// Whether it is so.
    pub met: Option<bool>,
}

/// One load: what those who asked saw, and what it took.
#[derive(Debug, Clone, Serialize)]
pub struct Load {
    /// What was asked for, of what.
    pub name: String,
    /// How many were answered well in a second.
    pub rate: f64,
    /// Milliseconds within which half were answered.
    pub p50: f64,
    /// Within which 99 of 100 were.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
    /// Processors that the product kept busy; the database is part of it only where it is a file.
    pub processors: f64,
    /// KB that the product wrote for each answer.
    pub written: f64,
    /// MB that it had resident at the end.
    pub resident: f64,
    /// Which part of all processors of the machine was busy, the load and a database server with them: 0 to 1.
    pub machine: f64,
    /// Which part of the time the disk was: 0 to 1.
    pub disk: f64,
}

impl Load {
    /// What was at its end, as far as the machine tells.
    fn limits(&self) -> &'static str {
        match (self.machine, self.disk) {
            (machine, _) if machine >= 0.9 => "processors",
            (_, disk) if disk >= 0.9 => "disk",
            (machine, disk) if machine + disk == 0.0 => "not told here",
            // Neither is full: commits, or those who ask, come one after another.
            _ => "one waits for another",
        }
    }
}

/// All rows of a run, and on what machine.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// When, in UTC.
    pub date: String,
    /// On which machine.
    pub machine: String,
    /// The rows.
    pub rows: Vec<Row>,
    /// The loads behind them, where the whole machine was looked at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub loads: Vec<Load>,
}

impl Report {
    /// These rows, measured now and here.
    pub fn of(rows: Vec<Row>) -> Self {
        Self {
            date: date(),
            machine: machine(),
            rows,
            loads: Vec::new(),
        }
    }
}

fn date() -> String {
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
    now.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// The machine: its processors and how much memory it has. Where `/proc` does not tell, as much as is known.
fn machine() -> String {
    let told = |file: &str, label: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let mut lines = text.lines();
        let value = lines.find_map(|line| line.strip_prefix(label)?.split_once(':'));
        value
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let model = told("/proc/cpuinfo", "model name");
    let memory = told("/proc/meminfo", "MemTotal");
    let kilobytes: f64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
    format!("{cores} × {model}, {:.0} GB", kilobytes / 1e6)
}

impl Row {
    /// A plain value.
    pub fn value(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            against: None,
            ratio: None,
            goal: None,
            met: None,
        }
    }

    /// Compared with another value.
    #[must_use]
    pub fn against(mut self, what: impl Into<String>, value: f64) -> Self {
        self.against = Some(what.into());
        self.ratio = (value > 0.0).then(|| self.value / value);
        self
    }

    /// The value must be at most this.
    #[must_use]
    pub fn at_most(mut self, goal: f64) -> Self {
        self.goal = Some(format!("≤ {goal} {}", self.unit));
        self.met = Some(self.value <= goal);
        self
    }

    /// The ratio must be at most this.
    #[must_use]
    pub fn ratio_at_most(mut self, goal: f64) -> Self {
        self.goal = Some(format!("≤ {goal} ×"));
        self.met = self.ratio.map(|ratio| ratio <= goal);
        self
    }

    /// The ratio must be at least this.
    #[must_use]
    pub fn ratio_at_least(mut self, goal: f64) -> Self {
        self.goal = Some(format!("≥ {goal} ×"));
        self.met = self.ratio.map(|ratio| ratio >= goal);
        self
    }
}

/// The rows as a table of Markdown.
pub fn table(rows: &[Row]) -> String {
    let mut text =
        "| what | value | against | ratio | goal | met |\n|---|---|---|---|---|---|\n".to_owned();
    for row in rows {
        let ratio = row
            .ratio
            .map(|ratio| format!("{ratio:.2}"))
            .unwrap_or_default();
        let met = match row.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        let cells = [
            row.name.clone(),
            format!("{} {}", number(row.value), row.unit),
            row.against.clone().unwrap_or_default(),
            ratio,
            row.goal.clone().unwrap_or_default(),
            met.to_owned(),
        ];
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// The loads as a table of Markdown, each with what limits it.
pub fn loads(loads: &[Load]) -> String {
    let mut text = "| load | answers/s | p50 | p99 | max | processors | written each | resident | machine busy | disk busy | limits |\n|---|---|---|---|---|---|---|---|---|---|---|\n".to_owned();
    for load in loads {
        let milliseconds = [load.p50, load.p99, load.max].map(|ms| format!("{} ms", number(ms)));
        let cells = [
            load.name.clone(),
            number(load.rate),
            milliseconds.join(" | "),
            format!("{:.2}", load.processors),
            format!("{} KB", number(load.written)),
            format!("{:.0} MB", load.resident),
            format!("{:.0} %", load.machine * 100.0),
            format!("{:.0} %", load.disk * 100.0),
            load.limits().to_owned(),
        ];
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// As many digits as say something.
fn number(value: f64) -> String {
    match value {
        large if large >= 100.0 => format!("{large:.0}"),
        middle if middle >= 10.0 => format!("{middle:.1}"),
        small => format!("{small:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_says_what_was_full() {
        let load = Load {
            name: "64 connections".to_owned(),
            rate: 800.0,
            p50: 70.0,
            p99: 130.0,
            max: 200.0,
            processors: 1.2,
            written: 70.0,
            resident: 120.0,
            machine: 0.93,
            disk: 0.7,
        };
        let limits = |machine, disk| {
            let load = load.clone();
            Load {
                machine,
                disk,
                ..load
            }
            .limits()
        };
        assert_eq!(limits(0.93, 0.95), "processors");
        assert_eq!(limits(0.5, 0.95), "disk");
        assert_eq!(limits(0.5, 0.5), "one waits for another");
        assert_eq!(limits(0.0, 0.0), "not told here");
        assert!(loads(&[load]).contains("| 93 % | 70 % | processors |"));
    }

    #[test]
    fn a_goal_is_met_or_missed() {
        let row = Row::value("decisions", 70.0, "1/s").against("raw store", 100.0);
        assert_eq!(row.clone().ratio_at_least(0.7).met, Some(true));
        assert_eq!(row.clone().ratio_at_least(0.71).met, Some(false));
        assert_eq!(row.clone().at_most(69.0).met, Some(false));
        let text = table(&[row.ratio_at_least(0.7)]);
        assert!(
            text.ends_with("| decisions | 70.0 1/s | raw store | 0.70 | ≥ 0.7 × | yes |\n"),
            "{text}"
        );
    }
}
