//! `GET` and `PUT /v1/me/mail`: what mail the caller gets, when, and written how.

use axum::{Json, extract::State, response::Response};
use countersign_core::{
    case::{MailHabits, Person, clock_of, minutes_of},
    text::{Language, Text},
};
use countersign_engine::ports::{
    directory::{DirectoryChange, MailWishes},
    store::Caller,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    directory::change,
    documents::Problems,
    request::{Asker, StrictBody, Write},
};

/// What mail somebody gets, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MyMail)]
pub struct MyMailDocument {
    /// `en` or `zh`.
    #[schema(value_type = String, example = "en")]
    pub language: Language,
    /// Whose times are shown (IANA name); the workflow's if null.
    #[serde(default)]
    pub timezone: Option<String>,
    /// At which time of working days one mail comes with everything, `08:00`; null: each comes at once. What must be
    /// answered before the next one does not wait for it.
    #[serde(default)]
    pub daily: Option<String>,
    /// When no reminder comes; null: at any hour of a working day.
    #[serde(default)]
    pub quiet: Option<QuietDocument>,
    /// Whether reminders come.
    #[serde(default = "yes")]
    pub reminders: bool,
    /// Whether it is told that nothing is to be done any more.
    #[serde(default = "yes")]
    pub settled: bool,
}

/// Hours in which no reminder comes; free days are quiet as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHours)]
pub struct QuietDocument {
    /// From then, `20:00`.
    pub from: String,
    /// Until then, `08:00`.
    pub until: String,
}

impl StrictBody for MyMailDocument {}

const fn yes() -> bool {
    true
}

impl From<&Person> for MyMailDocument {
    fn from(person: &Person) -> Self {
        let habits = &person.mail;
        let is_quiet = habits.quiet_from != habits.quiet_until;
        Self {
            language: person.language,
            timezone: person.timezone.clone(),
            daily: habits.daily.then(|| clock_of(habits.daily_at)),
            quiet: is_quiet.then(|| QuietDocument {
                from: clock_of(habits.quiet_from),
                until: clock_of(habits.quiet_until),
            }),
            reminders: habits.reminders,
            settled: habits.settled,
        }
    }
}

impl MyMailDocument {
    fn wishes(&self) -> Result<MailWishes, Problem> {
        let zone = self.timezone.as_deref();
        if zone.is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_err()) {
            let why = Text::new(
                "There is no such time zone. An example: `Asia/Shanghai`.",
                "没有该时区。例如：`Asia/Shanghai`。",
            );
            return Err(Problem::invalid("timezone", why));
        }
        let clock = |member: &str, text: &str| {
            let why = || Text::new("Write a time as `08:00`.", "时间格式为 08:00。");
            minutes_of(text).ok_or_else(|| Problem::invalid(member, why()))
        };
        let daily = self.daily.as_deref().map(|at| clock("daily", at));
        let daily = daily.transpose()?;
        let (quiet_from, quiet_until) = match &self.quiet {
            Some(quiet) => (
                clock("quiet.from", &quiet.from)?,
                clock("quiet.until", &quiet.until)?,
            ),
            None => (0, 0),
        };
        Ok(MailWishes {
            language: self.language,
            timezone: self.timezone.clone(),
            habits: MailHabits {
                daily: daily.is_some(),
                daily_at: daily.unwrap_or(MailHabits::default().daily_at),
                quiet_from,
                quiet_until,
                reminders: self.reminders,
                settled: self.settled,
            },
        })
    }
}

/// What mail the caller gets, and when.
#[utoipa::path(get, path = "/v1/me/mail", tag = "people", operation_id = "read_my_mail",
    responses((status = 200, body = MyMailDocument, description = "As it is"), Problems))]
pub async fn read(asker: Asker) -> Result<Json<MyMailDocument>, Problem> {
    Ok(Json(MyMailDocument::from(myself(&asker.caller)?)))
}

/// Choose what mail the caller gets, and when. Reminders never come at night or on free days of the workflow's calendar,
/// by the caller's time zone.
#[utoipa::path(put, path = "/v1/me/mail", tag = "people", operation_id = "put_my_mail", request_body = MyMailDocument,
    responses((status = 200, body = MyMailDocument, description = "As it is now"), Problems))]
pub async fn put(
    State(state): State<ApiState>,
    write: Write<MyMailDocument>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let person = myself(&head.asker.caller)?.id.clone();
    let wishes = body.wishes()?;
    change(
        &state,
        head,
        DirectoryChange::PutMail(person, wishes),
        &body,
    )
    .await
}

fn myself(caller: &Caller) -> Result<&Person, Problem> {
    match caller {
        Caller::Person(person) => Ok(person),
        Caller::Service { .. } => Err(Problem::not_allowed()),
    }
}
