//! `explain`: why an action can or cannot be taken, in words. It judges nothing: a server or the engine does.

use std::fmt::Write as _;

use countersign_core::{
    case::{Actor, PersonId},
    context::{Inputs, Needs},
    text::Language,
};
use countersign_engine::{Engine, Error, case_view, explained, ports::store::CaseAddress};
use serde_json::Value as Json;

use crate::{
    args::{Explain, Serve, Tongue},
    commands::tokens::with_engine,
    output,
    run::{Ended, Stopped},
    workflows::compile_stored,
};

/// Explains one action, or all that the case has for somebody.
pub async fn run(arguments: Explain) -> Result<Ended, Stopped> {
    let found = match &arguments.url {
        Some(url) => by_server(&arguments, url).await?,
        None => by_database(&arguments).await?,
    };
    if found.is_empty() {
        output::line(say(
            &arguments,
            "There is nothing to do in this case for them now.",
            "此人目前在此申请中没有可进行的操作。",
        ));
    }
    let mut allowed = !found.is_empty();
    for why in &found {
        allowed &= why["allowed"] == true;
        output::text(in_words(&arguments, why));
    }
    Ok(if allowed { Ended::Well } else { Ended::Found })
}

async fn by_server(arguments: &Explain, url: &str) -> Result<Vec<Json>, Stopped> {
    // The one provider of TLS; whoever was first has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = Server {
        client: reqwest::Client::new(),
        url: format!("{}/v1/cases/{}", url.trim_end_matches('/'), arguments.case),
        token: arguments.token.clone().unwrap_or_default(),
        language: tag(arguments),
    };
    let actions = match &arguments.action {
        Some(action) => vec![action.clone()],
        // It would be the actions of whoever asks, who is somebody else.
        None if arguments.person.is_some() => {
            return Err(Stopped::new(
                "a server shows everybody only the actions that are for them",
            )
            .hint("name the action, as in `countersign explain DR-2026-00042 approve --as rita`"));
        }
        None => actions(&server.ask("").await?),
    };
    let mut found = Vec::new();
    for action in actions {
        let mut query = format!("/why?action={action}");
        if let Some(person) = &arguments.person {
            let _ = write!(query, "&as={person}");
        }
        found.push(server.ask(&query).await?);
    }
    Ok(found)
}

struct Server {
    client: reqwest::Client,
    url: String,
    token: String,
    language: &'static str,
}

impl Server {
    async fn ask(&self, path: &str) -> Result<Json, Stopped> {
        let request = self.client.get(format!("{}{path}", self.url));
        let request = request
            .bearer_auth(&self.token)
            .header("accept-language", self.language);
        let answer = request.send().await.map_err(|error| {
            Stopped::by(&error)
                .hint("`--url` is where the server is reached, such as http://127.0.0.1:8080")
        })?;
        let status = answer.status();
        let body: Json = answer.json().await.map_err(|error| Stopped::by(&error))?;
        if status.is_success() {
            return Ok(body);
        }
        let detail = body["detail"].as_str().or(body["title"].as_str());
        Err(Stopped::new(format!(
            "{status}: {}",
            detail.unwrap_or("no reason given")
        )))
    }
}

async fn by_database(arguments: &Explain) -> Result<Vec<Json>, Stopped> {
    let serve = Serve {
        config: arguments.config.clone(),
    };
    super::serve::settings_of_a_server(&serve)?;
    with_engine(&serve, async |engine| {
        let told = |error: Error| Stopped::by(&error);
        let loaded = engine.load_workflows(&compile_stored).await;
        loaded.map_err(|error| Stopped::by(&error))?;
        let id = PersonId::new(arguments.person.clone().unwrap_or_default());
        let actor = somebody(engine, &id).await?;
        let address = CaseAddress::parse(&arguments.case);
        let scene = engine.look(&actor, &address).await.map_err(|error| {
            told(error).hint("give the number or the id of a case that this person may see")
        })?;
        let language = language(arguments);
        let names = match &arguments.action {
            Some(action) => vec![action.clone()],
            None => {
                let view = engine
                    .fill(scene.clone(), |scene| case_view(scene, language))
                    .await;
                actions(&serde_json::to_value(view.map_err(told)?).unwrap_or_default())
            }
        };
        let mut found = Vec::new();
        for name in names {
            let unknown = || Stopped::new(format!("the workflow has no action `{name}`"));
            let action = countersign_core::name::Name::parse(&name).map_err(|_| unknown())?;
            let why = engine.fill(scene.clone(), |scene| {
                explained(scene, &actor, language, &action)
            });
            let why = why.await.map_err(told)?.ok_or_else(unknown)?;
            found.push(serde_json::to_value(why).unwrap_or_default());
        }
        Ok(found)
    })
    .await
}

async fn somebody(engine: &Engine, id: &PersonId) -> Result<Actor, Stopped> {
    let needs = Needs {
        people: [id.clone()].into(),
        ..Needs::default()
    };
    let mut inputs = Inputs::default();
    let loaded = engine
        .reader()
        .inputs(&needs, engine.registry(), &mut inputs);
    loaded.await.map_err(|error| Stopped::by(&error))?;
    let known = inputs.people.remove(id).flatten();
    let person = known.ok_or_else(|| Stopped::new(format!("there is no person `{id}`")))?;
    Ok(Actor::Person(person.as_ref().clone()))
}

/// The names of the actions that a case shows.
fn actions(case: &Json) -> Vec<String> {
    let actions = case["actions"].as_array().into_iter().flatten();
    let names = actions.filter_map(|action| action["id"].as_str());
    names.map(str::to_owned).collect()
}

fn in_words(arguments: &Explain, why: &Json) -> String {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let verdict = if why["allowed"] == true {
        say(arguments, "can be taken", "可以进行")
    } else {
        say(arguments, "cannot be taken", "不能进行")
    };
    let mut words = format!(
        "{} ({}): {verdict}\n",
        text(&why["title"]),
        text(&why["action"])
    );
    for condition in why["conditions"].as_array().into_iter().flatten() {
        let mark = match condition["status"].as_str() {
            Some("met") => "✓",
            Some("asked") => "…",
            _ => "✗",
        };
        let (word, message) = (text(&condition["word"]), text(&condition["message"]));
        let _ = writeln!(words, "  {mark} {word:<10} {message}");
        if let Some(expression) = condition["expression"].as_str() {
            let line = &condition["line"];
            let _ = writeln!(
                words,
                "      {expression}   ({} {line})",
                say(arguments, "line", "行")
            );
        }
        for value in condition["values"].as_array().into_iter().flatten() {
            let _ = writeln!(
                words,
                "      {} = {}",
                text(&value["at"]),
                readable(&value["value"])
            );
        }
    }
    if let Some(people) = why["who_can"].as_array() {
        let people: Vec<&str> = people.iter().filter_map(Json::as_str).collect();
        let nobody = say(arguments, "nobody", "无人");
        let people = if people.is_empty() {
            nobody.to_owned()
        } else {
            people.join(", ")
        };
        let _ = writeln!(
            words,
            "  {} {people}",
            say(arguments, "who can:", "可操作的人：")
        );
    }
    if let Some(at) = why["changes_at"].as_str() {
        let changes = say(
            arguments,
            "the next timer, which may change this:",
            "下一个计时器（可能改变结果）：",
        );
        let _ = writeln!(words, "  {changes} {at}");
    }
    words
}

/// A value in a few words: a list by what its entries are called, an entry by its name, else its id.
fn readable(value: &Json) -> String {
    match value {
        Json::Null => "–".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(entries) => {
            let entries: Vec<String> = entries.iter().map(readable).collect();
            entries.join(", ")
        }
        Json::Object(members) => match members.get("name").or_else(|| members.get("id")) {
            Some(name) => readable(name),
            None => {
                let members = members.iter();
                let members: Vec<String> = members
                    .map(|(name, value)| format!("{name}: {}", readable(value)))
                    .collect();
                members.join("; ")
            }
        },
        Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}

fn language(arguments: &Explain) -> Language {
    match arguments.language {
        Tongue::En => Language::En,
        Tongue::Zh => Language::Zh,
    }
}

fn tag(arguments: &Explain) -> &'static str {
    match arguments.language {
        Tongue::En => "en",
        Tongue::Zh => "zh",
    }
}

fn say(arguments: &Explain, en: &'static str, zh: &'static str) -> &'static str {
    match arguments.language {
        Tongue::En => en,
        Tongue::Zh => zh,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_told_by_what_they_are_called() {
        let picked = json!([{ "id": "a", "name": "Audit", "key": true }, { "id": "b" }]);
        assert_eq!(readable(&picked), "Audit, b");
        assert_eq!(
            readable(&json!({ "days": 3, "note": null })),
            "days: 3; note: –"
        );
        assert_eq!(readable(&json!("330000.00")), "330000.00");
    }
}
