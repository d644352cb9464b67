//! Decision tables. That rows neither overlap nor leave a gap is `check::tables`'.

use countersign_core::{
    expression::{Expect, Expression, Scope, Type},
    name::Name,
    workflow::{Cell, FieldKind, Hit, Row, Table},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, expression::stand_in};

impl Lowering<'_> {
    /// The tables of the file; the scope knows each of them afterwards.
    pub(super) fn tables(&mut self, yaml: Option<&Yaml>) -> IndexMap<Name, Table> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`tables`"));
        let mut tables = IndexMap::new();
        for (name, entry) in named {
            let (table, ty) = self.table(&name, entry);
            self.scope.insert(&name, ty);
            tables.insert(name, table);
        }
        tables
    }

    fn table(&self, name: &Name, entry: &Entry) -> (Table, Type) {
        let section = self.file.keywords(&entry.value, &vocabulary::TABLE);
        let of = format!("table `{name}`");
        let part = |keyword: &str, example: &str| {
            let found = section.get(keyword);
            if found.is_none() {
                self.file.missing(entry.key.span, keyword, &of, example);
            }
            found
        };
        let inputs = part("inputs", "inputs: { amount: deal.amount }");
        let inputs = inputs.map_or_else(IndexMap::new, |yaml| self.inputs(yaml));
        let hit = section.get("hit").and_then(|yaml| self.hit(yaml));
        let hit = hit.unwrap_or(Hit::Unique);
        let rows = part(
            "rows",
            "rows: { small: { when: { amount: amount < 1000 }, then: 1 } }",
        );
        let rows = rows.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`rows`"));
        let mut scope = self.scope.clone();
        for (input, expression) in &inputs {
            scope.insert(input, expression.ty().clone());
        }
        let mut ty: Option<Type> = None;
        let mut lowered = IndexMap::new();
        for (row_name, row) in rows {
            if let Some(row) = self.row(&row_name, row, &inputs, &scope, &mut ty) {
                lowered.insert(row_name, row);
            }
        }
        let ty = ty.unwrap_or(Type::Any);
        let ty = match hit {
            Hit::Unique | Hit::First => ty,
            Hit::Collect => Type::list(ty, u32::try_from(lowered.len()).unwrap_or(u32::MAX)),
        };
        let table = Table {
            name: name.clone(),
            inputs,
            hit,
            rows: lowered,
            line: self.file.line(entry.key.span),
        };
        (table, ty)
    }

    fn inputs(&self, yaml: &Yaml) -> IndexMap<Name, Expression> {
        let named = self.file.named(yaml, "`inputs`");
        let inputs = named.into_iter().map(|(name, entry)| {
            let found = self.expression(&entry.value, &self.scope, &Expect::Any, "an input");
            if let Some(found) = &found
                && !is_told_apart(found.ty())
            {
                let message = format!("an input is one value, and this is {}", found.ty());
                let help = "ask for a text, number, date, truth value or amount of money, such as `request.kind.id`";
                let span = entry.value.span;
                self.file.report(Code::WrongType, span, message, help);
                return (name, stand_in());
            }
            (name, found.unwrap_or_else(stand_in))
        });
        inputs.collect()
    }

    fn hit(&self, yaml: &Yaml) -> Option<Hit> {
        match self.file.word(yaml, "`hit`")? {
            "unique" => Some(Hit::Unique),
            "first" => Some(Hit::First),
            "collect" => Some(Hit::Collect),
            other => {
                let message = format!("`{other}` is no way to read a table");
                let help = "write `hit: unique`, `hit: first` or `hit: collect`";
                self.file.bad_value(yaml.span, message, help);
                None
            }
        }
    }

    fn row(
        &self,
        name: &Name,
        entry: &Entry,
        inputs: &IndexMap<Name, Expression>,
        scope: &Scope,
        ty: &mut Option<Type>,
    ) -> Option<Row> {
        let section = self.file.keywords(&entry.value, &vocabulary::ROW);
        let when = section.get("when");
        let when = when.map_or_else(IndexMap::new, |yaml| self.cells(yaml, inputs));
        let Some(then) = section.get("then") else {
            let of = format!("row `{name}`");
            self.file.missing(entry.key.span, "then", &of, "then: 2");
            return None;
        };
        let expect = ty.clone().map_or(Expect::Any, |ty| match ty {
            // A later row may have a fraction, or a text in two languages.
            Type::Int | Type::Double | Type::String | Type::Text => Expect::Any,
            ty => Expect::Exactly(ty),
        });
        let said = self.expression(then, scope, &expect, "`then`")?;
        match ty.as_ref().map(|known| known.unify(said.ty())) {
            None => *ty = Some(said.ty().clone()),
            Some(Some(common)) => *ty = Some(common),
            Some(None) => {
                let before = ty.as_ref().map(Type::to_string).unwrap_or_default();
                let message = format!("this row says {}, and those before it {before}", said.ty());
                let help = "all rows of a table say values of one kind";
                self.file.report(Code::WrongType, then.span, message, help);
            }
        }
        Some(Row { when, then: said })
    }

    fn cells(&self, yaml: &Yaml, inputs: &IndexMap<Name, Expression>) -> IndexMap<Name, Cell> {
        let mut cells = IndexMap::new();
        for entry in self.file.mapping(yaml, "`when`") {
            let text = entry.key.text.as_str();
            let Some((input, of)) = inputs.get_key_value(text) else {
                let message = format!("the table has no input `{text}`");
                let known = inputs.keys().map(Name::as_str);
                let span = entry.key.span;
                self.file
                    .unknown(Code::NoSuchThing, span, message, text, known);
                continue;
            };
            let cell = match self.words(&entry.value, of) {
                Some(words) => Some(words),
                None => self.cell(&entry.value, input, of.ty()),
            };
            if let Some(cell) = cell {
                cells.insert(input.clone(), cell);
            }
        }
        cells
    }

    /// A word of the field that the input is, or a list of such words, as they stand: `kind: goods`.
    fn words(&self, yaml: &Yaml, of: &Expression) -> Option<Cell> {
        let (form, field) = of.source().trim().split_once('.')?;
        let field = self.forms.get(form)?.fields.get(field)?;
        let FieldKind::Enum(known) = &field.kind else {
            return None;
        };
        let items: Vec<&str> = yaml
            .items()
            .iter()
            .map(|item| item.scalar().map(|scalar| scalar.text.as_str()))
            .collect::<Option<_>>()?;
        let is_known = |item: &&str| !item.contains('\'') && known.iter().any(|word| word == item);
        if items.is_empty() || !items.iter().all(is_known) {
            return None;
        }
        let quoted: Vec<String> = items.iter().map(|item| format!("'{item}'")).collect();
        let source = format!("[{}]", quoted.join(", "));
        let expect = Expect::Exactly(Type::unbounded_list(Type::String));
        Expression::compile(&source, &Scope::new(), &expect)
            .ok()
            .map(Cell::Among)
    }

    /// A condition on an input, a value that it must have, or a list of such values.
    fn cell(&self, yaml: &Yaml, input: &Name, ty: &Type) -> Option<Cell> {
        let scope = Scope::new().with(input, ty.clone());
        let text = yaml.scalar().map_or("", |scalar| scalar.text.as_str());
        let compiles = |expect: &Expect| Expression::compile(text, &scope, expect);
        let reads_input = |found: &Expression| !found.roots().is_empty();
        if let Ok(condition) = compiles(&Expect::Bool)
            && reads_input(&condition)
        {
            return Some(Cell::Condition(condition));
        }
        if let Ok(value) = compiles(&Expect::Exactly(ty.clone()))
            && !reads_input(&value)
        {
            return Some(Cell::Equals(value));
        }
        let list = Type::unbounded_list(ty.clone());
        if let Ok(values) = compiles(&Expect::Exactly(list))
            && !reads_input(&values)
        {
            return Some(Cell::Among(values));
        }
        // What is wrong is told by the form that was most likely meant.
        let expect = match Expression::compile(text, &scope, &Expect::Any) {
            Ok(found) if !reads_input(&found) => Expect::Exactly(ty.clone()),
            Ok(_) | Err(_) => Expect::Bool,
        };
        self.expression(yaml, &scope, &expect, "a condition of a row")
            .map(Cell::Condition)
    }
}

/// Whether values of this kind can be told apart, so that a row can ask for one of them.
fn is_told_apart(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bool
            | Type::Int
            | Type::Double
            | Type::String
            | Type::Date
            | Type::Time
            | Type::Money
            | Type::Any
    )
}
