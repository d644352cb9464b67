//! What the places that conditions read can hold: by the fields of forms, and by what the engine promises. The solver
//! takes it from here. Of a place that depends on others, or that is not known well enough, it is only said what it
//! can never be.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use countersign_core::{
    expression::{FINENESS, Kind, Type, Value},
    form::kind_type,
    name::Name,
    workflow::{Field, FieldKind, FormSchema, Workflow},
};
use serde_json::Value as Json;

use super::solve::Variable;

/// Keywords of a field that say all there is to say of what it can hold.
const PLAIN: [&str; 11] = [
    "type",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "maxItems",
    "default",
    "examples",
    "items",
    "maxLength",
];

/// Where a condition is asked: which forms are complete there, for sure.
#[derive(Debug, Clone, Default)]
pub(super) struct Here {
    pub(super) complete: BTreeSet<Name>,
    /// Of these, those that no effect writes: what effects write is checked like a draft.
    pub(super) checked: BTreeSet<Name>,
    /// A case can come here again and again, with a higher round each time.
    pub(super) comes_again: bool,
}

/// What conditions read, seen from one place of the file.
pub(super) struct Places<'a> {
    workflow: &'a Workflow,
    here: &'a Here,
}

impl<'a> Places<'a> {
    pub(super) fn new(workflow: &'a Workflow, here: &'a Here) -> Self {
        Self { workflow, here }
    }

    /// What kind of thing a place holds; `None`: nothing that can be reckoned with.
    pub(super) fn kind(&self, place: &str) -> Option<Kind> {
        match place {
            "today" => return Some(Kind::Day),
            "now" | "case.submitted_at" | "case.opened_at" => return Some(Kind::Moment),
            "case.round" => return Some(Kind::Whole),
            _ => {}
        }
        let (root, rest) = place.split_once('.')?;
        if root == "case" {
            let (map, _) = rest.split_once('.')?;
            return match map {
                "visits" => Some(Kind::Whole),
                "entered" => Some(Kind::Moment),
                _ => None,
            };
        }
        if root == "facts" {
            let (kind, rest) = rest.split_once('[')?;
            let (_, fact) = rest.rsplit_once("].")?;
            let facts = self.workflow.surroundings.facts.get(kind)?;
            return kind_of_type(facts.fields.get(fact)?);
        }
        if root == "partner" && rest == "id" {
            return Some(Kind::Word);
        }
        if root == "partner" {
            let facts = self.workflow.surroundings.facts.get("partner")?;
            return kind_of_type(facts.fields.get(rest)?);
        }
        let form = self
            .workflow
            .forms
            .get(root)
            .filter(|form| !form.each_reviewer)?;
        let mut path = rest.split('.');
        let field = form.fields.get(path.next()?)?;
        let mut ty = kind_type(&field.kind, &self.workflow.surroundings);
        for member in path {
            ty = ty.members()?.get(member)?.ty.clone();
        }
        kind_of_type(&ty)
    }

    /// Whether a field may hold nothing; of other things it is not known.
    pub(super) fn may_be_absent(&self, place: &str) -> bool {
        let mut path = place.split('.');
        let field = path.next().zip(path.next());
        let field = field.and_then(|(form, field)| Some((form, self.field(form, field)?.0)));
        field.is_some_and(|(form, field)| !(field.required && self.here.complete.contains(form)))
    }

    /// What a place can hold.
    pub(super) fn variable(&self, place: &str) -> Variable {
        if let Some(list) = place.strip_suffix(".size()") {
            return self.size(list);
        }
        let kind = self.kind(place).unwrap_or(Kind::Whole);
        let bound = Variable {
            is_free: false,
            may_be_absent: true,
            ..Variable::of(kind)
        };
        match place {
            "today" | "now" => return Variable::of(kind),
            "case.round" => {
                return Variable {
                    least: Some(1),
                    is_free: self.here.comes_again,
                    ..Variable::of(kind)
                };
            }
            _ => {}
        }
        match place.split_once('.') {
            Some(("case", _)) => Variable {
                least: (kind == Kind::Whole).then_some(0),
                ..bound
            },
            // Whatever the host system tells.
            Some(("partner" | "facts", _)) => Variable {
                may_be_absent: true,
                ..Variable::of(kind)
            },
            Some((form, field)) => match self.field(form, field) {
                Some((field, is_alone)) => self.of_field(form, field, is_alone),
                None => self.of_picked(form, field, kind).unwrap_or(bound),
            },
            None => bound,
        }
    }

    /// What an entry of a list says that was picked: whatever those who keep the list write into it.
    fn of_picked(&self, form: &str, path: &str, kind: Kind) -> Option<Variable> {
        let (field, _) = path.split_once('.')?;
        let (field, is_alone) = self.field(form, field)?;
        let is_picked = matches!(field.kind, FieldKind::Pick { .. });
        is_picked.then(|| Variable {
            may_be_absent: !(self.here.complete.contains(form) && field.required),
            is_free: is_alone && field.derived.is_none(),
            ..Variable::of(kind)
        })
    }

    /// A field, and whether nothing but the field itself says what it can hold.
    fn field(&self, form: &str, field: &str) -> Option<(&'a Field, bool)> {
        let form = self.workflow.forms.get(form)?;
        let field = form.fields.get(field)?;
        let is_alone = match &form.schema {
            FormSchema::Beside(Json::Null) => true,
            FormSchema::Beside(Json::Object(more)) => more.is_empty(),
            FormSchema::Beside(_) | FormSchema::Plain(_) => false,
        };
        Some((field, is_alone && !form.each_reviewer))
    }

    fn of_field(&self, form: &str, field: &Field, is_alone: bool) -> Variable {
        let is_complete = self.here.complete.contains(form);
        let found = of_field(field, self.here.checked.contains(form));
        Variable {
            may_be_absent: !(is_complete && field.required) || field.derived.is_some(),
            is_free: is_alone && found.is_free,
            ..found
        }
    }

    fn size(&self, place: &str) -> Variable {
        let bound = Variable {
            least: Some(0),
            is_free: false,
            may_be_absent: true,
            ..Variable::of(Kind::Whole)
        };
        if let Some(material) = self.workflow.materials.get(place) {
            return Variable {
                most: Some(i128::from(material.most)),
                is_free: true,
                may_be_absent: false,
                ..bound
            };
        }
        let field = place.split_once('.');
        let Some((field, is_alone)) = field.and_then(|(form, field)| self.field(form, field))
        else {
            return bound;
        };
        let form = place.split('.').next().unwrap_or_default();
        let FieldKind::List { most, .. } = &field.kind else {
            return bound;
        };
        let is_complete = self.here.complete.contains(form);
        let is_checked = self.here.checked.contains(form);
        let least = field.schema.get("minItems").and_then(Json::as_i64);
        Variable {
            least: Some(least.filter(|_| is_checked).map_or(0, i128::from)),
            most: most.map(i128::from),
            is_free: is_alone && field.derived.is_none(),
            may_be_absent: !(is_complete && field.required),
            ..bound
        }
    }
}

/// What a field can hold when it holds something; bounds hold only where the form is complete.
pub(super) fn of_field(field: &Field, is_complete: bool) -> Variable {
    let is_plain = match &field.schema {
        Json::Object(keywords) => keywords.iter().all(|(keyword, value)| {
            PLAIN.contains(&keyword.as_str()) || (keyword == "minLength" && is_short(value))
        }),
        _ => true,
    };
    let units = match field.kind {
        FieldKind::Money => 100,
        FieldKind::Number => FINENESS,
        _ => 1,
    };
    let (least, most) = if is_complete {
        bounds(field, units)
    } else {
        (None, None)
    };
    let (kind, words) = match &field.kind {
        FieldKind::Enum(words) => (Kind::Word, Some(words.clone())),
        FieldKind::Boolean => (Kind::Truth, None),
        FieldKind::Integer => (Kind::Whole, None),
        FieldKind::Number => (Kind::Number, None),
        FieldKind::Money => (Kind::Money, None),
        FieldKind::Date => (Kind::Day, None),
        FieldKind::DateTime => (Kind::Moment, None),
        FieldKind::String
        | FieldKind::LongText
        | FieldKind::Pick { .. }
        | FieldKind::Person { .. }
        | FieldKind::List { .. }
        | FieldKind::Object(_) => (Kind::Word, None),
    };
    let is_simple = !matches!(
        field.kind,
        FieldKind::Pick { .. } | FieldKind::Person { .. } | FieldKind::Object(_)
    );
    Variable {
        words,
        least,
        most,
        is_free: is_plain && is_simple && field.derived.is_none(),
        ..Variable::of(kind)
    }
}

/// Whether a text may have so few characters that nearly every word is long enough.
fn is_short(least: &Json) -> bool {
    least.as_u64().is_some_and(|least| least <= 2)
}

/// What a field allows at least and at most, in units of which so many make one.
fn bounds(field: &Field, units: i128) -> (Option<i128>, Option<i128>) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a bound beyond 2^53 only makes the example a little off"
    )]
    let bound = |keyword: &str| {
        let number = field.schema.get(keyword)?.as_f64()?;
        Some((number * units as f64).round() as i128)
    };
    let least = bound("minimum").or_else(|| Some(bound("exclusiveMinimum")?.saturating_add(1)));
    let most = bound("maximum").or_else(|| Some(bound("exclusiveMaximum")?.saturating_sub(1)));
    (least, most)
}

/// What values of this type are, for the solver.
pub(super) fn kind_of_type(ty: &Type) -> Option<Kind> {
    Some(match ty {
        Type::Bool => Kind::Truth,
        Type::Int => Kind::Whole,
        Type::Double => Kind::Number,
        Type::String => Kind::Word,
        Type::Date => Kind::Day,
        Type::Time => Kind::Moment,
        Type::Money => Kind::Money,
        Type::Text
        | Type::Person
        | Type::List { .. }
        | Type::Record(_)
        | Type::MapOf(_)
        | Type::Any => return None,
    })
}

/// A value in units of its kind; `None` if it is none of numbers and dates.
pub(super) fn units_of(value: &Value, kind: Kind) -> Option<i128> {
    match (value, kind) {
        (Value::Int(number), Kind::Whole) => Some(i128::from(*number)),
        (Value::Int(number), Kind::Number) => Some(i128::from(*number) * FINENESS),
        (Value::Money(money), Kind::Money) => Some(i128::from(money.hundredths())),
        (Value::Date(date), Kind::Day) => Some(days(*date)),
        (Value::Time(time), Kind::Moment) => Some(i128::from(time.timestamp_millis())),
        _ => None,
    }
}

fn days(date: NaiveDate) -> i128 {
    i128::from(date.num_days_from_ce())
}
