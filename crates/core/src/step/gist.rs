//! What a mail tells of its case in short: whose turn it is, facts, what has changed since the last review, and what
//! happens if nobody acts; each as far as its reader may know it. The workflow's own words are `letters`'s.

use serde_json::Value as Json;

use crate::{
    case::{Actor, Case, Person, PersonId, Purpose},
    context::Context,
    expression::Value,
    markdown::Markdown,
    money::Money,
    policy::{self, Policy, Visible},
    reading::Reading,
    template::{NOTHING, shown},
    text::{Language, Text},
    time::{Time, Zone},
    workflow::{
        Choice, Effect, Field, FieldKind, Form, Recipient, State, StateKind, Timer, Workflow,
    },
};

use super::run::Run;

/// Facts in a mail, the case itself not counted.
const FACTS: usize = 5;
/// Changes that are told one by one.
const CHANGES: usize = 6;
/// The longest value that is told, in characters.
const VALUE: usize = 60;

/// For whom it is told.
pub(super) struct Gist<'g> {
    /// Somebody of the directory; `None`: an address, of which no more is known.
    pub person: Option<&'g Person>,
    pub language: Language,
    pub zone: Zone,
}

/// What a mail tells this person of the case in a few lines, each with its label: what the page of a mailed link may
/// repeat. None for somebody who is not known. Complete only if nothing is missing in `reading` afterwards.
pub fn gist(
    workflow: &Workflow,
    case: &Case,
    ctx: &Context<'_>,
    reading: &Reading<'_>,
    (person, language): (&PersonId, Language),
) -> Vec<(String, String)> {
    let run = Run::new(workflow, case.clone(), ctx, reading);
    let Some(person) = reading.person(person) else {
        return Vec::new();
    };
    let zone = run.zone_of(&person);
    run.facts(&Gist {
        person: Some(&person),
        language,
        zone,
    })
}

impl<'a> Run<'a> {
    /// Whose turn it is and why theirs, in a sentence.
    pub fn lead(&self, gist: &Gist<'_>, to: &Recipient, purpose: Purpose) -> Markdown {
        let language = gist.language;
        let Some(person) = gist.person else {
            return self.lead_at_address(to, purpose, language);
        };
        let state = self.told_state();
        let title = state.title.get(language);
        match purpose {
            Purpose::Ask | Purpose::Remind => {
                let round = Some(self.case.round);
                let round = round.filter(|round| matches!(to, Recipient::Reviewers) && *round > 1);
                let lead = match to {
                    // What has become of their case is what they want to know first.
                    Recipient::Role(role) if self.is_starters(role) => {
                        yours_again(title, purpose, language)
                    }
                    _ => your_turn(title, round, language),
                };
                lead.and(&self.why_you(person, to, language))
            }
            Purpose::Tell | Purpose::Settled | Purpose::Daily => {
                let (now, stop) = match language {
                    Language::En => ("It is now ", "."),
                    Language::Zh => ("当前状态：", "。"),
                };
                let lead = Markdown::ours(now).strong(title).then(stop);
                match (&state.kind, language) {
                    (StateKind::End(_), Language::En) => lead.then(" There is nothing left to do."),
                    (StateKind::End(_), Language::Zh) => lead.then("无需再处理。"),
                    _ => lead,
                }
            }
        }
    }

    /// The same for somebody of whom an address is known and no more: what states are called is not theirs to know.
    fn lead_at_address(&self, to: &Recipient, purpose: Purpose, language: Language) -> Markdown {
        if !matches!(purpose, Purpose::Ask | Purpose::Remind) {
            return Markdown::default();
        }
        let (before, after, without) = match language {
            Language::En => ("Your answer is wanted, as ", ".", "Your answer is wanted."),
            Language::Zh => ("请您答复，您的身份：", "。", "请您答复。"),
        };
        match self.role_title_of(to, language) {
            Some(role) => Markdown::ours(before).strong(&role).then(after),
            None => Markdown::ours(without),
        }
    }

    /// The same in a mail of the product's own, for whoever has the turn of the state that sends it.
    pub fn lead_in_turn(&self, language: Language) -> Markdown {
        let state = self.sender();
        let turns = policy::turns(self.workflow, &self.case, &|_| true);
        let turn = turns.iter().find(|turn| turn.state.path == state.path);
        let role = turn.and_then(|turn| self.workflow.roles.get(turn.role));
        let lead = your_turn(state.title.get(language), None, language);
        match role {
            Some(role) => lead.and(&asked_as(role.title.get(language), language)),
            None => lead,
        }
    }

    /// The role or the substitution by which somebody is asked.
    fn why_you(&self, person: &Person, to: &Recipient, language: Language) -> Markdown {
        let away = person
            .stands_in_for(self.now)
            .find_map(|of| self.reading.person(of));
        let seated = self.role_title_of(to, language);
        let substitute = matches!(to, Recipient::Reviewers) && !self.is_asked(person);
        match (substitute.then_some(away).flatten(), seated) {
            (Some(away), _) => match language {
                Language::En => Markdown::ours(" You are asked in place of ")
                    .strong(&away.name)
                    .then(", who is away."),
                Language::Zh => Markdown::default()
                    .strong(&away.name)
                    .then(" 不在，由您代为处理。"),
            },
            (None, Some(role)) => asked_as(&role, language),
            (None, None) => Markdown::default(),
        }
    }

    fn is_asked(&self, person: &Person) -> bool {
        let Some(state) = self.reviewing_here() else {
            return false;
        };
        self.ballot_of(state)
            .is_some_and(|ballot| ballot.asked.contains(&person.id))
    }

    /// The state that mails name: where the case is, or the track that sends it.
    fn told_state(&self) -> &'a State {
        let states = &self.workflow.states;
        let here = self.cause.at.map(|at| states.get(at));
        here.filter(|state| self.case.is_in(state.path.as_str()) && state.review.is_some())
            .unwrap_or_else(|| self.leaf())
    }

    /// Five lines at most, money first: what it is about.
    pub fn facts(&self, gist: &Gist<'_>) -> Vec<(String, String)> {
        let label = |en: &str, zh: &str| Text::new(en, zh).get(gist.language).to_owned();
        let mut workflow = self.workflow.title.get(gist.language).to_owned();
        if self.case.round > 1 {
            let round = self.case.round;
            let words = Text::new(format!(" · round {round}"), format!(" · 第 {round} 轮"));
            workflow.push_str(words.get(gist.language));
        }
        let mut facts = vec![(label("Workflow", "流程"), workflow)];
        if let Some(partner) = &self.case.partner {
            let known = self.reading.partner(partner);
            let name = known.map_or_else(|| partner.to_string(), |partner| partner.name.clone());
            facts.push((label("Partner", "合作伙伴"), name));
        }
        let mut fields = self.short_fields(gist);
        fields.sort_by_key(|(rank, ..)| *rank);
        let fields = fields.into_iter().map(|(_, label, value)| (label, value));
        facts.extend(fields.take(FACTS - facts.len()));
        facts
    }

    /// The first amount that the reader may know, for the subject.
    pub fn amount(&self, gist: &Gist<'_>) -> Option<String> {
        let mut fields = self.short_fields(gist).into_iter();
        fields
            .find(|(rank, ..)| *rank == 0)
            .map(|(_, _, value)| value)
    }

    /// Rank, title and value of each field that says something in a line.
    fn short_fields(&self, gist: &Gist<'_>) -> Vec<(u8, String, String)> {
        let Some(visible) = self.visible_to(gist) else {
            return Vec::new();
        };
        let forms = self.workflow.forms.values();
        let fields = forms.flat_map(|form| form.fields.values().map(move |field| (form, field)));
        let told = fields.filter_map(|(form, field)| {
            let rank = rank(&field.kind)?;
            let seen = visible.field(&form.name, &field.name);
            let value = seen.then(|| self.held(form, field)).flatten()?;
            let (title, unit) = title_and_unit(field.title.get(gist.language));
            let value = self.in_words(field, value, unit, gist)?;
            (value != self.case.title).then(|| (rank, title.to_owned(), value))
        });
        told.collect()
    }

    fn held(&self, form: &Form, field: &Field) -> Option<&Json> {
        let values = self.case.content.forms.get(&form.name)?;
        values.get(field.name.as_str())
    }

    fn visible_to(&self, gist: &Gist<'_>) -> Option<Visible> {
        let actor = Actor::Person(gist.person?.clone());
        let policy = Policy::new(self.workflow, &self.case, &actor, self.reading);
        Some(policy.visible())
    }

    /// What is no longer as it was when the last review ended: a line of plain text for each place.
    pub fn since(&self, gist: &Gist<'_>) -> Vec<String> {
        let changed = &self.case.since_review;
        let visible = if changed.is_empty() {
            None
        } else {
            self.visible_to(gist)
        };
        let Some(visible) = visible else {
            return Vec::new();
        };
        let seen = changed
            .iter()
            .filter(|(at, _)| visible.place(self.workflow, at));
        let mut lines: Vec<String> = seen
            .filter_map(|(at, was)| self.change(at, was.as_ref(), gist))
            .collect();
        if lines.len() > CHANGES {
            let more = lines.len() - CHANGES;
            lines.truncate(CHANGES);
            let words = Text::new(format!("and {more} more"), format!("另有 {more} 处修改"));
            lines.push(words.get(gist.language).to_owned());
        }
        lines
    }

    fn change(&self, at: &str, was: Option<&Json>, gist: &Gist<'_>) -> Option<String> {
        let say = |text: Text| text.get(gist.language).to_owned();
        let (colon, changed) = (Text::new(": ", "："), Text::new("changed", "已修改"));
        let field = at
            .split_once('.')
            .and_then(|(form, field)| Some((self.workflow.forms.get(form)?, field)))
            .and_then(|(form, field)| Some((form, form.fields.get(field)?)));
        let Some((form, field)) = field else {
            let title = self.workflow.title_of(at)?.get(gist.language);
            return Some(format!("{title}{}{}", say(colon), say(changed)));
        };
        let (title, unit) = title_and_unit(field.title.get(gist.language));
        let now = self.held(form, field);
        if now == was.filter(|was| !was.is_null()) && was.is_some() {
            return None;
        }
        let words = |value: Option<&Json>| match value.filter(|value| !value.is_null()) {
            Some(value) => self.in_words(field, value, unit, gist),
            None => Some(NOTHING.to_owned()),
        };
        let told = was.and_then(|was| Some((words(Some(was))?, words(now)?)));
        let told = told.map_or_else(|| say(changed), |(was, now)| format!("{was} → {now}"));
        Some(format!("{title}{}{told}", say(colon)))
    }

    /// A value in a few words; `None` where it takes more.
    fn in_words(&self, field: &Field, value: &Json, unit: &str, gist: &Gist<'_>) -> Option<String> {
        let words = match &field.kind {
            FieldKind::Money => {
                let amount = Money::from_json(value).ok()?.grouped(gist.language);
                let amount = amount.strip_suffix(".00").unwrap_or(&amount).to_owned();
                if unit.is_empty() {
                    amount
                } else {
                    format!("{amount} {unit}")
                }
            }
            FieldKind::Boolean => shown(&Value::Bool(value.as_bool()?), gist.language, gist.zone),
            FieldKind::Integer | FieldKind::Number => value.as_number()?.to_string(),
            FieldKind::Pick { .. } => {
                let name = value.get("name").or_else(|| value.get("id"))?;
                let name = match name {
                    Json::Object(texts) => texts.get(gist.language.tag())?,
                    name => name,
                };
                name.as_str()?.to_owned()
            }
            FieldKind::Person { .. } => {
                let id = PersonId::new(value.as_str()?);
                self.reading.person(&id)?.name.clone()
            }
            FieldKind::DateTime => {
                let at = value.as_str()?.parse().ok()?;
                shown(&Value::Time(at), gist.language, gist.zone)
            }
            FieldKind::Enum(_) => {
                let word = value.as_str()?;
                let title = field.titles.word(&[], word);
                title
                    .map_or(word, |title| title.get(gist.language))
                    .to_owned()
            }
            FieldKind::String | FieldKind::LongText | FieldKind::Date => value.as_str()?.to_owned(),
            FieldKind::List { .. } | FieldKind::Object(_) => return None,
        };
        let fits = words.chars().count() <= VALUE && !words.contains('\n') && !words.is_empty();
        fits.then_some(words)
    }

    fn running_timers(&self) -> impl Iterator<Item = (Time, &'a Timer)> {
        let states = self.states();
        let timers =
            states.flat_map(|state| state.timers.values().map(move |timer| (state, timer)));
        timers.filter_map(|(state, timer)| Some((self.armed(state, &timer.name)?.due?, timer)))
    }

    /// The first timer that leads on, and where to.
    pub fn leads_on(&self) -> Option<(Time, &'a Choice)> {
        let leading = self
            .running_timers()
            .filter_map(|(due, timer)| Some((due, timer.target.as_ref()?)));
        leading.min_by_key(|(due, _)| *due)
    }

    /// What happens by itself: the first timer that leads on, or that nothing does.
    pub fn otherwise(&self, gist: &Gist<'_>) -> String {
        let say = |en: String, zh: String| Text::new(en, zh).get(gist.language).to_owned();
        if let Some((due, target)) = self.leads_on() {
            let by = shown(&Value::Time(due), gist.language, gist.zone);
            if gist.person.is_none() {
                return say(
                    format!("Your answer is waited for until {by}; then it goes on without it."),
                    format!("请在 {by} 前答复，逾期将不再等待您的答复。"),
                );
            }
            let to = self.workflow.states.get(target.otherwise);
            let to = to.title.get(gist.language);
            return if target.conditional.is_empty() {
                say(
                    format!("If nobody acts by {by}, it becomes “{to}” by itself."),
                    format!("如在 {by} 前无人处理，将自动变为“{to}”。"),
                )
            } else {
                say(
                    format!("If nobody acts by {by}, it goes on by itself."),
                    format!("如在 {by} 前无人处理，将自动流转。"),
                )
            };
        }
        if gist.person.is_none() {
            return String::new();
        }
        let reminds = |(_, timer): &(_, &Timer)| {
            let mut effects = timer.effects.iter();
            effects.any(|effect| matches!(effect, Effect::Notify(_)))
        };
        if self.running_timers().any(|armed| reminds(&armed)) {
            return say(
                "Nothing is decided by itself; if nobody acts, reminders follow.".to_owned(),
                "不会自动作出决定；如无人处理，将再次提醒。".to_owned(),
            );
        }
        say(
            "Nothing is decided by itself: it waits until somebody acts.".to_owned(),
            "不会自动作出决定，将一直等待处理。".to_owned(),
        )
    }
}

/// What is told first; `None`: what a line does not hold.
fn rank(kind: &FieldKind) -> Option<u8> {
    match kind {
        FieldKind::Money => Some(0),
        FieldKind::Date | FieldKind::DateTime => Some(1),
        FieldKind::Pick { .. } | FieldKind::Enum(_) => Some(2),
        FieldKind::Person { .. } | FieldKind::String => Some(3),
        FieldKind::Integer | FieldKind::Number | FieldKind::Boolean => Some(4),
        FieldKind::LongText | FieldKind::List { .. } | FieldKind::Object(_) => None,
    }
}

/// `Expected amount (CNY)` → `Expected amount` and `CNY`: a unit stands with its number.
fn title_and_unit(title: &str) -> (&str, &str) {
    for (open, close) in [('(', ')'), ('（', '）')] {
        let inner = title
            .strip_suffix(close)
            .and_then(|rest| rest.rsplit_once(open));
        if let Some((title, unit)) = inner
            && unit.chars().count() <= 4
        {
            return (title.trim_end(), unit);
        }
    }
    (title, "")
}

/// In which state it is somebody's turn, and of which round.
fn your_turn(state: &str, round: Option<u32>, language: Language) -> Markdown {
    let (turn, before, after, stop) = match language {
        Language::En => ("It is your turn: ", ", round ", "", "."),
        Language::Zh => ("轮到您处理：", "（第 ", " 轮）", "。"),
    };
    let lead = Markdown::ours(turn).strong(state);
    let lead = match round {
        Some(round) => lead.then(before).value(&round.to_string()).then(after),
        None => lead,
    };
    lead.then(stop)
}

/// What the case of somebody has become, and that it waits for them.
fn yours_again(state: &str, purpose: Purpose, language: Language) -> Markdown {
    let (now, turn) = match (language, purpose) {
        (Language::En, Purpose::Remind) => ("It is still ", ", and it is your turn."),
        (Language::En, _) => ("It is now ", ", and it is your turn."),
        (Language::Zh, Purpose::Remind) => ("当前状态仍为：", "，轮到您处理。"),
        (Language::Zh, _) => ("当前状态：", "，轮到您处理。"),
    };
    Markdown::ours(now).strong(state).then(turn)
}

/// As whom somebody is asked.
fn asked_as(role: &str, language: Language) -> Markdown {
    let (asked, stop) = match language {
        Language::En => (" You are asked as ", "."),
        Language::Zh => ("您的身份：", "。"),
    };
    Markdown::ours(asked).strong(role).then(stop)
}
