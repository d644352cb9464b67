//! Values for forms: those that people are known to write, those that the schema allows, its edges, and now and then
//! what it forbids. Whether a value is right is judged by the step.

use chrono::Duration;
use serde_json::{Map, Value as Json, json};

use crate::{
    name::Name,
    time::Time,
    workflow::{Field, FieldKind, Form, Workflow},
    world::World,
};

use super::chance::Chance;

/// What is known of good values: those of the scenarios beside a workflow.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Forms as they were filled in somewhere.
    pub forms: Vec<(Name, Map<String, Json>)>,
    /// Numbers that the file names: what happens changes at them.
    pub numbers: Vec<i64>,
}

impl Known {
    /// How a form was filled in.
    fn filled<'k>(&'k self, name: &'k Name) -> impl Iterator<Item = &'k Map<String, Json>> {
        let forms = self.forms.iter().filter(move |(form, _)| form == name);
        forms.map(|(_, values)| values)
    }
}

/// Somebody who fills in forms of a workflow.
pub(super) struct Filler<'a> {
    pub(super) workflow: &'a Workflow,
    pub(super) known: &'a Known,
    pub(super) world: &'a World,
    pub(super) chance: &'a mut Chance,
}

impl Filler<'_> {
    /// A form, mostly as somebody is known to fill it in.
    pub(super) fn form(&mut self, name: &Name) -> Json {
        let Some(form) = self.workflow.forms.get(name) else {
            return json!({});
        };
        let known: Vec<&Map<String, Json>> = self.known.filled(name).collect();
        let whole = self.chance.percent(70);
        let mut values = match self.chance.pick(&known) {
            Some(known) if whole => (*known).clone(),
            Some(_) | None => Map::new(),
        };
        let changed = self.chance.below(form.fields.len());
        for (at, field) in form.fields.values().enumerate() {
            let there = values.contains_key(field.name.as_str());
            let change = at == changed && self.chance.percent(50);
            let fill = !there && (field.required || self.chance.percent(30));
            if field.derived.is_none() && (fill || change) {
                let value = self.value_of(form, field);
                values.insert(field.name.to_string(), value);
            }
        }
        Json::Object(values)
    }

    /// One field of a form.
    pub(super) fn one_field(&mut self, name: &Name) -> Json {
        let form = self.workflow.forms.get(name);
        let fields: Vec<&Field> = form.map_or_else(Vec::new, |form| form.fields.values().collect());
        let (Some(form), Some(field)) = (form, self.chance.pick(&fields)) else {
            return json!({});
        };
        let value = self.value_of(form, field);
        json!({ field.name.as_str(): value })
    }

    fn value_of(&mut self, form: &Form, field: &Field) -> Json {
        let known: Vec<Json> = self
            .known
            .filled(&form.name)
            .filter_map(|values| values.get(field.name.as_str()).cloned())
            .collect();
        if self.chance.percent(50)
            && let Some(value) = self.chance.pick(&known)
        {
            return value.clone();
        }
        if self.chance.percent(8) {
            let wrong = [json!(null), json!(true), json!(-1), json!(""), json!([])];
            return self.chance.pick(&wrong).cloned().unwrap_or_default();
        }
        self.value(&field.kind, &field.schema)
    }

    fn value(&mut self, kind: &FieldKind, schema: &Json) -> Json {
        match kind {
            FieldKind::String | FieldKind::LongText => self.text(schema),
            FieldKind::Integer => json!(self.number(schema)),
            #[expect(
                clippy::cast_precision_loss,
                reason = "a made-up number may as well be another"
            )]
            FieldKind::Number => json!(self.number(schema) as f64 / 2.0),
            FieldKind::Boolean => json!(self.chance.percent(70)),
            FieldKind::Date => {
                let day = self.moment();
                let zone = self.workflow.surroundings.zone;
                json!(crate::time::date_in(day, zone).to_string())
            }
            FieldKind::DateTime => json!(self.moment().to_rfc3339()),
            FieldKind::Money => {
                let cents = [0, 0, 1, 99];
                let cents = self.chance.pick(&cents).copied().unwrap_or(0);
                json!(format!("{}.{cents:02}", self.number(schema)))
            }
            FieldKind::Enum(words) => json!(self.chance.pick(words)),
            FieldKind::Pick { list } => {
                let entries = self.world.list(list).into_iter();
                let ids: Vec<&String> = entries.flat_map(|list| list.entries.keys()).collect();
                json!(self.chance.pick(&ids))
            }
            FieldKind::Person { .. } => {
                let people: Vec<&str> = self
                    .world
                    .people()
                    .map(|person| person.id.as_str())
                    .collect();
                json!(self.chance.pick(&people))
            }
            FieldKind::List { items, most } => {
                let most = most.unwrap_or(4).min(4) as usize;
                let inner = schema.get("items").unwrap_or(&Json::Null);
                let count = self.chance.below(most + 1);
                (0..count).map(|_| self.value(items, inner)).collect()
            }
            FieldKind::Object(fields) => {
                let fields = fields.iter().map(|(name, kind)| {
                    let inner = &schema["properties"][name.as_str()];
                    (name.to_string(), self.value(kind, inner))
                });
                Json::Object(fields.collect())
            }
        }
    }

    fn text(&mut self, schema: &Json) -> Json {
        let words = ["Nordwind 北风", "A", "Something longer, with a full stop."];
        let mut text = self.chance.pick(&words).copied().unwrap_or("A").to_owned();
        let least = schema["minLength"].as_u64().unwrap_or(0);
        while u64::try_from(text.chars().count()).unwrap_or(u64::MAX) < least {
            text.push('x');
        }
        if let Some(most) = schema["maxLength"].as_u64() {
            text = text
                .chars()
                .take(usize::try_from(most).unwrap_or(usize::MAX))
                .collect();
        }
        json!(text)
    }

    /// A number at or near an edge: of the schema, or one that the file names.
    fn number(&mut self, schema: &Json) -> i64 {
        let bound = |word: &str| schema[word].as_f64();
        #[expect(clippy::cast_possible_truncation, reason = "bounds of forms are small")]
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
            .into_iter()
            .filter_map(bound)
            .map(|bound| bound as i64);
        let mut edges: Vec<i64> = bounds.chain(self.known.numbers.iter().copied()).collect();
        edges.extend([1, 100]);
        let edge = self.chance.pick(&edges).copied().unwrap_or(1);
        let beside = [0, 0, 1, -1]
            .get(self.chance.below(4))
            .copied()
            .unwrap_or(0);
        let number = edge.saturating_add(beside);
        match schema["minimum"].as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "bounds of forms are small")]
            Some(least) if self.chance.percent(80) => number.max(least.ceil() as i64),
            Some(_) | None => number,
        }
    }

    fn moment(&mut self) -> Time {
        let days = [-400, -1, 0, 1, 30, 400];
        let days = self.chance.pick(&days).copied().unwrap_or(1);
        self.world.now() + Duration::days(days)
    }
}
