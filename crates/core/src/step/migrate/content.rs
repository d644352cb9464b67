//! What people put into a case, in the forms of the newer version: what is called otherwise is moved, what has no place any
//! more leaves the case (the history keeps it), and what the newer version asks for must be there.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::{
    case::{Content, EarlySignal, Values},
    command::Patch,
    form,
    history::Change,
    migration::Verdict,
    name::Name,
    outcome::Missing,
    text::Text,
    workflow::{Place, Thing, Workflow},
};

use super::{Moving, Way};

impl Way<'_> {
    /// Where the values of a form or field, the files of a material or a link go.
    fn place(&self, place: &Place) -> Place {
        let known = |place: &Place| self.how.and_then(|how| how.data.get(place)).cloned();
        if let Some(named) = known(place) {
            return named;
        }
        match place {
            Place::Field(form, field) => match known(&Place::Whole(form.clone())) {
                Some(Place::Whole(form)) => Place::Field(form, field.clone()),
                Some(Place::Field(..)) | None => place.clone(),
            },
            Place::Whole(_) => place.clone(),
        }
    }
}

impl Moving<'_> {
    /// Brings the content over, and says what it lacks.
    pub(super) fn carry_content(&mut self, data: &Patch) {
        let before = std::mem::take(&mut self.run.case.content);
        let mut changes = Vec::new();
        let mut content = Content {
            forms: self.carry_forms(&before, &mut changes),
            copies: self.carry_copies(&before),
            materials: self.carry_named(&before.materials, &mut changes, |new| &new.materials),
            links: self.carry_named(&before.links, &mut changes, |new| &new.links),
            comments: before.comments.clone(),
            early: self.carry_early(&before),
        };
        for comment in &mut content.comments {
            let place = comment.at.as_deref().and_then(parse_place);
            if let Some(place) = place {
                comment.at = Some(self.way.place(&place).to_string());
            }
        }
        if content != before {
            self.run.content_changed = true;
        }
        self.run.case.content = content;
        self.moved(changes);
        self.run.derive();
        self.set_values(data);
        self.supply(data);
        self.ask_for_what_is_missing(&before);
    }

    /// Moving a value is no change of what votes are about; it is written all the same.
    fn moved(&mut self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let run = &mut self.run;
        run.case.revision += 1;
        run.revised = true;
        run.content_changed = true;
        let etag = run.case.etag + 1;
        for change in &changes {
            run.case.touched.insert(change.at.clone(), etag);
        }
        run.changes.extend(changes);
    }

    fn carry_forms(
        &mut self,
        before: &Content,
        changes: &mut Vec<Change>,
    ) -> BTreeMap<Name, Values> {
        let mut forms: BTreeMap<Name, Values> = BTreeMap::new();
        for (form, values) in &before.forms {
            for (form, field, value) in self.carry_values(form, values, changes) {
                let values = forms.entry(form).or_default();
                values.insert(field.to_string(), value);
            }
        }
        for (name, values) in &mut forms {
            let order = self.way.new.forms[name].fields.keys();
            let mut unordered = std::mem::take(values);
            *values = order
                .filter_map(|field| unordered.remove_entry(field.as_str()))
                .collect();
        }
        forms
    }

    fn carry_values(
        &mut self,
        form: &Name,
        values: &Values,
        changes: &mut Vec<Change>,
    ) -> Vec<(Name, Name, Json)> {
        let mut carried = Vec::new();
        for (field, value) in values {
            let Ok(field) = Name::parse(field) else {
                continue;
            };
            let was = Place::Field(form.clone(), field);
            let now = self.way.place(&was);
            let declared = match &now {
                Place::Field(form, field) => field_of(self.way.new, form, field),
                Place::Whole(_) => None,
            };
            if declared.is_none() {
                self.drops(&was);
            }
            if declared.is_none() || now != was {
                changes.push(Change {
                    at: was.to_string(),
                    was: value.clone(),
                    now: Json::Null,
                });
            }
            if let (Place::Field(form, field), Some(())) = (now.clone(), declared) {
                if now != was {
                    changes.push(Change {
                        at: now.to_string(),
                        was: Json::Null,
                        now: value.clone(),
                    });
                }
                carried.push((form, field, value.clone()));
            }
        }
        carried
    }

    fn drops(&mut self, place: &Place) {
        let why = Text::new(
            format!(
                "`{place}` has no place any more; its value leaves the case, and the history keeps it."
            ),
            format!("`{place}` 已不存在；其内容移出申请，仅保留在历史记录中。"),
        );
        self.remark(Verdict::SafeWithDefault, &place.to_string(), why, None);
    }

    fn carry_copies(&mut self, before: &Content) -> BTreeMap<Name, Vec<crate::case::Copy>> {
        let mut copies: BTreeMap<Name, Vec<crate::case::Copy>> = BTreeMap::new();
        for (form, filled) in &before.copies {
            for copy in filled {
                let mut dropped = Vec::new();
                let mut forms: BTreeMap<Name, Values> = BTreeMap::new();
                for (form, field, value) in self.carry_values(form, &copy.values, &mut dropped) {
                    forms
                        .entry(form)
                        .or_default()
                        .insert(field.to_string(), value);
                }
                for (form, values) in forms {
                    let copy = crate::case::Copy {
                        values,
                        ..copy.clone()
                    };
                    copies.entry(form).or_default().push(copy);
                }
            }
        }
        copies
    }

    /// What waits for its state goes by the names of now; what has none is left out of it.
    fn carry_early(&self, before: &Content) -> Vec<EarlySignal> {
        let carried = before.early.iter().map(|signal| {
            let mut data = Patch::new();
            for (form, values) in &signal.data {
                let named = Name::parse(form).ok();
                let fields = values.as_object().into_iter().flatten();
                for (field, value) in fields {
                    let place = named.clone().zip(Name::parse(field).ok());
                    let place =
                        place.map(|(form, field)| self.way.place(&Place::Field(form, field)));
                    let Some(Place::Field(form, field)) = place else {
                        continue;
                    };
                    let values = data.entry(form.to_string()).or_insert_with(|| json!({}));
                    values[field.as_str()] = value.clone();
                }
            }
            EarlySignal {
                data,
                ..signal.clone()
            }
        });
        carried.collect()
    }

    fn carry_named<T: Clone, D>(
        &mut self,
        before: &BTreeMap<Name, T>,
        changes: &mut Vec<Change>,
        declared: impl Fn(&Workflow) -> &indexmap::IndexMap<Name, D>,
    ) -> BTreeMap<Name, T> {
        let mut carried = BTreeMap::new();
        for (name, value) in before {
            let was = Place::Whole(name.clone());
            match self.way.place(&was) {
                Place::Whole(now) if declared(self.way.new).contains_key(&now) => {
                    carried.insert(now, value.clone());
                }
                Place::Whole(_) | Place::Field(..) => {
                    self.drops(&was);
                    changes.push(Change {
                        at: name.to_string(),
                        was: Json::from(name.as_str()),
                        now: Json::Null,
                    });
                }
            }
        }
        carried
    }

    /// `set`, in the order written; the operator's own values come after it and win.
    fn set_values(&mut self, data: &Patch) {
        let Some(how) = self.way.how else { return };
        for set in &how.set {
            let value = set.value.evaluate(&self.run.sight());
            let written = value.map_err(|why| {
                let message = Text::new(
                    format!("`set` could not be reckoned: {why}."),
                    format!("无法计算 `set` 的值：{why}。"),
                );
                vec![Missing {
                    name: set.place.to_string(),
                    message,
                    at: Some(set.place.clone()),
                }]
            });
            let patch = written.map(|value| patch_of(&set.place, value.to_json()));
            if let Err(problems) = patch.and_then(|patch| self.write(&patch))
                && !supplies(data, &set.place)
            {
                self.needs(problems);
            }
        }
    }

    fn supply(&mut self, data: &Patch) {
        if let Err(problems) = self.write(data) {
            self.needs(problems);
        }
    }

    fn write(&mut self, patch: &Patch) -> Result<(), Vec<Missing>> {
        let run = &mut self.run;
        let content = &mut run.case.content;
        let changes = form::apply(run.workflow, content, patch, None, run.reading)?;
        run.changed(&changes);
        Ok(())
    }

    fn needs(&mut self, problems: Vec<Missing>) {
        for problem in problems {
            let name = problem.name;
            self.remark(Verdict::NeedsInput, &name, problem.message, problem.at);
        }
    }

    /// Values that do not fit any more, and what a form lacks now that was complete before.
    fn ask_for_what_is_missing(&mut self, before: &Content) {
        let (old, new) = (self.way.old, self.way.new);
        for (name, values) in &self.run.case.content.forms.clone() {
            let form = &new.forms[name];
            let mut unfit = Vec::new();
            for (field, value) in values {
                let Some(field) = form.fields.get(field.as_str()) else {
                    continue;
                };
                let why = form::misfit(&field.kind, &field.schema, value, self.run.reading);
                unfit.extend(why.map(|why| Missing {
                    name: name.to_string(),
                    message: Text::new(
                        format!("{}: {}", field.title.en, why.en),
                        format!("{}：{}", field.title.zh, why.zh),
                    ),
                    at: Some(Place::Field(name.clone(), field.name.clone())),
                }));
            }
            if !unfit.is_empty() {
                self.needs(unfit);
                continue;
            }
            let was = before.forms.iter().find(|(old, _)| {
                self.way.place(&Place::Whole((*old).clone())) == Place::Whole(name.clone())
            });
            let was_complete = was.is_some_and(|(name, values)| {
                let form = old.forms.get(name);
                form.is_some_and(|form| form::complete(form, values).is_empty())
            });
            if was_complete {
                self.ask_for_fields(name, form::complete(form, values));
            }
        }
    }

    /// Where somebody can fill it in from where the case is then, that is a matter for them.
    fn ask_for_fields(&mut self, form: &Name, problems: Vec<Missing>) {
        for problem in problems {
            let editable = self
                .run
                .states()
                .flat_map(|state| &state.edit)
                .any(|grant| {
                    grant.things.iter().any(|thing| match (thing, &problem.at) {
                        (Thing::Form(name), _) => name == form,
                        (Thing::Field(name, field), Some(Place::Field(_, at))) => {
                            name == form && field == at
                        }
                        _ => false,
                    })
                });
            let verdict = if editable {
                Verdict::SafeWithDefault
            } else {
                Verdict::NeedsInput
            };
            self.remark(verdict, form, problem.message, problem.at);
        }
    }
}

fn field_of(workflow: &Workflow, form: &Name, field: &Name) -> Option<()> {
    let form = workflow.forms.get(form)?;
    form.fields.get(field).map(|_| ())
}

fn patch_of(place: &Place, value: Json) -> Patch {
    let (form, value) = match place {
        Place::Whole(form) => (form, value),
        Place::Field(form, field) => {
            let member = Map::from_iter([(field.to_string(), value)]);
            (form, Json::Object(member))
        }
    };
    Map::from_iter([(form.to_string(), value)])
}

fn supplies(data: &Patch, place: &Place) -> bool {
    match place {
        Place::Whole(form) => data.contains_key(form.as_str()),
        Place::Field(form, field) => data
            .get(form.as_str())
            .is_some_and(|form| form.get(field.as_str()).is_some()),
    }
}

fn parse_place(at: &str) -> Option<Place> {
    match at.split_once('.') {
        None => Name::parse(at).ok().map(Place::Whole),
        Some((form, field)) => Some(Place::Field(
            Name::parse(form).ok()?,
            Name::parse(field).ok()?,
        )),
    }
}
