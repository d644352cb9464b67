//! Decision tables: rows of conditions over a few inputs, and what each row says. Reading one off is `crate::table`'s.

use indexmap::IndexMap;

use crate::{expression::Expression, name::Name};

use super::Workflow;

/// A decision table. Its name stands for its value.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name in the file.
    pub name: Name,
    /// What the rows ask about.
    pub inputs: IndexMap<Name, Expression>,
    /// Which rows count.
    pub hit: Hit,
    /// Rows in document order.
    pub rows: IndexMap<Name, Row>,
    /// The line of the file.
    pub line: u32,
}

/// Which of the rows that match give the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// The only one; two that match are a failure.
    Unique,
    /// The first.
    First,
    /// All of them: the value is a list.
    Collect,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it asks of each input; one that it leaves out may be anything.
    pub when: IndexMap<Name, Cell>,
    /// What it says.
    pub then: Expression,
}

/// What a row asks of an input. The expression reads that input and nothing else.
#[derive(Debug, Clone)]
pub enum Cell {
    /// That this is true.
    Condition(Expression),
    /// That it is this value.
    Equals(Expression),
    /// That it is one of these values.
    Among(Expression),
}

impl Table {
    /// What it reads to have a value: its inputs, and what its rows say.
    pub fn parts(&self) -> impl Iterator<Item = &Expression> {
        let said = self.rows.values().map(|row| &row.then);
        self.inputs.values().chain(said)
    }
}

impl Cell {
    /// The expression as written.
    pub fn expression(&self) -> &Expression {
        match self {
            Self::Condition(expression) | Self::Equals(expression) | Self::Among(expression) => {
                expression
            }
        }
    }
}

impl Workflow {
    /// The dotted paths that an expression reads, those that it reads through tables among them.
    pub fn reads_of<'a>(&'a self, expression: &'a Expression) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        for part in self.parts_of(expression) {
            for path in part.reads() {
                if !found.contains(&path.as_str()) {
                    found.push(path);
                }
            }
        }
        found
    }

    /// Whether the value of an expression depends on the moment, itself or through a table.
    pub fn reads_clock(&self, expression: &Expression) -> bool {
        self.parts_of(expression)
            .iter()
            .any(|part| part.reads_clock())
    }

    /// An expression, and those of the tables that it reads.
    fn parts_of<'a>(&'a self, expression: &'a Expression) -> Vec<&'a Expression> {
        let mut parts = vec![expression];
        let mut tables: Vec<&Name> = Vec::new();
        let mut at = 0;
        while let Some(part) = parts.get(at).copied() {
            at += 1;
            for root in part.roots() {
                let Some(table) = self.tables.get(root.as_str()) else {
                    continue;
                };
                if !tables.contains(&&table.name) {
                    tables.push(&table.name);
                    parts.extend(table.parts());
                }
            }
        }
        parts
    }
}
