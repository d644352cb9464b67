//! The part of `/me` that tells when somebody is away and who acts for them meanwhile. What may be told is the engine's.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::TimeDelta;
use countersign_core::{
    case::{Absence, Channel, PersonId},
    text::Language,
    time::Zone,
};
use countersign_engine::{Error, Manner, ports::directory::DirectoryChange};
use maud::{Markup, html};

use crate::{
    WebState,
    door::{Fields, Posted, SignedIn},
    me,
    page::{say, trouble},
};

/// `POST /me/away`: keeps an absence, or ends it.
pub async fn keep(State(state): State<WebState>, posted: Posted) -> Response {
    let Posted { visitor, fields } = posted;
    let Some(person) = visitor.person.clone() else {
        return Redirect::to("/sign-in").into_response();
    };
    let reader = SignedIn { visitor, person };
    match kept(&state, &reader, &fields).await {
        Ok(()) => Redirect::to("/me?saved").into_response(),
        Err(Error::Invalid { why, .. }) => {
            let why = why.get(reader.language());
            me::page(
                &state,
                &reader,
                StatusCode::UNPROCESSABLE_ENTITY,
                false,
                Some(why),
            )
            .await
        }
        Err(error) => trouble(&reader.visitor, &error),
    }
}

async fn kept(state: &WebState, reader: &SignedIn, fields: &Fields) -> Result<(), Error> {
    let typed = |name: &str| fields.first(name).map_or("", str::trim);
    let absence = if typed("do") == "back" {
        None
    } else {
        let substitute = Some(typed("substitute")).filter(|id| !id.is_empty());
        let absence =
            state
                .engine
                .absence(&reader.person, typed("from"), typed("until"), substitute);
        Some(absence.await?)
    };
    let change = DirectoryChange::PutAway(reader.person.id.clone(), absence);
    let (caller, manner) = (reader.caller(), Manner::plain(Channel::Page));
    let changed = state
        .engine
        .change_directory(&caller, manner, vec![change])
        .await;
    changed.map(|_| ())
}

/// The form of its own: first and last day, and who acts for them.
pub fn section(state: &WebState, reader: &SignedIn, colleagues: &[(PersonId, String)]) -> Markup {
    let language = reader.language();
    let zone = state.engine.zone_of(&reader.person);
    let away = reader.person.away.as_ref();
    let away = away.filter(|away| away.until > state.engine.now());
    let day = |of: &dyn Fn(&Absence) -> String| away.map(of).unwrap_or_default();
    let substitute = away.and_then(|away| away.substitute.as_ref());
    let named = substitute.map(|id| {
        let known = colleagues.iter().find(|(known, _)| known == id);
        known.map_or(id.as_str(), |(_, name)| name)
    });
    let told = away.map(|away| told(away, named, zone, language));
    html! {
        form method="post" action="/me/away" {
            (reader.visitor.seal())
            section.form { fieldset {
                legend { (say(language, "Away", "外出")) }
                @if let Some(told) = &told { p { (told) } }
                div.pair {
                    div.field {
                        label for="away_from" { (say(language, "First day", "第一天")) }
                        input.short type="date" id="away_from" name="from" required
                            value=(day(&|away| away.from.with_timezone(&zone).date_naive().to_string()));
                    }
                    div.field {
                        label for="away_until" { (say(language, "Last day", "最后一天")) }
                        input.short type="date" id="away_until" name="until" required
                            value=(day(&|away| last_day(away, zone)));
                    }
                }
                p.hint { (say(language, "Both count whole, on the clock of ", "两天均按整天计算，时区：")) (zone.name()) (say(language, ".", "。")) }
                div.field {
                    label for="substitute" { (say(language, "Who acts for you", "代理人")) }
                    input.middle type="text" id="substitute" name="substitute" autocomplete="off" list="colleagues"
                        value=(substitute.map(ToString::to_string).unwrap_or_default());
                    datalist id="colleagues" { @for (id, name) in colleagues { option value=(id) { (name) } } }
                    p.hint { (say(language,
                        "A colleague by id: your groups' are suggested. Both names are in the record. Empty: nobody.",
                        "填写同事的用户标识，可从同组同事中选择；记录中会同时保留两人姓名。留空则无人代理。")) }
                }
                button.second type="submit" name="do" value="away" { (say(language, "Be away", "设为外出")) }
                @if told.is_some() {
                    " "
                    button.second type="submit" name="do" value="back" formnovalidate { (say(language, "I am back", "我已返回")) }
                }
            } }
        }
    }
}

fn last_day(away: &Absence, zone: Zone) -> String {
    let last = away.until - TimeDelta::milliseconds(1);
    last.with_timezone(&zone).date_naive().to_string()
}

fn told(away: &Absence, substitute: Option<&str>, zone: Zone, language: Language) -> String {
    let from = away.from.with_timezone(&zone).date_naive();
    let until = last_day(away, zone);
    match (language, substitute) {
        (Language::En, Some(name)) => {
            format!("You are away from {from} until {until}. {name} acts for you.")
        }
        (Language::En, None) => {
            format!("You are away from {from} until {until}. Nobody acts for you.")
        }
        (Language::Zh, Some(name)) => format!("您的外出时间：{from} 至 {until}，由{name}代理。"),
        (Language::Zh, None) => format!("您的外出时间：{from} 至 {until}，无人代理。"),
    }
}
