//! Whether the rows of a table overlap (E310) or leave a gap (E311), with a record that shows it. Of a condition that
//! cannot be reckoned with, it counts that it may be true and may be false.

use std::collections::BTreeMap;

use countersign_core::{
    expression::{Formula, Kind, Outcome, Sum, Value},
    name::Name,
    workflow::{Cell, Hit, Row, Table, TimerWhen, Workflow},
};

use crate::{diagnostic::Code, source::Span};

use super::{
    places::{kind_of_type, of_field, units_of},
    site::Site,
    solve::{Answer, Demand, Record, Variable, can},
};

/// What makes a table not worth looking at: a condition or row of it is missing.
const UNSOUND: [Code; 11] = [
    Code::WrongShape,
    Code::MissingKeyword,
    Code::NoSuchThing,
    Code::NotAnExpression,
    Code::UnknownName,
    Code::UnknownField,
    Code::FieldOfList,
    Code::NotSearchable,
    Code::TooCostly,
    Code::NeverMatch,
    Code::WrongType,
];

pub(super) fn check(site: &Site<'_>) {
    if site.file.has_error(&UNSOUND) {
        return;
    }
    clocks(site);
    for table in site.workflow.tables.values() {
        let rows = Rows::of(site, table);
        rows.never_match();
        match table.hit {
            Hit::Unique => {
                rows.overlaps();
                rows.gap();
            }
            Hit::First => {
                rows.never_reached();
                rows.gap();
            }
            Hit::Collect => {}
        }
    }
}

/// Nothing wakes a case when a moment has come, so `as_soon_as` may not read the clock through a table either.
fn clocks(site: &Site<'_>) {
    for state in site.workflow.states.iter() {
        for timer in state.timers.values() {
            let TimerWhen::AsSoonAs(condition) = &timer.when else {
                continue;
            };
            if condition.reads_clock() || !site.workflow.reads_clock(condition) {
                continue;
            }
            let written = site.within(state, &["timers", &timer.name, "as_soon_as"]);
            let span = written.map_or_else(|| site.state_span(state), |entry| entry.value.span);
            let message =
                "`as_soon_as` reads the clock by a table, and nothing wakes a case for that";
            let help = "use `at:` for a moment, or leave `now` and `today` out of the table";
            site.file.report(Code::NotToBeAwaited, span, message, help);
        }
    }
}

/// The rows of a table, as conditions over its inputs.
struct Rows<'a> {
    site: &'a Site<'a>,
    table: &'a Table,
    conditions: Vec<(&'a Name, Formula)>,
}

impl<'a> Rows<'a> {
    fn of(site: &'a Site<'a>, table: &'a Table) -> Self {
        let rows = table.rows.iter();
        let rows = rows.map(|(name, row)| (name, condition(table, row)));
        Self {
            site,
            table,
            conditions: rows.collect(),
        }
    }

    fn can(&self, demands: &[Demand]) -> Answer {
        can(demands, &|input| self.variable(input))
    }

    /// What an input can hold: by its field, if it is nothing but one.
    fn variable(&self, input: &str) -> Variable {
        let Some(expression) = self.table.inputs.get(input) else {
            return Variable::of(Kind::Whole);
        };
        let kind = kind_of_type(expression.ty()).unwrap_or(Kind::Word);
        let path = expression.source().trim().split_once('.');
        let field = path.and_then(|(form, field)| field_of(self.site.workflow, form, field));
        Variable {
            is_free: true,
            ..field.unwrap_or_else(|| Variable::of(kind))
        }
    }

    /// Rows whose own conditions contradict each other.
    fn never_match(&self) {
        for (row, (name, formula)) in self.conditions.iter().enumerate() {
            if matches!(self.can(&[Demand::that(formula.clone())]), Answer::Never) {
                let message = format!("row `{name}` never matches: its conditions are never true");
                let help = "mend its conditions, or remove it";
                let span = self.span(row);
                self.site.file.report(Code::NeverTrue, span, message, help);
            }
        }
    }

    /// Two rows that match the same record.
    fn overlaps(&self) {
        for later in 0..self.conditions.len() {
            for earlier in 0..later {
                let both = [earlier, later].map(|row| Demand::that(self.conditions[row].1.clone()));
                let (first, second) = (self.conditions[earlier].0, self.conditions[later].0);
                let message = match self.can(&both) {
                    Answer::Never => continue,
                    Answer::Yes(record) => {
                        format!(
                            "rows `{first}` and `{second}` both match {}",
                            shown(&record)
                        )
                    }
                    Answer::Perhaps(_) | Answer::TooLarge => format!(
                        "it cannot be told whether rows `{first}` and `{second}` ever match together"
                    ),
                };
                let help = "narrow one of them, or write `hit: first` and let the order decide";
                let file = self.site.file;
                let finding = file.finding(Code::RowsOverlap, self.span(later), message, help);
                file.add(finding.also(self.span(earlier), "the other row"));
                // One pair for each row is enough to see.
                break;
            }
        }
    }

    /// Rows that others before them always forestall.
    fn never_reached(&self) {
        for row in 1..self.conditions.len() {
            let earlier = self.conditions[..row].iter();
            let mut demands: Vec<Demand> = earlier
                .map(|(_, formula)| Demand::not(formula.clone()))
                .collect();
            demands.push(Demand::that(self.conditions[row].1.clone()));
            if matches!(self.can(&demands), Answer::Never) {
                let message = format!(
                    "row `{}` never counts: rows before it match whatever it matches",
                    self.conditions[row].0
                );
                let help = "put it before them, or remove it";
                let span = self.span(row);
                self.site
                    .file
                    .report(Code::RowsOverlap, span, message, help);
            }
        }
    }

    /// A record that no row matches.
    fn gap(&self) {
        let none = self.conditions.iter();
        let none: Vec<Demand> = none
            .map(|(_, formula)| Demand::not(formula.clone()))
            .collect();
        let message = match self.can(&none) {
            Answer::Never => return,
            Answer::Yes(record) => format!("no row matches {}", shown(&record)),
            Answer::Perhaps(record) => format!("no row for certain matches {}", shown(&record)),
            Answer::TooLarge => {
                "the table is too large to tell whether a row always matches".to_owned()
            }
        };
        let help =
            "add a row for it, or end with a row without `when`, which matches whatever is left";
        let table = self.site.file.root.find(&["tables", &self.table.name]);
        let span = table.map_or(Span::new(0, 0), |entry| entry.key.span);
        self.site
            .file
            .report(Code::TableHasGap, span, message, help);
    }

    fn span(&self, row: usize) -> Span {
        let path = ["tables", &self.table.name, "rows", self.conditions[row].0];
        let entry = self.site.file.root.find(&path);
        entry.map_or(Span::new(0, 0), |entry| entry.key.span)
    }
}

fn field_of(workflow: &Workflow, form: &str, field: &str) -> Option<Variable> {
    let field = workflow.forms.get(form)?.fields.get(field)?;
    Some(of_field(field, true))
}

fn shown(record: &Record) -> String {
    if record.is_empty() {
        "every record".to_owned()
    } else {
        format!("`{}`", record.words())
    }
}

/// What a row asks, over the names of inputs.
fn condition(table: &Table, row: &Row) -> Formula {
    let kind = |name: &str| kind_of_type(table.inputs.get(name)?.ty());
    let cells = row.when.iter().map(|(input, cell)| match cell {
        Cell::Condition(condition) => condition.formula(&kind),
        Cell::Equals(value) | Cell::Among(value) => {
            let values = value.constants().unwrap_or_default();
            let each = values.iter().map(|value| equals(input, kind(input), value));
            let either = |one, other| Formula::Or(Box::new(one), Box::new(other));
            let unknown = || Formula::Other(format!("{input}\n{}", value.source()));
            each.reduce(either).unwrap_or_else(unknown)
        }
    });
    let both = |one, other| Formula::And(Box::new(one), Box::new(other));
    cells.reduce(both).unwrap_or(Formula::Is(Outcome::True))
}

/// That an input is this value.
fn equals(input: &str, kind: Option<Kind>, value: &Value) -> Formula {
    let place = || input.to_owned();
    match (kind, value) {
        (Some(Kind::Truth), Value::Bool(true)) => Formula::Truth(place()),
        (Some(Kind::Truth), Value::Bool(false)) => Formula::Not(Box::new(Formula::Truth(place()))),
        (Some(Kind::Word), Value::String(word)) => Formula::Among(place(), vec![word.to_string()]),
        (Some(kind), value) => match units_of(value, kind) {
            Some(units) => Formula::Nothing(Sum {
                parts: BTreeMap::from([(place(), 1)]),
                constant: -units,
            }),
            None => Formula::Other(format!("{input}\n{}", value.to_json())),
        },
        (None, value) => Formula::Other(format!("{input}\n{}", value.to_json())),
    }
}
