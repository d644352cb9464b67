//! Subjects of mails: what the workflow's author wrote, and besides what its reader wants to know before opening it: the
//! amount, until when, and that it is late. The rest of a mail is `letters`'s.

use crate::{case::Purpose, expression::Value, template::shown, text::Language, time::Time};

use super::{gist::Gist, run::Run};

impl Run<'_> {
    /// The whole subject. A mail that asks for something names the amount and the time, one that reminds says late.
    pub fn subject(&self, written: &str, gist: &Gist<'_>, purpose: Purpose) -> String {
        let number = &self.case.number;
        // A case that nobody has given a title is called by its number.
        let subject = written.replace(&format!("{number} {number}"), number);
        if !matches!(purpose, Purpose::Ask | Purpose::Remind) {
            return subject;
        }
        let subject = match self.amount(gist) {
            Some(amount) => with_amount(subject, &self.case.title, &amount, gist.language),
            None => subject,
        };
        let subject = match (self.case.due_at(), self.leads_on()) {
            (Some(due), _) => with_time(subject, due, true, gist),
            (None, Some((at, _))) => with_time(subject, at, false, gist),
            (None, None) => subject,
        };
        let is_late = self.case.due_at().is_some_and(|due| due <= self.now);
        let again = purpose == Purpose::Remind;
        match (is_late, again, gist.language) {
            (false, false, _) => subject,
            (true, _, Language::En) => format!("Late: {subject}"),
            (true, _, Language::Zh) => format!("已逾期：{subject}"),
            (false, true, Language::En) => format!("Reminder: {subject}"),
            (false, true, Language::Zh) => format!("提醒：{subject}"),
        }
    }

    /// What the word of an `enum` is called that a text names by its field alone.
    pub fn title_of_word(&self, place: &str, word: &str, language: Language) -> Option<String> {
        let (form, field) = place.split_once('.')?;
        let field = self.workflow.forms.get(form)?.fields.get(field)?;
        let title = field.titles.word(&[], word)?;
        Some(title.get(language).to_owned())
    }
}

/// A subject that names the case by its title names the amount too.
fn with_amount(subject: String, title: &str, amount: &str, language: Language) -> String {
    if title.is_empty() || subject.contains(amount) {
        return subject;
    }
    let Some(at) = subject.find(title) else {
        return subject;
    };
    let (before, after) = subject.split_at(at + title.len());
    let comma = match language {
        Language::En => ", ",
        Language::Zh => "，",
    };
    let after = match (language, after.strip_prefix(" by ")) {
        (Language::En, Some(after)) => format!(", by {after}"),
        _ => after.to_owned(),
    };
    format!("{before}{comma}{amount}{after}")
}

/// A subject that names no moment names until when: when it is due, or else when it goes on by itself.
fn with_time(subject: String, at: Time, is_due: bool, gist: &Gist<'_>) -> String {
    // Whoever wrote a time of day into it has said it.
    let is_clock = |signs: &[u8]| {
        let mut signs = signs.iter().enumerate();
        signs.all(|(place, sign)| match place {
            2 => *sign == b':',
            _ => sign.is_ascii_digit(),
        })
    };
    if subject.as_bytes().windows(5).any(is_clock) {
        return subject;
    }
    let at = shown(&Value::Time(at), gist.language, gist.zone);
    match gist.language {
        Language::En if is_due => format!("{subject}, by {at}"),
        Language::En => format!("{subject}; answer by {at}"),
        Language::Zh => format!("{subject}（截止 {at}）"),
    }
}
