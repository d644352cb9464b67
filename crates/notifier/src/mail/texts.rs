//! The fixed texts of mails in both languages; everything else in a mail comes from the workflow.

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;
use countersign_engine::ports::deliveries::Language;

/// The fixed texts of one language.
#[derive(Debug)]
pub(super) struct Texts {
    /// The value of `lang` and `Content-Language`.
    pub code: &'static str,
    pub answer_by: &'static str,
    /// The same once it is over.
    pub was_due: &'static str,
    /// Above what has changed.
    pub since: &'static str,
    /// Where one chooses what mail comes.
    pub settings: &'static str,
    pub open_case: &'static str,
    pub case: &'static str,
    pub why: &'static str,
    /// Between a label and its value in plain text.
    pub colon: &'static str,
    /// What a button with a mail link does and does not do.
    pub links: &'static str,
    pub automatic: &'static str,
}

const ENGLISH: Texts = Texts {
    code: "en",
    answer_by: "Answer by",
    was_due: "Was due",
    since: "Changed since the last review",
    settings: "Choose what mail you get, and when",
    open_case: "Open the case",
    case: "Case",
    why: "Why you get this",
    colon: ": ",
    links: "Each link opens a page that asks you to confirm; nothing happens before you do. The links are for \
            you alone: please do not forward this mail.",
    automatic: "This mail was sent automatically.",
};

const CHINESE: Texts = Texts {
    code: "zh",
    answer_by: "请在此前答复",
    was_due: "已逾期，原定",
    since: "与上次评审相比的修改",
    settings: "设置接收哪些邮件及接收时间",
    open_case: "打开申请",
    case: "申请",
    why: "您收到此邮件的原因",
    colon: "：",
    links: "点击链接后会打开确认页面，在您确认之前不会执行任何操作。链接仅供您本人使用，请勿转发此邮件。",
    automatic: "此邮件由系统自动发送。",
};

/// The fixed texts of this language.
pub(super) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::En => &ENGLISH,
        Language::Zh => &CHINESE,
    }
}

/// A moment as its reader would say it, in the reader's zone, which is named with it.
pub(super) fn moment(at: DateTime<Utc>, zone: &str, language: Language) -> String {
    const WEEK_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let local = at.with_timezone(&zone);
    match language {
        Language::En => format!("{} ({zone})", local.format("%a %-d %b %Y, %H:%M")),
        Language::Zh => {
            let day = WEEK_ZH[local.weekday().num_days_from_monday() as usize];
            format!(
                "{}（{day}）{}（{zone}）",
                local.format("%Y年%-m月%-d日"),
                local.format("%H:%M")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_moment_is_told_in_the_readers_zone_and_language() {
        let at = "2026-11-26T10:00:00Z".parse().unwrap();
        let table = [
            (
                "Asia/Shanghai",
                Language::En,
                "Thu 26 Nov 2026, 18:00 (Asia/Shanghai)",
            ),
            (
                "Asia/Shanghai",
                Language::Zh,
                "2026年11月26日（周四）18:00（Asia/Shanghai）",
            ),
            (
                "America/New_York",
                Language::En,
                "Thu 26 Nov 2026, 05:00 (America/New_York)",
            ),
            ("nowhere", Language::En, "Thu 26 Nov 2026, 10:00 (UTC)"),
        ];
        for (zone, language, expected) in table {
            assert_eq!(moment(at, zone, language), expected);
        }
    }
}
