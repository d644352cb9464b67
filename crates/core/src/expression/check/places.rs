//! Where a part of an expression stands in its source.

use cel::common::ast::{EntryExpr, Expr, IdedExpr};

use super::Checker;

impl Checker<'_> {
    /// From the first to the last byte of a part, brackets and field names included.
    pub(super) fn place(&self, expr: &IdedExpr) -> (usize, usize) {
        let (mut start, mut end) = self.sign_of(expr);
        let mut widen = |other: (usize, usize)| {
            start = start.min(other.0);
            end = end.max(other.1);
        };
        match &expr.expr {
            Expr::Select(select) => {
                widen(self.place(&select.operand));
                if !select.test {
                    widen(self.field_place(expr));
                }
            }
            Expr::Call(call) => {
                for part in call.target.iter().map(|target| &**target).chain(&call.args) {
                    widen(self.place(part));
                }
                widen(self.name_of_call(expr));
                widen(self.brackets(expr));
            }
            Expr::Comprehension(search) => {
                widen(self.place(&search.iter_range));
                widen(self.brackets(expr));
            }
            Expr::List(list) => {
                for part in &list.elements {
                    widen(self.place(part));
                }
                widen(self.brackets(expr));
            }
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        widen(self.place(&entry.value));
                    }
                }
                widen(self.brackets(expr));
            }
            Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {}
        }
        (start, end)
    }

    /// The sign that makes a part what it is: the operator, the opening bracket, the dot, or the name itself.
    pub(super) fn sign_of(&self, expr: &IdedExpr) -> (usize, usize) {
        match self.parsed.places.offset_for(expr.id) {
            Some((start, last)) => (start as usize, last as usize + 1),
            None => (0, self.parsed.places.source.len()),
        }
    }

    /// The name behind the dot of a selection.
    pub(super) fn field_place(&self, expr: &IdedExpr) -> (usize, usize) {
        let (dot, _) = self.sign_of(expr);
        let field = self.parsed.tokens.iter().find(|token| token.start > dot);
        field.map_or((dot, dot + 1), |field| (field.start, field.end()))
    }

    /// The name before the opening bracket of a call; the sign itself if there is none.
    pub(super) fn name_of_call(&self, expr: &IdedExpr) -> (usize, usize) {
        let sign = self.sign_of(expr);
        let tokens = &self.parsed.tokens;
        let opening = tokens
            .iter()
            .position(|token| token.start == sign.0 && token.is("("));
        let name = opening.and_then(|at| tokens.get(at.checked_sub(1)?));
        name.map_or(sign, |name| (name.start, name.end()))
    }

    /// From the opening bracket of a part to the one that closes it.
    fn brackets(&self, expr: &IdedExpr) -> (usize, usize) {
        let sign = self.sign_of(expr);
        let mut depth = 0_i32;
        for token in self.parsed.tokens.iter().filter(|t| t.start >= sign.0) {
            if ["(", "[", "{"].into_iter().any(|open| token.is(open)) {
                depth += 1;
            } else if [")", "]", "}"].into_iter().any(|close| token.is(close)) {
                depth -= 1;
            }
            if depth <= 0 {
                return (sign.0, if depth == 0 { token.end() } else { sign.1 });
            }
        }
        sign
    }
}
