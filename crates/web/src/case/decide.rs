//! `POST /cases/{number}`: a draft to save, an action, a vote, or a vote taken back. What was typed is never lost: what
//! is refused, or came too late, is shown again with it.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{case::Channel, command::Command, reading::Reading};
use countersign_engine::{Error, Manner, ports::store::CaseAddress};
use tokio::sync::Mutex;

use super::{
    Fault, Shown, Typed,
    asked::{Asked, asked},
    everything, history,
    incoming::{self, Uploaded},
    lapsed::lapsed,
    load::show,
    turns,
};
use crate::{
    WebState,
    door::{Fields, SignedIn, Visitor, foreign},
    page::{say, trouble},
};

/// Takes what the page of a case sends.
pub async fn decide(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(number): Path<String>,
    request: Request,
) -> Response {
    let Some(person) = visitor.person.clone() else {
        return lapsed(&visitor, &number, request).await;
    };
    let reader = SignedIn { visitor, person };
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

/// Whether nothing that counts has changed since the page was made.
fn is_current(shown: &Shown, fields: &Fields) -> bool {
    fields.first("take_back").is_some()
        || fields.first("turn").is_some()
        || fields.first("seen") == Some(&everything::seen(shown))
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
        let material = incoming::material(name);
        let attached = self.state.engine.attach(
            self.reader.actor(),
            Manner::plain(Channel::Page),
            CaseAddress::parse(self.number),
            material,
            file,
            bytes,
            None,
        );
        incoming::told(attached.await, material, self.reader.language())
    }

    async fn take(&self, mut shown: Shown, fields: Fields, uploaded: Uploaded) -> Response {
        if !is_current(&shown, &fields) {
            return self.meanwhile(fields).await;
        }
        if uploaded.any {
            let (round, state) = (shown.view.round, shown.view.state.clone());
            shown = match show(self.state, self.reader, self.number).await {
                Ok(shown) => shown,
                Err(error) => return trouble(&self.reader.visitor, &error),
            };
            if (round, &state) != (shown.view.round, &shown.view.state) {
                return self.meanwhile(fields).await;
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
        match asked(&shown, &fields, self.reader.language()) {
            Ok(asked) => self.carry_out(&shown, fields, asked).await,
            Err(fault) => {
                let typed = Typed {
                    fields: Some(fields),
                    faults: vec![fault],
                    ..Typed::default()
                };
                self.again(&shown, &typed)
            }
        }
    }

    async fn carry_out(&self, shown: &Shown, mut fields: Fields, asked: Vec<Asked>) -> Response {
        let code = fields.text("code").map(ToOwned::to_owned);
        let mut if_match = Some(shown.view.etag);
        for Asked { command, typed_as } in asked {
            let command = match self.named(command).await {
                Ok(command) => command,
                Err(error) => return trouble(&self.reader.visitor, &error),
            };
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
            // What is carried out is not sent a second time with what comes after it.
            for name in &typed_as {
                fields.remove(name);
            }
        }
        let is_draft = fields.first("send").is_none() && fields.first("say").is_none();
        if is_draft && fields.text("comment").is_some() {
            return self.saved(&fields).await;
        }
        Redirect::to(&format!("/cases/{}{}", self.number, came(&fields))).into_response()
    }

    /// What was typed and is kept for sending comes with a draft that was saved: it stands on the page again.
    async fn saved(&self, fields: &Fields) -> Response {
        let shown = match show(self.state, self.reader, self.number).await {
            Ok(shown) => shown,
            Err(error) => return trouble(&self.reader.visitor, &error),
        };
        let done = say(
            self.reader.language(),
            "Your draft is saved. Your comment is sent when you hand it in.",
            "草稿已保存。您的意见将在提交时一并发送。",
        );
        let typed = Typed {
            said: fields.text("comment").map(ToOwned::to_owned),
            done: Some(done.to_owned()),
            ..Typed::default()
        };
        everything::page(&self.reader.visitor, &shown, StatusCode::OK, &typed)
    }

    /// Whoever gets a turn may be named by their mail address too.
    async fn named(&self, mut command: Command) -> Result<Command, Error> {
        if let Command::Delegate { to, .. } | Command::Reassign { to, .. } = &mut command
            && to.as_str().contains('@')
        {
            let (actor, address) = (self.reader.actor(), to.to_string());
            let known = self.state.engine.read(&actor, |inputs| {
                let reading = Reading::new(inputs, &actor);
                let found = reading.address(&address).map(|person| person.id.clone());
                if reading.is_complete() {
                    Ok(found)
                } else {
                    Err(reading.missing())
                }
            });
            if let Some(known) = known.await? {
                *to = known;
            }
        }
        Ok(command)
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
            return self.meanwhile(fields).await;
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

    /// Somebody else was quicker: who, and when, as far as the reader may know it.
    async fn meanwhile(&self, fields: Fields) -> Response {
        let (shown, entries) = match history::read(self.state, self.reader, self.number).await {
            Ok(read) => read,
            Err(error) => return trouble(&self.reader.visitor, &error),
        };
        let language = self.reader.language();
        let kept = say(
            language,
            "Nothing of yours was sent. What you typed is kept on this page: look at the case again.",
            "您的内容尚未提交，已保留在本页。请重新查看该申请。",
        );
        let notice = match history::last_told(&shown, &entries) {
            Some(last) => format!("{last} {kept}"),
            None => {
                let moved = say(
                    language,
                    "The case has moved on since you opened this page.",
                    "您打开此页面后，该申请已有变化。",
                );
                format!("{moved} {kept}")
            }
        };
        let typed = Typed {
            fields: Some(fields),
            notice: Some(notice),
            ..Typed::default()
        };
        let status = StatusCode::CONFLICT;
        everything::page(&self.reader.visitor, &shown, status, &typed)
    }
}

/// What the page that comes next tells of what was done.
fn came(fields: &Fields) -> String {
    let done = |what: &str| format!("?did={what}");
    if let (Some(_), Some(action)) = (fields.first("send"), fields.first("do")) {
        return format!("?done={action}");
    }
    let turn = fields.first("turn").filter(|turn| turns::is_known(turn));
    match (turn, fields.first("take_back"), fields.first("say")) {
        (Some(turn), _, _) => done(turn),
        (None, Some(_), _) => done("take_back"),
        (None, None, Some(_)) => done("say"),
        (None, None, None) => done("save"),
    }
}
