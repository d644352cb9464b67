//! Limits: at most so many, or so much, for each key.

use countersign_core::{
    expression::{Expect, Expression, Scope, Type},
    name::Name,
    time::PeriodKind,
    workflow::{Amount, Limit, Per, While, Window, Within},
};
use indexmap::{IndexMap, IndexSet};

use crate::{
    diagnostic::Code,
    file::Section,
    vocabulary,
    yaml::{Entry, Kind, Yaml},
};

use super::{Lowering, expression::stand_in};

impl Lowering<'_> {
    pub(crate) fn limits(&self, yaml: Option<&Yaml>) -> IndexMap<Name, Limit> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`limits`"));
        named
            .into_iter()
            .filter_map(|(name, entry)| Some((name.clone(), self.limit(name, entry)?)))
            .collect()
    }

    /// Whether a limit counts money: its `count` or what each adds is.
    pub(super) fn counts_money(&self, name: &Name) -> bool {
        match &self.limits_of_money {
            Some(known) => known.contains(name),
            None => self.reckons_money(name),
        }
    }

    /// The limits that count money, once all is known that they read.
    pub(super) fn limits_of_money(&self) -> IndexSet<Name> {
        let limits = self.names.limits.iter();
        let limits = limits.filter(|name| self.reckons_money(name));
        limits.cloned().collect()
    }

    fn reckons_money(&self, name: &Name) -> bool {
        let scope = self.scope.clone().with("actor", Type::Person);
        let is_money = |keyword: &str| {
            let path = ["limits", name.as_str(), keyword];
            let amount = self.file.root.find(&path);
            let amount = amount.and_then(|entry| entry.value.scalar());
            let amount = amount.filter(|amount| !matches!(amount.kind(), Kind::Int(_)));
            let amount = amount
                .and_then(|amount| Expression::compile(&amount.text, &scope, &Expect::Any).ok());
            amount.is_some_and(|amount| *amount.ty() == Type::Money)
        };
        is_money("count") || is_money("adds")
    }

    fn limit(&self, name: Name, entry: &Entry) -> Option<Limit> {
        let section = self.file.keywords(&entry.value, &vocabulary::LIMIT);
        // A limit cannot read limits, so that none waits for itself.
        let scope = self.scope.clone().with("actor", Type::Person);
        let money = self.counts_money(&name);
        let amount = |keyword| match section.get(keyword) {
            Some(yaml) => self.amount(yaml, &scope, keyword, money),
            None => Amount::Fixed(1),
        };
        let same_partner = section
            .get("same")
            .is_some_and(|yaml| self.same_partner(yaml));
        let (count, adds) = (amount("count"), amount("adds"));
        self.check_amounts(section, &count, &adds);
        let counting = section.get("counting");
        let counting =
            counting.and_then(|yaml| self.expression(yaml, &scope, &Expect::Key, "`counting`"));
        if let (Some(_), Some(adds)) = (&counting, section.entry("adds")) {
            let message = "`counting` counts each value once, so nothing can be added";
            let help = "delete `adds`, or `counting`";
            self.file
                .report(Code::ExclusiveKeywords, adds.key.span, message, help);
        }
        Some(Limit {
            per: self.per(&name, section, entry, &scope),
            window: self.window(&name, section, entry)?,
            // The text may say what is left; it is reckoned when the limit was.
            otherwise: self.otherwise_text(section, &self.scope_of_action(None)),
            at: section.get("at").and_then(|yaml| self.place(yaml)),
            line: self.file.line(entry.key.span),
            name,
            count,
            adds,
            counting,
            same_partner,
        })
    }

    fn amount(&self, yaml: &Yaml, scope: &Scope, keyword: &str, money: bool) -> Amount {
        if money {
            // A plain number beside money is an amount of money too.
            let (what, expect) = (format!("`{keyword}`"), Expect::Exactly(Type::Money));
            return Amount::Reckoned(self.expression_or_stand_in(yaml, scope, &expect, &what));
        }
        if let Some(Kind::Int(number)) = yaml.scalar().map(crate::yaml::Scalar::kind) {
            if number < 0 {
                let message = format!("`{keyword}` cannot be negative");
                self.file
                    .bad_value(yaml.span, message, "write a number from 0 on");
            }
            return Amount::Fixed(number);
        }
        let what = format!("`{keyword}`");
        Amount::Reckoned(self.expression_or_stand_in(yaml, scope, &Expect::Amount, &what))
    }

    /// What is counted and what is added must be of one kind: both money or both whole numbers.
    fn check_amounts(&self, section: Section<'_>, count: &Amount, adds: &Amount) {
        let money = |amount: &Amount| match amount {
            Amount::Fixed(_) => Some(false),
            Amount::Reckoned(expression) => match expression.ty() {
                Type::Money => Some(true),
                Type::Int => Some(false),
                _ => None,
            },
        };
        if let (Some(counted), Some(added)) = (money(count), money(adds))
            && counted != added
        {
            let at = section.entry("adds").or(section.entry("count"));
            let span = at.map_or(section.span, |entry| entry.value.span);
            let message =
                "`count` and `adds` are not of one kind: one is money, the other a number";
            let help = "let both be amounts of money, or both whole numbers";
            self.file.report(Code::NeverMatch, span, message, help);
        }
    }

    fn per(&self, name: &Name, section: Section<'_>, entry: &Entry, scope: &Scope) -> Per {
        let Some(yaml) = section.get("per") else {
            self.file.missing(
                entry.key.span,
                "per",
                &format!("limit `{name}`"),
                "per: actor",
            );
            return Per::Starter;
        };
        match yaml.scalar().map_or("", |scalar| scalar.text.as_str()) {
            "actor" => Per::Actor,
            "starter" => Per::Starter,
            "partner" => Per::Partner,
            _ => Per::Key(
                self.expression(yaml, scope, &Expect::Key, "`per`")
                    .unwrap_or_else(stand_in),
            ),
        }
    }

    fn window(&self, name: &Name, section: Section<'_>, entry: &Entry) -> Option<Window> {
        match (section.entry("within"), section.entry("while")) {
            (Some(within), None) => self.within(&within.value).map(Window::Within),
            (None, Some(during)) => Some(Window::While(self.during(&during.value))),
            (None, None) => {
                let of = format!("limit `{name}`");
                self.file.missing(
                    entry.key.span,
                    "within",
                    &of,
                    "within: 1 day` or `while: open",
                );
                None
            }
            (Some(_), Some(second)) => {
                let message = "`within` and `while` exclude each other";
                let help = "`within` counts the times that something was done, `while` the cases that are there";
                self.file
                    .report(Code::ExclusiveKeywords, second.key.span, message, help);
                None
            }
        }
    }

    fn within(&self, yaml: &Yaml) -> Option<Within> {
        let text = self.file.word(yaml, "`within`")?;
        if let Some(period) = text.strip_prefix("calendar ") {
            return match period.trim().parse::<PeriodKind>() {
                Ok(period) => Some(Within::Calendar(period)),
                Err(error) => {
                    self.file.report(
                        Code::NotALength,
                        yaml.span,
                        format!("`{period}` is not a period of the calendar"),
                        error.to_string(),
                    );
                    None
                }
            };
        }
        self.length(yaml).map(Within::Rolling)
    }

    fn during(&self, yaml: &Yaml) -> While {
        match yaml.scalar().map(|scalar| scalar.text.as_str()) {
            Some("open") => return While::Open,
            Some("ever") => return While::Ever,
            Some(_) | None => {}
        }
        let states: Vec<_> = self.state_list(yaml, None);
        if states.is_empty() && yaml.items().is_empty() {
            self.file.bad_value(
                yaml.span,
                "`while` names no state",
                "write `while: open`, or states",
            );
        }
        While::States(states)
    }

    /// `same: partner`
    pub(super) fn same_partner(&self, yaml: &Yaml) -> bool {
        let word = self.file.word(yaml, "`same`");
        if word.is_some_and(|word| word != "partner") {
            self.file.bad_value(
                yaml.span,
                "only the `partner` can be the same",
                "write `same: partner`",
            );
        }
        word.is_some()
    }
}
