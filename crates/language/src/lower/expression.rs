//! Expressions of a file: compiling them, and bringing what is wrong with them to its place in the file.

use countersign_core::{
    expression::{Expect, Expression, Named, NamedKind, Problem, Scope},
    name::Name,
};
use indexmap::IndexSet;

use crate::{diagnostic::Code, file::File, source::Span, yaml::Yaml};

use super::Lowering;

impl Lowering<'_> {
    /// Compiles what stands here. `None` if it cannot be used; that was reported.
    pub(crate) fn expression(
        &self,
        yaml: &Yaml,
        scope: &Scope,
        expect: &Expect,
        what: &str,
    ) -> Option<Expression> {
        let found = expression(self.file, yaml, scope, expect, what)?;
        for named in found.named() {
            let span = yaml.span_within(self.file.text(), named.start..named.end);
            self.check_named(self.file, span, named);
        }
        Some(found)
    }

    /// The same as [`Self::expression`], with a stand-in for one that cannot be used.
    pub(crate) fn expression_or_stand_in(
        &self,
        yaml: &Yaml,
        scope: &Scope,
        expect: &Expect,
        what: &str,
    ) -> Expression {
        self.expression(yaml, scope, expect, what)
            .unwrap_or_else(stand_in)
    }

    /// Checks the names in an expression within a text; there they are only known by what they say.
    pub(crate) fn check_named_in_text(&self, file: &File, yaml: &Yaml, expression: &Expression) {
        let text = yaml.scalar().map_or("", |scalar| &scalar.text);
        for named in expression.named() {
            let quoted = ["'", "\""].map(|mark| format!("{mark}{}{mark}", named.text));
            let written = quoted.iter().find(|quoted| text.contains(*quoted));
            let written = written.unwrap_or(&named.text);
            let at = text.find(written).unwrap_or(0);
            let span = yaml.span_within(file.text(), at..at + written.len());
            self.check_named(file, span, named);
        }
    }

    /// Checks that the state or action exists which an expression names in a string (SEMANTICS 2).
    pub(super) fn check_named(&self, file: &File, span: Span, named: &Named) {
        let text = named.text.as_str();
        match named.kind {
            NamedKind::State => {
                if self.outline.find(text).is_none() {
                    let message = format!("there is no state `{text}`");
                    let known = self.outline.states.iter().map(|state| state.path.as_str());
                    file.unknown(Code::NamesNothing, span, message, text, known);
                }
            }
            NamedKind::Action => {
                if !self.names.actions.contains(text) && text != "open" {
                    let message = format!("there is no action `{text}`");
                    let known = self.names.actions.iter().map(String::as_str);
                    file.unknown(Code::NamesNothing, span, message, text, known);
                }
            }
        }
    }

    /// The name of something declared, if there is such a thing.
    pub(crate) fn known_name(
        &self,
        yaml: &Yaml,
        code: Code,
        what: &str,
        known: &IndexSet<Name>,
    ) -> Option<Name> {
        let text = self.file.word(yaml, what)?;
        let found = known.get(text).cloned();
        if found.is_none() {
            let message = format!("there is no {what} `{text}`");
            let names = known.iter().map(Name::as_str);
            self.file.unknown(code, yaml.span, message, text, names);
        }
        found
    }
}

/// Compiles what stands here, without a look at the states and actions that it names.
pub(crate) fn expression(
    file: &File,
    yaml: &Yaml,
    scope: &Scope,
    expect: &Expect,
    what: &str,
) -> Option<Expression> {
    let Some(scalar) = yaml.scalar().filter(|_| !yaml.is_null()) else {
        let message = format!("{what} is an expression, and here is {}", yaml.what());
        let help = "write an expression; quote one that begins with `[`, `{` or `!`";
        file.shape(yaml, message, help);
        return None;
    };
    match Expression::compile(&scalar.text, scope, expect) {
        Ok(expression) => Some(expression),
        Err(problems) => {
            for found in problems {
                problem(file, yaml, &found);
            }
            None
        }
    }
}

/// Reports a problem of an expression that is the value, or part of the value, of this scalar.
pub(crate) fn problem(file: &File, yaml: &Yaml, problem: &Problem) {
    let code = Code::ALL
        .iter()
        .find(|code| code.as_str() == problem.code)
        .copied()
        .unwrap_or(Code::NotAnExpression);
    let span = yaml.span_within(file.text(), problem.start..problem.end.max(problem.start));
    let help = problem.help.clone();
    let help = help.unwrap_or_else(|| code.meaning().to_owned());
    let span = if span.start == span.end {
        span.first(file.text())
    } else {
        span
    };
    file.report(code, span, problem.message.clone(), help);
}

/// What stands in for an expression that could not be compiled, so that lowering can go on.
pub(crate) fn stand_in() -> Expression {
    Expression::compile("true", &Scope::new(), &Expect::Any).expect("`true` is an expression")
}
