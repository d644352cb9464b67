//! Mails in the history of a case: who was written to, what for and when. What a mail says is its receiver's alone.

use countersign_core::{case::Purpose, text::Language, time::Time};
use countersign_engine::{ToldByMail, ports::reader::DeliveryStatus};
use maud::{Markup, html};

use super::Shown;
use crate::page::say;

/// Mails of one moment and purpose, which one line tells.
#[derive(Debug)]
pub struct Mailed {
    /// When they were written.
    pub at: Time,
    purpose: Purpose,
    status: DeliveryStatus,
    to: Vec<String>,
}

/// Together what was written together, in the same order.
pub fn together(mails: Vec<ToldByMail>) -> Vec<Mailed> {
    let mut lines: Vec<Mailed> = Vec::new();
    for mail in mails {
        let same = lines.iter_mut().find(|line| {
            line.at == mail.at && line.purpose == mail.purpose && line.status == mail.status
        });
        match same {
            Some(line) if line.to.contains(&mail.to) => {}
            Some(line) => line.to.push(mail.to),
            None => lines.push(Mailed {
                at: mail.at,
                purpose: mail.purpose,
                status: mail.status,
                to: vec![mail.to],
            }),
        }
    }
    lines
}

/// The line.
pub fn line(shown: &Shown, mailed: &Mailed) -> Markup {
    let language = shown.language();
    let undelivered = match mailed.status {
        DeliveryStatus::Sent => None,
        DeliveryStatus::Waiting => Some(say(language, "waits to be sent", "等待发送")),
        DeliveryStatus::Dead => Some(say(language, "could not be delivered", "未能送达")),
    };
    html! {
        li.mailed {
            p.what { strong { (mailed.to.join(say(language, ", ", "、"))) } " " (what(language, mailed)) }
            p.by {
                (shown.clock.moment(mailed.at)) " · " (say(language, "by mail", "通过邮件"))
                @if let Some(undelivered) = undelivered { " · " (undelivered) }
            }
        }
    }
}

fn what(language: Language, mailed: &Mailed) -> &'static str {
    let one = mailed.to.len() == 1;
    match mailed.purpose {
        Purpose::Ask if one => say(language, "was asked to act", "收到待办通知"),
        Purpose::Ask => say(language, "were asked to act", "收到待办通知"),
        Purpose::Remind if one => say(language, "was reminded", "收到提醒"),
        Purpose::Remind => say(language, "were reminded", "收到提醒"),
        Purpose::Settled if one => say(
            language,
            "was told that there is nothing left to do",
            "收到“无需处理”通知",
        ),
        Purpose::Settled => say(
            language,
            "were told that there is nothing left to do",
            "收到“无需处理”通知",
        ),
        Purpose::Tell | Purpose::Daily if one => {
            say(language, "was told how it stands", "收到进展通知")
        }
        Purpose::Tell | Purpose::Daily => say(language, "were told how it stands", "收到进展通知"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_in_one_move_is_one_line() {
        let at = |text: &str| -> Time { text.parse().expect("a moment") };
        let mail = |to: &str, purpose, moment: &str| ToldByMail {
            person: None,
            to: to.to_owned(),
            purpose,
            at: at(moment),
            status: DeliveryStatus::Sent,
        };
        let lines = together(vec![
            mail("Rita", Purpose::Ask, "2026-11-23T02:00:00Z"),
            mail("Lena", Purpose::Ask, "2026-11-23T02:00:00Z"),
            mail("Pat", Purpose::Tell, "2026-11-23T02:00:00Z"),
            mail("Rita", Purpose::Remind, "2026-11-24T02:00:00Z"),
        ]);
        let told: Vec<String> = lines.iter().map(|line| line.to.join(", ")).collect();
        assert_eq!(told, ["Rita, Lena", "Pat", "Rita"]);
        assert_eq!(what(Language::En, &lines[0]), "were asked to act");
        assert_eq!(what(Language::En, &lines[2]), "was reminded");
    }
}
