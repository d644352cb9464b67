//! Roles that are reckoned: groups, people, and whoever stands so to somebody.

use countersign_core::{
    expression::{Expect, Expression, Scope},
    name::Name,
    workflow::{Relation, RoleIs},
};

use crate::{
    diagnostic::Code,
    file::{File, Section},
    yaml::{Entry, Yaml},
};

use super::{Lowering, expression, expression::stand_in};

/// What a role does not read: who has it must not change with the clock, nor with whoever asks.
const NOT_FOR_ROLES: [&str; 4] = ["now", "today", "comment", "state"];
/// The keywords of which a role has one at most.
const KINDS: [&str; 5] = ["is", "group", "groups", "person", "relation"];

impl Lowering<'_> {
    /// A role with `groups`, `person` or `relation`; none if it has none of them.
    pub(super) fn computed_role(&self, file: &File, section: Section<'_>) -> Option<RoleIs> {
        let written = KINDS.iter().filter_map(|word| section.entry(word));
        let written: Vec<&Entry> = written.collect();
        let computed = ["groups", "person", "relation"];
        let entry = written
            .iter()
            .find(|entry| computed.contains(&entry.key.text.as_str()))?;
        if let Some(other) = written
            .iter()
            .find(|other| other.key.span != entry.key.span)
        {
            let message = format!(
                "`{}` and `{}` exclude each other",
                entry.key.text, other.key.text
            );
            let help =
                "a role says in one way who has it: make two roles, and name both where both may";
            file.report(Code::ExclusiveKeywords, other.key.span, message, help);
        }
        let (word, yaml) = (entry.key.text.as_str(), &entry.value);
        Some(match word {
            "groups" => {
                let groups = self.of_role(file, yaml, &Expect::Names, "`groups`");
                must_name_somebody(file, yaml, &groups);
                RoleIs::Groups(groups)
            }
            "person" => {
                let people = self.of_role(file, yaml, &Expect::People, "`person`");
                must_name_somebody(file, yaml, &people);
                RoleIs::Person(people)
            }
            _ => RoleIs::Relation(self.relation(file, yaml)),
        })
    }

    /// `boss_of(manager_of(starter))`
    fn relation(&self, file: &File, yaml: &Yaml) -> Relation {
        let source = yaml.scalar().map_or("", |scalar| scalar.text.as_str());
        let mut attributes = Vec::new();
        let mut rest = source.trim();
        while let Some((attribute, inner)) = one_relation(rest) {
            attributes.insert(0, attribute);
            rest = inner;
        }
        if attributes.is_empty() {
            let message = "a relation says who stands how to whom";
            let help = "write an attribute of people in the directory and from whom it goes: `manager_of(starter)`";
            file.bad_value(yaml.span, message, help);
            return Relation {
                attributes,
                of: stand_in(),
            };
        }
        let of = match Expression::compile(rest, &self.scope_of_role(), &Expect::People) {
            Ok(of) => of,
            Err(problems) => {
                let offset = source.find(rest).unwrap_or(0);
                for mut problem in problems {
                    problem.start += offset;
                    problem.end += offset;
                    expression::problem(file, yaml, &problem);
                }
                stand_in()
            }
        };
        Relation { attributes, of }
    }

    fn of_role(&self, file: &File, yaml: &Yaml, expect: &Expect, what: &str) -> Expression {
        let scope = self.scope_of_role();
        let found = expression(file, yaml, &scope, expect, what);
        if let Some(found) = &found {
            for named in found.named() {
                let span = yaml.span_within(file.text(), named.start..named.end);
                self.check_named(file, span, named);
            }
        }
        found.unwrap_or_else(stand_in)
    }

    fn scope_of_role(&self) -> Scope {
        let mut scope = self.scope.clone();
        for name in NOT_FOR_ROLES {
            scope.remove(name);
        }
        scope
    }
}

/// An empty list is known to name nobody (E212).
fn must_name_somebody(file: &File, yaml: &Yaml, expression: &Expression) {
    let source: String = expression.source().split_whitespace().collect();
    if source == "[]" {
        let message = "the list is empty, so nobody has this role";
        let help = "name somebody, for example `[request.owner]`, or delete the role";
        file.report(Code::EmptyGroup, yaml.span, message, help);
    }
}

/// The outermost relation, and what stands in its brackets.
fn one_relation(source: &str) -> Option<(Name, &str)> {
    let (function, rest) = source.split_once('(')?;
    let attribute = function.trim().strip_suffix("_of")?;
    let inner = rest.trim_end().strip_suffix(')')?;
    Some((Name::parse(attribute).ok()?, inner.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relation_goes_outward() {
        let (boss, inner) =
            one_relation("boss_of( manager_of(case.last('ask').by) )").expect("one");
        assert_eq!(
            (boss.as_str(), inner),
            ("boss", "manager_of(case.last('ask').by)")
        );
        let (manager, inner) = one_relation(inner).expect("another");
        assert_eq!(
            (manager.as_str(), inner),
            ("manager", "case.last('ask').by")
        );
        assert!(
            one_relation(inner).is_none(),
            "no relation is called `case.last`"
        );
    }
}
