//! A case for one reader: the engine's view of it, and the names and choices that the page needs beside.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use countersign_core::{
    case::{Case, PartnerId, PersonId},
    name::Name,
    reading::Reading,
    text::Language,
    view::CaseView,
    workflow::{FieldKind, Form, Workflow},
};
use countersign_engine::{
    Error, Possible, Scene, case_view, ports::store::CaseAddress, possible, shown,
};
use serde_json::Value as Json;

use super::kin::{Kin, kin};
use crate::{WebState, door::SignedIn, page::Clockwork};

/// A case as a page shows it.
pub struct Shown {
    /// What the API answers too.
    pub view: CaseView,
    /// Its workflow.
    pub workflow: Arc<Workflow>,
    /// The case itself, for what engine and diagram are asked; nothing of it is shown.
    pub scene: Scene,
    /// What the reader could do with it besides its actions.
    pub possible: Possible,
    /// What the people in it are called.
    pub names: BTreeMap<PersonId, String>,
    /// Cases that belong to it.
    pub kin: Vec<Kin>,
    /// What its partner is called.
    pub partner: Option<String>,
    /// What can be picked.
    pub choices: Choices,
    /// How moments are told.
    pub clock: Clockwork,
}

/// What can be picked: entries of lists and members of groups, ids and titles.
#[derive(Debug, Default)]
pub struct Choices(BTreeMap<String, Vec<(String, String)>>);

impl Choices {
    /// For this kind of field.
    pub fn of(&self, kind: &FieldKind) -> Option<&[(String, String)]> {
        self.0.get(&key(kind)?).map(Vec::as_slice)
    }
}

impl Shown {
    /// The reader's language.
    pub fn language(&self) -> Language {
        self.clock.language
    }

    /// What a person is called; the id of one who is not known.
    pub fn name<'s>(&'s self, id: &'s str) -> &'s str {
        let known = self.names.get(&PersonId::new(id));
        known.map_or(id, String::as_str)
    }

    /// What a place is called: a form, a field of it, a material, a link.
    pub fn place_title(&self, at: &str) -> String {
        let (form, field) = at.split_once('.').unwrap_or((at, ""));
        let title = |text: &countersign_core::text::Text| text.get(self.language()).to_owned();
        let field = field.split('.').next().unwrap_or_default();
        let of_field = self.workflow.forms.get(form);
        of_field
            .and_then(|form| form.fields.get(field))
            .map(|field| title(&field.title))
            .or_else(|| self.workflow.title_of(form).map(title))
            .unwrap_or_else(|| at.to_owned())
    }

    /// What an action or decision is called here.
    pub fn action_title(&self, action: &str) -> String {
        let state = self.view.state.as_str();
        let title = self.workflow.action_title(state, action, self.language());
        title.unwrap_or_else(|| action.to_owned())
    }

    /// What a state is called.
    pub fn state_title(&self, path: &str) -> String {
        let state = self.workflow.states.find(path);
        let title = state.map_or(path, |state| state.title.get(self.language()));
        title.to_owned()
    }

    /// What a role is called.
    pub fn role_title(&self, role: &Name) -> String {
        let known = self.workflow.roles.get(role);
        known.map_or_else(
            || role.to_string(),
            |role| role.title.get(self.language()).to_owned(),
        )
    }

    /// Whether the reader may write something here and now.
    pub fn edits(&self) -> bool {
        !self.view.edit.is_empty()
    }

    /// Whether they may write this.
    pub fn may_edit(&self, place: &str) -> bool {
        self.view.edit.iter().any(|open| open == place)
    }
}

/// The case of this number, if the reader may see it; else not found, whether it is there or not.
pub async fn show(state: &WebState, reader: &SignedIn, number: &str) -> Result<Shown, Error> {
    let address = CaseAddress::parse(number);
    let scene = state.engine.look(&reader.actor(), &address).await?;
    shown_of(state, reader.language(), scene).await
}

/// The case of a scene as its actor sees it.
pub async fn shown_of(state: &WebState, language: Language, scene: Scene) -> Result<Shown, Error> {
    let kept = scene.clone();
    let made = state.engine.fill(scene, |scene| {
        let (view, possible) = match (case_view(scene, language), possible(scene)) {
            (Ok(view), Ok(possible)) => (view, possible),
            (Err(mut needs), Err(more)) => {
                needs.add(more);
                return Err(needs);
            }
            (Err(needs), Ok(_)) | (Ok(_), Err(needs)) => return Err(needs),
        };
        let Some(view) = view else {
            return Ok(None);
        };
        shown(scene, language, |viewer, workflow, case| {
            (
                view.clone(),
                possible.clone(),
                names(&view, &possible, workflow, case, viewer.reading),
                partner(view.partner.as_ref(), viewer.reading),
                choices(&view, workflow, viewer.reading, language),
            )
        })
    });
    let (view, possible, names, partner, choices) = made.await?.ok_or(Error::NotFound)?;
    let workflow = kept.workflow.clone().ok_or(Error::NotFound)?;
    let clock = Clockwork {
        language,
        zone: workflow.surroundings.zone,
        now: kept.now,
    };
    let kin = kin(state, language, &kept).await?;
    Ok(Shown {
        kin,
        view,
        possible,
        workflow,
        scene: kept,
        names,
        partner,
        choices,
        clock,
    })
}

fn partner(id: Option<&PartnerId>, reading: &Reading<'_>) -> Option<String> {
    let id = id?;
    let known = reading.partner(id);
    Some(known.map_or_else(|| id.to_string(), |partner| partner.name.clone()))
}

/// The names of everybody whom the view names to this reader by id.
fn names(
    view: &CaseView,
    possible: &Possible,
    workflow: &Workflow,
    case: &Case,
    reading: &Reading<'_>,
) -> BTreeMap<PersonId, String> {
    let mut ids: BTreeSet<PersonId> = BTreeSet::new();
    ids.extend(view.opened_by.clone());
    ids.extend(possible.claimed.iter().map(|(by, _)| by.clone()));
    ids.extend(
        view.waiting_for
            .iter()
            .flat_map(|turn| turn.people.iter().flatten().cloned()),
    );
    ids.extend(
        view.review
            .iter()
            .flat_map(|review| review.may_vote.iter().flatten().cloned()),
    );
    let said = view.comments.iter().flat_map(|comment| {
        let replies = comment.replies.iter().map(|reply| &reply.by);
        std::iter::once(&comment.by).chain(replies)
    });
    let uploaded = view
        .materials
        .values()
        .flatten()
        .map(|file| &file.uploaded_by);
    ids.extend(said.chain(uploaded).flatten().map(PersonId::new));
    for (form, values) in &view.data {
        if let Some(form) = workflow.forms.get(form.as_str()) {
            people_in(form, values, &mut ids);
        }
    }
    // Of the way only those are told whom the viewer may know: the view of each entry decides.
    let voted = case.ballots.iter().flat_map(|ballot| &ballot.votes);
    ids.extend(voted.map(|vote| vote.by.clone()));
    let named = ids.into_iter().filter_map(|id| {
        let name = reading.person(&id)?.name.clone();
        Some((id, name))
    });
    named.collect()
}

/// Reviewers of copies, and people whom fields name.
fn people_in(form: &Form, values: &Json, ids: &mut BTreeSet<PersonId>) {
    let copies = match values {
        Json::Array(copies) => copies.iter().collect(),
        single => vec![single],
    };
    for copy in copies {
        ids.extend(copy.get("by").and_then(Json::as_str).map(PersonId::new));
        for field in form.fields.values() {
            if let (FieldKind::Person { .. }, Some(id)) = (
                &field.kind,
                copy.get(field.name.as_str()).and_then(Json::as_str),
            ) {
                ids.insert(PersonId::new(id));
            }
        }
    }
}

/// What can be picked in the fields that the reader may write, and in the forms that come with actions.
fn choices(
    view: &CaseView,
    workflow: &Workflow,
    reading: &Reading<'_>,
    language: Language,
) -> Choices {
    let with_actions = view.actions.iter().flat_map(|action| &action.forms);
    let open = view.edit.iter().filter_map(|place| {
        let (form, _) = place.split_once('.')?;
        workflow.forms.get(form)
    });
    let forms = open.chain(with_actions.filter_map(|form| workflow.forms.get(form)));
    choices_of(forms, reading, language)
}

/// What can be picked in these forms.
pub fn choices_of<'f>(
    forms: impl Iterator<Item = &'f Form>,
    reading: &Reading<'_>,
    language: Language,
) -> Choices {
    let mut choices = Choices::default();
    for field in forms.flat_map(|form| form.fields.values()) {
        add(&field.kind, reading, language, &mut choices);
    }
    choices
}

fn add(kind: &FieldKind, reading: &Reading<'_>, language: Language, choices: &mut Choices) {
    match kind {
        FieldKind::List { items, .. } => add(items, reading, language, choices),
        FieldKind::Object(fields) => fields
            .values()
            .for_each(|kind| add(kind, reading, language, choices)),
        FieldKind::Pick { list } => {
            let list = reading.list(list);
            let entries = list.iter().flat_map(|list| &list.entries);
            let titled = entries.map(|(id, entry)| (id.clone(), title_of(id, entry, language)));
            choices
                .0
                .extend(key(kind).map(|key| (key, titled.collect())));
        }
        FieldKind::Person { group: Some(group) } => {
            let members = reading.group(group);
            let known = members.iter().filter_map(|id| {
                let person = reading.person(id)?;
                let known = reading.is_known_to_actor(&person);
                known.then(|| (id.to_string(), person.name.clone()))
            });
            choices
                .0
                .extend(key(kind).map(|key| (key, known.collect())));
        }
        FieldKind::Person { group: None }
        | FieldKind::String
        | FieldKind::LongText
        | FieldKind::Integer
        | FieldKind::Number
        | FieldKind::Boolean
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Money
        | FieldKind::Enum(_) => {}
    }
}

fn key(kind: &FieldKind) -> Option<String> {
    match kind {
        FieldKind::Pick { list } => Some(format!("list {list}")),
        FieldKind::Person { group: Some(group) } => Some(format!("group {group}")),
        _ => None,
    }
}

/// An entry by its title or name, in the reader's language.
pub fn title_of(id: &str, entry: &Json, language: Language) -> String {
    let named = ["title", "name"]
        .iter()
        .find_map(|member| entry.get(member));
    let text = match named {
        Some(Json::String(text)) => Some(text.as_str()),
        Some(Json::Object(texts)) => texts.get(language.tag()).and_then(Json::as_str),
        _ => None,
    };
    text.unwrap_or(id).to_owned()
}
