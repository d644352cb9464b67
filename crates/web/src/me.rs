//! `/me`: what mail somebody gets, when, and in which language and time zone; and when they are away.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{
    case::{Channel, MailHabits, Person, clock_of, minutes_of},
    text::Language,
};
use countersign_engine::{
    Error, Manner,
    ports::{
        directory::{DirectoryChange, MailWishes},
        store::Caller,
    },
};
use maud::{Markup, html};

use crate::{
    WebState, absence,
    door::{Fields, Posted, SignedIn},
    page::{Nav, Page, say, trouble},
};

/// `GET /me`.
pub async fn show(State(state): State<WebState>, reader: SignedIn) -> Response {
    let saved = reader.visitor.here.contains("saved");
    page(&state, &reader, StatusCode::OK, saved, None).await
}

/// `POST /me`: keeps it, and shows it again.
pub async fn keep(State(state): State<WebState>, posted: Posted) -> Response {
    let Posted { visitor, fields } = posted;
    let Some(person) = visitor.person.clone() else {
        return Redirect::to("/sign-in").into_response();
    };
    let reader = SignedIn { visitor, person };
    let wishes = match wishes(&fields, reader.language()) {
        Ok(wishes) => wishes,
        Err(why) => {
            return page(
                &state,
                &reader,
                StatusCode::UNPROCESSABLE_ENTITY,
                false,
                Some(why),
            )
            .await;
        }
    };
    match kept(&state, &reader, wishes).await {
        Ok(()) => Redirect::to("/me?saved").into_response(),
        Err(error) => trouble(&reader.visitor, &error),
    }
}

async fn kept(state: &WebState, reader: &SignedIn, wishes: MailWishes) -> Result<(), Error> {
    let caller: Caller = reader.caller();
    let change = DirectoryChange::PutMail(reader.person.id.clone(), wishes);
    let manner = Manner::plain(Channel::Page);
    let changed = state
        .engine
        .change_directory(&caller, manner, vec![change])
        .await;
    changed.map(|_| ())
}

/// What was chosen; else what is wrong with it.
fn wishes(fields: &Fields, language: Language) -> Result<MailWishes, &'static str> {
    let clock = |name: &str| {
        let typed = fields.first(name).unwrap_or_default();
        minutes_of(typed)
            .ok_or_else(|| say(language, "Write a time as 08:00.", "时间格式为 08:00。"))
    };
    let timezone = fields.first("timezone").map(str::trim);
    let timezone = timezone.filter(|zone| !zone.is_empty());
    if timezone.is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_err()) {
        return Err(say(
            language,
            "There is no such time zone. An example: Asia/Shanghai.",
            "没有该时区。例如：Asia/Shanghai。",
        ));
    }
    let chosen = fields.first("language").and_then(|tag| tag.parse().ok());
    let is_on = |name: &str| fields.first(name).is_some();
    Ok(MailWishes {
        language: chosen.unwrap_or(language),
        timezone: timezone.map(str::to_owned),
        habits: MailHabits {
            daily: fields.first("when") == Some("daily"),
            daily_at: clock("daily_at")?,
            quiet_from: clock("quiet_from")?,
            quiet_until: clock("quiet_until")?,
            reminders: is_on("reminders"),
            settled: is_on("settled"),
        },
    })
}

/// The page, with what became of the last click.
pub async fn page(
    state: &WebState,
    reader: &SignedIn,
    status: StatusCode,
    saved: bool,
    why: Option<&str>,
) -> Response {
    let language = reader.language();
    let colleagues = match state.engine.colleagues(&reader.person).await {
        Ok(colleagues) => colleagues,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let title = say(language, "Your mail and absence", "邮件与外出设置");
    let page = Page {
        visitor: &reader.visitor,
        status,
        nav: Nav::Elsewhere,
        title,
    };
    page.around(&html! {
        div.narrow.settings {
            h1 { (title) }
            p.quiet { (reader.person.name) " · " (reader.person.email) }
            @if saved { p.done role="status" { (say(language, "It is saved.", "已保存。")) } }
            @if let Some(why) = why { div.problem role="alert" tabindex="-1" autofocus { p { (why) } } }
            form method="post" action="/me" {
                (reader.visitor.seal())
                (written_how(&reader.person, language))
                (when(&reader.person.mail, language))
                (what(&reader.person.mail, language))
                button type="submit" { (say(language, "Save", "保存")) }
            }
            (absence::section(state, reader, &colleagues))
            p { a href="/account" { (say(language, "Confirmation codes by an app", "用应用生成验证码")) } }
        }
    })
}

fn written_how(person: &Person, language: Language) -> Markup {
    let zone = person.timezone.as_deref().unwrap_or_default();
    html! {
        section.form {
            h2 { (say(language, "Language and time zone", "语言与时区")) }
            div.field {
                label for="language" { (say(language, "Mail is written in", "邮件语言")) }
                select.middle id="language" name="language" {
                    @for (tag, name, it) in [("en", "English", Language::En), ("zh", "中文", Language::Zh)] {
                        option value=(tag) lang=(tag) selected[person.language == it] { (name) }
                    }
                }
            }
            div.field {
                label for="timezone" { (say(language, "Times are shown in", "时区")) }
                input.middle type="text" id="timezone" name="timezone" value=(zone) placeholder="Asia/Shanghai" autocomplete="off";
                p.hint { (say(language, "Empty: that of the workflow.", "留空则使用流程的时区。")) }
            }
        }
    }
}

fn when(habits: &MailHabits, language: Language) -> Markup {
    html! {
        section.form { fieldset {
            legend { (say(language, "When mail comes", "何时接收")) }
            label.option {
                input type="radio" name="when" value="at_once" checked[!habits.daily];
                " " (say(language, "At once, one mail for each need", "即时，每件事一封"))
            }
            label.option {
                input type="radio" name="when" value="daily" checked[habits.daily];
                " " (say(language, "Once each working day, all in one", "每个工作日一封汇总"))
            }
            div.field {
                label for="daily_at" { (say(language, "The daily mail comes at", "汇总邮件时间")) }
                input.short type="time" id="daily_at" name="daily_at" value=(clock_of(habits.daily_at)) required;
                p.hint { (say(language,
                    "What must be answered before it comes is mailed at once all the same.",
                    "须在下一封汇总之前答复的事项仍会即时发送。")) }
            }
        } }
    }
}

fn what(habits: &MailHabits, language: Language) -> Markup {
    html! {
        section.form { fieldset {
            legend { (say(language, "Reminders and notices", "提醒与通知")) }
            label.option {
                input type="checkbox" name="reminders" value="on" checked[habits.reminders];
                " " (say(language, "Remind me while something waits for me", "有待办事项时提醒我"))
            }
            div.pair {
                div.field {
                    label for="quiet_from" { (say(language, "No reminders from", "免打扰开始")) }
                    input.short type="time" id="quiet_from" name="quiet_from" value=(clock_of(habits.quiet_from)) required;
                }
                div.field {
                    label for="quiet_until" { (say(language, "No reminders until", "免打扰结束")) }
                    input.short type="time" id="quiet_until" name="quiet_until" value=(clock_of(habits.quiet_until)) required;
                }
            }
            p.hint { (say(language,
                "They never come on free days of the workflow's calendar either; they come when that is over.",
                "流程日历的休息日也不发送提醒，会在之后补发。")) }
            label.option {
                input type="checkbox" name="settled" value="on" checked[habits.settled];
                " " (say(language, "Tell me when somebody else has settled what I was asked", "他人已处理我被邀请处理的事项时通知我"))
            }
        } }
    }
}
