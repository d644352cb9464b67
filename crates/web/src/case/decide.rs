//! `POST /cases/{number}`: a draft to save, an action, a vote, or a vote taken back. What was typed is never lost: what
//! is refused, or came too late, is shown again with it.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{
    case::{Channel, CommentId, FileId},
    command::{Act, Command, NewComment, NewReply, Patch},
    name::Name,
};
use countersign_engine::{Error, Manner, ports::store::CaseAddress};
use serde_json::Value as Json;
use tokio::sync::Mutex;

use super::{Fault, Shown, Typed, decision::prefix_of, everything, incoming, load::show, patch_of};
use crate::{
    WebState,
    door::{Fields, SignedIn, foreign},
    page::{say, trouble},
};

/// Takes what the page of a case sends.
pub async fn decide(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
    request: Request,
) -> Response {
    let visitor = &reader.visitor;
    let shown = match show(&state, &reader, &number).await {
        Ok(shown) => shown,
        Err(error) => return trouble(visitor, &error),
    };
    let desk = Desk {
        state: &state,
        reader: &reader,
        number: &number,
    };
    let stored = Mutex::new(Uploaded::default());
    let read = incoming::read(request, |fields, name, file, bytes| {
        let is_good = desk.is_sealed(fields) && is_current(&shown, fields);
        let (desk, stored) = (&desk, &stored);
        async move {
            if !is_good {
                // What is wrong is told once all has been read.
                return Ok(());
            }
            stored
                .lock()
                .await
                .take(desk.attach(&name, file, bytes).await)
        }
    });
    let fields = match read.await {
        Ok(Ok(fields)) => fields,
        Ok(Err(error)) => return trouble(visitor, &error),
        Err(incoming::Garbled) => return foreign(visitor),
    };
    if !desk.is_sealed(&fields) {
        return foreign(visitor);
    }
    let uploaded = stored.into_inner();
    desk.take(shown, fields, uploaded).await
}

/// What became of the files of a form.
#[derive(Debug, Default)]
struct Uploaded {
    any: bool,
    faults: Vec<Fault>,
}

impl Uploaded {
    fn take(&mut self, result: Result<Result<(), Fault>, Error>) -> Result<(), Error> {
        match result? {
            Ok(()) => self.any = true,
            Err(fault) => self.faults.push(fault),
        }
        Ok(())
    }
}

/// Whether nothing that counts has changed since the page was made.
fn is_current(shown: &Shown, fields: &Fields) -> bool {
    fields.first("take_back").is_some() || fields.first("seen") == Some(&everything::seen(shown))
}

/// One form of one reader on one case.
struct Desk<'a> {
    state: &'a WebState,
    reader: &'a SignedIn,
    number: &'a str,
}

impl Desk<'_> {
    fn is_sealed(&self, fields: &Fields) -> bool {
        let seal = fields.first("seal").unwrap_or_default();
        self.reader.visitor.has_sealed(seal)
    }

    /// Stores a file and attaches it; the inner error is told at its input.
    async fn attach(
        &self,
        name: &str,
        file: String,
        bytes: incoming::Coming,
    ) -> Result<Result<(), Fault>, Error> {
        let material = name.strip_prefix("file.").unwrap_or(name);
        let fault = |message: String| Fault {
            at: material.to_owned(),
            message,
        };
        let language = self.reader.language();
        let attached = self.state.engine.attach(
            self.reader.actor(),
            Manner::plain(Channel::Page),
            CaseAddress::parse(self.number),
            material,
            file,
            bytes,
            None,
        );
        match attached.await {
            Ok(_) => Ok(Ok(())),
            Err(Error::WrongKind(missing)) => {
                Ok(Err(fault(missing.message.get(language).to_owned())))
            }
            Err(Error::TooLarge { max_bytes }) => {
                let why = say(
                    language,
                    "The file is too large. At most: ",
                    "文件过大，最大：",
                );
                let most = super::values::size(max_bytes);
                Ok(Err(fault(format!("{why}{most}."))))
            }
            Err(Error::Refused(refused)) => {
                let told = countersign_core::view::refusal_text(&refused.refusal, None).1;
                Ok(Err(fault(told.get(language).to_owned())))
            }
            Err(error) => Err(error),
        }
    }

    async fn take(&self, mut shown: Shown, fields: Fields, uploaded: Uploaded) -> Response {
        if !is_current(&shown, &fields) {
            return self.meanwhile(&shown, fields);
        }
        if uploaded.any {
            let (round, state) = (shown.view.round, shown.view.state.clone());
            shown = match show(self.state, self.reader, self.number).await {
                Ok(shown) => shown,
                Err(error) => return trouble(&self.reader.visitor, &error),
            };
            if (round, &state) != (shown.view.round, &shown.view.state) {
                return self.meanwhile(&shown, fields);
            }
        }
        if !uploaded.faults.is_empty() {
            let typed = Typed {
                fields: Some(fields),
                faults: uploaded.faults,
                ..Typed::default()
            };
            return self.again(&shown, &typed);
        }
        let commands = match self.commands(&shown, &fields) {
            Ok(commands) => commands,
            Err(fault) => {
                let typed = Typed {
                    fields: Some(fields),
                    faults: vec![fault],
                    ..Typed::default()
                };
                return self.again(&shown, &typed);
            }
        };
        let code = fields.text("code").map(ToOwned::to_owned);
        let mut if_match = Some(shown.view.etag);
        for command in commands {
            let answered = self.state.engine.command(
                self.reader.actor(),
                Manner::plain(Channel::Page),
                CaseAddress::parse(self.number),
                command,
                if_match.take(),
                code.clone(),
            );
            if let Err(error) = answered.await {
                return self.refused(fields, error).await;
            }
        }
        let done = match (fields.first("send"), fields.first("do")) {
            (Some(_), Some(action)) => format!("?done={action}"),
            _ => "?saved=1".to_owned(),
        };
        Redirect::to(&format!("/cases/{}{done}", self.number)).into_response()
    }

    /// What the button asks for, in order.
    fn commands(&self, shown: &Shown, fields: &Fields) -> Result<Vec<Command>, Fault> {
        if let Some(decision) = fields.first("take_back") {
            let decision = Name::parse(decision).map_err(|_| self.choose())?;
            return Ok(vec![Command::TakeBack { decision }]);
        }
        let data = edited(shown, fields);
        if fields.first("send").is_some() {
            let action = fields.text("do").ok_or_else(|| self.choose())?;
            return Ok(vec![Command::Act(act(shown, fields, action, data))]);
        }
        let mut commands = Vec::new();
        if !data.is_empty() {
            commands.push(Command::Edit { data });
        }
        commands.extend(replies(fields).map(Command::Reply));
        let removed = fields.first("remove").and_then(|removed| {
            let (material, file) = removed.split_once('/')?;
            Some(Command::Detach {
                material: Name::parse(material).ok()?,
                file: FileId(file.parse().ok()?),
            })
        });
        commands.extend(removed);
        Ok(commands)
    }

    fn choose(&self) -> Fault {
        let language = self.reader.language();
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

    /// The case as it is by now, with what was typed.
    async fn refused(&self, fields: Fields, error: Error) -> Response {
        let visitor = &self.reader.visitor;
        let Error::Refused(refused) = error else {
            return trouble(visitor, &error);
        };
        let shown = match show(self.state, self.reader, self.number).await {
            Ok(shown) => shown,
            Err(error) => return trouble(visitor, &error),
        };
        if !is_current(&shown, &fields) {
            return self.meanwhile(&shown, fields);
        }
        let typed = Typed::refused(
            fields,
            &refused.refusal,
            Some(&shown.workflow),
            self.reader.language(),
        );
        self.again(&shown, &typed)
    }

    fn again(&self, shown: &Shown, typed: &Typed) -> Response {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        everything::page(&self.reader.visitor, shown, status, typed)
    }

    /// Somebody else was quicker.
    fn meanwhile(&self, shown: &Shown, fields: Fields) -> Response {
        let language = self.reader.language();
        let notice = say(
            language,
            "The case has moved on since you opened this page, so nothing of yours was sent. Look at it again: what you typed is kept below.",
            "您打开此页面后，该申请已有变化，您的内容尚未提交。请重新查看；您填写的内容保留在下方。",
        );
        let typed = Typed {
            fields: Some(fields),
            notice: Some(notice.to_owned()),
            ..Typed::default()
        };
        let status = StatusCode::CONFLICT;
        everything::page(&self.reader.visitor, shown, status, &typed)
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
    let whole = fields.text("comment").map(|text| NewComment {
        at: None,
        text: text.to_owned(),
        internal: fields.first("internal").is_some(),
    });
    let places = fields
        .under("at.")
        .filter(|(_, text)| !text.trim().is_empty());
    let at_places = places.map(|(place, text)| NewComment {
        at: Some(place.to_owned()),
        text: text.trim().to_owned(),
        internal: fields.first("internal").is_some(),
    });
    Act {
        data,
        comments: whole.into_iter().chain(at_places).collect(),
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
