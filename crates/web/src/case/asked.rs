//! What a form of a case's page asks for, as commands. It judges nothing: whether they are carried out is the core's to
//! say.

use countersign_core::{
    case::{CommentId, FileId},
    command::{Act, Command, NewComment, NewReply, Patch},
    name::Name,
    text::Language,
};
use serde_json::Value as Json;

use super::{Fault, Shown, decision::prefix_of, patch_of, turns};
use crate::{door::Fields, page::say};

/// One thing that is asked for.
#[derive(Debug)]
pub struct Asked {
    /// What.
    pub command: Command,
    /// Under which names it was typed, where it is carried out by itself.
    pub typed_as: Vec<String>,
}

/// What the button asks for, in order.
pub fn asked(shown: &Shown, fields: &Fields, language: Language) -> Result<Vec<Asked>, Fault> {
    let plain = |command| Asked {
        command,
        typed_as: Vec::new(),
    };
    if let Some(decision) = fields.first("take_back") {
        let decision = Name::parse(decision).map_err(|_| choose(language))?;
        return Ok(vec![plain(Command::TakeBack { decision })]);
    }
    if let Some(turn) = fields.first("turn") {
        let command = turns::command(turn, fields).ok_or_else(|| choose(language))?;
        return Ok(vec![plain(command)]);
    }
    let data = edited(shown, fields);
    if fields.first("send").is_some() {
        let action = fields.text("do").ok_or_else(|| choose(language))?;
        return Ok(vec![plain(Command::Act(act(shown, fields, action, data)))]);
    }
    let mut asked = Vec::new();
    if !data.is_empty() {
        asked.push(plain(Command::Edit { data }));
    }
    asked.extend(replies(fields).map(|reply| Asked {
        typed_as: vec![format!("reply.{}", reply.comment)],
        command: Command::Reply(reply),
    }));
    if fields.first("say").is_some() {
        asked.extend(comments(fields).into_iter().map(|comment| {
            let place = comment.at.as_ref().map(|at| format!("at.{at}"));
            Asked {
                typed_as: vec![place.unwrap_or_else(|| "comment".to_owned())],
                command: Command::Comment(comment),
            }
        }));
        if asked.is_empty() {
            return Err(Fault {
                at: "comment".to_owned(),
                message: say(language, "Write what you want to say.", "请填写意见。").to_owned(),
            });
        }
    }
    let removed = fields.first("remove").and_then(|removed| {
        let (material, file) = removed.split_once('/')?;
        Some(Command::Detach {
            material: Name::parse(material).ok()?,
            file: FileId(file.parse().ok()?),
        })
    });
    asked.extend(removed.map(plain));
    Ok(asked)
}

fn choose(language: Language) -> Fault {
    Fault {
        at: "do".to_owned(),
        message: say(
            language,
            "Choose what you want to do.",
            "请选择要进行的操作。",
        )
        .to_owned(),
    }
}

/// What was typed into the fields that may be written, where it differs from what is stored.
fn edited(shown: &Shown, fields: &Fields) -> Patch {
    let mut data = Patch::new();
    for form in shown.workflow.forms.values() {
        let open = |field: &countersign_core::workflow::Field| {
            shown.may_edit(&format!("{}.{}", form.name, field.name))
        };
        let Some((name, Json::Object(typed))) = patch_of(form, "", fields, shown.clock.zone, open)
        else {
            continue;
        };
        let stored = shown.view.data.get(&name).unwrap_or(&Json::Null);
        let changed: Patch = typed
            .into_iter()
            .filter(|(field, value)| !is_same(stored.get(field).unwrap_or(&Json::Null), value))
            .collect();
        if !changed.is_empty() {
            data.insert(name, Json::Object(changed));
        }
    }
    data
}

/// Whether a typed value is the stored one. Picks are typed by id and stored as entries.
fn is_same(stored: &Json, typed: &Json) -> bool {
    match (stored, typed) {
        (Json::Object(entry), Json::String(id)) => {
            entry.get("id") == Some(&Json::from(id.as_str()))
        }
        (Json::Array(stored), Json::Array(typed)) => {
            stored.len() == typed.len()
                && stored
                    .iter()
                    .zip(typed)
                    .all(|(stored, typed)| is_same(stored, typed))
        }
        (stored, typed) => stored == typed,
    }
}

/// What somebody does who came by a mail link: its action, with what they have filled in.
pub fn act_by_link(shown: &Shown, fields: &Fields, action: &str) -> Act {
    let mut act = act(shown, fields, action, edited(shown, fields));
    act.confirm |= fields.first("confirm").is_some();
    act
}

fn act(shown: &Shown, fields: &Fields, action: &str, mut data: Patch) -> Act {
    let offered = shown
        .view
        .actions
        .iter()
        .find(|offer| offer.id.as_str() == action);
    let prefix = prefix_of(action);
    for form in offered.iter().flat_map(|offer| &offer.forms) {
        if let Some(form) = shown.workflow.forms.get(form) {
            let open = |field: &countersign_core::workflow::Field| field.derived.is_none();
            data.extend(patch_of(form, &prefix, fields, shown.clock.zone, open));
        }
    }
    Act {
        data,
        comments: comments(fields),
        replies: replies(fields).collect(),
        confirm: fields.first(&format!("confirm.{action}")).is_some(),
        ..Act::new(action)
    }
}

fn replies(fields: &Fields) -> impl Iterator<Item = NewReply> {
    let typed = fields.under("reply.");
    typed.filter_map(|(comment, text)| {
        let text = text.trim();
        let comment = CommentId(comment.parse().ok()?);
        (!text.is_empty()).then(|| NewReply {
            comment,
            text: text.to_owned(),
        })
    })
}

/// What was said of the whole case and of places in it.
fn comments(fields: &Fields) -> Vec<NewComment> {
    let internal = fields.first("internal").is_some();
    let of = |at: Option<&str>, text: &str| NewComment {
        at: at.map(ToOwned::to_owned),
        text: text.trim().to_owned(),
        internal,
    };
    let whole = fields.text("comment").map(|text| of(None, text));
    let places = fields
        .under("at.")
        .filter(|(_, text)| !text.trim().is_empty());
    let places = places.map(|(place, text)| of(Some(place), text));
    whole.into_iter().chain(places).collect()
}
