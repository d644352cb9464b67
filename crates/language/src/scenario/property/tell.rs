//! A story as a scenario that can be put into a test file: the turns of the explorer in the words of scenarios.

use std::collections::BTreeMap;

use countersign_core::{
    case::CaseId,
    command::{Act, Code, Command, NewComment, Opening, Patch},
    explore::{Story, Turn},
    world::{By, Deed, Event, SIZE, Said, World},
};
use serde_json::{Map, Value as Json, json};

use crate::scenario::{
    suite::Suite,
    write::{Line, steps},
};

/// How a test calls people and cases.
pub(crate) struct Names<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) cases: &'a BTreeMap<&'a str, CaseId>,
}

/// A story as the lines of a scenario, which ends in this state.
pub(crate) fn scenario(
    name: &str,
    story: &Story,
    names: &Names<'_>,
    ends: Option<&str>,
) -> Vec<String> {
    let mut lines: Vec<Line> = story
        .turns
        .iter()
        .map(|turn| line(turn, &story.world, names))
        .collect();
    if let (Some(last), Some(state)) = (lines.last_mut(), ends) {
        last.beside("then", json!({ "state": state }));
    }
    let mut told = vec![format!("  {name}:")];
    told.extend(steps(&lines, 4));
    told
}

fn line(turn: &Turn, world: &World, names: &Names<'_>) -> Line {
    match turn {
        Turn::Event(event) => event_line(event, world, names),
        Turn::Child { of, key, event } => {
            let mut line = event_line(event, world, names);
            line.beside("child", json!(format!("{of}.{key}")));
            line
        }
        Turn::Wait(until) => {
            let local = until.with_timezone(&names.suite.workflow.surroundings.zone);
            let local = local.format("%Y-%m-%d %H:%M:%S").to_string();
            Line::new("wait until", Json::String(local))
        }
        Turn::Fact {
            kind,
            subject,
            fact,
            value,
        } => {
            let facts = json!({ kind.as_str(): { subject: { fact: value } } });
            Line::new("set", json!({ "facts": facts }))
        }
        Turn::Case { id, state, data } => {
            let mut members = data.clone();
            members.extend(state.iter().map(|state| ("state".to_owned(), json!(state))));
            match child_of(*id, world) {
                Some((of, key)) => {
                    Line::new("set", json!({ "children": { of: { key: members } } }))
                }
                None => Line::new("set", json!({ "cases": { names.case(*id): members } })),
            }
        }
    }
}

impl Names<'_> {
    fn case(&self, id: CaseId) -> &str {
        let known = self.cases.iter().find(|(_, known)| **known == id);
        known.map_or("?", |(name, _)| name)
    }

    fn person(&self, by: &By, world: &World) -> String {
        let email = match by {
            By::Service => return "system".to_owned(),
            By::Person(person) => return person.id.to_string(),
            By::Link(link) => match world.link_holder(*link) {
                Some(countersign_core::case::Actor::LinkHolder(holder)) => holder.email,
                _ => String::new(),
            },
        };
        let mut people = self.suite.people.iter();
        let known = people.find(|(_, person)| person.person.email.eq_ignore_ascii_case(&email));
        known.map_or(email, |(name, _)| name.clone())
    }

    fn opened(&self, opening: &Opening) -> Json {
        let mut members = Map::new();
        for (link, case) in &opening.links {
            members.insert(link.to_string(), json!(self.case(*case)));
        }
        let on_behalf_of = opening.on_behalf_of.iter();
        members.extend(on_behalf_of.map(|person| ("on_behalf_of".to_owned(), json!(person))));
        members.extend(opening.data.clone());
        Json::Object(members)
    }
}

fn event_line(event: &Event, world: &World, names: &Names<'_>) -> Line {
    let who = names.person(&event.by, world);
    let verb = |verb: &str| format!("{who} {verb}");
    let files = |material: &str, files: Json| json!({ material: files });
    let mut line = match &event.deed {
        Deed::Open(_, opening) => Line::new(&verb("opens"), names.opened(opening)),
        Deed::OpenOlder(_, version, opening) => {
            let mut line = Line::new(&verb("opens"), names.opened(opening));
            line.beside("version", json!(version));
            line
        }
        Deed::Migrate { data, reason } => {
            let mut line = Line::new(&verb("migrates"), json!(reason));
            for (form, values) in data {
                line.beside(form, values.clone());
            }
            line
        }
        Deed::Act { act, replies } => act_line(&who, act, replies),
        Deed::Edit(data) => Line::new(&verb("edits"), without_empty(data)),
        Deed::Comment(comment) => comment_line(&who, comment),
        Deed::Reply(said) => {
            let mut line = Line::new(&verb("edits"), Json::Null);
            line.replied(std::slice::from_ref(said));
            line
        }
        Deed::Attach {
            material,
            name,
            size,
        } if *size == SIZE => Line::new(&verb("edits"), files(material, json!(name))),
        Deed::Attach {
            material,
            name,
            size,
        } => {
            let file = json!({ name: format!("{size} bytes") });
            Line::new(&verb("edits"), files(material, file))
        }
        Deed::Detach(material) => Line::new(&verb("edits"), files(material, json!([]))),
        Deed::TakeBack(decision) => Line::new(&verb("takes back"), json!(decision)),
        Deed::Hold(reason) => Line::new(&verb("holds"), json!(reason)),
        Deed::Resume(reason) => Line::new(&verb("resumes"), json!(reason)),
        Deed::Turn(command) => turn_line(&who, command),
        Deed::Move { to, reason } => {
            let mut line = Line::new(&verb("moves"), json!(to));
            line.beside("comment", json!(reason));
            line
        }
    };
    let code = match (&event.deed, event.code) {
        (Deed::Open(..) | Deed::OpenOlder(..) | Deed::Act { .. }, Code::Good) => Some("good"),
        (Deed::Open(..) | Deed::OpenOlder(..) | Deed::Act { .. }, Code::Bad) => Some("bad"),
        _ => None,
    };
    if let Some(code) = code {
        line.beside("code", json!(code));
    }
    line
}

fn act_line(who: &str, act: &Act, replies: &[Said]) -> Line {
    let mut line = Line::new(who, json!(act.action));
    for (form, values) in &act.data {
        line.beside(form, values.clone());
    }
    line.said(
        "comment",
        act.comments.iter().filter(|comment| !comment.internal),
    );
    line.said(
        "internal",
        act.comments.iter().filter(|comment| comment.internal),
    );
    line.replied(replies);
    if act.confirm {
        line.beside("confirm", json!(true));
    }
    line
}

fn comment_line(who: &str, comment: &NewComment) -> Line {
    let verb = format!("{who} comments");
    if comment.internal {
        let mut line = Line::new(&verb, Json::Null);
        line.said("internal", std::iter::once(comment));
        line
    } else {
        Line::new(&verb, places(&[(comment.at.as_deref(), &comment.text)]))
    }
}

/// A turn that changes hands; every other command has a deed of its own.
fn turn_line(who: &str, command: &Command) -> Line {
    match command {
        Command::Release { .. } => Line::new(&format!("{who} releases"), Json::Null),
        Command::Delegate { to, .. } => Line::new(&format!("{who} delegates"), json!(to)),
        Command::Reassign { from, to, reason } => {
            let from = from.as_ref().map_or_else(String::new, ToString::to_string);
            let mut line = Line::new(&format!("{who} reassigns"), json!({ from: to }));
            line.beside("comment", json!(reason));
            line
        }
        _ => Line::new(&format!("{who} claims"), Json::Null),
    }
}

/// Forms in which nothing is written change nothing, and a scenario need not say it.
fn without_empty(data: &Patch) -> Json {
    Json::Object(data.clone())
}

impl Line {
    fn said<'c>(&mut self, key: &str, comments: impl Iterator<Item = &'c NewComment>) {
        let comments: Vec<(Option<&str>, &str)> = comments
            .map(|comment| (comment.at.as_deref(), comment.text.as_str()))
            .collect();
        if !comments.is_empty() {
            self.beside(key, places(&comments));
        }
    }

    fn replied(&mut self, replies: &[Said]) {
        let replies: Vec<(Option<&str>, &str)> = replies
            .iter()
            .map(|said| (said.at.as_deref(), said.text.as_str()))
            .collect();
        if !replies.is_empty() {
            self.beside("reply", places(&replies));
        }
    }
}

/// Texts by place; one on the whole case stands alone.
fn places(texts: &[(Option<&str>, impl AsRef<str>)]) -> Json {
    match texts {
        [(None, text)] => json!(text.as_ref()),
        texts => {
            let texts = texts.iter();
            let texts =
                texts.map(|(at, text)| (at.unwrap_or("case").to_owned(), json!(text.as_ref())));
            Json::Object(texts.collect())
        }
    }
}

/// What a case is called as the child of another.
fn child_of(id: CaseId, world: &World) -> Option<(String, String)> {
    world.cases().find_map(|case| {
        let workflow = world.workflow_of(case);
        workflow.children.keys().find_map(|of| {
            let children = case.children_of(of);
            let child = children.iter().find(|child| child.case == id)?;
            Some((of.to_string(), child.key.clone()))
        })
    })
}
