//! Values of forms for one reader: masked, and with the texts of picked entries in his language.

use serde_json::{Map, Value as Json};

use crate::{
    case::{Actor, Copy, Values},
    text::Language,
    workflow::{FieldKind, Form, Thing, Workflow},
};

use super::glass::Glass;

impl Glass<'_> {
    /// What the viewer may write here and now, in document order.
    pub fn edit(&self) -> Vec<String> {
        let open = self.policy().editable();
        let fields = self.workflow.forms.values().flat_map(|form| {
            let fields = form.fields.keys();
            fields.map(|field| Thing::Field(form.name.clone(), field.clone()))
        });
        let materials = self.workflow.materials.keys().cloned().map(Thing::Material);
        let links = self.workflow.links.keys().cloned().map(Thing::Link);
        let things = fields.chain(materials).chain(links);
        things
            .filter(|thing| open.contains(thing))
            .map(|thing| match thing {
                Thing::Field(form, field) => format!("{form}.{field}"),
                Thing::Form(name) | Thing::Material(name) | Thing::Link(name) => name.to_string(),
                Thing::Case => String::new(),
            })
            .collect()
    }

    /// All forms that the viewer sees, in document order; those nobody has filled are left out.
    pub fn data(&self) -> Map<String, Json> {
        let mut data = Map::new();
        for form in self.workflow.forms.values() {
            if !self.visible.form(&form.name) {
                continue;
            }
            let shown = if form.each_reviewer {
                let copies = self.copies(form);
                (!copies.is_empty()).then_some(Json::Array(copies))
            } else {
                let values = self.case.content.forms.get(&form.name);
                values
                    .map(|values| self.values(form, values))
                    .filter(|values| !values.is_empty())
                    .map(Json::Object)
            };
            if let Some(shown) = shown {
                data.insert(form.name.to_string(), shown);
            }
        }
        data
    }

    /// The copies that count (rule 6), and the viewer's own.
    fn copies(&self, form: &Form) -> Vec<Json> {
        let copies = self
            .case
            .content
            .copies
            .get(&form.name)
            .into_iter()
            .flatten();
        copies
            .filter(|copy| self.counts(copy) || self.is_mine(copy))
            .map(|copy| {
                let mut shown = Map::new();
                if let Some(by) = self.doer(&copy.by) {
                    shown.insert("by".to_owned(), by.into());
                }
                shown.extend(self.values(form, &copy.values));
                Json::Object(shown)
            })
            .collect()
    }

    fn counts(&self, copy: &Copy) -> bool {
        let mut ballots = self.case.ballots.iter().rev();
        let last = ballots.find(|ballot| ballot.state == copy.state);
        last.is_some_and(|ballot| {
            let mut votes = ballot.votes.iter();
            ballot.visit == copy.visit
                && votes.any(|vote| Some(&vote.by) == copy.by.person() && ballot.counts(vote))
        })
    }

    fn is_mine(&self, copy: &Copy) -> bool {
        let signed_in = matches!(self.viewer.actor, Actor::Person(_) | Actor::LinkHolder(_));
        let current = self.case.visits_of(copy.state.as_str()) == copy.visit;
        signed_in && current && copy.by == self.viewer.actor.doer()
    }

    fn values(&self, form: &Form, values: &Values) -> Map<String, Json> {
        let fields = form.fields.values();
        fields
            .filter(|field| self.visible.field(&form.name, &field.name))
            .filter_map(|field| {
                let value = values.get(field.name.as_str())?;
                let read = in_language(&field.kind, value, self.viewer.language);
                Some((field.name.to_string(), read))
            })
            .collect()
    }
}

/// The kind of the field at a place, such as `deal.amount`.
pub(super) fn kind_at<'a>(workflow: &'a Workflow, at: &str) -> Option<&'a FieldKind> {
    let (form, field) = at.split_once('.')?;
    let field = field.split('.').next()?;
    workflow
        .forms
        .get(form)?
        .fields
        .get(field)
        .map(|field| &field.kind)
}

/// A value with the texts of picked entries in one language.
pub(super) fn in_language(kind: &FieldKind, value: &Json, language: Language) -> Json {
    match (kind, value) {
        (FieldKind::Pick { .. }, entry) => entry_in_language(entry, language),
        (FieldKind::List { items, .. }, Json::Array(entries)) => entries
            .iter()
            .map(|entry| in_language(items, entry, language))
            .collect(),
        (FieldKind::Object(fields), Json::Object(members)) => {
            let read = |name: &str, value: &Json| {
                let kind = fields.get(name);
                kind.map_or_else(|| value.clone(), |kind| in_language(kind, value, language))
            };
            let members = members.iter();
            Json::Object(
                members
                    .map(|(name, value)| (name.clone(), read(name, value)))
                    .collect(),
            )
        }
        (_, value) => value.clone(),
    }
}

/// `{ en, zh }` becomes the text of the language, wherever it stands in an entry.
pub fn entry_in_language(value: &Json, language: Language) -> Json {
    match value {
        Json::Object(members) => {
            let is_text = !members.is_empty()
                && members.iter().all(|(name, value)| {
                    Language::ALL.iter().any(|known| known.tag() == name) && value.is_string()
                });
            if is_text {
                let wanted = members.get(language.tag());
                return wanted
                    .or_else(|| members.values().next())
                    .cloned()
                    .unwrap_or_default();
            }
            let members = members.iter();
            Json::Object(
                members
                    .map(|(name, value)| (name.clone(), entry_in_language(value, language)))
                    .collect(),
            )
        }
        Json::Array(entries) => entries
            .iter()
            .map(|entry| entry_in_language(entry, language))
            .collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value.clone(),
    }
}
