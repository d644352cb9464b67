//! Whether the rows of a table overlap (E310) or leave a gap (E311), with a record that shows it. Each input is tried
//! by a few values: the constants that the rows compare it with, and their neighbours. That is exact, for a row asks
//! of each input on its own; a condition of another kind counts as one that may be true and may be false.

use std::collections::HashSet;

use countersign_core::{
    expression::{Type, Value},
    name::Name,
    workflow::{Cell, Hit, Row, Table, TimerWhen},
};

use crate::{diagnostic::Code, source::Span};

use super::{samples::samples, site::Site};

/// How many combinations are looked at before a table is given up.
const MOST_STEPS: usize = 50_000;

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
        let grid = Grid::of(site, table);
        match table.hit {
            Hit::Unique => {
                grid.overlaps(site);
                grid.gap(site);
            }
            Hit::First => {
                grid.never_reached(site);
                grid.gap(site);
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

/// What a row makes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Yes,
    No,
    /// It cannot be told.
    Perhaps,
}

/// A table over the values that are tried.
struct Grid<'a> {
    table: &'a Table,
    names: Vec<&'a Name>,
    rows: Vec<(&'a Name, &'a Row)>,
    /// Of each input, the values that are tried.
    tried: Vec<Vec<Value>>,
    /// Of each row, input and value.
    matches: Vec<Vec<Vec<Match>>>,
}

impl<'a> Grid<'a> {
    fn of(site: &Site<'a>, table: &'a Table) -> Self {
        let names: Vec<&Name> = table.inputs.keys().collect();
        let rows: Vec<(&Name, &Row)> = table.rows.iter().collect();
        let tried: Vec<Vec<Value>> = table
            .inputs
            .iter()
            .map(|(name, input)| {
                let cells = rows.iter().filter_map(|(_, row)| row.when.get(name));
                let borders =
                    cells.flat_map(|cell| borders(cell, name, input.ty()).unwrap_or_default());
                samples(site.workflow, input, borders.collect())
            })
            .collect();
        let matches = rows.iter().map(|(_, row)| {
            let inputs = names.iter().zip(&tried).zip(table.inputs.values());
            let of_input = |((name, tried), input): ((&&Name, &Vec<Value>), _)| {
                judged(site, row.when.get(*name), name, tried, input)
            };
            inputs.map(of_input).collect()
        });
        Self {
            table,
            matches: matches.collect(),
            names,
            rows,
            tried,
        }
    }

    /// Two rows that match the same record.
    fn overlaps(&self, site: &Site<'_>) {
        for later in 0..self.rows.len() {
            for earlier in 0..later {
                let common = |input: usize| {
                    let values = 0..self.tried[input].len();
                    let both = |value: &usize| {
                        [earlier, later]
                            .iter()
                            .all(|row| self.matches[*row][input][*value] != Match::No)
                    };
                    values.into_iter().find(both)
                };
                let record: Option<Vec<usize>> = (0..self.names.len()).map(common).collect();
                let Some(record) = record else { continue };
                let sure = [earlier, later].iter().all(|row| {
                    let mut values = record.iter().enumerate();
                    values.all(|(input, value)| self.matches[*row][input][*value] == Match::Yes)
                });
                self.report_overlap(site, (earlier, later), &record, sure);
                // One pair for each row is enough to see.
                break;
            }
        }
    }

    fn report_overlap(
        &self,
        site: &Site<'_>,
        (earlier, later): (usize, usize),
        record: &[usize],
        sure: bool,
    ) {
        let (first, second) = (self.rows[earlier].0, self.rows[later].0);
        let message = if sure {
            let record = self.shown(record);
            format!("rows `{first}` and `{second}` both match {record}")
        } else {
            format!("it cannot be told whether rows `{first}` and `{second}` ever match together")
        };
        let help = "narrow one of them, or write `hit: first` and let the order decide";
        let finding = site
            .file
            .finding(Code::RowsOverlap, self.span(site, later), message, help);
        site.file
            .add(finding.also(self.span(site, earlier), "the other row"));
    }

    /// Rows that others before them always forestall.
    fn never_reached(&self, site: &Site<'_>) {
        for row in 1..self.rows.len() {
            let earlier: Vec<usize> = (0..row).collect();
            let mut search = Search::new(self, Some(row));
            if search.missed(&earlier, &mut Vec::new()).is_none() && !search.gave_up {
                let message = format!(
                    "row `{}` never counts: rows before it match whatever it matches",
                    self.rows[row].0
                );
                let help = "put it before them, or remove it";
                let span = self.span(site, row);
                site.file.report(Code::RowsOverlap, span, message, help);
            }
        }
    }

    /// A record that no row matches.
    fn gap(&self, site: &Site<'_>) {
        let all: Vec<usize> = (0..self.rows.len()).collect();
        let mut search = Search::new(self, None);
        let missed = search.missed(&all, &mut Vec::new());
        let message = match (&missed, search.gave_up) {
            (Some(record), _) => {
                let unsure = self.matches.iter().flatten().flatten();
                let unsure = unsure.into_iter().any(|found| *found == Match::Perhaps);
                let sure = if unsure {
                    "for certain matches"
                } else {
                    "matches"
                };
                format!("no row {sure} {}", self.shown(record))
            }
            (None, true) => {
                "the table is too large to tell whether a row always matches".to_owned()
            }
            (None, false) => return,
        };
        let help =
            "add a row for it, or end with a row without `when`, which matches whatever is left";
        let table = site.file.root.find(&["tables", &self.table.name]);
        let span = table.map_or(Span::new(0, 0), |entry| entry.key.span);
        site.file.report(Code::TableHasGap, span, message, help);
    }

    fn span(&self, site: &Site<'_>, row: usize) -> Span {
        let path = ["tables", &self.table.name, "rows", self.rows[row].0];
        let entry = site.file.root.find(&path);
        entry.map_or(Span::new(0, 0), |entry| entry.key.span)
    }

    /// A record in words; inputs that no row asks about are left out.
    fn shown(&self, record: &[usize]) -> String {
        let inputs = self.names.iter().zip(record).enumerate();
        let asked = inputs.filter(|(_, (name, _))| {
            self.rows
                .iter()
                .any(|(_, row)| row.when.contains_key(**name))
        });
        let parts: Vec<String> = asked
            .map(|(input, (name, value))| {
                let value = self.tried[input].get(*value);
                format!(
                    "{name} = {}",
                    value.map_or_else(String::new, |value| value.to_json().to_string())
                )
            })
            .collect();
        if parts.is_empty() {
            "every record".to_owned()
        } else {
            format!("`{}`", parts.join(", "))
        }
    }
}

/// A search for a record that none of some rows matches for certain.
struct Search<'g, 'a> {
    grid: &'g Grid<'a>,
    /// Only among the records that this row may match.
    within: Option<usize>,
    seen: HashSet<(usize, Vec<usize>)>,
    gave_up: bool,
}

impl<'g, 'a> Search<'g, 'a> {
    fn new(grid: &'g Grid<'a>, within: Option<usize>) -> Self {
        Self {
            grid,
            within,
            seen: HashSet::new(),
            gave_up: false,
        }
    }

    /// `rows` match what was chosen so far.
    fn missed(&mut self, rows: &[usize], chosen: &mut Vec<usize>) -> Option<Vec<usize>> {
        let input = chosen.len();
        if input == self.grid.names.len() {
            return rows.is_empty().then(|| chosen.clone());
        }
        if self.seen.len() > MOST_STEPS {
            self.gave_up = true;
            return None;
        }
        if !self.seen.insert((input, rows.to_vec())) {
            return None;
        }
        for value in 0..self.grid.tried[input].len() {
            let judged = |row: usize| self.grid.matches[row][input][value];
            if self.within.is_some_and(|row| judged(row) == Match::No) {
                continue;
            }
            let left: Vec<usize> = rows
                .iter()
                .copied()
                .filter(|row| judged(*row) == Match::Yes)
                .collect();
            chosen.push(value);
            let missed = self.missed(&left, chosen);
            chosen.pop();
            if missed.is_some() {
                return missed;
            }
        }
        None
    }
}

fn judged(
    site: &Site<'_>,
    cell: Option<&Cell>,
    name: &Name,
    tried: &[Value],
    input: &countersign_core::expression::Expression,
) -> Vec<Match> {
    let around = &site.workflow.surroundings;
    let understood = cell.is_none_or(|cell| borders(cell, name, input.ty()).is_some());
    let values = tried.iter().map(|value| match cell {
        None => Match::Yes,
        Some(_) if !understood => Match::Perhaps,
        Some(cell) => match cell.matches(name, value, around) {
            Ok(true) => Match::Yes,
            Ok(false) => Match::No,
            Err(_) => Match::Perhaps,
        },
    });
    values.collect()
}

/// The constants of a cell, if it is one that can be tried out.
fn borders(cell: &Cell, name: &Name, ty: &Type) -> Option<Vec<Value>> {
    let found = match cell {
        Cell::Condition(condition) => condition.borders(name),
        Cell::Equals(value) | Cell::Among(value) => value.constants(),
    }?;
    let fits = |value: &Value| {
        matches!(
            (value, ty),
            (Value::Bool(_), Type::Bool)
                | (Value::Int(_), Type::Int)
                | (Value::Double(_), Type::Double)
                | (Value::String(_), Type::String)
                | (Value::Date(_), Type::Date)
                | (Value::Time(_), Type::Time)
                | (Value::Money(_), Type::Money)
        )
    };
    found.iter().all(fits).then_some(found)
}
