//! The expression language: CEL, checked when a workflow is loaded, and evaluated exactly and within bounds.

mod bindings;
mod check;
mod constants;
mod formula;
mod problem;
mod run;
mod scope;
mod syntax;
mod term;
mod tokens;
mod types;
mod value;

use std::fmt;
use std::sync::Arc;

use term::{Slot, Term};

pub use bindings::{Bindings, CaseCall, Failure};
pub use formula::{FINENESS, Formula, Kind, Outcome, Sum};
pub use problem::{Expect, Problem};
pub use scope::Scope;
pub use types::{ENGINE_LIST, Member, Members, Type, person_members};
pub use value::{Map, NotOfType, Value};

/// A checked expression. Cloning is cheap.
#[derive(Clone)]
pub struct Expression(Arc<Compiled>);

struct Compiled {
    source: String,
    ty: Type,
    term: Term,
    slots: Vec<Slot>,
    roots: Vec<String>,
    reads: Vec<String>,
    named: Vec<Named>,
    reads_clock: bool,
}

/// A state or action that an expression names in a string; the checker sees to it that there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What the string must name.
    pub kind: NamedKind,
    /// The string.
    pub text: String,
    /// Where it begins, in bytes of the source.
    pub start: usize,
    /// Where it ends, in bytes of the source.
    pub end: usize,
}

/// What a string in an expression names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedKind {
    /// The full path of a state.
    State,
    /// An action.
    Action,
}

impl Expression {
    /// Parses and checks an expression. All problems of a well-formed one are reported at once.
    pub fn compile(source: &str, scope: &Scope, expect: &Expect) -> Result<Self, Vec<Problem>> {
        check::check(source, scope, expect).map(|compiled| Self(Arc::new(compiled)))
    }

    /// The value, with names taken from the bindings.
    pub fn evaluate(&self, bindings: &dyn Bindings) -> Result<Value, Failure> {
        run::evaluate(&self.0.term, &self.0.slots, bindings)
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The kind of its result.
    pub fn ty(&self) -> &Type {
        &self.0.ty
    }

    /// The top-level names that it reads, each once.
    pub fn roots(&self) -> &[String] {
        &self.0.roots
    }

    /// The dotted paths that it reads, each once: `deal.amount`, `sow.services.key`, `facts.person.*.certificates`.
    pub fn reads(&self) -> &[String] {
        &self.0.reads
    }

    /// What it says as a condition, for the checker; `kind_of` says what is known of a place.
    pub fn formula(&self, kind_of: &dyn Fn(&str) -> Option<Kind>) -> Formula {
        let Compiled {
            term,
            slots,
            source,
            ..
        } = &*self.0;
        formula::formula(term, slots, source, kind_of)
    }

    /// Its value, or the values in its list, if it is written out.
    pub fn constants(&self) -> Option<Vec<Value>> {
        constants::of(&self.0.term)
    }

    /// Whether its value depends on the moment.
    pub fn reads_clock(&self) -> bool {
        self.0.reads_clock
    }

    /// The states and actions that it names in strings.
    pub fn named(&self) -> &[Named] {
        &self.0.named
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.source()).finish()
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source() == other.source()
    }
}

#[cfg(test)]
mod tests;
