//! Reading a decision table off: which of its rows match, and what they say.

use std::cell::OnceCell;

use crate::{
    calendar::Calendar,
    expression::{Bindings, CaseCall, Failure, Value},
    name::Name,
    sight::{Beside, Sight},
    time::Zone,
    workflow::{Cell, Hit, Row, Surroundings, Table},
};

/// The value of a table for a case. No row that matches is a failure, unless all are collected.
pub(crate) fn value(sight: &Sight<'_>, table: &Table) -> Result<Value, Failure> {
    let inputs = Inputs {
        sight,
        table,
        known: vec![OnceCell::new(); table.inputs.len()],
    };
    let mut hits: Vec<&Row> = Vec::new();
    for row in table.rows.values() {
        if !inputs.match_row(row)? {
            continue;
        }
        hits.push(row);
        match table.hit {
            Hit::First => break,
            Hit::Unique if hits.len() > 1 => {
                let message = format!("two rows of the table `{}` match", table.name);
                return Err(Failure::new(message));
            }
            Hit::Unique | Hit::Collect => {}
        }
    }
    if let Hit::Collect = table.hit {
        let said: Result<Vec<Value>, Failure> = hits.iter().map(|row| inputs.said(row)).collect();
        return Ok(Value::list(said?));
    }
    match hits.first() {
        Some(row) => inputs.said(row),
        None => Err(Failure::new(format!(
            "no row of the table `{}` matches",
            table.name
        ))),
    }
}

impl Cell {
    /// Whether a value of this input is what the row asks for.
    pub fn matches(
        &self,
        input: &Name,
        value: &Value,
        around: &Surroundings,
    ) -> Result<bool, Failure> {
        let only = Only {
            input,
            value,
            around,
        };
        let found = self.expression().evaluate(&only)?;
        Ok(match self {
            Self::Condition(_) => found == Value::Bool(true),
            Self::Equals(_) => found == *value,
            Self::Among(_) => found.as_list().is_some_and(|among| among.contains(value)),
        })
    }
}

/// The inputs of a table, each reckoned once, and only if a row asks for it.
struct Inputs<'a> {
    sight: &'a Sight<'a>,
    table: &'a Table,
    known: Vec<OnceCell<Result<Value, Failure>>>,
}

impl Inputs<'_> {
    fn input(&self, name: &str) -> Option<&Result<Value, Failure>> {
        let (place, _, expression) = self.table.inputs.get_full(name)?;
        let known = self.known.get(place)?;
        Some(known.get_or_init(|| expression.evaluate(self.sight)))
    }

    fn match_row(&self, row: &Row) -> Result<bool, Failure> {
        for (name, cell) in &row.when {
            let value = match self.input(name) {
                Some(Ok(value)) => value,
                Some(Err(failure)) => return Err(failure.clone()),
                None => return Ok(false),
            };
            if !cell.matches(name, value, &self.sight.workflow.surroundings)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What a row says, of the inputs and the case.
    fn said(&self, row: &Row) -> Result<Value, Failure> {
        row.then.evaluate(&Beside {
            sight: self.sight,
            own: &|name| self.input(name).cloned(),
        })
    }
}

/// What a cell sees: its own input.
struct Only<'a> {
    input: &'a Name,
    value: &'a Value,
    around: &'a Surroundings,
}

impl Bindings for Only<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        (*name == **self.input).then(|| self.value.clone())
    }

    fn case_call(&self, _: CaseCall, _: &str) -> Option<Value> {
        None
    }

    fn zone(&self) -> Zone {
        self.around.zone
    }

    fn calendar(&self) -> &Calendar {
        &self.around.calendar
    }
}
