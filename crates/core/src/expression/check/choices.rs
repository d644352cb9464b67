//! Conditions: and, or, `? :`.

use cel::common::ast::IdedExpr;

use super::{Checked, Checker};
use crate::expression::term::Term;
use crate::expression::types::Type;

impl Checker<'_> {
    pub(super) fn truth(&mut self, expr: &IdedExpr) -> Term {
        let checked = self.check(expr);
        self.require(&checked, &[Type::Bool], expr, "a condition");
        checked.term
    }

    pub(super) fn junction(
        &mut self,
        join: fn(Box<Term>, Box<Term>) -> Term,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Checked {
        let left = Box::new(self.truth(left));
        let right = Box::new(self.truth(right));
        Checked::new(join(left, right), Type::Bool)
    }

    pub(super) fn conditional(
        &mut self,
        condition: &IdedExpr,
        yes: &IdedExpr,
        no: &IdedExpr,
        expr: &IdedExpr,
    ) -> Checked {
        let condition = self.truth(condition);
        let (mut yes, mut no) = (self.check(yes), self.check(no));
        let ty = self.common(&mut yes, &mut no, expr, "the two values of `? :` are");
        Checked::new(
            Term::If(Box::new(condition), Box::new(yes.term), Box::new(no.term)),
            ty,
        )
    }

    /// The kind of two values of which either may come; literals become what the other one is.
    pub(super) fn common(
        &mut self,
        one: &mut Checked,
        other: &mut Checked,
        expr: &IdedExpr,
        what: &str,
    ) -> Type {
        let (first, second) = (one.ty.clone(), other.ty.clone());
        self.coerce(one, &second, expr);
        self.coerce(other, &first, expr);
        if let Some(ty) = one.ty.unify(&other.ty) {
            return ty;
        }
        let message = format!("{what} {} and {}", one.ty, other.ty);
        let help = "both must be of the same kind";
        self.refuse_with_help("E307", self.place(expr), message, help)
            .ty
    }

    /// Reports a part that is of no kind that it may have.
    pub(super) fn require(&mut self, checked: &Checked, may: &[Type], expr: &IdedExpr, what: &str) {
        let fits = |ty: &Type| *ty == checked.ty || matches!(checked.ty, Type::Any);
        if may.iter().any(fits) {
            return;
        }
        let kinds: Vec<String> = may.iter().map(Type::to_string).collect();
        let message = format!(
            "{what} must be {}, and this is {}",
            kinds.join(" or "),
            checked.ty
        );
        self.refuse("E308", self.place(expr), message);
    }
}
