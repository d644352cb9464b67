//! The fixed words of pages, in both languages.

use countersign_core::text::Language;

/// The fixed words of the page of a mail link.
pub struct Texts {
    /// Before the case's number.
    pub case: &'static str,
    /// Before the case's title.
    pub about: &'static str,
    /// Before the holder's address.
    pub you: &'static str,
    /// Before the moment when the link dies.
    pub until: &'static str,
    /// A code was mailed.
    pub code_mailed: &'static str,
    /// Heading when it is done.
    pub done: &'static str,
    /// It is done; before the state.
    pub now: &'static str,
    /// Heading of a dead link.
    pub dead: &'static str,
    /// What to do about a dead link.
    pub dead_why: &'static str,
    /// Heading of a link that is none.
    pub none: &'static str,
    /// What to do about a link that is none.
    pub none_why: &'static str,
    /// Heading when too many requests came from the reader's address.
    pub busy: &'static str,
    /// What to do about that.
    pub busy_why: &'static str,
    /// Heading of a fault of ours.
    pub fault: &'static str,
    /// What to do about a fault of ours.
    pub fault_why: &'static str,
}

/// The words in this language.
pub fn texts(language: Language) -> &'static Texts {
    match language {
        Language::En => &ENGLISH,
        Language::Zh => &CHINESE,
    }
}

static ENGLISH: Texts = Texts {
    case: "Number",
    about: "About",
    you: "You are",
    until: "Answer before",
    code_mailed: "We have mailed you a code, or your app shows it. Enter it here; a mailed one within 10 minutes.",
    done: "Thank you",
    now: "It is done. The state is now:",
    dead: "This link is no longer valid",
    dead_why: "It was used, replaced by a newer one, has expired, or somebody else has the turn now. Look for a newer mail, or ask whoever sent it to send it again.",
    none: "This link leads nowhere",
    none_why: "Part of the address may be missing. Open it from the mail again.",
    busy: "Too many requests",
    busy_why: "Many requests came from your network within a minute. Please try again in a moment.",
    fault: "That did not work",
    fault_why: "The mistake is on our side, and nothing was changed. Please try again in a moment.",
};

static CHINESE: Texts = Texts {
    case: "编号",
    about: "内容",
    you: "您的身份",
    until: "请在此之前答复",
    code_mailed: "验证码已发送到您的邮箱，或由您的应用显示。请在此填写；邮件中的验证码 10 分钟内有效。",
    done: "谢谢",
    now: "操作已完成，当前状态：",
    dead: "链接已失效",
    dead_why: "该链接已被使用、被新链接取代、已过期，或已转由他人处理。请查找更新的邮件，或请发件人重新发送。",
    none: "链接无效",
    none_why: "网址可能不完整，请从邮件中重新打开。",
    busy: "请求过多",
    busy_why: "您所在的网络在一分钟内发送了过多请求，请稍后重试。",
    fault: "操作未成功",
    fault_why: "服务出现问题，未做任何更改，请稍后重试。",
};
