//! Make the daily mail of those who want one: what waits for them first, then what else has happened, a line for each case.

use countersign_core::{
    case::{DeliveryId, OwnMail, Purpose, Sending},
    markdown::Markdown,
};
use uuid::Uuid;

use crate::{
    Engine, Error,
    ports::{
        deliveries::{DeliveryContent, Language, MailContent, Part},
        store::{DeliveryWrite, HeldMail},
    },
};

impl Engine {
    /// Makes the daily mails that are due; says how many.
    pub async fn gather_mails(&self) -> Result<u64, Error> {
        let made = self.store.gather_mails(self.now(), &daily).await?;
        if made > 0 {
            self.hints().deliveries.notify_one();
        }
        Ok(made)
    }
}

/// One mail of several to one person, the oldest first.
fn daily(held: Vec<HeldMail>) -> DeliveryWrite {
    let lines = newest_of_each(held);
    let newest = lines.last().map(|line| line.content.clone());
    let (waiting, others): (Vec<_>, Vec<_>) = lines
        .into_iter()
        .partition(|line| matches!(line.content.purpose, Purpose::Ask | Purpose::Remind));
    let to = newest.map(|content| content.to);
    let language = to.as_ref().map_or(Language::En, |to| to.language);
    let words = Words::of(language);
    let mut body = Vec::new();
    section(&mut body, words.your_turn, &waiting);
    section(&mut body, words.happened, &others);
    let content = MailContent {
        // At least one was given; a row that was emptied by hand is nobody's.
        to: to.unwrap_or_else(nobody),
        message: OwnMail::Daily.name().to_owned(),
        purpose: Purpose::Daily,
        lead: Markdown::default(),
        since: Vec::new(),
        otherwise: String::new(),
        subject: words.subject(waiting.len(), others.len()),
        body,
        facts: Vec::new(),
        answer_by: None,
        case_path: None,
        reason: words.reason.to_owned(),
        secret: false,
    };
    DeliveryWrite {
        id: DeliveryId(Uuid::now_v7()),
        case: None,
        content: DeliveryContent::Mail(content),
        sending: Sending::Now,
    }
}

/// What was said of each case last: an earlier need that is settled by now is none.
fn newest_of_each(held: Vec<HeldMail>) -> Vec<HeldMail> {
    let mut lines: Vec<HeldMail> = Vec::new();
    for mail in held {
        let case = mail.case.as_ref().map(|case| case.id);
        lines.retain(|line| case.is_none() || line.case.as_ref().map(|case| case.id) != case);
        lines.push(mail);
    }
    lines
}

fn section(body: &mut Vec<Part>, title: &'static str, lines: &[HeldMail]) {
    if lines.is_empty() {
        return;
    }
    let title = Markdown::ours("\n\n").strong(title).then("\n\n");
    body.push(Part::Text(title));
    for line in lines {
        let content = &line.content;
        body.push(Part::Text(Markdown::ours("- ")));
        body.push(Part::Page {
            title: content.subject.clone(),
            path: content.case_path.clone().unwrap_or_else(|| "/".to_owned()),
        });
        body.push(Part::Text(Markdown::ours("\n")));
    }
}

fn nobody() -> crate::ports::deliveries::Addressee {
    crate::ports::deliveries::Addressee {
        person: None,
        name: String::new(),
        email: String::new(),
        language: Language::En,
        timezone: "UTC".to_owned(),
    }
}

/// What a daily mail says by itself.
struct Words {
    language: Language,
    your_turn: &'static str,
    happened: &'static str,
    reason: &'static str,
}

impl Words {
    fn of(language: Language) -> Self {
        match language {
            Language::En => Self {
                language,
                your_turn: "Your turn",
                happened: "What else has happened",
                reason: "you have chosen one mail a day.",
            },
            Language::Zh => Self {
                language,
                your_turn: "待您处理",
                happened: "其他动态",
                reason: "您选择了每日汇总邮件。",
            },
        }
    }

    fn subject(&self, waiting: usize, others: usize) -> String {
        match (self.language, waiting) {
            (Language::En, 0) => format!("Today: news of {}", cases(others)),
            (Language::En, 1) => "Today: 1 case waits for you".to_owned(),
            (Language::En, _) => format!("Today: {} wait for you", cases(waiting)),
            (Language::Zh, 0) => format!("今日汇总：{others} 个申请有新动态"),
            (Language::Zh, _) => format!("今日汇总：{waiting} 个申请待您处理"),
        }
    }
}

fn cases(number: usize) -> String {
    match number {
        1 => "1 case".to_owned(),
        number => format!("{number} cases"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::deliveries::{Addressee, CaseRef};

    fn held(case: u128, purpose: Purpose, subject: &str) -> HeldMail {
        HeldMail {
            id: DeliveryId(Uuid::from_u128(case)),
            case: Some(CaseRef {
                id: Uuid::from_u128(case),
                number: format!("DR-{case}"),
                workflow: "deal".to_owned(),
                version: 1,
                title: String::new(),
            }),
            content: MailContent {
                to: Addressee {
                    person: Some("wei".to_owned()),
                    email: "wei@acme.example".to_owned(),
                    language: Language::Zh,
                    ..nobody()
                },
                message: "m".to_owned(),
                purpose,
                lead: Markdown::default(),
                since: Vec::new(),
                otherwise: String::new(),
                subject: subject.to_owned(),
                body: Vec::new(),
                facts: Vec::new(),
                answer_by: None,
                case_path: Some(format!("/cases/DR-{case}")),
                reason: String::new(),
                secret: false,
            },
        }
    }

    #[test]
    fn the_newest_of_each_case_is_told_and_needs_come_first() {
        let made = daily(vec![
            held(1, Purpose::Ask, "review 1"),
            held(2, Purpose::Tell, "news of 2"),
            held(3, Purpose::Ask, "review 3"),
            held(1, Purpose::Settled, "1 is settled"),
            held(3, Purpose::Remind, "review 3 again"),
        ]);
        let DeliveryContent::Mail(mail) = made.content else {
            panic!("it is a mail")
        };
        assert_eq!(mail.subject, "今日汇总：1 个申请待您处理");
        let told: Vec<_> = mail
            .body
            .iter()
            .filter_map(|part| match part {
                Part::Page { title, path } => Some((title.as_str(), path.as_str())),
                Part::Text(_) | Part::Button { .. } | Part::CaseLink | Part::Code => None,
            })
            .collect();
        assert_eq!(
            told,
            [
                ("review 3 again", "/cases/DR-3"),
                ("news of 2", "/cases/DR-2"),
                ("1 is settled", "/cases/DR-1"),
            ]
        );
        assert!(made.case.is_none() && mail.purpose == Purpose::Daily);
    }
}
